"""What must follow an injury of the child: it is referred, and somebody who can tell examines the child.

Two sorts of rules are of this family. One with ``babies`` is the fixed rule on babies who do not move about by
themselves yet: every injury counts, and nothing that is said of how it came about changes what must follow. One with
criteria is on injuries of concern at any age (`ledger.domain.rules.injury`), less those that the rule named ``beside``
is about. There a clinician's opinion that ``answers`` the injury ends it too.

A baby moves about from the step on that ``babies`` names (``from``, a state of mobility). Words that are ``short`` of
it are those that, as the last that was reached, say that it does not yet. Where nothing was noted it does not yet
``before`` that age, and the ``young`` count whatever they can do. Ages are corrected for early birth.

Referral and examination are two expectations of one injury, and one alert. The fixed rule asks for the referral at once
and with its own ``tier``; an injury of concern is a prompt to whoever posts it, who can still refer it that day, and an
alert when the day ends without. The examination stays a prompt for as long as the referral is awaited, and is an alert
by its own clock after that; where the referral was late, people are at work on it from then on, and it is by the clock
from the referral; not where those who ``investigate`` came themselves.
Injuries that came to the record within days of each other are one alert too. An injury of concern for what it is alone,
at which a clinician has looked and that no opinion ``doubts``, stays a prompt.

No injury are sorts that are ``no_injury``, though a lay person's word for them asks for somebody to look; what those
``settled_by`` say is ``settled`` (a birth mark, a mark of the birth or of treatment; from their own knowledge, not as
a carer tells it); what the maternity service notes of a ``newborn``; and what is found ``after_death``. What was
referred or settled when it was recorded starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.agency import AgencyWord
from ledger.domain.civil_day import civil_date
from ledger.domain.claim import DEATH, DECISION, Claim
from ledger.domain.duration import refuse_duration
from ledger.domain.expectation import Awaited, due_by, judged, outlived, refuse_expectation_clock
from ledger.domain.finding import Tier
from ledger.domain.pattern import patterns
from ledger.domain.pattern_form import PATTERNS, pattern_faults
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules import milestone, referred
from ledger.domain.rules.account import ACCOUNT, unknown_attributes, unknown_values
from ledger.domain.rules.examination import READ as EXAMINING
from ledger.domain.rules.injury import AROUND, CRITERIA_FORM, CRITERIA_REQUIRED, INJURY, PARTS, SITE
from ledger.domain.rules.injury_case import CONTACT, InjuryCase, first_of
from ledger.domain.rules.injury_reading import parts_of
from ledger.domain.rules.spoken import WORDS, unknown_words
from ledger.domain.shape import Fault, Items, Shape, Text, keys, word

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_REFERRAL: Final = "referral"
_EXAMINATION: Final = "examination"
#: Injuries that came to light within so many days are one matter for those who are told: a default of ours.
_JUST_BEFORE: Final = timedelta(days=3)
_READ: Final = tuple(dict.fromkeys((*PARTS, *EXAMINING, ACCOUNT, *AROUND, *milestone.READ, DEATH)))


def judge(view: View) -> Verdict:
    """The referral, or the examination, of one injury."""
    return judged(view, awaits(view.rule, view.area, view.facts, view.at))


def awaits(rule: Rule, area: Question, facts: Facts, at: datetime) -> Iterator[Awaited]:
    """What must follow the injury that the area is: its ``item`` says which of the two."""
    cases = _cases(rule, facts)
    case = cases.get(area.thing or "")
    if case is None or not case.applies:
        return
    together = _together(case, cases)
    settled = case.settled()
    referral = _referral(case, settled, together)
    if area.item == _REFERRAL:
        awaited = None if case.is_doubtful else referral
    else:
        awaited = _examination(case, settled, referral, at)
    if awaited is not None and not outlived(awaited, facts):
        yield awaited


def _cases(rule: Rule, facts: Facts) -> dict[str, InjuryCase]:
    """The child's injuries, by the thing that each is."""

    def read() -> dict[str, InjuryCase]:
        parts = parts_of(CHILD, facts).items()
        return {thing: InjuryCase(rule, thing, sorted(said, key=lambda one: one.ref), facts) for thing, said in parts}

    return facts.kept(f"injuries of {rule.name}", CHILD, read)


def _together(case: InjuryCase, cases: Mapping[str, InjuryCase]) -> list[InjuryCase]:
    """The injuries that came to the record on that day or just before, this one among them, the first one first."""
    day = civil_date(case.trigger.recorded_at)
    days = {thing: civil_date(other.trigger.recorded_at) for thing, other in cases.items()}
    same = [other for thing, other in cases.items() if day - _JUST_BEFORE <= days[thing] <= day and other.applies]
    return sorted(same, key=lambda one: (one.trigger.recorded_at, one.trigger.number, one.thing))


def _reached(case: InjuryCase, together: Iterable[InjuryCase]) -> Claim | None:
    """What shows that it reached them: whoever was told of one of several was told."""
    written = case.rule.settings[_REFERRAL]
    things = frozenset(one.thing for one in together)
    return referred.reached(case.thing, things, case.since, case.trigger, written, case.facts)


