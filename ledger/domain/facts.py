"""What rules read of a record: claims, statements and beliefs, by the links and the pack that stand.

What a rule did not name beforehand it cannot read: `StateIncompleteError`, instead of a silent half.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from ledger.domain.belief import Beliefs
from ledger.domain.calendar import Nation
from ledger.domain.claim import PERSON, Claim, firsts
from ledger.domain.pack import Pack
from ledger.domain.person import Links
from ledger.domain.question import Question, Topic
from ledger.domain.record_state import RecordState, StateIncompleteError
from ledger.domain.rule import ANYBODY
from ledger.domain.source import Source, source_of
from ledger.domain.statement import Statement, statements_of

_T = TypeVar("_T")


class Facts:
    """One state of a record, as rules read it. What is worked out is kept for the step."""

    def __init__(self, state: RecordState, pack: Pack) -> None:
        self._state, self.pack = state, pack
        self._beliefs: dict[Question, Beliefs] = {}
        self._statements: dict[Question, list[Statement]] = {}
        self._on: dict[Topic, dict[Question, list[Claim]]] = {}
        self._kept: dict[tuple[str, str], Any] = {}

    @property
    def nation(self) -> Nation:
        """The nation of the record's partnership."""
        return self._state.around.nation

    @property
    def people(self) -> Links:
        return self._state.people

    @property
    def is_whole(self) -> bool:
        """Whether all of the record is here, as it is when people or things are linked."""
        return self._state.loaded is None

    def require(self, topics: Iterable[Topic]) -> None:
        """Have all of these loaded before what bears on what is named. Raises StateIncompleteError with the rest."""
        if missing := [topic for topic in topics if not self._state.has(topic)]:
            raise StateIncompleteError("what bears on what depends on more", missing)

    def kept(self, what: str, person: str, work_out: Callable[[], _T]) -> _T:
        """What is worked out of a person, once."""
        if (what, person) not in self._kept:
            self._kept[what, person] = work_out()
        found: _T = self._kept[what, person]
        return found

    def agency_kind(self, agency: str) -> str | None:
        """What sort of agency this is, as health_visiting or police."""
        return self._state.around.agency_kinds.get(agency)

    def questions(self, topic: Topic) -> list[Question]:
        """The questions of a topic on which anything was claimed, in a fixed order."""
        return sorted(self._claims_on(topic), key=lambda question: question.sort_key)

    def claims(self, topic: Topic) -> list[Claim]:
        """The claims of a topic that count, in the order of the record."""
        found = [claim for claims in self._claims_on(topic).values() for claim in claims]
        return sorted(found, key=lambda claim: claim.ref)

    def claims_on(self, question: Question) -> list[Claim]:
        """The claims on one question."""
        return self._claims_on(question.topic).get(question, [])

    def question_of(self, claim: Claim) -> Question:
        """The question that a claim answers."""
        return self._state.question_of(claim)

    def statements(self, question: Question) -> list[Statement]:
        """What is said on a question and can be compared."""
        if question not in self._statements:
            attribute = self.pack.attributes.get(question.attribute)
            claims = self.claims_on(question)
            kinds = self._state.around.agency_kinds
            self._statements[question] = statements_of(claims, attribute, self.people, kinds) if attribute else []
        return self._statements[question]

    def beliefs(self, question: Question) -> Beliefs:
        """What is held on a question, by whom, and when."""
        if question not in self._beliefs:
            self._beliefs[question] = Beliefs(self.statements(question))
        return self._beliefs[question]

    def person(self, key: str, agency: str) -> str:
        """The one name of the person whom ``agency`` calls so."""
        return self.people.resolve(key, agency)

    def source(self, claim: Claim) -> Source:
        """Whose word a claim is."""
        return source_of(claim, self.people)

    def roles(self, person: str) -> frozenset[str]:
        """The roles that agencies gave a person; the topic of all ``entry:person`` must have been named."""
        return frozenset(self._roles.get(person, ())) | ({person} if "/" not in person else set())

    def is_role_news(self, person: str) -> bool:
        """Whether some role was given to a person only once: it may just have become known.

        What an agency says again in the same words counts once.
        """
        return any(times == 1 for times in self._roles.get(person, {}).values())

    @property
    def introduced(self) -> frozenset[str]:
        """Everyone of whom an agency said who they are; the topic of all ``entry:person`` must have been named."""
        return frozenset(self._introductions)

    def introductions(self, person: str) -> Sequence[tuple[Claim, Mapping[str, str]]]:
        """What agencies said of who a person is, each with its claim, in the order of the record."""
        return self._introductions.get(person, ())

    @cached_property
    def _introductions(self) -> Mapping[str, list[tuple[Claim, Mapping[str, str]]]]:
        told: dict[str, list[tuple[Claim, Mapping[str, str]]]] = {}
        for claim in self.claims(Topic(PERSON, ANYBODY)):
            told.setdefault(self.person(claim.about, claim.agency), []).append((claim, json.loads(claim.value or "{}")))
        return told

    @cached_property
    def _roles(self) -> Mapping[str, Counter[str]]:
        roles: dict[str, Counter[str]] = {}
        for person, told in self._introductions.items():
            for _, one in told:
                if role := one.get("role"):
                    roles.setdefault(person, Counter())[role.strip().casefold()] += 1
        return roles

    def _claims_on(self, topic: Topic) -> Mapping[Question, list[Claim]]:
        if topic not in self._on:
            if not self._state.has(topic):
                raise StateIncompleteError("a rule reads what it did not name", [topic])
            by_question: dict[Question, list[Claim]] = {}
            claims = self._state.claims_in(topic)
            for claim in firsts(claims) if topic.attribute == PERSON else claims:
                by_question.setdefault(self.question_of(claim), []).append(claim)
            self._on[topic] = by_question
        return self._on[topic]
