"""Make every projection again from the entries, beside those that stand, and say where the two are not the same.

Each record is made at one head, in one snapshot of the database: entries that arrive meanwhile are in neither of the
two, and posts and detection go on. With `swap` what was made is put in the place of what stands, record by record, each
in one transaction and only while its head is still the one at which it was made.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import make_url

from ledger.services.detect import Packs
from ledger.services.rebuild_record import Made, Place, erased_of, fill, place_of
from ledger.store.append import Driver
from ledger.store.database import connect_engine, driver_of, driver_url
from ledger.store.rebuilding import (
    ROLE,
    SECOND,
    Compared,
    Difference,
    Schema,
    act_to_rebuild,
    clear,
    compare,
    count_strays,
    drop_second,
    keep_erased,
    make_second,
    swap,
)
from ledger.store.tables.sorts import OF_CHILDREN, OF_PARTNERSHIPS
from ledger.store.trip import ask

#: How often one record is tried again whose head moved on while it was made, or that differs from what is made of it.
_TRIES: Final = 4
#: So many records' rows are in the second schema at most.
_ROOM: Final = 200
_ALONE: Final = "SELECT pg_try_advisory_lock(hashtextextended('ledger_rebuild', 7205915))"
_PAGE: Final = 500
#: Of every record beside its tables: when something in it is due next, which its head repeats.
NEXT_DUE: Final = "heads.next_due_at"

_PARTNERSHIPS: Final = "SELECT record_id FROM ledger.heads WHERE kind = 'partnership' ORDER BY record_id"
_TRY: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s::text, 7205914))"
_LOCK: Final = "SELECT record_id FROM ledger.heads WHERE record_id = %s FOR NO KEY UPDATE"
_NEXT_DUE: Final = "UPDATE ledger.heads SET next_due_at = %s WHERE record_id = %s"

_log = structlog.get_logger("ledger.rebuild")


class InUseError(Exception):
    """Another rebuild is under way on this ledger."""


@dataclass(frozen=True, slots=True)
class Remade:
    """What was found of one record, or (without a name) of the partnerships together: up to which of its numbers.

    `why`: it could not be made, or not be swapped; empty where it could.
    """

    pseudonym: str
    head: int
    tables: tuple[Compared, ...]
    is_swapped: bool = False
    why: str = ""

    @property
    def differences(self) -> Iterator[Difference]:
        """The rows that are not the same."""
        return (one for table in self.tables for one in table.differences)


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """One rebuild under way. `named`: records' ids or pseudonyms; all where it is empty."""

    driver: Driver
    packs: Packs
    swaps: bool
    named: Sequence[str] = ()

    def count(self) -> int:
        """How many children's records there are to go through."""
        where, parameters = self._where()
        [(count,)] = ask(self.driver, f"SELECT count(*) FROM ledger.heads h WHERE {where}", parameters)  # noqa: S608
        self.driver.commit()
        return int(count)

    def partnerships(self) -> Remade:
        """The partnerships' own records first: what is made of the children's takes from them."""
        for _ in range(_TRIES - 1):
            try:
                return self._partnerships()
            except psycopg.errors.SerializationFailure:
                continue  # an agency was added, or a role given, meanwhile
        return self._partnerships()

    def _partnerships(self) -> Remade:
        with self.driver.transaction():
            act_to_rebuild(self.driver)
            places = ask(self.driver, _PARTNERSHIPS)
            for table in OF_PARTNERSHIPS:
                ask(self.driver, f"DELETE FROM {SECOND}.{table}")  # noqa: S608 - constants alone
            for (record_id,) in places:
                place = place_of(self.driver, record_id)
                if place is not None:
                    fill(self.driver, Schema(SECOND), place, self.packs)
            compared = tuple(compare(self.driver, table, None) for table in OF_PARTNERSHIPS)
            differ = [one.table for one in compared if one.differences]
            if not (self.swaps and differ):
                return Remade("", len(places), compared)
            for (record_id,) in places:
                ask(self.driver, _LOCK, (record_id,))
            for table in differ:
                swap(self.driver, table, None)
            return Remade("", len(places), compared, is_swapped=True)

    def records(self) -> Iterator[Remade]:
        """Each child's record, in the order of their pseudonyms."""
        after, done = "", 0
        where, parameters = self._where()
        query = f"SELECT record_id, pseudonym FROM ledger.heads h WHERE {where} AND pseudonym > %s ORDER BY 2 LIMIT %s"  # noqa: S608
        while True:
            page = ask(self.driver, query, (*parameters, after, _PAGE))
            self.driver.commit()
            for record_id, pseudonym in page:
                yield self._record(record_id, pseudonym)
                done += 1
                if done % _ROOM == 0:
                    with self.driver.transaction():
                        tables = ", ".join(f"{SECOND}.{table}" for table in OF_CHILDREN)
                        self.driver.execute(f"TRUNCATE {tables}".encode())
            if len(page) < _PAGE:
                return
            after = page[-1][1]

    def strays(self) -> Remade:
        """Rows of records that are not there."""
        with self.driver.transaction():
            act_to_rebuild(self.driver)
            return Remade("", 0, tuple(count_strays(self.driver)))

    # ── one record ──

    def _record(self, record_id: UUID, pseudonym: str) -> Remade:
        remade = Remade(pseudonym, 0, ())
        for trial in range(_TRIES):
            try:
                remade = self._try(record_id, pseudonym)
            except (psycopg.errors.SerializationFailure, psycopg.errors.LockNotAvailable):
                continue  # its head moved on, or somebody holds it
            except psycopg.OperationalError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others are made
                _log.error("a record could not be made again", record=str(record_id), exc_info=error)
                return Remade(pseudonym, remade.head, (), why="it could not be made again; the log says why")
            if not any(remade.differences) or remade.is_swapped:
                return remade
            if trial == 0:
                self.partnerships()  # a pack put in force, or an agency added, since these were made
        if self.swaps and not remade.why:
            return Remade(pseudonym, remade.head, remade.tables, why="its head moved on each time; try again")
        return remade

    def _try(self, record_id: UUID, pseudonym: str) -> Remade:
        # Without a swap nothing of it need last, in the second schema either.
        with self.driver.transaction(force_rollback=not self.swaps):
            act_to_rebuild(self.driver)
            place = place_of(self.driver, record_id)
            if place is None:
                return Remade(pseudonym, 0, (), why="there is no such record")
            made = self._fill(place)
            compared = (*(compare(self.driver, one, record_id) for one in OF_CHILDREN), _compare_due(place, made))
            differ = [one.table for one in compared if one.differences]
            if not (self.swaps and differ and self._holds(record_id)):
                return Remade(pseudonym, place.head_seq, compared)
            for table in differ:
                if table != NEXT_DUE:
                    swap(self.driver, table, record_id)
            ask(self.driver, _NEXT_DUE, (made.next_due_at, record_id))
            return Remade(pseudonym, place.head_seq, compared, is_swapped=True)

    def _fill(self, place: Place) -> Made:
        clear(self.driver, OF_CHILDREN, SECOND, place.record_id)
        erased = erased_of(self.driver, place)
        if erased:
            keep_erased(self.driver, place.record_id, erased)
        return fill(self.driver, Schema(SECOND), place, self.packs)

    def _holds(self, record_id: UUID) -> bool:
        """Take the record from detection and from posts; not where detection has it just now.

        Raises SerializationFailure where its head has moved on since it was read.
        """
        [(is_mine,)] = ask(self.driver, _TRY, (str(record_id),))
        if is_mine:
            ask(self.driver, _LOCK, (record_id,))
        return bool(is_mine)

    def _where(self) -> tuple[str, tuple[Any, ...]]:
        if not self.named:
            return "h.kind = 'child'", ()
        names = list(self.named)
        return "h.kind = 'child' AND (h.pseudonym = ANY (%s) OR h.record_id::text = ANY (%s))", (names, names)


def _compare_due(place: Place, made: Made) -> Compared:
    is_same = place.next_due_at == made.next_due_at
    return Compared(NEXT_DUE, 1, () if is_same else (Difference(NEXT_DUE, "different", ""),))


@contextmanager
def rebuilding(database_url: str, packs: Packs, *, swaps: bool, named: Sequence[str] = ()) -> Iterator[Rebuilding]:
    """A rebuild with its second schema, which goes when it ends. `database_url` is that of whoever migrates.

    Raises InUseError, and what a database that is away or does not let us raises.
    """
    engine = connect_engine(database_url, ROLE, pool_size=1)
    plain = make_url(driver_url(database_url)).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as owner:
        [is_alone] = owner.execute(_ALONE).fetchone() or (False,)
        if not is_alone:
            raise InUseError
        make_second(owner)
        try:
            with driver_of(engine) as driver:
                for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
                    driver.execute(f"SET {name} = 0".encode())
                driver.commit()
                driver.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                yield Rebuilding(driver, packs, swaps, named)
        finally:
            engine.dispose()
            drop_second(owner)
