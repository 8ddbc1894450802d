"""A child's injury of concern of which there is the word of somebody with an interest, and no examination.

Raised at once, and closed when somebody examines the injury: a contact that goes so deep, a measurement, or the opinion
of one of the ``clinicians`` on its cause; or one of them examined the child that day or the next. Injuries of concern
are those that the criteria name: ``sorts``; ``sites``, unless the injury is ``slight``; several, unless all are in
``everyday`` places; any pattern, grave severity or old age; in a child younger than ``young`` or said to be in one of
the states ``not_mobile``; with another injury not longer ago than ``recurs_within``; on one of the ``plans``, or so
long ``after`` a decision; or of which no account is given (``no_account``). What is ``no_injury`` is none. Of an injury
of which none of this is known, and neither that it is ``slight`` nor in an ``everyday`` place, it only needs asking: a
prompt, and no alert.

Accounts that are ``no_reassurance`` do not count: they say that somebody hurt the child. An account of an injury that
nobody described counts where it is one of those that ``tell_of_injury`` by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import CONTACT
from ledger.domain.civil_day import Stretch
from ledger.domain.claim import DECISION, PERSON, Claim
from ledger.domain.edtf import observed_bounds
from ledger.domain.finding import Tier
from ledger.domain.interest import standing
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule
from ledger.domain.rules.account import (
    ACCOUNT,
    KINDS,
    ON_ACCOUNT,
    Against,
    Word,
    areas_about,
    is_account,
    meetings_of,
    no_verdict,
    unknown_attributes,
    unknown_values,
    words_on,
)
from ledger.domain.rules.examination import EXAMINED, OPINIONS, is_examined, is_word_of
from ledger.domain.rules.injury import (
    AROUND,
    CRITERIA_FORM,
    CRITERIA_REQUIRED,
    FRACTURE,
    INJURY,
    PARTS,
    SITE,
    Criteria,
    concerns,
    is_open,
)
from ledger.domain.rules.injury_reading import injury_of, is_child, parts_of
from ledger.domain.shape import Fault, Items, Text
from ledger.domain.side import Meeting
from ledger.domain.statement import Statement

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

#: An examination so long after an injury came to light is of it, though it names none.
_SOON: Final = timedelta(days=1)
_READ: Final = (ACCOUNT, *PARTS, *OPINIONS, EXAMINED, *AROUND)


def meetings(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Meeting]:
    """The words of interested people on an injury of concern that nobody examined."""
    if is_account(area) and is_child(area.about, facts):
        yield from meetings_of(rule, _found(rule, area, facts, pack))


def _found(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Against]:
    told = [one for one in words_on(area, facts) if _rests_on_interest(one, rule, facts)]
    if not told or _is_without_injury(area, facts):
        return
    parts = _parts(area, told, facts)
    if not parts:
        told = [one for one in told if one.claim.value in rule.settings["tell_of_injury"]]
    if not told:
        return
    criteria = Criteria.of(rule.settings)
    said = [*parts, *(one.claim for one in told)]
    injury = injury_of(area.about, area.thing or "", said, facts, pack, criteria)
    injury = replace(injury, has_no_account=_is_unexplained(area, rule, facts))
    is_of_concern = bool(concerns(injury, criteria))
    if not is_of_concern and not is_open(injury, criteria):
        return
    if is_examined(area.about, area.thing or "", injury.when, rule.settings["clinicians"], facts):
        return
    if area.about == CHILD and _is_looked_at(injury.when, rule.settings["clinicians"], facts):
        return
    shown: Sequence[Statement | None] = _statements(parts, facts)
    tier: Tier = "queue" if is_of_concern else "prompt"
    for one in told:
        for statement in shown or [None]:
            yield Against(one.statement, statement, is_strain=True, tier=tier)


def _is_looked_at(when: Stretch, clinicians: str, facts: Facts) -> bool:
    """Whether one of the clinicians examined the child when it came to light, or by the end of the next day."""
    for claim in facts.acts("contact"):
        seen = observed_bounds(claim.observed)
        is_then = seen.start < when[1] + _SOON and seen.end > when[0]
        if is_then and claim.depth == "examined" and is_word_of(clinicians, claim, facts):
            return True
    return False


def _rests_on_interest(word: Word, rule: Rule, facts: Facts) -> bool:
    return word.claim.value not in rule.settings["no_reassurance"] and standing(word.claim, facts) == "interested"


def _is_unexplained(area: Question, rule: Rule, facts: Facts) -> bool:
    """Whether all that anybody says of how it happened is that they do not know."""
    return {word.claim.value for word in words_on(area, facts)} <= set(rule.settings["no_account"])


def _is_without_injury(area: Question, facts: Facts) -> bool:
    """Whether it was looked for and there was none."""
    sorts = {
        claim.value for claim in facts.claims(Topic(INJURY, area.about)) if facts.question_of(claim).thing == area.thing
    }
    return sorts == {"none"}


def _parts(area: Question, told: Sequence[Word], facts: Facts) -> list[Claim]:
    """What was said of the injury; of an account that names no thing, of those in its entry that have no account."""
    parts = parts_of(area.about, facts)
    if area.thing in parts:
        return parts[area.thing]
    numbers = {one.claim.number for one in told if one.claim.thing is None}
    accounted = {question.thing for question in facts.questions(Topic(ACCOUNT, area.about))}
    return [
        claim for thing, said in parts.items() if thing not in accounted for claim in said if claim.number in numbers
    ]


def _statements(parts: Sequence[Claim], facts: Facts) -> list[Statement]:
    """What is shown of the injury: its sorts, else its places, else whatever was said."""
    for wanted in ({INJURY, FRACTURE}, {SITE}, set(PARTS)):
        claims = [claim for claim in parts if claim.attribute in wanted]
        if claims:
            by_ref = {s.ref: s for claim in claims for s in facts.statements(facts.question_of(claim))}
            return [by_ref[claim.ref] for claim in claims if claim.ref in by_ref]
    return []


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The accounts of that person's injuries; of somebody whose role becomes known, those that they gave too."""
    yield from areas_about(rule, question, facts)
    if question.attribute == PERSON and facts.is_role_news(question.about):
        for claim in facts.claims(Topic(ACCOUNT, ANYBODY)):
            if facts.source(claim).person == question.about:
                yield facts.question_of(claim)


