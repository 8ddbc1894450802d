"""`ledger detect …` as operators meet it."""

from uuid import UUID

import pytest
from click.testing import CliRunner

from ledger.cli import main
from ledger.domain.setback import PARKED_AFTER
from ledger.store.database import driver_of
from ledger.store.setbacks import count_failure
from tests.integration.services.test_parking import rest
from tests.partnership import Partnership


def run(*argv: str) -> tuple[int, str]:
    """The command's exit code, and what it said."""
    ran = CliRunner().invoke(main, ["detect", *argv])
    return ran.exit_code, ran.output


def test_what_is_parked_is_listed_and_tried_again(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its id and since when; then one, or all; and one that is not parked is said so."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    child = partnership.child()
    assert run("parked") == (0, "None is parked.\n")
    assert run("retry") == (0, "0 records are tried again.\n")
    with driver_of(partnership.engine("ledger_worker")) as driver:
        for _ in range(PARKED_AFTER):
            count_failure(driver, UUID(child), "one")
            rest(partnership)
    code, said = run("parked")
    assert code == 0
    assert said.startswith(f"{child}  20")
    assert said.endswith(f"Z  {PARKED_AFTER}\n")
    assert run("retry", str(UUID(int=1)))[0] == 1
    assert run("retry", child) == (0, "1 record is tried again.\n")
    assert run("parked") == (0, "None is parked.\n")
