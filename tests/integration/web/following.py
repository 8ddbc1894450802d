"""A demonstration ledger in which something has not followed, told by its agencies through the interface and detected.

A baby's bruise, a hand-over that was declined, an agreed action that nobody did, visits that did not take place: what
the pages show of each is what detection made of it.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from ledger.app import application
from ledger.services.authenticate import SCOPES
from ledger.services.context import Context
from ledger.services.detect import detect
from ledger.services.enrol import Agency, add_agency, add_person
from ledger.services.issue_key import issue_key
from ledger.services.open_ledger import open_ledger, open_partnership
from ledger.services.ring import NullBell
from ledger.services.sign_in import make_link
from ledger.store.clock import move
from ledger.store.database import SYSTEM, connect_engine, transaction
from tests.partnership import default_pack, stored

REAL_NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AGENCIES = (
    Agency("hv", "health_visiting", "Health visiting", "01743 000111 (team office, weekdays 9 to 5)"),
    Agency("gp", "gp", "Castle surgery", "01743 000444"),
    Agency("eh", "early_help", "Early help", "01743 000333"),
    Agency("nursery", "nursery", "Little acorns nursery", "01743 000222"),
    Agency("police", "police", "Police protecting vulnerable people unit", "101 extension 4411"),
)


class Story:
    """One ledger with one child, told act by act. Close it when done."""

    def __init__(self, database_url: str) -> None:
        self.context = Context(
            connect_engine(database_url, "ledger_web", pool_size=4), default_pack(), os.urandom, lambda: REAL_NOW,
            NullBell(),
        )  # fmt: skip
        self.admin, self.worker = (connect_engine(database_url, f"ledger_{role}") for role in ("admin", "worker"))
        open_ledger(self.admin, origin="tests.example/ledger", demonstration=True, clock_at=BEGAN)
        desk = Agency("csc", "childrens_social_care", "Children’s social care", "0345 678 9021")
        open_partnership(
            self.admin, os.urandom, ref="shropshire", name="Shropshire", nation="england", duty_desk=desk,
            pack=self.context.pack,
        )  # fmt: skip
        for agency in AGENCIES:
            add_agency(self.admin, os.urandom, partnership="shropshire", agency=agency)
        self.people = {
            ref: add_person(self.admin, os.urandom, agency="csc", ref=ref, name=name, role=role)
            for ref, name, role in (
                ("sw1", "Sam Whitfield", "social worker"),
                ("tm1", "Toni Marsh", "team manager"),
            )
        }
        self.keys = {one: self._key(one) for one in ("csc", *(agency.ref for agency in AGENCIES))}
        self.app: Flask = application(self.context)
        self._events = 0
        body = {"event_id": "register", "born": "2026-02-01", "name": "Baby Rowan"}
        self.record = str(stored(self._send("/children", body, "hv"))["child"])
        for one in self.keys:
            self.act(one, "involvements", role="work", reason="child in need", lawful_basis="public task")
        self.act("csc", "leads", agency="csc", person="sw1", role="social worker")

    def close(self) -> None:
        """Let go of every connection."""
        for engine in (self.context.engine, self.admin, self.worker):
            engine.dispose()

    def at(self, moment: str) -> None:
        """Move the ledger's clock there, and let a worker do what falls due on the way."""
        with self.admin.begin() as connection:
            move(connection, datetime.fromisoformat(moment))
        self.detect()

    def detect(self) -> None:
        """Detect until nothing more comes of it."""
        while detect(self.worker, UUID(self.record), lambda _digest: default_pack(), os.urandom).steps:
            pass

    def act(self, agency: str, path: str, /, **body: Any) -> dict[str, Any]:
        """One act of an agency in the child's record."""
        return stored(self._send(f"/children/{self.record}/{path}", {"event_id": self._event(), **body}, agency))

    def observe(self, agency: str, observed: str, narrative: str, *claims: dict[str, Any], **more: Any) -> None:
        """One observation of an agency."""
        body = {"event_id": self._event(), "child": {"id": self.record}, "observed": observed, "statement": "fact"}
        stored(self._send("/observations", body | {"narrative": narrative, "claims": list(claims)} | more, agency))

    def alerts(self) -> list[dict[str, Any]]:
        """The open alerts as the lead's agency reads them, newest first."""
        headers = {"Authorization": f"Bearer {self.keys['csc']}"}
        answer = self.app.test_client().get("/api/v1/alerts", headers=headers)
        found: list[dict[str, Any]] = stored(answer)["alerts"]
        return found

    def link(self, person: str) -> str:
        """A fresh one-time token of somebody who signs in."""
        with transaction(self.admin, party=SYSTEM) as connection:
            return make_link(connection, self.people[person], os.urandom, REAL_NOW)

    def _event(self) -> str:
        self._events += 1
        return f"event-{self._events}"

    def _send(self, path: str, body: dict[str, Any], agency: str) -> Any:
        headers = {"Authorization": f"Bearer {self.keys[agency]}"}
        return self.app.test_client().post(f"/api/v1{path}", json=body, headers=headers)

    def _key(self, agency: str) -> str:
        a_day = timedelta(days=1)
        return issue_key(
            self.admin, os.urandom, agency=agency, scopes=list(SCOPES), now=datetime.now(UTC), lifetime=a_day
        )[1]


