"""Several agencies at work with one child, and nobody who leads.

An agency is at work from when it becomes involved or has a contact, for as long as it is ``active_for`` after its last
such sign, or until the end that it gave. Where so many (``agencies``) are at work at once, and among them one that does
not see every child (whose kind is not ``universal``), a lead is awaited ``within`` a clock from then on. A lead ends
it, and so does a plan of the vocabulary that is in force: it has a worker who leads. It is asked once: who led once has
handed over since, or has not, and that has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import LEAD, fields_of
from ledger.domain.agency import AgencyWord
from ledger.domain.claim import DEATH, Claim, Ref
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.domain.expectation import Awaited, due_by, judged, outlived, refuse_expectation_clock
from ledger.domain.finding import ENTRIES_MAX
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.account import unknown_attributes
from ledger.domain.rules.injury import PLAN
from ledger.domain.shape import Count, Fault, Items, Text, word
from ledger.domain.statement import COMPARED, END

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_INVOLVED: Final = "entry:involvement"
_CONTACT: Final = "entry:contact"
_READ: Final = (LEAD, _INVOLVED, _CONTACT, PLAN, DEATH)
_AREA: Final = Question(LEAD, CHILD, item="lead")
_MOST: Final = 12


def judge(view: View) -> Verdict:
    """Whether the child has somebody who leads, where it should."""
    return judged(view, awaits(view.rule, view.area, view.facts, view.at))


def awaits(rule: Rule, _area: Question, facts: Facts, at: datetime) -> Iterator[Awaited]:
    """The lead that is awaited from when so many agencies were at work at once for the first time with none."""
    del at  # what is awaited does not depend on when it is asked
    signs = sorted(_signs(facts), key=lambda claim: (claim.recorded_at, claim.ref))
    ends = {sign.ref: _until(sign, rule.settings["active_for"]) for sign in signs}
    latest: dict[str, Claim] = {}
    for trigger in signs:
        latest[trigger.agency] = trigger
        if not _are_several(latest, trigger.recorded_at, ends, rule, facts):
            continue
        if _led(trigger, facts, before=True) is not None:
            continue
        due = due_by(rule.settings["within"], trigger, facts.nation) or trigger.recorded_at
        by_then = {sign.agency: sign for sign in signs if sign.recorded_at < due}
        if not _are_several(by_then, due, ends, rule, facts):
            continue
        others = [sign.ref for _, sign in sorted(latest.items()) if _is_on(sign, trigger.recorded_at, ends)]
        awaited = Awaited(
            trigger=trigger,
            topic="lead",
            starts=trigger.recorded_at,
            due=due,
            met=_led(trigger, facts, before=False),
            before=rule.settings.get("before"),
            tier=rule.settings.get("tier", "queue"),
            also=tuple(ref for ref in others if ref != trigger.ref)[: ENTRIES_MAX - 1],
        )
        if not outlived(awaited, facts):
            yield awaited
        return


def _signs(facts: Facts) -> Iterator[Claim]:
    """What shows, before anybody leads, that an agency is at work with the child: its part in the record, contacts."""
    leads = min((lead.recorded_at for lead in facts.claims(Topic(LEAD, CHILD))), default=None)
    for name in (_INVOLVED, _CONTACT):
        for sign in facts.claims(Topic(name, CHILD)):
            if leads is None or sign.recorded_at < leads:
                yield sign


def _until(sign: Claim, active_for: str) -> datetime:
    length = parse_duration(active_for)
    last = sign.recorded_at + length if isinstance(length, timedelta) else END
    try:
        return min(last, observed_bounds(str(fields_of(sign)["until"])).end)
    except (KeyError, EdtfError):
        return last


def _is_on(sign: Claim, when: datetime, ends: Mapping[Ref, datetime]) -> bool:
    return ends[sign.ref] > when


def _are_several(
    latest: Mapping[str, Claim], when: datetime, ends: Mapping[Ref, datetime], rule: Rule, facts: Facts
) -> bool:
    """Whether so many are at work then, and one of them does not see every child."""
    at_work = [agency for agency, sign in latest.items() if _is_on(sign, when, ends)]
    universal = rule.settings["universal"]
    return len(at_work) >= rule.settings["agencies"] and any(
        not facts.is_of_kind(agency, universal) for agency in at_work
    )


def _led(trigger: Claim, facts: Facts, *, before: bool) -> Claim | None:
    """Who led, or the plan that was in force: already when the trigger came, or from then on."""
    leads = facts.claims(Topic(LEAD, CHILD))
    found = [claim for claim in leads if not before or claim.recorded_at <= trigger.recorded_at]
    for question in facts.questions(Topic(PLAN, CHILD)):
        active = facts.pack.attributes[PLAN].values.get("active", 0)
        claims = {claim.ref: claim for claim in facts.claims_on(question)}
        for held in facts.beliefs(question).held:
            is_then = held.start <= trigger.recorded_at < held.end
            is_since = held.end > trigger.recorded_at
            claim = claims[held.statement.ref]
            if not held.mask & ~active and claim.statement in COMPARED and (is_then if before else is_since):
                found.append(claim)
    return min(found, key=lambda claim: (claim.recorded_at, claim.ref), default=None)


def _areas(_rule: Rule, question: Question, _facts: Facts) -> Iterator[Question]:
    if question.about == CHILD:
        yield _AREA


def _reads(_rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, CHILD) for name in _READ)


def _listens(_rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset(_READ)


def _check(_written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from unknown_attributes({PLAN, DEATH}, vocabulary)


FAMILY: Final = Family(
    name="no_lead",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    awaits=awaits,
    form={
        "agencies": Count(_MOST, least=2),
        "universal": Items(AgencyWord(), least=1),
        "active_for": Text(refuse_duration),
        "within": Text(refuse_expectation_clock),
        "before": word("prompt queue interrupt"),
        "tier": word("prompt queue interrupt"),
    },
    required="agencies universal active_for within",
    kinds=frozenset({"expectation"}),
    check=_check,
    closes_as="came_to_pass",
)
