"""Sending what is due: under leases with a fence, each message under one name, and an entry of each that went."""

import threading
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from uuid import UUID

import pytest

from ledger.services.channel import Dead, Delivery, Gone, Retry, Sent
from ledger.services.crew import Crew
from ledger.services.deliver import deliver_due, say_sent
from ledger.services.project import project
from ledger.services.told import Told
from ledger.store.append import Statement
from ledger.store.database import driver_of
from ledger.store.deliveries import note_dead, note_later, note_sent, take_due
from tests.chance import chance
from tests.delivering import Deliveries, Saying
from tests.partnership import Partnership, stored

LEASE = timedelta(minutes=1)


@pytest.fixture
def deliveries(partnership: Partnership) -> Deliveries:
    """The deliveries of a partnership that has none yet."""
    return Deliveries(partnership)


def test_what_is_due_is_sent_once(deliveries: Deliveries) -> None:
    """What was sent is not sent again, and what is not due yet waits."""
    deliveries.plan("a")
    deliveries.plan("b", "desk:csc", ahead=timedelta(hours=1))
    channel = Saying()
    assert [deliveries.deliver(channel) for _ in range(2)] == [1, 0]
    assert channel.names == ["a"]
    assert deliveries.rows() == [("a", 0, True, False, None), ("b", 0, False, False, None)]


def test_what_waits_for_one_person_goes_together(deliveries: Deliveries) -> None:
    """One mail of the queue's, one of what interrupts and that first; another person has their own."""
    for name in ("a", "b", "c"):
        deliveries.plan(name)
    deliveries.plan("now", tier="interrupt", ahead=timedelta(0))
    deliveries.plan("else", "desk:csc")
    channel = Saying()
    while deliveries.deliver(channel):
        pass
    sent = {one.message: [part.delivery_id for part in one.parts] for one in channel.sent}
    assert sorted(map(sorted, sent.values())) == [["a", "b", "c"], ["else"], ["now"]]
    assert channel.names.index("now") < channel.names.index(next(name for name, of in sent.items() if "a" in of))


def test_what_went_without_a_word_goes_again_as_it_was(deliveries: Deliveries) -> None:
    """A crash after sending: the same message, under the same name, without what came to wait meanwhile."""
    deliveries.plan("a")
    deliveries.plan("b")
    with driver_of(deliveries.partnership.engine("ledger_worker")) as driver:
        [taken] = take_due(driver, {"mail": 4}, LEASE)  # and the process dies
    deliveries.plan("c")
    channel = Saying()
    assert deliveries.deliver(channel) == 0, "the endpoint's message is under way"
    deliveries.let_leases_go()
    while deliveries.deliver(channel):
        pass
    assert channel.sent[0].message == taken[0].bundle
    assert [part.delivery_id for part in channel.sent[0].parts] == [row.delivery_id for row in taken]
    assert channel.sent[0].taken == 2
    assert [[part.delivery_id for part in one.parts] for one in channel.sent[1:]] == [["c"]]


def test_whoever_is_slow_cannot_speak_for_what_another_has_taken(deliveries: Deliveries) -> None:
    """Its lease ran out, another took the message: whatever the first says of it counts for nothing."""
    deliveries.plan("a")
    with driver_of(deliveries.partnership.engine("ledger_worker")) as driver:
        [[first]] = take_due(driver, {"mail": 1}, timedelta(0))
        [[second]] = take_due(driver, {"mail": 1}, LEASE)
        old = [(first.delivery_id, first.fence)]
        assert second.bundle == first.bundle
        assert note_sent(driver, old) == 0
        assert note_later(driver, old, "late", LEASE) == 0
        assert note_dead(driver, old, "late") == 0
        assert note_sent(driver, [(second.delivery_id, second.fence)]) == 1
        assert note_dead(driver, [(second.delivery_id, second.fence)], "late") == 0
    assert deliveries.rows() == [("a", 0, True, False, None)]


def test_what_is_not_taken_is_tried_again_and_then_kept_as_dead(deliveries: Deliveries) -> None:
    """Each try has the same name; after the last the letter is dead, and stays to be seen with its fault."""
    deliveries.plan("a")
    channel = Saying([Retry("one"), Retry("two"), Retry("three")])
    assert [deliveries.deliver(channel) for _ in range(4)] == [1, 1, 1, 0]
    assert channel.names == ["a"] * 3
    assert [one.failures for one in channel.sent] == [0, 1, 2]
    assert deliveries.rows() == [("a", 3, False, True, "three")]


