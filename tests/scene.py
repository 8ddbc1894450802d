"""One demonstration ledger to look at: a partnership, a few children, told by their agencies and detected.

It is told once a session, through the interface, and copied. What it tells stands in modules beside this one, an area
each: whoever needs more of it adds an act at the end of the area's function, and a name to its `places`.
"""

import copy
import dataclasses
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text

from ledger.app import application
from ledger.domain.role import Role
from ledger.services.authenticate import SCOPES
from ledger.services.context import Context
from ledger.services.detect_due import Setbacks, sweep
from ledger.services.enrol import Agency, add_agency, add_person
from ledger.services.issue_key import issue_key
from ledger.services.open_ledger import open_ledger, open_partnership
from ledger.services.receive import ReceiptSigner
from ledger.services.ring import NullBell
from ledger.services.seal import Sealer
from ledger.services.sign_in import SESSION_COOKIES, Way, begin_session, csrf_token, make_link, say_purpose
from ledger.services.sign_in_rules import SignInRules
from ledger.services.webhook_rules import WebhookRules
from ledger.store.clock import move, now
from ledger.store.database import SYSTEM, connect_engine, transaction
from tests.answers import stored
from tests.shipped import shipped_pack
from tests.templates import MIGRATED, Templates

SCENE: Final = "scene"
ORIGIN: Final = "tests.example/ledger"
#: What the people's clocks say, which sessions and links go by; the record's clock is the scene's own.
REAL_NOW: Final = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BEGAN: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DESK: Final = Agency("csc", "childrens_social_care", "Children’s social care", "0345 678 9021")
AGENCIES: Final = (
    Agency("hv", "health_visiting", "Health visiting", "01743 000111 (team office, weekdays 9 to 5)"),
    Agency("mw", "midwifery", "Midwifery", "01743 000155"),
    Agency("gp", "gp", "Castle surgery", "01743 000444"),
    Agency("eh", "early_help", "Early help", "01743 000333"),
    Agency("nursery", "nursery", "Little acorns nursery", "01743 000222"),
    Agency("school", "school", "Meadow primary school", "01743 000666"),
    Agency("police", "police", "Police protecting vulnerable people unit", "101 extension 4411"),
    Agency("hospital", "hospital", "County hospital", "01743 000777"),
)
#: Who signs in: agency, reference, name, office, roles.
PEOPLE: Final = (
    ("csc", "sw1", "Sam Whitfield", "social worker", (Role.PRACTITIONER,)),
    ("csc", "sw2", "Priya Nair", "social worker", (Role.PRACTITIONER,)),
    ("csc", "tm1", "Toni Marsh", "team manager", (Role.MANAGER,)),
    ("csc", "aud1", "Ade Okoro", "auditor", (Role.AUDITOR,)),
    ("csc", "adm1", "Wyn Price", "administrator", (Role.ADMINISTRATOR,)),
    ("csc", "ops1", "Kit Doyle", "operator", (Role.OPERATOR,)),
    ("csc", "rec1", "Ines Costa", "records officer", (Role.RECORDS_OFFICER,)),
    ("hv", "hv1", "Hana Vale", "health visitor", (Role.PRACTITIONER,)),
    ("hv", "hvm1", "Ruth Adeyemi", "team leader", (Role.MANAGER,)),
    ("nursery", "n1", "Bea Lund", "designated safeguarding lead", (Role.PRACTITIONER,)),
    ("school", "dsl1", "Martin Frost", "designated safeguarding lead", (Role.PRACTITIONER,)),
    ("police", "det1", "Gwen Pike", "detective", (Role.PRACTITIONER,)),
    ("gp", "gp1", "Dr Farah Siddiq", "general practitioner", (Role.PRACTITIONER,)),
)
#: The pack that ships, and a county's own over it that is not in force.
PACKS: Final = Path(__file__).parent / "packs_beside"
SEALER: Final = Sealer([bytes(range(32, 64))])
_RECEIPT_SEED = bytes(range(32))


