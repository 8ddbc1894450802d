"""The log's tables: what only grows, what the database makes of a read, and which checkpoint is shown."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ledger.domain.entry import written_time
from ledger.domain.log.access import access_commitment, access_content, access_leaf
from ledger.domain.log.checkpoint import Checkpoint, cosignature_blob
from ledger.domain.log.merkle import Tree, leaf_hash
from ledger.domain.log.note import COSIGNATURE, key_id, signature_line, vkey_of
from ledger.domain.log.policy import parse_policy
from ledger.services.grow_tiles import grown_tiles
from ledger.services.sign_log import LogSigner
from ledger.store import sealing
from ledger.store.append import CLOSED
from ledger.store.log import close, closures, covering, newest, published, reader, signed, tile, tree_size, waiting
from tests import sizes
from tests.integration.store.conftest import Login
from tests.partnership import Partnership

#: By a column of theirs.
NO_CHANGE = {
    "index": ("entry_positions", "access_positions", "log_tiles"),
    "log": ("checkpoints", "cosignatures", "closures"),
}
SIGNER = LogSigner(bytes(32))

_words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
_moments = st.integers(0, 250_000_000_000_000_000).map(
    lambda microseconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return written_time(value)
    return str(value) if isinstance(value, UUID) else value


def fill(connection: Connection, leaves: int) -> Tree:
    """Tiles of a log of so many leaves, as a sealer stores them."""
    hashes = [leaf_hash(str(number).encode()) for number in range(leaves)]
    sealing.grow(connection, "entries", grown_tiles(0, hashes, lambda _level, _index: b""))
    return Tree(hashes)


def sign(connection: Connection, tree: Tree, size: int) -> None:
    """A signed checkpoint of a size."""
    checkpoint = Checkpoint("tests.example/log", size, tree.root(size))
    sealing.publish(
        connection, "entries",
        sealing.Checked(size, tree.root(size), SIGNER.sign(checkpoint), datetime(2026, 11, 22, 9, tzinfo=UTC)),
    )  # fmt: skip


def witness_key(name: str) -> str:
    return vkey_of(f"{name}.example", name.encode().ljust(32, b"."), COSIGNATURE)


def cosign(connection: Connection, size: int, *names: str) -> None:
    """Lines of these witnesses; whether they hold was checked before they were stored, so here they need not."""
    for name in names:
        identity = key_id(f"{name}.example", COSIGNATURE, name.encode().ljust(32, b"."))
        line = signature_line(f"{name}.example", identity, cosignature_blob(1_700_000_000, bytes(64)))
        connection.execute(
            text("INSERT INTO ledger.cosignatures VALUES ('entries', :size, :name, :line, now())"),
            {"size": size, "name": name, "line": line},
        )


def test_the_database_makes_the_leaf_that_python_would(partnership: Partnership) -> None:
    """Whatever stands in a record of a read: its leaf commits, under its own salt, to its canonical bytes."""

    @settings(max_examples=sizes.database_examples() * 5, deadline=None)
    @given(
        agency=_words, what=_words, purpose=_words, request=_words, at=_moments, real_at=_moments,
        person=st.uuids() | st.none(), refused_for=_words | st.none(), by_glass=st.booleans(),
        up_to=st.integers(0, 2**53 - 1),
    )  # fmt: skip
    def holds(agency: str, person: UUID | None, refused_for: str | None, **more: object) -> None:
        row = {
            "access": uuid4(), "record": uuid4(), "agency": agency or "hv", "person": person,
            "outcome": "refused" if refused_for is not None else "answered", "refused_for": refused_for, **more,
        }  # fmt: skip
        with partnership.acting("ledger_web", str(row["agency"])) as connection:
            connection.execute(
                text("""
                INSERT INTO ledger.access_records (access_id, at, agency_id, person_id, record_id, what, purpose,
                    up_to_number, request_id, real_at, outcome, refused_for, by_glass)
                VALUES (:access, :at, :agency, :person, :record, :what, :purpose, :up_to, :request, :real_at, :outcome,
                    :refused_for, :by_glass)"""),
                row,
            )
            connection.execute(text("SET LOCAL ROLE NONE"))
            connection.execute(text("SET LOCAL ROLE ledger_auditor"))
            connection.execute(text("SELECT set_config('ledger.party', 'auditor', true)"))
            salt, leaf = connection.execute(
                text("SELECT salt, leaf FROM ledger.access_records WHERE access_id = :access"), row
            ).one()
        written = {
            name: written_time(value)
            if isinstance(value, datetime)
            else str(value)
            if isinstance(value, UUID)
            else value
            for name, value in row.items()
        }
        assert len(bytes(salt)) == 32
        content = access_content(written)
        assert json.loads(content) == written
        assert bytes(leaf) == access_leaf(str(written["real_at"]), access_commitment(bytes(salt), content))

    holds()


def test_salts_are_never_the_same(partnership: Partnership) -> None:
    """Two records of one read have other salts, and both wait to be sealed."""
    insert = text("""
        INSERT INTO ledger.access_records
            (access_id, at, agency_id, record_id, what, purpose, up_to_number, request_id, real_at)
        VALUES (gen_random_uuid(), '2026-01-01', 'hv', :record, 'timeline', 'care', 1, '-', '2026-01-01')""")
    with partnership.acting("ledger_web", "hv") as connection:
        connection.execute(insert, [{"record": UUID(int=1)}] * 50)
        assert waiting(connection, "access").count == 50
        connection.execute(text("SET LOCAL ROLE NONE"))
        connection.execute(text("SET LOCAL ROLE ledger_auditor"))
        connection.execute(text("SELECT set_config('ledger.party', 'auditor', true)"))
        assert connection.scalar(text("SELECT count(DISTINCT salt) FROM ledger.access_records")) == 50


def test_the_log_only_grows(partnership: Partnership, superuser: psycopg.Connection) -> None:
    """Not even the superuser changes, deletes or truncates by a plain statement what was placed, signed or closed."""
    with partnership.engine("ledger_sealer").begin() as connection:
        tree = fill(connection, 300)
        sign(connection, tree, 300)
        cosign(connection, 300, "a")
        close(connection, "test", "entries", 1, 2)
        connection.execute(text("INSERT INTO ledger.entry_positions VALUES (0, gen_random_uuid(), 1)"))
        connection.execute(text("INSERT INTO ledger.access_positions VALUES (0, gen_random_uuid())"))
    for table, column in {table: column for column, tables in NO_CHANGE.items() for table in tables}.items():
        changes = [f"DELETE FROM ledger.{table}", f"TRUNCATE ledger.{table}"]
        changes.append(f"UPDATE ledger.{table} SET {column} = {column}")
        for change in changes:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                superuser.execute(change.encode())


def test_a_tile_grows_to_the_right_alone(superuser: psycopg.Connection) -> None:
    """It may become longer, and keeps what it held; neither shorter, nor other, nor elsewhere, nor of no whole hash."""
    superuser.execute("INSERT INTO ledger.log_tiles VALUES ('entries', 0, 0, %s)", (bytes(64),))
    superuser.execute("UPDATE ledger.log_tiles SET hashes = %s", (bytes(64) + b"\x01" * 32,))
    for hashes in (bytes(64), bytes(96), b"\x01" + bytes(127), bytes(64) + b"\x01" * 32):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            superuser.execute("UPDATE ledger.log_tiles SET hashes = %s", (hashes,))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        superuser.execute("UPDATE ledger.log_tiles SET index = 1, hashes = hashes || %s", (bytes(32),))
    for hashes in (bytes(64) + b"\x01" * 33, bytes(64) + b"\x01" * 32 * 255):
        with pytest.raises(psycopg.errors.CheckViolation):
            superuser.execute("UPDATE ledger.log_tiles SET hashes = %s", (hashes,))


def test_a_closure_refuses_whoever_would_write_and_is_lifted_once(
    partnership: Partnership, superuser: psycopg.Connection
) -> None:
    """The clock for writing is not told while one stands, to no role; the clock for reading is."""
    with partnership.engine("ledger_web").begin() as connection:
        close(connection, "test", "entries", None, None)
        close(connection, "test", "entries", 4, 5)
        assert [(one.why, one.from_index) for one in closures(connection)] == [("test", None)], "said once"
    for role in ("ledger_web", "ledger_worker", "ledger_admin"):
        with partnership.acting(role) as connection:
            assert connection.scalar(text("SELECT ledger.clock_now()")) is not None
            with pytest.raises(DBAPIError) as caught:
                connection.execute(text("SELECT ledger.clock_to_write()"))
            assert getattr(caught.value.orig, "sqlstate", None) == CLOSED
    superuser.execute("UPDATE ledger.closures SET opened_at = clock_timestamp()")
    with partnership.acting("ledger_web") as connection:
        assert connection.scalar(text("SELECT ledger.clock_to_write()")) is not None
    for change in ("opened_at = NULL", "opened_at = clock_timestamp()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            superuser.execute(f"UPDATE ledger.closures SET {change}".encode())


def test_the_sealer_reads_what_is_committed_to_and_nothing_else(partnership: Partnership, login: Login) -> None:
    """Envelopes and leaves of reads, and neither who wrote, nor what, nor who read what and why."""
    connection = login("ledger_sealer")
    connection.execute("SELECT record_id, number, recorded_at, envelope FROM ledger.entries")
    connection.execute("SELECT access_id, leaf FROM ledger.access_records")
    for statement in (
        "SELECT agency_id FROM ledger.entries",
        "SELECT event_id FROM ledger.entries",
        "SELECT content FROM ledger.contents",
        "SELECT salt FROM ledger.access_records",
        "SELECT purpose FROM ledger.access_records",
        "SELECT record_id FROM ledger.access_records",
        "UPDATE ledger.closures SET opened_at = clock_timestamp()",
        "INSERT INTO ledger.entries DEFAULT VALUES",
        "SELECT ledger.clock_to_write()",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


def test_tiles_are_read_as_a_tree(partnership: Partnership) -> None:
    """Every complete subtree of a size, whole in one tile or made of a row of it; nothing beyond the size."""
    with partnership.engine("ledger_sealer").begin() as connection:
        tree = fill(connection, 600)
        assert tree_size(connection, "entries") == 600
        assert tree_size(connection, "access") == 0
        for size in (1, 2, 255, 256, 257, 600):
            read = reader(connection, "entries", size)
            for level in range(11):
                for index in range(size >> level):
                    assert read(level, index) == tree.read(level, index)
                with pytest.raises(LookupError):
                    read(level, size >> level)
        assert len(tile(connection, "entries", 0, 2) or b"") == (600 - 512) * 32
        assert tile(connection, "entries", 2, 0) is None


def shown(connection: Connection, policy_text: str | None, index: int) -> tuple[Sequence[object], Sequence[object]]:
    """Size and quorum of what is published, and of what covers an index, under a policy."""
    policy = None if policy_text is None else parse_policy(policy_text)
    found = (published(connection, "entries", policy), covering(connection, "entries", index, policy))
    latest, first = ((one.size, one.met) if one else () for one in found)
    return latest, first


def test_what_is_shown_is_what_the_policy_asks_for(partnership: Partnership) -> None:
    """The newest signed without a quorum, else the newest that meets it; and the first such that covers an index."""
    two_of_three = "".join(f"witness {name} {witness_key(name)}\n" for name in "abc") + "group g 2 a b c\nquorum g\n"
    with partnership.engine("ledger_sealer").begin() as connection:
        assert (newest(connection, "entries"), published(connection, "entries")) == (None, None)
        tree = fill(connection, 40)
        for size in (10, 20, 30, 40):
            sign(connection, tree, size)
        assert shown(connection, two_of_three, 0) == ((), ())
        cosign(connection, 10, "a", "b")
        cosign(connection, 20, "a", "c", "d")
        cosign(connection, 30, "a", "d")
        assert shown(connection, None, 10) == ((40, False), (20, False))
        assert shown(connection, "quorum none\n", 39) == ((40, False), (40, False))
        assert shown(connection, two_of_three, 9) == ((20, True), (10, True))
        assert shown(connection, two_of_three, 10) == ((20, True), (20, True))
        assert shown(connection, two_of_three, 20) == ((20, True), ())
        at_30 = signed(connection, "entries", 30, parse_policy(two_of_three))
        assert at_30 is not None
        assert (at_30.met, at_30.note_with_cosignatures.count("\n— ")) == (False, 3)
        assert signed(connection, "entries", 31) is None
        connection.rollback()


def test_a_waiting_entry_has_an_age(partnership: Partnership) -> None:
    """From when it came to wait, by the real clock, whatever a demonstration's clock says."""
    partnership.child()
    with partnership.acting("ledger_web", "hv") as connection:
        found = waiting(connection, "entries")
        assert found.count > 0
        # The database is a copy of one that was filled when the tests began.
        assert 0 <= found.seconds < 24 * 3600
