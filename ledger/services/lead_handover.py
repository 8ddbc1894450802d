"""Hand the lead over: it is offered, and accepted or declined; until it is accepted whoever leads is accountable.

Accepting makes the new lead at once: the entry that names them stands in the same append as the answer, so there is no
moment at which two lead, or nobody. An offer is overtaken once somebody else has been named since.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ledger.domain.role import Right
from ledger.services.answer_work import ENDING, Asked, error_of
from ledger.services.ask_work import must_be_here
from ledger.services.context import Context
from ledger.services.lead_name import Named, Naming, deputy_in, leading
from ledger.services.project import project
from ledger.services.record import record, record_one
from ledger.services.refusal import EVENT_ID_REUSED, Refusal
from ledger.services.refuse_people import (
    LEAD_STANDS,
    LEAD_UNNAMED,
    NOT_THE_ONE_OFFERED,
    NOT_YOURS_TO_OFFER,
    OFFER_ANSWERED,
    OFFER_OVERTAKEN,
)
from ledger.services.refuse_work import LEAD_ELSEWHERE
from ledger.services.submission import Outcome, Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.work import standing_in

_KNOWN: Final = "SELECT 1 FROM ledger.entries WHERE agency_id = %s AND event_id = %s"
_ANSWERS: Final = """
    SELECT content FROM ledger.contents
    WHERE record_id = %s AND kind = 'reply' AND number > %s AND agency_id = ledger.party()"""
_NAMED_SINCE: Final = "SELECT 1 FROM ledger.leads WHERE record_id = %s AND number > %s LIMIT 1"


def offer_lead(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Offer the lead. RefusedError where another agency leads, or to one who left, or to an agency that has ended."""
    to = body["to"]
    named = [Named(to["agency"], to["person"], "/to/person")] if to.get("person") is not None else []
    people = Naming(named)

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _involved, leads, standing, *there = locked.answers
        if leads and caller.agency not in leads[0][:2]:
            raise error_of(NOT_YOURS_TO_OFFER)
        must_be_here(standing, "/to/agency", LEAD_ELSEWHERE)
        if standing and standing[0][0] != locked.heads[record_id].partnership:
            raise error_of(LEAD_ELSEWHERE)
        people.check(there)
        return project(Told.of(entry, caller.agency, "handover", body))

    submission = Submission("handover", body["event_id"], body, names=(record_id,))
    reads = [INVOLVED(record_id), leading(record_id), standing_in(record_id, to["agency"]), *people.reads]
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


def answer_lead(
    context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any], asked: Asked
) -> Recorded:
    """Accept or decline the lead. Accepting names the new lead in the same append.

    Raises RefusedError where it was offered to another person, was answered or overtaken before, or where the one who
    is to lead is not named or has left.
    """
    return _Answering(context, who, record_id, body, asked).record()


@dataclass(frozen=True, slots=True)
class _Answering:
    """One answer to an offer of the lead."""

    context: Context
    who: Credential | Caller
    record_id: UUID
    body: Mapping[str, Any]
    asked: Asked

    def record(self) -> Recorded:
        """Store the answer, and where it accepts, who leads from then on."""
        caller = self.asked.caller
        reply = Submission("reply", self.body["event_id"], self.body, names=(self.record_id,))
        submissions, people = [reply], Naming([])
        if self.body["answer"] == "accepted":
            lead = lead_body(self.asked, self.body)
            people = people_in(lead)
            submissions.append(Submission("lead", lead["event_id"], lead, names=(self.record_id,)))
        reads = [
            INVOLVED(self.record_id),
            leading(self.record_id),
            named_since(self.record_id, self.asked.number),
            (_ANSWERS, (self.record_id, self.asked.number)),
            (_KNOWN, (caller.agency, submissions[-1].event_id)),
            *people.reads,
        ]

        def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
            must_be_involved(locked)
            self._check(locked.answers, people)
            return project(Told.of(entry, caller.agency, "reply", self.body))

        def named(caller: Caller, _locked: Locked, entry: Stored) -> Iterable[Statement]:
            return project(Told.of(entry, caller.agency, "lead", submissions[-1].body))

        effects = {"reply": effect, "lead": named}
        return first_of(record(self.context, self.who, submissions, Right.WORK, reads=reads, effect=effects))

    def _check(self, answers: Sequence[Sequence[Any]], people: Naming) -> None:
        _involved, leads, since, replies, taken, *there = answers
        if since:
            raise error_of(OFFER_OVERTAKEN)
        if leads and self.asked.by not in leads[0][:2]:
            raise error_of(LEAD_STANDS)
        said = (json.loads(content)["body"] for (content,) in replies)
        if any(one.get("of") == self.asked.entry and one.get("answer") in ENDING for one in said):
            raise error_of(OFFER_ANSWERED)
        # Neither is stored without the other: an answer that names nobody would end the offer, and nobody would lead.
        if taken:
            raise error_of(EVENT_ID_REUSED)
        people.check(there)


def lead_body(asked: Asked, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body that names the new lead: the person offered to, else whom the answer names, else who answers.

    Raises RefusedError where that is nobody, or another than the one it was offered to.
    """
    caller, offered, said = asked.caller, asked.to.get("person"), body.get("person")
    if asked.is_to_one:
        if said not in {None, offered} or caller.person_ref not in {None, offered}:
            raise error_of(NOT_THE_ONE_OFFERED)
        person = offered
    else:
        person = said or caller.person_ref or offered
    if person is None:
        raise error_of(LEAD_UNNAMED)
    named = {"event_id": f"lead.{asked.entry}", "agency": caller.agency, "person": person, "of": asked.entry}
    more = {"role": body.get("role") or asked.to.get("role")}
    more |= {name: body.get(name) for name in ("deputy", "author")}
    return named | {name: value for name, value in more.items() if value is not None}


def people_in(lead: Mapping[str, Any]) -> Naming:
    """Whom a body names that says who leads."""
    deputy = deputy_in(lead, lead["agency"])
    return Naming([Named(lead["agency"], lead["person"], "/person"), *([deputy] if deputy else [])])


def named_since(record_id: UUID, number: int) -> Statement:
    """The look-up of whether somebody was named lead after an entry."""
    return _NAMED_SINCE, (record_id, number)


def first_of(stored: Sequence[Outcome]) -> Recorded:
    """The answer among what was stored together; raises the refusal of any of it."""
    for outcome in stored:
        if isinstance(outcome, Refusal):
            raise error_of(outcome)
    first = stored[0]
    assert isinstance(first, Recorded), "refused above"
    return first
