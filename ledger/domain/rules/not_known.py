"""What agencies say that they do not know, and what a pack says must be known and nobody said (``gap``).

One finding for one question, whatever made it necessary: what somebody could not or would not say is a gap at once,
what nobody said of is one when its clock has run out. It is a prompt, to be asked at the next contact, until an answer
ends it. What was refused too often becomes an enquiry to another agency, and an alert if that is not answered in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.domain.calendar import WorkingCalendar
from ledger.domain.claim import Claim, Ref
from ledger.domain.duration import runs_out
from ledger.domain.finding import ENTRIES_MAX, Basis
from ledger.domain.gap import MISSING, Enquiry, State, again_after, refusals_in, way_of
from ledger.domain.pattern import Pattern
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import NOT_KNOWN, Family, Rule, Told, Verdict, View
from ledger.domain.rules.gap_answer import Words, how_answered, is_answer, is_try
from ledger.domain.rules.gap_asked import asked_by
from ledger.domain.rules.gap_need import Need, may_be_of_part
from ledger.domain.rules.must_know import INVOLVEMENT, MustKnow
from ledger.domain.rules.spoken import order, side

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_HALF: Final = ENTRIES_MAX // 2


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said of one question: tries that nothing answered, what others held of it all the while, and answers."""

    open: tuple[Claim, ...]
    beside: tuple[Claim, ...]
    answers: tuple[Claim, ...]
    words: Words


class _Standing(NamedTuple):
    """Where any word on a question itself is, and what makes it necessary to know it: by which rule, and where."""

    own: tuple[Topic, ...]
    causes: tuple[tuple[MustKnow, Topic, Pattern], ...]

    @property
    def topics(self) -> tuple[Topic, ...]:
        return (*self.own, *dict.fromkeys(topic for _, topic, _ in self.causes))


def judge(view: View) -> Verdict:
    """Whether the question of this area is open, and what becomes of it when."""
    rules = asked_by(view.pack).on(view.area)
    needs = [Need(one, view.area, view.facts, view.at) for one in rules]
    said = _said(view, needs)
    return _tried(view, needs, said) if said.open else _untold(needs, said)


def has_open_try(view: View) -> bool:
    """Whether something says of a question that it is not known, and no word on the same question answers it."""
    asked = asked_by(view.pack)
    area = asked.area(view.area)
    words = {word: state for one in asked.on(area) for word, state in one.missing.items()}
    own = [*_own_claims(area, view.facts)]
    answers = [claim for claim in own if is_answer(claim, words)]
    tries = (claim for claim in own if is_try(claim, words, view.facts))
    return any(how_answered(claim, answers, (), view.facts)[0] != "answered" for claim in tries)


def _said(view: View, needs: Sequence[Need]) -> _Said:
    facts, area = view.facts, view.area
    own = [*_own_claims(area, facts)] if area.attribute in facts.pack.attributes else []
    every: dict[str, State] = {word: state for one in needs for word, state in one.rule.missing.items()}
    answers = [claim for claim in own if is_answer(claim, every)]
    still_open, beside = [], []
    for claim in own:
        hearing = () if claim.not_known else [one for one in needs if claim.value in one.rule.missing]
        words = {word: state for one in hearing if one.hears(claim) for word, state in one.rule.missing.items()}
        if is_try(claim, words, facts):
            how, held = how_answered(claim, answers, [one for need in needs for one in need.answers], facts)
            if how != "answered":
                still_open.append(claim)
                beside += held
    return _Said(tuple(still_open), tuple(beside), tuple(answers), every)


def _own_claims(area: Question, facts: Facts) -> Iterator[Claim]:
    asked = asked_by(facts.pack)
    for question in facts.questions(area.topic):
        if asked.area(question) == area:
            yield from facts.claims_on(question)


