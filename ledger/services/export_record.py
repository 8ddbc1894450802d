"""Give a copy of a child's record as files: what whoever gets it may see, and for every entry a proof that it is there.

The look is recorded before anything is read. All of it is made before anything is handed out, and that it is handed
out is an entry in the child's record, which holds the hash of what is given: it comes after the point at which the copy
ends, and so is never part of it (docs/decisions/0026-exports.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import leaf_hash, written_time
from ledger.domain.log.proof import TlogProof
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.describe_entry import Names, ids_in, refs_in
from ledger.services.export_chronology import Summary, Told, tell, word_as_of
from ledger.services.export_csv import csv_of
from ledger.services.export_entries import Entries, Exported, Shown
from ledger.services.export_files import Parcel, Spool, json_line, put, spool
from ledger.services.export_html import html_of
from ledger.services.export_manifest import KIND, Progress, Silent, close_up
from ledger.services.export_proofs import (
    WAIT_S,
    Proofs,
    Sealed,
    auditing,
    base64_of,
    bracket_record,
    check_path,
    require_signer,
    wait_for_seal,
)
from ledger.services.export_words import About, read_me_of_record
from ledger.services.find_as_of import Point, find_as_of
from ledger.services.note_access import note_access
from ledger.services.reach import check_reach
from ledger.services.reading import reading
from ledger.services.record import record_one
from ledger.services.refusal import RefusedError
from ledger.services.see import NotKnownError, Reader
from ledger.services.submission import Submission
from ledger.services.write_own import new_event
from ledger.store.access import known_to
from ledger.store.append import Caller, Credential, Stored
from ledger.store.exports import snapshot
from ledger.store.party import AUDITOR
from ledger.store.people import directory, names, names_by_ref
from ledger.store.timeline import heads_of

#: What the access record says was read.
LOOK: Final = "export"
SILENT: Final = Silent()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: of one record, as known at a moment or up to a number, or now; and why."""

    record_id: UUID
    reason: str
    known_at: datetime | None = None
    number: int | None = None
    request_id: str = "-"


@dataclass(frozen=True, slots=True)
class Copy:
    """What was made: of which record, up to which number, its export.json's SHA-256, and where that is recorded."""

    pseudonym: str
    number: int
    size: int
    sha256: str
    entry: Stored


def export_record(
    context: Context,
    who: Credential | Caller,
    wanted: Wanted,
    parcel: Parcel,
    *,
    wait_s: float = WAIT_S,
    progress: Progress = SILENT,
) -> Copy:
    """Fill a parcel with a copy of a record for whoever asks, and record that; only then may it be handed out.

    Who may: `Right.EXPORT` of people, `Right.READ` of an agency's system, whose scopes are what its keys carry.
    Raises RefusedError, NotHeldError.
    """
    signer = require_signer(context)
    right = Right.READ if isinstance(who, Credential) else Right.EXPORT
    opened = _opened(context, who, right, wanted)
    sealed = wait_for_seal(context, wanted.record_id, opened.point.number, wait_s=wait_s)
    with spool() as paths, spool() as told:
        making = _Making(context, opened, sealed, parcel, progress, paths, told)
        making.write()
        digest = close_up(parcel, signer, making.described(signer.vkey))
    stored = _recorded(context, who, right, opened, sealed, digest)
    return Copy(opened.pseudonym, opened.point.number, sealed.checkpoint.size, digest, stored)


@dataclass(frozen=True, slots=True)
class _Opened:
    reader: Reader
    record_id: UUID
    pseudonym: str
    point: Point
    recipient: str

    @property
    def to(self) -> str:
        """To whom, as the entry says it: an agency, or an auditor."""
        return self.reader.agency


def _opened(context: Context, who: Credential | Caller, right: Right, wanted: Wanted) -> _Opened:
    """Who reads, and what: checked and recorded. It is committed with the end of this."""
    record_id = wanted.record_id
    with reading(context, who, right, purpose=wanted.reason, request_id=wanted.request_id) as (connection, reader):
        check_reach(connection, reader, record_id, right)
        if record_id in known_to(connection, reader.agency, reader.person_id, [record_id]).by_glass:
            # A broken glass opens for reading, for some hours: nothing is taken away by it.
            raise NotKnownError(record_id)
        head = heads_of(connection, [record_id]).get(record_id)
        if head is None:
            raise NotKnownError(record_id)
        point = find_as_of(connection, record_id, known_at=wanted.known_at, number=wanted.number)
        if point.number == 0:
            raise RefusedError("as_of_not_reached", "nothing was recorded yet at this point", "/known_at")
        note_access(connection, reader, {record_id: point.number}, LOOK, context.chance)
        return _Opened(reader, record_id, head[0], point, _recipient(connection, reader))


def _recipient(connection: Connection, reader: Reader) -> str:
    home = reader.home or reader.agency
    agencies = directory(connection)
    agency = agencies[home].name if home in agencies else home
    if reader.person_id is None:
        return f"{agency}, by its own system: what that agency may see"
    name = names(connection, [reader.person_id]).get(reader.person_id, reader.person_ref or "")
    if reader.agency == AUDITOR:
        return f"{name} of {agency}, as an auditor: what an auditor may see"
    return f"{name} of {agency}: what they may see there"


def _recorded(
    context: Context, who: Credential | Caller, right: Right, opened: _Opened, sealed: Sealed, digest: str
) -> Stored:
    body = {
        "to": opened.to,
        "up_to": opened.point.number,
        "log_size": sealed.checkpoint.size,
        "sha256": digest,
    }
    submission = Submission(KIND, new_event(KIND, context.chance), body, names=(opened.record_id,), is_due=False)
    return record_one(context, who, submission, right).entry


