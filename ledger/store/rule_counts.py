"""How each rule of a partnership fares, in counts that name nobody.

What counts is what was raised, brought or decided since the rule last came live, within the time looked back over.
Whoever counts sees every record; whoever reads sees counts alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.store.append import Driver
from ledger.store.rules import RULE_OF
from ledger.store.trip import ask

#: For so many times as long as a count took nobody counts again: of a large ledger it is done less often.
_REST: Final = 50
#: How often everything is counted again.
COUNT_EVERY: Final = timedelta(seconds=60)

_MAY_COUNT: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended('rule_counts', 7205918))"
_PARTNERSHIPS: Final = f"""
    SELECT p.partnership_id, p.record_id, ledger.clock_now(),
        (SELECT a.digest FROM ledger.pack_activations a WHERE a.partnership_id = p.partnership_id
            ORDER BY a.number DESC LIMIT 1)
    FROM ledger.partnerships p
    WHERE NOT EXISTS (
        SELECT FROM ledger.rule_counts c
        WHERE c.partnership_id = p.partnership_id
        AND c.counted_at > clock_timestamp() - greatest(%s::interval, c.took_s * interval '{_REST} seconds'))
    ORDER BY 1"""  # noqa: S608 - constants alone
_COUNT: Final = f"""
    WITH lives AS (
        SELECT rule, max(recorded_at) FILTER (WHERE is_live) AS since FROM ledger.rule_states
        WHERE partnership_id = %(p)s GROUP BY rule
    ), found AS (
        SELECT {RULE_OF} AS rule, f.finding_id, f.raised_at, f.closed_number IS NULL AS is_open
        FROM ledger.findings f JOIN ledger.heads h USING (record_id)
        WHERE h.partnership_id = %(p)s AND f.kind <> 'check_failed' AND f.marks->>'tier' IS DISTINCT FROM 'prompt'
    ), brought AS (
        SELECT n.rule, n.finding_id, n.raised_at, n.is_open, greatest(%(since)s, l.since) AS since, e.recorded_at AS at,
            v.acted_at, coalesce(v.acted_at, v.decided_at) AS decided_at
        FROM found n LEFT JOIN lives l USING (rule)
        LEFT JOIN ledger.alerts a USING (finding_id)
        LEFT JOIN ledger.entries e ON e.record_id = a.record_id AND e.number = a.raised_number
        LEFT JOIN (
            SELECT alert_id, min(recorded_at) FILTER (WHERE verdict = 'acted') AS acted_at,
                min(recorded_at) AS decided_at
            FROM ledger.verdicts GROUP BY alert_id) v USING (alert_id)
    ), counted AS (
        SELECT rule, min(since) AS since, count(*) FILTER (WHERE raised_at >= since) AS raised,
            count(*) FILTER (WHERE at >= since) AS alerted,
            count(*) FILTER (WHERE decided_at >= since AND acted_at IS NOT NULL) AS acted,
            count(*) FILTER (WHERE decided_at >= since AND acted_at IS NULL) AS dismissed,
            count(*) FILTER (WHERE is_open AND at IS NULL) AS waiting,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM acted_at - at))
                FILTER (WHERE acted_at >= since) AS median_s
        FROM brought GROUP BY rule
    )
    INSERT INTO ledger.rule_counts AS c (partnership_id, rule, counted_at, took_s, since, raised, alerted, acted,
        dismissed, waiting, median_s)
    SELECT %(p)s, r.rule, clock_timestamp(), extract(epoch FROM clock_timestamp() - statement_timestamp()),
        coalesce(n.since, greatest(%(since)s, l.since)), coalesce(n.raised, 0), coalesce(n.alerted, 0),
        coalesce(n.acted, 0), coalesce(n.dismissed, 0), coalesce(n.waiting, 0), n.median_s
    FROM (SELECT unnest(%(rules)s::text[]) AS rule UNION SELECT rule FROM counted) r
    LEFT JOIN counted n USING (rule) LEFT JOIN lives l USING (rule)
    ON CONFLICT (partnership_id, rule) DO UPDATE SET counted_at = excluded.counted_at, took_s = excluded.took_s,
        since = excluded.since, raised = excluded.raised, alerted = excluded.alerted, acted = excluded.acted,
        dismissed = excluded.dismissed, waiting = excluded.waiting, median_s = excluded.median_s
    RETURNING c.rule, c.since, c.raised, c.alerted, c.acted, c.dismissed, c.waiting, c.median_s, c.counted_at"""  # noqa: S608 - constants alone
_FORGET: Final = "DELETE FROM ledger.rule_counts WHERE partnership_id = %s AND rule <> ALL (%s)"
_COUNTS: Final = text("""
    SELECT rule, since, raised, alerted, acted, dismissed, waiting, median_s, counted_at FROM ledger.rule_counts
    WHERE partnership_id = :p ORDER BY rule""")


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How one rule fares: of its findings that are more than prompts, since a moment; as of `counted_at`, real time.

    `waiting`: open findings that were brought to nobody; `median_s`: from an alert to the first action, in seconds.
    """

    rule: str
    since: datetime
    raised: int
    alerted: int
    acted: int
    dismissed: int
    waiting: int
    median_s: float | None
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class ToCount:
    """A partnership whose rules are to be counted, at the ledger's time; `digest` is of the pack in force, if any."""

    partnership: str
    record_id: UUID
    now: datetime
    digest: str | None


def to_count(driver: Driver) -> list[ToCount]:
    """The partnerships not counted lately, while nobody else counts: until this transaction ends nobody else does."""
    if ask(driver, _MAY_COUNT, ()) != [(True,)]:
        return []
    return [ToCount(*row) for row in ask(driver, _PARTNERSHIPS, (COUNT_EVERY,))]


def count_rules(driver: Driver, one: ToCount, over: timedelta, rules: Collection[str]) -> list[RuleCount]:
    """Count anew how each of these rules fares, and any other that found something, over a time up to now."""
    asked = {"p": one.partnership, "since": one.now - over, "rules": sorted(rules)}
    counts = [RuleCount(*row) for row in driver.execute(_COUNT, asked)]
    ask(driver, _FORGET, (one.partnership, [count.rule for count in counts]))
    return counts


def counts_of(connection: Connection, partnership: str) -> list[RuleCount]:
    """How each rule of a partnership fares, as last counted."""
    return [RuleCount(*row) for row in connection.execute(_COUNTS, {"p": partnership})]
