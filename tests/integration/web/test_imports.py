"""Bringing files of observations: looked through, confirmed, posted by a worker, and let go of."""

import csv
import dataclasses
import io
import re
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from config.settings import Settings
from ledger.domain.role import Role
from ledger.services.context import Context
from ledger.services.import_post import BATCH, forget, post_waiting
from ledger.services.import_rows import purpose_of
from ledger.services.seal import Sealer
from ledger.services.sign_in import csrf_token
from ledger.services.sign_in_rules import SignInRules
from ledger.store.append import Caller
from ledger.web import imports as pages
from tests.opened import Opened, opened_template
from tests.partnership import NHS_NUMBERS, ROOT, SEALING_KEY, CountingBell, Partnership
from tests.shipped import shipped_pack
from tests.templates import Templates
from workers import importing

SEALER = Sealer([SEALING_KEY])
ROW = {
    "nhs_number": NHS_NUMBERS[0], "observed": "2023-10-05", "statement": "fact", "narrative": "Came in late.",
    "about": "child", "attribute": "school_attendance", "value": "late_often", "basis": "own_record",
}  # fmt: skip


@pytest.fixture
def opened(templates: Templates) -> Opened:
    return opened_template(templates)


@pytest.fixture
def partnership(database_url: str, opened: Opened) -> Iterator[Partnership]:
    made = Partnership(database_url, opened=opened)
    made.context = dataclasses.replace(made.context, sign_in=SignInRules(sealer=SEALER))
    yield made
    made.close()


@pytest.fixture
def child(partnership: Partnership) -> str:
    return partnership.child("hv", nhs_number=NHS_NUMBERS[0], reference="r-1", involve=["hv"])


class Desk:
    """Somebody at the pages of imports."""

    def __init__(self, partnership: Partnership, person: Caller) -> None:
        self.partnership, self.person = partnership, person
        self.session = partnership.session(person)

    def get(self, path: str) -> Any:
        return self.partnership.send_as(self.session, "GET", path)

    def bring(self, data: bytes, token: str = "", name: str = "rows.csv") -> Any:
        """Send the form with a file; the answer."""
        form = {"csrf": csrf_token(self.session), "token": token, "file": (io.BytesIO(data), name)}
        return self.partnership.send_as(self.session, "POST", "/imports", data=form)

    def brought(self, *rows: Mapping[str, str]) -> str:
        """Bring these rows; the address of what they would become."""
        answer = self.bring(csv_of(rows))
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def decide(self, address: str, act: str) -> None:
        form = {"csrf": csrf_token(self.session), "act": act}
        assert self.partnership.send_as(self.session, "POST", address, data=form).status_code == 303

    def words(self, address: str) -> str:
        """What a page says."""
        answer = self.get(address)
        assert answer.status_code == 200, answer.text
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.fixture
def desk(partnership: Partnership) -> Desk:
    return Desk(partnership, partnership.person("hv", "hv17", Role.PRACTITIONER))


def csv_of(rows: Sequence[Mapping[str, str]]) -> bytes:
    held = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(held, names)
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue().encode()


def post(partnership: Partnership) -> int:
    """As a worker does."""
    return post_waiting(partnership.context, partnership.engine("ledger_worker"), SEALER)


def observations(partnership: Partnership, child: str) -> list[dict[str, Any]]:
    entries = partnership.get(f"/children/{child}/timeline").get_json()["entries"]
    return [entry for entry in entries if entry["kind"] == "observation"]


def sealed(partnership: Partnership, desk: Desk) -> int:
    """How many rows still say something."""
    assert desk.person.person_id is not None
    with partnership.acting("ledger_web", "hv") as connection:
        connection.execute(text("SELECT set_config('ledger.person', :p, true)"), {"p": str(desk.person.person_id)})
        return connection.scalar(text("SELECT count(sealed) FROM ledger.import_rows")) or 0


def test_a_file_is_looked_through_before_anything_is_posted(partnership: Partnership, desk: Desk, child: str) -> None:
    """Each row with what it would become, or what to put right in which column; nothing is stored or posted by it."""
    wrong = ROW | {"value": "often_late", "observed": "last Tuesday"}
    address = desk.brought(ROW, wrong, ROW | {"nhs_number": "", "reference": "r-2"})
    said = desk.words(address)
    assert "3 rows to look through, 2 of them to put right" in said
    assert "Came in late." in said
    assert "observed “last Tuesday”" in said
    assert "value “often_late”" in said
    assert "reference “r-2”: No child is registered under this reference" in said
    assert post(partnership) == 0
    assert observations(partnership, child) == []