def _referral(case: InjuryCase, settled: Claim | None, together: list[InjuryCase]) -> Awaited:
    written, trigger = case.rule.settings[_REFERRAL], case.trigger
    due = due_by(written["within"], trigger, case.facts.nation) or trigger.recorded_at
    met = first_of((settled, _reached(case, together)))
    is_at_once = met is not None and met.number <= trigger.number
    is_late = met is not None and met.recorded_at >= due
    tier = _tier(case, together, is_met=met is not None)
    return Awaited(
        trigger=trigger,
        topic=_REFERRAL,
        starts=trigger.recorded_at,
        due=due,
        met=met,
        failed=None if met is not None else referred.withheld(case.since, written, case.facts),
        owed_by=trigger.agency,
        before=tier if tier == "interrupt" else "prompt",
        tier=tier,
        needs_two=case.rule.needs_two and not is_at_once and (case.is_fixed or is_late) and tier != "prompt",
        is_told=met is None and tier == "prompt" and not case.is_thought_accidental(),
        evidence=case.evidence(),
    )


def _tier(case: InjuryCase, together: Iterable[InjuryCase], *, is_met: bool) -> Tier:
    """How the referral is brought once it is late: one alert for the injuries of one day, and none for an accident."""
    if case.is_thought_accidental():
        return "prompt"
    alerts = (one for one in together if not one.is_doubtful and not one.is_thought_accidental())
    for one in alerts:
        if one.thing == case.thing:
            break
        if is_met or first_of((one.settled(), _reached(one, together))) is None:
            return "prompt"
    tier: Tier = case.rule.settings.get("tier", "queue")
    return "queue" if case.is_slight else tier


def _examination(case: InjuryCase, settled: Claim | None, referral: Awaited, at: datetime) -> Awaited:
    """The examination: no alert while the referral stands as one, or where only a doubt is to be settled."""
    trigger = case.trigger
    is_asked_only = case.is_doubtful or (referral.met is None and referral.stands(at))
    clock, told = case.rule.settings[_EXAMINATION]["within"], referral.met
    is_told_late = told is not None and told.recorded_at >= referral.due
    return Awaited(
        trigger=trigger,
        topic=_EXAMINATION,
        starts=trigger.recorded_at,
        due=due_by(clock, trigger, case.facts.nation) or trigger.recorded_at,
        met=first_of((settled, case.examined())),
        before="prompt",
        tier="prompt" if is_asked_only else case.rule.settings.get("tier", "queue"),
        lapses_as="prompt" if is_told_late else None,
        alert=due_by(clock, told, case.facts.nation) if told is not None and not _is_investigated(told, case) else None,
        evidence=case.evidence(),
    )


def _is_investigated(told: Claim, case: InjuryCase) -> bool:
    """Whether those who investigate came to it themselves: they have it looked at."""
    return case.facts.is_of_kind(told.agency, case.rule.settings[_REFERRAL].get("investigate", ()))


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """Both of every injury of the child: one bears on whether the next is of concern, an act on all of them."""
    if question.about != CHILD:
        return
    things = {*parts_of(CHILD, facts), *({question.thing} if question.attribute in PARTS else ())}
    for thing in sorted(thing for thing in things if thing is not None):
        yield Question(INJURY, CHILD, thing, item=_REFERRAL)
        yield Question(INJURY, CHILD, thing, item=_EXAMINATION)


def _enumerates(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.about == CHILD:
        yield from (Topic(name, CHILD) for name in PARTS)


def _reads(rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, CHILD) for name in (*_READ, DECISION, CONTACT))
    yield from referred.reads(rule.settings[_REFERRAL])
    yield from (one.topic(CHILD) for one in patterns(rule.settings[_EXAMINATION].get("until")))


def _listens(rule: Rule, pack: Pack) -> frozenset[str]:
    return frozenset(topic.attribute for topic in _reads(rule, Question(INJURY, CHILD), pack))


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from unknown_attributes(_READ, vocabulary)
    yield from referred.referral_faults((_REFERRAL,), written[_REFERRAL], vocabulary)
    yield from pattern_faults((_EXAMINATION, "until"), written[_EXAMINATION].get("until"), vocabulary)
    for key in ("settled", "answers", "doubts"):
        yield from unknown_words((key,), written.get(key, {}), vocabulary)
    if "babies" in written:
        yield from milestone.milestone_faults(("babies",), written["babies"], vocabulary)
    else:
        lacking = [key for key in CRITERIA_REQUIRED.split() if key not in written]
        if lacking:
            yield (), f"a rule on injuries of concern needs: {', '.join(lacking)}; the fixed rule has babies instead"
    for key in ("sorts", "slight", "no_injury", "doubtful"):
        yield from unknown_values((key,), written.get(key, ()), INJURY, vocabulary)
    for key in ("sites", "everyday"):
        yield from unknown_values((key,), written.get(key, ()), SITE, vocabulary)


_WORDS: Final = Items(Text(), least=1)
_EXAMINED: Final = keys(
    {"clinicians": Text(), "within": Text(refuse_expectation_clock), "until": PATTERNS}, "clinicians within"
)
_FORM: Final[Mapping[str, Shape]] = {
    **CRITERIA_FORM,
    "babies": milestone.MILESTONE,
    "newborn": keys({"by": Items(AgencyWord(), least=1), "before": Text(refuse_duration)}, "by before"),
    "beside": Text(),
    "no_account": _WORDS,
    "after_death": Text(),
    "settled": WORDS,
    "settled_by": Text(),
    "answers": WORDS,
    "doubts": WORDS,
    "doubtful": _WORDS,
    _REFERRAL: referred.FORM,
    _EXAMINATION: _EXAMINED,
    "tier": word("queue interrupt"),
    "history": Text(refuse_duration),
    "close": word("two_people"),
}
FAMILY: Final = Family(
    name="after_injury",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    awaits=awaits,
    form=_FORM,
    required=f"no_injury settled settled_by {_REFERRAL} {_EXAMINATION}",
    kinds=frozenset({"expectation"}),
    check=_check,
    closes_as="came_to_pass",
)
