"""What leaves the ledger, and the one form that every way out of it has.

A channel is given a message and says what became of it. It holds no transaction while it waits for the network, ends
within `SECONDS`, and raises nothing that it can name. The same message may be given to it again after a crash, under
the same name: whoever gets both can tell that they are one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from ledger.domain.retry import Schedule

#: Within this time a channel has ended, whatever the other side does.
SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Part:
    """One delivery: an item of somebody's feed that leaves. ``fence`` counts who had it; the last one speaks for it."""

    delivery_id: str
    item_id: str
    type: str
    tier: str | None
    subject: str | None
    record_id: UUID | None
    fence: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message: a part, or several that wait for one person and go together.

    ``message`` is its name, the same at every try. ``failures``: how often it was tried and not taken.
    ``taken``: how often it was taken up to be tried; more than ``failures`` + 1 where some try ended without a word.
    """

    message: str
    channel: str
    endpoint: str
    party: str
    agency: str
    parts: tuple[Part, ...]
    failures: int
    taken: int


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """It was not taken, or that cannot be known; later it may be.

    ``fault`` is a word of the program's own and repeats nothing that the other side said. ``after``: sooner it is not
    wanted.
    """

    fault: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Dead:
    """It will never be taken."""

    fault: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The endpoint has ended: nothing else that waits for it will be taken either."""

    fault: str = "gone"


Outcome = Sent | Retry | Dead | Gone


class Channel(Protocol):
    """A way out."""

    @property
    def schedule(self) -> Schedule:
        """When it is tried again."""

    @property
    def at_once(self) -> int:
        """How many messages one process sends by it at the same time, each to another endpoint."""

    def send(self, delivery: Delivery) -> Outcome:
        """Send one message; may be called by several threads at once."""