def test_what_is_confirmed_is_posted_once_as_that_person(partnership: Partnership, desk: Desk, child: str) -> None:
    """Rows that are right become that person's own observations; pressing, posting and bringing again adds nothing."""
    rows = [ROW, ROW | {"narrative": "Again."}, ROW | {"value": "often_late"}]
    address = desk.brought(*rows)
    for _ in range(2):
        desk.decide(address, "post")
        post(partnership)
    found = observations(partnership, child)
    assert {entry["body"]["narrative"] for entry in found} == {"Came in late.", "Again."}
    assert {(entry["agency"], entry["body"]["author"]["ref"]) for entry in found} == {("hv", "hv17")}
    assert "2 rows posted, 1 left out" in desk.words(address)
    assert sealed(partnership, desk) == 0
    again = desk.brought(*rows[:2], ROW | {"narrative": "Third."})
    desk.decide(again, "post")
    post(partnership)
    assert "1 row posted, 2 there already" in desk.words(again)
    assert len(observations(partnership, child)) == 3


def test_a_colleagues_same_file_doubles_nothing(partnership: Partnership, desk: Desk, child: str) -> None:
    """The same row brought by two people of an agency is one entry."""
    other = Desk(partnership, partnership.person("hv", "hv18", Role.PRACTITIONER))
    addresses = [one.brought(ROW) for one in (desk, other)]
    for one, address in zip((desk, other), addresses, strict=True):
        one.decide(address, "post")
        post(partnership)
    assert "0 rows posted, 1 there already" in other.words(addresses[1])
    assert len(observations(partnership, child)) == 1


def test_rows_that_say_the_same_are_one_entry_and_so_it_says(partnership: Partnership, desk: Desk, child: str) -> None:
    """Before it is confirmed."""
    address = desk.brought(ROW, ROW)
    assert "It says the same as row 2: the two become one entry." in desk.words(address)
    desk.decide(address, "post")
    post(partnership)
    assert len(observations(partnership, child)) == 1


def test_what_is_dropped_is_gone(partnership: Partnership, desk: Desk, child: str) -> None:
    """Of a file that its person drops no row is posted and none says anything any more."""
    address = desk.brought(ROW)
    assert sealed(partnership, desk) == 1
    desk.decide(address, "drop")
    desk.decide(address, "post")
    assert post(partnership) == 0
    assert sealed(partnership, desk) == 0
    assert "Came in late" not in desk.words(address)


def test_a_row_is_its_persons_alone(partnership: Partnership, desk: Desk, child: str) -> None:
    """A colleague, another agency and the database hold nothing of it that could be read."""
    address = desk.brought(ROW)
    for agency, ref in (("hv", "hv18"), ("csc", "sw1")):
        other = Desk(partnership, partnership.person(agency, ref, Role.PRACTITIONER))
        assert other.get(address).status_code == 404
        assert "to look through" not in other.words("/imports")
    with partnership.acting("ledger_worker", "ledger") as connection:
        assert connection.scalar(text("SELECT count(*) FROM ledger.imports")) == 1
        with pytest.raises(Exception, match="permission denied"):
            connection.execute(text("SELECT sealed FROM ledger.import_rows"))


def test_of_other_agencies_children_a_file_tells_nothing(partnership: Partnership, desk: Desk) -> None:
    """A number that is registered elsewhere and one that is registered nowhere are looked through alike."""
    partnership.child("csc", nhs_number=NHS_NUMBERS[1], involve=["csc"])
    said = []
    for number in NHS_NUMBERS[1:3]:
        words = desk.words(desk.brought(ROW | {"nhs_number": number})).replace(number, "")
        said.append(words[words.index("Row by row") :])
    assert said[0] == said[1]
    assert "Your agency has no part in a record under this number" in said[0]


def test_a_child_whom_nobody_registered_is_refused_by_row(partnership: Partnership, desk: Desk, child: str) -> None:
    """The others are posted, and the page says which was refused and why."""
    address = desk.brought(ROW | {"nhs_number": NHS_NUMBERS[2]}, ROW)
    desk.decide(address, "post")
    post(partnership)
    said = desk.words(address)
    assert "1 row posted, 1 refused" in said
    assert "Row 2 Refused" in said
    assert sealed(partnership, desk) == 0


def test_nothing_is_posted_for_whoever_may_no_longer(partnership: Partnership, desk: Desk, child: str) -> None:
    """Rights are those at the time of posting: who has left by then posts nothing, and what was brought is gone."""
    address = desk.brought(ROW)
    desk.decide(address, "post")
    manager = partnership.session(partnership.person("hv", "boss", Role.MANAGER))
    body = {"person": "hv17", "reason": "another post"}
    assert partnership.send_as(manager, "POST", "/api/v1/agency/leavings", json=body).status_code == 201
    assert post(partnership) == 0
    assert observations(partnership, child) == []
    assert sealed(partnership, desk) == 0


