"""Trips: what they answer, what they cost, and that nothing the driver does meanwhile leads them astray."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from ledger.store.trip import Driver, Trip, ask
from tests.integration.store.wire import CountingWire

_PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'trip%'"


def _plain(url: str) -> str:
    return url.replace("+psycopg", "", 1)


@pytest.fixture
def driver(database_url: str) -> Iterator[Driver]:
    """A connection as the pool would give it."""
    with psycopg.connect(_plain(database_url)) as driver:
        yield driver


def test_values_come_back_as_they_were_sent(driver: Driver) -> None:
    """Every type that a statement carries goes there and back, None and empty lists included."""
    values = [
        7, 2**40, True, None,
        "text with ' and \\ and £", b"\x00\xff", UUID(int=5), datetime(2024, 3, 9, 14, 30, tzinfo=UTC),
        ["a", 'b"c', ""], [], {"a": [1, None]},
    ]  # fmt: skip
    [[row]] = _one_trip(
        driver,
        "SELECT %s::smallint, %s::bigint, %s::boolean, %s::text, %s::text, %b::bytea, %s::uuid, %s::timestamptz, "
        "%s::text[], %s::uuid[], %s::jsonb",
        [Jsonb(value) if isinstance(value, dict) else value for value in values],
    )
    assert list(row) == values


def _one_trip(driver: Driver, statement: str, values: list[object]) -> list[list[tuple[object, ...]]]:
    trip = Trip(driver)
    trip.add(statement, values)
    return trip.go()


def test_answers_stand_where_their_statements_did(driver: Driver) -> None:
    """Statements that answer nothing and ones that answer much keep their places, prepared by the way or before."""
    for _ in range(3):
        trip = Trip(driver)
        trip.add("CREATE TEMPORARY TABLE t (n int) ON COMMIT DROP")
        trip.add("INSERT INTO t SELECT generate_series(1, %s)", (1000,))
        many = trip.add("SELECT n FROM t ORDER BY n")
        none = trip.add("SELECT n FROM t WHERE n < 0")
        answers = trip.go(commit=True)
        assert answers[many] == [(n,) for n in range(1, 1001)]
        assert answers[none] == []


def test_a_trip_is_one_round_trip(database_url: str) -> None:
    """Beginning, preparing and committing cost no trip of their own, the first time or later."""
    with CountingWire(database_url) as wire, psycopg.connect(_plain(wire.url)) as driver:
        for _ in range(3):
            wire.taken()
            trip = Trip(driver)
            for _ in range(5):
                trip.add("SELECT 1")
            trip.add("SELECT %s::text", ("x",))
            trip.go(commit=True)
            assert wire.taken() == 1


def test_more_than_both_ends_can_hold(driver: Driver) -> None:
    """Megabytes in both directions at once do not make client and server wait for each other."""
    large = os.urandom(3_000_000)
    trip = Trip(driver)
    for _ in range(4):
        trip.add("SELECT %b::bytea", (large,))
    assert trip.go() == [[(large,)]] * 4


def test_the_first_error_is_raised_and_nothing_stays(driver: Driver) -> None:
    """What follows a statement that fails is not done, the commit included, and the connection goes on working."""
    ask(driver, "CREATE TEMPORARY TABLE kept (n int UNIQUE)")
    Trip(driver).go(commit=True)
    trip = Trip(driver)
    for _ in range(2):
        trip.add("INSERT INTO kept VALUES (%s)", (1,))
    with pytest.raises(psycopg.errors.UniqueViolation):
        trip.go(commit=True)
    driver.rollback()
    assert ask(driver, "SELECT count(*) FROM kept") == [(0,)]


def test_what_the_driver_drops_is_prepared_again(driver: Driver) -> None:
    """The driver's rollback may drop every prepared statement of the connection; the next transaction does not mind."""
    driver.prepare_threshold = 0
    for _ in range(3):
        assert ask(driver, "SELECT %s::text", ("x",)) == [("x",)]
        assert ask(driver, _PREPARED)[0][0] > 0
        driver.execute("SELECT 1")
        driver.rollback()
        left = driver.execute(_PREPARED).fetchone()
        assert left == (0,)
        driver.rollback()


def test_in_a_transaction_that_the_driver_began(driver: Driver) -> None:
    """There nothing is prepared, since what was prepared before may have been dropped unseen; the answers are right."""
    driver.prepare_threshold = 0
    ask(driver, "SELECT %s::text", ("x",))
    Trip(driver).go(commit=True)
    driver.execute("SELECT 1")
    driver.rollback()
    driver.execute("SELECT 1")
    assert ask(driver, "SELECT %s::text", ("y",)) == [("y",)]
    Trip(driver).go(commit=True)
    assert driver.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_connection_that_ends_under_way(driver: Driver, database_url: str) -> None:
    """The driver's own error says so, and the connection knows that it is closed."""
    [(pid,)] = ask(driver, "SELECT pg_backend_pid()")
    with psycopg.connect(_plain(database_url), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (pid,))
    with pytest.raises(psycopg.OperationalError):
        ask(driver, "SELECT 1")
    assert driver.closed
