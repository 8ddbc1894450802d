"""`ledger rule`: how rules fare, and into shadow and out of it."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from ledger.cli import main
from ledger.services.keep_rules import keep_rules
from tests.chance import chance
from tests.partnership import Partnership, default_pack

RULE = "handover_not_taken"
Run = Callable[..., Result]


@pytest.fixture
def run(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ledger rule …` on the partnership's database."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    return lambda *arguments, **options: CliRunner().invoke(main, ["rule", *arguments], **options)


def test_a_rule_goes_into_shadow_and_comes_live(partnership: Partnership, run: Run) -> None:
    """With a reason, and once somebody has said yes to what it brings."""
    assert "Nothing has been counted yet" in run("list", "demo").output
    assert run("shadow", "demo", RULE, "--reason", "too many").exit_code == 0
    assert "in that state already" in run("shadow", "demo", RULE, "--reason", "too many").output
    keep_rules(partnership.engine("ledger_worker"), lambda _: default_pack(), chance)
    (line,) = [line for line in run("list", "demo").output.splitlines() if line.startswith(RULE)]
    assert line.split()[1:] == ["shadow", "0", "0", "0", "0", "0"]
    declined = run("live", "demo", RULE, "--reason", "better now", input="n\n")
    assert declined.exit_code == 1
    assert "brings 0 open finding(s)" in declined.output
    assert "brings 0 open findings" in run("live", "demo", RULE, "--reason", "better now", "--findings", "3").output
    live = run("live", "demo", RULE, "--reason", "better now", input="y\n")
    assert live.exit_code == 0, live.output
    assert "is live in demo" in live.output


def test_what_is_not_there_is_said(run: Run) -> None:
    """A rule, and a partnership, that there is not; and the rule that is never in shadow."""
    assert "nothing by this id" in run("shadow", "demo", "no_such_rule", "--reason", "x").output
    assert "no partnership by this reference" in run("list", "nowhere").output
    assert "never put into shadow" in run("shadow", "demo", "glass_broken", "--reason", "x").output
