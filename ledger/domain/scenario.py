"""One child's record as a file tells it: what each agency posted and when, and what should be found.

A scenario is read once, checked whole, and never changed. Who its people are, and which people and things are the same
for several agencies, becomes entries before its first entry, so that whoever runs it, with a server or without one,
starts from the same record.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final, get_args

from ledger.domain.calendar import Nation
from ledger.domain.civil_day import civil_date
from ledger.domain.finding import Kind
from ledger.domain.mention import Mention, declared_in, mentions_in

KINDS: Final[frozenset[str]] = frozenset(get_args(Kind))
#: Kinds that are about what is not there: matched by what they are about and their topic.
ABSENCES: Final = frozenset({"gap", "expectation"})
SEVERITIES: Final = ("high", "medium", "low")
#: Roles that one person of a record holds; their names mean the same to all agencies.
ONE_PERSON_ROLES: Final = frozenset({"mother", "father"})
CHILD: Final = "child"
SHARED_REFS: Final = frozenset({CHILD, *ONE_PERSON_ROLES})
#: What stands for nobody of the record, where entries say who told something.
NOBODY: Final = frozenset({"anonymous", "nobody", "unknown", "author"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom entries refer to."""

    ref: str
    role: str | None = None
    name: str | None = None
    born: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """One that posts, and the people whom only it knows by these references."""

    ref: str
    kind: str
    name: str | None = None
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioEntry:
    """What one agency posted: its kind, and the body in the form in which it is posted."""

    id: str
    at: datetime
    agency: str
    kind: str
    body: Mapping[str, Any]
    line: int


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that should be raised, by the end of a day, resting on these entries."""

    kind: str
    rests_on: tuple[str, ...]
    by: datetime | None
    severity: str | None
    about: str | None
    topic: str | None
    why: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """Entries that no finding may set against each other."""

    rests_on: tuple[str, ...]
    why: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """One record's history, its entries in order of time."""

    name: str
    source: str
    nation: Nation
    child: Mapping[str, Any]
    people: tuple[Person, ...]
    agencies: tuple[Agency, ...]
    lead: Mapping[str, Any] | None
    entries: tuple[ScenarioEntry, ...]
    until: datetime
    expect: tuple[Expected, ...]
    reject: tuple[Rejected, ...]

    @property
    def starts_at(self) -> datetime:
        """When the record begins: with its first entry."""
        return self.entries[0].at

    @property
    def registrar(self) -> str:
        """The agency that registers the child: the lead's, or else the first to post."""
        return str(self.lead["agency"]) if self.lead is not None else self.entries[0].agency


def opening_steps(scenario: Scenario) -> list[tuple[str, str, Mapping[str, Any]]]:
    """What comes before the first entry, as (agency, kind, body): the child, the lead, who is who, and the links."""
    registrar = scenario.registrar
    child = {key: value for key, value in scenario.child.items() if key != "ref"}
    steps: list[tuple[str, str, Mapping[str, Any]]] = [(registrar, "child", child)]
    if scenario.lead is not None:
        steps.append((registrar, "lead", scenario.lead))
    named = {agency.ref: _named_by(scenario, agency) for agency in scenario.agencies}
    steps += [(agency, "observation", _introduction(scenario, people)) for agency, people in named.items() if people]
    reason = "Known to be the same when the record begins."
    linked = [("people", refs) for refs in _linked_people(scenario, named)]
    linked += [("things", refs) for refs in _linked_things(scenario)]
    return [*steps, *((registrar, "link", {sort: refs, "reason": reason}) for sort, refs in linked)]


def _introduction(scenario: Scenario, people: Iterable[Person]) -> Mapping[str, Any]:
    """The observation in which an agency says who those are whom its entries will name."""
    told = [{part: value for part, value in asdict(person).items() if value is not None} for person in people]
    return {
        "observed": civil_date(scenario.starts_at).isoformat(),
        "statement": "fact",
        "narrative": "Known when the record begins.",
        "people": told,
    }


