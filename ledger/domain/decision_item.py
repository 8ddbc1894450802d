"""What a decision relies on by its kind, stated or not: whether one of the pack's items is open, and by what.

What opens an item stays until it is answered, never by age. What was said after the decision counts only where the
item says that it does later, too; and nothing counts that was said after the child's death.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from ledger.domain.act import CONTACT, PREFIX, fields_of
from ledger.domain.claim import ALLEGATION, DEATH, PERSON, Claim, Ref
from ledger.domain.decision_found import Found
from ledger.domain.interest import standing
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic, item_key
from ledger.domain.record_state import StateIncompleteError
from ledger.domain.rule import ANYBODY, STATES, Rule, View
from ledger.domain.rules.contested import read_for
from ledger.domain.rules.spoken import has_word, is_said, order, said_at, side
from ledger.domain.statement import END, SIGHT
from ledger.domain.telling import areas_of_rule

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack
    from ledger.domain.pack_decisions import DecisionItem

#: The attribute of which there are steps, too, in entries of their own.
STEPS_OF: Final = "allegation"
POSITION: Final = PREFIX + "position"
#: On what bases a reassurance answers a worry: what somebody only tells does not.
_ANSWERS: Final = SIGHT | {"own_record", "searched", "judgement", "document"}


def weigh_item(item: DecisionItem, kind: str, agency: str, number: int | None, facts: Facts, at: datetime) -> Found:
    """What opens an item of a decision of this kind, which an agency made ``at`` a moment in the entry ``number``."""
    opened = [
        *_by_words(item, agency, facts),
        *_by_positions(item, kind, agency, facts),
    ]
    if item.unseen:
        opened = [one for one in opened if not _is_seen_since(one, item, facts)]
    refs = {one.ref for one in opened if _counts(one, item, number, facts)}
    by_words = bool(refs)
    told_away = [one for one in _told_away(opened, item, facts) if _counts(one, item, number, facts)] if refs else []
    refs |= {one.ref for one in told_away}
    refs |= {
        ref
        for ref in (*_by_questions(item, facts, at), *_by_rules(item, facts, at))
        if number is None or ref.number <= number or item.later
    }
    claims = {one.ref: one for one in (*opened, *told_away)}
    ordered = sorted(refs, key=lambda ref: (order(claims[ref]) if ref in claims else (), ref))
    return Found(
        states=frozenset({item.state, *(["uncorroborated"] if told_away else [])}) if refs else frozenset(),
        latest=side([claims[ref] for ref in refs if ref in claims]) if refs & claims.keys() else (),
        against=tuple(sorted(ordered)),
        grave=bool(refs) and item.grave,
        is_told=not by_words,
    )


def _counts(claim: Claim, item: DecisionItem, number: int | None, facts: Facts) -> bool:
    died = facts.died
    if died is not None and said_at(claim)[0] >= died:
        return False
    return item.later or number is None or claim.number <= number


def _by_words(item: DecisionItem, agency: str, facts: Facts) -> list[Claim]:
    """The claims among its words that nobody has answered."""
    found = _said_in(item.words, facts, "made")
    if item.another:
        found = [one for one in found if one.agency != agency]
    if item.topics:
        found = [one for one in found if _topic(one, facts.pack) in item.topics]
    if not found:
        return []
    answers = _said_in(item.answered, facts, "outcome")
    return [
        one
        for one in found
        if not any(_answers(other, one, item, facts) for other in answers)
        and not (item.reassured and _is_reassured(one, facts))
    ]


def _said_in(words: Mapping[str, Sequence[str]], facts: Facts, step: str) -> list[Claim]:
    """The claims that are among these words, with the steps of this name where they are about allegations."""
    said = (one for attribute in sorted(words) for one in facts.claims(Topic(attribute, ANYBODY)))
    steps = facts.claims(Topic(ALLEGATION, CHILD)) if STEPS_OF in words else []
    return [
        *(one for one in said if is_said(one) and has_word(one, words)),
        *(one for one in steps if one.value == step),
    ]


def _told_away(opened: Iterable[Claim], item: DecisionItem, facts: Facts) -> list[Claim]:
    """What somebody with an interest says in answer: it leaves the item open, and may be all that it was closed on."""
    said = [one for one in _said_in(item.answered, facts, "outcome") if standing(one, facts) == "interested"]
    return [one for one in said if any(_is_outcome(one, claim, item, facts) for claim in opened)] if said else []


def _answers(answer: Claim, claim: Claim, item: DecisionItem, facts: Facts) -> bool:
    """Whether one claim answers another, by somebody without an interest."""
    return _is_outcome(answer, claim, item, facts) and standing(answer, facts) != "interested"


def _is_outcome(answer: Claim, claim: Claim, item: DecisionItem, facts: Facts) -> bool:
    """Whether one claim is an outcome of another: not before it, and of the same thing or person."""
    if answer.ref == claim.ref or (answer.number == claim.number and answer.attribute == claim.attribute):
        return False
    if said_at(answer)[1] < said_at(claim)[1] or (item.by_itself and answer.agency != claim.agency):
        return False
    asked, said = facts.question_of(claim), facts.question_of(answer)
    if asked.thing is not None and said.thing is not None:
        is_of_it = asked.thing == said.thing or (claim.thing is None and asked.about == said.about)
    else:
        is_of_it = asked.about == said.about or claim.attribute == ALLEGATION
        is_of_it = is_of_it and (asked.item is None or said.item in {None, asked.item})
        is_of_it = is_of_it and _topic(claim, facts.pack) in {None, _topic(answer, facts.pack)}
    return is_of_it


def _is_reassured(claim: Claim, facts: Facts) -> bool:
    """Whether somebody who looked says since that all is well on the same topic of the same person."""
    topic, person = _topic(claim, facts.pack), facts.question_of(claim).about
    if topic is None:
        return False
    for name in _reassuring(facts.pack):
        for other in facts.claims(Topic(name, ANYBODY)):
            is_later = said_at(other)[1] >= said_at(claim)[1] and other.number != claim.number
            if is_later and is_said(other) and other.basis in _ANSWERS and _topic(other, facts.pack) == topic:
                polarity = facts.pack.attributes[name].polarity_of(other.value)
                if polarity == "reassurance" and facts.question_of(other).about in {person, CHILD}:
                    return True
    return False


def _reassuring(pack: Pack) -> frozenset[str]:
    """The attributes of which some value reassures."""
    return pack.of_question(
        "reassuring",
        None,
        lambda: frozenset(name for name, one in pack.attributes.items() if "reassurance" in one.polarity.values()),
    )


def _topic(claim: Claim, pack: Pack) -> str | None:
    attribute = pack.attributes.get(claim.attribute)
    return claim.topic or (attribute.topic if attribute is not None else None)


def _by_positions(item: DecisionItem, kind: str, agency: str, facts: Facts) -> Iterator[Claim]:
    """The stances that others last took on such a decision, each office's on each question."""
    if not item.positions:
        return
    latest: dict[tuple[str, str | None, str], Claim] = {}
    for claim in sorted(facts.claims(Topic(POSITION, CHILD)), key=order):
        if claim.agency == agency or not _is_on(claim, kind, facts):
            continue
        fields, whose = fields_of(claim), (claim.agency, claim.office)
        if fields.get("stance") == "for":  # who is for it by now is against it in no other words
            latest = {held: one for held, one in latest.items() if held[:2] != whose}
        latest[*whose, item_key(str(fields.get("about")))] = claim
    yield from (one for one in latest.values() if fields_of(one).get("stance") in item.positions)


