"""What must be loaded of a record before an event can be stepped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ledger.domain.claim import PERSON, Claim
from ledger.domain.event import DueStep, EntryStep, Event
from ledger.domain.facts import Facts
from ledger.domain.question import Question, Topic
from ledger.domain.record_state import RecordState, Scope, StateIncompleteError
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
    after, touched = touched_by(state, event)
    try:
        areas = areas_of(touched, Facts(after, pack))
    except StateIncompleteError as error:
        # Which areas there are can depend on what is in the record; what a rule then reads is loaded, and it is asked.
        return Need(scopes=_missing(state, {error.topic} if error.topic else set()))
    return Need(
        scopes=_missing(state, {topic for rule, area, _ in areas for topic in rule.family.reads(rule, area, pack)})
    )


def touched_by(state: RecordState, event: Event) -> tuple[RecordState, set[Question]]:
    """The state once an event counts, and the questions on which it bears; the links must stay as they are."""
    touched = _touched(state, event, state.claims_touched(event, state.entries_withdrawn(event)))
    if not isinstance(event, EntryStep):
        return state, touched
    after, bears_on = state.after(event)
    return after, touched | bears_on


def _touched(state: RecordState, event: Event, claims: Iterable[Claim]) -> set[Question]:
    return {state.question_of(claim) for claim in claims if isinstance(event, DueStep) or not state.is_repeat(claim)}


class Judged(NamedTuple):
    """An area that a rule is to judge, and a question through which it was touched."""

    rule: Rule
    area: Question
    through: Question


def areas_of(questions: set[Question], facts: Facts) -> list[Judged]:
    """What these questions bear on, in a fixed order: by area, and then in the order of the pack's rules."""
    places = {name: place for place, name in enumerate(facts.pack.rules)}
    found = {
        (area.sort_key, places[rule.name]): Judged(rule, area, question)
        for question in sorted(questions, key=lambda question: question.sort_key)
        for rule in facts.pack.rules_on(question.attribute)
        for area in rule.family.areas(rule, question, facts)
    }
    return [found[key] for key in sorted(found)]


def _to_enumerate(question: Question, pack: Pack) -> Iterator[Topic]:
    for rule in pack.rules_on(question.attribute):
        yield from rule.family.enumerates(rule, question, pack)


def _missing(state: RecordState, topics: set[Topic]) -> tuple[Scope, ...]:
    return tuple(state.scope(topic) for topic in sorted(topics) if not state.has(topic))
