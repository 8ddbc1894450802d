"""What a ledger's alerts reach outside of it: a mail server and an agency's webhook, and what each of them got."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Connection, Engine, text

from ledger.services.people_say import as_agency, set_reach
from ledger.store.database import connect_engine
from tests.chance import chance
from tests.faults.posting import Posting
from tests.mail_server import MailServer, mail_server
from tests.receiving import Receiver, receiving
from tests.running_stack import RunningStack

AGENCY, LEAD = "csc", "sw1"
_ADDRESS = "sw1@csc.example"
_DOMAIN = "ledger.example"


@dataclass
class Outside:
    """A mail server and a receiver of webhooks, which live however often the ledger dies."""

    mail: MailServer
    receiver: Receiver

    @property
    def env(self) -> dict[str, str]:
        """What a stack is given so that it knows of them."""
        return {
            "LEDGER_SMTP_URL": f"smtp://{self.mail.host}:{self.mail.port}",
            "LEDGER_MAIL_FROM": f"alerts@{_DOMAIN}",
            "LEDGER_WEBHOOK_LOOPBACK": "demonstration",
        }

    def connect(self, stack: RunningStack, posting: Posting) -> None:
        """Have the lead reached by mail, and the lead's agency by webhook."""
        engine = connect_engine(stack.env["DATABASE_URL"], "ledger_web", pool_size=1)
        set_reach(engine, as_agency(engine, AGENCY), LEAD, mail=_ADDRESS, phone=None, chance=chance)
        engine.dispose()
        answer = httpx.post(
            f"{stack.url}/api/v1/webhooks",
            json={"url": f"http://127.0.0.1:{self.receiver.port}/alerts", "signing": "hmac"},
            headers={"Authorization": f"Bearer {posting.keys[AGENCY]}"},
            timeout=10,
            trust_env=False,
        )
        assert answer.status_code == 201, answer.text

    def wait_until_told(self, worker: Engine, within_s: float = 90.0) -> None:
        """Wait until nothing is left to be told, sent, or said to have been sent."""
        deadline = time.monotonic() + within_s
        while left := _left(worker):
            assert time.monotonic() < deadline, f"not told: {left}"
            time.sleep(0.2)

    def check(self, connection: Connection) -> str:
        """Each alert is in its recipient's feed once and left by each channel at least once, under one name; what went
        is said once. Gives the figures.
        """
        alerts = set(connection.scalars(text("SELECT alert_id FROM ledger.alerts")))
        person = connection.scalar(
            text("SELECT 'person:' || person_id FROM ledger.people WHERE agency_id = :agency AND ref = :ref"),
            {"agency": AGENCY, "ref": LEAD},
        )
        items = connection.execute(text("SELECT * FROM ledger.feed_items ORDER BY party, seq")).all()
        brought = Counter((item.party, item.subject) for item in items if item.type == "alert.raised")
        assert brought == Counter({(party, alert): 1 for party in (person, f"agency:{AGENCY}") for alert in alerts})
        for party in {item.party for item in items}:
            numbers = [item.seq for item in items if item.party == party]
            assert numbers == list(range(1, len(numbers) + 1)), f"the feed of {party} has a gap"
        sent = connection.execute(text("SELECT * FROM ledger.deliveries")).all()
        assert all(one.sent_at is not None for one in sent)
        by_mail = [one for one in sent if one.channel == "mail"]
        assert Counter(one.subject for one in by_mail if one.type == "alert.raised") == Counter(
            dict.fromkeys(alerts, 1)
        )
        assert set(self.mail.names) == {f"<{one.bundle or one.delivery_id}@{_DOMAIN}>" for one in by_mail}
        assert {mail["To"] for mail in self.mail.taken} == {_ADDRESS}
        by_webhook = [one for one in sent if one.channel == "webhook"]
        assert alerts <= {one.subject for one in by_webhook if one.type == "alert.raised"}
        self._check_received({one.delivery_id for one in by_webhook})
        said = _dispatches(connection)
        named = Counter(
            (one.channel, one.subject, one.bundle or one.delivery_id) for one in sent if one.type.startswith("alert.")
        )
        assert said == named
        assert set(named.values()) == {1}
        mails, webhooks = self.mail.names, self.receiver.received
        return (
            f"{len(alerts)} alerts, {len(items)} items of feeds, {len(by_mail)} deliveries in {len(mails)} mails by "
            f"{len(set(mails))} names, {len(webhooks)} webhooks by {len(by_webhook)} names"
        )

    def _check_received(self, names: set[str]) -> None:
        """Every name came, and what came twice under a name was the same."""
        bodies: dict[str, set[Any]] = {}
        for one in self.receiver.received:
            headers = {name.lower(): value for name, value in one.headers.items()}
            told = json.loads(one.body)
            bodies.setdefault(headers["webhook-id"], set()).add(
                (told["type"], json.dumps(told["data"], sort_keys=True))
            )
        assert set(bodies) == names
        assert all(len(said) == 1 for said in bodies.values())


@contextmanager
def outside() -> Iterator[Outside]:
    """Both, while the block runs."""
    with mail_server() as mail, receiving() as receiver:
        yield Outside(mail, receiver)


def begin_hours(worker: Engine) -> None:
    """Let everybody be at work now, whatever day it is: what waits for working hours may leave."""
    with worker.begin() as connection:
        connection.execute(
            text("UPDATE ledger.deliveries SET not_before = clock_timestamp() WHERE not_before > clock_timestamp()")
        )


def let_leases_go(worker: Engine) -> None:
    """As though the time were over for which what a dead worker had taken is its own, and that between tries."""
    with worker.begin() as connection:
        connection.execute(
            text("UPDATE ledger.deliveries SET leased_until = NULL, retry_at = NULL WHERE sent_at IS NULL")
        )


def _left(worker: Engine) -> dict[str, int]:
    begin_hours(worker)
    with worker.connect() as connection:
        counts = connection.execute(
            text("""
                SELECT (SELECT count(*) FROM ledger.outbox) AS untold,
                    count(*) FILTER (WHERE sent_at IS NULL) AS unsent,
                    count(*) FILTER (WHERE sent_at IS NOT NULL AND said_at IS NULL
                        AND starts_with(type, 'alert.')) AS unsaid
                FROM ledger.deliveries""")
        ).one()
    return {name: count for name, count in counts._asdict().items() if count}


def _dispatches(connection: Connection) -> Counter[tuple[str, str, str]]:
    contents = connection.scalars(text("SELECT content FROM ledger.contents WHERE kind = 'dispatch'"))
    bodies = [json.loads(content)["body"] for content in contents]
    return Counter((body["channel"], body["of"], body["message"]) for body in bodies)
