"""Many people on one pooled connection, whose requests end in every way in which requests end: no row crosses over."""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from ledger.store.append import Credential, Driver, append_with, lock, release
from ledger.store.database import connect_engine
from ledger.store.party import ACT, act_for, seek
from ledger.store.trip import Trip
from tests.partnership import Partnership, stored
from tests.sizes import interleaved

_SEEN = "SELECT record_id::text || '/' || number FROM ledger.contents"
_TIMEOUT = "SET LOCAL statement_timeout = 1"


@dataclass(frozen=True)
class Who:
    """Somebody who acts: an agency's system, or a person of it."""

    agency: str
    person: UUID | None = None


BROKE_THE_GLASS = Who("gp", UUID(int=5))
EVERYBODY = (Who("hv"), Who("csc"), Who("police"), Who("gp"), BROKE_THE_GLASS, Who("gp", UUID(int=6)))


@pytest.fixture
def engine(partnership: Partnership) -> Iterator[Engine]:
    """A serving engine with a single connection."""
    made = connect_engine(partnership.database_url, "ledger_web", pool_size=1)
    yield made
    made.dispose()


@pytest.fixture
def expected(partnership: Partnership) -> dict[Who, set[str]]:
    """Records with something of everybody's in them, and what each sees, asked on connections of their own."""
    first, second = partnership.child("hv", involve=["hv", "csc"]), partnership.child("csc", involve=["csc", "police"])
    for agency in ("hv", "csc", "gp", "police"):
        for child in (first, second):
            stored(partnership.post("/observations", partnership.observation(child), agency))
    with partnership.engine("ledger_worker").begin() as connection:
        connection.execute(
            text("INSERT INTO ledger.involvements (record_id, agency_id, number, person_id) VALUES (:r, 'gp', 1, :p)"),
            {"r": first, "p": BROKE_THE_GLASS.person},
        )
    found = {}
    for who in EVERYBODY:
        own = connect_engine(partnership.database_url, "ledger_web", pool_size=1)
        with own.connect() as connection:
            act_for(connection, who.agency, who.person)
            found[who] = set(connection.scalars(text(_SEEN)))
        own.dispose()
    assert found[BROKE_THE_GLASS] > found[Who("gp")] == found[Who("gp", UUID(int=6))]
    assert len({frozenset(seen) for seen in found.values()}) == 5
    return found


def leave(connection: Connection, chance: random.Random) -> None:
    """End a transaction that the driver began."""
    match chance.randrange(8):
        case 0:
            connection.commit()
        case 1:
            connection.rollback()
        case 2:
            raise LookupError("the request failed")
        case 3:
            connection.execute(text("SELECT 1/0"))
        case 4:  # a commit that fails, for the transaction has
            with pytest.raises(DBAPIError):
                connection.execute(text("SELECT 1/0"))
            connection.commit()
        case 5:
            with connection.begin_nested() as savepoint:
                act_for(connection, "csc", UUID(int=6))
                seek(connection, ["nhs:9990000018"])
                savepoint.rollback()
        case 6:
            connection.execute(text(_TIMEOUT))
            connection.execute(text("SELECT pg_sleep(1)"))
        case _:
            driver = cast("psycopg.Connection", connection.connection.driver_connection)
            timer = threading.Timer(0.001, driver.cancel_safe)
            timer.start()
            try:
                connection.execute(text("SELECT pg_sleep(0.05)"))
            finally:
                timer.join()


def by_driver(engine: Engine, who: Who, chance: random.Random) -> set[str]:
    """One request that reads, as pages and the interface do."""
    with engine.connect() as connection:
        assert connection.execute(text(_SEEN)).all() == [], "somebody else's identity was still there"
        assert connection.execute(text("SELECT ledger.party(), ledger.person()")).one() == (None, None)
        act_for(connection, who.agency, who.person)
        seen = set(connection.scalars(text(_SEEN)))
        leave(connection, chance)
    return seen


def by_trip(engine: Engine, who: Who, chance: random.Random) -> set[str]:
    """One request that appends, as posts do: by trips, in which everything is prepared."""
    seen: set[str] = set()
    way = chance.randrange(6)

    def act(driver: Driver) -> None:
        trip = Trip(driver)
        before = trip.add(_SEEN)
        trip.add(ACT, (who.agency, "" if who.person is None else str(who.person)))
        after = trip.add(_SEEN)
        if way == 0:
            trip.add("SELECT 1/0")
        answers = trip.go(commit=way == 1)
        assert answers[before] == [], "somebody else's identity was still there"
        seen.update(row[0] for row in answers[after])
        if way == 2:
            raise LookupError("refused under the lock")
        if way == 3:
            release(driver)
        if way == 4:
            Trip(driver).go(commit=True)

    if way == 5:

        def check(driver: Driver) -> None:
            wrong = Credential(who.agency, "no-such-key", b"\0" * 32)
            assert lock(driver, wrong, records=[uuid4()]).caller is None
            act(driver)

        append_with(engine, check)
    else:
        append_with(engine, act)
    return seen


@pytest.mark.timeout(900)
def test_no_row_crosses_over(partnership: Partnership, engine: Engine, expected: dict[Who, set[str]]) -> None:
    """Whoever is next sees what is theirs, and before they say who they are nothing, on one connection all along."""
    chance, pids, answered = random.Random(11), set(), 0
    ways: tuple[Callable[[Engine, Who, random.Random], set[str]], ...] = (by_driver, by_trip)
    for turn in range(interleaved()):
        who, way = chance.choice(EVERYBODY), chance.choice(ways)
        try:
            seen = way(engine, who, chance)
        except (LookupError, DBAPIError, psycopg.Error):
            pass
        else:
            if seen:
                answered += 1
                assert seen == expected[who], (turn, who)
        with engine.connect() as connection:
            pids.add(connection.scalar(text("SELECT pg_backend_pid()")))
    assert answered > interleaved() // 4
    assert len(pids) == 1, "a connection was thrown away: something was left on it"
