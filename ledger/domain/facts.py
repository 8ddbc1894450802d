"""What rules read of a record: claims, statements and beliefs, by the links and the pack that stand.

What a rule did not name beforehand it cannot read: `StateIncompleteError`, instead of a silent half.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, TypeVar

from ledger.domain.act import PREFIX
from ledger.domain.belief import Beliefs
from ledger.domain.calendar import Nation
from ledger.domain.claim import DEATH, PERSON, Claim, firsts
from ledger.domain.pack import Pack
from ledger.domain.pattern import when_of
from ledger.domain.person import CHILD, Links
from ledger.domain.question import Question, Topic
from ledger.domain.record_state import RecordState, StateIncompleteError
from ledger.domain.rule import ANYBODY
from ledger.domain.source import Source, source_of
from ledger.domain.statement import COMPARED, Statement, statements_of

_T = TypeVar("_T")
_PLACE: Final = attrgetter("number", "index")
_PEOPLE: Final = Topic(PERSON, ANYBODY)


class Facts:
    """One state of a record, as rules read it. What is worked out is kept for the step.

    ``like`` are those of another state of the record: what was worked out there of topics on which both have the same
    claims is so here, too, where people and things are linked alike.
    """

    def __init__(self, state: RecordState, pack: Pack, like: Facts | None = None) -> None:
        self._state, self.pack = state, pack
        is_alike = like is not None and like.pack is pack and like.is_linked_like(state)
        self._like = like if is_alike else None
        self._beliefs: dict[Question, Beliefs] = {}
        self._statements: dict[Question, list[Statement]] = {}
        self._on: dict[Topic, dict[Question, list[Claim]]] = {}
        self._in_order: dict[Topic, list[Claim]] = {}
        #: By the very claim, which is kept with its question: to make a key of all that it says takes longer.
        self._questions: dict[int, tuple[Claim, Question]] = {}
        self._kept: dict[Hashable, Any] = {}

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

    def is_linked_like(self, other: RecordState) -> bool:
        """Whether every claim answers the same question in another state."""
        return self._state.is_linked_like(other)

    def topics_unlike(self, other: RecordState) -> frozenset[Topic]:
        """The topics on which another state has not the very same claims."""
        return self._state.topics_unlike(other)

    def has(self, topic: Topic) -> bool:
        """Whether all claims of a topic are at hand."""
        return self._state.has(topic)

    def is_told_of(self, topic: Topic) -> bool:
        """Whether anything was claimed on a topic; it must have been named."""
        return bool(self.by_question(topic))

    def may_have_finding(self, key: str) -> bool:
        """Whether a finding may be open under a key, as far as is known."""
        return self._state.may_have_finding(key)

    def require(self, topics: Iterable[Topic]) -> None:
        """Have all of these loaded before what bears on what is named. Raises StateIncompleteError with the rest."""
        if missing := [topic for topic in topics if not self._state.has(topic)]:
            raise StateIncompleteError("what bears on what depends on more", missing)

    def kept(self, what: str, person: str, work_out: Callable[[], _T]) -> _T:
        """What is worked out of a person, once."""
        return self.once((what, person), work_out)

    def once(self, what: Hashable, work_out: Callable[[], _T]) -> _T:
        """What is worked out of the whole, once for each name that it goes by: nobody may change it."""
        if what not in self._kept:
            self._kept[what] = work_out()
        found: _T = self._kept[what]
        return found

    def once_on(self, topic: Topic, what: Hashable, work_out: Callable[[], _T]) -> _T:
        """What is worked out of the claims on one topic alone, once: in whichever state they are the same."""
        return self._alike(topic).once(what, work_out)

    def _alike(self, topic: Topic) -> Facts:
        """These, or those of the other state where all claims on a topic are the same."""
        like = self._like
        if like is None or not like.has(topic) or not self._state.has(topic):
            return self
        return self if topic in self._changed or (topic.about == ANYBODY and topic.attribute in self._moved) else like

    @cached_property
    def _changed(self) -> frozenset[Topic]:
        """The topics on which the other state has other claims."""
        like = self._like
        return frozenset() if like is None else like.topics_unlike(self._state)

    @cached_property
    def _moved(self) -> frozenset[str]:
        return frozenset(topic.attribute for topic in self._changed)

    def agency_kind(self, agency: str) -> str | None:
        """What sort of agency this is, as health_visiting or police."""
        return self._state.around.agency_kinds.get(agency)

    @property
    def agencies(self) -> Mapping[str, str]:
        """The agencies of the partnership, each with what sort it says it is."""
        return self._state.around.here

    def is_of_kind(self, agency: str, kinds: Container[str]) -> bool:
        """Whether an agency is of one of these kinds, as the pack calls them, or is itself named among them."""
        return agency in kinds or self.pack.agency_kind(self.agency_kind(agency)) in kinds

    def is_addressed(self, agency: str, written: str) -> bool:
        """Whether what names an agency in its author's words means this one: by its id, or by what sort it is."""
        if not written:
            return False
        kind = self.pack.agency_kind(self.agency_kind(agency))
        return agency == written or (kind != "" and kind == self.pack.agency_kind(written))

    def agency_addressed(self, written: str) -> str:
        """The one agency that is meant by what an author wrote; empty where it is none, or may be several."""
        if written in self._state.around.agency_kinds:
            return written
        meant = [agency for agency in sorted(self.agencies) if self.is_addressed(agency, written)]
        return meant[0] if len(meant) == 1 else ""

    def acts(self, name: str) -> list[Claim]:
        """What agencies did, as `ledger.domain.act` reads it: contacts, referrals …, in the order of the record."""
        return self.claims(Topic(PREFIX + name, CHILD))

    @cached_property
    def died(self) -> datetime | None:
        """The last moment of the child's life, as the first says that tells of its death; None while it lives."""
        told = (claim for claim in self.claims(Topic(DEATH, CHILD)) if claim.value == "happened")
        return min((when_of(claim).end for claim in told if claim.statement in COMPARED), default=None)

    def questions(self, topic: Topic) -> list[Question]:
        """The questions of a topic on which anything was claimed, in a fixed order."""
        return sorted(self.by_question(topic), key=lambda question: question.sort_key)

    def claims(self, topic: Topic) -> list[Claim]:
        """The claims of a topic that count, in the order of the record."""
        alike = self._alike(topic)
        if alike is not self:
            return alike.claims(topic)
        found = self._in_order.get(topic)
        if found is None:
            found = [claim for claims in self.by_question(topic).values() for claim in claims]
            found.sort(key=_PLACE)
            self._in_order[topic] = found
        return found.copy()

    def claims_on(self, question: Question) -> list[Claim]:
        """The claims on one question."""
        return self.by_question(question.topic).get(question, [])

    def supposing(self, claim: Claim) -> Facts:
        """The facts as they were if this was claimed, too."""
        return Facts(self._state.adding([claim]), self.pack, self)

    def claims_in_entry(self, number: int) -> list[Claim]:
        """The claims of one entry that count, as far as they are at hand, in their order."""
        return sorted(self._state.claims_of_entry(number), key=_PLACE)

    def question_of(self, claim: Claim) -> Question:
        """The question that a claim answers."""
        if self._like is not None:
            return self._like.question_of(claim)
        known = self._questions.get(id(claim))
        if known is None or known[0] is not claim:
            known = self._questions[id(claim)] = (claim, self._state.question_of(claim))
        return known[1]

    def statements(self, question: Question) -> list[Statement]:
        """What is said on a question and can be compared."""
        alike = self._alike(question.topic)
        if alike is not self:
            return alike.statements(question)
        if question not in self._statements:
            attribute = self.pack.attributes.get(question.attribute)
            claims = self.claims_on(question)
            kinds = self._state.around.agency_kinds
            self._statements[question] = statements_of(claims, attribute, self.people, kinds) if attribute else []
        return self._statements[question]

    def beliefs(self, question: Question) -> Beliefs:
        """What is held on a question, by whom, and when."""
        alike = self._alike(question.topic)
        if alike is not self:
            return alike.beliefs(question)
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

    @property
    def _introductions(self) -> Mapping[str, list[tuple[Claim, Mapping[str, str]]]]:
        return self.once_on(_PEOPLE, "introductions", self._read_introductions)

    def _read_introductions(self) -> Mapping[str, list[tuple[Claim, Mapping[str, str]]]]:
        told: dict[str, list[tuple[Claim, Mapping[str, str]]]] = {}
        for claim in self.claims(_PEOPLE):
            told.setdefault(self.person(claim.about, claim.agency), []).append((claim, json.loads(claim.value or "{}")))
        return told

    @property
    def _roles(self) -> Mapping[str, Counter[str]]:
        return self.once_on(_PEOPLE, "roles", self._read_roles)

    def _read_roles(self) -> Mapping[str, Counter[str]]:
        roles: dict[str, Counter[str]] = {}
        for person, told in self._introductions.items():
            for _, one in told:
                if role := one.get("role"):
                    roles.setdefault(person, Counter())[role.strip().casefold()] += 1
        return roles

    def by_question(self, topic: Topic) -> Mapping[Question, list[Claim]]:
        """The claims on a topic, by the question that they answer: nobody may change it."""
        alike = self._alike(topic)
        if alike is not self:
            return alike.by_question(topic)
        if topic not in self._on:
            if not self._state.has(topic):
                raise StateIncompleteError("a rule reads what it did not name", [topic])
            by_question: dict[Question, list[Claim]] = {}
            claims = self._state.claims_in(topic)
            for claim in firsts(claims) if topic.attribute == PERSON else claims:
                by_question.setdefault(self.question_of(claim), []).append(claim)
            self._on[topic] = by_question
        return self._on[topic]
