import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from ledger.cli import main
from tests.partnership import Partnership, refused, stored

Run = Callable[..., Result]


@pytest.fixture
def run(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ledger person …` on the partnership's database."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    return lambda *arguments: CliRunner().invoke(main, ["person", *arguments])


def done(result: Result) -> str:
    """What a command that was carried out says."""
    assert result.exit_code == 0, result.output
    return result.stdout


def told(partnership: Partnership) -> list[tuple[str, str, str]]:
    """The entries of the partnership's record that tell of roles: what, whose, which."""
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text(
            "SELECT content FROM ledger.contents WHERE record_id = :record "
            "AND kind IN ('role_given', 'role_taken') ORDER BY number"
        )
        entries = [json.loads(one) for one in connection.scalars(query, {"record": partnership.partnership_record})]
    return [(entry["kind"], entry["body"]["ref"], entry["body"]["role"]) for entry in entries]


def test_somebody_is_a_practitioner_unless_said_otherwise(partnership: Partnership, run: Run) -> None:
    """What people are is in the command that adds them, and each role is an entry beside that which adds them."""
    done(run("add", "csc", "sw1", "--name", "A", "--role", "Social worker"))
    done(run("add", "csc", "m1", "--name", "B", "--role", "Team lead", "--as", "manager", "--as", "records_officer"))
    assert done(run("roles", "csc", "sw1")) == "practitioner\n"
    assert done(run("roles", "csc", "m1")) == "manager\nrecords_officer\n"
    assert told(partnership) == [
        ("role_given", "sw1", "practitioner"),
        ("role_given", "m1", "manager"),
        ("role_given", "m1", "records_officer"),
    ]


def test_a_role_is_given_taken_and_given_again(partnership: Partnership, run: Run) -> None:
    """Each change is one entry; asking twice is none; a session begun before has what its person has now."""
    done(run("add", "csc", "op1", "--name", "A", "--role", "IT", "--as", "administrator"))
    session = partnership.session(partnership.person("csc", "op1"))
    ask = ("GET", "/api/v1/operation")
    refused(partnership.send_as(session, *ask), 403)
    assert "is now operator" in done(run("give", "csc", "op1", "operator"))
    stored(partnership.send_as(session, *ask))
    assert "was already operator" in done(run("give", "csc", "op1", "operator"))
    assert "is no longer operator" in done(run("take", "csc", "op1", "operator"))
    assert "was not operator" in done(run("take", "csc", "op1", "operator"))
    refused(partnership.send_as(session, *ask), 403)
    done(run("give", "csc", "op1", "operator"))
    stored(partnership.send_as(session, *ask))
    assert [kind for kind, _, role in told(partnership) if role == "operator"] == [
        "role_given",
        "role_taken",
        "role_given",
    ]


def test_who_audits_does_nothing_else(partnership: Partnership, run: Run) -> None:
    """An auditor is given no other role, and nobody with one is made auditor; nothing is written either way."""
    done(run("add", "csc", "a1", "--name", "A", "--role", "Audit", "--as", "auditor"))
    done(run("add", "csc", "sw1", "--name", "B", "--role", "Social worker"))
    before = told(partnership)
    for arguments in (
        ("give", "csc", "a1", "practitioner"),
        ("give", "csc", "sw1", "auditor"),
        ("add", "csc", "x1", "--name", "C", "--role", "Both", "--as", "auditor", "--as", "practitioner"),
    ):
        result = run(*arguments)
        assert (result.exit_code, "audits does nothing else" in result.output) == (1, True)
    assert told(partnership) == before
    assert run("roles", "csc", "x1").exit_code == 1


@pytest.mark.parametrize("role", ["lead", "deputy", "duty_desk", "agency_system", "superuser"])
def test_what_follows_is_not_given(run: Run, role: str) -> None:
    """Roles that follow from a record or a desk, and those that there are not, cannot be given."""
    done(run("add", "csc", "sw1", "--name", "A", "--role", "Social worker"))
    assert run("give", "csc", "sw1", role).exit_code == 2


def test_nobody_is_told_apart(run: Run) -> None:
    """A reference that is nobody's is refused plainly, by every command."""
    for command in ("give", "take"):
        result = run(command, "csc", "nobody", "manager")
        assert (result.exit_code, "ledger person add" in result.output) == (1, True)
