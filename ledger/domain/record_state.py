"""One record as detection knows it between two steps: links, the claims that count, and the open findings.

A state is a value: nothing in it is changed, a step makes another. It may hold the whole record, or only what the
next steps need; then `questions_needed` says what must be loaded first, and `step` refuses to run without it. Claims
that were corrected or voided are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from ledger.domain.claim import Claim, Ref
from ledger.domain.event import EntryStep, Event, claims_in
from ledger.domain.finding import Finding
from ledger.domain.person import LinkFact, Links, link_facts
from ledger.domain.question import Question, Topic, question_of
from ledger.domain.rule import RULES
from ledger.domain.source import source_of


@dataclass(frozen=True, slots=True)
class Scope:
    """All claims of one attribute about one person: ``keys`` are the names under which they may have been sent."""

    topic: Topic
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Need:
    """What a step cannot do without: all claims; or the claims of these entries (then ask again); or these scopes."""

    everything: bool = False
    entries: frozenset[int] = frozenset()
    scopes: tuple[Scope, ...] = ()

    def __bool__(self) -> bool:
        return self.everything or bool(self.entries or self.scopes)


@dataclass(frozen=True)
class RecordState:
    """``topics`` says which topics an entry's claims are on.

    ``loaded`` are the topics whose claims are all here, or None when all of the record is.
    """

    record: str
    people: Links = field(default_factory=Links)
    things: Links = field(default_factory=Links)
    claims: Mapping[Topic, tuple[Claim, ...]] = field(default_factory=dict)
    topics: Mapping[int, tuple[Topic, ...]] = field(default_factory=dict)
    withdrawn: Mapping[int, int] = field(default_factory=dict)
    findings: Mapping[str, Finding] = field(default_factory=dict)
    loaded: frozenset[Topic] | None = None
    entries: frozenset[int] = frozenset()

    @classmethod
    def partial(cls, record: str, facts: Iterable[LinkFact] = ()) -> RecordState:
        """A record of which only the links are known yet; the rest is loaded as steps need it."""
        facts = list(facts)
        return cls(
            record,
            people=Links.of(fact for fact in facts if fact.sort == "people"),
            things=Links.of(fact for fact in facts if fact.sort == "things"),
            loaded=frozenset(),
        )

    # ── loading ──

    def questions_needed(self, event: Event) -> Need:
        """What must be loaded before ``event`` can be stepped; nothing when it is falsy. Ask until it is."""
        if self.loaded is None:
            return Need()
        entries = self._entries_withdrawn(event)
        if missing := frozenset(entries) - self.entries:
            return Need(entries=missing)
        if isinstance(event, EntryStep):
            people, things = self._links_after(event)
            if (people, things) != (self.people, self.things):
                return Need(everything=True)
        topics = {self.question_of(claim).topic for claim in self._claims_touched(event, entries)}
        return Need(scopes=tuple(self._scope(topic) for topic in sorted(topics - self.loaded)))

    def with_entry(self, number: int, claims: Iterable[Claim], withdrawn_by: int | None = None) -> RecordState:
        """The state once it is known what one entry claims, and which entry withdrew it, if any."""
        withdrawn = self.withdrawn if withdrawn_by is None else {**self.withdrawn, number: withdrawn_by}
        state = replace(self, withdrawn=withdrawn, entries=self.entries | {number})
        return state if withdrawn_by is not None else state.adding(claims)

    def with_scopes(self, scopes: Iterable[Scope], claims: Iterable[Claim]) -> RecordState:
        """The state once all claims of these scopes that were not withdrawn are known."""
        loaded = self.loaded
        if loaded is not None:
            loaded |= {scope.topic for scope in scopes}
        return replace(self, loaded=loaded).adding(claims)

    def with_everything(self, claims: Iterable[Claim]) -> RecordState:
        """The state once all claims of the record that were not withdrawn are known."""
        return replace(self, loaded=None).adding(claims)

    def with_findings(self, findings: Iterable[Finding]) -> RecordState:
        """The state with these open findings of the record."""
        return replace(self, findings={finding.key: finding for finding in findings})

    # ── reading ──

    def question_of(self, claim: Claim) -> Question:
        """The question that a claim answers, by the links that stand."""
        return question_of(claim, self.people, self.things)

    def claims_on(self, question: Question) -> list[Claim]:
        """The claims on one question."""
        return [claim for claim in self.claims.get(question.topic, ()) if self.question_of(claim) == question]

    def questions_of(self, number: int, index: int) -> set[Question]:
        """The question of one claim, if the claim still counts."""
        return {self.question_of(claim) for claim in self._claims_of_entry(number) if claim.index == index}

    # ── stepping ──

    def after(self, event: EntryStep) -> tuple[RecordState, set[Question]]:
        """The state once an entry counts, its findings not yet judged again; and the questions that it touches."""
        people, things = self._links_after(event)
        state, touched = (
            (self, set()) if (people, things) == (self.people, self.things) else self._relinked(people, things)
        )
        if event.kind in {"correction", "void"} and event.target is not None:
            state, gone = state.withdrawing(event.target, event.number, event.agency)
            touched |= {state.question_of(claim) for claim in gone}
        added = claims_in(event)
        touched |= {state.question_of(claim) for claim in added}
        return state.adding(added), touched

    def rekeyed(self) -> tuple[RecordState, list[Finding], set[Question]]:
        """The state with its findings under the questions that the links make of theirs.

        Of two that are now one question the one raised first stands; the others are given, and the questions renamed.
        """
        kept: dict[str, Finding] = {}
        merged: list[Finding] = []
        renamed = set()
        key_of = {rule.name: rule.key for rule in RULES}
        for finding in sorted(self.findings.values(), key=lambda finding: (finding.raised_at, finding.id)):
            question = finding.question.resolved(self.people, self.things)
            key = key_of[finding.rule](question) if finding.rule in key_of else finding.key
            if question != finding.question:
                renamed.add(question)
            if key in kept:
                merged.append(finding)
            else:
                kept[key] = replace(finding, key=key, question=question)
        return replace(self, findings=kept), merged, renamed

    def _links_after(self, event: EntryStep) -> tuple[Links, Links]:
        people, things = self.people, self.things
        for fact in link_facts(event.kind, event.agency, event.body):
            if fact.sort == "people":
                people = people.after(fact)
            else:
                things = things.after(fact)
        return people, things

    def _relinked(self, people: Links, things: Links) -> tuple[RecordState, set[Question]]:
        state = replace(self, people=people, things=things, claims={}, topics={})
        touched = set()
        for claim in self._all_claims():
            before, after = self.question_of(claim), state.question_of(claim)
            if before != after or source_of(claim, self.people) != source_of(claim, people):
                touched |= {before, after}
        return state.adding(self._all_claims()), touched

    def withdrawing(self, target: int, by: int, agency: str) -> tuple[RecordState, list[Claim]]:
        """Withdraw an entry, or what already replaced it: only its author's agency can."""
        while target in self.withdrawn:
            target = self.withdrawn[target]
        gone = self._claims_of_entry(target)
        if any(claim.agency != agency for claim in gone):
            return self, []
        claims = dict(self.claims)
        for topic in {self.question_of(claim).topic for claim in gone}:
            claims[topic] = tuple(claim for claim in claims[topic] if claim.number != target)
        return replace(self, claims=claims, withdrawn={**self.withdrawn, target: by}), gone

    def adding(self, claims: Iterable[Claim]) -> RecordState:
        """This state with further claims, each once."""
        changed: dict[Topic, dict[Ref, Claim]] = {}
        topics: dict[int, tuple[Topic, ...]] = {}
        for claim in claims:
            topic = self.question_of(claim).topic
            if topic not in changed:
                changed[topic] = {known.ref: known for known in self.claims.get(topic, ())}
            changed[topic][claim.ref] = claim
            known_topics = topics.get(claim.number) or self.topics.get(claim.number, ())
            topics[claim.number] = known_topics if topic in known_topics else (*known_topics, topic)
        if not changed:
            return self
        return replace(
            self,
            claims={**self.claims, **{topic: tuple(by.values()) for topic, by in changed.items()}},
            topics={**self.topics, **topics},
        )

    def _claims_of_entry(self, number: int) -> list[Claim]:
        topics = dict.fromkeys(self.topics.get(number, ()))
        return [claim for topic in topics for claim in self.claims.get(topic, ()) if claim.number == number]

    def _all_claims(self) -> Iterator[Claim]:
        return chain.from_iterable(self.claims.values())

    def _entries_withdrawn(self, event: Event) -> set[int]:
        """The entries whose claims the event bears on: a due moment's, or what is withdrawn and what replaced it."""
        number = event.target if isinstance(event, EntryStep) else event.number
        entries: set[int] = set()
        while number is not None:
            entries.add(number)
            number = self.withdrawn.get(number)
        return entries

    def _claims_touched(self, event: Event, entries: set[int]) -> Iterator[Claim]:
        for number in sorted(entries):
            yield from self._claims_of_entry(number)
        if isinstance(event, EntryStep):
            yield from claims_in(event)

    def _scope(self, topic: Topic) -> Scope:
        return Scope(topic, self.people.keys_of(topic.about))