def _tried(view: View, needs: Sequence[Need], said: _Said) -> Verdict:
    """The gap of what somebody could not or would not say, and the enquiry that it may have become."""
    last = max(said.open, key=order)
    hearing = [one.rule for one in needs if one.hears(last) and (last.not_known or last.value in one.rule.missing)]
    rule = next(iter([*hearing, *(need.rule for need in needs)]), None)
    shown = {*side(said.open, _HALF if said.beside else ENTRIES_MAX), *side(said.beside, _HALF)}
    refused = refusals_in(said.open, said.words)
    basis = Basis(
        kind="gap",
        sides=(tuple(sorted(shown)),),
        by="" if rule is None else rule.rule.name,
        tier="prompt",
        state=way_of(last, said.words) or MISSING,
        refusals=len(refused),
        tried=again_after(said.open, said.words, timedelta() if rule is None else rule.ask_again),
    )
    over = min((need.ends for need in needs if need.ends is not None and need.ends > view.at), default=None)
    due = {} if over is None or not needs else {min(claim.ref for claim in said.open): over}
    if rule is None or not rule.refusals or len(refused) < rule.refusals:
        return Verdict(basis=basis, due=due)
    through = refused[rule.refusals - 1]
    enquiry = _enquiry(rule, through, said.open, view.facts)
    lapsed = enquiry.is_overdue(view.at)
    basis = replace(basis, owed_by=enquiry.agency, due=enquiry.due, is_lapsed=lapsed)
    if lapsed:
        basis = replace(basis, tier="queue")
    told = {Told("enquiry", enquiry.agency, through.ref, through.ref)} if enquiry.agency else set()
    if not lapsed:
        due[through.ref] = min(enquiry.due, due.get(through.ref, enquiry.due))
    return Verdict(basis=basis, due=due, told=frozenset(told))


def _enquiry(rule: MustKnow, through: Claim, tries: Iterable[Claim], facts: Facts) -> Enquiry:
    """To whom it goes: the first of the pack's kinds that has not asked itself, of those at work with the child first.

    One that was asked and does not know either hands it on: the time runs anew.
    """
    asked = {claim.agency: claim.recorded_at for claim in tries}
    for claim in tries:
        asked[claim.agency] = max(asked[claim.agency], claim.recorded_at)
    possible = [*_possible(rule, facts)]
    agency = next((one for one in possible if one not in asked), "")
    since = max([through.recorded_at, *(asked[one] for one in possible if one in asked)])
    return Enquiry(agency, since, runs_out(since, rule.enquiry_within, WorkingCalendar(facts.nation)))


def _possible(rule: MustKnow, facts: Facts) -> Iterator[str]:
    """Whom the pack would ask, in its order: those of a kind who are at work with the child, or else its only one."""
    involved = {claim.agency for claim in facts.claims(Topic(INVOLVEMENT, CHILD))}
    for kind in rule.enquire:
        of_kind = sorted(one for one in facts.agencies if facts.is_of_kind(one, {kind}))
        yield from [one for one in of_kind if one in involved] or (of_kind if len(of_kind) == 1 else [])


def _untold(needs: Sequence[Need], said: _Said) -> Verdict:
    """The gap of what nobody said, or said too long ago, by the first rule that asks; and when to look again."""
    basis, due = None, dict[Ref, datetime]()
    possible = [need for need in needs if need.may_be_asked and need.triggers]
    if not possible:
        return Verdict()
    is_known = bool(said.answers) or any(one.has_answer for one in needs)
    for need in possible:
        if is_known and not need.rule.asks_again and not need.rule.only_by:
            continue
        answers = _answers_to(need, needs, said, is_known=is_known)
        if answers and not need.rule.asks_again:
            continue
        if basis is None and need.is_asked_for(answers):
            basis = _gap_of(need, answers)
        moment = need.moment(answers)
        if moment is not None:
            due[moment.ref] = min(moment.at, due.get(moment.ref, moment.at))
    return Verdict(basis=basis, due=due)


