"""How often sign-in was tried of late, counted by bucket: an opaque name for whom or what is tried.

A try is counted before anything is checked, by one statement, so a hundred at once count as a hundred.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, text

from ledger.store.tables import sign_in_tries

#: Counts a try. While a bucket waits nothing of it moves, so trying on does not prolong it; the last try that is let
#: through in a window begins the wait, should it fail; waits within a day of each other double.
_COUNT = text("""
    INSERT INTO ledger.sign_in_tries AS kept (bucket, tries, since, last_at, waits, wait_until)
    VALUES (:bucket, 1, :now, :now, 0, NULL)
    ON CONFLICT (bucket) DO UPDATE SET (tries, since, last_at, waits, wait_until) = (
        SELECT CASE WHEN is_waiting THEN :most + 1 WHEN is_anew THEN 1 ELSE kept.tries + 1 END,
               CASE WHEN is_anew THEN :now ELSE kept.since END,
               CASE WHEN is_waiting THEN kept.last_at ELSE :now END,
               CASE WHEN is_last THEN before + 1 ELSE before END,
               CASE WHEN is_waiting THEN kept.wait_until
                    WHEN is_last THEN :now + least(CAST(:wait AS interval) * power(2, least(before, 8)),
                                                   CAST(:longest AS interval)) END
        FROM (SELECT is_waiting, is_anew, NOT is_waiting AND NOT is_anew AND kept.tries + 1 >= :most AS is_last,
                     CASE WHEN NOT is_waiting AND kept.last_at <= :forgotten THEN 0 ELSE kept.waits END AS before
              FROM (SELECT is_waiting,
                           NOT is_waiting AND (kept.wait_until IS NOT NULL OR kept.since <= :window_began) AS is_anew
                    FROM (SELECT kept.wait_until IS NOT NULL AND kept.wait_until > :now AS is_waiting) AS a) AS b) AS c)
    RETURNING tries, wait_until""")


def count_try(
    connection: Connection,
    bucket: bytes,
    now: datetime,
    *,
    most: int,
    window: timedelta,
    wait: timedelta,
    longest: timedelta,
    forgotten_after: timedelta,
) -> datetime | None:
    """Count a try in a bucket: None when it may be made, else the moment until which that bucket waits."""
    row = connection.execute(
        _COUNT,
        {
            "bucket": bucket,
            "now": now,
            "window_began": now - window,
            "forgotten": now - forgotten_after,
            "most": most,
            "wait": wait,
            "longest": longest,
        },
    ).one()
    return row.wait_until if row.tries > most else None


def clear_tries(connection: Connection, bucket: bytes) -> None:
    """A try succeeded: its bucket begins anew."""
    connection.execute(sign_in_tries.delete().where(sign_in_tries.c.bucket == bucket))


def give_back_try(connection: Connection, bucket: bytes) -> None:
    """Take one try of a bucket back, and the wait that it may have begun."""
    connection.execute(
        text("""
            UPDATE ledger.sign_in_tries
            SET tries = greatest(tries - 1, 0), wait_until = NULL,
                waits = CASE WHEN wait_until IS NULL THEN waits ELSE greatest(waits - 1, 0) END
            WHERE bucket = :bucket"""),
        {"bucket": bucket},
    )


def forget_tries(connection: Connection, before: datetime) -> None:
    """Forget buckets that nobody has tried since; one that somebody is just trying is left for another time."""
    old = (
        select(sign_in_tries.c.bucket)
        .where(sign_in_tries.c.last_at < before)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    connection.execute(sign_in_tries.delete().where(sign_in_tries.c.bucket.in_(old)))
