"""How much is measured: all of it in about six minutes, or a quick look within a few."""

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
    #: Posts at a steady pace whose sealing is timed.
    sealed: int
    #: Streams that are open while others post, and posts at a steady pace whose alerts are awaited in them.
    streams: int
    told: int
    #: Entries of the record that is looked at as it was known, and read back.
    replayed: int
    #: Observations posted to see how much room they take.
    sized: int
    #: Claims in the records in which one new claim is detected, and how often in each.
    lengths: tuple[int, ...]
    claims: int
    #: Claims in the longer of the two records that are gone through in memory.
    whole: int
    #: Records of which much is asked, and as many of which nothing is.
    asked: int
    #: Moments that are due in a tick, moments that wait beside them, and how often each side is swept.
    due: int
    waiting: int
    ticks: int
    #: Entries among which the latest are looked for, and in how many records whoever looks is involved.
    seen: int
    memberships: tuple[int, ...]


FULL = Effort(
    "full",
    rounds=5,
    turn_s=4.0,
    warm_s=1.0,
    children=3200,
    alerts_idle=200,
    alerts_paced=1000,
    sealed=1_500,
    streams=500,
    told=1_000,
    replayed=10_000,
    sized=10_000,
    lengths=(100, 10_000, 100_000),
    claims=40,
    whole=10_000,
    asked=800,
    due=1_000,
    waiting=1_000_000,
    ticks=3,
    seen=1_000_000,
    memberships=(30, 5_000),
)
QUICK = Effort(
    "quick",
    rounds=3,
    turn_s=1.0,
    warm_s=0.3,
    children=1600,
    alerts_idle=60,
    alerts_paced=200,
    sealed=250,
    streams=500,
    told=200,
    replayed=2_000,
    sized=2_000,
    lengths=(100, 10_000),
    claims=20,
    whole=10_000,
    asked=800,
    due=1_000,
    waiting=100_000,
    ticks=1,
    seen=100_000,
    memberships=(30, 500),
)
