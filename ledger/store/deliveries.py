"""What is to leave by a channel: taking it under a lease, and what became of it. As the worker's role.

* Nobody sends what another has taken: taking is done by one worker at a time, in a transaction that waits for nothing.
* Of one endpoint one message is under way at a time; an endpoint that is in trouble leaves room for the others.
* Whoever took a row last speaks for it: each taking counts up its fence.
* Leases and waits go by the real clock, working hours (`not_before`) by the ledger's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from ledger.store.append import Driver, Statement
from ledger.store.trip import Trip, ask

#: What waits for one person goes together by these.
BUNDLED: Final = frozenset({"mail", "notify"})
#: More than this does not go in one message.
_PARTS_MOST: Final = 500

# Taking is a matter of milliseconds, so one at a time is enough, and two can never take of one endpoint.
_ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('ledger_deliveries', 7205916))"
_DUE = """d.sent_at IS NULL AND d.dead_at IS NULL AND d.not_before <= (SELECT ledger.clock_now())
    AND (d.retry_at IS NULL OR d.retry_at <= (SELECT clock_timestamp()))
    AND (d.leased_until IS NULL OR d.leased_until <= (SELECT clock_timestamp()))"""
_FIRST = f"""
    WITH endpoints AS (
        SELECT channel, endpoint, coalesce(bool_or(leased_until > clock_timestamp()), false) AS is_busy,
            bool_or(tries > 0) AS is_troubled
        FROM ledger.deliveries WHERE sent_at IS NULL AND dead_at IS NULL AND channel = ANY (%s)
        GROUP BY channel, endpoint)
    SELECT f.delivery_id, f.bundle, e.channel, e.endpoint, f.tier, split_part(f.type, '.', 1), e.is_troubled
    FROM endpoints e CROSS JOIN LATERAL (
        SELECT d.delivery_id, d.bundle, d.tier, d.type, d.not_before FROM ledger.deliveries d
        WHERE d.channel = e.channel AND d.endpoint = e.endpoint AND {_DUE}
        ORDER BY d.tier IS DISTINCT FROM 'interrupt', d.not_before, d.delivery_id LIMIT 1) f
    WHERE NOT e.is_busy
    ORDER BY f.tier IS DISTINCT FROM 'interrupt', f.not_before, f.delivery_id LIMIT 1000"""  # noqa: S608 - made of constants alone
# An alert that is somebody else's by now, was acted on, rests or is over, is no news to whom this was for.
_MOOT = f"""
    DELETE FROM ledger.deliveries d USING ledger.alerts a
    WHERE {_DUE} AND d.channel = ANY (%s) AND starts_with(d.type, 'alert.') AND a.alert_id = d.subject
      AND (a.state IN ('acted_on', 'snoozed', 'resolved') OR a.ended_number IS NOT NULL OR d.party <> coalesce(
        (SELECT 'person:' || p.person_id FROM ledger.people p WHERE p.agency_id = a.to_agency AND p.ref = a.to_person),
        'desk:' || a.to_agency))"""  # noqa: S608 - made of constants alone
_TAKE = """
    UPDATE ledger.deliveries d SET bundle = %s, fence = d.fence + 1, leased_until = clock_timestamp() + %s::interval
    WHERE {which}
    RETURNING d.bundle, d.channel, d.endpoint, d.party, d.agency_id, d.tries, d.fence,
        d.delivery_id, d.item_id, d.type, d.tier, d.subject, d.record_id, d.made_at"""
#: What was one message once is one for ever: it goes again as it went before, under the same name.
_TAKE_AGAIN = _TAKE.format(which="d.bundle = %s AND d.sent_at IS NULL AND d.dead_at IS NULL")
# By its key: written as the partial indexes have it, a planner that knows little of a burst goes through all of it.
_TAKE_ONE = _TAKE.format(which="d.delivery_id = %s AND coalesce(d.sent_at, d.dead_at) IS NULL")
_TAKE_TOGETHER = _TAKE.format(
    which=f"""d.delivery_id = ANY (ARRAY(
        SELECT d.delivery_id FROM ledger.deliveries d
        WHERE d.channel = %s AND d.endpoint = %s AND d.tier IS NOT DISTINCT FROM %s::text
          AND split_part(d.type, '.', 1) = %s AND d.bundle IS NULL AND {_DUE}
        ORDER BY d.not_before, d.delivery_id LIMIT {_PARTS_MOST}))
        AND coalesce(d.sent_at, d.dead_at) IS NULL"""  # noqa: S608 - made of constants alone
)
_THEIRS = """FROM unnest(%s::text[], %s::bigint[]) AS v (delivery_id, fence)
    WHERE d.delivery_id = v.delivery_id AND d.fence = v.fence AND d.sent_at IS NULL AND d.dead_at IS NULL
    RETURNING d.delivery_id"""
_SENT = f"""
    UPDATE ledger.deliveries d SET sent_at = clock_timestamp(), leased_until = NULL, fault = NULL {_THEIRS}"""  # noqa: S608 - made of constants alone
_LATER = f"""
    UPDATE ledger.deliveries d SET tries = d.tries + 1, leased_until = NULL, fault = %s,
        retry_at = clock_timestamp() + %s::interval {_THEIRS}"""  # noqa: S608 - made of constants alone
_DEAD = f"""
    UPDATE ledger.deliveries d SET tries = d.tries + 1, leased_until = NULL, fault = %s, dead_at = clock_timestamp()
    {_THEIRS}"""  # noqa: S608 - made of constants alone
_GONE = """
    UPDATE ledger.deliveries SET dead_at = clock_timestamp(), leased_until = NULL, fault = %s
    WHERE channel = %s AND endpoint = %s AND sent_at IS NULL AND dead_at IS NULL"""
_UNSAID = """
    SELECT d.delivery_id, d.bundle, d.channel, d.party, d.agency_id, p.ref, d.record_id, d.subject
    FROM ledger.deliveries d LEFT JOIN ledger.people p
        ON p.person_id = CASE WHEN starts_with(d.party, 'person:') THEN substr(d.party, 8)::uuid END
    WHERE d.sent_at IS NOT NULL AND d.said_at IS NULL AND d.record_id IS NOT NULL AND starts_with(d.type, 'alert.')
    ORDER BY d.record_id, d.sent_at LIMIT %s"""
_SAID = "UPDATE ledger.deliveries SET said_at = clock_timestamp() WHERE delivery_id = ANY (%s) AND said_at IS NULL"
_PLAN = """
    INSERT INTO ledger.deliveries
        (delivery_id, party, agency_id, item_id, channel, endpoint, record_id, number, subject, type, tier, not_before)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (delivery_id) DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Taken:
    """One row under a lease."""

    bundle: str
    channel: str
    endpoint: str
    party: str
    agency: str
    tries: int
    fence: int
    delivery_id: str
    item_id: str
    type: str
    tier: str | None
    subject: str | None
    record_id: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class _First:
    """What an endpoint is sent next: a message that was taken before, by its `bundle`, or a row to begin one with."""

    delivery_id: str
    bundle: str | None
    channel: str
    endpoint: str
    tier: str | None
    about: str
    is_troubled: bool


