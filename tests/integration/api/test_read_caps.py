"""Bulk trawling: how many children may be opened, by whom, however they come; and what is refused leaves a trace."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from ledger.app import application
from ledger.domain.cap import Caps
from ledger.domain.role import Role
from tests.partnership import Partnership, refused, stored


def capped(partnership: Partnership, **caps: int) -> None:
    """Put other caps in force, as an operator does by settings."""
    partnership.context = replace(partnership.context, caps=Caps(**caps))
    partnership.__dict__.pop("app", None)
    assert partnership.app is not None


def looks(partnership: Partnership) -> list[tuple[Any, ...]]:
    """Every access record: agency, outcome, why it was refused, whether it opened a record."""
    with partnership.acting("ledger_auditor", "auditor") as connection:
        rows = connection.execute(
            text("SELECT agency_id, outcome, refused_for, is_opening FROM ledger.access_records ORDER BY real_at")
        ).all()
    return [tuple(row) for row in rows]


@pytest.fixture
def children(partnership: Partnership) -> list[str]:
    """Five children whom csc and gp work with."""
    return [partnership.child(involve=("csc", "gp")) for _ in range(5)]


def test_a_person_opens_so_many_children_and_no_more(partnership: Partnership, children: list[str]) -> None:
    """The one too many is refused with words that say what to do, and when; what was open stays open."""
    capped(partnership, per_person_hour=3)
    session = partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))
    paths = [f"/api/v1/children/{child}/timeline" for child in children]
    for path in (*paths[:3], *paths[:3]):
        stored(partnership.send_as(session, "GET", path))
    answer = partnership.send_as(session, "GET", paths[3])
    problem = refused(answer, 429, "too_many_children")
    assert 3_500 < int(answer.headers["Retry-After"]) <= 3_600
    assert "auditor" in problem["detail"]
    stored(partnership.send_as(session, "GET", paths[0]))


@pytest.mark.parametrize("way", ["timeline", "picture", "people", "gaps", "expectations", "access", "page"])
def test_no_way_goes_round_it(partnership: Partnership, children: list[str], way: str) -> None:
    """Each view of a child opens it, of the interface and of the pages, in one session or another."""
    capped(partnership, per_person_hour=1)
    person = partnership.person("csc", "sw1", Role.PRACTITIONER)
    for child in children[:2]:
        lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
        stored(partnership.post(f"/children/{child}/leads", lead, "csc"))
    stored(partnership.send_as(partnership.session(person), "GET", f"/api/v1/children/{children[0]}/timeline"))
    path = f"/children/{children[1]}/chronology" if way == "page" else f"/api/v1/children/{children[1]}/{way}"
    answer = partnership.send_as(partnership.session(person), "GET", path)
    assert answer.status_code == (200 if way == "access" else 429), answer.get_data(as_text=True)
    if way == "page":
        assert "ask your partnership" in answer.get_data(as_text=True)


def test_many_at_once_pass_no_cap(partnership: Partnership, children: list[str]) -> None:
    """Requests of one person at the same moment, in several sessions, open no more than one after another would."""
    capped(partnership, per_person_hour=2)
    person = partnership.person("csc", "sw1", Role.PRACTITIONER)
    sessions = [partnership.session(person) for _ in children]

    def look(place: int) -> int:
        return partnership.send_as(sessions[place], "GET", f"/api/v1/children/{children[place]}/timeline").status_code

    with ThreadPoolExecutor(5) as pool:
        statuses = sorted(pool.map(look, range(5)))
    assert statuses == [200, 200, 429, 429, 429]


def test_an_agency_counts_all_of_its_own(partnership: Partnership, children: list[str]) -> None:
    """What its people and its system opened counts together, each child once; another agency's does not."""
    capped(partnership, per_agency_hour=3)
    session = partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))
    for child in children[:3]:
        stored(partnership.send_as(session, "GET", f"/api/v1/children/{child}/timeline"))
        stored(partnership.get(f"/children/{child}/timeline", "csc"))
    refused(partnership.get(f"/children/{children[3]}/timeline", "csc"), 429, "too_many_children")
    refused(partnership.send_as(session, "GET", f"/api/v1/children/{children[3]}/timeline"), 429, "too_many_children")
    for child in children[:3]:
        stored(partnership.get(f"/children/{child}/timeline", "gp"))


