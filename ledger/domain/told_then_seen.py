"""What an agency was told, against what the same agency saw itself soon after.

Its own sight takes the place of what it was told (`ledger.domain.belief`), so the two are never held together; but
being told and seeing are words of two sources, and what was told was not so. They conflict as the words of two
agencies would: where the times for which they are asserted overlap; and on a critical attribute where what was seen
begins within ``compare_within`` of what was last told. It is a change, and the record merely up to date, where they are
further apart, where whoever told it said so since, where the agency gives the day since when it is so, and where it had
itself borne out what it was told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from ledger.domain.belief import Held
from ledger.domain.civil_day import civil_date
from ledger.domain.conflict import Conflict
from ledger.domain.source import HEARD
from ledger.domain.statement import SIGHT, Statement
from ledger.domain.valid_time import overlap
from ledger.domain.vocabulary import Attribute

_LATEST = attrgetter("observed", "content", "ref")


def told_then_seen(statements: Sequence[Statement], attribute: Attribute) -> Iterator[Conflict]:
    """The conflicts, among the statements on one question, of what an agency was told with what it then saw itself."""
    if attribute.is_unchanging:
        return
    for said in _by_agency(statements).values():
        told = sorted((one for one in said if one.basis in HEARD), key=_LATEST)
        for seen in (one for one in said if one.basis in SIGHT) if told else ():
            for old in _last_told(told, seen):
                conflict = _conflict(old, seen, said, attribute)
                if conflict is not None:
                    yield conflict


def is_still_so(conflict: Conflict, statements: Sequence[Statement]) -> bool:
    """Whether what was told and what was seen are still apart, by what whoever told it and the agency say by now."""
    old, seen = (held.statement for held in conflict.held)
    own = [one for one in statements if one.agency == seen.agency and one.is_own and one.mask >= 0]
    told = [one for one in statements if one.agency == old.agency and one.source == old.source]
    now = max((one for one in own if one is seen or one.ends(seen)), key=_LATEST)
    word = max((one for one in told if one is old or one.ends(old)), key=_LATEST)
    return not now.mask & word.mask


def _by_agency(statements: Sequence[Statement]) -> Mapping[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for one in statements:
        found.setdefault(one.agency, []).append(one)
    return found


def _last_told(told: Sequence[Statement], seen: Statement) -> list[Statement]:
    """The last word of each source before something was seen, where that takes its place and leaves no room for it."""
    last = {one.source: one for one in told if seen.is_later_than(one)}
    return [one for one in last.values() if seen.ends(one) and not one.mask & seen.mask]


def _conflict(old: Statement, seen: Statement, said: Sequence[Statement], attribute: Attribute) -> Conflict | None:
    last_told = max(
        one.until for one in said if one.source == old.source and not one.mask & ~old.mask and seen.is_later_than(one)
    )
    is_together = old.since < seen.until and seen.since < old.until
    if is_together:
        shared = overlap(old.said, seen.said)
        if shared is None:
            return None
    elif (
        old.is_carried
        and attribute.critical
        and not _tells_when_it_began(seen)
        and _is_within(attribute, last_told, seen.since)
    ):
        shared = "certain"
    else:
        return None
    if any(_knew_it(one, old, seen) for one in said):
        return None
    return Conflict(
        held=tuple(Held(one, one.said, one.mask) for one in (old, seen)),
        since=max(old.since, seen.since),
        is_certain=shared == "certain",
        is_firm=True,
        change_since=None,
        carried=(),
    )


def _tells_when_it_began(seen: Statement) -> bool:
    """Whether it goes on since a day that is not merely the one on which it was seen."""
    return seen.is_carried and not seen.said.is_as_of_observing


def _is_within(attribute: Attribute, last: datetime, start: datetime) -> bool:
    limit = attribute.compare_within
    if not isinstance(limit, timedelta):
        return True
    return bool(limit) and civil_date(start) - civil_date(last - timedelta.resolution) <= limit


def _knew_it(one: Statement, old: Statement, seen: Statement) -> bool:
    """Whether an own word of the agency bore out what was told before it saw otherwise: then it changed since."""
    return one.is_own and not one.mask & ~old.mask and seen.is_later_than(one) and not old.is_later_than(one)
