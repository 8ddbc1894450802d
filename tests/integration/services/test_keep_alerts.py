"""The life of an alert on a real database: clocks, snoozes, moves, and that each is said once whoever keeps them."""

import itertools
import os
import random
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ledger.domain.alert import State
from ledger.domain.line import Holder
from ledger.services.fan_out import fan_out
from ledger.services.keep_alerts import keep_alerts
from ledger.services.partnership_people import set_hours
from ledger.services.plan_deliveries import nothing
from ledger.services.write_own import write_own
from ledger.store.alert_keeping import records_to_keep
from ledger.store.database import driver_of
from tests import sizes
from tests.integration.services.keeping import BEGAN, Kept, packs
from tests.integration.services.test_rebuild import differing, rebuilt
from tests.partnership import Partnership, refused, stored


@pytest.fixture
def kept(partnership: Partnership) -> Kept:
    """One open alert with the lead."""
    return Kept(partnership)


def test_it_goes_up_the_line_and_stays_at_the_top(kept: Kept) -> None:
    """Lead, deputy, manager, each once and with a clock of their own; at the top it stays, and that is said once."""
    assert kept.holder() == Holder("lead", "csc", "sw1")
    assert kept.keep() == 0
    stages = []
    for _ in range(5):
        kept.move(max(kept.now, kept.row().act_by or kept.now))
        kept.keep()
        stages.append((kept.row().stage, kept.row().to_person, kept.row().act_by is None))
    assert stages == [("deputy", "sw2", False), ("manager", "m", False), *[("manager", "m", True)] * 3]
    lapses = [body for kind, body in kept.said() if kind == "alert_lapsed"]
    assert [one["from"]["person"] for one in lapses] == ["sw1", "sw2", "m"]
    assert [(one["person"], one["stage"]) for one in kept.row().held] == [("sw1", "lead"), ("sw2", "deputy")]
    assert differing(rebuilt(kept.partnership)) == []


def test_only_an_action_stops_the_clock(kept: Kept) -> None:
    """Opened and acknowledged it goes on to the next all the same; acted on it stays, however long it lies."""
    stored(kept.read_as("sw1"))
    stored(kept.send_as("sw1", "acknowledgements"))
    assert (kept.row().state, kept.row().act_by is None) == ("acknowledged", False)
    kept.move(kept.row().act_by)
    assert kept.keep() == 1
    assert kept.row().state == "lapsed"
    stored(kept.send_as("sw2", "actions", action="rang", whom={"agency": "hv"}))
    assert (kept.row().state, kept.row().act_by) == ("acted_on", None)
    kept.later(days=60)
    assert kept.keep() == 0
    assert differing(rebuilt(kept.partnership)) == []


def test_a_machine_that_was_down_costs_nobody_their_time(kept: Kept) -> None:
    """However late it is passed on, the next in line has all of their time from then on."""
    kept.later(days=30)
    assert kept.keep() == 1
    line = kept.line()
    assert kept.row().act_by == line.act_by("queue", "deputy", kept.now)


def test_what_is_put_off_comes_back_and_says_so(kept: Kept) -> None:
    """It rests until its end, not a moment longer, and is then whoever's it was, with a clock that begins."""
    stored(kept.send_as("sw1", "snoozes", **kept.snooze()))
    assert kept.row().state == "snoozed"
    kept.later(hours=23)
    assert kept.keep() == 0
    kept.later(hours=2)
    assert kept.keep() == 1
    assert (kept.row().state, kept.holder()) == ("raised", Holder("lead", "csc", "sw1"))
    kind, body = kept.said()[-1]
    assert (kind, body["snooze"].rpartition(".")[2]) == ("alert_woken", str(kept.row().snoozed_number))
    refused(kept.send_as("sw1", "snoozes", **kept.snooze()), 409, "conflict")  # once, or it could rest for ever
    assert differing(rebuilt(kept.partnership)) == []


def test_another_lead_takes_what_is_open_with_its_clock(kept: Kept) -> None:
    """When a hand-over of the lead is accepted the alert moves, by the same time; who had it sees that it went on."""
    before = kept.row().act_by
    kept.people["sw3b"] = kept.people["sw3"]
    offered = stored(kept.post("handovers", "csc", of="lead", to={"agency": "csc", "person": "sw3"}))
    assert kept.keep() == 0, "until it is accepted nothing moves"
    stored(kept.post_as(kept.people["sw3"], "replies", of=offered["id"], answer="accepted"))
    assert kept.keep() == 1
    assert (kept.holder(), kept.row().act_by) == (Holder("lead", "csc", "sw3"), before)
    assert [body["why"] for kind, body in kept.said() if kind == "alert_moved"] == ["lead_changed"]
    told = stored(kept.read_as("sw1"))
    assert (told["yours"], [one["person"] for one in told["before"]]) == (False, ["sw1"])
    session = kept.partnership.session(kept.people["sw1"])
    gone = stored(kept.partnership.send_as(session, "GET", "/api/v1/alerts?went_on=yes"))["alerts"]
    assert [one["id"] for one in gone] == [kept.alert]
    assert stored(kept.partnership.send_as(session, "GET", "/api/v1/alerts"))["alerts"] == []
    assert differing(rebuilt(kept.partnership)) == []


