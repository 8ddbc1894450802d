"""Whether somebody is of the household in which the child lives, by what is held now: in, out, or both are said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from ledger.domain.row import Row

Household = Literal["in", "out", "contested"]
#: The state by which each attribute says that somebody lives there.
_LIVES_THERE: Final = {"household_member": "member", "presence": "resident"}


def household_of(rows: Iterable[Row]) -> Household | None:
    """What these rows of one person say of it now; None where nobody says either."""
    found = set[Household]()
    for row in rows:
        there = _LIVES_THERE.get(row.question.attribute)
        for hold in (hold for cell in row.cells for hold in cell.holds):
            if there is None or hold.allows is None or hold.state in ("later", "ended"):
                continue
            if set(hold.allows) == {there}:
                found.add("in")
            elif there not in hold.allows:
                found.add("out")
    return "contested" if len(found) > 1 else next(iter(found), None)
