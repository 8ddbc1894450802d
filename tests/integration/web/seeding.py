"""A demonstration ledger with one child in it, written through the ledger's own append, its clock moved entry by entry.

The Shropshire case as the lead would meet it: the mother says the father is out of their lives, then that he stays
overnight, to two agencies. Findings and alerts are entered as detection enters them, so pages are tested without it.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Engine, QueuePool, text

from ledger.domain.entry import GENESIS, commitment_of, content_bytes, entry_id
from ledger.services.context import Context
from ledger.services.enrol import Agency, add_agency, add_person
from ledger.services.keep_marks import keep_marks
from ledger.services.open_ledger import open_ledger, open_partnership
from ledger.services.ring import NullBell
from ledger.services.sign_in import make_link
from ledger.services.told import Told
from ledger.store.append import Draft, Driver, Statement, Stored, append_with, lock, place, write
from ledger.store.clock import move
from ledger.store.database import SYSTEM, connect_engine, transaction
from tests.shipped import shipped_pack
from tests.templates import MIGRATED, Templates

PACK_FOLDER = Path(__file__).resolve().parents[3] / "config" / "packs" / "default"
RECORD = UUID("5d1b0f7e-0000-4000-8000-000000000001")
PSEUDONYM = "a" * 26
REAL_NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FINDING, ALERT = "f" * 32, "a" * 32
_LAST_REQUEST_S = 5.0


@dataclass
class Seeded:
    """A ledger to test against. `numbers` gives each entry's number by the event id under which it was sent."""

    context: Context
    workers: Engine
    administrators: Engine
    people: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def let_go(self) -> None:
        """Let go of every connection, once the last request has: a browser may leave one behind that is not over."""
        for engine in (self.context.engine, self.workers, self.administrators):
            give_up = time.monotonic() + _LAST_REQUEST_S
            while _is_in_use(engine) and time.monotonic() < give_up:
                time.sleep(0.01)
            engine.dispose()

    def link(self, person: str) -> str:
        """A fresh one-time token of a person."""
        with transaction(self.administrators, party=SYSTEM) as connection:
            return make_link(connection, self.people[person], os.urandom, self.context.real_now())

    def entry(
        self,
        at: str,
        agency: str,
        kind: str,
        event_id: str,
        body: Mapping[str, Any],
        statements: list[Statement] | None = None,
    ) -> Stored:
        """Append one entry at a moment of the demonstration's clock."""
        with transaction(self.administrators, party=SYSTEM) as connection:
            move(connection, datetime.fromisoformat(at))
        engine = self.workers if agency == SYSTEM else self.context.engine
        content, salt = content_bytes(kind, agency, event_id, body), os.urandom(32)
        draft = Draft(RECORD, agency, event_id, kind, content, salt, commitment_of(salt, content), is_due=False)

        def act(driver: Driver) -> Stored:
            locked = lock(driver, agency, records=[RECORD])
            stored = place(locked.heads[RECORD], draft, locked.clock)
            kept = [] if agency == SYSTEM else keep_marks(Told.of(stored, agency, kind, body))
            write(driver, locked.heads, [(draft, stored)], statements=[*(statements or []), *kept])
            return stored

        stored = append_with(engine, act)
        self.numbers[event_id] = stored.number
        return stored

    def observe(
        self, at: str, agency: str, event_id: str, narrative: str, *claims: Mapping[str, Any], **more: Any
    ) -> Stored:
        """Append an observation of the day on which it is recorded."""
        body = {"event_id": event_id, "observed": at[:10], "statement": "fact", "narrative": narrative}
        return self.entry(at, agency, "observation", event_id, body | {"claims": list(claims)} | more)

    def withdraw(self, at: str, agency: str, event_id: str, corrects: str, **observation: Any) -> Stored:
        """Append a correction of an earlier entry."""
        number = self.numbers[corrects]
        body = {
            "event_id": event_id,
            "corrects": entry_id(PSEUDONYM, number),
            "reason": "typed into the wrong child’s notes",
            "observation": observation,
        }
        stored = self.entry(at, agency, "correction", event_id, body)
        with transaction(self.context.engine, party=agency) as connection:
            connection.execute(
                text("INSERT INTO ledger.withdrawals (record_id, number, by_number) VALUES (:r, :n, :b)"),
                {"r": RECORD, "n": number, "b": stored.number},
            )
        return stored

    def find(self, at: str, kind: str, *sides: list[str], finding: str = FINDING, **more: Any) -> Stored:
        """Enter a finding as detection does, its sides named by event ids."""
        body: dict[str, Any] = {
            "finding": finding,
            "kind": kind,
            "rule": "states_of_the_world",
            "question": finding,
            "pack_version": self.context.pack.version,
            "sides": [[[self.numbers[event], 0] for event in side] for side in sides],
            "evidence": [],
            "certain": True,
            "change_since": None,
            "is_stale": False,
            "raised_at": at,
            "step": "e1",
        } | more
        stored = self.entry(at, SYSTEM, "finding_raised", f"finding.{finding}", body)
        row = {"f": finding, "r": RECORD, "k": kind, "v": body["pack_version"], "c": body["certain"], "at": at}
        row |= {"rule": body["rule"], "evidence": Jsonb(body["evidence"]), "marks": Jsonb(body.get("marks", {}))}
        with transaction(self.workers, party=SYSTEM) as connection:
            connection.execute(
                text(
                    "INSERT INTO ledger.findings (finding_id, record_id, question, kind, rule, pack_version, sides, "
                    "evidence, certain, change_since, raised_at, opened_number, marks) "
                    "VALUES (:f, :r, :f, :k, :rule, :v, :sides, :evidence, :c, :since, :at, :n, :marks)"
                ),
                row | {"sides": Jsonb(body["sides"]), "since": body["change_since"], "n": stored.number},
            )
        return stored

    def close(self, at: str, why: str, step: str, finding: str = FINDING) -> Stored:
        """Close a finding as detection does, and end its alert."""
        body = {"finding": finding, "why": why, "step": step}
        stored = self.entry(at, SYSTEM, "finding_closed", f"{finding}.closed", body)
        with transaction(self.workers, party=SYSTEM) as connection:
            for table, column in (("findings", "closed_number"), ("alerts", "ended_number")):
                query = text(f"UPDATE ledger.{table} SET {column} = :n WHERE finding_id = :f")
                connection.execute(query, {"n": stored.number, "f": finding})
        return stored

    def alert(self, at: str, agency: str, person: str | None, alert: str = ALERT, finding: str = FINDING) -> Stored:
        """Bring a finding to somebody, as detection does."""
        to = {"agency": agency, "person": person}
        stored = self.entry(
            at, SYSTEM, "alert_raised", f"alert.{alert}", {"alert": alert, "finding": finding, "to": to}
        )
        with transaction(self.workers, party=SYSTEM) as connection:
            connection.execute(
                text(
                    "INSERT INTO ledger.alerts (alert_id, record_id, finding_id, to_agency, to_person, raised_at, "
                    "raised_number) VALUES (:a, :r, :f, :agency, :person, :at, :n)"
                ),
                {
                    "a": alert,
                    "r": RECORD,
                    "f": finding,
                    "agency": agency,
                    "person": person,
                    "at": at,
                    "n": stored.number,
                },
            )
        return stored