def _answers_to(need: Need, needs: Sequence[Need], said: _Said, *, is_known: bool) -> Sequence[Claim]:
    """What answers by one rule: what alone does, or whatever was said and what any rule on it takes for an answer."""
    if need.rule.only_by:
        return need.only_by
    if not is_known:
        return ()
    return [*said.answers, *(one for other in needs for one in other.answers)]


def _gap_of(need: Need, answers: Sequence[Claim]) -> Basis | None:
    stale = need.stale_among(answers)
    if answers and not stale and need.rule.fresh is None:
        return None
    evidence = [claim.ref for claim in need.attempts]
    return Basis(
        kind="gap",
        sides=(side(stale or need.triggers),),
        evidence=tuple(sorted(evidence))[-ENTRIES_MAX:],
        by=need.rule.rule.name,
        tier="prompt",
        state="stale" if answers else MISSING,
        tried=again_after(need.attempts, {}, need.rule.ask_again),
    )


# ── on what it bears ──


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    pack = facts.pack
    if question.attribute in pack.attributes:
        yield asked_by(pack).area(question)
    for one, people, told_of in pack.of_question("asked around", question, lambda: _around(question, pack)):
        told = {told.about for topic in told_of for told in facts.questions(topic)} - {CHILD} if told_of else set()
        yield from (one.area(person) for person in sorted(people | told))


def _around(question: Question, pack: Pack) -> list[tuple[MustKnow, frozenset[str], tuple[Topic, ...]]]:
    """What must be known that a claim on this question bears on, of whom, and where all those are whom it may be of."""
    found: list[tuple[MustKnow, frozenset[str], tuple[Topic, ...]]] = []
    for one in asked_by(pack).heard.get(question.attribute, ()):
        if one.whom is None:
            told_of = tuple(one.told_of()) if one.is_far(question) else ()
            found.append((one, frozenset({question.about} - {CHILD}), told_of))
        elif one.bears_on(question, one.whom):
            found.append((one, frozenset({one.whom}), ()))
    return found


def _enumerates(_rule: Rule, question: Question, pack: Pack) -> Iterator[Topic]:
    for one in asked_by(pack).heard.get(question.attribute, ()):
        if one.is_far(question):
            yield from one.told_of()
        else:
            yield from _makes_it_stand(one.area(one.whom or question.about), pack).topics


def _makes_it_stand(area: Question, pack: Pack) -> _Standing:
    """Without what nothing is a gap, and nothing will be."""

    def work_out() -> _Standing:
        own = (area.topic,) if area.attribute in pack.attributes else ()
        rules = asked_by(pack).on(area)
        causes = tuple((one, pattern.topic(area.about), pattern) for one in rules for pattern in one.when)
        return _Standing(own, causes)

    return pack.of_question("makes a gap stand", area, work_out)


def _may_stand(_rule: Rule, area: Question, facts: Facts) -> bool:
    standing = _makes_it_stand(area, facts.pack)
    if not all(facts.has(topic) for topic in standing.topics):
        return True
    return any(facts.is_told_of(topic) for topic in standing.own) or any(
        facts.is_told_of(topic)
        and may_be_of_part(one, area, facts)
        and any(pattern.matches(claim, facts) for claim in facts.claims(topic))
        for one, topic, pattern in standing.causes
    )


def _reads(_rule: Rule, area: Question, pack: Pack) -> Iterator[Topic]:
    if area.attribute in pack.attributes:
        yield area.topic
    for one in asked_by(pack).on(area):
        yield from one.topics(area.about)
        if (after := pack.rules.get(one.then)) is not None:
            yield from after.family.reads(after, area, pack)


def _listens(_rule: Rule, pack: Pack) -> frozenset[str]:
    return frozenset(pack.attributes) | asked_by(pack).heard.keys()


FAMILY: Final = Family(
    name=NOT_KNOWN,
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    may_stand=_may_stand,
    kinds=frozenset({"gap"}),
    closes_as="answered",
)
RULE: Final = Rule(FAMILY.name, FAMILY, finds="gap")
