"""Answer what was asked: a referral, an action, a check, a hand-over. What was never asked is refused with the reason.

A first answer that accepts or declines ends it; the next has the reason told. Accepting a hand-over of the lead or of
the whole record has a service of its own, for that names who leads from then on.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.domain.work import ASKING, OWED, is_final
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refusal import NOT_KNOWN, Refusal, RefusedError
from ledger.services.refuse_people import OFFER_NOT_YOURS
from ledger.services.refuse_work import ANSWERED_FINALLY, NEVER_ASKED
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.work import item_named

Who = Credential | Caller
Body = Mapping[str, Any]

_ASKED: Final = """
    SELECT c.agency_id, c.kind, c.content FROM ledger.contents c JOIN ledger.heads h USING (record_id)
    WHERE c.record_id = %s AND h.pseudonym = %s AND c.number = %s"""
_IS_REFERENCE: Final = "SELECT 1 FROM ledger.people WHERE agency_id = %s AND ref = %s"
_IS_HERE: Final = "SELECT 1 FROM ledger.involvements WHERE record_id = %s AND agency_id = ledger.party() LIMIT 1"
_KNOWN: Final = "SELECT 1 FROM ledger.entries WHERE agency_id = %s AND event_id = %s"
_OF: Final = "SELECT 1 FROM ledger.agencies WHERE agency_id = %s"
#: An acknowledgement leaves an offer open.
ENDING: Final = frozenset({"accepted", "declined"})
#: Of these hand-overs accepting names who leads.
_NAMING: Final = frozenset({"lead", "record"})


@dataclass(frozen=True, slots=True)
class Asked:
    """The entry that is answered, as it asked. ``is_known``: the answer was sent before, and is a retry."""

    caller: Caller
    entry: str
    number: int
    by: str
    kind: str
    body: Body
    is_known: bool
    #: To whom by name it was offered is a reference under which somebody signs in, and so is theirs to accept.
    is_to_one: bool = False

    @property
    def to(self) -> Mapping[str, Any]:
        """To whom a hand-over is offered."""
        to: Mapping[str, Any] = self.body["to"]
        return to

    @property
    def of(self) -> str | None:
        """What a hand-over hands over; None of whatever is none."""
        return str(self.body.get("of")) if self.kind == "handover" else None


def look(context: Context, who: Who, record_id: UUID, body: Body) -> Asked:
    """What is answered, as whoever answers may see it.

    Raises RefusedError where nothing by this name was asked for in the record, or it was asked of another agency.
    """
    pseudonym, number = parse_entry_id(body["of"]) or ("", 0)
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.WORK)
        rows = connection.exec_driver_sql(_ASKED, (record_id, pseudonym, number)).all()
        is_known = bool(connection.exec_driver_sql(_KNOWN, (caller.agency, body["event_id"])).all())
        by, kind, content = rows[0] if rows else ("", "", b"{}")
        said = json.loads(content).get("body", {}) if kind in ASKING else {}
        asked = Asked(caller, body["of"], number, by, kind, said, is_known)
        if is_known:
            return asked
        if not said:
            # Of a record in which they have no part it is not told whether it is there.
            is_here = connection.exec_driver_sql(_IS_HERE, (record_id,)).all()
            raise error_of(NEVER_ASKED if is_here else NOT_KNOWN)
        if kind in OWED and _is_anothers(connection, said[OWED[kind]], caller.agency):
            raise error_of(OFFER_NOT_YOURS)
        return replace(asked, is_to_one=asked.of in _NAMING and _is_reference(connection, asked.to))


def answer_plainly(context: Context, who: Who, record_id: UUID, body: Body, asked: Asked) -> Recorded:
    """Record an answer that does nothing else. Raises RefusedError where it was answered finally before."""
    reads = [INVOLVED(record_id), item_named(record_id, (parse_entry_id(asked.entry) or ("", 0)))]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        # Whoever is offered something may say no without a part in the record; to take it on they say what theirs is.
        if asked.kind != "handover" or body["answer"] == "accepted":
            must_be_involved(locked)
        must_be_open(locked.answers[1])
        return project(Told.of(entry, caller.agency, "reply", body))

    submission = Submission("reply", body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


def must_be_open(rows: list[tuple[Any, ...]]) -> tuple[datetime | None, datetime] | None:
    """Raise RefusedError where the item of these rows was answered finally; when it is due, and now."""
    for kind, _of, _by, _to, state, due_at, _number, now, *_ in rows:
        if is_final(kind, state):
            raise error_of(ANSWERED_FINALLY)
        return due_at, now
    return None


def is_naming(asked: Asked, body: Body) -> bool:
    """Whether this answer ends an offer of the lead or of the record, and so may name who leads."""
    return not asked.is_known and asked.of in _NAMING and body["answer"] in ENDING


def _is_anothers(connection: Connection, to: Any, agency: str) -> bool:
    """Whether it was asked of an agency that the ledger knows, and of another than this one; offices are anybody's."""
    asked = to.get("agency") if isinstance(to, Mapping) else to
    return asked not in {None, agency} and bool(connection.exec_driver_sql(_OF, (asked,)).all())


def _is_reference(connection: Connection, to: Mapping[str, Any]) -> bool:
    named = (to.get("agency"), to.get("person"))
    return None not in named and bool(connection.exec_driver_sql(_IS_REFERENCE, named).all())


def error_of(refusal: Refusal) -> RefusedError:
    """A refusal, to raise."""
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
