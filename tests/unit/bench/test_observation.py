"""The bodies that are posted."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ledger.api.schemas.children import ChildSchema
from ledger.api.schemas.observations import ObservationSchema
from ledger.bench import observation
from ledger.domain.pack import Pack
from tests.shipped import shipped_pack

TODAY = date(2024, 3, 9)
CHILD_ID = "0f0e7d3c-1b5a-4c59-9a53-0d1de2b1a9b4"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped_pack()


def filled(template: str) -> Any:
    return json.loads(
        template.replace(observation.EVENT, "e" * observation.EVENT_CHARS).replace(observation.CHILD, CHILD_ID)
    )


@pytest.mark.parametrize("make", [observation.ordinary, observation.father_gone, observation.father_stays])
def test_observations_are_ones_that_the_ledger_takes(make: Callable[[date], str], pack: Pack) -> None:
    """Each is accepted by the interface's schema, with the words of the default pack."""
    assert ObservationSchema(pack=pack).refusal(filled(make(TODAY))) is None


def test_the_registration_is_one_that_the_ledger_takes() -> None:
    """A child can be registered by it."""
    assert ChildSchema().refusal(filled(observation.registration(TODAY))) is None


def test_the_ordinary_one_is_of_the_size_it_says() -> None:
    """About six hundred bytes, with two claims."""
    body = filled(observation.ordinary(TODAY))
    assert 550 <= len(json.dumps(body, separators=(",", ":"))) <= 650
    assert len(body["claims"]) == 2


def test_the_pair_cannot_both_be_so(pack: Pack) -> None:
    """The two values leave no state of the world that both allow, so the second one posted raises an alert."""
    told = [filled(make(TODAY))["claims"][0] for make in (observation.father_gone, observation.father_stays)]
    assert {(claim["about"], claim["attribute"], claim["informant"]) for claim in told} == {
        ("father", "presence", "mother")
    }
    masks = pack.attributes["presence"].values
    assert masks[told[0]["value"]] & masks[told[1]["value"]] == 0
