"""Whether entries, heads and records of reads are what they must be: the part of a self-audit that is about rows."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from ledger.domain.entry import GENESIS, Envelope, leaf_hash, meets, written_time
from ledger.domain.log.access import access_commitment, access_content, access_leaf
from ledger.services.attach import KIND as ATTACHMENT

#: Says how the bytes of one row are wrong; None where they are right.
Fault = str | None
NO_ENTRY: Final = "there is no entry at this place"
NO_HEAD: Final = "its record has no head"
NO_READ: Final = "there is no record of a read at this place"
NOT_PLACED: Final = "it is neither in the log nor on its way there"
HEAD: Final = "its head does not agree with its entries"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold: where in which log, or of which record and entry, and why. Never what it says."""

    log: str
    why: str
    index: int | None = None
    record: str | None = None
    number: int | None = None

    def as_mapping(self) -> dict[str, Any]:
        """The problem as JSON, without what is not known."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def fault_of_entry(row: Any) -> Fault:
    """What is wrong with an entry, by its row and what it is held to."""
    if row.envelope is None:
        return NO_ENTRY
    if row.pseudonym is None:
        return NO_HEAD
    try:
        envelope = Envelope.from_members(json.loads(row.envelope))
        if envelope.to_bytes() != row.envelope:
            return "its envelope is not canonical"
    except (ValueError, TypeError, AttributeError):
        return "its envelope cannot be read"
    return _fault_of_place(row, envelope) or _fault_of_content(row, envelope.commitment)


def _fault_of_place(row: Any, envelope: Envelope) -> Fault:
    if (envelope.record, envelope.number) != (row.pseudonym, row.number):
        return "its envelope is of another place"
    if envelope.recorded_at != row.recorded_at:
        return "its envelope has another time"
    if row.number > 1 and row.before is None:
        return "the entry before it is missing"
    if envelope.previous != (GENESIS if row.number == 1 else leaf_hash(row.before)):
        return "it does not follow the entry before it"
    if row.originals != 1:
        return "of it and its copies not exactly one is the original"
    return None


def _fault_of_content(row: Any, commitment: bytes) -> Fault:
    if row.content is None:
        return None if row.is_erased else "its content is missing, and no order to erase says so"
    if not meets(commitment, row.salt, row.content):
        return "its content is not what it commits to"
    said = json.loads(row.content)
    told = (said["kind"], said["agency"], said["agency"], said["event_id"])
    if told != (row.kind, row.content_agency, row.agency_id, row.event_id):
        return "beside its content stands another kind, agency or event"
    if said["kind"] != ATTACHMENT:
        return None if row.file_agency is None else "a file stands beside it that it does not name"
    body = said["body"]
    file = (row.file_agency, row.media_type, row.sha256, row.size, row.file_sha256, row.file_size)
    sha256 = bytes.fromhex(body["sha256"])
    if file != (said["agency"], body["media_type"], sha256, body["size"], sha256, body["size"]):
        return "its file is not what it commits to"
    return None


def fault_of_head(row: Any) -> Fault:
    """What is wrong with a head."""
    if row.head_seq == 0:
        return None if row.stand == 0 and row.head_hash == GENESIS else HEAD
    if row.most != row.head_seq or row.envelope is None or leaf_hash(row.envelope) != row.head_hash:
        return HEAD
    if row.last_recorded_at < row.recorded_at or row.last_recorded_at > max(row.now, row.recorded_at):
        return "its head has a time that none of its entries and no step of detection gave it"
    if row.first is None:
        return None
    is_partnership = row.first_kind == "partnership_opened"
    if row.kind != ("partnership" if is_partnership else "child"):
        return "its head has another sort of record"
    told = json.loads(row.first)["body"]["partnership"] if is_partnership else _belongs_to(row)
    return None if told == row.partnership_id else "its head has another partnership"


def _belongs_to(row: Any) -> object:
    """By the entry that took it there last; else, and where that was erased, by its row or by who began the record."""
    if row.moved is None:
        return row.of_partnership
    return json.loads(row.moved)["body"]["to"]["partnership"] if row.moved_kind == "record_moved" else None


def fault_of_read(row: Any) -> Fault:
    """What is wrong with the record of a read."""
    if row.leaf is None:
        return NO_READ
    content = {
        "access": str(row.access_id),
        "agency": row.agency_id,
        "at": written_time(row.at),
        "by_glass": row.by_glass,
        "outcome": row.outcome,
        "person": None if row.person_id is None else str(row.person_id),
        "purpose": row.purpose,
        "real_at": written_time(row.real_at),
        "record": str(row.record_id),
        "refused_for": row.refused_for,
        "request": row.request_id,
        "up_to": row.up_to_number,
        "what": row.what,
    }
    try:
        commitment = access_commitment(row.salt, access_content(content))
        is_so = access_leaf(written_time(row.real_at), commitment) == row.leaf
    except ValueError:
        is_so = False
    return None if is_so else "its leaf is not what was read, by whom and why"


def leaf_of_entry(row: Any) -> bytes | None:
    """What the log holds of an entry: its hash, or None where there is none."""
    return None if row.envelope is None else leaf_hash(row.envelope)


def leaf_of_read(row: Any) -> bytes | None:
    """The same of the record of a read."""
    return None if row.leaf is None else hashlib.sha256(b"\x00" + row.leaf).digest()


def walk(
    rows: Iterator[Any], fault: Callable[[Any], Fault], log: str, start: int, end: int
) -> Iterator[tuple[int, Any | None, Problem | None]]:
    """Each index that has a row, from start to end, with what is wrong there; and the first of those that have none."""
    expected = start
    for row in rows:
        if expected < row.place:
            yield expected, None, _gap(log, expected, row.place)
        found = quietly(fault, row)
        told = {} if log == "access" else {"record": row.pseudonym or str(row.record_id), "number": row.number}
        yield row.place, row, None if found is None else Problem(log, found, index=row.place, **told)
        expected = row.place + 1
    if expected < end:
        yield expected, None, _gap(log, expected, end)


def _gap(log: str, first: int, end: int) -> Problem:
    return Problem(log, f"no position was given out for this index, nor for any up to {end - 1}", index=first)


def quietly(fault: Callable[[Any], Fault], row: Any) -> Fault:
    """What is wrong with a row, one that cannot be read among them."""
    try:
        return fault(row)
    except (ValueError, TypeError, KeyError, AttributeError):
        return "it cannot be read"
