"""A demonstration partnership on a database of a test's own: its agencies, their keys, and a client that sends as them.

Recorded time is the real clock's unless a test sets the demonstration's. Nothing here reads as a superuser: rows are
counted by the worker and the auditor, whose policies show them all, so a server of yours does as well as our own.
"""

import functools
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, text
from werkzeug.test import TestResponse

from ledger.app import application
from ledger.domain.pack import Pack
from ledger.domain.role import Role, follow
from ledger.services.authenticate import ALL_SCOPES
from ledger.services.context import Context
from ledger.services.detect import detect
from ledger.services.enrol import Agency, add_agency, add_person
from ledger.services.issue_key import issue_key
from ledger.services.open_ledger import open_ledger, open_partnership
from ledger.services.receive import ReceiptSigner
from ledger.services.sign_in import SESSION_COOKIES, csrf_token, make_link, use_link
from ledger.store import people
from ledger.store.append import Caller
from ledger.store.database import SYSTEM, connect_engine, transaction
from tests.opened import Opened
from tests.shipped import shipped_pack

ROOT = Path(__file__).resolve().parents[1]
DUTY_DESK = "duty"
ORIGIN = "tests.example"
#: Signs every receipt of every test: the same from run to run.
RECEIPT_SEED = bytes(range(32))
AGENCIES = ("hv", "csc", "gp", "police")
#: Numbers of the range set aside for tests; their check digits are right.
NHS_NUMBERS = ("9990000018", "9990000026", "9990000034", "9990000042", "9990000050")