def test_what_was_never_confirmed_is_forgotten(partnership: Partnership, desk: Desk, child: str) -> None:
    """After a day its rows are gone, and what is over is forgotten after thirty."""
    address = desk.brought(ROW)
    forget(partnership.engine("ledger_worker"), partnership.context)
    assert desk.get(address).status_code == 200
    forget(partnership.engine("ledger_worker"), at(partnership, timedelta(hours=25)))
    assert desk.get(address).status_code == 404


def at(partnership: Partnership, later: timedelta) -> Context:
    return dataclasses.replace(partnership.context, real_now=lambda: datetime.now(UTC) + later)


def test_a_press_twice_is_one_file(partnership: Partnership, desk: Desk, child: str) -> None:
    """By the token of the page."""
    token = str(uuid4())
    found = {desk.bring(csv_of([ROW]), token).location for _ in range(2)}
    assert len(found) == 1
    assert desk.get("/imports").text.count("1 row to look through") == 1


UNREADABLE = {
    "Choose the file": b"",
    "The file has no rows": b"nhs_number,observed,statement\n",
    "These columns are not known: child": b"child,observed,statement\n1,2,3\n",
    "These columns are missing: nhs_number or reference": b"observed,statement\n2023-10-05,fact\n",
    "The workbook cannot be read": b"PK\x03\x04 and no archive",
    "larger than 2 MB": b"x" * 40_000,
}


def test_a_file_that_cannot_be_read_is_refused_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page again, with why and what to do; what is too large, as a few thousand bytes are here, is not taken in."""
    monkeypatch.setattr(pages, "FILE_BYTES_MAX", 4_000)
    for said, data in UNREADABLE.items():
        answer = desk.bring(data)
        assert answer.status_code in (400, 413), said
        assert said in answer.text


def test_a_row_moved_to_another_place_does_not_open() -> None:
    """What is sealed is bound to its file and its number: whoever holds the database can exchange no rows."""
    one, other = uuid4(), uuid4()
    purposes = {purpose_of(one, 2), purpose_of(one, 3), purpose_of(other, 2), purpose_of(one, 22)}
    assert len(purposes) == 4


def test_a_killed_worker_doubles_nothing(partnership: Partnership, desk: Desk, child: str) -> None:
    """Killed between posting a batch and noting it: the next posts the same rows again, to no effect, and goes on."""
    count = 2 * BATCH + 3
    address = desk.brought(*(ROW | {"narrative": f"Day {number}."} for number in range(count)))
    desk.decide(address, "post")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, partnership.database_url, SEALING_KEY.hex()], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    stored = len(observations(partnership, child))
    assert stored == 2 * BATCH
    assert f"{BATCH} of {count} rows done" in desk.words(address)
    post(partnership)
    assert len(observations(partnership, child)) == count
    assert f"{count - BATCH} rows posted, {BATCH} there already" in desk.words(address)
    assert sealed(partnership, desk) == 0


def test_a_worker_finds_by_itself_what_was_confirmed(
    partnership: Partnership, desk: Desk, child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its part posts what waits when it looks, and rings for whoever detects."""
    monkeypatch.setattr(importing, "load_pack", lambda _folder: shipped_pack())
    address = desk.brought(ROW)
    desk.decide(address, "post")
    bell = CountingBell()
    given = {"DATABASE_URL": partnership.database_url, "LEDGER_SECRET_KEY": b64encode(SEALING_KEY).decode()}
    part = importing.Importing(Settings.from_env(given), bell)
    part.begin()
    deadline = time.monotonic() + 20
    while "1 row posted" not in desk.words(address) and time.monotonic() < deadline:
        time.sleep(0.05)
    part.end()
    part.recover()
    assert "1 row posted" in desk.words(address)
    assert bell.rung == 1


#: A worker that is killed when it is about to note its second batch.
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from ledger.services.context import Context
from ledger.services.import_post import post_waiting
from ledger.services.ring import NullBell
from ledger.services.seal import Sealer
from ledger.store import imports
from ledger.store.database import connect_engine
from tests.shipped import shipped_pack

noted, calls = imports.became, []

def became(*given):
    calls.append(1)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    noted(*given)

imports.became = became
web, worker = (connect_engine(sys.argv[1], f"ledger_{role}") for role in ("web", "worker"))
context = Context(web, shipped_pack(), os.urandom, lambda: datetime.now(UTC), NullBell())
post_waiting(context, worker, Sealer([bytes.fromhex(sys.argv[2])]))
"""
