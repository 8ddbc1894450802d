"""The server's superuser changes rows, guards put aside, as thoroughly as the case says: nothing of it passes.

Held against it are the exports that the ledger then makes, checked by the program's verifier and by the second reader;
the self-audit; and the sealer. What an export cannot show by itself is shown by what others kept: a checkpoint, a
receipt, the witnesses' keys.
"""

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text

from ledger.cli.sealer import SealerProcess
from ledger.domain.role import Role
from ledger.domain.verify.command import run as verify
from ledger.services.audit_tree import NOT_THE_ROOT
from ledger.services.export_files import Folder
from ledger.services.export_log import export_log
from ledger.services.export_proofs import ProofBrokenError
from ledger.services.export_record import Wanted, export_record
from ledger.services.hold_head import HeadNotHeldError
from ledger.services.kept_head import read_head
from ledger.services.receive import ReceiptSigner
from ledger.services.refusal import RefusedError
from ledger.services.self_audit import Audit, audit, audit_when_due
from ledger.services.sign_log import LogSigner
from ledger.store.append import Caller
from ledger.store.database import driver_url
from ledger.store.log import Log
from tests import sizes
from tests.exporting import REASON, cosign, sealed
from tests.hostile import CHANGES, Change, Done, Hands
from tests.independent_notes import RefusedError as SecondRefusedError
from tests.independent_reader import Brought, read
from tests.partnership import ORIGIN, RECEIPT_SEED, Partnership, stored
from tests.sealing_log import ACCESS_VKEY, LOG_SEED, LOG_VKEY, seal, store_of

pytestmark = pytest.mark.timeout(3_600)

RECEIPTS_VKEY = ReceiptSigner(RECEIPT_SEED, ORIGIN).vkey
BROKEN, UNREADABLE, UNVOUCHED = 1, 2, 3


class StoppedError(Exception):
    """The sealer's process came to rest."""


@dataclass
class World:
    """A ledger of some records under cosigned checkpoints, and what people outside it kept of it."""

    partnership: Partnership
    owner: Engine
    auditor: Caller
    folder: Path
    records: list[UUID]
    receipts: dict[str, str]
    witness: str
    #: The newest checkpoint of each log before anything was changed.
    checkpoints: dict[Log, Path]
    log: Path
    _count: int = 0

    # ── exports ──

    def place(self) -> Path:
        self._count += 1
        return self.folder / f"export-{self._count}"

    def exported(self, make: Callable[[Folder], object]) -> Path | str:
        """The folder of an export, or the words in which it was refused."""
        to = self.place()
        try:
            make(parcel := Folder(to))
        except (ProofBrokenError, RefusedError) as error:
            return str(error) or type(error).__name__
        parcel.close()
        return to

    def export_log(self, log: Log = "entries") -> Path | str:
        context, admin = self.partnership.context, self.partnership.engine("ledger_admin")
        return self.exported(lambda parcel: export_log(context, admin, self.auditor, log, REASON, parcel))

    def export_record(self, record_id: UUID) -> Path | str:
        wanted = Wanted(record_id, REASON)
        context = self.partnership.context
        return self.exported(lambda parcel: export_record(context, self.auditor, wanted, parcel, wait_s=0))

    # ── the two other watchmen ──

    def audited(self) -> Audit:
        return audit(self.partnership.engine("ledger_worker"), "all")

    def close(self) -> None:
        """The daily audit, as a worker makes it."""
        engine = self.partnership.engine("ledger_worker")
        audit_when_due(engine, "all", os.urandom, lambda: datetime.now(UTC))

    def signed(self) -> int:
        """The size of the newest head that the sealer has kept."""
        head = read_head(store_of(self.partnership), "entries")
        return 0 if head is None else head.size

    def run_sealer(self) -> str:
        """What the sealer's process does until it first rests: why it signs nothing, or nothing where it sealed."""

        def rest(_seconds: float) -> None:
            raise StoppedError

        process = SealerProcess(
            LogSigner(LOG_SEED), store_of(self.partnership), self.partnership.database_url, rest=rest
        )
        try:
            process.run()
        except HeadNotHeldError as fault:
            return fault.why
        except StoppedError:
            return process._said if process._said != "sealing" else ""
        raise AssertionError("it never ends")

    # ── undoing ──

    def remember(self) -> None:
        """Keep a copy of every table, and of the sealer's store."""
        with self.owner.begin() as connection:
            connection.execute(text("CREATE SCHEMA kept"))
            for table in _tables(connection):
                connection.execute(text(f'CREATE TABLE kept."{table}" AS TABLE ledger."{table}"'))
        shutil.copytree(store_of(self.partnership), self.folder / "store")

    def restore(self) -> None:
        """Put back what is not as it was."""
        with self.owner.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in _tables(connection):
                connection.execute(text(f'DELETE FROM ledger."{table}"'))
                connection.execute(text(f'INSERT INTO ledger."{table}" OVERRIDING SYSTEM VALUE TABLE kept."{table}"'))
        store = store_of(self.partnership)
        for path in store.iterdir():
            path.unlink()
        for path in (self.folder / "store").iterdir():
            shutil.copy(path, store)

    @contextmanager
    def changed(self, change: Change, chance: random.Random) -> Iterator[Done]:
        """The ledger with a change in it."""
        with self.owner.begin() as connection:
            done = change(Hands(connection, chance))
        try:
            yield done
        finally:
            self.restore()