def _is_on(position: Claim, kind: str, facts: Facts) -> bool:
    """Whether a stance may be on a decision of this kind: unless it names another kind's words and none of its own."""
    about = fields_of(position).get("about")
    if not isinstance(about, str):
        return True
    said = item_key(about)
    named = {
        one.name
        for one in facts.pack.decisions.kinds.values()
        for word in one.words
        if word in said or set(word.split()) <= set(said.split())
    }
    return not named or facts.pack.decisions.name_of(kind) in named


def _is_seen_since(claim: Claim, item: DecisionItem, facts: Facts) -> bool:
    """Whether somebody saw the child at one of the item's depths on the day of a claim or since, at another contact."""
    since = said_at(claim)[0]
    for contact in facts.acts(CONTACT.removeprefix(PREFIX)):
        fields = fields_of(contact)
        is_held = fields.get("outcome", "held") == "held"
        if is_held and fields.get("depth") in item.unseen and said_at(contact)[0] >= since:
            return True
    return False


def _by_questions(item: DecisionItem, facts: Facts, at: datetime) -> Iterator[Ref]:
    """What cannot all be so on the item's questions."""
    rule = facts.pack.rules.get(STATES)
    for attribute in item.questions if rule is not None else ():
        for question in facts.questions(Topic(attribute, ANYBODY)):
            assert rule is not None, "asked of above"
            yield from _refs_of(rule, question, facts, at)