def test_a_receiver_that_asks_for_time_gets_it(deliveries: Deliveries) -> None:
    """Nothing is tried before that; nor is anything of what a channel did not foresee lost."""
    deliveries.plan("a")
    channel = Saying([Retry("busy", timedelta(hours=1))])
    assert [deliveries.deliver(channel) for _ in range(2)] == [1, 0]

    def fail(_: Delivery) -> None:
        raise RuntimeError("nobody's address is told")

    deliveries.plan("b", "desk:csc")
    assert deliveries.deliver(Saying(before=fail)) == 1
    assert deliveries.rows() == [("a", 1, False, False, "busy"), ("b", 1, False, False, "unforeseen")]


def test_what_never_will_be_taken_is_dead_at_once(deliveries: Deliveries) -> None:
    """A recipient whom the server does not know is not asked for again; an endpoint that ended gets nothing more."""
    deliveries.plan("a")
    deliveries.plan("b", "desk:csc")
    deliveries.plan("c", "desk:csc", tier="interrupt")
    channel = Saying([Gone(), Dead("recipient_refused")])
    while deliveries.deliver(channel, room=1):
        pass
    assert [(name, dead, fault) for name, _, _, dead, fault in deliveries.rows()] == [
        ("a", True, "recipient_refused"), ("b", True, "gone"), ("c", True, "gone"),
    ]  # fmt: skip


def test_no_transaction_is_open_while_the_network_is_waited_for(deliveries: Deliveries) -> None:
    """Sending takes seconds, and no connection stays in a transaction for it, nor is any kept from the pool."""
    deliveries.plan("a")
    seen: list[int] = []

    def look(_: Delivery) -> None:
        seen.append(deliveries.partnership.engine("ledger_worker").pool.checkedout())  # type: ignore[attr-defined]

    deliveries.deliver(Saying(before=look))
    assert seen == [0]


def test_an_endpoint_in_trouble_leaves_room_for_the_others(deliveries: Deliveries) -> None:
    """Of the room there is, those that failed before get half, and never all of it; and never none."""
    for number in range(6):
        deliveries.plan(f"bad{number}", f"desk:bad{number}", ahead=-timedelta(days=2))
    failing = Saying([Retry("away")] * 6)
    assert deliveries.deliver(failing, room=6) == 6
    for number in range(6):
        deliveries.plan(f"good{number}", f"desk:good{number}")
    with driver_of(deliveries.partnership.engine("ledger_worker")) as driver:
        taken = [row.delivery_id for [row] in take_due(driver, {"mail": 4}, LEASE)]
        assert sum(name.startswith("bad") for name in taken) == 2
        left = [row.delivery_id for [row] in take_due(driver, {"mail": 1}, LEASE)]
        assert [name[:3] for name in left] == ["bad"]
        assert len(take_due(driver, {"mail": 99}, LEASE)) == 7


def test_each_endpoint_has_one_message_under_way(deliveries: Deliveries) -> None:
    """Two workers take of different endpoints, and one that takes just then keeps the other from it."""
    for name in ("a", "b"):
        deliveries.plan(name, "desk:hv", tier={"a": "interrupt"}.get(name, "queue"))
    deliveries.plan("c", "desk:csc")
    engine = deliveries.partnership.engine("ledger_worker")
    with driver_of(engine) as one, driver_of(engine) as two:
        first = take_due(one, {"mail": 9}, LEASE)
        assert sorted(row.delivery_id for [row] in first) == ["a", "c"]
        assert take_due(two, {"mail": 9}, LEASE) == []
        note_sent(one, [("a", 1)])
        assert [row.delivery_id for [row] in take_due(two, {"mail": 9}, LEASE)] == ["b"]


