"""One child's record as a file tells it: what each agency posted and when, and what should be found.

A scenario is read once, checked whole, and never changed. What it says of people and things that are the same for
several agencies becomes link entries before its first entry, so that whoever runs it, with a server or without one,
starts from the same record.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ledger.domain.calendar import Nation

KINDS: Final = frozenset(
    {
        "contradiction",
        "same_informant",
        "overtaken",
        "identity",
        "explanation",
        "concern",
        "passing_on",
        "uncorroborated",
        "gap",
        "expectation",
        "pattern",
        "decision_basis",
    }
)
#: Kinds that are about what is not there: matched by what they are about and their topic.
ABSENCES: Final = frozenset({"gap", "expectation"})
SEVERITIES: Final = ("high", "medium", "low")
#: Roles that one person of a record holds; their names mean the same to all agencies.
ONE_PERSON_ROLES: Final = frozenset({"mother", "father"})
CHILD: Final = "child"
SHARED_REFS: Final = frozenset({CHILD, *ONE_PERSON_ROLES})


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
    """What comes before the first entry, as (agency, kind, body): the child, the lead, and the links."""
    registrar = scenario.registrar
    child = {key: value for key, value in scenario.child.items() if key != "ref"}
    steps: list[tuple[str, str, Mapping[str, Any]]] = [(registrar, "child", child)]
    if scenario.lead is not None:
        steps.append((registrar, "lead", scenario.lead))
    reason = "Known to be the same when the record begins."
    linked = [("people", refs) for refs in _linked_people(scenario)]
    linked += [("things", refs) for refs in _linked_things(scenario)]
    return [*steps, *((registrar, "link", {sort: refs, "reason": reason}) for sort, refs in linked)]


def _linked_people(scenario: Scenario) -> Iterator[list[str]]:
    holders = Counter(person.role for person in scenario.people)
    for ref, role in [(person.ref, person.role) for person in scenario.people] + _child_by_ref(scenario):
        if ref in SHARED_REFS:
            continue
        keys = [f"{agency.ref}/{ref}" for agency in scenario.agencies if not _is_own(agency, ref)]
        if role == CHILD or (role in ONE_PERSON_ROLES and holders[role] == 1):
            keys.append(str(role))
        if len(keys) > 1:
            yield keys


def _child_by_ref(scenario: Scenario) -> list[tuple[str, str | None]]:
    """The child, where entries call it by its reference in the scenario instead of as the child."""
    ref = scenario.child.get("ref")
    named = {claim.get("about") for entry in scenario.entries for claim in _claims(entry)}
    return [(str(ref), CHILD)] if ref is not None and ref in named else []


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
