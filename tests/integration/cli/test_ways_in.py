import os
from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from ledger.cli import main
from ledger.services.enrol import add_person
from tests.partnership import Partnership

Run = Callable[..., Result]
ISSUER = "https://id.example"


@pytest.fixture
def person(partnership: Partnership) -> UUID:
    """A social worker."""
    admin = partnership.engine("ledger_admin")
    return add_person(admin, os.urandom, agency="csc", ref="sw1", name="Sam Whitfield", role="social worker")


@pytest.fixture
def run(partnership: Partnership, person: UUID, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ledger person …` on the partnership's database, with a provider in the settings."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    monkeypatch.setenv("LEDGER_OIDC_ISSUER", ISSUER)
    monkeypatch.setenv("LEDGER_OIDC_CLIENT_ID", "ledger")
    return lambda *arguments: CliRunner().invoke(main, ["person", *arguments])


def signed_in(partnership: Partnership, run: Run) -> FlaskClient:
    """A browser in which the person used a new link."""
    link = run("link", "csc", "sw1").output.strip()
    client = partnership.app.test_client()
    assert client.post("/sign-in/" + link.rpartition("/")[2]).status_code == 303
    return client


def rows(url: str, table: str) -> int:
    """How many rows a table of secrets has."""
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM ledger.{table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_signing_out_ends_every_session_at_the_next_request(partnership: Partnership, run: Run) -> None:
    """On however many devices; said twice it ends none more, and links and password are left alone."""
    clients = [signed_in(partnership, run) for _ in range(2)]
    assert {client.get("/account").status_code for client in clients} == {200}
    assert "Sessions ended: 2" in run("sign-out", "csc", "sw1").output
    assert {client.get("/account").location for client in clients} == {"/sign-in"}
    assert "Sessions ended: 0" in run("sign-out", "csc", "sw1").output
    assert signed_in(partnership, run).get("/account").status_code == 200


def test_a_reset_leaves_a_new_link_alone(superuser_url: str, partnership: Partnership, run: Run) -> None:
    """Sessions, password, known devices and the links that were not used: none is a way in any more."""
    old_link = run("link", "csc", "sw1").output.strip().rpartition("/")[2]
    client = signed_in(partnership, run)
    csrf = client.get("/account").text.rpartition('name="csrf" value="')[2][:64]
    sent = {"csrf": csrf, "new": "wet paint on tuesday", "again": "wet paint on tuesday"}
    assert client.post("/account/password", data=sent).status_code == 303
    assert (rows(superuser_url, "passwords"), rows(superuser_url, "known_devices")) == (1, 1)
    done = run("reset", "csc", "sw1")
    assert done.exit_code == 0, done.output
    assert "Sessions ended: 1" in done.output
    assert client.get("/account").location == "/sign-in"
    assert (rows(superuser_url, "passwords"), rows(superuser_url, "known_devices")) == (0, 0)
    assert partnership.app.test_client().post(f"/sign-in/{old_link}").status_code == 410
    assert signed_in(partnership, run).get("/account").status_code == 200
    with psycopg.connect(superuser_url) as connection:
        kinds = connection.execute("SELECT kind FROM ledger.contents WHERE kind = 'sign_in_reset'").fetchall()
    assert len(kinds) == 1


def test_a_subject_is_one_persons(partnership: Partnership, run: Run) -> None:
    """Tying again says the same; to tie it to somebody else it is untied first."""
    admin = partnership.engine("ledger_admin")
    add_person(admin, os.urandom, agency="hv", ref="hv1", name="Hana Vale", role="health visitor")
    for _ in range(2):
        assert f"sw1 of csc can sign in at {ISSUER}." in run("tie", "csc", "sw1", "--subject", "abc").output
    refused = run("tie", "hv", "hv1", "--subject", "abc")
    assert refused.exit_code == 1
    assert "somebody else is tied" in refused.output
    assert "can no longer" in run("untie", "csc", "sw1").output
    assert "could not" in run("untie", "csc", "sw1").output
    assert run("tie", "hv", "hv1", "--subject", "abc").exit_code == 0


@pytest.mark.parametrize("command", [("sign-out",), ("reset",), ("tie", "--subject", "abc"), ("untie",)])
def test_nobody_by_that_reference_is_said(run: Run, command: tuple[str, ...]) -> None:
    """A plain line, and nothing done."""
    done = run(command[0], "csc", "nobody", *command[1:])
    assert done.exit_code == 1
    assert "nobody by this reference" in done.output


def test_without_a_provider_there_is_nothing_to_tie_to(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line names the settings; an empty subject is refused too."""
    assert "may not be empty" in run("tie", "csc", "sw1", "--subject", "  ").output
    monkeypatch.delenv("LEDGER_OIDC_ISSUER")
    monkeypatch.delenv("LEDGER_OIDC_CLIENT_ID")
    assert "LEDGER_OIDC_ISSUER" in run("tie", "csc", "sw1", "--subject", "abc").output


@pytest.mark.parametrize("role", ["ledger_admin", "ledger_worker", "ledger_auditor", "ledger_sealer", "ledger_erasure"])
def test_only_the_web_can_read_what_could_be_guessed_from(partnership: Partnership, person: UUID, role: str) -> None:
    """No other role reads a hash, a sealed secret, a code's or a device's hash, a session's or a link's token."""
    from sqlalchemy import text
    from sqlalchemy.exc import ProgrammingError

    secrets = {
        "passwords": "hash", "second_factors": "sealed", "recovery_codes": "code_sha256", "sessions": "token_sha256",
        "known_devices": "token_sha256", "sign_in_links": "token_sha256", "provider_visits": "verifier",
        "sign_in_tries": "bucket",
    }  # fmt: skip
    for table, column in secrets.items():
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            partnership.acting(role) as connection,
        ):
            connection.execute(text(f"SELECT {column} FROM ledger.{table}"))