def test_an_alert_that_is_sent_is_said_once_in_its_record(deliveries: Deliveries) -> None:
    """Whoever tries: the entry's event id follows from the delivery, and stands in the record of the alert."""
    partnership = deliveries.partnership
    record_id = partnership.child("hv", involve=("csc",))
    alert = partnership.alert(record_id)
    mine = {"record": UUID(record_id), "number": 1, "subject": alert["id"], "agency": "csc"}
    deliveries.plan("a", "desk:csc", **mine)
    assert deliveries.deliver(Saying()) == 1
    engine = partnership.engine("ledger_worker")
    assert [say_sent(engine, chance) for _ in range(2)] == [1, 0]
    with driver_of(engine) as driver:  # as though the entry had been written, and the note of it lost
        driver.execute("UPDATE ledger.deliveries SET said_at = NULL")
        driver.commit()
    assert [say_sent(engine, chance) for _ in range(2)] == [0, 0]
    body = {"of": alert["id"], "channel": "mail", "to": {"agency": "csc", "person": None}, "message": "a"}
    assert deliveries.dispatches(record_id) == [("a.dispatch", body)]
    # Whoever reads the child's chronology reads it there; and nothing of it is detected again.
    told = stored(partnership.get(f"/children/{record_id}/timeline", "csc"))["entries"]
    [shown] = [entry for entry in told if entry["kind"] == "dispatch"]
    assert (shown["alert"], shown["channel"], shown["to"]) == (alert["id"], "mail", body["to"])


def test_a_record_that_cannot_be_written_holds_up_no_other(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went is said in the others, and what is due is sent."""
    partnership = deliveries.partnership
    bad, good = sorted(partnership.child("hv", involve=("csc",)) for _ in range(2))
    for name, record_id in (("a", bad), ("b", good)):
        subject = partnership.alert(record_id)["id"]
        deliveries.plan(name, f"desk:{name}", agency="csc", record=UUID(record_id), number=1, subject=subject)
    with driver_of(partnership.engine("ledger_worker")) as driver:
        driver.execute("UPDATE ledger.deliveries SET sent_at = clock_timestamp()")
        driver.commit()

    def fails(told: Told) -> list[Statement]:
        if told.record_id == UUID(bad):
            raise KeyError("secret")
        return project(told)

    monkeypatch.setattr("ledger.services.deliver.project", fails)
    deliveries.plan("c")
    assert deliveries.deliver(Saying()) == 1
    assert [len(deliveries.dispatches(one)) for one in (bad, good)] == [0, 1]


def test_an_alert_that_is_over_or_somebody_elses_is_not_mailed(deliveries: Deliveries) -> None:
    """Nor is one that was acted on: such a delivery is taken away and is no dead letter."""
    partnership = deliveries.partnership
    record_id = partnership.child("hv", involve=("csc",))
    alert = partnership.alert(record_id)
    mine = {"record": UUID(record_id), "number": 1, "subject": alert["id"]}
    deliveries.plan("theirs", "desk:csc", **mine)
    deliveries.plan("other", "desk:hv", **mine)
    deliveries.plan("another", "desk:gp", subject="no alert at all")
    channel = Saying([Sent(), Sent()])
    while deliveries.deliver(channel):
        pass
    assert sorted(channel.names) == ["another", "theirs"]
    deliveries.plan("late", "desk:csc", **mine)
    with driver_of(partnership.engine("ledger_worker")) as driver:
        driver.execute("UPDATE ledger.alerts SET ended_number = 99")
        driver.commit()
    assert deliveries.deliver(channel) == 0
    assert [name for name, *_ in deliveries.rows()] == ["another", "theirs"]


def test_one_slow_endpoint_holds_up_nobody(deliveries: Deliveries) -> None:
    """While one person's mail hangs, others' go, and the round that began them waits for none of them."""
    for number in range(4):
        deliveries.plan(f"quick{number}", f"desk:quick{number}")
    deliveries.plan("slow", "desk:slow", ahead=-timedelta(days=2))
    let_go, done = threading.Event(), threading.Semaphore(0)

    def hang(delivery: Delivery) -> None:
        if delivery.message == "slow":
            let_go.wait(10)

    crew = Crew({"mail": 2}, done=done.release)
    tools = replace(deliveries.tools(Saying(before=hang)), crew=crew)
    began = monotonic()
    assert deliver_due(tools) == 2
    while sum(is_sent for _, _, is_sent, *_ in deliveries.rows()) < 4:
        assert done.acquire(timeout=5)
        deliver_due(tools)
    assert monotonic() - began < 5
    assert [name for name, _, is_sent, *_ in deliveries.rows() if not is_sent] == ["slow"]
    let_go.set()
    while crew.room() != {"mail": 2}:
        assert done.acquire(timeout=5)
    assert all(is_sent for _, _, is_sent, *_ in deliveries.rows())
