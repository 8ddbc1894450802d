import contextlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from ledger.store import clock
from ledger.store.append import ContendedError, append_with, lock
from ledger.store.database import (
    UnfitRoleError,
    check_serving_role,
    connect_engine,
    transaction,
)
from ledger.store.migrate import ROLES
from ledger.store.party import act_for, seek
from tests.partnership import Partnership, stored
from tests.sizes import database_examples

START = datetime(2023, 10, 5, 9, tzinfo=UTC)


@pytest.fixture
def engine(partnership: Partnership) -> Iterator[Engine]:
    """A serving engine with a single connection, which everybody takes turns on."""
    made = connect_engine(partnership.database_url, "ledger_web", pool_size=1)
    yield made
    made.dispose()


def agencies_seen(connection: Connection) -> set[str]:
    return set(connection.scalars(text("SELECT agency_id FROM ledger.contents")))


def leave(connection: Connection, chance: random.Random) -> None:
    """End a transaction in one of the ways in which transactions end."""
    match chance.randrange(6):
        case 0:
            pass  # commit
        case 1:
            connection.rollback()
        case 2:
            raise LookupError("the request failed")
        case 3:
            connection.execute(text("SELECT 1/0"))
        case 4:
            with connection.begin_nested() as savepoint:
                act_for(connection, "csc")
                seek(connection, ["nhs:9990000018"])
                savepoint.rollback()
        case _:
            connection.execute(text("SET LOCAL statement_timeout = 1"))
            connection.execute(text("SELECT pg_sleep(1)"))


def test_no_identity_is_left_in_the_pool(partnership: Partnership, engine: Engine) -> None:
    """On one shared connection, however each request ends, the next has no identity until it takes its own."""
    child = partnership.child("hv")
    for agency in ("hv", "csc", "gp"):
        stored(partnership.post("/observations", partnership.observation(child), agency))
    chance = random.Random(7)
    pids = set()
    for _ in range(database_examples() * 10):
        party = chance.choice(["hv", "csc", "gp"])
        try:
            with engine.connect() as connection:
                pids.add(connection.scalar(text("SELECT pg_backend_pid()")))
                assert agencies_seen(connection) == set(), "somebody else's identity was still there"
                assert connection.execute(text("SELECT FROM ledger.identifiers")).rowcount == 0
                act_for(connection, party)
                assert agencies_seen(connection) == {party}
                leave(connection, chance)
        except (LookupError, DBAPIError):
            continue
    assert len(pids) == 1, "it was one connection all along"


def test_an_append_leaves_no_identity(partnership: Partnership, engine: Engine) -> None:
    """An append that ended well, was refused, or broke off leaves a connection with no party and no transaction."""
    for end in (None, RuntimeError("broken off"), ContendedError()):

        def act(driver: object, end: Exception | None = end) -> None:
            lock(driver, "hv", sought=["nhs:9990000018"])  # type: ignore[arg-type]
            if end is not None:
                raise end

        with contextlib.suppress(RuntimeError, ContendedError):
            append_with(engine, act)
        with engine.connect() as connection:
            settings = connection.execute(
                text("SELECT current_setting('ledger.party', true), current_setting('ledger.sought', true)")
            ).one()
            assert not any(settings)
            # Each statement by itself would end a setting that is local to its transaction.
            act_for(connection, "hv")
            assert connection.scalar(text("SELECT ledger.party()")) == "hv"


def test_identity_is_not_switched_inside_a_savepoint(partnership: Partnership, engine: Engine) -> None:
    """Rolling back to a savepoint restores the party that was acting before it, and default is nobody."""
    with engine.connect() as connection:
        act_for(connection, "hv")
        with connection.begin_nested() as savepoint:
            act_for(connection, "csc")
            savepoint.rollback()
        assert connection.scalar(text("SELECT ledger.party()")) == "hv"
        connection.commit()
        assert connection.scalar(text("SELECT ledger.party()")) is None


