"""The contacts that every child is offered at certain ages: whether those who make them saw the child then.

A rule lists the ``contacts``, each ``from_age`` and ``until_age``, and ``by`` whom. It is only asked, never an alert:
that a contact is not in the record says first of all that nobody entered it. It is asked ``grace`` after the age at
which it was due, until the next one is, and only where one of those who make it was at work with the child by then. Of
an age that had passed when they came, or when the birth became known, nothing is asked; and while the child is where it
is ``seen_daily``, as in a hospital, it is asked only ``grace`` after that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.age import dates_of
from ledger.domain.agency import AgencyWord
from ledger.domain.claim import DEATH, Claim
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.expectation import Awaited, judged, outlived
from ledger.domain.pattern import patterns
from ledger.domain.pattern_form import PATTERNS, pattern_faults
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.account import unknown_attributes
from ledger.domain.rules.injury import BORN
from ledger.domain.rules.sighting import OF_THE_CHILD, READ, SEEN, VISIT, sightings, stays
from ledger.domain.shape import Fault, Items, Text, keys
from ledger.domain.statement import END

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_INVOLVED: Final = "entry:involvement"
_AREA: Final = Question(SEEN, CHILD, item="by age")
_EARLY: Final = timedelta(days=5)
_EXACT: Final = timedelta(days=1)


def judge(view: View) -> Verdict:
    """The contact that should have been by now, and is not in the record."""
    return judged(view, awaits(view.rule, view.area, view.facts, view.at))


def awaits(rule: Rule, _area: Question, facts: Facts, at: datetime) -> Iterator[Awaited]:
    """The contacts that are still to come, and the last that should have been."""
    birth = next((claim for claim in facts.claims(Topic(BORN, CHILD)) if _day_of(claim) is not None), None)
    came = _first_at_work(rule, facts)
    if birth is None or came is None:
        return
    awaited = [one for one in _contacts(rule, birth, facts) if max(came, birth.recorded_at) < one.due]
    past = [one for one in awaited if one.due <= at]
    yield from (one for one in (*past[-1:], *(one for one in awaited if one.due > at)) if not outlived(one, facts))


def _contacts(rule: Rule, birth: Claim, facts: Facts) -> Iterator[Awaited]:
    day, by = _day_of(birth), rule.settings["by"]
    if day is None:
        return
    seen = [one for one in sightings(facts) if facts.is_of_kind(one.claim.agency, by)]
    written = sorted(rule.settings["contacts"], key=lambda one: _length(one["from_age"]))
    for place, contact in enumerate(written):
        starts = day + _length(contact["from_age"])
        after = written[place + 1 :]
        ends = day + _length(after[0]["from_age"]) - _EARLY if after else None
        due = _after_stays(day + _length(contact["until_age"]), day, rule, facts)
        met = (one.claim for one in seen if starts - _EARLY <= one.at and (ends is None or one.at < ends))
        yield Awaited(
            trigger=birth,
            topic="contact",
            starts=starts,
            due=due,
            met=next(met, None),
            owed_by=facts.agency_addressed(by[0]),
            tier="prompt",
        )


def _after_stays(due: datetime, since: datetime, rule: Rule, facts: Facts) -> datetime:
    """When it is asked, ``grace`` later than it is due: at the earliest after the child is home again."""
    grace = _length(rule.settings["grace"])
    for start, end in sorted(stays(patterns(rule.settings.get("seen_daily")), facts)):
        if start < due + grace and end > max(due, since):
            due = min(end, END - grace)
    return due + grace


def _first_at_work(rule: Rule, facts: Facts) -> datetime | None:
    """When one of those who make the contacts became involved."""
    involved = facts.claims(Topic(_INVOLVED, CHILD))
    theirs = (one.recorded_at for one in involved if facts.is_of_kind(one.agency, rule.settings["by"]))
    return min(theirs, default=None)


def _day_of(birth: Claim) -> datetime | None:
    """The day of birth, where it is known to the day."""
    return next((one.earliest_start for one in dates_of([birth]) if one.precision <= _EXACT), None)


def _length(text: str) -> timedelta:
    length = parse_duration(text)
    return length if isinstance(length, timedelta) else timedelta()


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The child, once its birth is known."""
    if question.about == CHILD and (question.attribute == BORN or facts.questions(Topic(BORN, CHILD))):
        yield _AREA


def _enumerates(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.about == CHILD:
        yield Topic(BORN, CHILD)


def _reads(rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, CHILD) for name in (*READ, _INVOLVED, BORN, DEATH))
    yield from (one.topic(CHILD) for one in patterns(rule.settings.get("seen_daily")))


def _listens(rule: Rule, pack: Pack) -> frozenset[str]:
    return frozenset(topic.attribute for topic in _reads(rule, _AREA, pack))


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from pattern_faults(("seen_daily",), written.get("seen_daily"), vocabulary)
    yield from unknown_attributes({VISIT, DEATH, BORN, *OF_THE_CHILD}, vocabulary)
    starts = [_length(one["from_age"]) for one in written["contacts"]]
    if sorted(set(starts)) != starts:
        yield ("contacts",), "write the contacts in the order in which they fall due, each from an age of its own"


_CONTACT: Final = keys({"from_age": Text(refuse_duration), "until_age": Text(refuse_duration)}, "from_age until_age")
FAMILY: Final = Family(
    name="seen_by_age",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    awaits=awaits,
    form={
        "contacts": Items(_CONTACT, least=1),
        "by": Items(AgencyWord(), least=1),
        "grace": Text(refuse_duration),
        "seen_daily": PATTERNS,
    },
    required="contacts by grace",
    kinds=frozenset({"expectation"}),
    check=_check,
    closes_as="came_to_pass",
)
