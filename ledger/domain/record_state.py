"""One record as detection knows it between two steps: links, the claims that count, and the open findings.

A state is a value: nothing in it is changed, a step makes another. It may hold the whole record, or only what the
next steps need; then `needed` says what must be loaded first, and `step` refuses to run without it. Claims that were
corrected or voided are not in it. Findings that a person settled are, with what they rested on: they are not raised
again on that alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from ledger.domain.act import ACTS
from ledger.domain.allows import named_in
from ledger.domain.calendar import Nation
from ledger.domain.claim import PERSON, Claim, Ref
from ledger.domain.entry import parse_entry_id, written_time
from ledger.domain.event import EntryStep, Event, claims_in
from ledger.domain.finding import Finding
from ledger.domain.person import LinkFact, Links, link_facts
from ledger.domain.question import Question, Topic, question_of
from ledger.domain.retention import erases_whole, numbers_erased
from ledger.domain.rule import ANYBODY
from ledger.domain.source import source_of

if TYPE_CHECKING:
    from ledger.domain.pack import Pack


class StateIncompleteError(Exception):
    """A step or a rule asked for what was not loaded: for ``topics``, where it was for those."""

    def __init__(self, message: str, topics: Iterable[Topic] = ()) -> None:
        super().__init__(message)
        self.topics = frozenset(topics)


@dataclass(frozen=True, slots=True)
class Scope:
    """All claims of one attribute about one person: ``keys`` are the names under which they may have been sent.

    For a topic about anybody they are ``*`` alone.
    """

    topic: Topic
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a record does not say itself: the nation of its partnership, and what sort of agency each one is.

    Of a record that was handed over to another partnership also which one it is in, and which one each agency is
    ``of``; empty where there is one alone.
    """

    nation: Nation = "england"
    agency_kinds: Mapping[str, str] = field(default_factory=dict)
    partnership: str = ""
    of: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, rows: Iterable[Sequence[Any]]) -> Surroundings:
        """From a row for each agency: nation, agency, kind, the record's partnership, the agency's."""
        found, kinds, of = cls(), dict[str, str](), dict[str, str]()
        for nation, agency, kind, here, there, *_ in rows:
            found = cls(nation, partnership=here)
            if agency is not None:
                kinds[agency], of[agency] = kind, there
        is_alone = set(of.values()) <= {found.partnership}
        return cls(found.nation, kinds) if is_alone else cls(found.nation, kinds, found.partnership, of)

    @property
    def here(self) -> Mapping[str, str]:
        """The agencies of the partnership that the record is in."""
        if not self.of:
            return self.agency_kinds
        return {agency: kind for agency, kind in self.agency_kinds.items() if self.of[agency] == self.partnership}

    def moved(self, body: Mapping[str, Any]) -> Surroundings:
        """As they are once the record is in another partnership."""
        to = body["to"]
        return replace(self, nation=to["nation"], partnership=to["partnership"])


