"""Who is there, who stands in and who is above, as whoever runs the ledger says it at the command line."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from ledger.cli import main
from ledger.domain.hours import Hours
from ledger.domain.line import Holder, Someone
from ledger.domain.role import Role
from tests.integration.services.peopled import Peopled
from tests.partnership import Partnership

Run = Callable[..., Result]


@pytest.fixture
def run(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ledger …` on the partnership's database."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    return lambda line: CliRunner().invoke(main, line.split())


def done(result: Result) -> str:
    """What a command that was carried out says."""
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_line_is_set_up_and_read(partnership: Partnership, run: Run) -> None:
    """Hours, the desk of the night, teams and rungs, an absence with its cover: the line has them all."""
    peopled = Peopled(partnership)
    done(run("partnership hours demo --opens 08:00 --closes 18:00 --out-of-hours police"))
    done(run("partnership ladder demo chair --agency csc --person m"))
    done(run("team set csc t1 --name Team --manager m --member sw1 --member sw2"))
    done(run("team above csc senior sw3"))
    done(run("person absent csc sw1 --since 2023-10-01 --cover sw3"))
    line = peopled.line()
    assert (line.hours.opens.hour, line.hours.closes.hour) == (8, 18)
    assert line.out_of_hours == Someone("police")
    assert {rung: one.person for rung, one in line.ladder.items()} == {"manager": "m", "senior": "sw3", "chair": "m"}
    at = Hours("england").begin(line.absences[0].starts)
    assert line.receiver("queue", at) == Holder("cover", "csc", "sw3")
    done(run("person back csc sw1"))
    assert peopled.line().receiver("queue", at) == Holder("lead", "csc", "sw1")


def test_leaving_and_coming_back(partnership: Partnership, run: Run) -> None:
    """It says how many leads ended; who has left cannot leave again, and who comes back leads nothing."""
    peopled = Peopled(partnership)
    assert done(run("person leave csc sw1")) == "sw1 of csc has left; leads of theirs that ended: 1.\n"
    again = run("person leave csc sw1")
    assert (again.exit_code, again.stderr) == (1, "Error: This person has left already.\n")
    done(run("person return csc sw1"))
    assert peopled.line().lead is None
    assert done(run("person leave csc sw1")) == "sw1 of csc has left; leads of theirs that ended: 0.\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("person leave csc nobody", "nobody by this reference"),
        ("person leave nowhere sw1", "no agency by this reference"),
        ("person absent csc sw1 --since yesterday", "Invalid value"),
        ("person absent csc sw1 --since 2023-10-01 --until 2023-09-01", "ends before it begins"),
        ("person reach csc sw1 --mail nobody", "A mail address is one address"),
        ("team set csc t1 --name T --manager sw1 --member sw1", "not a member of the team"),
        ("team set csc t1 --name T --member nobody", "nobody by this reference"),
        ("partnership hours demo --opens 18:00 --closes 08:00", "the earlier one first"),
        ("partnership hours nowhere --opens 08:00 --closes 18:00", "no partnership by this reference"),
        ("partnership ladder demo chair --agency csc", "go together"),
        ("partnership ladder demo chair --agency csc --person nobody", "nobody by this reference"),
    ],
)
def test_what_is_refused_says_why(partnership: Partnership, run: Run, line: str, says: str) -> None:
    """One plain line, and nothing is written."""
    partnership.person("csc", "sw1", Role.PRACTITIONER)
    rows = partnership.rows()
    result = run(line)
    assert result.exit_code != 0
    assert says in " ".join(result.output.split())
    assert partnership.rows() == rows


def test_addresses_are_set_and_taken_away(partnership: Partnership, run: Run) -> None:
    """Of a person and of the desk; what is left out is taken away, and is not printed."""
    partnership.person("csc", "sw1", Role.PRACTITIONER)
    said = done(run("person reach csc sw1 --mail sw1@csc.example --phone 02079460000"))
    said += done(run("person reach csc --mail desk@csc.example"))
    said += done(run("person reach csc sw1"))
    assert "@" not in said
    assert said.splitlines() == ["Set for sw1 of csc.", "Set for the desk of csc.", "Set for sw1 of csc."]
