"""Deliveries of a test's own, a channel that does as it is told, and what became of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from ledger.domain.feed import Item, of_person
from ledger.domain.retry import Schedule
from ledger.services.channel import Delivery, Outcome, Sent
from ledger.services.deliver import LEASE, Tools, deliver_due
from ledger.services.enrol import add_person
from ledger.services.fan_out import put
from ledger.services.people_say import as_agency, set_reach
from ledger.services.plan_deliveries import Plan
from ledger.store import clock
from ledger.store.database import SYSTEM, driver_of
from ledger.store.deliveries import plan
from ledger.store.party import ACT
from ledger.store.trip import ask
from tests.chance import chance
from tests.partnership import Partnership

#: Three tries, with no time between.
_AT_ONCE = Schedule((timedelta(0), timedelta(0)))


@dataclass
class Inline:
    """Sends at once, in the thread that asked."""

    most: Mapping[str, int]

    def room(self) -> Mapping[str, int]:
        return self.most

    def begin(self, channel: str, job: Callable[[], None]) -> None:
        job()


@dataclass
class Saying:
    """A channel that answers as told, then takes everything; `before` is done while it has the message."""

    outcomes: list[Outcome] = field(default_factory=list)
    before: Callable[[Delivery], None] = lambda _: None
    sent: list[Delivery] = field(default_factory=list)
    schedule: Schedule = _AT_ONCE
    at_once: int = 4

    def send(self, delivery: Delivery) -> Outcome:
        self.before(delivery)
        self.sent.append(delivery)
        return self.outcomes.pop(0) if self.outcomes else Sent()

    @property
    def names(self) -> list[str]:
        """The messages it was given, in order."""
        return [one.message for one in self.sent]


@dataclass
class Deliveries:
    """The deliveries of one partnership."""

    partnership: Partnership

    def plan(self, name: str, party: str = "desk:hv", **columns: Any) -> None:
        """Keep one; of an alert of the queue, by mail, due since yesterday, unless said otherwise."""
        row = {
            "agency": "hv", "item": f"item-{name}", "channel": "mail", "endpoint": party, "record": None,
            "number": None, "subject": None, "type": "alert.raised", "tier": "queue", "ahead": -timedelta(days=1),
        } | columns  # fmt: skip
        with driver_of(self.partnership.engine("ledger_worker")) as driver:
            now = ask(driver, "SELECT ledger.clock_now()")[0][0]
            ahead = row.pop("ahead")
            ask(driver, *plan((name, party, *row.values(), now + ahead)))
            driver.commit()

    def rows(self, columns: str = "delivery_id, tries, sent_at IS NOT NULL, dead_at IS NOT NULL, fault") -> list[Any]:
        """What stands of them."""
        with self.partnership.acting("ledger_worker") as connection:
            found = connection.execute(text(f"SELECT {columns} FROM ledger.deliveries ORDER BY delivery_id"))
            return [tuple(row) for row in found]

    def tools(self, channel: Saying, *, lease: timedelta = LEASE, room: int = 4) -> Tools:
        """Tools that send inline."""
        crew = Inline({"mail": room})
        return Tools(self.partnership.engine("ledger_worker"), {"mail": channel}, crew, chance, lease)

    def deliver(self, channel: Saying, **options: Any) -> int:
        """One round."""
        return deliver_due(self.tools(channel, **options))

    def let_leases_go(self) -> None:
        """As though their time were over."""
        with driver_of(self.partnership.engine("ledger_worker")) as driver:
            ask(driver, "UPDATE ledger.deliveries SET leased_until = clock_timestamp() - interval '1 second'")
            driver.commit()

    def person(self, ref: str, agency: str = "csc", mail: str | None = None) -> str:
        """Somebody who signs in, and where mail for them goes; their party."""
        admin = self.partnership.engine("ledger_admin")
        found = add_person(admin, chance, agency=agency, ref=ref, name=f"Canary {ref}", role="worker")
        self.reach(agency, ref, mail or f"{ref}@{agency}.example")
        return of_person(found)

    def reach(self, agency: str, ref: str | None, mail: str | None) -> None:
        """Say where mail for somebody, or for a desk, goes."""
        engine = self.partnership.context.engine
        set_reach(engine, as_agency(engine, agency), ref, mail=mail, phone=None, chance=chance)

    def move(self, moment: str) -> None:
        """Move the ledger's clock to a moment, in UTC."""
        with self.partnership.engine("ledger_admin").begin() as connection:
            clock.move(connection, datetime.fromisoformat(moment).replace(tzinfo=UTC))

    def have_had_digests(self) -> None:
        """As though today's digests had been made."""
        with driver_of(self.partnership.engine("ledger_worker")) as driver:
            ask(driver, "INSERT INTO ledger.digest_days (partnership_id, day) SELECT 'demo', ledger.clock_now()::date")
            driver.commit()

    def tell(self, *items: Item, plan: Plan) -> list[Item]:
        """Put items into feeds, and plan what leaves."""
        with driver_of(self.partnership.engine("ledger_worker")) as driver:
            ask(driver, ACT, (SYSTEM, ""))
            new = put(driver, items, plan)
            driver.commit()
        return new

    def dispatches(self, record_id: str | UUID) -> Sequence[tuple[str, dict[str, Any]]]:
        """The entries that say what went, in a record: event ids and bodies."""
        query = (
            "SELECT e.event_id, c.content FROM ledger.contents c JOIN ledger.entries e USING (record_id, number) "
            "WHERE c.record_id = :record AND c.kind = 'dispatch' ORDER BY number"
        )
        with self.partnership.acting("ledger_worker") as connection:
            found = connection.execute(text(query), {"record": record_id})
            return [(event, json.loads(content)["body"]) for event, content in found]
