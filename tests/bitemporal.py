"""Random histories of what was said when of what time, and by brute force what was held of each moment at each point.

A history is a list of what was told: of which days, recorded when, by which entry. The oracle goes through the list for
every cell and knows nothing of the program: of what stands at a point the latest observed that covers a day counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

AGENCIES = ("hv", "csc", "gp")
VALUES = ("lives_here", "absent", "visits", "stays_overnight")
FIRST = date(2023, 9, 4)
#: The time of what is not recorded yet.
_NEVER = datetime.max.replace(tzinfo=UTC)
DAYS = 24


@dataclass(frozen=True)
class Told:
    """One entry: what it says of which days, as observed on which day, and which entry it takes the place of."""

    number: int
    recorded: datetime
    agency: str
    source: str
    observed: date
    valid: tuple[date, date]
    value: str | None
    withdraws: int | None = None


@dataclass
class History:
    """What was told, in the order in which it was recorded."""

    told: list[Told] = field(default_factory=list)

    # ── the oracle ──

    def standing(self, known: datetime) -> list[Told]:
        """What was recorded by then and not withdrawn by then."""
        known_then = [one for one in self.told if one.recorded <= known]
        gone = {one.withdraws for one in known_then}
        return [one for one in known_then if one.number not in gone]

    def withdrawn_by(self, known: datetime, number: int) -> int | None:
        """Which entry had withdrawn another by then."""
        return next((one.number for one in self.told if one.withdraws == number and one.recorded <= known), None)

    def held(self, known: datetime, day: date) -> dict[tuple[str, str], tuple[int, str]]:
        """Of each agency and source the entry that counts on a day, and its value: what an agency saw itself ends what
        it was told before.
        """
        found: dict[tuple[str, str], Told] = {}
        for one in self.standing(known):
            key = (one.agency, one.source)
            covers = one.value is not None and one.valid[0] <= day <= one.valid[1]
            if covers and (key not in found or found[key].observed < one.observed):
                found[key] = one
        return {
            (agency, source): (one.number, str(one.value))
            for (agency, source), one in found.items()
            if found.get((agency, "own"), one).observed <= one.observed
        }

    def shown(self, known: datetime, day: date) -> dict[int, int | None]:
        """The entries that say something of a day, or nothing of any, and by which each is withdrawn."""
        return {
            one.number: self.withdrawn_by(known, one.number)
            for one in self.told
            if one.recorded <= known and (one.value is None or one.valid[0] <= day <= one.valid[1])
        }

    # ── making one ──

    def draw(self, random: Random) -> Told:
        """Another entry, as it might be: an observation, a correction or a void. Its number and time are still open."""
        agency, mine = random.choice(AGENCIES), self.standing(_NEVER)
        own = [one for one in mine if one.agency == agency and one.value is not None]
        withdrawn = random.choice(own).number if own and random.random() < 0.3 else None
        if withdrawn is not None and random.random() < 0.3:
            return Told(0, _NEVER, agency, "own", FIRST, (FIRST, FIRST), None, withdrawn)
        start = FIRST + timedelta(random.randrange(DAYS - 4))
        # More than a day: of one and the same day two accounts stand beside each other.
        end = start + timedelta(random.randrange(1, 6))
        # No two of a source are observed on one day: which of them counts would be for neither to say.
        observed = date(2023, 10, 1) + timedelta(random.choice(sorted(set(range(200)) - self._days())))
        source = random.choice(("own", "mother"))
        return Told(0, _NEVER, agency, source, observed, (start, end), random.choice(VALUES), withdrawn)

    def _days(self) -> set[int]:
        return {(one.observed - date(2023, 10, 1)).days for one in self.told}

    def cells(self, random: Random, days: int) -> Iterator[tuple[datetime, date]]:
        """Each time at which anything was recorded, and just before it, with so many days of the child's life."""
        for one in self.told:
            for known in (one.recorded - timedelta(microseconds=1), one.recorded):
                for day in random.sample([FIRST + timedelta(number) for number in range(-1, DAYS + 2)], days):
                    yield known, day


def body_of(told: Told, entry_id: str) -> dict[str, Any]:
    """What is sent; ``entry_id`` names the entry that it withdraws."""
    if told.value is None:
        return {"voids": entry_id, "reason": "another child"}
    claim: dict[str, Any] = {
        "about": "father",
        "attribute": "presence",
        "value": told.value,
        "valid": f"{told.valid[0]}/{told.valid[1]}",
        "basis": "seen" if told.source == "own" else "told",
    }
    claim |= {"informant": "mother"} if told.source == "mother" else {}
    said = {"observed": str(told.observed), "statement": "fact", "claims": [claim]}
    if told.withdraws is None:
        return said
    return {"corrects": entry_id, "reason": "wrong days", "observation": said}


def kind_of(told: Told) -> str:
    """The kind of entry that it is."""
    if told.withdraws is None:
        return "observation"
    return "void" if told.value is None else "correction"
