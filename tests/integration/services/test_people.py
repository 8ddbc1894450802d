"""Who has left or is away, who is above and how they are reached: as their agency says it, and in the line."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from ledger.domain.calendar import WorkingCalendar
from ledger.domain.line import Holder, Someone
from ledger.domain.role import Role
from ledger.services.line import LINE_READS
from ledger.services.partnership_people import set_hours, set_partnership_rung
from ledger.services.people_leave import come_back
from ledger.services.people_say import as_agency, be_absent, be_back, set_reach, set_rung, set_team
from ledger.services.refusal import RefusedError
from ledger.store.line import line_statements
from ledger.store.people import person_named
from tests.answers import refused, stored
from tests.integration.services.peopled import Peopled
from tests.partnership import Partnership

NOW = datetime(2024, 4, 16, 11, tzinfo=UTC)


def end_of_day(at: datetime) -> datetime:
    return WorkingCalendar("england").end_of_day(at)


def days_on(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_a_line_is_read_by_who_is_involved(partnership: Partnership) -> None:
    """The worker and an agency with a part in the record read the same line; its rungs come from three places."""
    peopled = Peopled(partnership, deputy="sw2")
    engine, admin = partnership.context.engine, partnership.engine("ledger_admin")
    csc = as_agency(engine, "csc")
    set_partnership_rung(admin, os.urandom, partnership="demo", rung="senior", agency="csc", person="sw3")
    set_partnership_rung(admin, os.urandom, partnership="demo", rung="chair", agency="csc", person="sw3")
    set_rung(engine, csc, "manager", "sw3", chance=os.urandom)
    line = peopled.line()
    assert (line.lead, line.deputy, line.desk) == (Someone("csc", "sw1"), Someone("csc", "sw2"), "duty")
    assert line.ladder["manager"] == line.ladder["senior"] == line.ladder["chair"] == Someone("csc", "sw3")
    assert line.involved == {"csc"}, "an agency knows of its own part alone"
    assert peopled.line(None) == replace(line, involved=frozenset({"hv", "csc", "gp"}))
    set_team(engine, csc, {"team": "t1", "name": "Team 1", "manager": "m", "members": ["sw1"]}, chance=os.urandom)
    assert peopled.line("gp").ladder["manager"] == Someone("csc", "m"), "the team's manager, where there is one"
    set_team(engine, csc, {"team": "t1", "name": "Team 1", "members": []}, chance=os.urandom)
    set_rung(engine, csc, "manager", None, chance=os.urandom)
    assert "manager" not in peopled.line().ladder
    assert peopled.line("police").lead is None, "who has no part in the record is not told who leads"
    assert len(line_statements(partnership.partnership_record)) == LINE_READS


def test_whoever_left_leads_nothing_and_does_nothing(partnership: Partnership) -> None:
    """Their leads end in the same append, their sessions with it, and what is theirs is the deputy's."""
    peopled = Peopled(partnership, deputy="sw2")
    person = peopled.people["sw1"]
    session = partnership.session(person)
    assert partnership.send_as(session, "GET", "/api/v1/alerts").status_code == 200
    left = peopled.leave("sw1")
    assert left.leads == 1
    (ended,) = peopled.bodies("lead_ended")
    assert (ended["agency"], ended["person"], ended["why"], ended["deputy"]) == ("csc", "sw1", "left", "sw2")
    (said,) = peopled.bodies("person_left")
    assert (said["person"], said["ref"]) == (str(person.person_id), "sw1")
    assert partnership.send_as(session, "GET", "/api/v1/alerts").status_code == 401
    with partnership.context.engine.connect() as connection:
        found = person_named(connection, "csc", "sw1")
        assert found is not None
        assert found.standing == frozenset()
        other = person_named(connection, "csc", "sw2")
        assert other is not None
        assert other.standing == {Role.PRACTITIONER}
    line = peopled.line()
    assert (line.lead, line.receiver("queue", NOW)) == (None, Holder("deputy", "csc", "sw2"))
    with pytest.raises(RefusedError, match="left_already"):
        peopled.leave("sw1")


