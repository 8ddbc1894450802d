"""One scenario for each learning point of the reviews that no other one shows."""

import re
from functools import cache

import pytest

from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.api.schemas.observations import ObservationSchema
from ledger.domain.body import NAMES_ENTRY
from ledger.domain.pack import Pack
from ledger.services.backtest import Backtest, backtest, warnings
from ledger.services.load_scenario import load_scenario
from tests.markdown import ROOT
from tests.shipped import shipped_pack

FILES = sorted((ROOT / "config" / "scenarios" / "constructed").glob("learning_*.yaml"))


@cache
def pack() -> Pack:
    return shipped_pack()


@cache
def run(name: str) -> Backtest:
    path = ROOT / "config" / "scenarios" / "constructed" / f"{name}.yaml"
    return backtest(load_scenario(path), pack())


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_what_was_left_undone_is_found_in_time(name: str) -> None:
    """It is found under its own name by its day, nothing rejected is raised, and a ledger would take every word."""
    result = run(name)
    assert [*warnings(result)] == []
    assert result.score.false == ()
    assert result.score.verdicts
    for verdict in result.score.verdicts:
        assert verdict.finding is not None, verdict.expected
        assert (verdict.is_misnamed, verdict.is_late) == (False, False), verdict.finding


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_the_interface_takes_every_body(name: str) -> None:
    """What it runs without a server can be posted to one, by agencies that are involved by then."""
    scenario = run(name).scenario
    schemas = dict(OF_A_CHILD.values()) | {"observation": ObservationSchema}
    involved = {scenario.registrar}
    for entry in scenario.entries:
        named = {NAMES_ENTRY[entry.kind]: f"{'a' * 26}.1"} if NAMES_ENTRY.get(entry.kind) in entry.body else {}
        child = {"child": {"reference": "c1"}} if entry.kind == "observation" else {}
        if entry.kind != "child":
            assert schemas[entry.kind](pack=pack()).validate({**entry.body, **named, **child, "event_id": "e1"}) == {}
        involved |= {entry.agency} if entry.kind == "involvement" else set()
        assert entry.agency in involved


def test_each_is_a_point_of_the_page() -> None:
    """None is there that the page on the reviews does not name."""
    page = (ROOT / "docs" / "learning-points.md").read_text()
    assert {path.stem for path in FILES} == set(re.findall(r"`(learning_\w+)`", page))


def test_what_stays_unanswered_is_asked_of_another_agency() -> None:
    """Put off twice, the question who the father is goes to another agency, as an enquiry and not as a finding."""
    enquiries = [one for one in run("learning_father_evaded_twice").raised if one.is_notice and one.kind == "enquiry"]
    assert [(one.raised_at.date().isoformat(), one.attribute) for one in enquiries] == [("2022-06-07", "father")]