def _by_rules(item: DecisionItem, facts: Facts, at: datetime) -> Iterator[Ref]:
    """What other rules of the pack found when the decision was made; and what rules with clocks await, late or not."""
    for rule in rules_of(item, facts.pack):
        for area in areas_of_rule(rule, facts):
            facts.require(rule.family.reads(rule, area, facts.pack))
            yield from _refs_of(rule, area, facts, at) if rule.family.awaits is None else _awaited(rule, area, facts)


def _awaited(rule: Rule, area: Question, facts: Facts) -> Iterator[Ref]:
    """What started the clocks of a rule, where what they await has not come."""
    assert rule.family.awaits is not None, "others have no clocks"
    for one in rule.family.awaits(rule, area, facts, END):
        if one.met is None:
            yield one.trigger.ref
            yield from one.also


def rules_of(item: DecisionItem, pack: Pack) -> list[Rule]:
    """The item's rules, without those that are switched off."""
    return [pack.rules[name] for name in item.rules if name in pack.rules]


def _refs_of(rule: Rule, area: Question, facts: Facts, at: datetime) -> Iterable[Ref]:
    facts.require(rule.family.reads(rule, area, facts.pack))
    basis = rule.family.judge(View(rule, area, facts.pack, at, facts)).basis
    if basis is None or basis.is_met or (rule.name == STATES and basis.tier == "prompt"):
        return ()
    return [ref for refs in basis.sides for ref in refs]


def topics_of(item: DecisionItem, pack: Pack) -> list[Topic]:
    """What must be read to weigh an item, as far as the record does not say what else."""
    names = {*item.words, *item.answered, *item.questions}
    if item.reassured:
        names |= _reassuring(pack)
    found = [Topic(name, ANYBODY) for name in sorted(names)]
    found += [Topic(DEATH, CHILD), Topic(PERSON, ANYBODY)]
    found += [Topic(ALLEGATION, CHILD)] if STEPS_OF in names else []
    found += [Topic(POSITION, CHILD)] if item.positions else []
    found += [Topic(CONTACT, CHILD)] if item.unseen else []
    for name in item.questions:
        found += [topic._replace(about=ANYBODY) for topic in read_for(Question(name, ANYBODY), pack)]
    for rule in rules_of(item, pack):
        for name in sorted(rule.family.listens(rule, pack) - {PERSON}):
            found += rule.family.enumerates(rule, Question(name, CHILD), pack)
    return found


def topics_read(items: Iterable[DecisionItem], facts: Facts) -> set[Topic]:
    """What must be read beside that, as far as what is there tells: all of it at once, for each time is a trip."""
    found: set[Topic] = set()
    for rule, named in _asked(items, facts):
        try:
            for area in named():
                found |= {*rule.family.reads(rule, area, facts.pack)}
        except StateIncompleteError as error:
            found |= error.topics
    return found


def _asked(items: Iterable[DecisionItem], facts: Facts) -> Iterator[tuple[Rule, Callable[[], Iterable[Question]]]]:
    """Each rule that is asked, and how to name some of the areas of which it is."""
    states = facts.pack.rules.get(STATES)
    for item in items:
        for rule in rules_of(item, facts.pack):
            for name in sorted(rule.family.listens(rule, facts.pack) - {PERSON}):
                yield rule, partial(rule.family.areas, rule, Question(name, CHILD), facts)
        if states is not None:
            for name in item.questions:
                yield states, partial(facts.questions, Topic(name, ANYBODY))


def heard_by(item: DecisionItem, pack: Pack) -> frozenset[str]:
    """The attributes on which it hangs whether an item is open."""
    rules = rules_of(item, pack)
    states = pack.rules.get(STATES)
    heard = {topic.attribute for topic in topics_of(item, pack)}
    heard = heard.union(*(rule.family.listens(rule, pack) for rule in rules))
    if item.questions and states is not None:
        heard |= {one.attribute for name in item.questions for one in read_for(Question(name, CHILD), pack)}
    return frozenset(heard)