@dataclass(frozen=True, slots=True)
class Sown:
    """What a database was copied with: the ledger as `seed_ledger` leaves it."""

    template: str
    people: Mapping[str, UUID]
    numbers: Mapping[str, int]


def _is_in_use(engine: Engine) -> bool:
    return isinstance(engine.pool, QueuePool) and engine.pool.checkedout() > 0


def sown_template(templates: Templates) -> Sown:
    """The template of the seeded ledger, made when it is asked for first."""

    def fill(url: str) -> dict[str, Any]:
        seeded = seed_ledger(url)
        seeded.let_go()
        return {"people": {ref: str(one) for ref, one in seeded.people.items()}, "numbers": seeded.numbers}

    said = templates.filled("sown", fill, on=MIGRATED)
    return Sown("sown", {ref: UUID(one) for ref, one in said["people"].items()}, said["numbers"])


def seed_ledger(database_url: str, now: datetime = REAL_NOW, sown: Sown | None = None) -> Seeded:
    """Open a demonstration ledger with four agencies, two people who sign in and a child whom three work with.

    In a database that was copied with all of that, nothing is left to be done.
    """
    context = Context(
        engine=connect_engine(database_url, "ledger_web", pool_size=4),
        pack=shipped_pack(),
        chance=os.urandom,
        real_now=lambda: now,
        bell=NullBell(),
    )
    seeded = Seeded(
        context, connect_engine(database_url, "ledger_worker"), connect_engine(database_url, "ledger_admin")
    )
    if sown is not None:
        seeded.people.update(sown.people)
        seeded.numbers.update(sown.numbers)
        return seeded
    admin = seeded.administrators
    open_ledger(admin, origin="tests.example/ledger", demonstration=True, clock_at=datetime(2022, 3, 1, tzinfo=UTC))
    desk = Agency("csc", "childrens_social_care", "Children’s social care", "0345 678 9021")
    open_partnership(
        admin, os.urandom, ref="shropshire", name="Shropshire", nation="england", duty_desk=desk, pack=context.pack
    )
    for agency in (
        Agency("hv", "health_visiting", "Health visiting", "01743 000111 (team office, weekdays 9 to 5)"),
        Agency("police", "police", "Police protecting vulnerable people unit", "101 extension 4411"),
        Agency("school", "school", "Meadow primary school", "01743 000222"),
    ):
        add_agency(admin, os.urandom, partnership="shropshire", agency=agency)
    seeded.people["lead"] = add_person(
        admin, os.urandom, agency="csc", ref="sw1", name="Sam Whitfield", role="social worker"
    )
    seeded.people["health"] = add_person(
        admin, os.urandom, agency="hv", ref="hv1", name="Hana Vale", role="health visitor"
    )
    _begin_record(seeded)
    return seeded


