"""Constructed records of what never followed, and of what only several entries together show: each is found in time."""

from functools import cache

import pytest

from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.api.schemas.observations import ObservationSchema
from ledger.domain.body import NAMES_ENTRY
from ledger.services.backtest import Backtest, backtest, warnings
from ledger.services.load_scenario import load_scenario
from tests.markdown import ROOT
from tests.shipped import shipped_pack

FOLDER = ROOT / "config" / "scenarios" / "constructed"
NAMES = sorted(path.stem for sort in ("expectation", "pattern") for path in FOLDER.glob(f"{sort}_*.yaml"))


@cache
def run(name: str) -> Backtest:
    return backtest(load_scenario(FOLDER / f"{name}.yaml"), shipped_pack())


@pytest.mark.parametrize("name", NAMES)
def test_what_never_followed_is_found_in_time(name: str) -> None:
    """Every expectation is met by a finding of its kind, its topic and its person, by its day."""
    assert run(name).score.passes
    assert run(name).score.verdicts
    assert not any(verdict.is_misnamed or verdict.is_late for verdict in run(name).score.verdicts)


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_posted(name: str) -> None:
    """It is in the pack's words, and the interface takes every body of it."""
    assert list(warnings(run(name))) == []
    schemas = dict(OF_A_CHILD.values()) | {"observation": ObservationSchema}
    for entry in run(name).scenario.entries:
        named = {NAMES_ENTRY[entry.kind]: f"{'a' * 26}.1"} if NAMES_ENTRY.get(entry.kind) in entry.body else {}
        child = {"child": {"reference": "c1"}} if entry.kind == "observation" else {}
        sent = {**entry.body, **named, **child, "event_id": "e1"}
        assert schemas[entry.kind](pack=shipped_pack()).validate(sent) == {}
