"""How much is measured: all of it in about four minutes, or a quick look within one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """The size of each measurement."""

    name: str
    rounds: int
    #: How long each side's turn takes.
    turn_s: float
    warm_s: float
    #: Records that the ingest turns post to; enough that concurrent batches of a hundred need not meet.
    children: int
    alerts_idle: int
    alerts_paced: int
    #: Observations posted to see how much room they take.
    sized: int
    #: Claims in the records in which one new claim is detected, and how often in each.
    lengths: tuple[int, ...]
    claims: int


FULL = Effort(
    "full",
    rounds=5,
    turn_s=4.0,
    warm_s=1.0,
    children=3200,
    alerts_idle=200,
    alerts_paced=1000,
    sized=10_000,
    lengths=(100, 10_000, 100_000),
    claims=40,
)
QUICK = Effort(
    "quick",
    rounds=3,
    turn_s=1.0,
    warm_s=0.3,
    children=1600,
    alerts_idle=60,
    alerts_paced=200,
    sized=2_000,
    lengths=(100, 10_000),
    claims=20,
)
