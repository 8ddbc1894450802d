"""When what could not be sent is tried again: each channel's waits, and how chance spreads them.

Pure: how often it failed goes in, and a number from 0 to 1 that chance gave; how long to wait comes out.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

#: Whoever asks for more patience than this is not waited for longer.
PATIENCE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The waits before the second try, the third and so on; after the last of these tries nothing is tried again.

    ``spread``: each wait is made longer by up to this part of itself, so that what failed together comes not together.
    """

    waits: tuple[timedelta, ...]
    spread: float = 0.2

    @property
    def tries(self) -> int:
        """How often something is tried at the most."""
        return len(self.waits) + 1

    def wait(self, failures: int, chance: float, asked: timedelta | None = None) -> timedelta | None:
        """How long to wait after so many failures (1, 2 …); None where it is not tried again.

        ``chance`` is from 0 to 1. ``asked``: what the other side asked for (Retry-After, RFC 9110 10.2.3): it is
        never tried sooner.
        """
        if not 1 <= failures <= len(self.waits):
            return None
        wait = self.waits[failures - 1] * (1 + self.spread * chance)
        return wait if asked is None else max(wait, min(asked, PATIENCE))


#: Of mail: a server that is away for a night, or for a weekend, loses nothing (RFC 5321 4.5.4.1: four to five days).
MAIL: Final = Schedule(
    (
        timedelta(minutes=1),
        timedelta(minutes=4),
        timedelta(minutes=15),
        *(timedelta(minutes=30),) * 3,
        *(timedelta(hours=2),) * 5,
        *(timedelta(hours=6),) * 15,
    )
)
#: Of webhooks: ten tries within 75 hours and 35 minutes (Standard Webhooks, specification, "Deliverability").
WEBHOOK: Final = Schedule(
    (
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
        timedelta(hours=20),
        timedelta(hours=24),
    )
)
