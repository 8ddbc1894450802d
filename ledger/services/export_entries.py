"""A record's entries for who gets an export: what of each goes whole, and what of it may be told in words.

An entry goes whole, with its salt and the very bytes that were committed to, only where every byte of these may be
shown to whoever gets it; else its envelope and its commitment go, and what may be seen of it is told in the chronology.
One of which a pointer may be seen, and one of which nothing may be known, are the same here: an envelope.

* An agency's own entries are whole.
* Others' entries are whole to an auditor who sees all of them, with what their sender calls them (`event_id`): it is by
  that name that an agency's own books can be held against the ledger. To agencies it is not shown, here as elsewhere.
* What names other children in `also` is whole to its sender alone.
* The ledger's own entries hold references to what agencies said. They are whole where the reader sees all of what
  stands before them in the record, and so whatever they could refer to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.alert import BRINGS, DISPATCH, OF_THE_KEEPER
from ledger.domain.entry import meets
from ledger.domain.log.envelope import parse_envelope
from ledger.domain.pack import Pack
from ledger.domain.record_state import Surroundings
from ledger.services.export_proofs import ProofBrokenError
from ledger.services.find_as_of import findings_as_of
from ledger.services.gather_disputes import with_disputes
from ledger.services.render_entry import places_needed, render_entry
from ledger.services.render_view import View
from ledger.services.see import Eyes, Reader, Seen, Sight, open_eyes
from ledger.services.warn import with_warnings
from ledger.services.word_claim import wording_of
from ledger.store.database import SYSTEM
from ledger.store.exports import Half, halves
from ledger.store.findings import StoredFinding
from ledger.store.party import AUDITOR
from ledger.store.people import Agency, directory, surroundings_of
from ledger.store.timeline import StoredEntry, by_number, page

#: Entries that are read and put in words together.
_PAGE: Final = 200
#: Of the ledger's own what views put in words; of the rest nothing is shown.
_REFERENCES: Final = frozenset(
    {"finding_raised", "finding_joined", "finding_closed", "notice", "involvement", *BRINGS, *OF_THE_KEEPER, DISPATCH}
)


class Shown(StrEnum):
    """How much of an entry an export has."""

    #: Salt and content: what it says can be proved.
    WHOLE = "whole"
    #: Told in the chronology; the envelope alone proves that something was recorded then.
    PART = "part"
    WITHHELD = "withheld"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Exported:
    """One entry. `content` only where it goes whole; `item` is it as a timeline has it, None where nothing is told."""

    half: Half
    shown: Shown
    item: Mapping[str, Any] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)


class MissingError(ProofBrokenError):
    """The reader does not see every envelope of the record: one is gone, or their part in it has ended meanwhile."""


class Entries:
    """One record up to one number, for one reader, a page of it at a time. Made within one unchanging view."""

    def __init__(self, connection: Connection, reader: Reader, place: tuple[UUID, str], up_to: int, pack: Pack) -> None:
        self._connection, self._reader, self._up_to, self._pack = connection, reader, up_to, pack
        self._record_id, self._pseudonym = place
        self._eyes: Eyes = open_eyes(connection, reader, [self._record_id])
        self.agencies: Mapping[str, Agency] = directory(connection)
        self._findings: Mapping[str, StoredFinding] = findings_as_of(connection, self._record_id, up_to)
        self._around: Surroundings = surroundings_of(connection, [self._record_id])[self._record_id]
        #: Those so far that say who somebody is: people are called alike all through.
        self._introducing: dict[int, Seen] = {}
        self._all_seen = True

    def __iter__(self) -> Iterator[list[Exported]]:
        """Pages of entries, from the first to the last, without a gap. Raises MissingError, ProofBrokenError."""
        for after in range(0, self._up_to, _PAGE):
            last = min(after + _PAGE, self._up_to)
            stored = page(self._connection, self._record_id, after=after, up_to=last, limit=_PAGE)
            found = halves(self._connection, self._record_id, after=after, up_to=last)
            if [entry.number for entry in stored] != list(range(after + 1, last + 1)):
                raise MissingError(f"not every entry of {after + 1} to {last} is there for whoever reads")
            yield self._page(stored, found)

    def _page(self, stored: list[StoredEntry], found: Mapping[int, Half]) -> list[Exported]:
        for entry in stored:
            _check_content(entry, found[entry.number])
        seen = {entry.number: self._look(entry) for entry in stored}
        items = self._told([one for one in seen.values() if one.sight is not Sight.NOTHING])
        return [self._exported(entry, seen[entry.number], found[entry.number], items.get(entry.number))
                for entry in stored]  # fmt: skip

    def _look(self, entry: StoredEntry) -> Seen:
        return self._eyes.look(entry, up_to=self._up_to)

    def _told(self, shown: list[Seen]) -> dict[int, dict[str, Any]]:
        """What a timeline tells of these entries, by number."""
        glimpses = {one.number: one for one in shown}
        missing = {(self._record_id, number) for number in places_needed(shown, self._findings) - glimpses.keys()}
        glimpses |= {entry.number: self._look(entry) for entry in by_number(self._connection, missing)}
        glimpses = with_disputes(
            self._connection, self._eyes, self._record_id, self._pseudonym, glimpses.values(), self._up_to
        )
        self._introducing |= {one.number: one for one in shown if _introduces(one)}
        wording = wording_of(
            {**self._introducing, **glimpses}.values(), {name: one.name for name, one in self.agencies.items()}
        )
        view = View(self._reader, self._pseudonym, None, self._pack, self.agencies, self._findings, glimpses, wording,
                    self._around)  # fmt: skip
        rendered = {one.number: item for one in shown if (item := render_entry(glimpses[one.number], view)) is not None}
        whole = {one.number for one in shown if one.sight is Sight.FULL}
        warned = with_warnings(self._connection, self._record_id, self._eyes, [*rendered.values()], whole)
        return {item["number"]: item for item in warned}

    def _exported(self, entry: StoredEntry, seen: Seen, half: Half, item: Mapping[str, Any] | None) -> Exported:
        is_whole = item is not None and seen.sight is Sight.FULL and self._is_for_them(entry, seen, item)
        self._all_seen = self._all_seen and seen.sight is Sight.FULL
        if is_whole and entry.sealed is not None and half.salt is not None:
            return Exported(half, Shown.WHOLE, item, entry.sealed)
        if item is None or seen.sight is Sight.WITHHELD:
            return Exported(half, Shown.WITHHELD, item)
        return Exported(half, Shown.ERASED if seen.sight is Sight.ERASED else Shown.PART, item)

    def _is_for_them(self, entry: StoredEntry, seen: Seen, item: Mapping[str, Any]) -> bool:
        """Whether every byte of an entry that is seen in full may be handed out."""
        if entry.agency == self._reader.agency and not self._reader.audience:
            return True
        if entry.agency == SYSTEM:
            return self._all_seen and entry.kind in _REFERENCES
        # What is told of it is all that it says, but for its sender's name for it.
        told = {name: value for name, value in seen.body.items() if name != "event_id"}
        return self._reader.agency == AUDITOR and item.get("body") == told


def _check_content(entry: StoredEntry, half: Half) -> None:
    """What is told in words alone nobody else can check: other words than were committed to are not told at all."""
    if entry.sealed is None:
        return
    try:
        commitment = bytes.fromhex(parse_envelope(half.envelope).commitment)
    except ValueError:
        raise ProofBrokenError(f"the bytes of entry {entry.number} are not those of an entry") from None
    if half.salt is None or not meets(commitment, half.salt, entry.sealed):
        raise ProofBrokenError(f"the content of entry {entry.number} is not what it commits to")


def _introduces(entry: Seen) -> bool:
    body = entry.body.get("observation", entry.body)
    is_naming = isinstance(body, Mapping) and bool(body.get("people"))
    return entry.is_visible and (is_naming or entry.kind in ("link", "unlink"))
