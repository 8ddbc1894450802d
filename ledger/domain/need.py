"""What must be loaded of a record before an event can be stepped."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ledger.domain.claim import PERSON, Claim
from ledger.domain.event import DueStep, EntryStep, Event
from ledger.domain.facts import Facts
from ledger.domain.finding import Finding
from ledger.domain.question import Question, Topic
from ledger.domain.record_state import RecordState, Scope, StateIncompleteError
from ledger.domain.retention import erases_whole
from ledger.domain.rule import Rule

if TYPE_CHECKING:
    from ledger.domain.pack import Pack


@dataclass(frozen=True, slots=True)
class Need:
    """What a step cannot do without: all claims; or the claims of these entries (then ask again); or these scopes."""

    everything: bool = False
    entries: frozenset[int] = frozenset()
    scopes: tuple[Scope, ...] = ()

    def __bool__(self) -> bool:
        return self.everything or bool(self.entries or self.scopes)


def needed(state: RecordState, event: Event, pack: Pack) -> Need:
    """What must be loaded before ``event`` can be stepped; nothing when it is falsy. Ask until it is."""
    if state.loaded is None:
        return Need()
    state = state.under(pack)
    is_known = state.kept.get(needed)
    if is_known is not None and is_known[0] == event and is_known[1] is pack:
        return Need()
    need = _needed(state, event, pack)
    if not need:
        state.kept[needed] = (event, pack)
    return need


def _needed(state: RecordState, event: Event, pack: Pack) -> Need:
    if isinstance(event, EntryStep) and erases_whole(event.kind, event.body):
        return Need(everything=True)
    entries = state.entries_withdrawn(event)
    if missing := frozenset(entries) - state.entries:
        return Need(entries=missing)
    if isinstance(event, EntryStep) and state.links_after(event) != (state.people, state.things):
        return Need(everything=True)
    claims = list(state.claims_touched(event, entries))
    if scopes := _missing(state, {state.question_of(claim).topic for claim in claims if claim.attribute == PERSON}):
        return Need(scopes=scopes)  # whether anything is said of a person that was not said before
    if scopes := _missing(
        state, {topic for one in _touched(state, event, claims) for topic in _to_enumerate(one, pack)}
    ):
        return Need(scopes=scopes)
    _, bearing = look_ahead(state, event, pack)
    return Need(scopes=_missing(state, bearing.reads))


class Judged(NamedTuple):
    """An area that a rule is to judge, and a question through which it was touched."""

    rule: Rule
    area: Question
    through: Question


class AreasUnknownError(StateIncompleteError):
    """It cannot be said what all is judged: ``areas`` can be, and ``topics`` must be loaded to say the rest."""

    def __init__(self, areas: list[Judged], topics: Iterable[Topic]) -> None:
        super().__init__("which areas there are depends on what was not loaded", topics)
        self.areas = areas


@dataclass(frozen=True)
class Bearing:
    """On what an event bears: ``facts`` are of the state once it counts, which its findings are no part of.

    ``changed`` are the questions on which it bears; ``touched`` are those that must be at hand to know. ``known`` are
    its areas, where they were found before more was loaded: what they depend on was there.
    """

    changed: frozenset[Question]
    touched: frozenset[Question]
    facts: Facts
    known: list[Judged] | None = None

    @cached_property
    def areas(self) -> list[Judged]:
        """What bears on what of all that is touched, where anything is or can be found. Raises AreasUnknownError."""
        if self.known is not None:
            return self.known
        try:
            return self._worth_judging(areas_of(self.touched, self.facts))
        except AreasUnknownError as error:
            raise AreasUnknownError(self._worth_judging(error.areas), error.topics) from None

    def areas_on(self, questions: AbstractSet[Question]) -> list[Judged]:
        """What of these areas some of the questions that are touched bear on: for no other was anything loaded."""
        if questions == self.touched:
            return self.areas
        known = {(judged.rule.name, judged.area) for judged in self.areas}
        return [one for one in areas_of(questions, self.facts) if (one.rule.name, one.area) in known]

    def _worth_judging(self, areas: list[Judged]) -> list[Judged]:
        facts = self.facts
        return [
            judged
            for judged in areas
            if judged.rule.family.may_stand is None
            or facts.may_have_finding(judged.rule.key(judged.area))
            or judged.rule.family.may_stand(judged.rule, judged.area, facts)
        ]

    @cached_property
    def reads(self) -> frozenset[Topic]:
        """What the rules on this read, and what must be read to say which areas there are."""
        lacking = frozenset[Topic]()
        try:
            areas = self.areas
        except AreasUnknownError as error:
            areas, lacking = error.areas, error.topics
        pack = self.facts.pack
        return lacking.union(*(_read(rule, area, pack) for rule, area, _ in areas))


def look_ahead(state: RecordState, event: Event, pack: Pack) -> tuple[RecordState, Bearing]:
    """The state once an event counts, its findings not yet judged again, and on what the event bears.

    As this pack reads it; the last that was asked of a state is kept.
    """
    state = state.under(pack)
    kept = state.kept.get(look_ahead)
    if kept is not None and kept[0] == event and kept[1] is pack:
        known: tuple[RecordState, Bearing] = kept[2:]
        return known
    touched = frozenset(_touched(state, event, state.claims_touched(event, state.entries_withdrawn(event))))
    if isinstance(event, DueStep):
        after, changed = state, frozenset(state.questions_of(event.number, event.index))
    else:
        after, bears_on = state.after(event)
        changed = frozenset(bears_on)
    before: Bearing | None = state.kept.get(with_scopes)
    if before is None or before.facts.pack is not pack or before.touched != touched | changed:
        bearing = Bearing(changed, touched | changed, Facts(after, pack))
    else:
        bearing = Bearing(changed, touched | changed, Facts(after, pack, before.facts), before.__dict__.get("areas"))
    state.kept[look_ahead] = (event, pack, after, bearing)
    return after, bearing


def with_scopes(state: RecordState, scopes: Iterable[Scope], claims: Iterable[Claim]) -> RecordState:
    """The state once all claims of these scopes are known; what was found out of the rest is kept."""
    found = state.with_scopes(scopes, claims)
    if look_ahead in state.kept:
        found.kept[with_scopes] = state.kept[look_ahead][3]
    return found


def with_findings(state: RecordState, opened: Iterable[Finding], settled: Iterable[Finding]) -> RecordState:
    """The state with these open findings, and these that a person settled; what its claims say is not read again."""
    found = state.with_findings(opened, settled)
    if needed in state.kept:
        found.kept[needed] = state.kept[needed]
    if look_ahead in state.kept:
        event, pack, after, bearing = state.kept[look_ahead]
        after = replace(after, findings=found.findings, settled=found.settled)
        found.kept[look_ahead] = (event, pack, after, bearing)
    return found


def _touched(state: RecordState, event: Event, claims: Iterable[Claim]) -> set[Question]:
    return {state.question_of(claim) for claim in claims if isinstance(event, DueStep) or not state.is_repeat(claim)}


def areas_of(questions: Iterable[Question], facts: Facts) -> list[Judged]:
    """What these questions bear on, in a fixed order: by area, and then in the order of the pack's rules.

    Raises AreasUnknownError where that depends on what was not loaded.
    """
    places = facts.pack.places
    found: dict[tuple[tuple[str, ...], int], Judged] = {}
    lacking: set[Topic] = set()
    for question in sorted(questions, key=lambda question: question.sort_key):
        for rule in facts.pack.rules_on(question.attribute):
            try:
                for area in rule.family.areas(rule, question, facts):
                    found[area.sort_key, places[rule.name]] = Judged(rule, area, question)
            except StateIncompleteError as error:
                lacking |= error.topics
    areas = [found[key] for key in sorted(found)]
    if lacking:
        raise AreasUnknownError(areas, lacking)
    return areas


def _to_enumerate(question: Question, pack: Pack) -> frozenset[Topic]:
    def work_out() -> frozenset[Topic]:
        rules = pack.rules_on(question.attribute)
        return frozenset(topic for rule in rules for topic in rule.family.enumerates(rule, question, pack))

    return pack.of_question("enumerates", question, work_out)


def _read(rule: Rule, area: Question, pack: Pack) -> frozenset[Topic]:
    return pack.of_question("reads", (rule.name, area), lambda: frozenset(rule.family.reads(rule, area, pack)))


def _missing(state: RecordState, topics: Iterable[Topic]) -> tuple[Scope, ...]:
    return tuple(state.scope(topic) for topic in sorted(topics) if not state.has(topic))
