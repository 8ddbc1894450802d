"""A database that is older than what was signed, or was changed: refused, said, and closed until it is put right."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import Frontier, leaf_hash
from ledger.services.adopt_log import adopt, look_through
from ledger.services.hold_head import (
    DIFFERS,
    OLDER,
    HeadNotHeldError,
    NotAdoptedError,
    close_ledger,
    hold_to_store,
    told,
)
from ledger.services.kept_head import Head, KeptHeads, read_head
from ledger.services.reopen_log import reopen
from ledger.services.seal_log import LogSealer, place_waiting
from ledger.services.sign_log import LogSigner, origin_of_log
from ledger.store.append import ClosedError
from ledger.store.database import connect_engine
from ledger.store.log import LOGS, closures
from tests.integration.services.sealing import SIGNER, now, seal_all, sealer
from tests.partnership import ORIGIN, Partnership, refused, stored

ENTRIES = origin_of_log(ORIGIN, "entries")


def post(partnership: Partnership, child: str) -> None:
    stored(partnership.post("/observations", partnership.observation(child)))


@pytest.fixture
def superuser(superuser_url: str) -> Iterator[psycopg.Connection]:
    """Whom nothing in the database holds."""
    with psycopg.connect(superuser_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger fires
        connection.execute("SET search_path = ledger")
        yield connection


@contextmanager
def changed(superuser: psycopg.Connection, statement: str) -> Iterator[None]:
    """The log as a statement left it, and afterwards as it was."""
    tables = ("entries", "entry_positions", "log_tiles", "checkpoints")
    for table in tables:
        superuser.execute(f"CREATE TABLE public.{table} AS TABLE ledger.{table}".encode())
    assert superuser.execute(statement.encode()).rowcount
    yield
    for table in tables:
        superuser.execute(f"DELETE FROM ledger.{table}".encode())
        superuser.execute(f"INSERT INTO ledger.{table} TABLE public.{table}".encode())
        superuser.execute(f"DROP TABLE public.{table}".encode())


@contextmanager
def backup(partnership: Partnership, superuser_url: str) -> Iterator[str]:
    """A copy of the database as it is now; its URL as the role that migrates."""
    url = superuser_url.replace("+psycopg", "", 1)
    name, copy = urlsplit(url).path.strip("/"), f"ledger_backup_{os.urandom(6).hex()}"
    partnership.close()
    with psycopg.connect(url.replace(f"/{name}", "/postgres", 1), autocommit=True) as admin:
        owner = urlsplit(partnership.database_url).username
        admin.execute(f"CREATE DATABASE {copy} TEMPLATE {name} OWNER {owner}".encode())
        yield partnership.database_url.replace(f"/{name}", f"/{copy}", 1)
        admin.execute(f"DROP DATABASE {copy} WITH (FORCE)".encode())


def test_an_older_database_is_refused_and_closed(partnership: Partnership, superuser_url: str, tmp_path: Path) -> None:
    """A backup of before the last signed head: which indexes are missing, and when they were signed, is said; no entry
    is taken and nothing is signed, whoever asks; the newer database is as good as before.
    """
    child = partnership.child()
    with sealer(partnership, tmp_path) as sealing_log:
        seal_all(sealing_log)
    older = read_head(tmp_path, "entries")
    assert older is not None
    assert hold_to_store(partnership.engine("ledger_admin"), tmp_path) is None
    with backup(partnership, superuser_url) as url:
        post(partnership, child)
        post(partnership, child)
        with sealer(partnership, tmp_path) as sealing_log:
            seal_all(sealing_log)
        newer = read_head(tmp_path, "entries")
        assert newer is not None
        for role in ("ledger_admin", "ledger_web", "ledger_sealer"):
            engine = connect_engine(url, role, pool_size=1)
            said = hold_to_store(engine, tmp_path) or ""
            for word in (f"indexes {older.size} to {newer.size - 1}", f"2 of {newer.size}", "ledger log reopen"):
                assert word in said
            for head in (older, newer):
                assert head.signed_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") in said
            with engine.begin() as connection:
                [closure] = closures(connection)
            assert (closure.why, closure.from_index, closure.to_index) == (OLDER, older.size, newer.size)
            engine.dispose()
        engine = connect_engine(url, "ledger_sealer", pool_size=1)
        with engine.connect() as connection, KeptHeads(tmp_path) as store:
            sealing_log = LogSealer(connection, store, SIGNER, ORIGIN, now)
            for act in (sealing_log.begin, sealing_log.round):
                with pytest.raises(HeadNotHeldError) as caught:
                    act()
                assert (caught.value.why, caught.value.from_index, caught.value.to_index) == (
                    OLDER, older.size, newer.size,
                )  # fmt: skip
        engine.dispose()
        assert read_head(tmp_path, "entries") == newer
    assert hold_to_store(partnership.engine("ledger_admin"), tmp_path) is None
    post(partnership, child)


def test_a_closed_ledger_takes_nothing_and_shows_what_it_has(partnership: Partnership, tmp_path: Path) -> None:
    """Every append is 503 `ledger_closed`, detection waits, reading goes on; reopened, it says so in its own record."""
    child = partnership.child(involve=["hv"])
    with sealer(partnership, tmp_path) as sealing_log:
        seal_all(sealing_log)
    undetected = partnership.child(involve=["hv", "csc"])
    post(partnership, undetected)
    claim = {"about": "father", "attribute": "presence", "value": "lives_here", "basis": "seen"}
    seen = partnership.observation(undetected, observed="2023-10-07", claims=[claim])
    stored(partnership.post("/observations", seen, "csc"))
    fault = HeadNotHeldError("entries", OLDER, 7, 9)
    for _ in range(2):
        close_ledger(partnership.engine("ledger_web"), fault)
    before = partnership.rows()
    answer = partnership.post("/observations", partnership.observation(child))
    refused(answer, 503, "ledger_closed")
    assert answer.headers["Retry-After"] == "60"
    refused(partnership.post("/children", {"event_id": "new", "born": "2022-09-01"}), 503, "ledger_closed")
    stored(partnership.get(f"/children/{child}/timeline"))
    with pytest.raises(ClosedError):
        partnership.detect(undetected)
    ready = partnership.app.test_client().get("/health/ready").get_json()
    assert (ready["ready"], ready["sealing"]["closed"]) == (True, OLDER)
    assert {**partnership.rows(), "access_records": 0} == {**before, "access_records": 0}
    assert reopen(partnership.engine("ledger_admin"), os.urandom) == 1
    assert reopen(partnership.engine("ledger_admin"), os.urandom) == 0
    post(partnership, child)
    assert partnership.detect(undetected) > 0
    with partnership.acting("ledger_worker") as connection:
        bodies = connection.scalars(text("SELECT content FROM ledger.contents WHERE kind = 'reopened'")).all()
    assert len(bodies) == 1
    assert b'"from_index":7' in bytes(bodies[0])


_OF_CHILD = "record_id = (SELECT record_id FROM children)"
#: What a hostile operator does to what is placed and not signed yet.
_LAST = "(SELECT record_id, number FROM entry_positions ORDER BY index DESC LIMIT 1)"
_GROWN = "set_byte(hashes, octet_length(hashes) - 1, get_byte(hashes, octet_length(hashes) - 1) # 1)"
UNSIGNED = {
    "an envelope": f"UPDATE entries SET envelope = envelope || ' ' WHERE (record_id, number) = {_LAST}",
    "an entry": f"DELETE FROM entries WHERE (record_id, number) = {_LAST}",
    "two positions": f"UPDATE entry_positions SET number = 5 - number WHERE number IN (2, 3) AND {_OF_CHILD}",
    "a position": "DELETE FROM entry_positions WHERE index = (SELECT max(index) - 1 FROM entry_positions)",
    "the last position": "DELETE FROM entry_positions WHERE index = (SELECT max(index) FROM entry_positions)",
    "a tile": f"UPDATE log_tiles SET hashes = {_GROWN} WHERE log = 'entries' AND level = 0",
}


def test_what_was_changed_before_it_was_signed_is_not_signed(
    partnership: Partnership, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    """Between the placing and the signing: leaves, positions and tiles must agree, or there is no signature."""
    child = partnership.child()
    superuser.execute("ALTER TABLE entry_positions DROP CONSTRAINT uq_entry_positions_record_id_number")
    with sealer(partnership, tmp_path) as sealing_log:
        seal_all(sealing_log)
        before = read_head(tmp_path, "entries")
        post(partnership, child)
        post(partnership, child)
        place_waiting(sealing_log.connection, "entries")
        for what, statement in UNSIGNED.items():
            with changed(superuser, statement), pytest.raises(HeadNotHeldError) as caught:
                sealing_log.round()
            assert caught.value.why == DIFFERS, what
            assert read_head(tmp_path, "entries") == before, what
        seal_all(sealing_log)


_OF_2 = f"number = 2 AND {_OF_CHILD}"
_NUMBER_2 = f"(SELECT index FROM entry_positions WHERE {_OF_2})"
#: What they do to what was signed, and what index must be told, where one can be.
_MORE = "INSERT INTO checkpoints SELECT log, size + 1, root, note, signed_at FROM checkpoints"
_THIRD = "UPDATE log_tiles SET hashes = set_byte(hashes, 64, get_byte(hashes, 64) # 1) WHERE level = 0"
SIGNED: dict[str, tuple[str, str | None]] = {
    "an envelope": (f"UPDATE entries SET envelope = envelope || ' ' WHERE {_OF_2}", _NUMBER_2),
    "an entry": (f"DELETE FROM entries WHERE {_OF_2}", _NUMBER_2),
    "a tile": (_THIRD, "2"),
    "a root": ("UPDATE checkpoints SET root = sha256('') WHERE log = 'entries'", None),
    "a note": ("UPDATE checkpoints SET note = replace(note, 'tests', 'tasts') WHERE log = 'entries'", None),
    "one too many": (_MORE, None),
}


def test_going_through_it_all_finds_what_was_changed(
    partnership: Partnership, superuser: psycopg.Connection, tmp_path: Path
) -> None:
    """What was changed after it was signed is found by going through everything, and is not adopted."""
    child = partnership.child()
    post(partnership, child)
    with sealer(partnership, tmp_path / "own") as sealing_log:
        seal_all(sealing_log)
        for what, (statement, index) in SIGNED.items():
            wanted = superuser.execute(f"SELECT {index}".encode()).fetchone() if index else None
            with changed(superuser, statement), KeptHeads(tmp_path / "other") as store:
                with pytest.raises(HeadNotHeldError) as caught:
                    look_through(sealing_log.connection, "entries", ENTRIES, SIGNER, lambda _done, _of: None)
                assert caught.value.from_index == (wanted[0] if wanted else caught.value.from_index), what
                with pytest.raises(HeadNotHeldError):
                    adopt(sealing_log.connection, store, "entries", ENTRIES, SIGNER, lambda _done, _of: None)
        assert read_head(tmp_path / "other", "entries") is None
        look_through(sealing_log.connection, "entries", ENTRIES, SIGNER, lambda _done, _of: None)


def test_adopting_goes_on_from_the_last_checkpoint(partnership: Partnership, tmp_path: Path) -> None:
    """A lost store is made again from a log that is whole; with another key, or more known elsewhere, it is not."""
    child = partnership.child()
    with sealer(partnership, tmp_path / "lost") as sealing_log:
        seal_all(sealing_log)
        post(partnership, child)
        place_waiting(sealing_log.connection, "entries")  # placed, and not signed
    lost = read_head(tmp_path / "lost", "entries")
    with sealer(partnership, tmp_path / "new") as sealing_log:
        with pytest.raises(NotAdoptedError):
            sealing_log.begin()
        with pytest.raises(HeadNotHeldError):
            adopt(sealing_log.connection, sealing_log.store, "entries", ENTRIES, LogSigner(bytes(32)), lambda *_: None)
        sealing_log.connection.rollback()
        said: list[int] = []
        for log in LOGS:
            adopt(
                sealing_log.connection, sealing_log.store, log, origin_of_log(ORIGIN, log), SIGNER,
                lambda done, _of: said.append(done),
            )  # fmt: skip
        assert read_head(tmp_path / "new", "entries") == lost
        seal_all(sealing_log)
        again = adopt(sealing_log.connection, sealing_log.store, "entries", ENTRIES, SIGNER, lambda *_: None)
        assert again == read_head(tmp_path / "new", "entries")
        assert again is not None
        assert lost is not None
        assert again.size == lost.size + 1


def test_an_empty_database_in_the_place_of_a_signed_one_is_an_older_one(
    partnership: Partnership, tmp_path: Path
) -> None:
    """It lacks everything, from the first index on; without a store nothing is held against anything."""
    assert hold_to_store(partnership.engine("ledger_web"), tmp_path) is None
    edge = Frontier()
    edge.extend(leaf_hash(bytes([number])) for number in range(50))
    note = SIGNER.sign(Checkpoint(ENTRIES, 50, edge.root()))
    with KeptHeads(tmp_path) as store:
        store.keep("entries", Head(ENTRIES, 50, edge.root(), edge.hashes, note, now()))
    assert "indexes 0 to 49 (50 of 50)" in (hold_to_store(partnership.engine("ledger_web"), tmp_path) or "")
    assert "something else" in told(HeadNotHeldError("access", DIFFERS), tmp_path)
