"""Bring what waits: open findings of rules that came live, of which nobody was told while the rule was in shadow.

Each is brought once, by the id that its alert always has, to whoever is accountable now; its clock begins now.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from ledger.domain.entry import Chance
from ledger.domain.finding import basis_from_mapping
from ledger.domain.interruption import alert_tier
from ledger.domain.pack import Pack
from ledger.domain.pack_alerts import Tier
from ledger.services.bring_alerts import Brought, involvement, raised_alert
from ledger.services.detect import Packs
from ledger.services.line import line_of, line_reads
from ledger.services.project import project_detected
from ledger.services.told import Told
from ledger.services.write_own import own_draft
from ledger.store.alert_keeping import keeping_reads, read_kept, take_record, waiting_in, waiting_records
from ledger.store.append import Draft, Driver, Stored, appending, lock, place, write
from ledger.store.database import SYSTEM

#: How many findings are asked for at once.
CHUNK: Final = 100
_TICK: Final = timedelta(microseconds=1)


def records_waiting(driver: Driver, without: Collection[UUID] = ()) -> list[UUID]:
    """Records in which something is to be brought to somebody, but for some. Ends its transaction."""
    return waiting_records(driver, CHUNK, without)


def bring_waiting(driver: Driver, record_id: UUID, packs: Packs, chance: Chance) -> int:
    """Bring what waits in one record; how many entries that took. Raises ContendedError."""
    with appending(driver):
        kept = take_record(driver, record_id, [])
        if kept is None or kept.place.digest is None:
            driver.rollback()
            return 0
        reads = [*keeping_reads(record_id), waiting_in(record_id), *line_reads(record_id)]
        locked = lock(driver, SYSTEM, records=[record_id], reads=reads)
        again = read_kept(locked.answers)
        assert again is not None, "a record does not go away"
        rows, *answers = again.rest
        pack, head = packs(again.place.digest or ""), locked.heads[record_id]
        line, involved = line_of(answers, pack), set[str]()
        placed: list[tuple[Draft, Stored]] = []
        entries: list[Told] = []
        for row in rows:
            finding, raised_at = row[0], row[-1]
            now = max(locked.clock, head.last_recorded_at + _TICK)
            brought = raised_alert(finding, raised_at, _tier(row, pack), line, now)
            for kind, event_id, body in _sayings(record_id, brought, line.involved | involved, head.number):
                draft = own_draft(record_id, kind, event_id, body, chance)
                placed.append((draft, place(head, draft, locked.clock)))
                entries.append(Told.of(placed[-1][1], SYSTEM, kind, body))
            involved.add(brought.holder.agency)
        write(driver, locked.heads, placed, statements=project_detected(entries))
        return len(placed)


def _sayings(
    record_id: UUID, brought: Brought, involved: frozenset[str] | set[str], number: int
) -> Sequence[tuple[str, str, dict[str, Any]]]:
    said = (brought.kind, brought.event_id, brought.body)
    return [said] if brought.holder.agency in involved else [involvement(record_id, brought, number), said]


def _tier(row: Sequence[Any], pack: Pack) -> Tier:
    _, rule, kind, sides, evidence, certain, change_since, is_stale, marks, _ = row
    basis = basis_from_mapping(
        {
            "kind": kind,
            "sides": sides,
            "evidence": evidence,
            "certain": certain,
            "change_since": None if change_since is None else change_since.isoformat(),
            "is_stale": is_stale,
            "marks": marks,
        }
    )
    return alert_tier(basis, rule, pack)
