"""A scenario's entries as steps of the fold, and back: from numbers and keys to the scenario's own names."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from ledger.domain.claim import Claim, Ref
from ledger.domain.entry import entry_id
from ledger.domain.entry_names import with_entries
from ledger.domain.event import EntryStep, claims_in
from ledger.domain.finding import Basis
from ledger.domain.person import Links
from ledger.domain.question import Question
from ledger.domain.record_state import RecordState, Surroundings
from ledger.domain.rule import Rule
from ledger.domain.scenario import CHILD, ONE_PERSON_ROLES, Agency, Scenario, ScenarioEntry, opening_steps
from ledger.services.see import Seen, Sight
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_observed
from ledger.services.word_finding import first_sentence, word_headline
from ledger.services.word_manner import Side, manner_of

#: A scenario's record has no secret to keep: its entries are named as a ledger would name them.
_PSEUDONYM = "a" * 26
_RECORD = UUID(int=0)
_TICK = timedelta(microseconds=1)

#: An entry by its id and a claim by its place in it; None is the whole entry.
Refused = tuple[str, int | None]


class ScenarioSteps:
    """The steps of a scenario, less what a ledger would have refused; and names for what comes of them."""

    def __init__(self, scenario: Scenario, refused: AbstractSet[Refused] = frozenset()) -> None:
        self._scenario = scenario
        opening = opening_steps(scenario)
        self._first = len(opening) + 1
        self._numbers = {entry.id: number for number, entry in enumerate(scenario.entries, self._first)}
        self._names = {name: entry_id(_PSEUDONYM, number) for name, number in self._numbers.items()}
        begins = scenario.starts_at - (len(opening) + 1) * _TICK
        self.entries = [
            EntryStep(n, begins + n * _TICK, kind, agency, body) for n, (agency, kind, body) in enumerate(opening, 1)
        ]
        for entry in scenario.entries:
            if (entry.id, None) not in refused:
                step = self._step(entry, refused)
                # As a ledger has it: no two entries of a record have one time.
                last = self.entries[-1].at if self.entries else entry.at - _TICK
                self.entries.append(replace(step, at=max(entry.at, last + _TICK)))
        self._by_number = {step.number: step for step in self.entries}
        self._claims: dict[Ref, Claim] = {}
        for step in self.entries:
            for claim in claims_in(step):
                self._claims.setdefault(claim.ref, claim)
        shared = Counter(agency.kind for agency in scenario.agencies if agency.name is None)
        names = {agency.ref: agency.name or _called(agency, shared[agency.kind]) for agency in scenario.agencies}
        self._wording = Wording(agencies=names, people=dict(self._labels()))

    @property
    def beginning(self) -> RecordState:
        """The record before its first entry."""
        kinds = {agency.ref: agency.kind for agency in self._scenario.agencies}
        return RecordState(record=self._scenario.name, around=Surroundings(self._scenario.nation, kinds))

    def ids(self, refs: Sequence[Ref]) -> tuple[str, ...]:
        """The scenario's ids of these claims' entries, each once, in order."""
        entries = self._scenario.entries
        return tuple(dict.fromkeys(entries[ref.number - self._first].id for ref in refs if ref.number >= self._first))

    def person(self, key: str, links: Links) -> tuple[str, frozenset[str]]:
        """What the scenario calls the person of this key, and every other name that it has for them."""
        names = {known.partition("/")[2] or known for known in (key, *links.keys_of(key))}
        holders = {role: [one.ref for one in self._scenario.people if one.role == role] for role in ONE_PERSON_ROLES}
        for role, refs in holders.items():
            if len(refs) == 1 and names & {role, *refs}:
                names |= {role, *refs}
        if CHILD in names:
            return CHILD, frozenset({*names, str(self._scenario.child.get("ref", CHILD))})
        introduced = [person.ref for person in self._scenario.people if person.ref in names]
        return (introduced or [key.partition("/")[2] or key])[0], frozenset(names)

    def explain(self, basis: Basis, rule: Rule | None, area: Question) -> str:
        """The headline of the alert, what a constraint of the pack says of it, and the statements that it shows."""
        claims = [[self._claims[ref] for ref in side if ref in self._claims] for side in basis.sides]
        found: list[Side] = [[(self._seen(claim.ref), claim) for claim in side] for side in claims]
        manner = manner_of(basis, rule, area, self._wording)
        words = [word_headline(basis.kind, found, self._wording, manner)]
        if rule is not None and basis.by:
            words.append(first_sentence(rule.meaning))
        words += [self._statement(claim) for side in claims for claim in side]
        return ". ".join(words) + "."

    def _statement(self, claim: Claim) -> str:
        said = self._wording.said(claim)
        holder = self._wording.agency(claim.agency)
        observed = word_observed(claim.observed)
        return f"{holder}, {observed}: {self._wording.says(claim)} ({said[:1].lower()}{said[1:]})"

    def _step(self, entry: ScenarioEntry, refused: AbstractSet[Refused]) -> EntryStep:
        body = with_entries(entry.kind, entry.body, self._names)
        field = {"correction": "corrects", "void": "voids"}.get(entry.kind)
        target = None if field is None else self._numbers.get(str(entry.body.get(field)))
        if "claims" in body:
            body["claims"] = _taken(entry.id, body["claims"], refused)
        if "observation" in body:
            observation = body["observation"]
            claims = _taken(entry.id, observation.get("claims", []), refused)
            body["observation"] = {**observation, "claims": claims}
        return EntryStep(self._numbers[entry.id], entry.at, entry.kind, entry.agency, body, target)

    def _seen(self, ref: Ref) -> Seen:
        step = self._by_number[ref.number]
        return Seen(_RECORD, step.number, step.at, step.agency, b"", Sight.FULL, step.kind, body=step.body)

    def _labels(self) -> Iterator[tuple[str, str]]:
        for agency in self._scenario.agencies:
            for person in (*self._scenario.people, *agency.people):
                label = person.name or person.role or person.ref
                yield f"{agency.ref}/{person.ref}", label.replace("_", " ")


def _taken(entry: str, claims: Sequence[Any], refused: AbstractSet[Refused]) -> list[Any]:
    return [claim for place, claim in enumerate(claims) if (entry, place) not in refused]


def _called(agency: Agency, of_its_kind: int) -> str:
    """An agency without a name by its kind; where there are several of that, by its reference too."""
    kind = agency.kind.replace("_", " ")
    return kind if of_its_kind == 1 else f"{kind} ({agency.ref})"
