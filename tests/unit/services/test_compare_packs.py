from __future__ import annotations

from pathlib import Path

from ledger.services.compare_packs import Comparison, compare, comparison_warnings, difference_json
from ledger.services.load_pack import load_pack
from ledger.services.load_scenario import read_scenario
from tests.small_pack import CRITICAL, NOT_COMPARED, NOT_CRITICAL, small_pack, write_pack

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


def compared(tmp_path: Path, old: str, new: str, text: str = SCENARIO) -> Comparison:
    packs = small_pack(tmp_path / "old", old), small_pack(tmp_path / "new", new, "2")
    return compare(read_scenario(text, "a.yaml"), *packs)


def told(comparison: Comparison) -> list[tuple[str, ...]]:
    return [one.changes for one in comparison.differences]


def test_a_pack_against_itself_changes_nothing(tmp_path: Path) -> None:
    """The version alone is no difference."""
    assert told(compared(tmp_path, CRITICAL, CRITICAL)) == []


def test_what_is_compared_no_more_is_dropped_and_back_again_raised(tmp_path: Path) -> None:
    """Each difference carries the finding as the command gives it, and nothing on the side that is silent."""
    dropped = compared(tmp_path / "one", CRITICAL, NOT_COMPARED)
    assert told(dropped) == [("dropped",)]
    said = difference_json(dropped, dropped.differences[0])
    assert (said["scenario"], said["changes"], said["new"]) == ("constructed", ["dropped"], None)
    assert (said["old"]["sides"], said["old"]["is_notice"]) == ([["a"], ["b"]], False)
    assert told(compared(tmp_path / "two", NOT_COMPARED, CRITICAL)) == [("raised",)]


def test_what_is_critical_no_more_is_graded_lower(tmp_path: Path) -> None:
    """The finding stays, and weighs otherwise."""
    told_by_her = "lives_here, valid: 2022-03-01/.., basis: told, informant: mother"
    by_two = SCENARIO.replace(told_by_her, "lives_here, basis: seen")
    assert told(compared(tmp_path, CRITICAL, NOT_CRITICAL, by_two)) == [("regraded",)]


def test_a_claim_that_one_pack_refuses_is_said(tmp_path: Path) -> None:
    """A finding that is gone because its words are is not put down to a rule."""
    old = small_pack(tmp_path / "old")
    new = write_pack(tmp_path / "new", version="2")
    header = new / "pack.yaml"
    header.write_text(header.read_text().replace("lives_here", "resides"), encoding="utf-8")
    comparison = compare(read_scenario(SCENARIO, "a.yaml"), old, load_pack(new))
    assert told(comparison) == [("dropped",)]
    (warning,) = comparison_warnings(comparison)
    assert "b/claims/0/value: the new pack alone refuses this" in warning
