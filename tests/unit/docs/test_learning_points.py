"""The page on what the reviews ask for names scenarios and tests that there are."""

import re

import pytest

from tests.markdown import ROOT, rows

PAGE = (ROOT / "docs" / "learning-points.md").read_text()
POINTS = [row for row in rows(PAGE) if len(row) == 3]
SCENARIOS = {path.stem for path in (ROOT / "config" / "scenarios").rglob("*.yaml")}
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_SCENARIO = re.compile(r"`(\w+)`")


def test_every_point_of_every_briefing_is_there() -> None:
    """Five briefings, as many points as were read in them, and each is marked as one of three."""
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert len(headings) == 5
    assert (len(POINTS), {row[1] for row in POINTS}) == (68, {"S", "F", "–"})


@pytest.mark.parametrize("row", POINTS, ids=[row[0][:60] for row in POINTS])
def test_each_point_is_shown_or_says_why_not(row: list[str]) -> None:
    """S names a scenario, F a test that is there; what is not built says so in words, and names nothing that is not."""
    _, mark, where = row
    tests, scenarios = _TEST.findall(where), _SCENARIO.findall(where)
    assert {name for name in scenarios if name not in SCENARIOS} == set()
    for path, name in tests:
        assert f"def {name}(" in (ROOT / path).read_text()
    match mark:
        case "S":
            assert scenarios
        case "F":
            assert tests
        case _:
            assert len(where.split()) >= 5
