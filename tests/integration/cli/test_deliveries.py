"""`ledger deliveries …` as operators meet it."""

from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from ledger.cli import main
from ledger.services.channel import Dead
from ledger.store.database import transaction
from tests.delivering import Deliveries, Saying
from tests.partnership import Partnership


@pytest.fixture
def deliveries(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> Deliveries:
    """Where the commands find the database."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    return Deliveries(partnership)


def run(*argv: str) -> tuple[int, str]:
    """The command's exit code, and what it said."""
    ran = CliRunner().invoke(main, ["deliveries", *argv])
    return ran.exit_code, ran.output


def change(deliveries: Deliveries, said: str) -> None:
    """What only the passing of time would do."""
    with transaction(deliveries.partnership.engine("ledger_worker"), party="ledger") as connection:
        connection.execute(text(f"UPDATE ledger.deliveries SET {said}"))


def test_what_was_given_up_is_counted_and_tried_again(deliveries: Deliveries) -> None:
    """It goes under the name that it had, from its first try; what waited for an endpoint that ended does not."""
    assert run("dead") == (0, "None was given up.\n")
    assert run("retry") == (0, "0 deliveries are tried again.\n")
    deliveries.plan("one")
    channel = Saying([Dead("refused")])
    deliveries.deliver(channel)
    deliveries.plan("two", party="desk:csc")
    deliveries.deliver(Saying([Dead("ended")]))
    assert run("dead") == (0, "mail  refused  1\n")
    assert run("retry", "webhook") == (0, "0 deliveries are tried again.\n")
    assert run("retry", "mail") == (0, "1 delivery is tried again.\n")
    deliveries.deliver(channel)
    assert channel.names[0] == channel.names[1]
    assert deliveries.rows() == [("one", 0, True, False, None), ("two", 1, False, True, "ended")]


@pytest.mark.parametrize(
    ("columns", "forgotten"),
    [
        ({}, 1),
        ({"record": "00000000-0000-0000-0000-000000000001", "number": 1}, 0),  # no entry says yet that it was sent
    ],
)
def test_what_is_old_is_forgotten(deliveries: Deliveries, columns: dict[str, Any], forgotten: int) -> None:
    """Sent or given up long ago it goes; what is younger, or waits to be said in a child's record, stays."""
    deliveries.plan("one", **columns)
    change(deliveries, "sent_at = clock_timestamp() - interval '91 days'")
    deliveries.plan("two")
    change(deliveries, "sent_at = coalesce(sent_at, clock_timestamp() - interval '89 days')")
    deliveries.plan("three")
    assert run("purge", "--days", "29")[0] == 2
    code, said = run("purge")
    assert (code, said.split()[0]) == (0, str(forgotten))
    assert {row[0] for row in deliveries.rows()} == {"one", "two", "three"} - ({"one"} if forgotten else set())
    assert run("purge", "--days", "30") == (0, "1 delivery is forgotten.\n")


def test_the_database_keeps_what_is_younger(deliveries: Deliveries) -> None:
    """A worker that would forget a message of yesterday finds that it may not."""
    deliveries.plan("one")
    change(deliveries, "sent_at = clock_timestamp() - interval '29 days'")
    with transaction(deliveries.partnership.engine("ledger_worker"), party="ledger") as connection:
        assert connection.execute(text("DELETE FROM ledger.deliveries")).rowcount == 0
