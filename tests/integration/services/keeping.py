"""A child with one open alert, whose clock tests move, and whose alerts they keep."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from ledger.domain.line import Holder
from ledger.domain.pack import Pack
from ledger.domain.role import Role
from ledger.services.keep_alerts import keep_alerts
from ledger.services.people_say import as_agency, be_absent, be_back, set_rung
from ledger.store import clock
from tests.integration.services.peopled import Peopled
from tests.partnership import Partnership, default_pack, stored

#: A Monday morning.
BEGAN = datetime(2024, 3, 4, 10, tzinfo=UTC)


def packs(_digest: str) -> Pack:
    """Whatever pack a record has in force, the one that the program comes with."""
    return default_pack()


class Kept(Peopled):
    """Somebody leads with a deputy, m is the manager above them, and one alert is open."""

    def __init__(self, partnership: Partnership) -> None:
        self.partnership, self.now = partnership, BEGAN
        self.move(BEGAN)
        super().__init__(partnership, deputy="sw2")
        engine = partnership.context.engine
        set_rung(engine, as_agency(engine, "csc"), "manager", "m", chance=os.urandom)
        claim = {"about": "father", "attribute": "presence", "value": "lives_here", "basis": "seen"}
        said = partnership.observation(self.child)
        seen = partnership.observation(
            self.child, observed="2023-10-07", narrative="He opened the door.", claims=[claim]
        )
        stored(partnership.post("/observations", said, "hv"))
        stored(partnership.post("/observations", seen, "csc"))
        partnership.detect(self.child)
        self.alert = str(self.row().alert_id)

    def move(self, moment: datetime) -> None:
        """Move the ledger's clock to a moment."""
        self.now = moment
        with self.partnership.engine("ledger_admin").begin() as connection:
            clock.move(connection, moment)

    def later(self, **length: float) -> None:
        """Move it on."""
        self.move(self.now + timedelta(**length))

    def keep(self) -> int:
        """Keep alerts until there is nothing more to do; how many entries that took."""
        total = 0
        while kept := keep_alerts(self.partnership.engine("ledger_worker"), packs, os.urandom):
            total += kept
        return total

    def row(self) -> Any:
        """The alert as it stands."""
        with self.partnership.acting("ledger_worker") as connection:
            return connection.execute(
                text("SELECT * FROM ledger.alerts WHERE record_id = :child"), {"child": self.child}
            ).one()

    def holder(self) -> Holder:
        """Who holds it."""
        row = self.row()
        return Holder(row.stage, row.to_agency, row.to_person)

    def said(self) -> list[tuple[str, dict[str, Any]]]:
        """What was said of alerts, in order: kind and body."""
        query = text("""
            SELECT kind, convert_from(content, 'UTF8')::jsonb -> 'body' FROM ledger.contents
            WHERE record_id = :child AND (kind LIKE 'alert\\_%' OR kind = 'acknowledgement') ORDER BY number""")
        with self.partnership.acting("ledger_worker") as connection:
            return [(kind, body) for kind, body in connection.execute(query, {"child": UUID(self.child)})]

    def send(self, what: str, by: str = "csc", **body: Any) -> Any:
        """Post to the alert as an agency's system."""
        event = {"event_id": self.partnership.event()}
        return self.partnership.post(f"/alerts/{self.alert}/{what}", event | body, by)

    def send_as(self, ref: str, what: str, **body: Any) -> Any:
        """The same by one of csc's people who is signed in."""
        if ref not in self.people:
            self.people[ref] = self.partnership.person("csc", ref, Role.PRACTITIONER)
        session = self.partnership.session(self.people[ref])
        event = {"event_id": self.partnership.event()}
        return self.partnership.send_as(session, "POST", f"/api/v1/alerts/{self.alert}/{what}", json=event | body)

    def read_as(self, ref: str) -> Any:
        """The alert as one of csc's people reads it."""
        session = self.partnership.session(self.people[ref])
        return self.partnership.send_as(session, "GET", f"/api/v1/alerts/{self.alert}")

    def away(self, ref: str, **said: Any) -> None:
        """Somebody of csc is away from now on."""
        engine = self.partnership.context.engine
        be_absent(engine, as_agency(engine, "csc"), ref, {"since": self.now.isoformat()} | said, chance=os.urandom)

    def back(self, ref: str) -> None:
        """They are back."""
        engine = self.partnership.context.engine
        be_back(engine, as_agency(engine, "csc"), ref, chance=os.urandom)

    def snooze(self, **changes: Any) -> dict[str, Any]:
        """The body of a snooze that may be."""
        until = (self.now + timedelta(days=1)).isoformat()
        return {"reason": "Waiting for the GP.", "until": until, "owner": {"agency": "csc", "person": "sw1"}} | changes
