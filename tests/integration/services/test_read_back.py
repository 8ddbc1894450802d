"""Reading a record and the log back, with every stored byte hashed."""

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from ledger.domain.entry import ChainBrokenError
from ledger.services.read_back import read_log_back, read_record_back
from ledger.store.log import newest
from ledger.store.party import AUDITOR
from tests.integration.services.sealing import seal_all, sealer
from tests.partnership import Partnership, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record of four entries, one of which was erased."""
    record_id = partnership.child()
    for _ in range(3):
        stored(partnership.post("/observations", partnership.observation(record_id), "hv"))
    assert partnership.erase(record_id, 3) == 1
    return record_id


def test_a_record_is_one_chain_of_all_its_bytes(partnership: Partnership, child: str) -> None:
    """What is read back ends in the hash of the last entry, at any number, though a content was erased."""
    for number, (_, hash_) in enumerate(zip(range(4), entries(partnership, child), strict=True), start=1):
        with partnership.acting("ledger_auditor", AUDITOR) as connection:
            assert read_record_back(connection, UUID(child), number).hash.hex() == hash_
    with partnership.acting("ledger_auditor", AUDITOR) as connection, pytest.raises(ChainBrokenError, match="entry 6"):
        read_record_back(connection, UUID(child), 6)


def entries(partnership: Partnership, child: str) -> list[str]:
    """The hashes of a record's entries, as the timeline gives them."""
    partnership.involve(child, "csc")
    told = stored(partnership.get(f"/children/{child}/timeline?as_of=4", "csc"))["entries"]
    return [str(item["hash"]) for item in told]


def test_the_log_is_one_tree(partnership: Partnership, child: str, tmp_path: Path) -> None:
    """Every entry in the log is read back, and makes the root that was signed."""
    assert child
    with sealer(partnership, tmp_path) as sealing:
        seal_all(sealing)
    with partnership.acting("ledger_auditor", AUDITOR) as connection:
        head = newest(connection, "entries")
        assert head is not None
        assert read_log_back(connection, head.size).hash == head.root
        with pytest.raises(ChainBrokenError):
            read_log_back(connection, head.size + 1)


#: Which byte of which entry is changed: in what table and column, counted from the beginning or the end.
CHANGES = [
    (table, column, number, at)
    for table, column, number in (
        ("entries", "envelope", 2), ("entries", "envelope", 3), ("contents", "content", 4), ("contents", "salt", 2)
    )
    for at in (3, 20, -9)
]  # fmt: skip


def test_any_changed_byte_is_found(partnership: Partnership, child: str, superuser_url: str) -> None:
    """One bit changed in an envelope, a salt or a content is found, at the entry or at the one that follows it."""

    def flip(table: str, column: str, number: int, at: int) -> None:
        place = f"mod({at} + length({column}), length({column}))"
        with psycopg.connect(superuser_url) as connection:
            connection.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER ALL".encode())
            connection.execute(
                f"UPDATE ledger.{table} SET {column} = set_byte({column}, {place}, get_byte({column}, {place}) # 1) "
                "WHERE record_id = %s AND number = %s".encode(),
                [child, number],
            )

    for change in CHANGES:
        flip(*change)
        with partnership.acting("ledger_auditor", AUDITOR) as connection, pytest.raises(ChainBrokenError) as found:
            read_record_back(connection, UUID(child), 4)
        assert found.value.number in {change[2], change[2] + 1}, change
        flip(*change)