def _begin_record(seeded: Seeded) -> None:
    with transaction(seeded.context.engine, party="csc") as connection:
        connection.execute(
            text(
                "INSERT INTO ledger.heads (record_id, pseudonym, kind, partnership_id, head_hash, last_recorded_at) "
                "VALUES (:r, :p, 'child', 'shropshire', :g, :at)"
            ),
            {"r": RECORD, "p": PSEUDONYM, "g": GENESIS, "at": datetime(2022, 3, 1, tzinfo=UTC)},
        )
    body = {"event_id": "register", "expected": "2022-09", "name": "Baby Rowan"}
    seeded.entry("2022-03-02T09:00:00+00:00", "csc", "child", "register", body)
    with transaction(seeded.context.engine, party="csc") as connection:
        connection.execute(
            text("INSERT INTO ledger.children (record_id, details, number) VALUES (:r, :d, 1)"),
            {"r": RECORD, "d": Jsonb({"expected": "2022-09", "name": "Baby Rowan"})},
        )
    for agency, role in (("csc", "lead agency"), ("hv", "health visiting"), ("police", "protecting vulnerable people")):
        event = f"{agency}-in"
        stored = seeded.entry(
            "2022-03-02T10:00:00+00:00",
            agency,
            "involvement",
            event,
            {"event_id": event, "role": role, "reason": "unborn child in need", "lawful_basis": "public task"},
        )
        with transaction(seeded.context.engine, party=agency) as connection:
            connection.execute(
                text("INSERT INTO ledger.involvements (record_id, agency_id, number) VALUES (:r, :a, :n)"),
                {"r": RECORD, "a": agency, "n": stored.number},
            )


def presence(value: str, valid: str, **more: Any) -> dict[str, Any]:
    """A claim about the father's presence, told by the mother unless said otherwise."""
    return {
        "about": "father",
        "attribute": "presence",
        "value": value,
        "valid": valid,
        "basis": "told",
        "informant": "mother",
    } | more


def seed_shropshire(seeded: Seeded) -> None:
    """The case: two accounts of one person, the finding, the alert; a typing error corrected; a decision."""
    social_worker = {"ref": "sw1", "role": "social worker"}
    health_visitor = {"ref": "hv1", "role": "health visitor"}
    seeded.entry(
        "2022-03-03T10:00:00+00:00",
        "csc",
        "lead",
        "lead-1",
        {"event_id": "lead-1", "agency": "csc", "person": "sw1", "role": "social worker", "author": social_worker},
    )
    seeded.observe(
        "2022-03-10T15:00:00+00:00",
        "csc",
        "o2",
        "Mother says the father is out of their lives since the move, and that she does not know where he lives now.",
        presence("absent", "2022-03-10/.."),
        author=social_worker,
    )
    seeded.entry("2022-09-02T09:00:00+00:00", "hv", "details", "b1", {"event_id": "b1", "born": "2022-09-01"})
    seeded.observe(
        "2022-10-04T10:00:00+00:00",
        "hv",
        "o3-typo",
        "Weight 3.42 kg, feeding well. Mother describes a good routine.",
        author=health_visitor,
    )
    seeded.withdraw(
        "2022-10-04T16:20:00+00:00",
        "hv",
        "o3-corrected",
        "o3-typo",
        observed="2022-10-04",
        statement="fact",
        narrative="Weight 4.32 kg, feeding well. Mother describes a good routine.",
        author=health_visitor,
    )
    seeded.observe(
        "2022-10-05T11:00:00+00:00",
        "hv",
        "o3",
        "Mother says he lives ten minutes away and comes often, some nights too.",
        presence("stays_overnight", "2022-10/.."),
        author=health_visitor,
    )
    at = "2022-10-05T11:00:01+00:00"
    seeded.find(at, "same_informant", ["o2"], ["o3"], change_since="2022-03-10")
    seeded.alert(at, "csc", "sw1")
    seeded.entry(
        "2022-11-01T09:00:00+00:00",
        "csc",
        "decision",
        "d1",
        {
            "event_id": "d1",
            "kind": "step_down",
            "to": "early_help",
            "reason": "Engaging well; father no longer in their lives.",
            "relies_on": [{"about": "father", "attribute": "presence", "value": "absent"}],
            "author": social_worker,
        },
    )
