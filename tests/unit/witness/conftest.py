"""A witness in this process, on a store of its own, with a clock that tests move."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ledger.witness.key import WitnessKey
from ledger.witness.store import Store
from ledger.witness.witness import Witness, logs_by_origin
from tests.signing_log import SigningLog, seed_of


class MovedClock:
    """The real clock, as a test sets it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def log() -> SigningLog:
    """A log of eleven entries."""
    return SigningLog().grow(11)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def make_witness(tmp_path: Path, clock: MovedClock) -> Callable[..., Witness]:
    """Makes witnesses of several logs, or one anew on the store that is there."""

    def make(*logs: SigningLog, name: str = "witness.example/w1") -> Witness:
        key, path = WitnessKey(name, seed_of(name)), tmp_path / f"{name.replace('/', '-')}.db"
        store = Store(path, key.vkey) if path.exists() else Store.make(path, key.vkey)
        return Witness(key, logs_by_origin([log.verifier for log in logs]), store, clock)

    return make


@pytest.fixture
def witness(make_witness: Callable[..., Witness], log: SigningLog) -> Witness:
    """A witness of the log that has seen nothing yet."""
    return make_witness(log)
