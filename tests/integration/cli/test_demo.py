"""The demonstration posts each case as its agencies posted it."""

import os
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from config.settings import Settings
from ledger.cli.demo import _Stage
from ledger.cli.opening import reviews
from ledger.domain.scenario import Scenario
from ledger.services.enrol import Agency, add_agency
from tests.partnership import AGENCIES, Partnership

CASES = {scenario.name: scenario for scenario in reviews()}


@pytest.fixture
def stage(partnership: Partnership) -> _Stage:
    """The demonstration over this ledger, without a server, its clock left as it is."""
    settings = cast("Settings", SimpleNamespace(base_url="http://ledger.invalid", broker_url=None))
    stage = _Stage(settings, partnership.engine("ledger_admin"))
    stage.client.close()
    stage.client = httpx.Client(
        transport=httpx.WSGITransport(app=partnership.app), base_url=f"{settings.base_url}/api/v1"
    )
    return stage


def enrol(partnership: Partnership, scenario: Scenario) -> None:
    """The agencies of the case that are not there yet."""
    for agency in scenario.agencies:
        if agency.ref not in AGENCIES:
            add_agency(
                partnership.engine("ledger_admin"),
                os.urandom,
                partnership="demo",
                agency=Agency(agency.ref, agency.kind, agency.ref, "ring"),
            )


def people_of(stage: _Stage, scenario: Scenario) -> dict[str, Any]:
    registrar = scenario.registrar
    path = f"/children/{stage.children[scenario.name]}/people"
    answer = stage.client.get(path, headers=stage._bearer(registrar))
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_entry_of_a_case_is_taken(partnership: Partnership, stage: _Stage, name: str) -> None:
    """Each body is stored, whom it names being introduced and linked first; played twice, nothing is stored again."""
    scenario = CASES[name]
    enrol(partnership, scenario)
    for entry in scenario.entries:
        stage.post(scenario, entry)
    assert len(stage.entries) == len(scenario.entries)
    rows = partnership.rows()
    for entry in scenario.entries:
        stage.post(scenario, entry)
    assert {**partnership.rows(), "access_records": 0} == {**rows, "access_records": 0}


def test_who_is_one_for_all_agencies_is_one_person(partnership: Partnership, stage: _Stage) -> None:
    """The man at home whom three agencies name by one word is one, by a link that says why."""
    scenario = CASES["shropshire-unseen-men"]
    enrol(partnership, scenario)
    for entry in scenario.entries:
        stage.post(scenario, entry)
    found = next(one for one in people_of(stage, scenario)["people"] if "hv/partner" in one["keys"])
    assert found["keys"] == ["gp/partner", "hv/partner", "mw/partner"]
    assert [one["reason"] for one in found["links"]] == ["Known to be the same when the record begins."]