@dataclasses.dataclass
class Told:
    """What was told, beside what the database holds: kept with the template."""

    people: dict[str, str] = dataclasses.field(default_factory=dict)
    keys: dict[str, str] = dataclasses.field(default_factory=dict)
    #: Ids by name, with which the addresses of pages are filled in: `{child}`, `{alert}`.
    places: dict[str, str] = dataclasses.field(default_factory=dict)
    events: int = 0


class _Relay:
    """A context that stands for that of whichever scene has the application."""

    context: Context

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["context"], name)


#: Applications that no scene has now: making one takes as long as several pages.
_spare: list[tuple[_Relay, Flask]] = []


def _made() -> tuple[_Relay, Flask]:
    relay = _Relay()
    relay.context = Context(create_engine("postgresql+psycopg://"), shipped_pack(), os.urandom, _real_now, NullBell())
    return relay, application(cast("Context", relay))


def _real_now() -> datetime:
    return REAL_NOW


class Scene:
    """The ledger of one database: read it, sign in to it, or tell it more. Close it when done."""

    def __init__(self, database_url: str, told: Told) -> None:
        self.database_url, self.told = database_url, told
        self.admin, self.worker, self.auditor = (
            connect_engine(database_url, f"ledger_{role}", pool_size=2) for role in ("admin", "worker", "auditor")
        )
        self.context = Context(
            connect_engine(database_url, "ledger_web", pool_size=4), shipped_pack(), os.urandom, _real_now,
            NullBell(), auditor=self.auditor, admin=self.admin, worker=self.worker, packs=PACKS,
            receipts=ReceiptSigner(_RECEIPT_SEED, ORIGIN),
            sign_in=SignInRules(sealer=SEALER), webhooks=WebhookRules(SEALER),
        )  # fmt: skip
        self._relay, self.app = _spare.pop() if _spare else _made()
        self._relay.context = self.context
        self._sessions: dict[str, str] = {}

    def close(self) -> None:
        """Let go of every connection."""
        for engine in self.engines:
            engine.dispose()
        _spare.append((self._relay, self.app))

    @property
    def engines(self) -> tuple[Engine, ...]:
        return self.context.engine, self.admin, self.worker, self.auditor

    @property
    def places(self) -> dict[str, str]:
        """Ids by name."""
        return self.told.places

    def at(self, moment: str) -> None:
        """Move the ledger's clock there, stopping wherever something falls due on the way, and detect."""
        to = datetime.fromisoformat(moment)
        while True:
            with transaction(self.admin, party=SYSTEM) as connection:
                stop = min(max(now(connection), _next_due(connection) or to), to)
                move(connection, stop)
            self.detect()
            if stop == to:
                return

    def detect(self) -> None:
        """Detect in every record until nothing is due."""
        sweep(self.worker, lambda _digest: shipped_pack(), os.urandom, setbacks=Setbacks())

    def child(self, name: str, agency: str, involve: Mapping[str, str], /, **details: Any) -> str:
        """Register a child under a name of `places`, and record which agencies have what part; the record's id."""
        body = {"event_id": self.event(), **details}
        record = str(stored(self.send("POST", "/children", agency, json=body))["child"])
        self.places[name] = record
        for one, role in involve.items():
            self.act(one, "involvements", child=name, role=role, reason="child in need", lawful_basis="public task")
        return record

    def act(self, agency: str, path: str, /, child: str = "child", **body: Any) -> dict[str, Any]:
        """One act of an agency's system in a child's record."""
        sent = {"event_id": self.event(), **body}
        return stored(self.send("POST", f"/children/{self.places[child]}/{path}", agency, json=sent))

    def observe(
        self, agency: str, observed: str, narrative: str, *claims: Mapping[str, Any], child: str = "child", **more: Any
    ) -> str:
        """One observation of an agency; the entry's id."""
        body = {"event_id": self.event(), "child": {"id": self.places[child]}, "observed": observed}
        body |= {"statement": "fact", "narrative": narrative, "claims": list(claims)} | more
        return str(stored(self.send("POST", "/observations", agency, json=body))["id"])

    def send(self, method: str, path: str, agency: str, **options: Any) -> Any:
        """One request to the interface with an agency's key."""
        headers = {"Authorization": f"Bearer {self.told.keys[agency]}"}
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **options)

    def send_as(self, person: str, method: str, path: str, **options: Any) -> Any:
        """One request to any address by somebody signed in, with the token against forged requests."""
        client, session = self._client(person)
        headers = {"X-CSRF-Token": csrf_token(session), **options.pop("headers", {})}
        return client.open(path, method=method, headers=headers, **options)

    def press(self, person: str, path: str, **fields: Any) -> Any:
        """Send a form of a page as somebody signed in; a file is a pair of what holds it and its name."""
        client, session = self._client(person)
        return client.post(path, data={"csrf": csrf_token(session), **fields})

    def _client(self, person: str) -> tuple[FlaskClient, str]:
        client, session = self.app.test_client(), self.session(person)
        client.set_cookie(SESSION_COOKIES[1], session)
        return client, session

    def alerts(self, agency: str = "csc") -> list[dict[str, Any]]:
        """The open alerts of an agency, newest first."""
        found: list[dict[str, Any]] = stored(self.send("GET", "/alerts", agency))["alerts"]
        return found

    def link(self, person: str) -> str:
        """A fresh one-time token of somebody who signs in."""
        with transaction(self.admin, party=SYSTEM) as connection:
            return make_link(connection, UUID(self.told.people[person]), os.urandom, REAL_NOW)

    def session(self, person: str) -> str:
        """The token of a session that somebody has just begun."""
        with transaction(self.context.engine, party=None) as connection:
            token = begin_session(connection, UUID(self.told.people[person]), Way.LINK, os.urandom, REAL_NOW)
            if person == "aud1":  # who is asked for it before anything else, and says it once
                say_purpose(connection, token, "Yearly audit, a sample of ten records")
            return token

    def kept_session(self, person: str) -> str:
        """The token of a session that is begun once: for whoever only looks, and signs nobody out."""
        if person not in self._sessions:
            self._sessions[person] = self.session(person)
        return self._sessions[person]

    def event(self) -> str:
        """An event id that was not used before."""
        self.told.events += 1
        return f"event-{self.told.events}"


