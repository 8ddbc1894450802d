"""What there is for each person on a working day, counted, and that it was counted, once. As the worker's role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from psycopg.types.json import Jsonb

from ledger.domain.hours import Hours
from ledger.store.append import Driver
from ledger.store.reaching import hours_in
from ledger.store.trip import Trip, ask

#: In this order they are told.
COUNTS: Final = ("interrupt", "queue", "prompts", "clocks")

_WITHOUT = """
    SELECT p.partnership_id, p.nation, w.opens, w.closes, k.digest, ledger.clock_now()
    FROM ledger.partnerships p LEFT JOIN LATERAL (
        SELECT opens, closes FROM ledger.working_hours WHERE partnership_id = p.partnership_id
        ORDER BY number DESC LIMIT 1) w ON true
    JOIN LATERAL (
        SELECT digest FROM ledger.pack_activations WHERE partnership_id = p.partnership_id
        ORDER BY number DESC LIMIT 1) k ON true
    WHERE NOT EXISTS (
        SELECT FROM ledger.digest_days d WHERE d.partnership_id = p.partnership_id
        AND d.day = (ledger.clock_now() AT TIME ZONE 'Europe/London')::date)
    ORDER BY p.partnership_id"""
# Whoever comes second waits here until the first has done it all, and then has nothing to do.
_BEGIN = """
    INSERT INTO ledger.digest_days (partnership_id, day) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING day"""
# An alert counts for whoever holds it, as long as an action is awaited; a prompt for whoever leads the record, else
# for the duty desk. Of a rule in shadow nothing is told.
_COUNT = """
    WITH mine AS (
        SELECT h.record_id, coalesce(l.agency_id, p.duty_desk) AS agency_id, l.person AS ref
        FROM ledger.heads h JOIN ledger.partnerships p USING (partnership_id) LEFT JOIN LATERAL (
            SELECT * FROM (SELECT agency_id, person, ended_number FROM ledger.leads WHERE record_id = h.record_id
                ORDER BY number DESC LIMIT 1) n WHERE n.ended_number IS NULL) l ON true
        WHERE h.partnership_id = %s AND h.kind = 'child'
    ), held AS (
        SELECT a.to_agency AS agency_id, a.to_person AS ref, a.tier, a.act_by
        FROM ledger.alerts a JOIN mine USING (record_id)
        WHERE a.ended_number IS NULL AND a.state NOT IN ('acted_on', 'snoozed', 'resolved')
    ), shadow AS (
        SELECT rule FROM (SELECT DISTINCT ON (rule) rule, is_live FROM ledger.rule_states WHERE partnership_id = %s
            ORDER BY rule, number DESC) s WHERE NOT is_live
    ), asked AS (
        SELECT m.agency_id, m.ref FROM ledger.findings f JOIN mine m USING (record_id)
        WHERE f.closed_number IS NULL AND f.marks ->> 'tier' = 'prompt' AND f.rule NOT IN (SELECT rule FROM shadow)
    ), counted AS (
        SELECT agency_id, ref, (tier = 'interrupt')::int AS interrupt, (tier = 'queue')::int AS queue, 0 AS prompts,
            coalesce(act_by <= %s, false)::int AS clocks FROM held
        UNION ALL SELECT agency_id, ref, 0, 0, 1, 0 FROM asked)
    SELECT coalesce('person:' || p.person_id, 'desk:' || c.agency_id) AS party, c.agency_id,
        sum(interrupt), sum(queue), sum(prompts), sum(clocks)
    FROM counted c LEFT JOIN ledger.people p ON p.agency_id = c.agency_id AND p.ref = c.ref
    GROUP BY 1, 2 ORDER BY 1, 2"""
_KEEP = """
    INSERT INTO ledger.digests (party, day, counts) SELECT * FROM unnest(%s::text[], %s::date[], %s::jsonb[])
    ON CONFLICT DO NOTHING"""
# What is in a mail that was never taken is of no use to anybody after so long.
_FORGET = "DELETE FROM ledger.digests WHERE day < %s::date - 30"
_COUNTED = "SELECT counts FROM ledger.digests WHERE party = %s AND day = %s"


@dataclass(frozen=True, slots=True)
class Without:
    """A partnership without a digest on the day that it is now; ``pack`` is the digest of the one in force."""

    partnership: str
    hours: Hours
    pack: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """What there is for one party."""

    party: str
    agency: str
    counts: Mapping[str, int]


def without_digest(driver: Driver) -> list[Without]:
    """The partnerships that have had none today, in London."""
    return [
        Without(partnership, hours_in(nation, opens, closes), pack, now)
        for partnership, nation, opens, closes, pack, now in ask(driver, _WITHOUT)
    ]


def begin_day(driver: Driver, partnership: str, day: date) -> bool:
    """Whether this transaction is the one that makes the digests of that day."""
    return bool(ask(driver, _BEGIN, (partnership, day)))


def count(driver: Driver, partnership: str, clocks_until: datetime) -> list[Counted]:
    """By party, what there is for them; nobody for whom there is nothing."""
    rows = ask(driver, _COUNT, (partnership, partnership, clocks_until))
    return [Counted(row[0], row[1], dict(zip(COUNTS, map(int, row[2:]), strict=True))) for row in rows]


def keep(driver: Driver, day: date, counted: list[Counted]) -> None:
    """Keep what they counted, for their mails; what is a month old is forgotten."""
    trip = Trip(driver)
    parties, counts = [one.party for one in counted], [Jsonb(dict(one.counts)) for one in counted]
    trip.add(_KEEP, (parties, [day] * len(counted), counts))
    trip.add(_FORGET, (day,))
    trip.go()


def counted_on(driver: Driver, party: str, day: date) -> Mapping[str, Any]:
    """What a party's digest of a day counted; nothing where it is gone."""
    rows = ask(driver, _COUNTED, (party, day))
    return rows[0][0] if rows else {}