@pytest.mark.parametrize("role", ROLES)
def test_a_working_role_may_serve(partnership: Partnership, role: str) -> None:
    """Each role that does work is found fit."""
    check_serving_role(partnership.engine(role))


@pytest.mark.parametrize("role", ["ledger_owner", "none"])
def test_the_owner_does_not_serve(partnership: Partnership, role: str) -> None:
    """A process that would act as the owner, or as the migrating user who may become it, refuses to serve."""
    engine = connect_engine(partnership.database_url, role)
    with pytest.raises(UnfitRoleError, match="owns"):
        check_serving_role(engine)
    engine.dispose()


@pytest.mark.parametrize("role", ["none", "ledger_web"])
def test_a_superuser_does_not_serve(superuser_url: str, role: str) -> None:
    """A superuser refuses, even one who has taken a working role, for it can lay the role down again."""
    engine = connect_engine(superuser_url, role)
    with pytest.raises(UnfitRoleError, match="superuser"):
        check_serving_role(engine)
    engine.dispose()


def test_a_serving_connection_gives_up_in_time(partnership: Partnership, engine: Engine) -> None:
    """Every connection of a serving engine bounds its waits and looks in no schema but the ledger's."""
    with engine.connect() as connection:
        wanted = {"lock_timeout": "2s", "statement_timeout": "30s", "TimeZone": "UTC", "search_path": "ledger,pg_temp"}
        for name, value in wanted.items():
            assert connection.scalar(text("SELECT current_setting(:name)"), {"name": name}) == value
        assert connection.scalar(text("SELECT current_user")) == "ledger_web"


# --- the clock -------------------------------------------------------------------------------------------------------


def test_the_clock_of_a_demonstration_moves_forward_alone(database_url: str) -> None:
    """Every process reads the moved clock; it moves forward and never back."""
    partnership = Partnership(database_url, clock_at=START)
    admin = partnership.engine("ledger_admin")
    with transaction(admin, party="ledger") as connection:
        clock.move(connection, START + timedelta(days=3))
    for role in ROLES:
        with partnership.acting(role) as connection:
            assert clock.now(connection) == START + timedelta(days=3)
    with pytest.raises(DBAPIError, match="only moves forward"), transaction(admin, party="ledger") as connection:
        clock.move(connection, START)
    partnership.close()


def test_only_a_demonstration_has_a_clock_to_move(database_url: str) -> None:
    """The database refuses a moved clock to any other ledger, and to become a demonstration later or cease to be."""
    admin = connect_engine(database_url, "ledger_admin", pool_size=1)
    insert = "INSERT INTO ledger.ledger_state (demonstration, origin, clock_at) VALUES (false, 'x', {})"
    with pytest.raises(DBAPIError, match="only_a_demonstration_moves_its_clock"), admin.begin() as connection:
        connection.execute(text(insert.format("now()")))
    with admin.begin() as connection:
        connection.execute(text(insert.format("NULL")))
    with pytest.raises(DBAPIError, match="only_a_demonstration_moves_its_clock"), admin.begin() as connection:
        clock.move(connection, START)
    with admin.connect() as connection:
        assert abs(clock.now(connection) - datetime.now(UTC)) < timedelta(minutes=1)
    admin.dispose()
    owner = connect_engine(database_url, "ledger_owner", pool_size=1)
    for change in ("demonstration = true", "origin = 'y'"):
        with pytest.raises(DBAPIError, match="first entry"), owner.begin() as connection:
            connection.execute(text(f"UPDATE ledger.ledger_state SET {change}"))
    owner.dispose()


@pytest.mark.parametrize("role", ["ledger_web", "ledger_worker", "ledger_auditor"])
def test_no_serving_role_moves_the_clock(database_url: str, role: str) -> None:
    """Only the administrator's command line may move a demonstration's clock."""
    partnership = Partnership(database_url, clock_at=START)
    with partnership.acting(role) as connection, pytest.raises(DBAPIError, match="permission denied"):
        clock.move(connection, START + timedelta(days=1))
    partnership.close()
