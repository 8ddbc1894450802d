import json
import os
from typing import Any

from sqlalchemy import text

from ledger.domain.log.policy import Policy, parse_policy
from ledger.services.announce_log import Announcement, announce_log, announcement_of, public_of, read_announced
from ledger.services.enrol import Agency
from ledger.services.open_ledger import open_partnership
from ledger.store.party import AUDITOR
from tests.partnership import ORIGIN, Partnership, default_pack

LOG, OTHER, RECEIPTS = (public_of(bytes([number]) * 32) for number in (1, 2, 3))


def announced(partnership: Partnership, **changes: Any) -> list[str]:
    keys = {"log_key": LOG, "receipt_key": RECEIPTS, "policy": None} | changes
    return announce_log(partnership.engine("ledger_admin"), os.urandom, announcement_of(ORIGIN, **keys))


def entries_of(partnership: Partnership) -> list[dict[str, Any]]:
    with partnership.acting("ledger_auditor", AUDITOR) as connection:
        rows = connection.scalars(
            text("SELECT content FROM ledger.contents WHERE kind = 'log_announced' ORDER BY record_id, number")
        )
        return [json.loads(content) for content in rows]


def read(partnership: Partnership) -> Announcement | None:
    with partnership.acting("ledger_auditor", AUDITOR) as connection:
        return read_announced(connection)


def test_nothing_is_announced_twice(partnership: Partnership) -> None:
    """It is written when something differs from what was announced last, and otherwise not, however often it is run."""
    assert read(partnership) is None
    assert announced(partnership) == ["demo"]
    assert announced(partnership) == []
    assert announced(partnership, log_key=OTHER) == ["demo"]
    assert announced(partnership, log_key=OTHER) == []
    # Back again is a change as well: what was announced before the last does not count.
    assert announced(partnership) == ["demo"]
    assert len(entries_of(partnership)) == 3
    assert read(partnership) == announcement_of(ORIGIN, LOG, RECEIPTS, None)


def test_the_entry_says_the_keys_under_their_names(partnership: Partnership) -> None:
    """Verifier keys as others read them: one key for both logs under two names, another for receipts; no secret."""
    announced(partnership)
    (entry,) = entries_of(partnership)
    assert (entry["agency"], entry["kind"]) == ("ledger", "log_announced")
    body = entry["body"]
    assert [body[name].split("+")[0] for name in ("log", "access", "receipts")] == [
        "tests.example/log", "tests.example/log/access", "tests.example/receipts"
    ]  # fmt: skip
    assert body["origin"] == "tests.example"
    assert body["policy_sha256"] is None


def test_another_policy_is_announced(partnership: Partnership) -> None:
    """Who must vouch for the log is told by digest: a policy that asks for fewer does not pass unseen."""
    announced(partnership, policy=Policy())
    assert announced(partnership, policy=parse_policy("# the same\nquorum none\n")) == []
    assert announced(partnership) == ["demo"]


def test_every_partnership_is_told(partnership: Partnership) -> None:
    """One that joins later is told in its own record, and the others are not told again."""
    assert announced(partnership) == ["demo"]
    desk = Agency("far-desk", "duty_desk", "Desk", "ring the far desk")
    open_partnership(
        partnership.engine("ledger_admin"), os.urandom,
        ref="elsewhere", name="Elsewhere", nation="wales", duty_desk=desk, pack=default_pack(),
    )  # fmt: skip
    assert announced(partnership) == ["elsewhere"]
    assert len(entries_of(partnership)) == 2
