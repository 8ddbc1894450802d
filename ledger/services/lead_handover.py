"""Hand the lead over: it is offered, and accepted or declined; until it is accepted whoever leads is accountable.

Accepting makes the new lead at once: the entry that names them stands in the same append as the answer, so there is no
moment at which two lead, or nobody. An offer is overtaken once somebody else has been named since.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.lead_name import Named, Naming, deputy_in, error_of, leading, name_lead
from ledger.services.project import project
from ledger.services.record import record, record_one
from ledger.services.refusal import (
    EVENT_ID_REUSED,
    LEAD_STANDS,
    LEAD_UNNAMED,
    NOT_THE_ONE_OFFERED,
    NOT_YOURS_TO_OFFER,
    OFFER_ANSWERED,
    OFFER_NOT_YOURS,
    OFFER_OVERTAKEN,
    Refusal,
)
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved, work
from ledger.store.append import Caller, Credential, Locked, Statement, Stored

_OFFER: Final = """
    SELECT c.agency_id, c.kind, c.content FROM ledger.contents c JOIN ledger.heads h USING (record_id)
    WHERE c.record_id = %s AND h.pseudonym = %s AND c.number = %s"""
_IS_REFERENCE: Final = "SELECT 1 FROM ledger.people WHERE agency_id = %s AND ref = %s"
_KNOWN: Final = "SELECT 1 FROM ledger.entries WHERE agency_id = %s AND event_id = %s"
_ANSWERS: Final = """
    SELECT content FROM ledger.contents
    WHERE record_id = %s AND kind = 'reply' AND number > %s AND agency_id = ledger.party()"""
_NAMED_SINCE: Final = "SELECT 1 FROM ledger.leads WHERE record_id = %s AND number > %s LIMIT 1"
_OF: Final = "SELECT 1 FROM ledger.agencies WHERE agency_id = %s"
#: What one agency asks of another, which alone answers it.
_ASKING: Final = frozenset({"handover", "referral"})
#: An acknowledgement leaves the offer open.
_ENDING: Final = frozenset({"accepted", "declined"})


@dataclass(frozen=True, slots=True)
class _Offer:
    """A hand-over of the lead as it was offered."""

    entry: str
    number: int
    by: str
    to: Mapping[str, Any]
    #: To whom by name it was offered is a reference under which somebody signs in, and so is theirs to accept.
    is_to_one: bool


def offer(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Offer the lead, or a piece of work. Of the lead RefusedError where another agency leads, or to one who left."""
    if body["of"] != "lead":
        return work(context, who, record_id, "handover", body)
    to = body["to"]
    named = [Named(to["agency"], to["person"], "/to/person")] if to.get("person") is not None else []
    people = Naming(named)

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _involved, leads, *there = locked.answers
        if leads and caller.agency not in leads[0][:2]:
            raise error_of(NOT_YOURS_TO_OFFER)
        people.check(there)
        return project(Told.of(entry, caller.agency, "handover", body))

    submission = Submission("handover", body["event_id"], body, names=(record_id,))
    reads = [INVOLVED(record_id), leading(record_id), *people.reads]
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


