import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook

from ledger.domain.feed import Item, of_agency, of_person
from ledger.domain.role import Role
from ledger.services.allow_webhooks import allow_webhooks
from ledger.services.channel import Delivery, Gone, Outcome, Part, Retry, Sent
from ledger.services.deliver import Tools, deliver_due
from ledger.services.fan_out import fan_out
from ledger.services.plan_webhooks import message_id, plan_webhooks
from ledger.services.post_webhook import Egress
from ledger.services.seal import Sealer
from ledger.services.send_webhook import WebhookChannel
from ledger.services.sign_webhook import is_signed
from ledger.store.database import driver_of
from ledger.store.machinery import late
from ledger.store.trip import ask
from tests.delivering import Inline
from tests.partnership import SEALING_KEY, Partnership, stored
from tests.receiving import HOST, PUBLIC, Answer, Dialling, Names, Receiver, make_real, receiving


@dataclass
class Sending:
    """Webhooks of a partnership, and what tells and sends them, by hand."""

    partnership: Partnership
    egress: Egress = field(default_factory=lambda: Egress(loopback=True, seconds=5))

    def channel(self, key: bytes = SEALING_KEY, egress: Egress | None = None) -> WebhookChannel:
        worker = self.partnership.engine("ledger_worker")
        return WebhookChannel(worker, Sealer([key]), os.urandom, lambda: datetime.now(UTC), egress or self.egress)

    def register(self, url: str, agency: str = "hv", **more: Any) -> dict[str, Any]:
        return stored(self.partnership.post("/webhooks", {"url": url, "signing": "hmac", **more}, agency))

    def to(self, receiver: Receiver, **more: Any) -> dict[str, Any]:
        """Register a receiver on this machine."""
        return self.register(f"http://127.0.0.1:{receiver.port}/hook", **more)

    def trial(self, webhook: str, agency: str = "hv") -> str:
        """Have an endpoint tried; the item's id."""
        number = stored(self.partnership.post(f"/webhooks/{webhook}/trials", {"reason": "a new receiver"}, agency))[
            "number"
        ]
        with self.partnership.acting("ledger_worker") as connection:
            query = text("SELECT pseudonym FROM ledger.heads WHERE record_id = :record")
            pseudonym = connection.scalar(query, {"record": self.partnership.partnership_record})
        return f"{pseudonym}.{number}"

    def go(self) -> int:
        """Tell and send what is due; how many were sent off."""
        worker = self.partnership.engine("ledger_worker")
        fan_out(worker, plan_webhooks)
        return deliver_due(Tools(worker, {"webhook": self.channel()}, Inline({"webhook": 8}), os.urandom))

    def messages(self, webhook: str) -> dict[str, Any]:
        listed = stored(self.partnership.get("/webhooks", "hv"))["webhooks"]
        return next(dict(one["messages"]) for one in listed if one["webhook"] == webhook)

    def send(self, webhook: str, channel: WebhookChannel | None = None) -> Outcome:
        """Send one message that nobody planned."""
        part = Part("msg_x", "x.1", "alert.raised", "queue", None, None, 1, datetime.now(UTC))
        name = Delivery("msg_x", "webhook", webhook, of_agency("hv"), "hv", (part,), 0, 1)
        return (channel or self.channel()).send(name)

    def feed(self, party: str) -> list[tuple[str, str]]:
        """(type, subject) of a party's feed."""
        query = text("SELECT type, subject FROM ledger.feed_items WHERE party = :party ORDER BY seq")
        with self.partnership.acting("ledger_worker") as connection:
            return [(row.type, row.subject) for row in connection.execute(query, {"party": party})]


