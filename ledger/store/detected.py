"""The projections that detection moves on: statements for the second trip of an append, each for one row or a few.

What an open finding rests on changes; nothing else of it does. Order matters only where one finding closes and another
opens on its question: the first must go first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.store.append import Statement
from ledger.store.detection import DueMoment, FailedCheck

_INSERT_FINDING = """
    INSERT INTO ledger.findings (record_id, opened_number, finding_id, rule, pack_version, question, kind, sides,
        evidence, certain, change_since, is_stale, marks, raised_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_UPDATE_FINDING = """
    UPDATE ledger.findings SET question = %s, kind = %s, sides = %s, evidence = %s, certain = %s, change_since = %s,
        is_stale = %s, marks = %s
    WHERE finding_id = %s"""
_CLOSE_FINDING = """
    UPDATE ledger.findings SET closed_number = %s, outcome = %s, gap = NULL
    WHERE finding_id = %s AND closed_number IS NULL"""
_INSERT_ALERT = """
    INSERT INTO ledger.alerts (record_id, raised_number, alert_id, finding_id, to_agency, to_person, raised_at, tier,
        stage, act_by, held_number, moved_number)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_END_ALERT = """
    UPDATE ledger.alerts SET ended_number = %s, state = 'resolved', act_by = NULL, moved_number = %s
    WHERE finding_id = %s AND ended_number IS NULL"""
_INSERT_LINK = """
    INSERT INTO ledger.links (record_id, number, index, kind, members, is_unlink)
    VALUES (%s, %s, %s, %s, %s, false)"""
_FORGET_FAILURE = "DELETE FROM ledger.check_failures WHERE record_id = %s AND rule = %s AND question = %s"
_KEEP_FAILURE = """
    INSERT INTO ledger.check_failures (record_id, rule, question, number, index, tries)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (record_id, rule, question)
    DO UPDATE SET number = excluded.number, index = excluded.index, tries = excluded.tries"""
_DELETE_DUE = """
    DELETE FROM ledger.due_moments d
    USING unnest(%s::timestamptz[], %s::bigint[], %s::smallint[], %s::text[]) AS t (due_at, number, index, cause)
    WHERE d.record_id = %s AND d.due_at = t.due_at AND d.number = t.number AND d.index = t.index
        AND d.cause = t.cause"""
_INSERT_DUE = """
    INSERT INTO ledger.due_moments (record_id, due_at, number, index, cause)
    SELECT %s::uuid, t.* FROM unnest(%s::timestamptz[], %s::bigint[], %s::smallint[], %s::text[]) AS t
    ON CONFLICT DO NOTHING"""
_MOVE_HEAD = """
    UPDATE ledger.heads SET detected_seq = %s, last_recorded_at = greatest(last_recorded_at, %s::timestamptz),
        next_due_at = (SELECT min(due_at) FROM ledger.due_moments WHERE record_id = %s)
    WHERE record_id = %s"""


def insert_finding(
    place: tuple[UUID, int], names: tuple[str, str, str], rests_on: tuple[Any, ...], raised_at: datetime
) -> Statement:
    """A finding that an entry opens, by its (id, rule, version of the pack).

    `rests_on` is question, kind, sides, evidence, certain, change_since, is_stale and marks.
    """
    return _INSERT_FINDING, (*place, *names, *rests_on, raised_at)


def update_finding(finding_id: str, rests_on: tuple[Any, ...]) -> Statement:
    """What a known finding rests on now, as above."""
    return _UPDATE_FINDING, (*rests_on, finding_id)


def close_finding(finding_id: str, number: int, outcome: str | None) -> Statement:
    """The entry that closed a finding, and what a person concluded where that closed it."""
    return _CLOSE_FINDING, (number, outcome, finding_id)


def insert_alert(
    place: tuple[UUID, int],
    names: tuple[str, str],
    to: tuple[str, str | None],
    raised_at: datetime,
    clock: tuple[str, str, datetime | None],
) -> Statement:
    """An alert, named with its finding, to an agency and perhaps a person, raised by an entry.

    `clock`: its tier, in what part they hold it, and until when they have to act.
    """
    return _INSERT_ALERT, (*place, *names, *to, raised_at, *clock, place[1], place[1])


def end_alert(finding_id: str, number: int) -> Statement:
    """The finding was closed, so its alert is over."""
    return _END_ALERT, (number, number, finding_id)


def insert_link(record_id: UUID, number: int, index: int, kind: str, members: Sequence[str]) -> Statement:
    """A link that an observation declares by giving somebody's role."""
    return _INSERT_LINK, (record_id, number, index, kind, list(members))


def keep_failures(record_id: UUID, kept: Iterable[FailedCheck], gone: Iterable[tuple[str, str]]) -> list[Statement]:
    """Note the checks that failed, and forget those that ran."""
    forget: list[Statement] = [(_FORGET_FAILURE, (record_id, *which)) for which in gone]
    keep: list[Statement] = [
        (_KEEP_FAILURE, (record_id, failed.rule, failed.question, failed.number, failed.index, failed.tries))
        for failed in kept
    ]
    return forget + keep


def move_due(record_id: UUID, done: Sequence[DueMoment], asked: Sequence[DueMoment]) -> list[Statement]:
    """Take away the moments that were stepped and keep those that were asked for."""
    statements: list[Statement] = []
    if done:
        statements.append((_DELETE_DUE, (*_columns(done), record_id)))
    if asked:
        statements.append((_INSERT_DUE, (record_id, *_columns(asked))))
    return statements


def move_head(record_id: UUID, detected_seq: int, stepped_to: datetime | None) -> Statement:
    """Detection has read up to a number, and moments up to a time: no later entry is recorded before that."""
    return _MOVE_HEAD, (detected_seq, stepped_to, record_id, record_id)


def _columns(moments: Sequence[DueMoment]) -> tuple[list[Any], ...]:
    return (
        [moment.at for moment in moments],
        [moment.number for moment in moments],
        [moment.index for moment in moments],
        [moment.cause for moment in moments],
    )