def answer(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Answer a referral or a hand-over. Accepting a hand-over of the lead names the new lead in the same append.

    Raises RefusedError: where it was asked of another agency; of an offer of the lead also where it was made to another
    person, was answered or overtaken before, or where the one who is to lead is not named or has left.
    """
    caller, offered, is_known = _look(context, who, record_id, body)
    if offered is None or is_known or body["answer"] not in _ENDING:
        return work(context, who, record_id, "reply", body)
    if offered.to.get("agency") != caller.agency:
        raise error_of(OFFER_NOT_YOURS)
    return _Answering(context, who, record_id, body, offered).record(caller)


@dataclass(frozen=True, slots=True)
class _Answering:
    """One answer to an offer of the lead."""

    context: Context
    who: Credential | Caller
    record_id: UUID
    body: Mapping[str, Any]
    offered: _Offer

    def record(self, caller: Caller) -> Recorded:
        """Store the answer, and where it accepts, who leads from then on."""
        reply = Submission("reply", self.body["event_id"], self.body, names=(self.record_id,))
        submissions, people = [reply], Naming([])
        if self.body["answer"] == "accepted":
            lead = self._lead(caller)
            deputy = deputy_in(lead, caller.agency)
            people = Naming([Named(caller.agency, lead["person"], "/person"), *([deputy] if deputy else [])])
            submissions.append(Submission("lead", lead["event_id"], lead, names=(self.record_id,)))
        reads = [
            INVOLVED(self.record_id),
            leading(self.record_id),
            (_NAMED_SINCE, (self.record_id, self.offered.number)),
            (_ANSWERS, (self.record_id, self.offered.number)),
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
        stored = record(self.context, self.who, submissions, Right.WORK, reads=reads, effect=effects)
        for outcome in stored:
            if isinstance(outcome, Refusal):
                raise error_of(outcome)
        first = stored[0]
        assert isinstance(first, Recorded), "refused above"
        return first

    def _lead(self, caller: Caller) -> dict[str, Any]:
        """The body that names the new lead: the person offered to, else whom the answer names, else who answers."""
        offered, said = self.offered.to.get("person"), self.body.get("person")
        if self.offered.is_to_one:
            if said not in {None, offered} or caller.person_ref not in {None, offered}:
                raise error_of(NOT_THE_ONE_OFFERED)
            person = offered
        else:
            person = said or caller.person_ref or offered
        if person is None:
            raise error_of(LEAD_UNNAMED)
        body = {"event_id": f"lead.{self.offered.entry}", "agency": caller.agency, "person": person}
        body |= {"of": self.offered.entry}
        more = {"role": self.body.get("role") or self.offered.to.get("role")}
        more |= {name: self.body.get(name) for name in ("deputy", "author")}
        return body | {name: value for name, value in more.items() if value is not None}

    def _check(self, answers: Sequence[Sequence[Any]], people: Naming) -> None:
        _involved, leads, since, replies, taken, *there = answers
        if since:
            raise error_of(OFFER_OVERTAKEN)
        if leads and self.offered.by not in leads[0][:2]:
            raise error_of(LEAD_STANDS)
        said = (json.loads(content)["body"] for (content,) in replies)
        if any(one.get("of") == self.offered.entry and one.get("answer") in _ENDING for one in said):
            raise error_of(OFFER_ANSWERED)
        # Neither is stored without the other: an answer that names nobody would end the offer, and nobody would lead.
        if taken:
            raise error_of(EVENT_ID_REUSED)
        people.check(there)


def _look(
    context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]
) -> tuple[Caller, _Offer | None, bool]:
    """Who answers, the offer of the lead that is answered (None: it is none), and whether the answer is a retry."""
    pseudonym, number = parse_entry_id(body["of"]) or ("", 0)
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.WORK)
        rows = connection.exec_driver_sql(_OFFER, (record_id, pseudonym, number)).all()
        is_known = bool(connection.exec_driver_sql(_KNOWN, (caller.agency, body["event_id"])).all())
        said = json.loads(rows[0][2])["body"] if rows and rows[0][1] in _ASKING else {}
        if not is_known and _is_anothers(connection, said.get("to"), caller.agency):
            raise error_of(OFFER_NOT_YOURS)
        if not said or rows[0][1] != "handover" or said.get("of") != "lead":
            return caller, None, is_known
        to = said["to"]
        named = (to.get("agency"), to.get("person"))
        is_to_one = None not in named and bool(connection.exec_driver_sql(_IS_REFERENCE, named).all())
    return caller, _Offer(body["of"], number, rows[0][0], to, is_to_one), is_known


def _is_anothers(connection: Connection, to: Any, agency: str) -> bool:
    """Whether it was asked of an agency that the ledger knows, and of another than this one; offices are anybody's."""
    asked = to.get("agency") if isinstance(to, Mapping) else to
    return asked not in {None, agency} and bool(connection.exec_driver_sql(_OF, (asked,)).all())


#: What is posted about who leads, each kind with its service.
LEADING: Final = {"lead": name_lead, "handover": offer, "reply": answer}
