"""Which people of a child's record are known in other children's records, as one reader may know it.

Of the other record nothing is told but whom to ring. Its id stands beside that for those who may read it anyway. That a
link is there is told to whoever sees the entry that says so, at the point that is asked for.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.person import Links
from ledger.domain.role import Right
from ledger.services.find_as_of import PointAsked
from ledger.services.gather_people import KINDS, gather_people
from ledger.services.past import Past, open_past
from ledger.services.reach import reaches
from ledger.services.ring_elsewhere import Rings, as_ring, auditing, rings_for, word_elsewhere
from ledger.services.see import Reader, Seen
from ledger.store.adults import Said, of_records
from ledger.store.people import Agency, desks_of, directory
from ledger.store.timeline import by_number, of_all

#: What the access records call it.
LOOK = "adults"


def read_adults(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: PointAsked,
    *,
    pack: Pack,
    chance: Chance,
    auditor: Engine | None,
) -> dict[str, Any]:
    """The people of a record who are known in others, each with where. Writes the access record.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what=LOOK, chance=chance)
    stored = of_all(connection, record_id, KINDS, past.point.number)
    links = gather_people((past.look(entry) for entry in stored), pack).people_links
    found = known_elsewhere(past, links, pack, auditor)
    return past.head() | {"adults": [{"person": name, "elsewhere": found[name]} for name in sorted(found)]}


def known_elsewhere(past: Past, links: Links, pack: Pack, auditor: Engine | None) -> dict[str, list[dict[str, Any]]]:
    """Of each person of a record, by the name that these links give, where else they are known, in order of entries.

    Cost: one query where nobody is known elsewhere.
    """
    said = [one for one in of_records(past.connection, [past.record_id]) if stands(one, past.point.number)]
    seen = seen_of(past, said)
    said = [one for one in said if one.number in seen]
    if not said:
        return {}
    with auditing(past.connection, past.reader, auditor) as auditors:
        rings = _rings(past.connection, auditors, pack, said)
    open_to = {
        other for other in {one.other for one in said} if reaches(past.connection, past.reader, other, Right.READ)
    }
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in said:
        if (agency := rings.of(one)) is not None:
            found[links.name_of(one.person)].append(_told(past.pseudonym, one, agency, open_to))
    return dict(found)


def stands(said: Said, number: int) -> bool:
    """Whether it was said by entry `number` that the two are one, and was not taken back by then."""
    return not said.is_apart and said.number <= number and (said.ended is None or said.ended > number)


def seen_of(past: Past, said: Iterable[Said]) -> dict[int, Seen]:
    """The entries that say so, of which the reader sees anything, by number."""
    places = {(past.record_id, one.number) for one in said}
    looked = (past.look(entry) for entry in by_number(past.connection, places)) if places else ()
    return {entry.number: entry for entry in looked if entry.is_visible}


def _rings(connection: Connection, auditors: Connection | None, pack: Pack, said: Collection[Said]) -> Rings:
    """Whom to ring; where nobody may look who leads, the desks."""
    others = {one.other for one in said}
    if auditors is not None:
        return rings_for(auditors, pack, others)
    agencies, desks = directory(connection), desks_of(connection, others)
    there = frozenset((one.other, one.adult) for one in said)
    return Rings({record_id: agencies[desk] for record_id, desk in desks.items()}, there)


def _told(pseudonym: str, said: Said, ring: Agency, open_to: Collection[UUID]) -> dict[str, Any]:
    return {
        "adult": said.adult,
        "entry": entry_id(pseudonym, said.number),
        "agency": said.agency,
        "since": written_time(said.at),
        "words": word_elsewhere(ring),
        "ring": [as_ring(ring)],
        **({"other": str(said.other)} if said.other in open_to else {}),
    }