def tell(story: Story) -> None:
    """All that has not followed, one after the other."""
    health_visitor = {"ref": "hv1", "role": "health visitor"}
    story.at("2026-03-05T10:00:00+00:00")
    for agency, day, way in (("hv", "2026-03-04", "declined"), ("eh", "2026-03-05", "evaded")):
        story.observe(
            agency, day, "Asked about the baby’s father.",
            {"about": "child", "attribute": "father", "not_known": way, "basis": "told", "informant": "mother"},
            contact={"depth": "seen", "outcome": "held"},
        )  # fmt: skip
    story.at("2026-03-16T10:00:00+00:00")
    offer = story.act(
        "csc", "handovers", of="work", to={"agency": "eh"}, due="2026-03-30",
        author={"ref": "sw1", "role": "social worker"},
    )  # fmt: skip
    story.act(
        "csc", "actions", what="Home safety check with the mother, and a cot for the baby",
        owner={"agency": "hv"}, due="2026-03-20",
    )  # fmt: skip
    story.at("2026-03-18T11:00:00+00:00")
    story.act("eh", "replies", of=offer["id"], answer="declined", reason="Above our threshold; no worker until May.")
    story.at("2026-03-19T14:00:00+00:00")
    for day, outcome in (("2026-03-11", "no_access"), ("2026-03-18", "cancelled")):
        visit = {"depth": "doorstep", "outcome": outcome}
        story.observe("hv", day, "Visit as agreed by telephone.", contact=visit, author=health_visitor)
    story.observe(
        "nursery", "2026-03-19", "Mother brings the older child and is easy to talk with.",
        {"about": "mother", "attribute": "engagement", "item": "nursery", "value": "good", "basis": "judgement",
         "statement": "opinion"},
    )  # fmt: skip
    story.at("2026-04-13T15:00:00+00:00")
    story.observe(
        "hv", "2026-04-13", "Round bruise on the left cheek. Mother says that he rolled onto a toy.",
        {"about": "child", "attribute": "injury", "thing": "left-cheek", "value": "bruise", "basis": "seen"},
        {"about": "child", "attribute": "mobility", "value": "not_rolling", "basis": "seen"},
        {"about": "child", "attribute": "account", "thing": "left-cheek", "value": "object", "basis": "told",
         "informant": "mother"},
        author=health_visitor, contact={"depth": "seen", "outcome": "held"},
    )  # fmt: skip
    story.at("2026-04-16T09:30:00+00:00")
