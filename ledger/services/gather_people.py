"""What the entries that one reader sees say of people and things: who is named, and what has joined them.

Only whole entries are looked at. An entry that was corrected or voided tells nothing any more, but a role that it
declared goes on joining until an unlink, as it does in detection.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, TypeVar

from ledger.domain.claim import Claim, observation_of
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD, LinkFact, Links, declared_roles, person_key, thing_key
from ledger.services.kept_words import KEPT
from ledger.services.see import Seen, Sight

#: The kinds of entries that name people and things, or join them.
KINDS = ("child", "observation", "contact", "correction", "allegation", "link", "unlink")
#: Attributes that are no claim of anybody's, but what an entry says besides its claims.
_OF_ENTRIES = "entry:"
#: What an agency may declare of who somebody is.
SAYING_WHO = ("role", "name", "born", "description")
_JOINING = frozenset({"link", "unlink"})
_OBSERVING = frozenset({"observation", "contact", "correction"})
#: The attribute by which an agency says that two people are one, which is a claim and no link.
_SAME = "same_person_as"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Declared:
    """Who an entry says somebody is, as it was sent."""

    entry: Seen
    key: str
    sent: Mapping[str, Any]


@dataclass(slots=True)
class Person:
    """One person as links have it: `name` is the key by which they are compared."""

    name: str
    keys: set[str] = field(default_factory=set)
    declared: list[Declared] = field(default_factory=list)
    #: The claims about them.
    claims: list[Claim] = field(default_factory=list)


@dataclass(slots=True)
class Thing:
    """One injury, incident, allegation or other thing, and the claims on it."""

    name: str
    keys: set[str] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    """Everybody and everything that the entries name. `parted` are pairs of names that are known to be two."""

    people: dict[str, Person] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    #: Each entry that joins or takes apart, with what it does.
    facts: list[tuple[Seen, LinkFact]] = field(default_factory=list)
    people_links: Links = field(default_factory=Links)
    thing_links: Links = field(default_factory=Links)
    parted: set[frozenset[str]] = field(default_factory=set)
    #: Pairs of names of which a claim says that they are one, where no link does.
    said_one: set[frozenset[str]] = field(default_factory=set)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, what: str, work_out: Callable[[], _T]) -> _T:
        """What is worked out of all this under the pack that it was gathered by, once: nobody may change it."""
        if what not in self._kept:
            self._kept[what] = work_out()
        found: _T = self._kept[what]
        return found

    def firsts_of(self, name: str) -> list[Declared]:
        """What was declared of somebody, of what an agency says again in the same words the first."""
        return self.once(f"firsts of {name}", lambda: _firsts(self.people[name].declared))

    def facts_on(self, sort: str, keys: Collection[str]) -> list[tuple[Seen, LinkFact]]:
        """Those that join, or take apart, any of these keys of people or of things, in order."""
        by_key = self.once("facts by key", self._facts_by_key)
        places = {place for key in keys for place in by_key.get((sort, key), ())}
        return [self.facts[place] for place in sorted(places)]

    def _facts_by_key(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for place, (_, fact) in enumerate(self.facts):
            for key in fact.keys:
                found.setdefault((fact.sort, key), []).append(place)
        return found


def _firsts(declared: Iterable[Declared]) -> list[Declared]:
    found: dict[str, Declared] = {}
    for one in declared:
        said = [one.sent[part] if isinstance(one.sent.get(part), str) else None for part in SAYING_WHO]
        found.setdefault(repr((one.entry.agency, one.key, said)), one)
    return list(found.values())


def gather_people(entries: Iterable[Seen], pack: Pack) -> Gathered:
    """What these entries say, in their order. Nobody may change it: it is kept where all of them are seen whole."""
    whole = list[Seen]()
    for entry in entries:
        if entry.is_visible:
            if entry.kind in KINDS:
                whole.append(entry)
        elif entry.sight is Sight.ERASED:
            KEPT.let_go(entry.hash)
    return KEPT.view_of("people", pack, whole, lambda: _gathered(whole, pack))


def _gathered(whole: Sequence[Seen], pack: Pack) -> Gathered:
    found = Gathered()
    found.facts = [(_told_by(entry), fact) for entry in whole for fact in KEPT.gist_of(entry).links]
    found.people_links = Links.of(fact for _, fact in found.facts if fact.sort == "people")
    found.thing_links = Links.of(fact for _, fact in found.facts if fact.sort == "things")
    _Gathering(found, pack).take(whole)
    return found


def _told_by(entry: Seen) -> Seen:
    """An entry without what its sender calls it, which is for its reader; and unless it says why, without its words."""
    body = {name: entry.body[name] for name in ("reason",) if name in entry.body} if entry.kind in _JOINING else {}
    return replace(entry, event_id=None, body=body, disputes=())


class _Gathering:
    def __init__(self, found: Gathered, pack: Pack) -> None:
        self._found = found
        self._things_needed = {name for name, attribute in pack.attributes.items() if attribute.thing == "required"}
        self._people_valued = {name for name, attribute in pack.attributes.items() if attribute.type == "person"}

    def take(self, entries: Iterable[Seen]) -> None:
        self._person(CHILD)
        for entry in entries:
            if entry.withdrawn_by is None:
                self._take(entry)
        for _, fact in self._found.facts:
            self._take_fact(fact)

    def _take(self, entry: Seen) -> None:
        gist, side_by_side = KEPT.gist_of(entry), dict[str, set[str]]()
        people = side_by_side.setdefault("people", set())
        told_by = _told_by(entry) if gist.declared else entry
        for sent in gist.declared:
            key = person_key(sent["ref"], entry.agency)
            person = self._person(key, entry.agency)
            person.declared.append(Declared(told_by, key, sent))
            people.add(person.name)
        for attribute, key in gist.named:
            if attribute is None or attribute in self._people_valued:
                people.add(self._person(key, entry.agency).name)
        said_one: set[frozenset[str]] = set()
        for claim in self._claims(entry):
            person = self._person(claim.about, entry.agency)
            person.claims.append(claim)
            if claim.attribute == _SAME:
                roles = declared_roles(observation_of(str(entry.kind), entry.body) or {})
                said_one |= {frozenset({person.name, name}) for name in self._same_as(claim, roles)}
            for key in self._things_of(claim):
                thing = self._thing(key)
                thing.claims.append(claim)
                side_by_side.setdefault("things", set()).add(thing.name)
        if entry.kind == "allegation" and isinstance(entry.body.get("thing"), str):
            self._thing(thing_key(entry.body["thing"], entry.agency))
        for names in side_by_side.values():
            self._found.parted |= {frozenset(pair) for pair in combinations(names, 2)} - said_one
        self._found.said_one |= {pair for pair in said_one if len(pair) > 1}

    def _same_as(self, claim: Claim, roles: Mapping[str, str]) -> Iterator[str]:
        """The names of those whom a claim says to be the one that it is about."""
        value = claim.value or ""
        sent = json.loads(value) if value.startswith("{") else {"is": value}
        if isinstance(sent.get("is"), str) and sent["is"]:
            yield self._person(person_key(sent["is"], claim.agency, roles), claim.agency).name

    def _take_fact(self, fact: LinkFact) -> None:
        """Whom a link names is there; whom an unlink has said to be two stays so."""
        take = self._person if fact.sort == "people" else self._thing
        names = {take(key).name for key in fact.keys}
        if fact.is_unlink:
            self._found.parted |= {frozenset(pair) for pair in combinations(names, 2)}

    def _claims(self, entry: Seen) -> Iterator[Claim]:
        if entry.kind not in _OBSERVING:
            return
        for claim in KEPT.gist_of(entry).claims:
            if not claim.attribute.startswith(_OF_ENTRIES) and not claim.was_met:
                yield claim

    def _things_of(self, claim: Claim) -> list[str]:
        """The thing that a claim is on: where it must be on one and names none, the entry's own."""
        if claim.thing is not None:
            return [claim.thing]
        return [f"{claim.agency}/entry-{claim.number}"] if claim.attribute in self._things_needed else []

    def _person(self, key: str, agency: str = "") -> Person:
        links = self._found.people_links
        own = f"{agency}/{key}"
        key = own if own in links.detached else key
        name = links.name_of(key)
        person = self._found.people.setdefault(name, Person(name))
        person.keys.add(key)
        return person

    def _thing(self, key: str) -> Thing:
        name = self._found.thing_links.resolve(key, "")
        thing = self._found.things.setdefault(name, Thing(name))
        thing.keys.add(key)
        return thing