def _next_due(connection: Any) -> datetime | None:
    found: datetime | None = connection.scalar(text("SELECT min(next_due_at) FROM ledger.heads"))
    return found


def _open(url: str) -> Scene:
    admin = connect_engine(url, "ledger_admin", pool_size=1)
    open_ledger(admin, origin=ORIGIN, demonstration=True, clock_at=BEGAN)
    open_partnership(
        admin, os.urandom, ref="shropshire", name="Shropshire", nation="england", duty_desk=DESK, pack=shipped_pack()
    )
    told = Told()
    for agency in AGENCIES:
        add_agency(admin, os.urandom, partnership="shropshire", agency=agency)
    for agency_ref, ref, name, office, roles in PEOPLE:
        added = add_person(admin, os.urandom, agency=agency_ref, ref=ref, name=name, role=office, roles=roles)
        told.people[ref] = str(added)
    for one in (DESK, *AGENCIES):
        _key_id, told.keys[one.ref] = issue_key(
            admin, os.urandom, agency=one.ref, scopes=list(SCOPES), now=REAL_NOW, lifetime=timedelta(days=30)
        )
    admin.dispose()
    return Scene(url, told)


def _tell(url: str) -> dict[str, Any]:
    from tests.scene_child import tell_child
    from tests.scene_deciding import tell_deciding
    from tests.scene_imports import tell_imports
    from tests.scene_others import tell_others
    from tests.scene_overseeing import tell_overseeing
    from tests.scene_people import tell_people
    from tests.scene_work import tell_work

    scene = _open(url)
    for tell in (tell_child, tell_others, tell_deciding, tell_work, tell_people, tell_imports):
        tell(scene)
    scene.detect()
    tell_overseeing(scene)
    scene.close()
    return dataclasses.asdict(scene.told)


@contextmanager
def scene_copy(templates: Templates) -> Iterator[Scene]:
    """A copy of the scene, of one's own; it is told when it is asked for first."""
    told = Told(**copy.deepcopy(templates.filled(SCENE, _tell, on=MIGRATED)))
    url = templates.copy(SCENE)
    scene = Scene(url, told)
    try:
        yield scene
    finally:
        scene.close()
        templates.drop(url)
