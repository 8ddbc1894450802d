"""How long entries took to be under a signed checkpoint, from what was written and what was seen."""

from datetime import UTC, datetime, timedelta

import pytest

from ledger.bench.load import LoadError
from ledger.bench.sealing import Sealing, delays

BEGAN = datetime(2026, 11, 22, 9, tzinfo=UTC)


def at(milliseconds: int) -> datetime:
    return BEGAN + timedelta(milliseconds=milliseconds)


def test_an_entry_waits_for_the_first_checkpoint_over_it() -> None:
    """A checkpoint of size n covers indexes below n; one that was seen before the entry's time is no delay at all."""
    written = [(5, at(0)), (6, at(100)), (7, at(400)), (8, at(900))]
    seen = [(7, at(200)), (8, at(450)), (11, at(899))]
    assert delays(written, seen) == pytest.approx([0.2, 0.1, 0.05, 0.0])


def test_what_no_checkpoint_covers_is_said() -> None:
    """Rather than left out of the figures."""
    with pytest.raises(LoadError):
        delays([(11, at(0))], [(11, at(200))])


def test_figures_are_of_all_entries() -> None:
    """Median, the slowest in a hundred, and the slowest."""
    said = Sealing([0.1] * 98 + [0.5, 0.9], 7).as_json()
    assert (said["entries"], said["checkpoints"]) == (100, 7)
    assert said["p50_ms"] == pytest.approx(100)
    assert said["most_ms"] == pytest.approx(900)
