"""A record held to its proofs: each way of its not holding is named, and where the log cannot be read whole, that."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from ledger.domain.role import Role
from ledger.services import check_proofs
from ledger.services.check_proofs import Checked, check_log, check_record
from ledger.services.refusal import RefusedError
from ledger.store.append import Caller
from ledger.store.database import driver_url
from tests.exporting import sealed
from tests.partnership import Partnership

WHY = "yearly audit of ten"


@pytest.fixture
def auditor(partnership: Partnership) -> Caller:
    """An auditor of the partnership."""
    return partnership.person("gp", "aud", Role.AUDITOR)


def held(partnership: Partnership, auditor: Caller, child: str) -> Checked:
    """A record, held to its proofs."""
    return check_record(partnership.context, auditor, UUID(child), purpose=WHY)


def tamper(superuser_url: str, statement: str, **given: Any) -> None:
    """What nobody but the server's superuser can do."""
    engine = create_engine(driver_url(superuser_url))
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        assert connection.execute(text(statement), given).rowcount
    engine.dispose()


def test_each_way_of_not_holding_is_named(partnership: Partnership, auditor: Caller, superuser_url: str) -> None:
    """An entry taken out, a head that says another thing, a place in the log that holds something else."""
    dropped, headed, placed = (partnership.child(involve=["csc"]) for _ in range(3))
    sealed(partnership)
    whole = held(partnership, auditor, placed)
    assert (whole.holds, whole.entries, whole.waiting, whole.problems) == (True, 2, 0, 0)
    tamper(superuser_url, "DELETE FROM ledger.entries WHERE record_id = :r AND number = 1", r=dropped)
    tamper(superuser_url, "UPDATE ledger.heads SET head_hash = sha256(head_hash) WHERE record_id = :r", r=headed)
    first = held(partnership, auditor, dropped).first
    assert first is not None
    assert (first.why, first.number) == ("entry 1 is missing", 2)
    first = held(partnership, auditor, headed).first
    assert first is not None
    assert first.why == "its head does not agree with its entries"
    assert held(partnership, auditor, placed).holds
    flipped = "set_byte(hashes, 0, (get_byte(hashes, 0) + 1) % 256)"
    tamper(superuser_url, f"UPDATE ledger.log_tiles SET hashes = {flipped} WHERE log = 'entries'")
    first = held(partnership, auditor, placed).first
    assert first is not None
    assert first.why == "the log has something else at its place"


def test_what_waits_for_the_log_is_no_fault(partnership: Partnership, auditor: Caller) -> None:
    """It is counted, and holds as far as it is there."""
    child = partnership.child()
    sealed(partnership)
    partnership.involve(child, "csc")
    found = held(partnership, auditor, child)
    assert (found.holds, found.entries, found.waiting) == (True, 2, 1)


def test_a_record_of_nobody_is_not_known(partnership: Partnership, auditor: Caller) -> None:
    """Nor is the partnership's own: what is said there is for its own pages."""
    for record in (partnership.partnership_record, UUID(int=7)):
        with pytest.raises(RefusedError) as refused:
            check_record(partnership.context, auditor, record, purpose=WHY)
        assert refused.value.refusal.code == "not_known"


def test_too_large_a_log_is_left_to_the_command_line(
    partnership: Partnership, auditor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last leaves are looked through all the same."""
    sealed(partnership)
    monkeypatch.setattr(check_proofs, "LEAVES_MAX", 3)
    with pytest.raises(RefusedError) as refused:
        check_log(partnership.context, auditor, "all", purpose=WHY)
    assert refused.value.refusal.code == "too_much_here"
    assert check_log(partnership.context, auditor, "lately", purpose=WHY).holds
