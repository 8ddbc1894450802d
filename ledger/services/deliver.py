"""Send what is due by every channel, and say in the record that it went.

A message is taken under a lease, sent by a thread that holds no transaction, and noted. A crash before the note sends
it again when the lease has run out, under the same name. That it went is noted first and said in the record after: a
ledger that is closed, or a record that is held, sends nothing twice for that.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Any, Final, Protocol
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ledger.domain.entry import Chance
from ledger.services.channel import SECONDS, Channel, Delivery, Gone, Outcome, Part, Retry, Sent
from ledger.services.project import project
from ledger.services.told import Told
from ledger.services.write_own import own_draft
from ledger.store.append import ClosedError, ContendedError, Driver, append_with, lock, place, write
from ledger.store.database import SYSTEM, driver_of
from ledger.store.deliveries import (
    Taken,
    Unsaid,
    note_dead,
    note_gone,
    note_later,
    note_sent,
    said,
    take_due,
    unsaid,
)
from ledger.store.party import ACT
from ledger.store.trip import ask

#: For how long nobody else sends what one worker has taken: longer than any channel takes, and than noting it.
LEASE: Final = timedelta(seconds=2 * SECONDS)
#: Of how many deliveries the entries are written at once.
_AT_ONCE: Final = 100
#: How long is waited before what became of a message is noted once more.
_PAUSES_S: Final = (0.0, 0.5, 2.0, 5.0)

_log = structlog.get_logger("ledger.deliver")


class Beside(Protocol):
    """Runs what waits for the network; see `ledger.services.crew`."""

    def room(self) -> Mapping[str, int]:
        """How many more may begin now, by channel."""

    def begin(self, channel: str, job: Callable[[], None]) -> None:
        """Do it beside."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What sending needs. ``engine`` is the worker's, with a connection for some threads at a time."""

    engine: Engine
    channels: Mapping[str, Channel]
    crew: Beside
    chance: Chance
    lease: timedelta = LEASE


def deliver_due(tools: Tools) -> int:
    """Begin to send what is due and there is room for, and write the entries of what was sent; how many were begun.

    Raises what a database that is away raises.
    """
    say_sent(tools.engine, tools.chance)
    if not tools.channels:
        return 0
    with driver_of(tools.engine) as driver:
        room = {channel: free for channel, free in tools.crew.room().items() if channel in tools.channels}
        taken = take_due(driver, room, tools.lease)
    for parts in taken:
        delivery = _delivery(parts)
        tools.crew.begin(delivery.channel, partial(_send, tools, delivery))
    return len(taken)


def _delivery(parts: Sequence[Taken]) -> Delivery:
    first = parts[0]
    return Delivery(
        message=first.bundle,
        channel=first.channel,
        endpoint=first.endpoint,
        party=first.party,
        agency=first.agency,
        parts=tuple(
            Part(one.delivery_id, one.item_id, one.type, one.tier, one.subject, one.record_id, one.fence, one.made_at)
            for one in parts
        ),
        failures=first.tries,
        taken=first.fence,
    )


def _send(tools: Tools, delivery: Delivery) -> None:
    """Send one message, in a thread of its own, and note what became of it."""
    channel = tools.channels[delivery.channel]
    try:
        outcome = channel.send(delivery)
    except Exception as error:  # noqa: BLE001 — whatever a channel did not foresee is tried again, as any failure
        # Its text may hold an address, or what a server said: its kind alone is told.
        _log.error("a channel failed", channel=delivery.channel, fault=type(error).__name__)
        outcome = Retry("unforeseen")
    for pause in _PAUSES_S:
        time.sleep(pause)
        try:
            with driver_of(tools.engine) as driver:
                _note(driver, channel, delivery, outcome, tools.chance)
        except (SQLAlchemyError, psycopg.Error) as error:
            _log.warning("cannot note what became of a message; trying again", fault=type(error).__name__)
        else:
            return


def _note(driver: Driver, channel: Channel, delivery: Delivery, outcome: Outcome, chance: Chance) -> None:
    parts = [(part.delivery_id, part.fence) for part in delivery.parts]
    if isinstance(outcome, Sent):
        note_sent(driver, parts)
        return
    wait = None
    if isinstance(outcome, Retry):
        wait = channel.schedule.wait(delivery.failures + 1, chance(1)[0] / 255, outcome.after)
    if wait is not None:
        note_later(driver, parts, outcome.fault, wait)
        return
    note_dead(driver, parts, outcome.fault)
    if isinstance(outcome, Gone):
        note_gone(driver, delivery.channel, delivery.endpoint, outcome.fault)
    _log.warning("a message was not taken", channel=delivery.channel, message=delivery.message, fault=outcome.fault)


def say_sent(engine: Engine, chance: Chance) -> int:
    """Write an entry of each delivery that was sent into the record that it is about, once; how many were written."""
    with driver_of(engine) as driver:
        ask(driver, ACT, (SYSTEM, ""))
        waiting = unsaid(driver, _AT_ONCE)
        driver.rollback()
    written = 0
    for record_id, group in groupby(waiting, key=lambda one: one.record_id):
        try:
            written += append_with(engine, partial(_say, record_id=record_id, sent=list(group), chance=chance))
        except (ContendedError, ClosedError):
            continue  # it is said when the record, or the ledger, can be written again
        except (psycopg.OperationalError, SQLAlchemyError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others go on, and sending
            _log.error("what was sent could not be said in a record", record=str(record_id), exc_info=error)
    return written


def _say(driver: Driver, *, record_id: UUID, sent: Sequence[Unsaid], chance: Chance) -> int:
    events = {one.delivery_id: f"{one.delivery_id}.dispatch" for one in sent}
    locked = lock(driver, SYSTEM, records=[record_id], events=list(events.values()))
    placed, statements = [], [said([one.delivery_id for one in sent])]
    for one in sent:
        event_id, body = events[one.delivery_id], _body(one)
        if event_id in locked.known:
            continue  # another worker wrote it
        draft = own_draft(record_id, "dispatch", event_id, body, chance)
        stored = place(locked.heads[record_id], draft, locked.clock)
        placed.append((draft, stored))
        statements += project(Told.of(stored, SYSTEM, "dispatch", body))
    write(driver, locked.heads, placed, statements=statements)
    return len(placed)


def _body(one: Unsaid) -> dict[str, Any]:
    return {
        "of": one.subject,
        "channel": one.channel,
        "to": {"agency": one.agency, "person": one.ref},
        "message": one.message,
    }