@pytest.fixture
def sending(partnership: Partnership) -> Sending:
    """Webhooks of a demonstration, where a receiver may stand on this machine."""
    return Sending(partnership)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything."""
    with receiving() as made:
        yield made


def test_a_trial_reaches_its_endpoint_signed_and_thin(sending: Sending, receiver: Receiver) -> None:
    """The public library takes it with the secret that was shown; it says a type, a time and an item's id, and that
    item is in the agency's own feed. Another endpoint of the agency's, and one of another agency's, get nothing.
    """
    with receiving() as others:
        made = sending.to(receiver)
        sending.to(others, types=["alert.raised"])
        sending.to(others, agency="gp")
        item = sending.trial(made["webhook"])
        assert sending.go() == 1
        assert others.received == []
    [got] = receiver.received
    said = Webhook(made["secret"]).verify(got.body, dict(got.headers))
    assert said == {"type": "webhook.trial", "timestamp": said["timestamp"], "data": {"id": item}}
    headers = {name.lower(): value for name, value in got.headers.items()}
    assert headers["webhook-id"] == message_id(made["webhook"], item)
    assert sending.feed("agency:hv") == [("webhook.trial", made["webhook"])]
    assert sending.messages(made["webhook"])["sent"] == 1
    assert sending.go() == 0


def test_what_is_told_is_due_at_once(sending: Sending, receiver: Receiver) -> None:
    """Also where the clock stands, as a demonstration's may, and an entry is told that lies a tick ahead of it."""
    made = sending.to(receiver)
    with driver_of(sending.partnership.engine("ledger_worker")) as driver:
        now = ask(driver, "SELECT ledger.clock_now()")[0][0]
        ahead = Item(of_agency("hv"), "hv", "alert.raised", "x.1", now + timedelta(hours=1))
        others = [replace(ahead, party=of_agency("gp"), agency="gp"), replace(ahead, party="desk:hv")]
        for statement in plan_webhooks(driver, [ahead, *others]):
            ask(driver, *statement)
        driver.commit()
    assert sending.go() == 1
    assert sending.messages(made["webhook"])["sent"] == 1
    assert [json.loads(got.body)["data"]["id"] for got in receiver.received] == ["x.1"]


def test_while_it_is_rotated_both_secrets_sign(sending: Sending, receiver: Receiver) -> None:
    """With either the public library takes the message; of Ed25519 either public key does."""
    made = sending.to(receiver)
    path = f"/webhooks/{made['webhook']}/rotations"
    rotated = stored(sending.partnership.post(path, {"reason": "yearly"}, "hv"))
    assert sending.send(made["webhook"]) == Sent()
    for secret in (made["secret"], rotated["secret"]):
        assert Webhook(secret).verify(receiver.received[-1].body, dict(receiver.received[-1].headers))
    last = stored(sending.partnership.post(path, {"reason": "lost", "old_ends": "at_once"}, "hv"))
    assert sending.send(made["webhook"]) == Sent()
    headers = {name.lower(): value for name, value in receiver.received[-1].headers.items()}
    assert len(headers["webhook-signature"].split()) == 1
    assert Webhook(last["secret"]).verify(receiver.received[-1].body, headers)


def test_ed25519_is_checked_by_the_public_key(sending: Sending, receiver: Receiver) -> None:
    """The one that is shown, by whoever has it."""
    made = sending.to(receiver, signing="ed25519")
    assert sending.send(made["webhook"]) == Sent()
    [got] = receiver.received
    headers = {name.lower(): value for name, value in got.headers.items()}
    assert is_signed(made["public_key"], headers, got.body, int(headers["webhook-timestamp"]))
    assert headers["webhook-signature"].startswith("v1a,")


