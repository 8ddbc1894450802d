"""Name who leads a child's record: the one accountable person from then on, and perhaps their deputy.

Who leads is told of what nobody else is, so the lead is handed on and not taken: while somebody leads, their agency
names another of its own people and offers the lead to another agency; the duty desk alone names anybody. Nobody may be
named who has left: what is brought to them nobody sees.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refusal import AGENCY_NOT_KNOWN, Refusal, RefusedError
from ledger.services.refuse_people import DEPUTY_ELSEWHERE, LEAD_STANDS, PERSON_LEFT
from ledger.services.refuse_work import AGENCY_ENDED, LEAD_NOT_OFFERED
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.line import naming
from ledger.store.work import standing_of

_LEADING: Final = """
    SELECT l.agency_id, p.duty_desk, l.number FROM ledger.leads l
    JOIN ledger.heads h USING (record_id) JOIN ledger.partnerships p ON p.partnership_id = h.partnership_id
    WHERE l.record_id = %s AND l.ended_number IS NULL
    AND l.number = (SELECT max(n.number) FROM ledger.leads n WHERE n.record_id = l.record_id)"""


def leading(record_id: UUID) -> Statement:
    """The look-up of (agency, duty desk, number) of who leads now; no row where nobody does."""
    return _LEADING, (record_id,)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who is named in a body, and where."""

    agency: str
    person: str
    pointer: str


def deputy_in(body: Mapping[str, Any], agency: str) -> Named | None:
    """The deputy that a body names: a reference of the lead's agency, or that agency with a person.

    Raises RefusedError where it is anybody else's person, or nobody: there is no other agency's deputy in a line.
    """
    deputy = body.get("deputy")
    if isinstance(deputy, Mapping):
        person = deputy.get("person")
        if person is None or deputy.get("agency", agency) != agency:
            raise error_of(DEPUTY_ELSEWHERE)
        return Named(agency, str(person), "/deputy/person")
    return None if deputy is None else Named(agency, str(deputy), "/deputy")


@dataclass(frozen=True, slots=True)
class Naming:
    """People who are named, and the look-ups by which they are found to be there; none of them leaves meanwhile."""

    named: Sequence[Named]

    @property
    def reads(self) -> list[Statement]:
        """In order of the names: two who name the same people wait for each other and never deadlock."""
        return [statement for one in self._ordered for statement in naming(one.agency, one.person)]

    def check(self, answers: Sequence[Sequence[Any]]) -> None:
        """Raise RefusedError where one of them has left. `answers` begin with those of the look-ups."""
        for place, one in enumerate(self._ordered):
            if answers[2 * place + 1]:
                raise error_of(replace(PERSON_LEFT, pointer=one.pointer))

    @property
    def _ordered(self) -> list[Named]:
        return sorted(self.named, key=lambda one: (one.agency, one.person))


def name_lead(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Name the lead. Raises RefusedError: also where another agency leads, and where the named one has left."""
    deputy = deputy_in(body, body["agency"])
    people = Naming([Named(body["agency"], body["person"], "/person"), *([deputy] if deputy else [])])
    reads = [INVOLVED(record_id), standing_of(body["agency"]), leading(record_id), *people.reads]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _involved, of, leads, *there = locked.answers
        if not of or of[0][0] != locked.heads[record_id].partnership:
            raise error_of(AGENCY_NOT_KNOWN)
        if of[0][1] is not None:
            raise error_of(replace(AGENCY_ENDED, pointer="/agency"))
        _check_handed_on(caller.agency, body["agency"], leads)
        people.check(there)
        return project(Told.of(entry, caller.agency, "lead", body))

    submission = Submission("lead", body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


def _check_handed_on(by: str, to: str, leads: Sequence[Sequence[Any]]) -> None:
    """While somebody leads their agency names another of its own people, and the duty desk anybody."""
    if not leads:
        return
    agency, desk, _number = leads[0]
    if by not in {agency, desk}:
        raise error_of(LEAD_STANDS)
    if to != agency and by != desk:
        raise error_of(LEAD_NOT_OFFERED)


def error_of(refusal: Refusal) -> RefusedError:
    """A refusal, to raise."""
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
