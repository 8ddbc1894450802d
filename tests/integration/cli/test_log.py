"""`ledger log …` and `ledger sealer` as their operator meets them."""

import base64
import re
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click import ClickException
from click.testing import CliRunner, Result
from sqlalchemy import text

from ledger.cli import main
from ledger.cli.environment import current_settings
from ledger.cli.sealer import SealerProcess, signer_of
from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import Frontier, leaf_hash
from ledger.domain.log.note import parse_vkey
from ledger.services.hold_head import OLDER, HeadNotHeldError, NotAdoptedError, close_ledger
from ledger.services.kept_head import Head, KeptHeads, read_head
from ledger.services.reopen_log import reopen
from ledger.services.sign_log import LogSigner
from ledger.store.log import LOGS, closures, newest
from ledger.store.sealing import take_the_lock
from tests.chance import chance
from tests.integration.services.sealing import SIGNER, now, seal_all, sealer
from tests.partnership import ORIGIN, RECEIPT_SEED, Partnership, refused, stored
from tests.sealing_log import ACCESS_VKEY, LOG_SEED, LOG_VKEY

Run = Callable[..., Result]


class EndError(Exception):
    """Ends a sealer that a test runs within itself."""


@pytest.fixture
def run(partnership: Partnership, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ledger …` on the partnership's database with a key and a store."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    monkeypatch.setenv("LEDGER_LOG_KEY", base64.urlsafe_b64encode(LOG_SEED).decode())
    monkeypatch.setenv("LEDGER_RECEIPT_KEY", base64.urlsafe_b64encode(RECEIPT_SEED).decode())
    monkeypatch.setenv("LEDGER_LOG_STORE", str(tmp_path / "store"))
    return lambda *arguments: CliRunner().invoke(main, arguments)


def seal(partnership: Partnership, folder: Path) -> None:
    with sealer(partnership, folder) as sealing_log:
        seal_all(sealing_log)


def process(partnership: Partnership, folder: Path, each: Callable[[int], None]) -> SealerProcess:
    """A sealer that runs `each` with the number of its rest whenever it rests."""
    rests = iter(range(10_000))
    return SealerProcess(
        SIGNER,
        folder,
        partnership.database_url,
        rest=lambda _seconds: each(next(rests)),
    )


def end_at(last: int) -> Callable[[int], None]:
    def rest(number: int) -> None:
        if number >= last:
            raise EndError

    return rest


def test_a_new_key_is_random_and_of_the_right_length(run: Run) -> None:
    """32 bytes in URL-safe base64, as LEDGER_LOG_KEY takes it."""
    keys = {run("log", "key", "new").output.strip() for _ in range(5)}
    assert len(keys) == 5
    assert {len(base64.urlsafe_b64decode(key)) for key in keys} == {32}


def test_the_keys_are_shown_as_whoever_checks_needs_them(run: Run) -> None:
    """Verifier keys under the names of the two logs and of receipts; never a seed."""
    shown = run("log", "key", "show").output
    vkeys = re.findall(r": (\S+)$", shown, re.MULTILINE)
    assert vkeys[:2] == [LOG_VKEY, ACCESS_VKEY]
    assert [parse_vkey(vkey).name for vkey in vkeys] == [f"{ORIGIN}/log", f"{ORIGIN}/log/access", f"{ORIGIN}/receipts"]
    for seed in (LOG_SEED, RECEIPT_SEED):
        assert base64.urlsafe_b64encode(seed).decode() not in shown


def test_status_says_what_is_signed_and_what_waits(partnership: Partnership, run: Run, tmp_path: Path) -> None:
    """Before anything, with some that waits, once sealed, and closed, which is its exit code too."""
    assert "nothing was signed yet" in run("log", "status").output
    seal(partnership, tmp_path / "store")
    head = read_head(tmp_path / "store", "entries")
    assert head is not None
    partnership.child()
    said = run("log", "status")
    assert said.exit_code == 0
    for words in (f"{head.size} signed", head.root.hex(), "1 waiting, for", f"store here holds {head.size}"):
        assert words in said.output
    close_ledger(partnership.engine("ledger_web"), HeadNotHeldError("entries", OLDER, 3, 9))
    said = run("log", "status")
    assert said.exit_code == 1
    assert re.search(r"CLOSED since .*older_than_signed, entries, from index 3 to 8", said.output)


def test_a_lost_store_is_adopted(partnership: Partnership, run: Run, tmp_path: Path) -> None:
    """The sealer refuses to go on without it, and goes on once the log was gone through."""
    seal(partnership, tmp_path / "lost")
    with pytest.raises(NotAdoptedError):
        process(partnership, tmp_path / "store", end_at(3)).run()
    assert "--at-least" in run("log", "adopt").output
    said = run("log", "adopt", "--at-least", "1")
    assert said.exit_code == 0, said.output
    assert "it holds the 1 that were asked for" in said.output
    assert "no database can tell" in said.output
    assert read_head(tmp_path / "store", "entries") == read_head(tmp_path / "lost", "entries")
    with pytest.raises(EndError):
        process(partnership, tmp_path / "store", end_at(3)).run()
    with sealer(partnership, tmp_path / "store"):
        assert "stop it first" in run("log", "adopt", "--at-least", "0").output


def test_a_database_that_holds_less_than_is_known_is_not_adopted(
    partnership: Partnership, run: Run, tmp_path: Path
) -> None:
    """What a witness cosigned is more than there is: it is an older database, and no store is made of it."""
    seal(partnership, tmp_path / "lost")
    head = read_head(tmp_path / "lost", "entries")
    assert head is not None
    for options in (("--at-least", str(head.size + 1)), ("--at-least", "0", "--reads-at-least", "9")):
        said = run("log", "adopt", *options)
        assert (said.exit_code, "database is an older one" in said.output) == (1, True), said.output
    assert [read_head(tmp_path / "store", log) for log in LOGS] == [None, None]
    assert "nothing from outside was held against it" in run("log", "adopt", "--at-least", "0").output


def test_nothing_is_served_without_the_store(partnership: Partnership, run: Run, tmp_path: Path) -> None:
    """`ledger up` ends before the web is there, and says how to go on; it goes on where that holds, and not else."""
    seal(partnership, tmp_path / "lost")
    head = read_head(tmp_path / "lost", "entries")
    assert head is not None
    said = run("prepare")
    assert said.exit_code == 1
    for words in ("holds none", str(tmp_path / "store"), "ledger log adopt", "ledger up --adopt SIZE"):
        assert words in said.output
    assert run("prepare", "--adopt", str(head.size + 1)).exit_code == 1
    assert run("prepare").exit_code == 1
    with partnership.engine("ledger_sealer").connect() as at_work:
        at_work.detach()
        take_the_lock(at_work)
        assert run("prepare").exit_code == 0, "another sealer has the store, and holds the database to it"
    said = run("prepare", "--adopt", str(head.size))
    assert (said.exit_code, "agrees with itself" in said.output) == (0, True), said.output
    assert read_head(tmp_path / "store", "entries") == head
    assert run("prepare").exit_code == 0


def test_a_store_older_than_the_last_checkpoint_is_a_lost_one(
    partnership: Partnership, run: Run, tmp_path: Path
) -> None:
    """Put back from a backup it knows too little: the database may be older than what was signed after both."""
    seal(partnership, tmp_path / "store")
    shutil.copytree(tmp_path / "store", tmp_path / "old")
    partnership.child()
    seal(partnership, tmp_path / "store")
    assert run("prepare").exit_code == 0
    shutil.rmtree(tmp_path / "store")
    (tmp_path / "old").rename(tmp_path / "store")
    said = run("prepare")
    assert (said.exit_code, "older than the last checkpoint" in said.output) == (1, True), said.output


def test_reopening_goes_through_everything_first(
    superuser_url: str, partnership: Partnership, run: Run, tmp_path: Path
) -> None:
    """A closure of what holds again is lifted; what does not hold stays closed, with the index."""
    seal(partnership, tmp_path / "store")
    close_ledger(partnership.engine("ledger_web"), HeadNotHeldError("entries", OLDER, 3, 9))
    said = run("log", "reopen")
    assert "takes entries again" in said.output, said.output
    assert "was not closed" in run("log", "reopen").output
    stored(partnership.post("/children", {"event_id": "again", "born": "2022-09-01"}))
    with psycopg.connect(superuser_url.replace("+psycopg", "", 1), autocommit=True) as hostile:
        hostile.execute("SET session_replication_role = replica")
        hostile.execute("UPDATE ledger.log_tiles SET hashes = overlay(hashes PLACING '\\x00'::bytea FROM 33)")
    close_ledger(partnership.engine("ledger_web"), HeadNotHeldError("entries", OLDER, 3, 9))
    said = run("log", "reopen")
    assert said.exit_code == 1
    assert "differs_from_signed" in said.output
    refused(partnership.post("/children", {"event_id": "more", "born": "2022-09-01"}), 503, "ledger_closed")


def test_one_sealer_works_and_another_takes_over(partnership: Partnership, tmp_path: Path) -> None:
    """The second stands by while the first has the lock, and goes on with the same store when the first is gone."""
    first_works, second_stands_by = threading.Event(), threading.Event()
    stood_by: list[int] = []

    def first_rests(_number: int) -> None:
        first_works.set()
        assert second_stands_by.wait(20)
        raise EndError

    def second_rests(number: int) -> None:
        with partnership.engine("ledger_admin").begin() as connection:
            signed = newest(connection, "entries")
        stood_by.append(0 if signed is None else signed.size)
        if number == 1:
            second_stands_by.set()
            first.join(20)
            partnership.child()
        if len(set(stood_by)) > 1:
            raise EndError

    def run_first() -> None:
        with pytest.raises(EndError):
            process(partnership, tmp_path, first_rests).run()

    first = threading.Thread(target=run_first)
    first.start()
    assert first_works.wait(20)
    with pytest.raises(EndError):
        process(partnership, tmp_path, second_rests).run()
    assert stood_by[-1] == stood_by[0] + 1


def test_a_sealer_that_is_at_work_closes_and_waits(
    partnership: Partnership, tmp_path: Path, superuser_url: str
) -> None:
    """A database that is put back under it: the ledger is closed, nothing is signed, and once it holds it goes on."""
    seal(partnership, tmp_path)
    kept = read_head(tmp_path, "entries")
    took: list[bytes] = []

    def rest(number: int) -> None:
        with psycopg.connect(superuser_url.replace("+psycopg", "", 1), autocommit=True) as hostile:
            hostile.execute("SET session_replication_role = replica")
            if number == 2:
                [tile] = hostile.execute("SELECT hashes FROM ledger.log_tiles WHERE level = 0").fetchone() or (b"",)
                took.append(bytes(tile))
                hostile.execute("UPDATE ledger.log_tiles SET hashes = substring(hashes FROM 1 FOR 32)")
                hostile.execute(
                    "INSERT INTO ledger.unsealed (record_id, number) SELECT record_id, 1 FROM ledger.heads LIMIT 1"
                )
                hostile.execute("DELETE FROM ledger.entry_positions WHERE index > 0")
            if number == 6:
                assert hostile.execute("SELECT count(*) FROM ledger.closures").fetchone() == (1,), "said once"
                assert read_head(tmp_path, "entries") == kept
                raise EndError

    with pytest.raises(EndError):
        process(partnership, tmp_path, rest).run()
    with partnership.acting("ledger_web") as connection:
        assert [(one.why, one.from_index) for one in closures(connection)] == [(OLDER, 1)]
    assert took


def test_what_another_closed_is_waited_out(partnership: Partnership, tmp_path: Path) -> None:
    """A closure of the self-audit's: nothing is signed while it stands, and all that waits once it is lifted."""
    seal(partnership, tmp_path)
    partnership.child()
    kept = read_head(tmp_path, "entries")
    close_ledger(partnership.engine("ledger_web"), HeadNotHeldError("entries", "self_audit_failed"))

    def rest(number: int) -> None:
        if number == 3:
            assert read_head(tmp_path, "entries") == kept
            reopen(partnership.engine("ledger_admin"), chance)
        if number == 8:
            raise EndError

    with pytest.raises(EndError):
        process(partnership, tmp_path, rest).run()
    after = read_head(tmp_path, "entries")
    assert after is not None
    assert kept is not None
    assert after.size == kept.size + 2, "the child's entry, and that of the reopening"


def test_a_database_that_ends_every_session_is_lived_through(
    partnership: Partnership, tmp_path: Path, superuser_url: str
) -> None:
    """It connects again, takes the lock and its store again, and seals what came meanwhile."""
    seal(partnership, tmp_path)
    before = read_head(tmp_path, "entries")

    def rest(number: int) -> None:
        if number == 2:
            with psycopg.connect(superuser_url.replace("+psycopg", "", 1), autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'ledger_sealer' AND datname = current_database()"
                )
            partnership.child()
        if number == 6:
            raise EndError

    with pytest.raises(EndError):
        process(partnership, tmp_path, rest).run()
    after = read_head(tmp_path, "entries")
    assert before is not None
    assert after is not None
    assert after.size == before.size + 1


def test_no_start_on_a_database_that_lacks_what_was_signed(partnership: Partnership, run: Run, tmp_path: Path) -> None:
    """What `ledger up` does first says what is missing and ends; the sealer too; both within five seconds."""
    edge = Frontier()
    edge.extend(leaf_hash(bytes([number])) for number in range(99))
    note = SIGNER.sign(Checkpoint(f"{ORIGIN}/log", 99, edge.root()))
    with KeptHeads(tmp_path / "store") as store:
        store.keep("entries", Head(f"{ORIGIN}/log", 99, edge.root(), edge.hashes, note, now()))
    began = time.monotonic()
    said = run("prepare")
    assert (said.exit_code, "indexes 0 to 98 (99 of 99)" in said.output) == (1, True), said.output
    with pytest.raises(HeadNotHeldError) as caught:
        process(partnership, tmp_path / "store", end_at(1)).run()
    assert (caught.value.why, caught.value.from_index, caught.value.to_index) == (OLDER, 0, 99)
    assert time.monotonic() - began < 10, "five seconds each"
    refused(partnership.post("/children", {"event_id": "new", "born": "2022-09-01"}), 503, "ledger_closed")


def test_it_needs_its_key(partnership: Partnership, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one neither the sealer starts nor is anything adopted; the command that makes one is named."""
    monkeypatch.delenv("LEDGER_LOG_KEY")
    with pytest.raises(ClickException, match="ledger log key new"):
        signer_of(current_settings())
    for command in (("log", "adopt", "--at-least", "0"), ("log", "reopen")):
        said = run(*command)
        assert (said.exit_code, "ledger log key new" in said.output) == (1, True), said.output
    with partnership.engine("ledger_sealer").connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM ledger.checkpoints")) == 0
    assert LogSigner(LOG_SEED).vkey(f"{ORIGIN}/log") == LOG_VKEY
