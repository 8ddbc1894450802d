"""Whom and what of a record somebody should look at, because two of them may be one. Nothing is joined by it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger.domain.claim import Claim
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.likeness import Likeness, best_first
from ledger.domain.pack import Pack
from ledger.domain.person import ONE_PERSON_ROLES
from ledger.domain.person_match import Known
from ledger.domain.person_match import propose_people as match_people
from ledger.domain.thing_match import Injury, Trait, propose_injuries
from ledger.domain.valid_time import ValidTime
from ledger.services.gather_people import Gathered, Person, Thing

#: Attributes by which agencies say who somebody is, where the pack has them.
_NAMED_BY = "name_used"
_BORN_BY = "date_of_birth"
_KIN_BY = "relationship_to_child"
#: What it is worth that an agency says so, and has not linked them.
_SAID = 0.8
#: Attributes of an injury.
_INJURY = "injury"
_SITE = "injury_site"
#: The value by which an agency says that there was no injury.
_NONE = "none"


def propose_people(found: Gathered, pack: Pack) -> list[Likeness]:
    """The people who may be one, likeliest first."""

    def compare() -> list[Likeness]:
        known = known_people(found, pack).values()
        return best_first([*_said_to_be_one(found), *match_people(known, found.parted | found.said_one)])

    return found.once("likely people", compare)


def known_people(found: Gathered, pack: Pack) -> Mapping[str, Known]:
    """Everybody as what is seen of a record describes them, by the name under which they are compared."""
    return found.once("known", lambda: {name: known_of(person, pack) for name, person in found.people.items()})


def _said_to_be_one(found: Gathered) -> Iterator[Likeness]:
    for pair in found.said_one - found.parted:
        one, other = sorted(pair)
        yield Likeness(one, other, _SAID, ("an agency says that they are one",))


def propose_things(found: Gathered, pack: Pack) -> list[Likeness]:
    """The injuries that may be one, likeliest first."""

    def compare() -> list[Likeness]:
        injuries = [_injury(thing, pack, found) for thing in found.things.values() if _is_injury(thing)]
        return propose_injuries(injuries, found.parted)

    return found.once("likely things", compare)


def known_of(person: Person, pack: Pack) -> Known:
    """One person as what is seen of a record describes them."""
    sent = [declared.sent for declared in person.declared]
    places = {name for name, attribute in pack.attributes.items() if attribute.type == "place"}
    own_role = [person.name] if person.name in ONE_PERSON_ROLES else []
    return Known(
        person.name,
        names=_texts([one.get("name") for one in sent], _values(person, _NAMED_BY)),
        born=_texts([one.get("born") for one in sent], _values(person, _BORN_BY)),
        roles=_texts(own_role, [one.get("role") for one in sent], _values(person, _KIN_BY)),
        places=_texts(claim.value for claim in person.claims if claim.attribute in places),
        descriptions=_texts(one.get("description") for one in sent),
        agencies=_agencies(person.keys),
    )


def _injury(thing: Thing, pack: Pack, found: Gathered) -> Injury:
    about = {found.people_links.resolve(claim.about, claim.agency) for claim in thing.claims}
    return Injury(
        thing.name,
        min(about, default=""),
        types=_traits(thing, _INJURY, pack),
        sites=_traits(thing, _SITE, pack),
        when=tuple(when for claim in thing.claims if claim.attribute in {_INJURY, _SITE} for when in _when(claim)),
        agencies_own=_agencies(key for key in thing.keys if "/entry-" not in key),
    )


def _is_injury(thing: Thing) -> bool:
    said = [claim.value for claim in thing.claims if claim.attribute in {_INJURY, _SITE}]
    return any(value is not None and value != _NONE for value in said)


def _traits(thing: Thing, attribute: str, pack: Pack) -> tuple[Trait, ...]:
    known = pack.attributes.get(attribute)
    masks = known.values if known is not None and known.type == "state" else {}
    said = dict.fromkeys(
        (claim.value, claim.item if attribute == _SITE else None)
        for claim in thing.claims
        if claim.attribute == attribute and claim.value and claim.value != _NONE
    )
    return tuple(Trait(value, masks.get(value, 0), side) for value, side in said)


def _when(claim: Claim) -> Iterator[ValidTime]:
    try:
        yield parse(claim.valid, observed=observed_bounds(claim.observed))
    except EdtfError:
        return


def _values(person: Person, attribute: str) -> list[str | None]:
    return [claim.value for claim in person.claims if claim.attribute == attribute and claim.counterpart is None]


def _texts(*sources: Iterable[Any]) -> tuple[str, ...]:
    """Every text among these, once, in order."""
    texts = [text for source in sources for text in source]
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str) and text.strip()))


def _agencies(keys: Iterable[str]) -> frozenset[str]:
    """The agencies among the keys that are an agency's own."""
    return frozenset(key.partition("/")[0] for key in keys if "/" in key)
