"""How far each person's use of each service got, by what was recorded: dates and entries, and no word for anybody.

A row is one person and one service: the agency that an item names, or the only one of the sort that it names, else
that sort, else what the item says; with no item, the agency that posts. A cell lists what was recorded that puts it
there, in the order of time: words by the pack's ``views``, contacts by their outcome, referrals with what answered
them, decisions. Nothing is counted twice that one entry says, nothing is weighed, and what was said later ends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from ledger.domain.act import CONTACT, PREFIX, fields_of, named_by, receiver_of
from ledger.domain.claim import DECISION, Claim
from ledger.domain.facts import Facts
from ledger.domain.pack_views import COLUMNS, EngagementView
from ledger.domain.pattern import when_of
from ledger.domain.person import CHILD, ONE_PERSON_ROLES
from ledger.domain.question import Topic, item_key
from ledger.domain.rule import ANYBODY
from ledger.domain.rules.spoken import is_said, order
from ledger.domain.stretch import observed_of, time_of
from ledger.domain.valid_time import ValidTime

#: Whose doing it was, where that is recorded.
By = Literal["family", "service"]
_OF_CONTACT: Final[Mapping[str, str]] = {
    "held": "active",
    "no_access": "not_brought",
    "not_brought": "not_brought",
    "cancelled": "not_brought",
    "refused": "declined",
}
_MET: Final = frozenset({"remote", "doorstep", "seen", "seen_alone", "examined"})
_OF_REPLY: Final[Mapping[str, str]] = {"acknowledged": "offered", "accepted": "accepted", "declined": "declined"}
_BESIDE: Final = "beside"


@dataclass(frozen=True, slots=True)
class Service:
    """Which service: an agency by its id, else its sort, else what it was called (as items are compared)."""

    agency: str | None = None
    sort: str | None = None
    called: str | None = None

    @property
    def sort_key(self) -> tuple[str, ...]:
        return (self.agency or "", self.sort or "", self.called or "")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing recorded of somebody's use of a service. ``time``: of when it speaks; None where that cannot be read.

    ``by``: whose doing it was.
    """

    claim: Claim
    time: ValidTime | None
    by: By | None


@dataclass(frozen=True, slots=True)
class Use:
    """One person and one service. ``steps`` by column, each in the order of time; ``beside``: what stands in none."""

    person: str
    service: Service
    steps: Mapping[str, tuple[Step, ...]]
    beside: tuple[Step, ...]

    @property
    def latest(self) -> tuple[tuple[str, Step], ...]:
        """What was recorded of the last day of which anything was, with its column: several where that says several."""
        every = [(column, step) for column, steps in self.steps.items() for step in steps]
        last = max((when_of(step.claim).end for _, step in every), default=None)
        return tuple((column, step) for column, step in every if when_of(step.claim).end == last)


_Placed = tuple[str, str, Service, Step]


def matrix(facts: Facts, view: EngagementView, at: datetime) -> list[Use]:
    """Every use of a service that was recorded of a moment up to ``at``, by person, the child first, and service.

    Cost: that of the claims on the attributes of the view, and of the acts.
    """
    rows: dict[tuple[str, Service], dict[str, list[Step]]] = defaultdict(lambda: defaultdict(list))
    for column, person, service, step in _placed(facts, view):
        if observed_of(step.claim).start <= at and when_of(step.claim).start <= at:
            steps = rows[person, service][column]
            if not any(_says_as_much(other.claim, step.claim) for other in steps):
                steps.append(step)
    found = [
        Use(person, service, {column: _sorted(steps[column]) for column in COLUMNS}, _sorted(steps[_BESIDE]))
        for (person, service), steps in rows.items()
    ]
    return sorted(found, key=lambda use: (_rank(use.person), use.service.sort_key))


def _says_as_much(one: Claim, other: Claim) -> bool:
    """Whether it is the same statement, or what an entry says in so many words beside the contact at which it was."""
    return one.ref == other.ref or (one.number == other.number and other.attribute == CONTACT)


def _sorted(steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: (when_of(step.claim), order(step.claim))))


def _rank(person: str) -> tuple[bool, bool, str]:
    return person != CHILD, person not in ONE_PERSON_ROLES, person


