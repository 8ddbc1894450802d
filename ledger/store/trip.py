"""One round trip to the server: statements that are sent by one write and answered by one read.

The driver's own pipeline writes, and looks for answers, after every statement, which cost an append more than all else
it did. Here the pipeline mode of the library below it is used as it is; values and rows are still the driver's to
translate.

Each statement is prepared once a connection. A `rollback()` of the driver may drop without a word what was prepared.
So only a transaction that a trip began uses prepared statements: where they are gone its first one fails, BEGIN, before
anything was done, and the trip is made again. In a transaction that the driver began nothing is prepared.
"""

import re
import select
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result

Driver = psycopg.Connection[tuple[Any, ...]]
Rows = list[tuple[Any, ...]]

#: More shapes of statements than this are not prepared; there are some dozens.
_PREPARED_MOST = 300
_PLACE = re.compile(r"%([sb])")
_FORMATS = {"s": PyFormat.TEXT, "b": PyFormat.BINARY}
#: The types of whole numbers. They are left open: where a number stands says which of them it is.
_NUMBERS = frozenset({20, 21, 23})

#: A statement as it is written, and the types of its values.
_Shape = tuple[str, tuple[int, ...]]
_Values = Sequence[Any]

_BEGIN: tuple[_Shape, _Values] = (("BEGIN", ()), ())
_COMMIT: tuple[_Shape, _Values] = (("COMMIT", ()), ())

#: What says who acts, and for whom they look: NULL outside of a transaction that set any of it.
LEFT: Final = ", ".join(
    f"nullif(current_setting('{name}', true), '')" for name in ("ledger.party", "ledger.person", "ledger.sought")
)
# Asked after the commit and in the same trip, so that whoever hands the connection back need not ask again.
_LEFT: tuple[_Shape, _Values] = ((f"SELECT num_nonnulls({LEFT})", ()), ())


@dataclass(slots=True)
class _Session:
    """What trips know of one connection: the names of what is prepared, and whether a trip began the transaction."""

    names: dict[_Shape, bytes] = field(default_factory=dict)
    has_begun: bool = False
    #: The last that was done on it was a commit, after which nothing said any more who acts.
    is_clean: bool = False


_sessions: WeakKeyDictionary[Driver, _Session] = WeakKeyDictionary()
_numbers = count()


@lru_cache(maxsize=_PREPARED_MOST)
def _spelt(statement: str) -> tuple[bytes, tuple[PyFormat, ...], tuple[pq.Format, ...]]:
    """The statement with numbered places, and the format of each: `%s` a value as text, `%b` bytes as they are."""
    numbers = count(1)
    spelt = _PLACE.sub(lambda _: f"${next(numbers)}", statement)
    formats = tuple(_FORMATS[kind] for kind in _PLACE.findall(statement))
    return spelt.encode(), formats, tuple(PyFormat.as_pq(kind) for kind in formats)


