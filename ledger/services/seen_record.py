"""A record as one reader sees it at one point, read whole: its entries, and its claims as rules read them.

What the reader may not see is in none of it; who holds something of that is said by `word_withheld` of the entries that
stand. Cost: that of reading the record once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.domain.facts import Facts
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from ledger.services.kept_words import KEPT, wording_of_kept
from ledger.services.past import Past, names_in
from ledger.services.read_picture import both_links, claims_seen
from ledger.services.see import Seen
from ledger.services.word_claim import Wording
from ledger.store.people import Agency, surroundings_of
from ledger.store.timeline import StoredEntry


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """``seen`` are all entries of agencies, ``standing`` those that nobody withdrew; ``facts`` are of these."""

    past: Past
    seen: Sequence[Seen]
    standing: Sequence[Seen]
    facts: Facts
    wording: Wording


def look_through(past: Past, pack: Pack, directory: Mapping[str, Agency] | None = None) -> SeenRecord:
    """The record at the point that ``past`` was opened at. The access record is that of `open_past`."""
    around = surroundings_of(past.connection, [past.record_id])[past.record_id]
    return _of(past, past.seen(), around, pack, directory)


def look_over(
    past: Past,
    stored: Iterable[StoredEntry],
    around: Surroundings,
    pack: Pack,
    directory: Mapping[str, Agency] | None = None,
) -> SeenRecord:
    """The same of entries that were read already; of those after the point of ``past`` it knows nothing."""
    seen = [past.look(entry) for entry in stored if entry.number <= past.point.number]
    return _of(past, seen, around, pack, directory)


def _of(
    past: Past,
    seen: Sequence[Seen],
    around: Surroundings,
    pack: Pack,
    directory: Mapping[str, Agency] | None,
) -> SeenRecord:
    standing = [entry for entry in seen if entry.withdrawn_by is None]
    people, things = both_links(seen)
    state = RecordState(
        str(past.record_id),
        around,
        people=people,
        things=things,
    )
    facts = KEPT.facts_of(state, claims_seen(standing), pack)
    return SeenRecord(past, seen, standing, facts, wording_of_kept(standing, names_in(directory or {})))