@dataclass(frozen=True, slots=True)
class Unsaid:
    """One row that was sent and whose entry is still to be written. ``ref``: by which the agency knows the person."""

    delivery_id: str
    message: str
    channel: str
    party: str
    agency: str
    ref: str | None
    record_id: UUID
    subject: str


def take_due(driver: Driver, room: Mapping[str, int], lease: timedelta) -> list[list[Taken]]:
    """Take messages that are due, at most so many by each channel, each to another endpoint; commits.

    Each message is its rows; none where another worker is taking just now. What is no longer wanted is taken away.
    """
    channels = [channel for channel, free in room.items() if free > 0]
    if not channels or not ask(driver, _ALONE)[0][0]:
        driver.rollback()
        return []
    ask(driver, _MOOT, ([one for one in channels if one in BUNDLED],))
    chosen = _chosen([_First(*row) for row in ask(driver, _FIRST, (channels,))], room)
    trip = Trip(driver)
    for one in chosen:
        if one.bundle is not None:
            trip.add(_TAKE_AGAIN, (one.bundle, lease, one.bundle))
        elif one.channel in BUNDLED:
            trip.add(_TAKE_TOGETHER, (one.delivery_id, lease, one.channel, one.endpoint, one.tier, one.about))
        else:
            trip.add(_TAKE_ONE, (one.delivery_id, lease, one.delivery_id))
    return [sorted((Taken(*row) for row in rows), key=_order) for rows in trip.go(commit=True) if rows]


def _chosen(found: Sequence[_First], room: Mapping[str, int]) -> list[_First]:
    """Which of the messages that are due go now: of those in trouble at most half, and one where there is any."""
    chosen: list[_First] = []
    for channel, free in room.items():
        due = [one for one in found if one.channel == channel]
        troubled, well = [one for one in due if one.is_troubled], [one for one in due if not one.is_troubled]
        troubled = troubled[: max(1, free // 2, free - len(well))]
        chosen += (troubled + well)[: max(free, 0)]
    return chosen


def _order(taken: Taken) -> tuple[datetime, str]:
    return taken.made_at, taken.delivery_id


def note_sent(driver: Driver, taken: Collection[tuple[str, int]]) -> int:
    """They were sent, of those (delivery, fence) that nobody else has taken since; how many that is. Commits."""
    return _note(driver, _SENT, (), taken)


def note_later(driver: Driver, taken: Collection[tuple[str, int]], fault: str, wait: timedelta) -> int:
    """They are tried again, so long from now."""
    return _note(driver, _LATER, (fault, wait), taken)


def note_dead(driver: Driver, taken: Collection[tuple[str, int]], fault: str) -> int:
    """They are dead letters: not tried again, and kept for the operator to see."""
    return _note(driver, _DEAD, (fault,), taken)


def note_gone(driver: Driver, channel: str, endpoint: str, fault: str) -> None:
    """Nothing that waits for this endpoint is sent any more. Commits."""
    trip = Trip(driver)
    trip.add(_GONE, (fault, channel, endpoint))
    trip.go(commit=True)


def _note(driver: Driver, statement: str, first: Sequence[Any], taken: Collection[tuple[str, int]]) -> int:
    trip = Trip(driver)
    trip.add(statement, (*first, [one for one, _ in taken], [fence for _, fence in taken]))
    return len(trip.go(commit=True)[0])


def unsaid(driver: Driver, limit: int) -> list[Unsaid]:
    """What was sent and no entry says yet."""
    return [Unsaid(row[0], row[1] or row[0], *row[2:]) for row in ask(driver, _UNSAID, (limit,))]


def said(delivery_ids: Sequence[str]) -> Statement:
    """Their entries are written, in this transaction."""
    return _SAID, (list(delivery_ids),)


def plan(row: Sequence[Any]) -> Statement:
    """Keep one delivery: (delivery, party, agency, item, channel, endpoint, record, number, subject, type, tier,
    not before). The same one again changes nothing.
    """
    return _PLAN, tuple(row)
