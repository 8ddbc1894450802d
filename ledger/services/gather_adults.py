"""The adults of a record as its entries describe them, to be compared with those of others; and of whom it was said."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from ledger.domain.adult_match import Adult, Who
from ledger.domain.pack import Pack
from ledger.domain.person import Links
from ledger.services.gather_people import Gathered, Person
from ledger.services.propose_people import known_people
from ledger.store.adults import Said


def adults_in(found: Gathered, record_id: UUID, pack: Pack) -> Iterator[Adult]:
    """The people of a record."""
    known = known_people(found, pack)
    numbers = found.once("numbers", lambda: {name: _numbers(person) for name, person in found.people.items()})
    for name in found.people:
        yield Adult(str(record_id), known[name], numbers[name])


def _numbers(person: Person) -> frozenset[str]:
    sent = (declared.sent.get("nhs_number") for declared in person.declared)
    return frozenset("".join(filter(str.isdigit, number)) for number in sent if isinstance(number, str))


def settled(said: Iterable[Said], links: Mapping[UUID, Links]) -> set[frozenset[Who]]:
    """The pairs of whom somebody said what they are, by rows of both their records: one, two, or not one after all.

    Only that two are two, where that was taken back, leaves them to be proposed again.
    """
    sides: dict[str, list[Said]] = {}
    for one in said:
        if not (one.is_apart and one.ended is not None):
            sides.setdefault(one.adult, []).append(one)
    return {
        frozenset(Who(str(one.record_id), links[one.record_id].name_of(one.person)) for one in both)
        for both in sides.values()
        if all(one.record_id in links for one in both)
    }