def _placed(facts: Facts, view: EngagementView) -> Iterator[_Placed]:
    yield from _claimed(facts, view)
    yield from _met(facts)
    yield from _referred(facts)
    yield from _decided(facts, view)


def _claimed(facts: Facts, view: EngagementView) -> Iterator[_Placed]:
    for attribute in sorted(view.attributes):
        for claim in facts.claims(Topic(attribute, ANYBODY)):
            if claim.value is None or claim.not_known is not None:
                continue
            word = (attribute, claim.value)
            column = view.column_of.get(word, _BESIDE) if is_said(claim) else _BESIDE
            item = None if attribute in view.of_who_posts else claim.item
            by: By | None = "service" if word in view.by_service else None
            yield column, facts.question_of(claim).about, service_of(item, claim.agency, facts), _step(claim, by)


def _met(facts: Facts) -> Iterator[_Placed]:
    """Contacts by their outcome: of one that was held, for all who were there; of one that was not, for the child."""
    for claim in facts.claims(Topic(CONTACT, CHILD)):
        fields = fields_of(claim)
        # Who says how near they came has met somebody, also where the outcome is left out.
        column = _OF_CONTACT.get(str(fields.get("outcome", "held" if claim.depth in _MET else "")))
        if column is None:
            continue
        people = [facts.person(str(key), claim.agency) for key in fields.get("present") or ()] or [CHILD]
        by: By | None = None
        if column != "active":
            by, whom = _by_whom(fields, claim, facts)
            people = [CHILD, *whom]
        for person in dict.fromkeys(people):
            yield column, person, Service(agency=claim.agency), _step(claim, by)


def _by_whom(fields: Mapping[str, Any], claim: Claim, facts: Facts) -> tuple[By | None, list[str]]:
    """Whose doing it was that a contact did not happen, and which person's, where a person is named."""
    party = fields.get("by_whom")
    if isinstance(party, Mapping):
        return "service", []
    if not isinstance(party, str) or not party:
        return None, []
    if facts.agency_kind(party) is not None or facts.pack.agency_kind(party):
        return "service", []
    person = facts.person(party, claim.agency)
    return "family", [person] if person in {CHILD, *ONE_PERSON_ROLES} or person in facts.introduced else []


def _referred(facts: Facts) -> Iterator[_Placed]:
    """Referrals, and what the service that they were put to answered; what others answer is theirs alone."""
    referrals = {claim.number: claim for claim in facts.acts("referral")}
    to = {number: service_of(receiver_of(claim), claim.agency, facts) for number, claim in referrals.items()}
    for number, claim in referrals.items():
        yield "offered", CHILD, to[number], _step(claim, None)
    for reply in facts.acts("reply"):
        named, column = named_by(reply), _OF_REPLY.get(str(fields_of(reply).get("answer", "")))
        if named in to and column is not None and facts.is_addressed(reply.agency, receiver_of(referrals[named])):
            yield column, CHILD, to[named], _step(reply, "service")


def _decided(facts: Facts, view: EngagementView) -> Iterator[_Placed]:
    for claim in facts.claims(Topic(DECISION, CHILD)):
        column = view.decisions.get(item_key(claim.item or ""))
        if column is not None:
            yield column, CHILD, Service(agency=claim.agency), _step(claim, "service")


def _step(claim: Claim, by: By | None) -> Step:
    is_dated = not claim.attribute.startswith(PREFIX)
    return Step(claim, time_of(claim) if is_dated else None, by)


def service_of(item: str | None, posting: str, facts: Facts) -> Service:
    """Which service an item names; whoever posts where there is none."""
    if not item:
        return Service(agency=posting)
    words = item_key(item).split()
    for end in range(len(words), 0, -1):
        named = " ".join(words[:end])
        sort = facts.pack.agency_kind(named)
        agency = facts.agency_addressed(item if end == len(words) else sort) if sort or end == len(words) else ""
        if agency:
            return Service(agency=agency)
        if sort:
            own = facts.pack.agency_kind(facts.agency_kind(posting)) == sort
            return Service(agency=posting) if own else Service(sort=sort)
    return Service(called=" ".join(words))
