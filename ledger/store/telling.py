"""What waits to be told, and the feeds that it is put into. As the worker's role.

A feed's numbers are given one after the other under the lock of its row, in the order of the parties' names, so that
two workers that tell the same parties wait for each other and never deadlock.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.domain.feed import Item, of_desk, of_person
from ledger.store.append import Driver
from ledger.store.trip import Trip, ask

#: Wakes whoever holds streams open. What it carries says nothing.
CHANNEL = "ledger_feed"

# What others have taken is theirs: nobody waits, and what a worker that died had taken is free again.
_TAKE = """
    WITH taken AS (
        SELECT id, record_id, number FROM ledger.outbox WHERE not_before <= clock_timestamp()
        ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    SELECT t.id, t.record_id, h.pseudonym, t.number, e.recorded_at, e.agency_id, c.kind, c.content
    FROM taken t JOIN ledger.heads h ON h.record_id = t.record_id
    JOIN ledger.entries e ON e.record_id = t.record_id AND e.number = t.number
    LEFT JOIN ledger.contents c ON c.record_id = t.record_id AND c.number = t.number
    ORDER BY t.id"""
_TOLD = "DELETE FROM ledger.outbox WHERE id = ANY (%s)"
# Longer each time, up to half an hour. Whoever has it meanwhile finds out for themselves.
_SET_BACK = """
    UPDATE ledger.outbox SET tries = least(tries + 1, 1000),
        not_before = clock_timestamp() + interval '1 second' * least(2 ^ least(tries, 11), 1800)
    WHERE id = (SELECT id FROM ledger.outbox WHERE id = %s FOR UPDATE SKIP LOCKED)"""
_BEGIN = """
    INSERT INTO ledger.feeds (party, agency_id) SELECT * FROM unnest(%s::text[], %s::text[])
    ON CONFLICT (party) DO NOTHING"""
_LOCK = "SELECT party, last_seq FROM ledger.feeds WHERE party = ANY (%s) ORDER BY party FOR UPDATE"
_KNOWN = """
    SELECT f.party, f.item_id FROM ledger.feed_items f
    JOIN unnest(%s::text[], %s::text[]) AS t (party, item_id) USING (party, item_id)"""
_PUT = """
    INSERT INTO ledger.feed_items (party, seq, item_id, type, agency_id, record_id, number, subject, tier, at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_COUNT = """
    UPDATE ledger.feeds f SET last_seq = t.last_seq
    FROM unnest(%s::text[], %s::bigint[]) AS t (party, last_seq) WHERE f.party = t.party"""
_WAKE = f"SELECT pg_notify('{CHANNEL}', '')"
_PEOPLE = """
    SELECT p.agency_id, p.ref, p.person_id FROM ledger.people p
    JOIN unnest(%s::text[], %s::text[]) AS t (agency_id, ref) USING (agency_id, ref)
    WHERE NOT EXISTS (SELECT FROM ledger.leavings l
        WHERE l.agency_id = p.agency_id AND l.person = p.ref AND l.returned_number IS NULL)"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that is to be told; kind and body are None where its content was erased meanwhile."""

    id: int
    record_id: UUID
    pseudonym: str
    number: int
    recorded_at: datetime
    agency: str
    kind: str | None
    body: dict[str, Any] | None


def take_waiting(driver: Driver, limit: int) -> list[Waiting]:
    """Up to so many entries that nobody else is telling, the oldest first; taken until the transaction ends."""
    rows = ask(driver, _TAKE, (limit,))
    return [
        Waiting(of, record, pseudonym, number, at, agency, kind, None if sealed is None else json.loads(sealed)["body"])
        for of, record, pseudonym, number, at, agency, kind, sealed in rows
    ]


def end_waiting(driver: Driver, ids: Collection[int]) -> None:
    """They have been told, in this transaction."""
    if ids:
        ask(driver, _TOLD, (list(ids),))


def set_back(driver: Driver, waiting: int) -> None:
    """One that could not be told is tried again later, and holds up no other."""
    ask(driver, _SET_BACK, (waiting,))


def put_items(driver: Driver, items: Sequence[Item]) -> list[Item]:
    """Put items into their parties' feeds, each once whoever tries; those that were not there before.

    Whoever holds streams is woken when the transaction commits.
    """
    wanted = {(item.party, item.item_id): item for item in items}
    if not wanted:
        return []
    agencies = {item.party: item.agency for item in items}
    parties = sorted(agencies)
    ask(driver, _BEGIN, (parties, [agencies[party] for party in parties]))
    last: dict[str, int] = dict(ask(driver, _LOCK, (parties,)))
    known = {(party, item) for party, item in ask(driver, _KNOWN, ([p for p, _ in wanted], [i for _, i in wanted]))}
    new = [item for place, item in wanted.items() if place not in known]
    trip = Trip(driver)
    for item in new:
        last[item.party] += 1
        trip.add(_PUT, (item.party, last[item.party], *_columns(item)))
    if new:
        trip.add(_COUNT, (parties, [last[party] for party in parties]))
        trip.add(_WAKE)
        trip.go()
    return new


def parties_of(driver: Driver, whom: Collection[tuple[str, str | None]]) -> dict[tuple[str, str | None], str]:
    """By (agency, reference there or None for its desk): in whose feed it is put.

    A reference that nobody signs in under, or no more, is the desk's: nothing that is told goes unseen.
    """
    named = sorted({(agency, ref) for agency, ref in whom if ref is not None})
    found: dict[tuple[str, str | None], str] = {one: of_desk(one[0]) for one in whom}
    if named:
        rows = ask(driver, _PEOPLE, ([agency for agency, _ in named], [ref for _, ref in named]))
        found |= {(agency, ref): of_person(person) for agency, ref, person in rows}
    return found


def _columns(item: Item) -> tuple[Any, ...]:
    return (
        item.item_id,
        item.type,
        item.agency,
        item.record_id,
        item.number,
        item.subject,
        item.tier,
        item.at,
    )
