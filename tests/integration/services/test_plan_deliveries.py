"""What leaves by mail, when, and for whom: at once, or in the hours of the receiver's partnership."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.feed import Item, of_agency, of_desk
from ledger.services.people_leave import leave
from ledger.services.people_say import as_agency
from ledger.services.plan_deliveries import Planner, delivery_id
from tests.chance import chance
from tests.delivering import Deliveries, Saying
from tests.partnership import Partnership

MAIL = Planner("mail", webhooks=lambda *_: ())
NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def deliveries(partnership: Partnership) -> Deliveries:
    """The deliveries of a partnership that has none yet."""
    return Deliveries(partnership)


def item(party: str, name: str = "i1", *, tier: str | None = "queue", **more: Any) -> Item:
    """Something to tell."""
    return Item(party, "csc", more.pop("type", "alert.raised"), name, NOW, tier=tier, **more)


def planned(deliveries: Deliveries) -> dict[str, Any]:
    """By party, when mail for it may leave."""
    return {party: at.astimezone(UTC).isoformat()[:16] for party, at in deliveries.rows("party, not_before")}


@pytest.mark.parametrize(
    ("now", "queue"),
    [
        ("2030-01-07T10:30", "2030-01-07T10:30"),
        ("2030-01-07T07:30", "2030-01-07T09:00"),
        ("2030-01-07T17:00", "2030-01-08T09:00"),
        # The Friday before Easter's holidays, and the summer's hour that began meanwhile.
        ("2030-03-29T18:00", "2030-04-01T08:00"),
        ("2030-04-18T17:30", "2030-04-23T08:00"),
    ],
)
def test_the_queue_waits_for_the_hours_and_what_interrupts_does_not(
    deliveries: Deliveries, now: str, queue: str
) -> None:
    """Within the hours both leave at once; outside them the queue's mail waits until they begin, on a working day."""
    one, other = deliveries.person("sw1"), deliveries.person("sw2")
    deliveries.move(now)
    deliveries.tell(item(one), item(other, tier="interrupt"), plan=MAIL)
    assert planned(deliveries) == {one: queue, other: now}


def test_only_what_is_an_alert_or_a_digest_is_mailed(deliveries: Deliveries) -> None:
    """Each further mail costs attention: what has no tier stays in the feed, and an agency's systems get no mail."""
    person = deliveries.person("sw1")
    deliveries.reach("csc", None, "duty@csc.example")
    told = [
        item(person, "a"),
        item(person, "b", tier=None),
        item(person, "c", tier=None, type="digest.made"),
        item(of_desk("csc"), "d"),
        item(of_agency("csc"), "e"),
        item("operator", "f", tier="interrupt"),
    ]
    deliveries.tell(*told, plan=MAIL)
    assert deliveries.rows("item_id") == [
        (name,)
        for _, name in sorted(
            (delivery_id("mail", party, name), name)
            for party, name in ((person, "a"), (person, "c"), (of_desk("csc"), "d"))
        )
    ]


def test_without_a_mail_server_or_an_address_nothing_is_planned(deliveries: Deliveries) -> None:
    """Mail is optional, for a ledger and for a person; everything is in the feed all the same."""
    person, unreached = deliveries.person("sw1"), of_desk("csc")
    assert len(deliveries.tell(item(person), plan=Planner(webhooks=lambda *_: ()))) == 1
    assert deliveries.tell(item(unreached), plan=MAIL)
    assert deliveries.rows() == []


def test_an_item_is_mailed_once_however_often_it_is_told(deliveries: Deliveries) -> None:
    """A feed holds each item once, and what is not new there is planned for nobody."""
    person = deliveries.person("sw1")
    assert len(deliveries.tell(item(person), plan=MAIL)) == 1
    assert deliveries.tell(item(person), plan=MAIL) == []
    assert len(deliveries.rows()) == 1


def test_what_came_overnight_goes_in_one_mail(deliveries: Deliveries) -> None:
    """When the hours begin there is one mail for all that waits, and one only for what interrupted, sent before."""
    person = deliveries.person("sw1")
    deliveries.move("2030-01-07T20:00")
    deliveries.tell(item(person, "a"), item(person, "b"), item(person, "now", tier="interrupt"), plan=MAIL)
    channel = Saying()
    while deliveries.deliver(channel):
        pass
    deliveries.tell(item(person, "c"), plan=MAIL)
    assert deliveries.deliver(channel) == 0
    deliveries.move("2030-01-08T09:00")
    while deliveries.deliver(channel):
        pass
    assert [sorted(part.item_id for part in one.parts) for one in channel.sent] == [["now"], ["a", "b", "c"]]


def test_whoever_has_left_gets_no_mail(deliveries: Deliveries) -> None:
    """Nor does one who has no address any more."""
    gone, moved = deliveries.person("sw1"), deliveries.person("sw2")
    engine = deliveries.partnership.context.engine
    leave(engine, as_agency(engine, "csc"), "sw1", chance=chance, now=datetime.now(UTC) + timedelta(seconds=1))
    deliveries.reach("csc", "sw2", None)
    assert len(deliveries.tell(item(gone), item(moved), plan=MAIL)) == 2
    assert deliveries.rows() == []