class Trip:
    """Statements for one round trip, in order. The connection may be in a transaction or not, but in no pipeline."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._session = _sessions.setdefault(driver, _Session())
        self._translator = Transformer(driver)
        self._statements: list[tuple[_Shape, _Values]] = []

    def add(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """Add a statement, always a constant of its module; returns where its answer will stand."""
        values = self._translator.dump_sequence(parameters, _spelt(statement)[1])
        types = tuple(0 if kind in _NUMBERS else kind for kind in self._translator.types or ())
        self._statements.append(((statement, types), values))
        return len(self._statements) - 1

    def go(self, *, commit: bool = False) -> list[Rows]:
        """Make the trip, in the open transaction or one that it begins; the rows that each statement answered.

        Raises what the driver raises for the first statement that fails; rolling back is the caller's.
        """
        statements = [*self._statements, _COMMIT, _LEFT] if commit else self._statements
        self._session.is_clean = False
        try:
            if self._driver.pgconn.transaction_status == pq.TransactionStatus.IDLE:
                results = self._begin(statements)
            else:
                results = self._exchange(statements)
        except BaseException:
            self._session.has_begun = False
            raise
        if commit:
            self._session.has_begun = False
            self._session.is_clean = self._rows(results[-1]) == [(0,)]
        return [self._rows(result) for result in results[: len(self._statements)]]

    def _begin(self, statements: Sequence[tuple[_Shape, _Values]]) -> list[pq.abc.PGresult]:
        self._session.has_begun = True
        try:
            return self._exchange([_BEGIN, *statements])[1:]
        except InvalidSqlStatementName:
            self._driver.rollback()
            return self._exchange([_BEGIN, *statements])[1:]

    def _exchange(self, statements: Sequence[tuple[_Shape, _Values]]) -> list[pq.abc.PGresult]:
        """The result of each statement. Raises the first error there is among them."""
        pgconn, fresh = self._driver.pgconn, dict[_Shape, bytes]()
        expected: list[bool] = []  # of each result, whether it is a statement's, and not of its preparing
        with self._driver.lock:
            pgconn.enter_pipeline_mode()
            try:
                for shape, values in statements:
                    expected += self._send(pgconn, shape, values, fresh)
                pgconn.pipeline_sync()
                results = _collect(pgconn)
            finally:
                if pgconn.status == pq.ConnStatus.OK:
                    pgconn.exit_pipeline_mode()
        for result in results:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                error = error_from_result(result, encoding="utf-8")
                if isinstance(error, InvalidSqlStatementName):
                    self._session.names.clear()
                raise error
        self._session.names.update(fresh)
        return [result for result, is_answer in zip(results, expected, strict=True) if is_answer]

    def _send(
        self, pgconn: pq.abc.PGconn, shape: _Shape, values: _Values, fresh: dict[_Shape, bytes]
    ) -> tuple[bool, ...]:
        """Put one statement into the library's buffer, prepared where it can be."""
        (statement, types), names = shape, self._session.names
        spelt, _, formats = _spelt(statement)
        name = names.get(shape) or fresh.get(shape) if self._session.has_begun else None
        if name is not None:
            pgconn.send_query_prepared(name, values, param_formats=formats, result_format=pq.Format.BINARY)
            return (True,)
        if not self._session.has_begun or len(names) + len(fresh) >= _PREPARED_MOST:
            pgconn.send_query_params(
                spelt, values, param_types=types, param_formats=formats, result_format=pq.Format.BINARY
            )
            return (True,)
        name = fresh[shape] = b"trip_%d" % next(_numbers)
        pgconn.send_prepare(name, spelt, types)
        pgconn.send_query_prepared(name, values, param_formats=formats, result_format=pq.Format.BINARY)
        return (False, True)

    def _rows(self, result: pq.abc.PGresult) -> Rows:
        if not result.ntuples:
            return []
        self._translator.set_pgresult(result)
        return self._translator.load_rows(0, result.ntuples, tuple)


def ask(driver: Driver, statement: str, parameters: Sequence[Any] = ()) -> Rows:
    """The rows of one statement, which is a trip of its own."""
    trip = Trip(driver)
    trip.add(statement, parameters)
    return trip.go()[0]


def was_left_clean(driver: Driver) -> bool:
    """Whether the last thing done on a connection was a trip that committed and left nobody's name; asked once."""
    session = _sessions.get(driver)
    if session is None or not session.is_clean:
        return False
    session.is_clean = False
    return True


def _collect(pgconn: pq.abc.PGconn) -> list[pq.abc.PGresult]:
    """Send what is buffered, reading what the server says meanwhile, and take every result up to the sync."""
    wire = select.poll()
    wire.register(pgconn.socket, select.POLLIN | select.POLLOUT)
    while pgconn.flush():
        if any(event & ~select.POLLOUT for _, event in wire.poll()):
            pgconn.consume_input()
    wire.modify(pgconn.socket, select.POLLIN)
    results: list[pq.abc.PGresult] = []
    was_end = False
    while True:
        while pgconn.is_busy():
            wire.poll()
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:  # the end of one statement's results
            if was_end:
                raise psycopg.OperationalError("the connection ended in the middle of an answer")
        elif result.status == pq.ExecStatus.PIPELINE_SYNC:
            return results
        else:
            results.append(result)
        was_end = result is None