def test_away_back_and_gone(kept: Kept) -> None:
    """It is the cover's while the lead is away, the lead's when they are back, the deputy's once they have left."""
    kept.away("sw1", cover="sw3")
    assert kept.keep() == 1
    assert kept.holder() == Holder("cover", "csc", "sw3")
    kept.later(hours=1)
    kept.back("sw1")
    assert kept.keep() == 1
    assert kept.holder() == Holder("lead", "csc", "sw1")
    kept.leave("sw1")
    assert kept.keep() == 1
    assert kept.holder() == Holder("deputy", "csc", "sw2")
    whys = [body["why"] for kind, body in kept.said() if kind == "alert_moved"]
    assert whys == ["absent", "back", "left"]
    assert differing(rebuilt(kept.partnership)) == []


def test_what_changes_nobody_in_the_line_is_no_reason_to_look(kept: Kept) -> None:
    """What the ledger says of itself in the partnership's record wakes no keeper; a word on who is there does."""
    assert kept.keep() == 0
    partnership = kept.partnership

    def to_keep() -> list[str]:
        with driver_of(partnership.engine("ledger_worker")) as driver:
            return [str(one) for one in records_to_keep(driver, limit=10, without=())]

    own = partnership.partnership_record
    write_own(partnership.engine("ledger_worker"), own, "self_audit", {"scope": "lately"}, os.urandom)
    assert to_keep() == []
    set_hours(partnership.engine("ledger_admin"), os.urandom, partnership="demo", opens="08:00", closes="16:00")
    assert to_keep() == [kept.child]
    assert kept.keep() == 0
    assert to_keep() == []
    kept.leave("sw3")
    assert to_keep() == [kept.child]


def test_two_keepers_at_once_do_it_once(kept: Kept) -> None:
    """However many try at the same time, an alert goes on by one entry."""
    kept.move(kept.row().act_by)
    barrier, done = threading.Barrier(4), list[int]()

    def keep() -> None:
        barrier.wait()
        done.append(keep_alerts(kept.partnership.engine("ledger_worker"), packs, os.urandom))

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 1
    assert len([kind for kind, _ in kept.said() if kind == "alert_lapsed"]) == 1


def test_the_deputy_sees_it_once_it_is_theirs(kept: Kept) -> None:
    """Before its time has run out a deputy has no such alert; then they have, and the lead still finds it."""
    assert kept.read_as("sw2").status_code == 404
    kept.move(kept.row().act_by)
    kept.keep()
    assert stored(kept.read_as("sw2"))["yours"] is True
    assert stored(kept.read_as("sw1"))["yours"] is False


def _random_act(kept: Kept, rng: random.Random) -> None:
    """Something that people or time may do; what is refused changes nothing."""
    who = rng.choice(["sw1", "sw2", "sw3", "m"])
    acts: list[Any] = [
        lambda: kept.later(hours=rng.choice([1, 7, 30, 80])),
        lambda: kept.later(hours=rng.choice([1, 7, 30, 80])),
        lambda: kept.read_as(who),
        lambda: kept.send_as(who, "acknowledgements"),
        lambda: kept.send_as(who, "actions", action="rang"),
        lambda: kept.send_as(who, "snoozes", **kept.snooze()),
        lambda: kept.lead(rng.choice(["sw1", "sw2", "sw3"]), deputy=rng.choice(["sw1", "sw2", "sw3"])),
        lambda: kept.partnership.detect(kept.child),
    ]
    rng.choice(acts)()


@pytest.mark.parametrize("seed", range(sizes.alert_histories()))
def test_however_people_and_keepers_take_turns(partnership: Partnership, seed: int) -> None:
    """Random acts of people, time and keepers: one holder at a time, each clock once, rebuilt it is the same.

    After a keeper has passed nothing is overdue, and what the entries say is what stands.
    """
    kept, rng = Kept(partnership), random.Random(seed)
    for _ in range(12):
        _random_act(kept, rng)
        if rng.random() < 0.6:
            threads = [threading.Thread(target=kept.keep) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            row = kept.row()
            assert row.act_by is None or row.act_by > kept.now
            assert kept.keep() == 0
    said = kept.said()
    brought = [body for kind, body in said if kind in ("alert_lapsed", "alert_moved")]
    assert len({(body["alert"], str(body)) for body in brought}) == len(brought)
    for earlier, later in itertools.pairwise(brought):
        assert (later["from"]["agency"], later["from"]["person"]) == (earlier["to"]["agency"], earlier["to"]["person"])
    row = kept.row()
    if row.state == State.ACTED_ON:
        assert row.act_by is None
    assert kept.now >= BEGAN + timedelta()
    assert differing(rebuilt(partnership)) == []


def test_each_is_told_once_and_at_the_top_the_operator(kept: Kept) -> None:
    """Who has it and who had it hear that it went on; that nobody is above the last, whoever runs the ledger."""
    for _ in range(3):
        kept.move(kept.row().act_by)
        kept.keep()
    worker = kept.partnership.engine("ledger_worker")
    fan_out(worker, nothing)
    fan_out(worker, nothing)
    query = text(
        "SELECT party, type, subject FROM ledger.feed_items WHERE type IN ('alert.lapsed', 'alert.unanswered')"
    )
    with kept.partnership.acting("ledger_worker") as connection:
        told = [tuple(row) for row in connection.execute(query)]
    person = {f"person:{caller.person_id}": ref for ref, caller in kept.people.items()}
    assert sorted(person[party] for party, _, _ in told if party in person) == ["m", "m", "sw1", "sw2", "sw2"]
    assert [row for row in told if row[0] == "operator"] == [("operator", "alert.unanswered", None)]
    assert [row[1] for row in told if row[0] == "agency:csc"] == ["alert.lapsed"] * 3
