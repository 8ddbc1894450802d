"""The projections that detection moves on: statements for the second trip of an append, each for one row or a few.

What an open finding rests on changes; nothing else of it does. Order matters only where one finding closes and another
opens on its question: the first must go first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from ledger.store.append import Statement
from ledger.store.detection import DueMoment, FailedCheck, OpenFinding

_INSERT_FINDING = """
    INSERT INTO ledger.findings (record_id, finding_id, question, kind, rule, pack_version, sides, evidence, certain,
        change_since, is_stale, marks, raised_at, opened_number, closed_number, outcome)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_UPDATE_FINDING = """
    UPDATE ledger.findings SET question = %s, kind = %s, sides = %s, evidence = %s, certain = %s, change_since = %s,
        is_stale = %s, marks = %s, closed_number = %s, outcome = %s
    WHERE finding_id = %s"""
_INSERT_ALERT = """
    INSERT INTO ledger.alerts (record_id, alert_id, finding_id, to_agency, to_person, raised_at, raised_number,
        ended_number)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""
_END_ALERT = "UPDATE ledger.alerts SET ended_number = %s WHERE finding_id = %s AND ended_number IS NULL"
_INSERT_LINK = """
    INSERT INTO ledger.links (record_id, number, index, kind, members, is_unlink)
    VALUES (%s, %s, %s, %s, %s, false)"""
_INVOLVE = "INSERT INTO ledger.involvements (record_id, agency_id, number) VALUES (%s, %s, %s)"
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


def insert_finding(record_id: UUID, finding: OpenFinding, opened: int, closed: int | None) -> Statement:
    """A finding that was opened, and perhaps closed again, by now."""
    return (
        _INSERT_FINDING,
        (
            record_id,
            finding.finding_id,
            finding.key,
            finding.kind,
            finding.rule,
            finding.pack_version,
            Jsonb(finding.sides),
            Jsonb(finding.evidence),
            finding.certain,
            finding.change_since,
            finding.is_stale,
            Jsonb(finding.marks),
            finding.raised_at,
            opened,
            closed,
            finding.outcome,
        ),
    )


def update_finding(finding: OpenFinding, closed: int | None) -> Statement:
    """What a known finding rests on now, and the entry that closed it."""
    return (
        _UPDATE_FINDING,
        (
            finding.key,
            finding.kind,
            Jsonb(finding.sides),
            Jsonb(finding.evidence),
            finding.certain,
            finding.change_since,
            finding.is_stale,
            Jsonb(finding.marks),
            closed,
            finding.outcome,
            finding.finding_id,
        ),
    )


def insert_alert(
    record_id: UUID, names: tuple[str, str], to: tuple[str, str | None], at: datetime, numbers: tuple[int, int | None]
) -> Statement:
    """An alert, named with its finding, to an agency and perhaps a person; `numbers` raised and, perhaps, ended it."""
    return _INSERT_ALERT, (record_id, *names, *to, at, *numbers)


def end_alert(finding_id: str, number: int) -> Statement:
    """The finding was closed, so its alert is over."""
    return _END_ALERT, (number, finding_id)


def insert_link(record_id: UUID, number: int, index: int, kind: str, members: Sequence[str]) -> Statement:
    """A link that an observation declares by giving somebody's role."""
    return _INSERT_LINK, (record_id, number, index, kind, list(members))


def involve(record_id: UUID, agency: str, number: int) -> Statement:
    """An agency has a part in the record from this entry on."""
    return _INVOLVE, (record_id, agency, number)


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
