"""Once entries were erased, have what projections gathered from several entries be what those that are left make.

A row that repeats one entry goes with it. The child's details, the numbers it is found by, what is kept of open gaps
and what detection is still to look at are of many entries: they are made again, as a rebuild would make them, and so
nothing of what was erased is left in them. Done by the worker, which may only where an order is to be carried out.
"""

from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Engine

from ledger.services.detect import Packs
from ledger.services.project_record import details_of, sought_in
from ledger.services.rebuild_record import Place, folded_of, hold, left_of
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.database import driver_of
from ledger.store.detected import move_due
from ledger.store.detection import ReadEntry
from ledger.store.rebuilding import Schema
from ledger.store.trip import ask

_REGISTERS: Final = "child"
_DESCRIBE: Final = "UPDATE ledger.children SET details = %s, number = %s WHERE record_id = %s"
_FIND_NO_MORE: Final = "DELETE FROM ledger.identifiers WHERE record_id = %s AND NOT sought = ANY (%s::text[])"
_FORGET_GAPS: Final = "UPDATE ledger.findings SET gap = NULL WHERE record_id = %s AND gap IS NOT NULL"
_FORGET_DUE: Final = "DELETE FROM ledger.due_moments WHERE record_id = %s"
_NEXT_DUE: Final = "UPDATE ledger.heads SET next_due_at = %s WHERE record_id = %s"


def settle_erasure(engine: Engine, record_id: UUID, packs: Packs) -> None:
    """Make them again, in one transaction; posts to the record and its detection wait. `engine` acts as the worker.

    Raises what a step of detection raises that cannot be run; then nothing is changed.
    """
    with driver_of(engine) as driver, driver.transaction():
        ask(driver, "SET LOCAL statement_timeout = 0")
        place = hold(driver, record_id)
        if place is None:
            return
        schema, read = Schema(), list[ReadEntry]()
        child = _Child()
        for page in left_of(driver, schema, place):
            for told in page.told:
                child.take(told)
            read += page.read
        ask(driver, _DESCRIBE, (Jsonb(child.details), child.number, record_id))
        ask(driver, _FIND_NO_MORE, (record_id, child.sought))
        _fold(driver, schema, place, read, packs)


def _fold(driver: Driver, schema: Schema, place: Place, read: list[ReadEntry], packs: Packs) -> None:
    record_id = place.record_id
    folded = folded_of(driver, schema, place, read, packs)
    ask(driver, _FORGET_GAPS, (record_id,))
    ask(driver, _FORGET_DUE, (record_id,))
    if folded is not None:
        schema.run(driver, folded.gaps.statements(lambda one: schema.look(driver, one), place.detected_seq))
        schema.run(driver, move_due(record_id, (), folded.due))
    next_due = folded.due[0].at if folded is not None and folded.due else None
    ask(driver, _NEXT_DUE, (next_due, record_id))


class _Child:
    """What the entries that are left say of the child itself."""

    def __init__(self) -> None:
        self.details: dict[str, Any] = {}
        self.number = 1
        self.sought: list[str] = []

    def take(self, told: Told) -> None:
        """The next entry."""
        if told.kind != _REGISTERS:
            return
        if told.number == 1 or "changes" in told.body:
            self.details |= details_of(told.body)
            self.number = told.number
        self.sought += [one for one in sought_in(told.body, told.agency) if one is not None]
