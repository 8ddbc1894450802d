"""Compare the adults of all records of each partnership, and keep who may be one for people to look at.

The machine looks at whole records, as detection does. What it keeps are references, no reason and no name; whoever asks
is shown only what still looks alike by what they may see themselves (`ledger.services.read_adult_proposals`). It links
nobody: that takes an entry of somebody who may read both records.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, select

from ledger.domain.adult_match import Adult, Alike, Compared, Who, is_adult, propose_adults
from ledger.domain.pack import Pack
from ledger.domain.person import Links
from ledger.services.gather_adults import adults_in, settled
from ledger.services.gather_people import KINDS, gather_people
from ledger.services.see import Reader, eyes_over
from ledger.store.adults import Proposed, keep_proposals, of_records
from ledger.store.clock import now
from ledger.store.database import SYSTEM, transaction
from ledger.store.tables import heads
from ledger.store.timeline import of_all, withdrawn

#: How two people were found to be alike.
COMPARISON: Final = "comparison"
#: How somebody watches it: the same things one by one, with how many there are.
Watch = Callable[[Iterable["Place"], int], Iterable["Place"]]
#: What makes proposals of adults, less the pairs that are settled.
Way = Callable[[list[Adult], set[frozenset[Who]]], Compared]


@dataclass(frozen=True, slots=True)
class Place:
    """A child's record: of which partnership, and its newest number."""

    record_id: UUID
    partnership: str
    number: int


@dataclass(slots=True)
class Done:
    """How many records and adults were gone through, how many pairs looked at, and what was proposed."""

    records: int = 0
    adults: int = 0
    pairs: int = 0
    too_common: int = 0
    likely: int = 0
    possible: int = 0


@dataclass(slots=True)
class _Partnership:
    """What was gathered of one partnership's records."""

    adults: list[Adult] = field(default_factory=list)
    links: dict[UUID, Links] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)


def compare_all(
    engine: Engine,
    pack: Pack,
    *,
    watch: Watch = lambda places, _total: places,
    way: tuple[str, Way] = (COMPARISON, propose_adults),
) -> Done:
    """Go through every record and keep what is proposed in the place of what was. `engine` is the worker's.

    Each record is read in a transaction of its own: posts go on meanwhile. A run that breaks off keeps what there was.
    """
    done, gathered = Done(), dict[str, _Partnership]()
    for place in watch(list(places := _places(engine)), len(places)):
        _gather(engine, pack, place, gathered.setdefault(place.partnership, _Partnership()))
        done.records += 1
    name, compare = way
    found: list[Proposed] = []
    with transaction(engine, party=SYSTEM) as connection:
        for one in gathered.values():
            done.adults += len(one.adults)
            said = of_records(connection, one.links.keys())
            compared = compare(one.adults, settled(said, one.links))
            done.pairs += compared.pairs
            done.too_common += compared.too_common
            found += (_proposed(alike, name) for alike in compared.found)
            done.likely += sum(alike.level == "likely" for alike in compared.found)
            done.possible += sum(alike.level == "possible" for alike in compared.found)
        through = [(place.record_id, place.number) for one in gathered.values() for place in one.places]
        keep_proposals(connection, name, through, found, now(connection))
    return done


def _places(engine: Engine) -> list[Place]:
    query = select(heads.c.record_id, heads.c.partnership_id, heads.c.head_seq).where(heads.c.kind == "child")
    with transaction(engine, party=SYSTEM) as connection:
        return [Place(*row) for row in connection.execute(query.order_by(heads.c.record_id))]


def _gather(engine: Engine, pack: Pack, place: Place, into: _Partnership) -> None:
    with transaction(engine, party=SYSTEM) as connection:
        adults, links = _adults_of(connection, pack, place)
    into.adults += adults
    into.links[place.record_id] = links
    into.places.append(place)


def _adults_of(connection: Connection, pack: Pack, place: Place) -> tuple[Iterator[Adult] | list[Adult], Links]:
    eyes = eyes_over(Reader(SYSTEM), withdrawn(connection, [place.record_id]), ())
    stored = of_all(connection, place.record_id, KINDS, place.number)
    found = gather_people((eyes.look(entry) for entry in stored), pack)
    adults = [one for one in adults_in(found, place.record_id, pack) if is_adult(one.known)]
    return adults, found.people_links


def _proposed(alike: Alike, way: str) -> Proposed:
    one, other = alike.one, alike.other
    return Proposed(UUID(one.record), one.key, UUID(other.record), other.key, way, alike.score)
