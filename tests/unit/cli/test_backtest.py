from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.cli import main

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
    assert "Worst week of a record: 1 alerts, 2 observations" in output


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
