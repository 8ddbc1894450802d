"""A record as one reader sees it at one point, read whole: its entries, and its claims as rules read them.

What the reader may not see is in none of it; who holds something of that is said by `word_withheld` of the entries that
stand. Cost: that of reading the record once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.domain.facts import Facts
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from ledger.services.past import Past, names_in
from ledger.services.read_picture import claims_seen, links_seen
from ledger.services.see import Seen
from ledger.services.word_claim import Wording, wording_of
from ledger.store.people import Agency, surroundings_of
from ledger.store.timeline import StoredEntry, of_agencies


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
    connection, record_id = past.connection, past.record_id
    stored = of_agencies(connection, record_id, past.point.number)
    return look_over(past, stored, surroundings_of(connection, [record_id])[record_id], pack, directory)


def look_over(
    past: Past,
    stored: Iterable[StoredEntry],
    around: Surroundings,
    pack: Pack,
    directory: Mapping[str, Agency] | None = None,
) -> SeenRecord:
    """The same of entries that were read already; of those after the point of ``past`` it knows nothing."""
    seen = [past.look(entry) for entry in stored if entry.number <= past.point.number]
    standing = [entry for entry in seen if entry.withdrawn_by is None]
    state = RecordState(
        str(past.record_id),
        around,
        people=links_seen(seen, "people"),
        things=links_seen(seen, "things"),
    )
    facts = Facts(state.under(pack).adding(claims_seen(standing)), pack)
    return SeenRecord(past, seen, standing, facts, wording_of(standing, names_in(directory or {})))