def _tables(connection: Any) -> list[str]:
    query = """SELECT relname FROM pg_class
        WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition"""
    return list(connection.scalars(text(query)))


@pytest.fixture
def world(
    partnership: Partnership, superuser_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """Three children's records and some reads, in part under a cosigned checkpoint; two entries wait for the sealer."""
    # Pages are drawn from what the entries say; nothing is proved by them, and drawing takes most of the time.
    monkeypatch.setattr("ledger.services.export_pdf.write_pdf", lambda *given: given[-1](b"%PDF-"))
    receipts: dict[str, str] = {}

    def observe(record_id: str, agency: str) -> None:
        answer = stored(partnership.post("/observations", partnership.observation(record_id), agency))
        receipts[str(answer["id"])] = str(answer["receipt"])

    children = [partnership.child(involve=["csc", "gp"]) for _ in range(3)]
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    for child in children:
        observe(child, "hv")
    sealed(partnership)
    cosign(partnership, int(datetime.now(UTC).timestamp()))
    for child in children:
        for agency in ("csc", "hv", "gp"):
            observe(child, agency)
        stored(partnership.get(f"/children/{child}/timeline", "csc"))
    seal(partnership)
    witness = cosign(partnership, int(datetime.now(UTC).timestamp()))
    made = World(
        partnership, create_engine(driver_url(superuser_url)), auditor, tmp_path,
        [UUID(child) for child in children], receipts, witness, {}, tmp_path,
    )  # fmt: skip
    for log in ("entries", "access"):
        taken = made.export_log(log)
        assert isinstance(taken, Path), taken
        made.checkpoints[log] = taken / "checkpoint"
        made.log = made.log if log == "access" else taken
    seal(partnership)
    observe(children[0], "hv")
    made.remember()
    yield made
    made.owner.dispose()


def verdict(export: Path, *more: str, log: Log = "entries") -> tuple[int, dict[str, Any]]:
    """The verifier's exit code and report."""
    out = StringIO()
    code = verify(
        [str(export), "--key", LOG_VKEY if log == "entries" else ACCESS_VKEY, "--json", *more], out, StringIO()
    )
    return code, json.loads(out.getvalue())


def second(export: Path, log: Log = "entries") -> bool:
    """Whether the second reader passes an export."""
    try:
        read(export, Brought(LOG_VKEY if log == "entries" else ACCESS_VKEY, RECEIPTS_VKEY))
    except SecondRefusedError:
        return False
    return True


def test_nothing_is_wrong_where_nothing_was_changed(world: World, tmp_path: Path) -> None:
    """The same ledger untouched: every export is whole to both readers and vouched for by what others kept."""
    assert world.audited().problems == []
    exports = [(world.export_log(), "entries"), (world.export_log("access"), "access")]
    exports += [(world.export_record(record), "entries") for record in world.records[1:]]
    for export, log in exports:
        assert isinstance(export, Path), export
        code, report = verdict(export, log=log)  # type: ignore[arg-type]
        assert (code, report["faults"]) == (UNVOUCHED, [])
        assert second(export, log)  # type: ignore[arg-type]
        kept = ("--checkpoint", str(world.checkpoints[log]))  # type: ignore[index]
        if log == "access" or (export / "tile").exists():
            assert verdict(export, *kept, log=log)[0] == 0  # type: ignore[arg-type]
    assert world.run_sealer() == ""
    assert world.signed() > 0


def test_whatever_is_changed_in_the_tables_is_caught(world: World) -> None:
    """Each way of changing rows: by an export that is refused or does not verify, by the self-audit, by the sealer."""
    missed: list[tuple[int, str, str]] = []
    for at in range(sizes.hostile_changes()):
        name = [*CHANGES][at % len(CHANGES)]
        with world.changed(CHANGES[name], random.Random(at)) as done:
            missed += [(at, name, words) for words in judged(world, done)]
    assert missed == []


def judged(world: World, done: Done) -> Iterator[str]:
    """What did not come out as it must of one change."""
    yield from judged_exports(world, done)
    found = world.audited()
    if done.is_gone != (found.problems == []):
        yield f"the audit: {found.problems[:2]}"
    if found.problems and not is_named(found, done):
        yield f"the audit names another: {found.first}, not {done}"
    before = world.signed()
    alone = "" if done.is_gone or found.problems else "nobody"
    world.close()
    why = world.run_sealer()
    if alone or not why or world.signed() != before:
        yield f"the sealer signed on: {why}, {before}, {world.signed()}"


def is_named(found: Audit, done: Done) -> bool:
    """Whether the audit names what was changed: its index, one before it, or where the tree was made to fit as well the
    end of the first checkpoint over it.
    """
    placed = [one for one in found.problems if one.index is not None and one.log == done.log]
    if any((one.index or 0) <= done.index for one in placed):
        return True
    return bool(placed) and placed[0].why in (NOT_THE_ROOT, "less is in the log than was signed")


def judged_exports(world: World, done: Done) -> Iterator[str]:
    """The log, and the record that was changed: what is told of it as if it were whole."""
    log = world.export_log(done.log)
    if isinstance(log, Path):
        yield from judged_export(world, log, done)
    elif done.is_gone or not log:
        yield f"the log: {log}"
    if done.record_id is None:
        return
    record = world.export_record(done.record_id)
    if isinstance(record, Path):
        code, report = verdict(record)
        if (code != BROKEN) != second(record):
            yield "the second reader does not agree on the record"
        if code != BROKEN and not is_short(world, record, done):
            yield f"the record is exported as if it were whole: {report['entries']}"


def judged_export(world: World, log: Path, done: Done) -> Iterator[str]:
    code, report = verdict(log, log=done.log)
    if (code != BROKEN) != second(log, done.log):
        yield "the second reader does not agree on the log"
    if code == BROKEN:
        if not report["first"]["first"] <= done.index <= report["first"]["last"]:
            yield f"the log's export names {report['first']}, not {done}"
        return
    if done.is_gone:
        # It was so once, and witnesses saw more of it since.
        newer = ("--checkpoint", str(world.checkpoints["entries"]), "--witness", world.witness, "--skew", "0")
        # Their clocks are in whole seconds.
        if verdict(log, *newer)[0] != BROKEN:
            yield "a log that was rolled back is not found short"
    elif not done.is_content:
        yield "the log is exported as if nothing had been changed"


def is_short(world: World, record: Path, done: Done) -> bool:
    """Whether a record's export ends before what is gone, and the log that somebody kept shows that it went on."""
    up_to = json.loads((record / "export.json").read_text())["as_of"]["number"]
    if done.number is None or up_to >= done.number:
        return False
    if done.is_gone:
        return True
    code, report = verdict(record, "--log", str(world.log))
    return code == BROKEN and report["first"]["number"] == done.number


def test_a_log_signed_anew_with_its_own_key(world: World) -> None:
    """Whoever has the database, the log's key and the sealer's store rewrites history: only what others kept shows it,
    and without any of it the verifier says that nobody outside vouches for this log.
    """

    def rewrite(hands: Hands) -> Done:
        done = CHANGES["reword"](hands)
        hands.sign_anew(LogSigner(LOG_SEED), ORIGIN)
        return done

    with world.changed(rewrite, random.Random(8)) as done:
        log = world.export_log()
        assert isinstance(log, Path), log
        code, report = verdict(log)
        assert (code, report["faults"], report["vouched"]) == (UNVOUCHED, [], [])
        assert second(log)
        out = StringIO()
        assert verify([str(log), "--key", LOG_VKEY], out, StringIO()) == UNVOUCHED
        assert "Nothing outside the operator vouches for this log." in " ".join(out.getvalue().split())
        code, report = verdict(log, "--checkpoint", str(world.checkpoints["entries"]))
        assert code == BROKEN
        assert report["first"]["first"] <= done.index <= report["first"]["last"]
        assert verdict(log, "--witness", world.witness)[0] == BROKEN
        receipt = world.folder / "receipt"
        pseudonym = _pseudonym(world, done)
        receipt.write_text(world.receipts[f"{pseudonym}.{done.number}"])
        code, report = verdict(log, "--receipt", str(receipt), "--receipt-key", RECEIPTS_VKEY)
        assert code == BROKEN
        assert (report["first"]["record"], report["first"]["number"]) == (pseudonym, done.number)
        # The sealer has its own store: it goes on from the history that it signed, or not at all.
        assert world.run_sealer() != ""


def _pseudonym(world: World, done: Done) -> str:
    with world.owner.connect() as connection:
        query = text("SELECT pseudonym FROM ledger.heads WHERE record_id = :r")
        return str(connection.scalar(query, {"r": done.record_id}))


def test_files_that_were_tampered_with_afterwards(world: World) -> None:
    """A bit flipped in any file of an export of the real ledger, or a file left out: both readers refuse it."""
    chance, record = random.Random(4), world.export_record(world.records[1])
    assert isinstance(record, Path), record
    for export in (record, world.log):
        assert second(export)
        for path in [path for path in export.rglob("*") if path.is_file()]:
            data = path.read_bytes()
            for changed in [flipped(data, chance) for _ in range(sizes.flips()) if data] + [None]:
                path.unlink() if changed is None else path.write_bytes(changed)
                code, _ = verdict(export, "--receipt-key", RECEIPTS_VKEY)
                assert (code in {BROKEN, UNREADABLE}, second(export)) == (True, False), path.name
                path.write_bytes(data)
        assert second(export)


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)
