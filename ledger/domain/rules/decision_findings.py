"""What speaks against a decision's basis: what is denied, and what was left open when it was made.

Two families, so that at most two findings speak of one decision. ``decision_contested`` sets the decision, and what
bears it out, against what speaks against it; ``decision_left_open`` lists what it should have rested on and is stale,
unasked, borne out by nobody or without an outcome. Both are judged while the decision stands, so that later evidence
against its basis is found when it comes. The mark ``topic`` is the gravest item's name.

What was known when a decision was overridden is not found again: it is a prompt where the decision says so itself, and
nothing where that was said in an entry of its own. What was left open is a prompt, too, where it came up later, and
where other rules alert to all of it that is grave. Each side shows the gravest, then the newest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from ledger.domain.act import OVERRIDE, fields_of
from ledger.domain.claim import DEATH, DECISION, PERSON, Claim, Ref
from ledger.domain.decision import Assumption, assumptions, deciding_of
from ledger.domain.decision_item import heard_by, topics_of, topics_read
from ledger.domain.decision_standing import (
    DECISIONS,
    OVERRIDES,
    area_of,
    areas_in,
    decision_in,
    is_overridden,
    known_by,
    stands_until,
)
from ledger.domain.decision_stated import heard_on, topics_for
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import (
    ANYBODY,
    DECISION_CONTESTED,
    DECISION_LEFT_OPEN,
    STATES,
    Family,
    Rule,
    Verdict,
    View,
)

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

#: How many entries bear a decision out in what is shown of it; the rest of the room is for what speaks against it.
_SUPPORTS: Final = 2


def judge_contested(view: View) -> Verdict:
    """What is set against a decision that stands."""
    return _judge(view, contested=True)


def judge_left_open(view: View) -> Verdict:
    """What a decision that stands should have rested on and did not."""
    return _judge(view, contested=False)


def _judge(view: View, *, contested: bool) -> Verdict:
    decision = decision_in(view.area, view.facts)
    if decision is None or view.at >= stands_until(decision) or _is_after_death(decision, view.facts):
        return Verdict()
    known = known_by(decision, view.facts)
    wrong = [one for one in _weighed(decision, view.facts) if one.states]
    told = {ref for one in wrong if one.is_contested for ref in (*one.against, *one.supports)}
    of_it = [one for one in wrong if one.is_contested == contested and (contested or not _is_told(one, told))]
    found = [one for one in of_it if _is_new(one, known)]
    due = {decision.ref: stands_until(decision)}
    if not found:
        return Verdict(due=due)
    basis = _contested(decision, found, known, view) if contested else _left_open(decision, found, known)
    return Verdict(basis=basis, due=due)


def _contested(decision: Claim, found: Sequence[Assumption], known: int, view: View) -> Basis:
    against = _shown((_against(one, known) for one in found), ENTRIES_MAX - 1 - _SUPPORTS, set())
    taken = {decision.number, *(ref.number for ref in against)}
    room = max(_SUPPORTS, ENTRIES_MAX - len(taken))
    supports = [ref for ref in _shown((one.supports for one in found), room, set()) if ref not in against]
    is_known = is_overridden(decision) and all(ref.number <= decision.number for ref in against)
    return Basis(
        kind="decision_basis",
        sides=(tuple(sorted({decision.ref, *supports})), tuple(sorted(against))),
        evidence=_rest(found, {decision.ref, *supports, *against}),
        is_pending=_is_pending(decision, found[0], view),
        tier="prompt" if is_known else "queue",
        topic=found[0].item,
    )


def _is_pending(decision: Claim, gravest: Assumption, view: View) -> bool:
    """Whether it was known when the decision was made, and no contradiction on the very question says so, too."""
    if gravest.question is None or not any(ref.number <= decision.number for ref in gravest.against):
        return False
    states = view.pack.rules[STATES]
    told = states.family.judge(View(states, gravest.question, view.pack, view.at, view.facts)).basis
    return told is None or told.kind == "overtaken"


def _left_open(decision: Claim, found: Sequence[Assumption], known: int) -> Basis:
    shown = _shown((_against(one, known) or one.supports for one in found), ENTRIES_MAX - 1, {decision.number})
    is_grave = not is_overridden(decision) and any(
        one.grave and not one.is_told and any(ref.number <= decision.number for ref in one.against or one.supports)
        for one in found
    )
    return Basis(
        kind="decision_basis",
        sides=(tuple(sorted({decision.ref, *shown})),),
        evidence=_rest(found, {decision.ref, *shown}),
        tier="queue" if is_grave else "prompt",
        topic=found[0].item,
    )


def _is_after_death(decision: Claim, facts: Facts) -> bool:
    died = facts.died
    return died is not None and died <= decision.recorded_at


def _is_told(one: Assumption, told: set[Ref]) -> bool:
    """Whether all that is open is what is set against the decision in any case."""
    return bool(one.against) and told.issuperset(one.against)


def _is_new(one: Assumption, known: int) -> bool:
    """Whether something of it was not known when the decision was overridden."""
    return known == 0 or any(ref.number > known for ref in one.against)


def _against(one: Assumption, known: int) -> list[Ref]:
    return [ref for ref in one.against if ref.number > known]


def _shown(groups: Iterable[Sequence[Ref]], entries: int, taken: set[int]) -> list[Ref]:
    """The newest of the gravest groups first, of at most so many entries beside those that are shown anyway.

    Of each group one is shown before a second of any.
    """
    queues = [sorted(set(group), reverse=True) for group in groups]
    shown: list[Ref] = []
    numbers: set[int] = set()
    for place in range(max(map(len, queues), default=0)):
        for queue in queues:
            if place < len(queue) and queue[place] not in shown:
                ref = queue[place]
                if ref.number in numbers | taken or len(numbers) < entries:
                    shown.append(ref)
                    numbers |= {ref.number} - taken
    return shown


def _rest(found: Iterable[Assumption], shown: set[Ref]) -> tuple[Ref, ...]:
    refs = {ref for one in found for ref in (*one.against, *one.supports, *one.latest)}
    refs |= {one.relied_on for one in found if one.relied_on is not None}
    return tuple(sorted(refs - shown)[-EVIDENCE_MAX:])


# ── what bears on what ──


def _weighed(decision: Claim, facts: Facts) -> list[Assumption]:
    """All that a decision relies on, once for each state of the record."""
    facts.require(_topics(decision, facts))
    if not facts.is_whole:
        facts.require(topics_read(facts.pack.decisions.items_of(decision.value or ""), facts))
    return facts.once(
        ("decision weighed", decision.ref),
        lambda: assumptions(deciding_of(decision, facts), facts, decision.recorded_at),
    )


def _topics(decision: Claim, facts: Facts) -> frozenset[Topic]:
    """What must be read to weigh a decision, as far as only the rest of the record says what else."""
    fields, pack = fields_of(decision), facts.pack
    found = {Topic(DEATH, CHILD), OVERRIDES, *_of_items(decision, pack)}
    for attribute, about in fields.get("on", ()):
        if attribute in pack.attributes:
            found |= {*topics_for(attribute, facts.person(about, decision.agency), pack)}
    if "entries" in fields:
        found |= {Topic(name, ANYBODY) for name in (*pack.attributes, PERSON)}
    return frozenset(found)


def _of_items(decision: Claim, pack: Pack) -> frozenset[Topic]:
    items = pack.decisions.items_of(decision.value or "")
    kind = pack.decisions.name_of(decision.value or "")
    return pack.of_question(
        "topics of decisions", kind, lambda: frozenset(t for one in items for t in topics_of(one, pack))
    )


def _heard(decision: Claim, pack: Pack) -> frozenset[str]:
    """The attributes on which it hangs how a decision stands."""
    items = pack.decisions.items_of(decision.value or "")
    kind = pack.decisions.name_of(decision.value or "")
    fields = fields_of(decision)
    found = pack.of_question(
        "heard of decisions", kind, lambda: frozenset[str]().union(*(heard_by(one, pack) for one in items))
    )
    on = [attribute for attribute, _ in fields.get("on", ())]
    if "entries" in fields:
        on = [*pack.attributes]
    return found.union(_OWN, *(heard_on(attribute, pack) for attribute in on))


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    if question.attribute == DECISION:
        # One that was taken back is in no fact any more: whoever's it was, it is judged.
        for agency in sorted(facts.agencies):
            yield Question(
                DECISION, CHILD, thing=f"{agency}/decided", item=facts.pack.decisions.name_of(question.item or "")
            )
    for area in areas_in(facts):
        decision = decision_in(area, facts)
        if decision is None:
            if question.attribute == DECISION:
                yield area
        elif question.attribute in _heard(decision, facts.pack):
            # Whatever more must be read is asked for here; of one whose place this took, too, for what was said before.
            for one in facts.claims(DECISIONS):
                if area_of(one, facts.pack) == area:
                    _weighed(one, facts)
            yield area


def _enumerates(_rule: Rule, _question: Question, _pack: Pack) -> Iterator[Topic]:
    yield DECISIONS


def _reads(_rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    yield DECISIONS
    yield OVERRIDES


def _may_stand(_rule: Rule, area: Question, facts: Facts) -> bool:
    return decision_in(area, facts) is not None


def _listens(_rule: Rule, pack: Pack) -> frozenset[str]:
    of_items = (heard_by(one, pack) for one in pack.decisions.items.values())
    return frozenset(pack.attributes).union(_OWN, pack.heard_by_constraints, *of_items)


_OWN: Final = frozenset({DECISION, OVERRIDE, DEATH, PERSON})


def _family(name: str, judge: Callable[[View], Verdict]) -> Family:
    return Family(
        name=name,
        judge=judge,
        areas=_areas,
        reads=_reads,
        listens=_listens,
        enumerates=_enumerates,
        may_stand=_may_stand,
        kinds=frozenset({"decision_basis"}),
        closes_as="basis_settled",
    )


CONTESTED: Final = _family(DECISION_CONTESTED, judge_contested)
LEFT_OPEN: Final = _family(DECISION_LEFT_OPEN, judge_left_open)
