"""A part of the stack: how it is started, how one sees that it is up, how it is stopped, and how it is doing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from ledger.stack import child
from ledger.stack.restart import DeathRecord, RestartLimit


class Condition(Enum):
    """Where a part stands. A part that waits will be started again at `again_at`."""

    DOWN = "down"
    STARTING = "starting"
    UP = "up"
    WAITING = "waiting"


@dataclass(slots=True)
class Part:
    """One part. `begin` is given how many deaths of it count at the moment; `rank` orders stopping, lowest first."""

    name: str
    begin: Callable[[int], child.Child]
    is_ready: Callable[[child.Child], bool]
    end: Callable[[child.Child], None]
    says: str = ""
    rank: int = 0
    condition: Condition = Condition.DOWN
    running: child.Child | None = None
    deaths: DeathRecord = field(default_factory=lambda: DeathRecord(RestartLimit()))
    started_at: float = 0.0
    again_at: float = 0.0
    restarts: int = 0
    slow_said: bool = False