def test_whoever_left_is_named_nowhere(partnership: Partnership) -> None:
    """As lead, deputy, receiver of a hand-over, cover, manager or senior: each refused at the place that names them."""
    peopled = Peopled(partnership)
    peopled.leave("sw3")
    refused(peopled.lead("sw3"), 422, "person_left", "/person")
    refused(peopled.lead("sw2", deputy="sw3"), 422, "person_left", "/deputy")
    refused(peopled.lead("sw2", deputy={"agency": "csc", "person": "sw3"}), 422, "person_left", "/deputy/person")
    refused(
        peopled.post("handovers", "csc", of="lead", to={"agency": "csc", "person": "sw3"}),
        422,
        "person_left",
        "/to/person",
    )
    engine, csc = partnership.context.engine, as_agency(partnership.context.engine, "csc")
    away = {"since": days_on(0), "cover": {"person": "sw3"}}
    team = {"team": "t", "name": "T", "manager": "sw3", "members": ["sw1"]}
    acts: dict[str, Callable[[], object]] = {
        "/cover/person": lambda: be_absent(engine, csc, "sw1", away, chance=os.urandom),
        "/person": lambda: set_rung(engine, csc, "senior", "sw3", chance=os.urandom),
        "/manager": lambda: set_team(engine, csc, team, chance=os.urandom),
    }
    for pointer, act in acts.items():
        with pytest.raises(RefusedError) as caught:
            act()
        assert (caught.value.refusal.code, caught.value.refusal.pointer) == ("person_left", pointer)
    come_back(engine, csc, "sw3", chance=os.urandom)
    stored(peopled.lead("sw3"))
    assert peopled.line().lead == Someone("csc", "sw3")
    with pytest.raises(RefusedError, match="not_left"):
        come_back(engine, csc, "sw3", chance=os.urandom)


def test_a_lead_who_left_with_no_deputy_is_the_duty_desk_s_and_a_finding(partnership: Partnership) -> None:
    """Nobody leads: what is raised is the desk's, and a clock runs until somebody is named; that ends it."""
    peopled = Peopled(partnership)
    peopled.leave("sw1")
    assert peopled.line().receiver("queue", NOW) == Holder("desk", "duty")
    partnership.detect(peopled.child)
    query = text("SELECT due_at FROM ledger.due_moments WHERE record_id = :child AND cause = 'lead_has_left'")
    with partnership.acting("ledger_worker") as connection:
        due = connection.scalars(query, {"child": peopled.child}).all()
    assert due == [end_of_day(datetime.now(UTC))]
    stored(peopled.lead("sw2"))
    partnership.detect(peopled.child)
    assert peopled.line().lead == Someone("csc", "sw2")


def test_nobody_is_named_in_the_moment_in_which_they_leave(partnership: Partnership) -> None:
    """Named lead of six children while they leave: each naming is refused, or ended with it; none is left over."""
    peopled = Peopled(partnership)
    children = [partnership.child(involve=("csc",)) for _ in range(6)]

    def name(child: str) -> int:
        body = {"event_id": partnership.event(), "agency": "csc", "person": "sw2"}
        return partnership.post(f"/children/{child}/leads", body, "csc").status_code

    with ThreadPoolExecutor(4) as pool:
        named = [pool.submit(name, child) for child in children[:3]]
        left = pool.submit(peopled.leave, "sw2")
        named += [pool.submit(name, child) for child in children[3:]]
        answers = [one.result() for one in named]
    assert set(answers) <= {201, 422}
    assert left.result().leads == answers.count(201)
    query = text("SELECT count(*) FROM ledger.leads WHERE person = 'sw2' AND ended_number IS NULL")
    with partnership.acting("ledger_worker") as connection:
        assert connection.scalar(query) == 0