@dataclass(slots=True)
class _Making:
    """One export on its way into its parcel."""

    context: Context
    opened: _Opened
    sealed: Sealed
    parcel: Parcel
    progress: Progress
    paths: Spool
    told: Spool

    def write(self) -> None:
        """Everything but what describes it."""
        from ledger.services.export_pdf import write_pdf  # noqa: PLC0415 — 20 MB, for those who print alone

        self._write_log()
        summary, last = self._write_entries()
        about = self._about(summary, last)
        put(self.parcel, "chronology.html", html_of(about, summary, self._entries()))
        with self.parcel.file("chronology.pdf") as write:
            write_pdf(about, summary, self._watched("pages made of entries"), last, write)
        put(self.parcel, "entries.csv", csv_of(self._entries()))
        self._write_proofs()
        put(self.parcel, "READ-ME.txt", [read_me_of_record(about).encode()])

    def described(self, receipts_key: str) -> dict[str, Any]:
        """What export.json says, but for the files."""
        return {
            "kind": "record",
            "log": "entries",
            "origin": self.sealed.keys.origin,
            "keys": {"log": self.sealed.keys.log, "receipts": receipts_key},
            "made_at": written_time(self.context.real_now()),
            "record": self.opened.pseudonym,
            "as_of": self.opened.point.as_json(),
            "size": self.sealed.checkpoint.size,
            "for": self.opened.recipient,
        }

    def _about(self, summary: Summary, last: datetime) -> About:
        opened, keys = self.opened, self.sealed.keys
        return About(
            summary.child,
            opened.pseudonym,
            opened.point.number,
            word_as_of(opened.point.number, last),
            opened.point.hash.hex(),
            opened.recipient,
            keys.origin,
            keys.log,
            keys.receipts,
            self.sealed.checkpoint.size,
            summary.counts,
        )

    # ── the log ──

    def _write_log(self) -> None:
        """Checkpoint, policy and brackets; the paths are put by for the entries."""
        number, record_id = self.opened.point.number, self.opened.record_id
        put(self.parcel, "checkpoint", [self.sealed.checkpoint.note_with_cosignatures.encode()])
        put(self.parcel, "policy", [self.sealed.policy.encode()])
        with auditing(self.context) as connection:
            proofs = Proofs(connection, self.sealed, record_id, number)
            for one in range(1, number + 1):
                index, path = proofs.of(one)
                self.paths.put([index, [base64_of(hashed) for hashed in path], [hashed.hex() for hashed in path]])
                self.progress.at("proofs", one, number)
            lines = bracket_record(connection, self.sealed, proofs.indexes)
            put(self.parcel, "brackets.jsonl", map(json_line, lines))

    def _write_proofs(self) -> None:
        note = self.sealed.checkpoint.note_with_cosignatures
        for number, (index, _, path) in enumerate(self.paths, start=1):
            proof = TlogProof(index, tuple(map(bytes.fromhex, path)), note)
            put(self.parcel, f"proofs/{number}.tlog-proof", [proof.to_text().encode()])

    # ── the record ──

    def _write_entries(self) -> tuple[Summary, datetime]:
        """The entries as they are proved; as they are told they are put by. Answers with the last one's time too."""
        opened, summary, last = self.opened, Summary(), None
        reader = opened.reader
        engine = self.context.auditor if reader.agency == AUDITOR and self.context.auditor else self.context.engine
        paths = iter(self.paths)
        with (
            snapshot(engine, reader.agency, reader.person_id) as connection,
            self.parcel.file("entries.jsonl") as write,
        ):
            place = (opened.record_id, opened.pseudonym)
            entries = Entries(connection, reader, place, opened.point.number, self.context.pack)
            for page in entries:
                known = _names(connection, entries, page)
                for one in page:
                    write(json_line(self._line(one, next(paths))))
                    told = tell(one, known)
                    summary.take(one, told)
                    self.told.put(told.as_json())
                    last = one.half.recorded_at
                self.progress.at("entries", page[-1].half.number, opened.point.number)
        assert last is not None, "there is an entry"
        return summary, last

    def _line(self, one: Exported, placed: list[Any]) -> Mapping[str, Any]:
        index, path, hashes = placed
        check_path(self.sealed, index, [*map(bytes.fromhex, hashes)], leaf_hash(one.half.envelope))
        line: dict[str, Any] = {
            "envelope": one.half.envelope.decode("ascii"),
            "index": index,
            "proof": path,
            "shown": one.shown.value,
        }
        if one.shown is Shown.WHOLE and one.content is not None and one.half.salt is not None:
            line |= {"salt": one.half.salt.hex(), "content": one.content.decode()}
        return line

    def _entries(self) -> Iterator[Told]:
        return map(Told.from_json, self.told)

    def _watched(self, what: str) -> Iterator[Told]:
        for told in self._entries():
            yield told
            self.progress.at(what, told.number, self.opened.point.number)


def _names(connection: Connection, entries: Entries, page: list[Exported]) -> Names:
    """What agencies and professionals in a page of entries are called."""
    items = [one.item for one in page if one.item is not None]
    signed_in = names(connection, ids_in(items))
    return Names(
        {name: agency.name for name, agency in entries.agencies.items()},
        names_by_ref(connection, refs_in(items)),
        {str(person): name for person, name in signed_in.items()},
    )
