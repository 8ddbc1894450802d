"""What had been found in a record by a point, and what today's rule pack makes of what was known then.

Today's pack is run over the entries up to the point, in memory, by the fold that the workers run; nothing is written.
It judges by all that was recorded, as detection does. What it finds is told as every finding is: by what the reader
sees of what it rests on, and not at all where that does not bear it out.

The fold may take seconds, so no transaction is open meanwhile: one checks, and records the look; another tells.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.entry import written_time
from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run as fold
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from ledger.services.compare_live import step_of
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked, findings_as_of
from ledger.services.load_state import as_projected
from ledger.services.past import Past, open_past, reopen
from ledger.services.read_findings import Rendered
from ledger.services.read_picture import open_findings
from ledger.services.refusal import NOT_AUDITED_HERE, RefusedError
from ledger.services.say_findings import CHECK_FAILED
from ledger.services.see import Reader
from ledger.store.findings import StoredFinding
from ledger.store.histories import history
from ledger.store.people import surroundings_of
from ledger.store.timeline import last_number

#: Opens a transaction in which the caller reads, and says as whom.
Opening = Callable[[], AbstractContextManager[tuple[Connection, Reader]]]
#: How many entries are run through again at most: some seconds' work.
STEPS_MOST: Final = 5_000


def find_then(
    context: Context, opening: Opening, record_id: UUID, asked: PointAsked, valid_at: datetime | None = None
) -> dict[str, Any]:
    """What was open at a point and what today's pack leaves open there. Writes the access record.

    ``valid_at``: at which moment clocks are read; None: at that of the point. Raises RefusedError.
    """
    if context.auditor is None:
        raise RefusedError(NOT_AUDITED_HERE.code, NOT_AUDITED_HERE.detail)
    with opening() as (connection, reader):
        past = open_past(connection, reader, record_id, asked, what="findings then", chance=context.chance)
        moment = valid_at or past.moment
        around = surroundings_of(connection, [record_id], at=0)[record_id]
    today = found_today(context.auditor, past, around, context.pack, moment)
    with opening() as (connection, reader):
        past = reopen(past, connection, reader)
        return _told(past, today, context.pack, moment)


def found_today(engine: Engine, past: Past, around: Surroundings, pack: Pack, moment: datetime) -> list[StoredFinding]:
    """What a pack leaves open of the entries up to a point, at a moment: as if it had been in force all along.

    The engine is the auditors'. Raises RefusedError for a record with too many entries to be run through at once.
    """
    entries = (entry for entry in history(engine, past.record_id) if entry.number <= past.point.number)
    steps = [step for entry in entries if (step := step_of(entry)) is not None]
    if len(steps) > STEPS_MOST:
        raise RefusedError(
            "record_too_long", f"at most {STEPS_MOST:,} entries are run through again; ask for an earlier point"
        )
    found = _left_open(steps, RecordState(record=str(past.record_id), around=around), pack, moment)
    return [_as_stored(finding, past) for finding in found]


def _left_open(steps: Sequence[EntryStep], state: RecordState, pack: Pack, moment: datetime) -> list[Finding]:
    for _, after, _ in fold(state, steps, pack, until=moment):
        state = after
    return sorted(state.findings.values(), key=lambda finding: (finding.raised_at, finding.id))


def _as_stored(finding: Finding, past: Past) -> StoredFinding:
    kept = as_projected(finding)
    return StoredFinding(
        kept.finding_id,
        past.record_id,
        kept.kind,
        kept.rule,
        kept.pack_version,
        kept.sides,
        kept.evidence,
        kept.certain,
        kept.change_since,
        kept.raised_at,
        past.point.number,
        is_stale=kept.is_stale,
        marks=kept.marks,
        key=kept.key,
    )


def _told(past: Past, today: Sequence[StoredFinding], pack: Pack, moment: datetime) -> dict[str, Any]:
    then = [one for one in open_findings(past.findings()) if one.kind != CHECK_FAILED]
    found, now = Rendered.of(past, then, pack).pairs, Rendered.of(past, today, pack).pairs
    keys_then, keys_now = {one.key for one in then}, {one.key for one in today}
    later = _found_later(past, [one for one, _ in now if one.key not in keys_then], pack)
    return past.head() | {
        "at": written_time(moment),
        "found": [told for _, told in found],
        "with_todays_pack": {
            "pack": {"name": pack.name, "version": pack.version},
            "added": [told | {"found_at": later.get(one.key)} for one, told in now if one.key not in keys_then],
            "gone": [told["finding"] for one, told in found if one.key not in keys_now],
            "same": [told["finding"] for one, told in found if one.key in keys_now],
        },
    }


def _found_later(past: Past, added: Sequence[StoredFinding], pack: Pack) -> dict[str, str]:
    """Of what was not found by then when the record came to say it, where it did and the reader may know."""
    keys = {one.key for one in added}
    if not keys:
        return {}
    everything = findings_as_of(past.connection, past.record_id, last_number(past.connection, past.record_id))
    firsts: dict[str, StoredFinding] = {}
    for finding in sorted(everything.values(), key=lambda one: one.opened_number):
        if finding.key in keys and finding.opened_number > past.point.number:
            firsts.setdefault(finding.key, finding.at(finding.opened_number))
    newest = replace(past, point=replace(past.point, number=last_number(past.connection, past.record_id)))
    return {one.key: written_time(one.raised_at) for one, _ in Rendered.of(newest, firsts.values(), pack).pairs}
