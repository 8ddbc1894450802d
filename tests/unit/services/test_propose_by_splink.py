"""Adults of many records compared by Splink, where it is installed; and what is said where it is not."""

import importlib.util
import sys

import pytest

from ledger.services.propose_by_splink import SplinkMissingError, propose_by_splink
from tests.unit.domain.adults import made

HAS_SPLINK = importlib.util.find_spec("splink") is not None


def test_without_it_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra: nothing is compared in another way under its name."""
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(SplinkMissingError):
        propose_by_splink(made(seed=1, records=3).adults)


@pytest.mark.skipif(not HAS_SPLINK, reason="Splink, the extra `link`, is not installed")
def test_it_finds_most_and_hardly_anybody_else() -> None:
    """Of planted pairs three in four, and of what it proposes nearly all are right; the same each time."""
    made_up = made(seed=8, records=1_000)
    found = propose_by_splink(made_up.adults).found
    pairs = {frozenset({alike.one, alike.other}) for alike in found}
    assert len(pairs & made_up.one.keys()) / len(made_up.one) >= 0.75
    assert len(pairs & made_up.one.keys()) / len(pairs) >= 0.97
    assert pairs.isdisjoint(made_up.two)
    assert propose_by_splink(made_up.adults, pairs).found == []
