"""Attachments' bytes in the database itself, whatever the code above it does."""

import hashlib
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from ledger.store.migrate import ROLES
from tests.attaching import LETTER, entry_of, send
from tests.partnership import Partnership, stored

COUNT = text("SELECT count(bytes) FROM ledger.attachment_bytes")
INSERT = text(
    "INSERT INTO ledger.attachment_bytes (record_id, number, agency_id, media_type, sha256, size, bytes) "
    "VALUES (:record, :number, :agency, 'text/plain', :sha256, :size, :bytes)"
)


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child of hv's with whom csc is involved, with an attachment as its entry 3 and an observation as its 4."""
    record_id = partnership.child(involve=["csc"])
    stored(send(partnership, record_id, entry_of("a-1")))
    stored(partnership.post("/observations", partnership.observation(record_id)))
    return record_id


def insert(connection: Connection, record_id: str, number: int, *, agency: str = "hv", data: bytes = LETTER) -> None:
    sha256, size = hashlib.sha256(LETTER).digest(), len(LETTER)
    connection.execute(
        INSERT,
        {"record": UUID(record_id), "number": number, "agency": agency, "sha256": sha256, "size": size, "bytes": data},
    )


@pytest.mark.parametrize(("party", "seen"), [("hv", 1), ("csc", 1), ("police", 0), ("", 0), (None, 0), ("auditor", 0)])
def test_bytes_are_read_where_the_content_is(
    partnership: Partnership, child: str, party: str | None, seen: int
) -> None:
    """An author and an involved agency reach them, nobody else does, and least of all who says not who they are."""
    with partnership.acting("ledger_web", party) as connection:
        assert connection.scalar(COUNT) == seen


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"ledger_web", "ledger_auditor", "ledger_worker"}))
def test_no_other_role_reads_them(partnership: Partnership, child: str, role: str) -> None:
    """The sealer, rebuilds, the administrator's commands and erasure itself have no business with what a file holds.

    The workers' self-audit has: that a stored file was changed is told by hashing it, and by nothing else.
    """
    with partnership.acting(role, "hv") as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.scalar(COUNT)


def test_bytes_cannot_be_read_further_than_their_content(partnership: Partnership, child: str) -> None:
    """Where the content's row is hidden or gone, the bytes are too: one rule holds for both."""
    with partnership.acting("ledger_web", "csc") as connection:
        assert connection.scalar(COUNT) == 1
    assert partnership.erase(child, 3) == 1
    for role, party in (("ledger_web", "hv"), ("ledger_web", "csc"), ("ledger_auditor", "auditor")):
        with partnership.acting(role, party) as connection:
            assert connection.scalar(COUNT) == 0


def test_erasing_takes_the_row_and_no_other(partnership: Partnership, child: str) -> None:
    """The bytes' row goes in the statement that erases the content; another attachment's stays."""
    stored(send(partnership, child, entry_of("a-2")))
    rows = text("SELECT number FROM ledger.attachment_bytes ORDER BY number")
    assert partnership.erase(child, 3) == 1
    with partnership.acting("ledger_erasure", "erasure") as connection:
        assert connection.scalars(rows).all() == [5]
    assert partnership.erase(child, 4) == 1
    with partnership.acting("ledger_erasure", "erasure") as connection:
        assert connection.scalars(rows).all() == [5]


def test_nobody_changes_or_removes_them(partnership: Partnership, child: str) -> None:
    """No role updates or truncates them, and none but erasure, acting as erasure, deletes."""
    changes = ("UPDATE ledger.attachment_bytes SET agency_id = 'x'", "TRUNCATE ledger.attachment_bytes")
    for role, change in product(ROLES, changes):
        with partnership.acting(role, "hv") as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(change))
    for role in set(ROLES) - {"ledger_erasure"}:
        with partnership.acting(role, "hv") as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("DELETE FROM ledger.attachment_bytes"))
    with partnership.acting("ledger_erasure", "hv") as connection:
        assert connection.execute(text("DELETE FROM ledger.attachment_bytes")).rowcount == 0


@pytest.mark.parametrize(
    ("number", "agency", "why"),
    [
        (4, "hv", "an observation has no file"),
        (9, "hv", "there is no such entry"),
        (3, "csc", "it is another agency's"),
    ],
)
def test_bytes_belong_to_ones_own_attachment(
    partnership: Partnership, child: str, number: int, agency: str, why: str
) -> None:
    """A process that was taken over cannot hang bytes on an entry that does not commit to any of its agency's."""
    with partnership.acting("ledger_web", agency) as connection, pytest.raises(DBAPIError, match="row-level security"):
        insert(connection, child, number, agency=agency)
    assert why


def test_bytes_are_never_replaced_and_always_match(partnership: Partnership, child: str) -> None:
    """One file for an entry, and only one that has the hash and the size that stand beside it."""
    with partnership.acting("ledger_web", "hv") as connection, pytest.raises(IntegrityError, match="pk_attachment"):
        insert(connection, child, 3)
    for data in (LETTER[:-1], LETTER[:-1] + b"!"):
        with partnership.acting("ledger_web", "hv") as connection, pytest.raises(IntegrityError, match="ck_attachment"):
            insert(connection, child, 3, data=data)


def test_a_policy_is_set_by_the_administrator_alone(partnership: Partnership) -> None:
    """A web process reads which policy is in force, and cannot make one; what entries said a rebuild says again."""
    forged = text("INSERT INTO ledger.photograph_policies VALUES ('hv', 1, 'ANY', 'any', NULL)")
    for role in set(ROLES) - {"ledger_admin", "ledger_rebuild"}:
        with partnership.acting(role, "hv") as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(forged)
