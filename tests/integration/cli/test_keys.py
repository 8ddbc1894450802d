import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from ledger.cli import main
from tests.partnership import Partnership

Run = Callable[..., Result]


@pytest.fixture
def run(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ledger key …` on the partnership's database."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    return lambda *arguments: CliRunner().invoke(main, ["key", *arguments])


def printed(result: Result) -> str:
    """The one line that a command printed for a pipe, words for people apart."""
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    return line


def listed(run: Run, *arguments: str) -> dict[str, list[str]]:
    """What the list says of each key."""
    result = run("list", *arguments)
    assert result.exit_code == 0, result.output
    return {row[0]: row[1:] for row in (line.split("\t") for line in result.stdout.splitlines())}


def test_a_key_is_issued_rotated_listed_and_revoked(partnership: Partnership, run: Run) -> None:
    """Each command does what it says: keys hold and end as the list tells, and only the key itself goes to a pipe."""
    key = printed(run("issue", "hv", "--scope", "observe", "--days", "30"))
    key_id = ".".join(key.split(".")[1:3])
    rotated = run("rotate", key_id, "--overlap", "12h")
    new = printed(rotated)
    new_id = ".".join(new.split(".")[1:3])
    assert re.search(rf"Key {new_id}, good until .+ UTC\. {key_id} ends .+ UTC\.", rotated.stderr)
    for text in (key, new):
        assert partnership.get("/entries", None, key=text).status_code == 200
    rows = listed(run, "hv")
    assert (rows[key_id][:2], rows[new_id][:2]) == (["good", "observe"], ["good", "observe"])
    ends = datetime.strptime(rows[key_id][3], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert timedelta(hours=11) < ends - datetime.now(UTC) <= timedelta(hours=12)
    assert run("revoke", new_id).exit_code == 0
    assert partnership.get("/entries", None, key=new).status_code == 401
    assert listed(run)[new_id][0] == "revoked"
    assert partnership.key_ids["csc"] in listed(run)
    assert partnership.key_ids["csc"] not in listed(run, "hv")


def test_a_key_is_bound_to_a_certificate(run: Run) -> None:
    """By its thumbprint, which the list shows as RFC 8705 writes it; a rotated key keeps it."""
    thumbprint = bytes(range(32))
    shown = "x5t#S256=" + base64.urlsafe_b64encode(thumbprint).decode().rstrip("=")
    key_id = ".".join(printed(run("issue", "hv", "--thumbprint", thumbprint.hex(":"))).split(".")[1:3])
    new_id = ".".join(printed(run("rotate", key_id)).split(".")[1:3])
    rows = listed(run, "hv")
    assert (rows[key_id][4], rows[new_id][4]) == (shown, shown)


@pytest.mark.parametrize("overlap", ["7", "1w", "-1d", "91d", "1.5d", "d", "99999d", "\u0667d"])
def test_an_overlap_is_a_time_of_at_most_ninety_days(run: Run, partnership: Partnership, overlap: str) -> None:
    """Anything else is refused before anything is done."""
    before = listed(run)
    assert run("rotate", partnership.key_ids["hv"], "--overlap", overlap).exit_code == 2
    assert listed(run) == before


def test_what_is_not_known_ends_in_a_plain_line(run: Run) -> None:
    """An agency or a key of nobody's, a file that is no certificate: a reason, and no trace."""
    for arguments in (("issue", "nobody"), ("rotate", "hv.aaaaaaaa"), ("revoke", "hv.aaaaaaaa"),
                      ("issue", "hv", "--thumbprint", "00"), ("issue", "hv", "--certificate", __file__)):  # fmt: skip
        result = run(*arguments)
        assert result.exit_code == 1
        assert result.output.startswith("Error: ")
        assert len(result.output.splitlines()) == 1