def test_a_dead_endpoint_holds_up_no_other(sending: Sending, receiver: Receiver) -> None:
    """It is tried again in its time, under the same id; meanwhile the others have theirs."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    dead = sending.register(f"http://127.0.0.1:{port}/")
    living = sending.to(receiver)
    for webhook in (dead, living, living, dead, living):
        sending.trial(webhook["webhook"])
    while sending.go():
        pass
    assert len(receiver.received) == 3
    assert sending.messages(living["webhook"])["sent"] == 3
    told = sending.messages(dead["webhook"])
    assert (told["sent"], told["waiting"], told["last_fault"]) == (0, 2, "not_connected")


def test_gone_ends_the_endpoint_and_is_told(sending: Sending) -> None:
    """410: an entry by the ledger, nothing more is sent, and the agency's feed and its administrators' say so; another
    agency's administrators are not told.
    """
    own = sending.partnership.person("hv", "ad1", Role.ADMINISTRATOR).person_id
    other = sending.partnership.person("csc", "ad2", Role.ADMINISTRATOR).person_id
    assert isinstance(own, UUID)
    assert isinstance(other, UUID)
    with receiving(Answer(410)) as receiver:
        made = sending.to(receiver)
        sending.trial(made["webhook"])
        sending.trial(made["webhook"])
        while sending.go():
            pass
        assert len(receiver.received) == 1
    assert sending.messages(made["webhook"])["waiting"] == 0
    [listed] = stored(sending.partnership.get("/webhooks", "hv"))["webhooks"]
    assert listed["ended_why"] == "gone"
    sending.go()
    ended = ("webhook.ended", made["webhook"])
    assert ended in sending.feed("agency:hv")
    assert sending.feed(of_person(own)) == [ended]
    assert sending.feed(of_person(other)) == []
    assert sending.send(made["webhook"]) == Gone("ended")
    with driver_of(sending.partnership.engine("ledger_worker")) as driver:
        assert late(driver).dead == {}, "what its receiver ended is no trouble of the operators'"
        driver.rollback()


def test_where_an_agency_has_no_administrator_the_partnerships_are_told(sending: Sending) -> None:
    """So that somebody is; and what an agency ends itself is told to nobody."""
    person = sending.partnership.person("csc", "ad2", Role.ADMINISTRATOR).person_id
    assert isinstance(person, UUID)
    with receiving(Answer(410), Answer(200)) as receiver:
        made = sending.to(receiver)
        assert sending.send(made["webhook"]) == Gone()
        again = sending.to(receiver)
        stored(sending.partnership.send("DELETE", f"/webhooks/{again['webhook']}", "hv"))
    sending.go()
    assert sending.feed(of_person(person)) == [("webhook.ended", made["webhook"])]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(200), Sent()), (Answer(299), Sent()),
        (Answer(301, {"Location": "http://127.0.0.1:1/"}), Retry("status_301")),
        (Answer(404), Retry("status_404")), (Answer(500), Retry("status_500")),
        (Answer(429, {"Retry-After": "3600"}), Retry("status_429", timedelta(hours=1))),
        (Answer(503, {"Retry-After": "canary"}), Retry("status_503")),
    ],
    ids=lambda value: f"{value.status}" if isinstance(value, Answer) else "",
)  # fmt: skip
def test_what_an_answer_means(sending: Sending, answer: Answer, outcome: Outcome) -> None:
    """2xx is taken, whatever else is tried again, and when the receiver asks for it later."""
    with receiving(answer) as receiver:
        assert sending.send(sending.to(receiver)["webhook"]) == outcome


def test_a_host_that_is_taken_off_the_list_gets_nothing(sending: Sending, receiver: Receiver) -> None:
    """From then on, also what was planned before; and what the name leads to is looked at each time."""
    admin = sending.partnership.engine("ledger_admin")
    allow_webhooks(admin, os.urandom, agency="hv", hosts=[HOST])
    made = sending.register(f"https://{HOST}/x")
    for address in ("169.254.169.254", "127.0.0.1", "::ffff:10.0.0.1"):
        inside = Egress(resolve=Names({HOST: [[address]]}), below=Dialling(receiver.port))
        assert sending.send(made["webhook"], sending.channel(egress=inside)) == Retry("address_refused")
    assert not allow_webhooks(admin, os.urandom, agency="hv", hosts=[HOST])
    assert allow_webhooks(admin, os.urandom, agency="hv", hosts=[])
    outside = Egress(resolve=Names({HOST: [[PUBLIC]]}), below=Dialling(receiver.port))
    assert sending.send(made["webhook"], sending.channel(egress=outside)) == Retry("address_refused")
    assert isinstance(outside.below, Dialling)
    assert (receiver.received, outside.below.dialled) == ([], [])


def test_a_worker_without_the_setting_sends_nothing_to_this_machine(
    sending: Sending, receiver: Receiver, superuser_url: str
) -> None:
    """Nor one with it, where the ledger is no demonstration."""
    made = sending.to(receiver)
    assert sending.send(made["webhook"], sending.channel(egress=Egress())) == Retry("address_refused")
    make_real(superuser_url)
    assert sending.send(made["webhook"]) == Retry("address_refused")
    assert receiver.received == []


def test_nothing_is_sent_that_cannot_be_signed(sending: Sending, receiver: Receiver) -> None:
    """A worker with another key opens no secret; when it is given the right one the message goes."""
    made = sending.to(receiver)
    assert sending.send(made["webhook"], sending.channel(bytes(32))) == Retry("no_secret")
    assert receiver.received == []
    assert sending.send(made["webhook"]) == Sent()


def test_nothing_of_a_child_is_sent(sending: Sending, receiver: Receiver) -> None:
    """An alert's message names an item of the feed, and neither the child nor the alert nor how grave it is."""
    made = sending.to(receiver)
    child = sending.partnership.child("hv", involve=["csc", "hv"], name="Canary Child")
    alert = sending.partnership.alert(child, to="hv")
    sending.go()
    assert sending.messages(made["webhook"])["sent"] >= 1
    for got in receiver.received:
        told = json.loads(got.body)
        assert told.keys() == {"type", "timestamp", "data"}
        assert told["data"].keys() == {"id"}
        sent = (got.body + repr(got.headers).encode()).decode()
        assert child not in sent
        assert "Canary" not in sent
        assert str(alert.get("rule")) not in sent
