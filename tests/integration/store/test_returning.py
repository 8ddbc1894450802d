"""What goes back to the pool: a connection that anything was left on is not used again."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from ledger.store.append import append_with, lock, release
from ledger.store.database import connect_engine
from ledger.store.party import act_for
from ledger.store.trip import Driver
from tests.integration.store.wire import CountingWire
from tests.partnership import Partnership

_PID = text("SELECT pg_backend_pid()")


@pytest.fixture
def engine(partnership: Partnership) -> Iterator[Engine]:
    """A serving engine with a single connection."""
    made = connect_engine(partnership.database_url, "ledger_web", pool_size=1)
    yield made
    made.dispose()


def pid(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(_PID) or 0)


@pytest.mark.parametrize(
    "left",
    [
        "SELECT set_config('ledger.party', 'csc', false)",
        "SELECT set_config('ledger.person', '00000000-0000-0000-0000-000000000005', false)",
        "SELECT set_config('ledger.sought', 'nhs:9990000018', false)",
        "SET ledger.party = 'csc'",
        "SET ROLE ledger_worker",
        "SET ROLE NONE",
        "SET row_security = off",
    ],
)
def test_what_is_left_on_a_connection_ends_it(engine: Engine, left: str) -> None:
    """A setting that outlived its transaction goes with its connection; that is logged, and who it said is not."""
    before = pid(engine)
    with structlog.testing.capture_logs() as logs, engine.connect() as connection:
        connection.execute(text(left))
        connection.commit()
    assert [line["log_level"] for line in logs] == ["error"]
    assert not [word for word in ("csc", "9990000018", "0005", "worker") if word in str(logs)]
    with engine.connect() as connection:
        assert connection.scalar(_PID) != before
        assert connection.execute(text("SELECT ledger.party(), current_user")).one() == (None, "ledger_web")


def test_a_connection_on_which_nothing_is_left_is_kept(engine: Engine) -> None:
    """However a request ends, its connection serves the next; nothing is logged."""
    before = pid(engine)
    with structlog.testing.capture_logs() as logs:
        with engine.connect() as connection:
            act_for(connection, "hv")
        with engine.begin() as connection:
            act_for(connection, "hv")
        for end in (None, LookupError()):

            def act(driver: Driver, end: Exception | None = end) -> None:
                lock(driver, "hv", sought=["nhs:9990000018"])
                if end is not None:
                    raise end
                release(driver)

            if end is None:
                append_with(engine, act)
            else:
                with pytest.raises(LookupError):
                    append_with(engine, act)
        assert pid(engine) == before
    assert logs == []


def test_a_broken_connection_is_no_leak(partnership: Partnership, engine: Engine) -> None:
    """One that the server ended goes quietly, and another takes its place."""
    before = pid(engine)
    with structlog.testing.capture_logs() as logs, suppress(DBAPIError), engine.connect() as connection:
        act_for(connection, "hv")
        with partnership.engine("none").begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": before})
    assert logs == []
    assert pid(engine) != before


def test_an_append_pays_no_trip_for_it(partnership: Partnership) -> None:
    """What was left is asked in the last trip of an append, and in one of its own after anything else."""
    with CountingWire(partnership.database_url) as wire:
        engine = connect_engine(wire.url, "ledger_web", pool_size=1)

        def act(driver: Driver) -> None:
            wire.taken()
            lock(driver, "hv")
            release(driver)

        append_with(engine, act)
        assert wire.taken() == 2
        with engine.connect() as connection:
            wire.taken()
            act_for(connection, "hv")
            connection.commit()
            asked = wire.taken()
        assert wire.taken() == 1
        assert asked == 3, "BEGIN, who acts, COMMIT"
        engine.dispose()