#: Who may see every row of a table, and as which party, for counting them.
_COUNTED: Mapping[str, tuple[str, str | None]] = {
    "heads": ("ledger_worker", None),
    "entries": ("ledger_worker", None),
    "contents": ("ledger_worker", None),
    "claims": ("ledger_worker", None),
    "children": ("ledger_worker", None),
    "involvements": ("ledger_worker", None),
    "leads": ("ledger_worker", None),
    "links": ("ledger_worker", None),
    "withdrawals": ("ledger_worker", None),
    "findings": ("ledger_worker", None),
    "alerts": ("ledger_worker", None),
    "access_records": ("ledger_auditor", "auditor"),
}


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
class Partnership:
    """What a test sends through and looks at. Close it when done."""

    database_url: str
    clock_at: datetime | None = None
    web_pool: int = 8
    bell: CountingBell = field(default_factory=CountingBell)
    keys: dict[str, str] = field(default_factory=dict)
    key_ids: dict[str, str] = field(default_factory=dict)
    #: Where the database is a copy of one in which all this was done.
    opened: Opened | None = None

    def __post_init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._own_app: Flask | None = None
        self._events = itertools.count(1)
        if self.opened is None:
            self._open()
        else:
            self.partnership_record = self.opened.record_id
            self.key_ids, self.keys = dict(self.opened.key_ids), dict(self.opened.keys)
        self.context = Context(
            connect_engine(self.database_url, "ledger_web", pool_size=self.web_pool),
            default_pack(),
            os.urandom,
            lambda: datetime.now(UTC),
            self.bell,
            auditor=self.engine("ledger_auditor"),
            receipts=ReceiptSigner(RECEIPT_SEED, ORIGIN),
        )
        self._engines["ledger_web"] = self.context.engine

    def _open(self) -> None:
        """Open the ledger and the partnership, add its agencies and issue a key to each."""
        admin, pack = self.engine("ledger_admin"), default_pack()
        open_ledger(admin, origin=ORIGIN, demonstration=True, clock_at=self.clock_at)
        self.partnership_record = open_partnership(
            admin, os.urandom, ref="demo", name="Demonstration", nation="england",
            duty_desk=Agency(DUTY_DESK, "duty_desk", "Duty desk", "ring the duty desk"), pack=pack,
        )  # fmt: skip
        for agency in AGENCIES:
            add_agency(
                admin, os.urandom, partnership="demo", agency=Agency(agency, agency, agency.upper(), f"ring {agency}")
            )
        for agency in (*AGENCIES, DUTY_DESK):
            self.key_ids[agency], self.keys[agency] = self.issue(agency)

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

    def close(self) -> None:
        """Let go of every connection."""
        for engine in self._engines.values():
            engine.dispose()

    # --- acting on the database ----------------------------------------------------------------------------------

    def engine(self, role: str) -> Engine:
        """A small engine of a role, one for each."""
        if role not in self._engines:
            self._engines[role] = connect_engine(self.database_url, role, pool_size=2)
        return self._engines[role]

    @contextmanager
    def acting(self, role: str, party: str | None = None) -> Iterator[Connection]:
        """A transaction of a role for a party; what it did is rolled back."""
        with self.engine(role).connect() as connection, connection.begin() as begun:
            if party is not None:
                connection.execute(text("SELECT set_config('ledger.party', :party, true)"), {"party": party})
            yield connection
            if begun.is_active:
                begun.rollback()

    def rows(self) -> dict[str, int]:
        """How many rows each table of the ledger and of its projections holds."""
        counted = {}
        for table, (role, party) in _COUNTED.items():
            with self.acting(role, party) as connection:
                counted[table] = connection.scalar(text(f"SELECT count(*) FROM ledger.{table}")) or 0
        return counted

    def envelopes(self, record_id: str) -> list[bytes]:
        """The stored envelopes of a record, in order."""
        with self.acting("ledger_worker") as connection:
            query = text("SELECT envelope FROM ledger.entries WHERE record_id = :record ORDER BY number")
            return list(connection.scalars(query, {"record": record_id}))

    def erase(self, record_id: str, number: int) -> int:
        """Erase one entry's content as the role that may, under an order made for it; how many rows went."""
        self._approve_erasure(record_id, number)
        with transaction(self.engine("ledger_erasure"), party="erasure") as connection:
            return connection.execute(
                text("DELETE FROM ledger.contents WHERE record_id = :record AND number = :number"),
                {"record": record_id, "number": number},
            ).rowcount

    def _approve_erasure(self, record_id: str, number: int) -> None:
        """An approved order for one entry, in the rows alone: what services make of orders is tested elsewhere."""
        given: dict[str, Any] = {"record": record_id, "number": number, "one": UUID(int=1), "other": UUID(int=2)}
        with transaction(self.engine("ledger_worker"), party=SYSTEM) as connection:
            given["agency"] = connection.scalar(
                text("SELECT agency_id FROM ledger.entries WHERE record_id = :record AND number = :number"), given
            )
            connection.execute(
                text(
                    "INSERT INTO ledger.involvements (record_id, agency_id, number) VALUES (:record, :agency, -:number)"
                ),
                given,
            )
        with transaction(self.context.engine, party=str(given["agency"])) as connection:
            for statement in (
                """INSERT INTO ledger.erasure_orders
                    (record_id, number, agency_id, person_id, ground, is_whole, numbers)
                VALUES (:record, :number, :agency, :one, 'court_order', false, ARRAY[:number])""",
                """UPDATE ledger.erasure_orders SET answer = 'approve', answered_number = :number,
                answered_agency = :agency, answered_by = :other WHERE record_id = :record AND number = :number""",
            ):
                connection.execute(text(statement), given)

    def issue(
        self, agency: str, *, scopes: Sequence[str] = ALL_SCOPES, lifetime: timedelta = timedelta(days=1)
    ) -> tuple[str, str]:
        """Another key of an agency: its id and its text."""
        return issue_key(
            self.engine("ledger_admin"),
            os.urandom,
            agency=agency,
            scopes=list(scopes),
            now=datetime.now(UTC),
            lifetime=lifetime,
        )

    def person(self, agency: str, ref: str, *roles: Role) -> Caller:
        """Somebody of an agency in these roles, whose name is their reference, as services know who calls."""
        person_id = add_person(
            self.engine("ledger_admin"), os.urandom, agency=agency, ref=ref, name=ref, role="office", roles=roles
        )
        with self.context.engine.connect() as connection:
            found = people.person(connection, person_id)
        assert found is not None
        return Caller(
            agency,
            found.partnership,
            kind=found.agency_kind,
            person_id=person_id,
            person_ref=ref,
            roles=follow(found.standing, at_desk=found.is_duty_desk),
        )

    def session(self, person: Caller) -> str:
        """A session's token of a person who signed in by a link."""
        assert person.person_id is not None
        now = datetime.now(UTC)
        with transaction(self.engine("ledger_admin"), party=SYSTEM) as connection:
            link = make_link(connection, person.person_id, os.urandom, now)
        with transaction(self.context.engine, party=None) as connection:
            return use_link(connection, link, os.urandom, now)

    def send_as(self, session: str, method: str, path: str, **options: Any) -> TestResponse:
        """One request by the session of a person, with its token against forged requests; any address, pages too."""
        client = self.app.test_client()
        client.set_cookie(SESSION_COOKIES[1], session)
        headers = {"X-CSRF-Token": csrf_token(session), **options.pop("headers", {})}
        return client.open(path, method=method, headers=headers, **options)

    def detect(self, record_id: str) -> int:
        """Detect in a record as a worker does; how many steps that took."""
        return detect(self.engine("ledger_worker"), UUID(record_id), lambda _digest: default_pack(), os.urandom).steps

    # --- sending -------------------------------------------------------------------------------------------------

    def send(
        self, method: str, path: str, agency: str | None = "hv", *, key: str | None = None, **options: Any
    ) -> TestResponse:
        """One request to the interface, with an agency's key, with another key, or with none."""
        headers = dict(options.pop("headers", {}))
        bearer = key or (self.keys[agency] if agency else None)
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **options)

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


def observation(event_id: str, record_id: str, **changes: Any) -> dict[str, Any]:
    """An observation that is right: what the mother said of the father."""
    body: dict[str, Any] = {
        "event_id": event_id,
        "child": {"id": record_id},
        "observed": "2023-10-05",
        "statement": "fact",
        "narrative": "Mother says that he has gone.",
        "claims": [
            {
                "about": "father",
                "attribute": "presence",
                "value": "absent",
                "valid": "2023-10-05/..",
                "basis": "told",
                "informant": "mother",
            }
        ],
    }
    return body | changes


def stored(response: TestResponse) -> dict[str, Any]:
    """The answer to a post that stored something, or found it stored."""
    assert response.status_code in {200, 201}, (response.status_code, response.get_data(as_text=True))
    answer: dict[str, Any] = response.get_json()
    return answer


def refused(response: TestResponse, status: int, code: str | None = None, pointer: str | None = None) -> dict[str, Any]:
    """The problem that refused a request, once its status, code and failing field are what they should be."""
    said = response.get_data(as_text=True)
    assert response.status_code == status, (response.status_code, said)
    assert response.mimetype == "application/problem+json"
    problem: dict[str, Any] = response.get_json()
    assert problem["status"] == status
    assert problem["detail"]
    if code is not None:
        assert code in {problem["code"], *(error["code"] for error in problem.get("errors", ()))}, said
    if pointer is not None:
        assert pointer in {error["pointer"] for error in problem.get("errors", ())}, said
    return problem
