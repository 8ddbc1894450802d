"""A demonstration partnership on a database of a test's own: its agencies, their keys, and a client that sends as them.

Recorded time is the real clock's unless a test sets the demonstration's.
"""

import functools
import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from flask import Flask
from sqlalchemy import Engine, create_engine
from werkzeug.test import TestResponse

from ledger.app import application
from ledger.domain.pack import Pack
from ledger.services.context import Context
from ledger.services.receive import ReceiptSigner
from ledger.services.seal import Sealer
from ledger.services.sign_in import SESSION_COOKIES, csrf_token
from ledger.services.webhook_rules import WebhookRules
from ledger.store.database import connect_engine
from tests.answers import NHS_NUMBERS, observation, refused, stored
from tests.opened import AGENCIES, DUTY_DESK, ORIGIN, Opened, open_demonstration
from tests.partnership_database import PartnershipDatabase
from tests.shipped import shipped_pack

__all__ = [
    "AGENCIES",
    "DUTY_DESK",
    "NHS_NUMBERS",
    "ORIGIN",
    "RECEIPT_SEED",
    "ROOT",
    "SEALING_KEY",
    "Partnership",
    "default_pack",
    "observation",
    "refused",
    "stored",
]

ROOT = Path(__file__).resolve().parents[1]
#: Signs every receipt of every test: the same from run to run.
RECEIPT_SEED = bytes(range(32))
#: Seals the secrets of every test's webhooks.
SEALING_KEY = bytes(range(32, 64))


@functools.cache
def default_pack() -> Pack:
    """The rule pack that the program comes with."""
    return shipped_pack()


class _Relay:
    """A context that stands for whichever partnership's is served."""

    context: Context

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["context"], name)


@functools.cache
def _shared_app() -> tuple[Flask, _Relay]:
    """One application for all tests of a process, over a context that changes."""
    relay = _Relay()
    relay.context = Context(create_engine("postgresql+psycopg://"), default_pack(), os.urandom, _now, CountingBell())
    return application(cast("Context", relay)), relay


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class CountingBell:
    """Counts how often it was rung."""

    rung: int = 0

    def ring(self) -> None:
        self.rung += 1


@dataclass
class Partnership(PartnershipDatabase):
    """What a test sends through and looks at. Close it when done."""

    database_url: str
    clock_at: datetime | None = None
    web_pool: int = 8
    bell: CountingBell = field(default_factory=CountingBell)
    keys: dict[str, str] = field(default_factory=dict)
    key_ids: dict[str, str] = field(default_factory=dict)
    #: What the database was copied with; else the partnership is opened here.
    opened: Opened | None = None

    def __post_init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._own_app: Flask | None = None
        self._events = itertools.count(1)
        opened = self.opened or open_demonstration(self.engine("ledger_admin"), self.clock_at)
        self.partnership_record = opened.partnership_record
        self.keys.update(opened.keys)
        self.key_ids.update(opened.key_ids)
        self.context = Context(
            connect_engine(self.database_url, "ledger_web", pool_size=self.web_pool),
            default_pack(),
            os.urandom,
            lambda: datetime.now(UTC),
            self.bell,
            auditor=self.engine("ledger_auditor"),
            admin=self.engine("ledger_admin"),
            worker=self.engine("ledger_worker"),
            packs=ROOT / "config" / "packs",
            receipts=ReceiptSigner(RECEIPT_SEED, ORIGIN),
            webhooks=WebhookRules(Sealer([SEALING_KEY]), loopback=True),
        )
        self._engines["ledger_web"] = self.context.engine

    @property
    def app(self) -> Flask:
        """The whole web application, which serves this partnership from now on: making one takes half a second."""
        if self._own_app is not None:
            return self._own_app
        app, relay = _shared_app()
        relay.context = self.context
        return app

    @app.setter
    def app(self, app: Flask) -> None:
        self._own_app = app

    def send(
        self, method: str, path: str, agency: str | None = "hv", *, key: str | None = None, **options: Any
    ) -> TestResponse:
        """One request to the interface, with an agency's key, with another key, or with none."""
        headers = dict(options.pop("headers", {}))
        bearer = key or (self.keys[agency] if agency else None)
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **options)

    def send_as(self, session: str, method: str, path: str, **options: Any) -> TestResponse:
        """One request by the session of a person, with its token against forged requests; any address, pages too."""
        client = self.app.test_client()
        client.set_cookie(SESSION_COOKIES[1], session)
        headers = {"X-CSRF-Token": csrf_token(session), **options.pop("headers", {})}
        return client.open(path, method=method, headers=headers, **options)

    def post(self, path: str, body: Any, agency: str | None = "hv", **options: Any) -> TestResponse:
        """Post a body as JSON."""
        return self.send("POST", path, agency, json=body, **options)

    def get(self, path: str, agency: str | None = "hv", **options: Any) -> TestResponse:
        """Get an address below /api/v1."""
        return self.send("GET", path, agency, **options)

    def event(self) -> str:
        """An event id that was not used before."""
        return f"event-{next(self._events)}"

    def child(self, agency: str = "hv", *, involve: Sequence[str] = (), **details: Any) -> str:
        """Register a child, involve agencies, and return the id of its record."""
        body = {"event_id": self.event(), "born": "2022-09-01"} | details
        if "expected" in details:
            del body["born"]
        record_id = str(stored(self.post("/children", body, agency))["child"])
        for involved in involve:
            self.involve(record_id, involved)
        return record_id

    def involve(self, record_id: str, agency: str, **more: Any) -> dict[str, Any]:
        """Record an agency's involvement from now on."""
        body = {"event_id": self.event(), "role": "work", "reason": "known to us", "lawful_basis": "public task"}
        return stored(self.post(f"/children/{record_id}/involvements", body | more, agency))

    def alert(self, record_id: str, *, to: str | None = "csc") -> dict[str, Any]:
        """Let hv and csc say what cannot both be, detect it, and return the alert as its agency reads it.

        `to` is named lead first; with None there is no lead, and the alert is the duty desk's.
        """
        if to is not None:
            self.involve(record_id, to)
            lead = {"event_id": self.event(), "agency": to, "person": "sw1"}
            stored(self.post(f"/children/{record_id}/leads", lead, to))
        stored(self.post("/observations", self.observation(record_id), "hv"))
        claim = {"about": "father", "attribute": "presence", "value": "lives_here", "basis": "seen"}
        seen = self.observation(record_id, observed="2023-10-07", narrative="He opened the door.", claims=[claim])
        stored(self.post("/observations", seen, "csc"))
        self.detect(record_id)
        alerts: list[dict[str, Any]] = stored(self.get("/alerts", to or DUTY_DESK))["alerts"]
        return next(alert for alert in alerts if alert["child"]["id"] == record_id)

    def observation(self, record_id: str, **changes: Any) -> dict[str, Any]:
        """A body that is right, under an event id of its own."""
        return observation(self.event(), record_id, **changes)
