"""How fast posts are stored, beside bare peers on the same servers: in turns, in one run, medians over the rounds.

A round gives every side its turn, so that what slows the machine for a while slows all of them; only ratios between
sides of one round mean anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from ledger.bench.bed import Bed
from ledger.bench.effort import Effort
from ledger.bench.load import Load, Loaded
from ledger.bench.observation import CHILD, EVENT, ordinary
from ledger.bench.peer import Driver
from ledger.bench.standing import batches, forgo_detection, observations, settle

EACH = 100
CONNECTIONS = 32
#: The turn with detection is shorter: it ends when the last post has been detected, which may take a while.
_DETECTED_SHARE = 0.4

#: One side's turn, of so many seconds, under an event prefix that was never used: bodies stored a second.
Turn = Callable[[float, str], float]


@dataclass(frozen=True, slots=True)
class Sides:
    """The rates of every round, by side, in the order of turns."""

    rates: Mapping[str, list[float]]

    def rate(self, side: str) -> float:
        """The median over the rounds, a second."""
        return median(self.rates[side])

    def ratio(self, side: str, beside: str) -> float:
        """The median of the rounds' ratios."""
        pairs = zip(self.rates[side], self.rates[beside], strict=True)
        return median(one / other if other else 0.0 for one, other in pairs)

    def as_json(self) -> dict[str, Any]:
        return {side: {"median": self.rate(side), "rounds": rates} for side, rates in self.rates.items()}


def take_turns(bed: Bed, effort: Effort, name: str, sides: Mapping[str, Turn]) -> Sides:
    """Warm every side up, then give each its turn in every round."""
    for number, (side, turn) in enumerate(sides.items()):
        bed.say(f"  {name}: warming up, {side}")
        turn(effort.warm_s, f"{name}w{number}.")
    rates: dict[str, list[float]] = {side: [] for side in sides}
    for round_number in range(effort.rounds):
        for number, (side, turn) in enumerate(sides.items()):
            rates[side].append(turn(effort.turn_s, f"{name}{round_number}{number}."))
        said = ", ".join(f"{side} {found[-1]:,.0f}/s" for side, found in rates.items())
        bed.say(f"  {name}: round {round_number + 1} of {effort.rounds}: {said}")
    return Sides(rates)


def singles(bed: Bed, effort: Effort, children: tuple[str, ...]) -> Sides:
    """One observation a request."""
    with bed.connect() as driver:
        one = observations(bed, "hv", ordinary(bed.today), "", children)
        return take_turns(
            bed,
            effort,
            "single",
            {
                "ledger": _ledger(bed, driver, one),
                "bare": _bare(bed, one),
                "inserts": lambda seconds, _prefix: bed.insert(_filled(one), 1, seconds),
                "detected": _detected(bed, driver, one),
            },
        )


def batched(bed: Bed, effort: Effort, children: tuple[str, ...]) -> Sides:
    """A hundred observations a request."""
    with bed.connect() as driver:
        one = observations(bed, "hv", ordinary(bed.today), "", children)
        return take_turns(
            bed,
            effort,
            "batch",
            {
                "ledger": _ledger(bed, driver, batches(one, EACH)),
                "bare": _bare(bed, batches(one, EACH)),
                "inserts": lambda seconds, _prefix: bed.insert(_filled(one), EACH, seconds),
            },
        )


def _ledger(bed: Bed, driver: Driver, wanted: Load) -> Turn:
    """Everything on but detection, whose work comes after the answer."""

    def turn(seconds: float, prefix: str) -> float:
        settle(driver)
        with bed.without_detection():
            rate = _put_on(bed, wanted, seconds, prefix).rate
            forgo_detection(driver)
        return rate

    return turn


def _detected(bed: Bed, driver: Driver, wanted: Load) -> Turn:
    """With detection, counted to the moment at which the last post has been detected."""

    def turn(seconds: float, prefix: str) -> float:
        settle(driver)
        loaded = _put_on(bed, wanted, seconds * _DETECTED_SHARE, prefix)
        return loaded.stored / (loaded.seconds + max(settle(driver) - loaded.ended, 0.0))

    return turn


def _bare(bed: Bed, wanted: Load) -> Turn:
    bare = replace(wanted, port=bed.peer_port, path="/one" if wanted.each == 1 else "/many", token="")
    return lambda seconds, prefix: _put_on(bed, bare, seconds, prefix).rate


def _put_on(bed: Bed, wanted: Load, seconds: float, prefix: str) -> Loaded:
    return bed.load(replace(wanted, seconds=seconds, event_prefix=prefix, connections=CONNECTIONS))


def _filled(wanted: Load) -> str:
    return wanted.template.replace(EVENT, "0" * 24).replace(CHILD, wanted.children[0])