@dataclass(frozen=True)
class RecordState:
    """``topics`` says which topics an entry's claims are on.

    ``loaded`` are the topics whose claims are all here, or None when all of the record is. ``needs_thing`` are the
    attributes whose claims are always about a thing: one that names none is about a thing of its entry's own. ``keys``
    are those under which findings were open when this was begun, loaded or not; None where that is not known.
    """

    record: str
    around: Surroundings = field(default_factory=Surroundings)
    needs_thing: frozenset[str] = frozenset()
    people: Links = field(default_factory=Links)
    things: Links = field(default_factory=Links)
    claims: Mapping[Topic, tuple[Claim, ...]] = field(default_factory=dict)
    topics: Mapping[int, tuple[Topic, ...]] = field(default_factory=dict)
    withdrawn: Mapping[int, int] = field(default_factory=dict)
    findings: Mapping[str, Finding] = field(default_factory=dict)
    settled: tuple[Finding, ...] = ()
    loaded: frozenset[Topic] | None = None
    entries: frozenset[int] = frozenset()
    keys: frozenset[str] | None = None

    @classmethod
    def partial(
        cls,
        record: str,
        facts: Iterable[LinkFact] = (),
        around: Surroundings | None = None,
        keys: frozenset[str] | None = None,
    ) -> RecordState:
        """A record of which only the links and the ``keys`` are known yet; the rest is loaded as steps need it."""
        facts = list(facts)
        return cls(
            record,
            around=around or Surroundings(),
            people=Links.of(fact for fact in facts if fact.sort == "people"),
            things=Links.of(fact for fact in facts if fact.sort == "things"),
            loaded=frozenset(),
            keys=keys,
        )

    # ── loading ──

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

    def with_findings(self, findings: Iterable[Finding], settled: Iterable[Finding] = ()) -> RecordState:
        """The state with these open findings of the record, and these that a person settled."""
        known = {finding.id: finding for finding in (*self.settled, *settled)}
        return replace(self, findings={finding.key: finding for finding in findings}, settled=tuple(known.values()))

    def under(self, pack: Pack) -> RecordState:
        """The state as this pack reads it."""
        return self if pack.needs_thing == self.needs_thing else replace(self, needs_thing=pack.needs_thing)

    # ── reading ──

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What was worked out of this very state, by whoever keeps it here: a state never changes."""
        return {}

    def has(self, topic: Topic) -> bool:
        """Whether all claims of a topic are here."""
        loaded = self.loaded
        return loaded is None or topic in loaded or Topic(topic.attribute, ANYBODY) in loaded

    def may_have_finding(self, key: str) -> bool:
        """Whether a finding may be open under a key, as far as is known."""
        return self.loaded is None or self.keys is None or key in self.keys or key in self.findings

    def is_linked_like(self, other: RecordState) -> bool:
        """Whether every claim answers the same question in both states."""
        return (self.people, self.things, self.needs_thing) == (other.people, other.things, other.needs_thing)

    def topics_unlike(self, other: RecordState) -> frozenset[Topic]:
        """The topics on which two states have not the very same claims."""
        topics = self.claims.keys() | other.claims.keys()
        return frozenset(topic for topic in topics if self.claims.get(topic) != other.claims.get(topic))

    def scope(self, topic: Topic) -> Scope:
        """A topic, and under which names its claims may have been sent."""
        is_anybody = topic.about == ANYBODY
        return Scope(topic, frozenset({ANYBODY}) if is_anybody else self.people.keys_of(topic.about))

    def question_of(self, claim: Claim) -> Question:
        """The question that a claim answers, by the links that stand."""
        question = question_of(claim, self.people, self.things)
        if question.thing is None and claim.attribute in ACTS:
            # By its time, which is its own in a record: what the ledger wrote between two entries moves their numbers.
            return question._replace(thing=f"{claim.agency}/{written_time(claim.recorded_at)}")
        if question.thing is None and claim.attribute in self.needs_thing:
            return question._replace(thing=f"{claim.agency}/entry-{claim.number}")
        return question

    def claims_in(self, topic: Topic) -> Iterable[Claim]:
        """The claims of one topic, also of one about anybody."""
        if topic.about != ANYBODY:
            return self.claims.get(topic, ())
        return chain.from_iterable(self.claims[one] for one in self._by_attribute.get(topic.attribute, ()))

    @cached_property
    def _by_attribute(self) -> Mapping[str, list[Topic]]:
        topics: dict[str, list[Topic]] = {}
        for topic in self.claims:
            topics.setdefault(topic.attribute, []).append(topic)
        return topics

    def is_repeat(self, claim: Claim) -> bool:
        """Whether it says who a person is in the very words that its agency used before: nothing new is said by it."""
        if claim.attribute != PERSON:
            return False
        known = self.claims.get(self.question_of(claim).topic, ())
        return any((one.agency, one.about, one.value) == (claim.agency, claim.about, claim.value) for one in known)

    def settled_on(self, key: str) -> frozenset[Ref]:
        """What the findings rested on that a person settled under this key."""
        settled = (finding for finding in self.settled if finding.key == key)
        return frozenset(ref for finding in settled for refs in (*finding.sides, finding.evidence) for ref in refs)

    def claims_at(self, ref: Ref) -> list[Claim]:
        """The claim in one place that counts, once for each whom it is about; none where it is not at hand."""
        return [claim for claim in self.claims_of_entry(ref.number) if claim.index == ref.index]

    def claims_on(self, question: Question) -> list[Claim]:
        """The claims on one question."""
        return [claim for claim in self.claims.get(question.topic, ()) if self.question_of(claim) == question]

    def questions_of(self, number: int, index: int) -> set[Question]:
        """The question of one claim, if the claim still counts."""
        return {self.question_of(claim) for claim in self.claims_of_entry(number) if claim.index == index}

    def questions_in(self, number: int) -> set[Question]:
        """The questions on which an entry claims something that still counts."""
        return {self.question_of(claim) for claim in self.claims_of_entry(number)}

    # ── stepping ──

    def after(self, event: EntryStep) -> tuple[RecordState, set[Question]]:
        """The state once an entry counts, its findings not yet judged again; and the questions that it touches."""
        people, things = self.links_after(event)
        state, touched = (
            (self, set()) if (people, things) == (self.people, self.things) else self._relinked(people, things)
        )
        if event.kind in {"correction", "void"} and event.target is not None:
            state, gone = state.withdrawing(event.target, event.number, event.agency)
            touched |= {state.question_of(claim) for claim in gone}
        for number in sorted(self.erased_by(event)):
            state, gone = state.withdrawing(number, event.number, None)
            touched |= {state.question_of(claim) for claim in gone}
        if event.kind == "record_moved":
            state = replace(state, around=state.around.moved(event.body))
        added = claims_in(event)
        touched |= {state.question_of(claim) for claim in added if not state.is_repeat(claim)}
        return state.adding(added), touched

    def rekeyed(self, pack: Pack) -> tuple[RecordState, list[Finding], set[Question]]:
        """The state with its findings under the questions that the links make of theirs.

        Of two that are now one question the one raised first stands; the others are given, and the questions renamed.
        """
        kept: dict[str, Finding] = {}
        merged: list[Finding] = []
        renamed = set()
        for finding in sorted(self.findings.values(), key=lambda finding: (finding.raised_at, finding.id)):
            now = self._renamed(finding, pack)
            if now.question != finding.question:
                renamed.add(now.question)
            if now.key in kept:
                merged.append(finding)
            else:
                kept[now.key] = now
        settled = tuple(self._renamed(finding, pack) for finding in self.settled)
        return replace(self, findings=kept, settled=settled), merged, renamed

    def _renamed(self, finding: Finding, pack: Pack) -> Finding:
        question = finding.question.resolved(self.people, self.things)
        rule = pack.rules.get(finding.rule)
        return replace(finding, question=question, key=rule.key(question) if rule else finding.key)

    def links_after(self, event: EntryStep) -> tuple[Links, Links]:
        """The links of people and of things once an entry counts."""
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
            if before != after or _speaks_of(claim, self.people) != _speaks_of(claim, people):
                touched |= {before, after}
        return state.adding(self._all_claims()), touched

    def erased_by(self, event: EntryStep) -> set[int]:
        """The entries that an approved order to erase takes away, of those that claim something."""
        if not erases_whole(event.kind, event.body):
            return set(numbers_erased(event.kind, event.body))
        before = parse_entry_id(str(event.body.get("of")))
        return {number for number in self.topics if before is not None and number < before[1]}

    def withdrawing(self, target: int, by: int, agency: str | None) -> tuple[RecordState, list[Claim]]:
        """Withdraw an entry, or what already replaced it: only its author's agency can, or (None) an order to erase."""
        while target in self.withdrawn:
            target = self.withdrawn[target]
        gone = self.claims_of_entry(target)
        if agency is not None and any(claim.agency != agency for claim in gone):
            return self, []
        claims = dict(self.claims)
        for topic in {self.question_of(claim).topic for claim in gone}:
            claims[topic] = tuple(claim for claim in claims[topic] if claim.number != target)
        return replace(self, claims=claims, withdrawn={**self.withdrawn, target: by}), gone

    def adding(self, claims: Iterable[Claim]) -> RecordState:
        """This state with further claims, each once."""
        # A claim about several people, or with several, is one for each of them: they share a place in their entry.
        changed: dict[Topic, dict[tuple[Ref, str, str | None], Claim]] = {}
        topics: dict[int, tuple[Topic, ...]] = {}
        for claim in claims:
            topic = self.question_of(claim).topic
            if topic not in changed:
                changed[topic] = {_place(known): known for known in self.claims.get(topic, ())}
            changed[topic][_place(claim)] = claim
            known_topics = topics.get(claim.number) or self.topics.get(claim.number, ())
            topics[claim.number] = known_topics if topic in known_topics else (*known_topics, topic)
        if not changed:
            return self
        return replace(
            self,
            claims={**self.claims, **{topic: tuple(by.values()) for topic, by in changed.items()}},
            topics={**self.topics, **topics},
        )

    def claims_of_entry(self, number: int) -> list[Claim]:
        """The claims of one entry that count, as far as they are at hand."""
        topics = dict.fromkeys(self.topics.get(number, ()))
        return [claim for topic in topics for claim in self.claims.get(topic, ()) if claim.number == number]

    def _all_claims(self) -> Iterator[Claim]:
        return chain.from_iterable(self.claims.values())

    def entries_withdrawn(self, event: Event) -> set[int]:
        """The entries whose claims the event bears on: a due moment's, or what is withdrawn and what replaced it."""
        named = {event.target, *self.erased_by(event)} if isinstance(event, EntryStep) else {event.number}
        entries: set[int] = set()
        for each in named:
            number = each
            while number is not None:
                entries.add(number)
                number = self.withdrawn.get(number)
        return entries

    def claims_touched(self, event: Event, entries: set[int]) -> Iterator[Claim]:
        """The claims on whose questions the event bears: those of these entries, and its own."""
        for number in sorted(entries):
            yield from self.claims_of_entry(number)
        if isinstance(event, EntryStep):
            yield from claims_in(event)


def _place(claim: Claim) -> tuple[Ref, str, str | None]:
    return claim.ref, claim.about, claim.counterpart


def _speaks_of(claim: Claim, people: Links) -> tuple[object, ...]:
    """Whose word a claim is, by all names of theirs, and whom its value names: what links of people may change."""
    source = source_of(claim, people)
    names = people.keys_of(source.person) if source.person else frozenset()
    return source, names, named_in(claim, people)