def test_absence_and_cover(partnership: Partnership) -> None:
    """While somebody is away their cover has what is theirs; once they are back, they do."""
    peopled = Peopled(partnership, deputy="sw2")
    engine, csc = partnership.context.engine, as_agency(partnership.context.engine, "csc")
    now = datetime.now(UTC)
    be_absent(engine, csc, "sw1", {"since": days_on(0), "until": days_on(7), "cover": "sw3"}, chance=os.urandom)
    assert peopled.line().receiver("queue", now) == Holder("cover", "csc", "sw3")
    assert peopled.line().receiver("queue", now + timedelta(days=9)) == Holder("lead", "csc", "sw1")
    be_back(engine, csc, "sw1", chance=os.urandom)
    assert peopled.line().receiver("queue", now) == Holder("lead", "csc", "sw1")
    with pytest.raises(RefusedError, match="not_away"):
        be_back(engine, csc, "sw1", chance=os.urandom)
    for said, code in (
        ({"since": days_on(3), "until": days_on(1)}, "absence_runs_back"),
        ({"since": "2020-01-01", "until": "2020-02-01"}, "absence_runs_back"),
        ({"since": days_on(0), "cover": "sw1"}, "covers_for_self"),
        ({"since": days_on(0), "cover": "nobody"}, "person_not_there"),
        ({"since": days_on(0), "cover": {"agency": "hv", "person": "hv1"}}, "cover_elsewhere"),
    ):
        with pytest.raises(RefusedError, match=code):
            be_absent(engine, csc, "sw1", said, chance=os.urandom)
    with pytest.raises(RefusedError, match="person_not_there"):
        be_absent(engine, csc, "nobody", {"since": days_on(0)}, chance=os.urandom)


def test_hours_and_the_desk_of_the_night(partnership: Partnership) -> None:
    """What interrupts goes to that desk when nobody is at work; by day, and the queue always, to the lead."""
    peopled, admin = Peopled(partnership), partnership.engine("ledger_admin")
    set_hours(admin, os.urandom, partnership="demo", opens="08:30", closes="16:30", desk="police")
    line, morning = peopled.line(), datetime(2024, 4, 16, 7, 30, tzinfo=UTC)
    assert line.receiver("interrupt", morning - timedelta(seconds=1)) == Holder("out_of_hours", "police")
    assert line.receiver("interrupt", morning) == Holder("lead", "csc", "sw1")
    assert line.receiver("queue", morning - timedelta(hours=5)) == Holder("lead", "csc", "sw1")
    for bad in ({"opens": "17:00", "closes": "09:00"}, {"opens": "9", "closes": "17:00"}):
        with pytest.raises(RefusedError, match="bad_hours"):
            set_hours(admin, os.urandom, partnership="demo", **bad)
    with pytest.raises(RefusedError, match="agency_not_known"):
        set_hours(admin, os.urandom, partnership="demo", opens="09:00", closes="17:00", desk="nowhere")


def test_addresses_are_their_agency_s_alone(partnership: Partnership) -> None:
    """An agency reads how its own people are reached, another does not; what is no address is refused."""
    Peopled(partnership)
    engine, csc = partnership.context.engine, as_agency(partnership.context.engine, "csc")
    set_reach(engine, csc, "sw1", mail="sw1@csc.example", phone="+44 20 7946 0000", chance=os.urandom)
    set_reach(engine, csc, None, mail="desk@csc.example", phone=None, chance=os.urandom)
    rows = text("SELECT person, mail FROM ledger.reachables ORDER BY number")
    with partnership.acting("ledger_web", "csc") as connection:
        assert [tuple(row) for row in connection.execute(rows)] == [
            ("sw1", "sw1@csc.example"), (None, "desk@csc.example"),
        ]  # fmt: skip
    with partnership.acting("ledger_web", "hv") as connection:
        assert connection.execute(rows).all() == []
    for mail in ("a b@csc.example", "a@csc.example\nBcc: x@y.example", "a@localhost", "@csc.example", "a" * 300):
        with pytest.raises(RefusedError, match="bad_address"):
            set_reach(engine, csc, "sw1", mail=mail, phone=None, chance=os.urandom)
    with pytest.raises(RefusedError, match="bad_address"):
        set_reach(engine, csc, "sw1", mail=None, phone="ring me", chance=os.urandom)