def _enumerates(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == PERSON:
        yield Topic(PERSON, ANYBODY)
        yield Topic(ACCOUNT, ANYBODY)
    else:
        yield Topic(ACCOUNT, question.about)


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, area.about) for name in _READ)
    yield Topic(PERSON, ANYBODY)
    yield Topic(DECISION, CHILD)
    yield Topic(CONTACT, CHILD)


def _listens(_rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({*_READ, PERSON, DECISION, CONTACT})


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from unknown_attributes(_READ, vocabulary)
    for key in ("sorts", "slight", "no_injury"):
        yield from unknown_values((key,), written[key], INJURY, vocabulary)
    for key in ("sites", "everyday"):
        yield from unknown_values((key,), written[key], SITE, vocabulary)
    for key in ("no_account", "no_reassurance", "tell_of_injury"):
        yield from unknown_values((key,), written[key], ACCOUNT, vocabulary)
    yield from unknown_values(("not_mobile",), written["not_mobile"], "mobility", vocabulary)


_WORDS: Final = Items(Text(), least=1)
UNEXAMINED: Final = Family(
    name="unexamined",
    judge=no_verdict,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    meets=meetings,
    form={
        "one": ON_ACCOUNT,
        "clinicians": Text(),
        "no_account": _WORDS,
        "no_reassurance": _WORDS,
        "tell_of_injury": _WORDS,
        **CRITERIA_FORM,
    },
    required=f"one clinicians no_account no_reassurance tell_of_injury {CRITERIA_REQUIRED}",
    kinds=KINDS,
    check=_check,
)
