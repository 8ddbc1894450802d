"""What every service is handed by the edge that runs it: nothing here is found by a global name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine

from ledger.domain.entry import Chance
from ledger.domain.pack import Pack


class Bell(Protocol):
    """Wakes whoever detects; never waits and never fails (a sweep finds what a lost ring did not announce)."""

    def ring(self) -> None:
        """Say that something is due."""


@dataclass(frozen=True, slots=True)
class Context:
    """An engine of one role, the rule pack, and the two things that no code below the edge may reach for itself."""

    engine: Engine
    pack: Pack
    chance: Chance
    #: The real clock, aware: sign-in, expiry and leases. Recorded time is the ledger's own clock (store.clock).
    real_now: Callable[[], datetime]
    bell: Bell
