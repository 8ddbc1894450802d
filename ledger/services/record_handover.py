"""Hand a whole record over: to another partnership of this ledger, or to another agency of the same one.

Whoever leads offers it. The agency that it is offered to reads the offer's own words and answers it; of the record it
sees nothing before it has accepted. Accepting is one append: the answer, who leads from then on, and, where the
receiver is of another partnership, that the record belongs there. Declined, or not accepted by its day, all is as it
was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.services.answer_work import Asked, error_of, must_be_open
from ledger.services.ask_work import must_not_have_ended
from ledger.services.context import Context
from ledger.services.lead_handover import first_of, lead_body, named_since, people_in
from ledger.services.lead_name import Named, Naming, leading
from ledger.services.project import project
from ledger.services.record import Effect, record, record_one
from ledger.services.refusal import EVENT_ID_REUSED
from ledger.services.refuse_people import LEAD_STANDS, OFFER_OVERTAKEN
from ledger.services.refuse_work import OFFER_LAPSED, OFFERED_TO_ITSELF, RECEIVER_NOT_KNOWN, RECORD_NOT_YOURS
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.work import item_named, move_head, standing_of

_DESK: Final = """
    SELECT p.duty_desk FROM ledger.heads h JOIN ledger.partnerships p USING (partnership_id) WHERE h.record_id = %s"""
_PLACES: Final = """
    SELECT h.partnership_id, o.nation, p.partnership_id, p.nation FROM ledger.heads h
    JOIN ledger.partnerships o ON o.partnership_id = h.partnership_id
    CROSS JOIN ledger.agencies a JOIN ledger.partnerships p ON p.partnership_id = a.partnership_id
    WHERE h.record_id = %s AND a.agency_id = %s"""
_KNOWN: Final = "SELECT 1 FROM ledger.entries WHERE agency_id = %s AND event_id = ANY (%s)"


def offer_record(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Offer a record. Raises RefusedError: who does not lead it; to nobody, to oneself, to an agency that has ended."""
    to = body["to"]
    people = Naming([Named(to["agency"], to["person"], "/to/person")] if to.get("person") is not None else [])

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _involved, leads, desk, standing, *there = locked.answers
        allowed = leads[0][:2] if leads else desk[0]
        if caller.agency not in allowed:
            raise error_of(RECORD_NOT_YOURS)
        if not standing:
            raise error_of(RECEIVER_NOT_KNOWN)
        must_not_have_ended(standing, "/to/agency")
        if to["agency"] == caller.agency:
            raise error_of(OFFERED_TO_ITSELF)
        people.check(there)
        return project(Told.of(entry, caller.agency, "handover", body))

    submission = Submission("handover", body["event_id"], body, names=(record_id,))
    reads = [
        INVOLVED(record_id),
        leading(record_id),
        (_DESK, (record_id,)),
        standing_of(to["agency"]),
        *people.reads,
    ]
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


def answer_record(
    context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any], asked: Asked
) -> Recorded:
    """Acknowledge, accept or decline a record that was offered, without having had a part in it.

    Raises RefusedError where its day is over, it was answered or overtaken before, or nobody is named who will lead.
    """
    return _Answering(context, who, record_id, body, asked).record()


@dataclass(frozen=True, slots=True)
class _Answering:
    """One answer to an offer of a record."""

    context: Context
    who: Credential | Caller
    record_id: UUID
    body: Mapping[str, Any]
    asked: Asked

    def record(self) -> Recorded:
        """Store the answer, and where it accepts, who leads from then on, and to whom the record belongs."""
        lead, move = self._lead(), self._move()
        people = people_in(lead) if lead else Naming([])
        followed = [("lead", lead), ("record_moved", move)]
        submissions = [
            Submission(kind, said["event_id"], said, names=(self.record_id,))
            for kind, said in (("reply", self.body), *followed)
            if said is not None
        ]
        events = [one.event_id for one in submissions[1:]]
        reads = [
            leading(self.record_id),
            named_since(self.record_id, self.asked.number),
            item_named(self.record_id, parse_entry_id(self.asked.entry) or ("", 0)),
            (_KNOWN, (self.asked.caller.agency, events)),
            *people.reads,
        ]
        effects = self._effects(people, [one.kind for one in submissions], move)
        return first_of(
            record(self.context, self.who, submissions, Right.WORK, reads=reads, effect=effects, beyond=True)
        )

    def _lead(self) -> dict[str, Any] | None:
        return lead_body(self.asked, self.body) if self.body["answer"] == "accepted" else None

    def _move(self) -> dict[str, Any] | None:
        """The body that says to which partnership the record goes; None where it stays in its own."""
        if self.body["answer"] != "accepted":
            return None
        with self.context.engine.begin() as connection:
            [(away, of_away, to, of_to)] = connection.exec_driver_sql(
                _PLACES, (self.record_id, self.asked.caller.agency)
            ).all()
        if away == to:
            return None
        return {
            "event_id": f"record_moved.{self.asked.entry}",
            "of": self.asked.entry,
            "from": {"partnership": away, "nation": of_away},
            "to": {"partnership": to, "nation": of_to},
        }

    def _effects(self, people: Naming, kinds: list[str], move: Mapping[str, Any] | None) -> Mapping[str, Effect]:
        """What each entry does. All of it with the last: whoever takes the record has a part in it by then."""
        made: list[Told] = []

        def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
            if not made:
                self._check(caller, locked, people, move)
            kind = kinds[len(made)]
            said: Mapping[str, Any] = {"reply": self.body, "record_moved": move or {}}.get(kind) or {}
            if kind == "lead":
                said = lead_body(self.asked, self.body)
            made.append(Told.of(entry, caller.agency, kind, said))
            if len(made) < len(kinds):
                return []
            return self._all(made, move)

        def first(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
            made.clear()  # an append that is tried again begins again
            return effect(caller, locked, entry)

        return {"reply": first, "lead": effect, "record_moved": effect}

    def _all(self, made: list[Told], move: Mapping[str, Any] | None) -> Iterable[Statement]:
        order = {"lead": 0, "record_moved": 1, "reply": 2}
        for told in sorted(made, key=lambda one: order[one.kind]):
            yield from project(told)
            if told.kind == "record_moved" and move is not None:
                yield move_head(self.record_id, move["to"]["partnership"])

    def _check(self, caller: Caller, locked: Locked, people: Naming, move: Mapping[str, Any] | None) -> None:
        leads, since, item, taken, *there = locked.answers
        due, now = must_be_open(item) or (None, locked.clock)
        if due is not None and due <= now:
            raise error_of(OFFER_LAPSED)
        partnership = locked.heads[self.record_id].partnership
        if since or not self._is_where_it_was(caller, partnership, move):
            raise error_of(OFFER_OVERTAKEN)
        if leads and self.asked.by not in leads[0][:2]:
            raise error_of(LEAD_STANDS)
        if taken:
            raise error_of(EVENT_ID_REUSED)
        people.check(there)

    def _is_where_it_was(self, caller: Caller, partnership: str, move: Mapping[str, Any] | None) -> bool:
        """Whether the record is in the partnership in which it was when the answer was begun."""
        if self.body["answer"] != "accepted":
            return True
        return partnership == (caller.partnership if move is None else move["from"]["partnership"])
