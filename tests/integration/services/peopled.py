"""A partnership with people in it, whose coming and going tests look at, and the line of a child there."""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from werkzeug.test import TestResponse

from ledger.domain.line import Line
from ledger.domain.role import Role
from ledger.services.line import line_now
from ledger.services.people_leave import Left, leave
from ledger.services.people_say import as_agency
from ledger.store.append import Caller
from tests.partnership import Partnership, default_pack, stored


class Peopled:
    """A child with agencies at work, and people of csc: sw1 leads, sw2, sw3 and the manager m are there."""

    def __init__(self, partnership: Partnership, *, leads: bool = True, **lead: Any) -> None:
        self.partnership = partnership
        self.people = {ref: partnership.person("csc", ref, Role.PRACTITIONER) for ref in ("sw1", "sw2", "sw3")}
        self.people["m"] = partnership.person("csc", "m", Role.MANAGER)
        self.child = partnership.child(involve=("hv", "csc", "gp"))
        if leads:
            stored(self.lead("sw1", **lead))

    def lead(self, person: str, agency: str = "csc", by: str = "csc", **more: Any) -> TestResponse:
        """Name somebody lead."""
        return self.post("leads", by, agency=agency, person=person, **more)

    def post(self, collection: str, by: str, **body: Any) -> TestResponse:
        """One body of an agency about the child."""
        event = {"event_id": self.partnership.event()}
        return self.partnership.post(f"/children/{self.child}/{collection}", event | body, by)

    def post_as(self, person: Caller, collection: str, **body: Any) -> TestResponse:
        """The same by somebody who is signed in."""
        event = {"event_id": self.partnership.event()}
        path = f"/api/v1/children/{self.child}/{collection}"
        return self.partnership.send_as(self.partnership.session(person), "POST", path, json=event | body)

    def leave(self, ref: str, agency: str = "csc") -> Left:
        """Somebody leaves."""
        engine = self.partnership.context.engine
        return leave(engine, as_agency(engine, agency), ref, chance=os.urandom, now=datetime.now(UTC))

    def line(self, of: str | None = "csc") -> Line:
        """The line of the child as an agency reads it, or with None the worker."""
        with self.partnership.acting("ledger_worker" if of is None else "ledger_web", of or "ledger") as connection:
            return line_now(connection, UUID(self.child), default_pack())

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of one kind in the child's record, and in the partnership's own."""
        query = text("""
            SELECT convert_from(content, 'UTF8')::jsonb -> 'body' FROM ledger.contents
            WHERE kind = :kind AND record_id IN (:child, :own) ORDER BY number""")
        with self.partnership.acting("ledger_worker") as connection:
            named = {"kind": kind, "child": self.child, "own": self.partnership.partnership_record}
            return list(connection.scalars(query, named))