def _named_by(scenario: Scenario, agency: Agency) -> list[Person]:
    """Whom the agency's entries name by references of its own, but for those whom they introduce themselves."""
    words = {word for entry in scenario.entries for word in _words(entry) if entry.agency == agency.ref}
    words |= {
        word.removeprefix(f"{agency.ref}/") for entry in scenario.entries for word in _words(entry) if "/" in word
    }
    introduced = {
        person["ref"]
        for entry in scenario.entries
        if entry.agency == agency.ref
        for person in declared_in(entry.kind, entry.body)
    }
    shared = [_with_role(person, scenario) for person in _shared_people(scenario) if not _is_own(agency, person.ref)]
    own = [_apart(person) for person in agency.people]
    known = [person for person in (*shared, *own) if person.ref in words]
    named = {mention.ref for entry in scenario.entries for mention in _mentions(entry, agency)}
    strangers = named - {person.ref for person in known} - introduced - SHARED_REFS - NOBODY
    return [*known, *(Person(ref) for ref in sorted(strangers))]


def _shared_people(scenario: Scenario) -> list[Person]:
    """The scenario's people, and the child where entries call it by its reference instead of as the child."""
    ref = scenario.child.get("ref")
    people = [person for person in scenario.people if person.ref not in SHARED_REFS or _is_described(person)]
    named = {word for entry in scenario.entries for word in _words(entry)}
    is_named = ref is not None and ref in named and all(person.ref != ref for person in people)
    return [*people, Person(str(ref), CHILD)] if is_named else people


def _is_described(person: Person) -> bool:
    return bool(person.name or person.born or person.description)


def _with_role(person: Person, scenario: Scenario) -> Person:
    """The person as introduced: of several who are given a role that one holds, none is said to be the one."""
    holders = sum(other.role == person.role for other in scenario.people)
    return person if holders <= 1 else _apart(person)


def _apart(person: Person) -> Person:
    return replace(person, role=f"said to be the {person.role}") if person.role in ONE_PERSON_ROLES else person


def _mentions(entry: ScenarioEntry, agency: Agency) -> Iterator[Mention]:
    if entry.agency == agency.ref:
        yield from mentions_in(entry.kind, entry.body, ())


def _words(entry: ScenarioEntry) -> Iterator[str]:
    """Every text of an entry, among them all by which it may name somebody."""
    return _texts(entry.body)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _linked_people(scenario: Scenario, named: Mapping[str, Iterable[Person]]) -> Iterator[list[str]]:
    holders = Counter(person.role for person in scenario.people)
    for person in _shared_people(scenario):
        if person.ref in SHARED_REFS:
            continue
        keys = [
            f"{agency.ref}/{person.ref}"
            for agency in scenario.agencies
            if not _is_own(agency, person.ref) and person.ref in {one.ref for one in named[agency.ref]}
        ]
        if person.role == CHILD or (person.role in ONE_PERSON_ROLES and holders[person.role] == 1):
            keys.append(str(person.role))
        if len(keys) > 1:
            yield keys


def _is_own(agency: Agency, ref: str) -> bool:
    return any(person.ref == ref for person in agency.people)


def _linked_things(scenario: Scenario) -> Iterator[list[str]]:
    users: dict[str, list[str]] = {}
    for entry in scenario.entries:
        for thing in things_named(entry):
            agencies = users.setdefault(thing, [])
            if entry.agency not in agencies:
                agencies.append(entry.agency)
    for thing, agencies in users.items():
        if len(agencies) > 1:
            yield [f"{agency}/{thing}" for agency in agencies]


def things_named(entry: ScenarioEntry) -> Iterator[str]:
    """The things that an entry speaks of, by its agency's own keys for them."""
    yield from (claim["thing"] for claim in _claims(entry) if "thing" in claim)
    if "thing" in entry.body:
        yield entry.body["thing"]


def _claims(entry: ScenarioEntry) -> Iterator[Mapping[str, Any]]:
    body = entry.body.get("observation", entry.body) if entry.kind == "correction" else entry.body
    written = [*body.get("claims", ()), *body.get("relies_on", ())]
    return (claim for claim in written if isinstance(claim, Mapping))
