from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.cli import main
from ledger.services.read_yaml import read_yaml
from tests.small_pack import CRITICAL, NOT_COMPARED, write_pack

SCENARIO = """
scenario: constructed
source: constructed
nation: england
child: {ref: baby, born: 2022-01-01}
people: [{ref: mother, role: mother}, {ref: father, role: father}]
agencies: [{ref: hv, kind: health_visiting}, {ref: csc, kind: childrens_social_care}]
entries:
  - {id: a, at: 2022-03-01T15:00Z, agency: csc, observation: {observed: 2022-03-01, statement: fact, claims: [
      {about: father, attribute: presence, value: absent, valid: 2022-03-01/.., basis: told, informant: mother}]}}
  - {id: b, at: 2022-03-02T15:00Z, agency: hv, observation: {observed: 2022-03-02, statement: fact, claims: [
      {about: father, attribute: presence, value: lives_here, valid: 2022-03-01/.., basis: told, informant: mother}]}}
until: 2022-04-01
"""
MET = "expect: [{kind: same_informant, rests_on: [a, b], by: 2022-03-02}]\n"
MISNAMED = "expect: [{kind: contradiction, rests_on: [a, b], by: 2022-03-02}]\n"
LATE = "expect: [{kind: same_informant, rests_on: [a, b], by: 2022-03-01}]\n"
MISSED = "expect: [{kind: pattern, rests_on: [a, b]}, {kind: gap, about: mother, topic: presence}]\n"
FALSE = "reject: [{rests_on: [a, b], why: an example}]\n"


@pytest.fixture(autouse=True)
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are by a pack of the test's own, so that no change of the default pack changes what is told of them."""
    monkeypatch.setenv("LEDGER_PACK", str(write_pack(tmp_path / "packs" / "in-force")))


def invoke(tmp_path: Path, text: str, *more: str) -> Result:
    file = tmp_path / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["backtest", str(file), *more])


@pytest.mark.parametrize(
    ("expectations", "code"), [("", 0), (MET, 0), (MISNAMED, 0), (LATE, 0), (MISSED, 1), (FALSE, 1), (MET + FALSE, 1)]
)
def test_the_exit_code_says_whether_it_passed(tmp_path: Path, expectations: str, code: int) -> None:
    """Missed or rejected is 1; late and misnamed are found all the same."""
    assert invoke(tmp_path, SCENARIO + expectations).exit_code == code


def test_the_table_has_every_count(tmp_path: Path) -> None:
    """Each kind has its row, and what happened to each expectation is said by its line."""
    output = invoke(tmp_path, SCENARIO + MISSED).output
    assert "expected  found  missed  false  late  misnamed  apart  precision  recall" in output
    assert "found as same_informant" in output
    assert "missed    line 14: gap about mother topic presence" in output
    assert "Worst week of a record: 1 alerts, 2 observations, 0.50 each; aimed at: 0.33 at most" in output
    assert "Alerts: 1 in 2 observations, 0.50 each; aimed at: 0.10 at most" in output
    assert "Findings: 1.0 a record" in output


def test_json_is_one_finding_a_line(tmp_path: Path) -> None:
    """Nothing but findings is printed, each as one JSON object."""
    result = invoke(tmp_path, SCENARIO + MET, "--json")
    assert [json.loads(line)["rests_on"] for line in result.stdout.splitlines()] == [["a", "b"]]


def test_a_file_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path) -> None:
    """A broken file is not a failed scenario: it has a code of its own and names the line."""
    result = invoke(tmp_path, SCENARIO.replace("nation: england", "nation: narnia"))
    assert result.exit_code == 2
    assert "scenario.yaml, line 4" in result.stderr
    assert "narnia" not in result.stderr
    assert CliRunner().invoke(main, ["backtest", str(tmp_path / "missing.yaml")]).exit_code == 2


def test_folders_are_run_whole(tmp_path: Path) -> None:
    """Several paths, and every file below a folder, are run together and added up."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "other.yaml").write_text(SCENARIO.replace("constructed", "other", 1) + MET, encoding="utf-8")
    result = invoke(tmp_path, SCENARIO + MET, str(tmp_path / "below"))
    assert result.exit_code == 0
    assert "In total, 2 scenarios" in result.output


def test_one_line_shows_the_months(tmp_path: Path) -> None:
    """What was found, missed and raised wrongly is marked in its month, the weightiest mark of a month winning."""
    output = invoke(tmp_path, SCENARIO + MET).output
    assert "  2022-03 +. 2022-04\n" in output
    missed = invoke(tmp_path, SCENARIO + MISSED).output
    assert "  2022-03 +M 2022-04\n" in missed


def test_a_slip_in_a_scenario_is_loud(tmp_path: Path) -> None:
    """What the pack refuses is on standard error with its line, also with --json, and in capitals in the report."""
    mistyped = (SCENARIO + MET).replace("value: lives_here", "value: lives_hear")
    result = invoke(tmp_path, mistyped)
    assert result.exit_code == 1
    assert "constructed, line 11: b/claims/0/value: left out:" in result.stderr
    assert "NOT AS WRITTEN: 1 places in 1 scenarios" in result.stdout
    assert "not everything in b can be read" in result.stdout
    assert "lives_hear" not in result.output
    told = invoke(tmp_path, mistyped, "--json")
    assert "b/claims/0/value: left out:" in told.stderr
    assert told.stdout == ""


def test_json_scenarios_are_read_alike(tmp_path: Path) -> None:
    """A scenario written as JSON gives the same findings, and null is refused, for it would be somebody's name."""
    file = tmp_path / "scenario.json"
    content = read_yaml(SCENARIO + MET).content
    file.write_text(json.dumps(content, indent="\t"), encoding="utf-8")
    result = CliRunner().invoke(main, ["backtest", str(file), "--json"])
    assert (result.exit_code, result.stdout) == (0, invoke(tmp_path, SCENARIO + MET, "--json").stdout)
    file.write_text(json.dumps(content).replace('"2022-04-01"', "null"), encoding="utf-8")
    refused = CliRunner().invoke(main, ["backtest", str(file)])
    assert refused.exit_code == 2
    assert "null is not read" in refused.stderr


@pytest.mark.parametrize(("old", "change"), [(NOT_COMPARED, "raised"), (CRITICAL, "no difference")])
def test_a_comparison_is_neither_passed_nor_failed(tmp_path: Path, old: str, change: str) -> None:
    """What the pack would raise beside the old one is told, with what each finds of the expected; the code is 0."""
    packs = write_pack(tmp_path / "new", version="2"), write_pack(tmp_path / "old", old)
    more = ("--pack", str(packs[0]), "--against", str(packs[1]))
    result = invoke(tmp_path, SCENARIO + MISSED, *more)
    assert result.exit_code == 0
    assert change in result.stdout
    assert "Old: small 1 (" in result.stdout
    assert "New: 1 findings, 1 of them alerts; of 2 expected 1 found; 0 rejected raised" in result.stdout
    lines = [json.loads(line) for line in invoke(tmp_path, SCENARIO, *more, "--json").stdout.splitlines()]
    assert [(line["changes"], line["old"]) for line in lines] == ([(["raised"], None)] if change == "raised" else [])


def test_paths_or_the_live_ledger(tmp_path: Path) -> None:
    """One of the two is asked for, and what belongs to the live ledger goes with it alone."""
    assert CliRunner().invoke(main, ["backtest"]).exit_code == 2
    assert invoke(tmp_path, SCENARIO, "--live").exit_code == 2
    assert invoke(tmp_path, SCENARIO, "--record", "x").exit_code == 2
