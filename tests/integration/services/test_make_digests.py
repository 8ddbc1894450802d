"""The digest of a day: made once, for whom there is something, and mailed in counts alone."""

import threading
from typing import Any

import pytest

from ledger.services.address_mail import letters
from ledger.services.make_digests import make_digests
from ledger.services.plan_deliveries import Planner
from ledger.services.word_mail import Letter
from ledger.store.database import driver_of
from tests.delivering import Deliveries, Saying
from tests.integration.services.detecting import packs
from tests.partnership import Partnership

PLAN = Planner("mail", webhooks=lambda *_: ())
BEFORE, DUE, LATER, NEXT = "2030-01-07T07:59", "2030-01-07T08:00", "2030-01-07T11:00", "2030-01-08T08:00"


@pytest.fixture
def deliveries(partnership: Partnership) -> Deliveries:
    """The deliveries of a partnership in which csc's sw1 leads a child, with an alert, and signs in."""
    made = Deliveries(partnership)
    made.person("sw1")
    partnership.alert(partnership.child("hv", involve=("csc",)))
    return made


def made(deliveries: Deliveries) -> int:
    """How many digests are made now."""
    return make_digests(deliveries.partnership.engine("ledger_worker"), packs, PLAN)


def counts(deliveries: Deliveries) -> list[Any]:
    """What was counted, by party and day."""
    with driver_of(deliveries.partnership.engine("ledger_worker")) as driver:
        found = driver.execute("SELECT split_part(party, ':', 1), day::text, counts FROM ledger.digests ORDER BY 1, 2")
        rows = found.fetchall()
        driver.rollback()
    return rows


def test_it_is_made_once_a_day_and_mailed(deliveries: Deliveries) -> None:
    """At its time and not before, once for the day, and again the next day; its mail says how much there is."""
    found = []
    for moment in (BEFORE, DUE, LATER, NEXT):
        deliveries.move(moment)
        found.append(made(deliveries))
    assert found == [0, 1, 0, 1]
    assert [(party, day) for party, day, _ in counts(deliveries)] == [
        ("person", "2030-01-07"),
        ("person", "2030-01-08"),
    ]
    told = counts(deliveries)[0][2]
    assert told["queue"] + told["interrupt"] == 1
    channel = Saying()
    while deliveries.deliver(channel):
        pass
    # Of two days that wait, one mail.
    [sent] = channel.sent
    letter = letters(deliveries.partnership.engine("ledger_worker"), "https://ledger.example")(sent)
    assert isinstance(letter, Letter)
    assert letter.to == "sw1@csc.example"
    assert "- 1 alert " in letter.body
    assert "https://ledger.example/digest" in letter.body
    assert "Canary" not in letter.body


def test_two_workers_that_try_at_once_make_it_once(deliveries: Deliveries) -> None:
    """The day is begun by one of them; the other waits and has nothing to do."""
    deliveries.move(DUE)
    results: list[int] = []
    both = [threading.Thread(target=lambda: results.append(made(deliveries))) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(results) == [0, 1]
    assert len(deliveries.rows()) == 1


def test_nobody_gets_one_for_whom_there_is_nothing(partnership: Partnership) -> None:
    """No digest, no feed, no mail; the day is done all the same."""
    deliveries = Deliveries(partnership)
    deliveries.person("sw1")
    partnership.child("hv")
    deliveries.move(DUE)
    assert [made(deliveries), made(deliveries)] == [0, 0]
    assert deliveries.rows() == []
    assert counts(deliveries) == []


@pytest.mark.parametrize(
    ("change", "person", "desk"),
    [
        ("state = 'acknowledged'", (1, 1), None),
        ("state = 'acted_on'", (0, 0), None),
        ("state = 'snoozed'", (0, 0), None),
        ("to_person = NULL", (0, 0), (1, 1)),
        ("to_person = 'nobody.signs.in'", (0, 0), (1, 1)),
        ("act_by = '2030-01-08T17:00:01Z'", (1, 0), None),
        ("act_by = NULL", (1, 0), None),
    ],
)
def test_an_alert_counts_for_whoever_holds_it_while_an_action_is_awaited(
    deliveries: Deliveries, change: str, person: tuple[int, int], desk: tuple[int, int] | None
) -> None:
    """(alerts, clocks that run out by the end of the next working day); the prompts stay with whoever leads."""
    with driver_of(deliveries.partnership.engine("ledger_worker")) as driver:
        driver.execute("UPDATE ledger.alerts SET act_by = '2030-01-08T17:00:00Z'")
        driver.execute(f"UPDATE ledger.alerts SET {change}")
        driver.commit()
    deliveries.move(DUE)
    made(deliveries)
    found = {party: (told["interrupt"] + told["queue"], told["clocks"]) for party, _, told in counts(deliveries)}
    assert found == {"person": person} | ({} if desk is None else {"desk": desk})
