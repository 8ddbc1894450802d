import json
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from ledger.cli import main
from ledger.domain.role import Role
from tests.exporting import sealed
from tests.partnership import Partnership, stored

Run = Callable[..., Result]


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record with a contradiction that was found, and a word that nobody but its author may see."""
    record_id = partnership.child(involve=["csc", "police"])
    partnership.alert(record_id)
    hidden = {"marking": "restricted", "to": [], "lawful_basis": "public task"}
    body = partnership.observation(record_id, narrative="A secret.", sharing=hidden, observed="2023-10-06")
    stored(partnership.post("/observations", body, "police"))
    return record_id


@pytest.fixture
def run(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `ledger replay …` as an auditor on the partnership's database."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    partnership.person("hv", "aud", Role.AUDITOR)
    partnership.person("hv", "worker", Role.PRACTITIONER)

    def invoke(child: str, *arguments: str, who: str = "hv/aud", typed: str | None = None) -> Result:
        return CliRunner().invoke(main, ["replay", child, "--as", who, "--reason", "a review", *arguments], input=typed)

    return invoke


def test_it_tells_step_by_step_what_was_recorded_held_and_found(partnership: Partnership, run: Run, child: str) -> None:
    """Plain lines for a pipe: entries, who holds what, findings, and nothing that is marked; the look is recorded."""
    told = run(child)
    assert told.exit_code == 0, told.output
    assert "\x1b[" not in told.output
    for words in (
        "HV: Observation",
        "Mother says that he has gone.",
        "HV, by the mother: “absent”",
        "Found by the ledger",
        "+ The mother (to HV) and CSC disagree about the father’s presence (high)",
        "As known at",
    ):
        assert words in told.output, told.output
    assert "secret" not in told.output
    with partnership.acting("ledger_auditor", "auditor") as connection:
        looks = text(
            "SELECT purpose, agency_id FROM ledger.access_records WHERE what = 'replay' AND record_id = :record"
        )
        assert [tuple(row) for row in connection.execute(looks, {"record": child})] == [("a review", "hv")]


def test_json_differences_and_what_an_agency_knew(partnership: Partnership, run: Run, child: str) -> None:
    """The same as the interface gives, a line each; what differs in headings; and one agency's knowledge."""
    lines = [json.loads(line) for line in run(child, "--json").output.splitlines()]
    assert list(lines[-1]) == ["end"]
    assert [one["frame"] for one in lines[:-1]] == list(range(1, len(lines)))
    differing = run(child, "--diff", "5", "2100-01-01").output
    assert "Held:\n  Of the father" in differing
    assert "Of the father, presence: HV, by the mother, held nothing before, and “absent” after." in differing
    knew = run(child, "--known-by", "police").output
    assert "posted" in knew
    assert "It could have read" in knew
    stepped = run(child, "--step", typed="\n\n")
    assert stepped.exit_code == 0
    assert stepped.output.count("Child registered") == 1
    assert "As known at" not in stepped.output
    pseudonym = lines[0]["entry"]["id"].split(".")[0]
    assert run(pseudonym, "--known-at", "2020-01-01").output.startswith("As known at 0")


def test_it_is_told_in_words_and_nothing_in_it_steers_the_terminal(
    partnership: Partnership, run: Run, child: str
) -> None:
    """Findings that move on or close by their headlines, agencies by name, no hashes of copies; no escapes at all."""
    body = partnership.observation(child, narrative="Seen \x1b[31m and \u202e.", observed="2023-10-06")
    stored(partnership.post("/observations", body, "hv"))
    partnership.detect(child)
    sealed(partnership)
    assert partnership.post(f"/children/{child}/exports", {"reason": "our own file"}, "csc").status_code == 200
    told = run(child).output
    assert "~ The mother (to HV) and CSC disagree about the father’s presence" in told
    assert "Seen [U+001B][31m and [U+202E]." in told
    assert "Copy of the record taken" in told
    assert not re.search(r"[0-9a-f]{64}", told.partition("As known at")[0])
    assert not re.search(r"[~+-] [0-9a-f]{8}-", told)
    assert not set("\x1b\u202e") & set(told + run(child, "--json").output)


def test_only_an_auditor_is_shown_anything(run: Run, child: str) -> None:
    """Whoever is no auditor, and a record or point that is not there, end it in one plain line."""
    for arguments, words in (
        ((child, "--known-by", "nobody"), "No agency of this partnership"),
        (("0" * 26,), "no child's record"),
        ((child, "--diff", "99999", "1"), "no entry of this number"),
    ):
        told = run(*arguments)
        assert told.exit_code == 1, told.output
        assert words in told.output
    assert "is no auditor" in run(child, who="hv/worker").output