def test_a_day_counts_too(partnership: Partnership, children: list[str]) -> None:
    """Slow trawling is trawling."""
    capped(partnership, per_person_day=2)
    session = partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))
    for child in children[:2]:
        stored(partnership.send_as(session, "GET", f"/api/v1/children/{child}/timeline"))
    answer = partnership.send_as(session, "GET", f"/api/v1/children/{children[2]}/timeline")
    refused(answer, 429, "too_many_children")
    assert int(answer.headers["Retry-After"]) > 86_000


def test_ones_own_alerts_open_nobody(partnership: Partnership) -> None:
    """A list of alerts is read as often as it takes; one alert is a child's record."""
    capped(partnership, per_person_hour=1)
    partnership.alert(partnership.child(), to="csc")
    partnership.alert(partnership.child(), to="csc")
    partnership.person("csc", "sw1", Role.PRACTITIONER)
    for _ in range(3):
        assert len(stored(partnership.get("/alerts", "csc"))["alerts"]) == 2
    assert not any(is_opening for *_, is_opening in looks(partnership))


def test_what_is_refused_is_recorded(partnership: Partnership, children: list[str]) -> None:
    """At the cap and at a record with which one has no part; of a record that is not there nothing is kept."""
    capped(partnership, per_agency_hour=1)
    stored(partnership.get(f"/children/{children[0]}/timeline", "csc"))
    refused(partnership.get(f"/children/{children[1]}/timeline", "csc"), 429)
    unknown = refused(partnership.get(f"/children/{children[0]}/timeline", "police"), 404)
    nothing = refused(partnership.get("/children/00000000-0000-4000-8000-000000000000/timeline", "police"), 404)
    assert unknown == nothing
    refused(partnership.get(f"/children/{partnership.partnership_record}/timeline", "police"), 404)
    assert looks(partnership) == [
        ("csc", "answered", None, True),
        ("csc", "refused", "too_many_children", False),
        ("police", "refused", "not_involved", False),
    ]


def test_a_page_that_is_refused_is_recorded(partnership: Partnership, children: list[str]) -> None:
    """The same of pages."""
    session = partnership.session(partnership.person("police", "pc1", Role.PRACTITIONER))
    assert partnership.send_as(session, "GET", f"/children/{children[0]}/chronology").status_code == 404
    assert looks(partnership) == [("police", "refused", "not_involved", False)]


def test_moving_the_ledgers_clock_changes_no_count(partnership: Partnership, children: list[str]) -> None:
    """Openings are counted by the real clock: a demonstration moved by a week has opened what it opened."""
    capped(partnership, per_agency_hour=1)
    stored(partnership.get(f"/children/{children[0]}/timeline", "csc"))
    with partnership.engine("ledger_admin").begin() as connection:
        connection.execute(text("UPDATE ledger.ledger_state SET clock_at = clock_timestamp() + interval '7 days'"))
    refused(partnership.get(f"/children/{children[1]}/timeline", "csc"), 429)


def test_the_web_sees_no_more_of_looks_than_it_counts(partnership: Partnership, children: list[str]) -> None:
    """Of its own agency alone, and not why; of others' only that a history was opened, where it is involved."""
    stored(partnership.get(f"/children/{children[0]}/timeline", "csc"))
    stored(partnership.get(f"/children/{children[0]}/timeline", "gp"))
    with partnership.acting("ledger_web", "csc") as connection:
        assert connection.scalars(text("SELECT agency_id FROM ledger.access_records")).all() == ["csc"]
    for column in ("purpose", "request_id", "salt"):
        with pytest.raises(Exception, match="permission denied"), partnership.acting("ledger_web", "csc") as connection:
            connection.execute(text(f"SELECT {column} FROM ledger.access_records"))
    assert application(partnership.context) is not None
