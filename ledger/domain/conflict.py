"""Where the stretches of a question leave no state of the world that all of them allow.

The stretches are swept in order of their starts. A pair whose masks share no state is one conflict; where every
pair shares one but all together do not, each least set of masks without a common state is one. What meets is asserted
by all at one time, or asserted by one while the others are carried. The rest is a change: it begins more than
``compare_within`` after the civil day on which what is carried was last said, and does not go back on what can only go
forward. What began at some time in a month or
year within which the others were last said is not asserted together with them: it may have begun just after.

Not conflicts: two words of one agency's own source, or of one source in one entry; stretches that only meet on a
change-over day; what none of the sources asserted while the others held theirs.

Cost: n log n in the stretches, and the pairs that meet; what is held at one moment is at most one word for each
source, so pairs do not grow with the square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, reduce
from itertools import chain, combinations, groupby, islice, product
from operator import and_
from typing import Literal, Protocol

from ledger.domain.belief import Held
from ledger.domain.civil_day import civil_date
from ledger.domain.claim import Ref
from ledger.domain.statement import Statement
from ledger.domain.valid_time import overlap, start_stretch

#: The most statements of which only all together leave no state: more is shown to nobody.
TOGETHER_MAX = 5
#: The most choices of stretches that are tried for one set of masks.
ALTERNATIVES_MAX = 64
_A_DAY = timedelta(days=1)


class Ground(Protocol):
    """What is held and may be set against each other: the beliefs on one question, or those that a constraint joins."""

    held: list[Held]

    def last_said(self, held: Held, at: datetime) -> datetime: ...
    def present_word(self, statement: Statement) -> Statement: ...
    def mask_of(self, statement: Statement) -> int: ...
    def ended_by(self, agency: str) -> Sequence[Held]: ...


class Comparing(Protocol):
    """How what is held is set against each other: what an attribute, or a constraint, says of it."""

    @property
    def compare_within(self) -> timedelta | Literal["always"]: ...
    @property
    def holds_for(self) -> timedelta | None: ...
    @property
    def critical(self) -> bool: ...
    @property
    def past_matters(self) -> bool: ...
    @property
    def is_unchanging(self) -> bool: ...
    def goes_back(self, earlier: int, later: int) -> bool: ...


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """Stretches that cannot all be so, from the moment from which they share time.

    ``is_certain``: it holds for every reading of the vague dates. ``is_firm``: it cannot be put down to a change; else
    ``change_since`` is when what is carried was last said.
    ``carried``: the stretches that were only carried when they met the others. ``is_acknowledged``: whoever says the
    new says too that what is carried was so at its time, so nothing is in dispute, and only its holder need be told.
    """

    held: tuple[Held, ...]
    since: datetime
    is_certain: bool
    is_firm: bool
    change_since: datetime | None
    carried: tuple[Held, ...]
    is_acknowledged: bool = False

    @property
    def refs(self) -> tuple[Ref, ...]:
        return tuple(held.statement.ref for held in self.held)


def conflicts_in(beliefs: Ground, attribute: Comparing) -> list[Conflict]:
    """Every conflict among what is held on one question, in the order of the time in which it starts."""
    found = []
    for alternatives in _meetings(beliefs.held):
        conflicts = (_conflict(members, beliefs, attribute) for members in alternatives)
        conflict = next((one for one in conflicts if one is not None), None)
        if conflict is not None:
            found.append(conflict)
    return found


def least_empty(masks: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    """The sets of three masks and more that share no state though every smaller part of them does."""
    return _least_empty(tuple(sorted(set(masks))))


@lru_cache(maxsize=4096)
def _least_empty(masks: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    if reduce(and_, masks, -1):
        return ()
    found: list[tuple[int, ...]] = []
    for size in range(3, min(TOGETHER_MAX, len(masks)) + 1):
        for some in combinations(masks, size):
            parts = combinations(some, size - 1)
            if reduce(and_, some) == 0 and all(reduce(and_, part) for part in parts):
                found.append(some)
    return tuple(found)


def _meetings(stretches: Iterable[Held]) -> Iterator[Iterable[tuple[Held, ...]]]:
    """The stretches that share some moment and no state: pairs, and least sets of more.

    A least set is one of masks: where several stretches have one mask, each choice of them is an alternative, the most
    telling first, for the first may only meet the others on a change-over day.
    """
    ordered = sorted(stretches, key=lambda held: (held.start, held.statement.content, held.statement.ref))
    active: dict[int, list[Held]] = defaultdict(list)
    for start, arriving in groupby(ordered, key=lambda held: held.start):
        _let_go(active, start)
        new_masks = set()
        for held in arriving:
            mask = held.mask
            against = (others for other_mask, others in active.items() if not mask & other_mask)
            yield from (((other, held),) for other in chain.from_iterable(against))
            active[mask].append(held)
            new_masks.add(mask)
        if len(active) >= 3:
            for masks in least_empty(active):
                if new_masks.intersection(masks):
                    yield islice(product(*(_telling(active[mask], start) for mask in masks)), ALTERNATIVES_MAX)


def _let_go(active: dict[int, list[Held]], now: datetime) -> None:
    """Take out what has ended by now."""
    for mask in list(active):
        active[mask] = [held for held in active[mask] if held.end > now]
        if not active[mask]:
            del active[mask]


def _telling(stretches: Iterable[Held], now: datetime) -> list[Held]:
    """Several stretches with one mask, the one that stands for all first: what starts now, else what was said last."""
    return sorted(stretches, key=lambda held: _said_last(held, now), reverse=True)


def _said_last(held: Held, now: datetime) -> tuple[object, ...]:
    said = held.statement
    return (held.start == now, held.asserted_until, said.observed, held.start, said.content, said.ref)


def _conflict(members: Sequence[Held], beliefs: Ground, attribute: Comparing) -> Conflict | None:
    if not _are_accounts(members):
        return None
    overlaps = {overlap(one.time, other.time) for one, other in combinations(members, 2)}
    if None in overlaps:
        return None
    since = max(held.start for held in members)
    until = min(held.end for held in members)
    is_certain = overlaps == {"certain"}
    if attribute.is_unchanging:
        return Conflict(tuple(members), since, is_certain, is_firm=True, change_since=None, carried=())
    gap = _least_gap(members, since, until, beliefs)
    if gap is None:
        return None
    within = attribute.compare_within
    goes_back = any(attribute.goes_back(held.mask, gap.new.mask) for held in gap.carried)
    is_acknowledged = not goes_back and gap.is_acknowledged(beliefs)
    is_firm = goes_back or (not is_acknowledged and gap.is_within(within, gap.start))
    if is_firm and not attribute.critical:
        is_certain &= goes_back or (gap.is_within(within, gap.latest_start) and not _may_be_since(gap))
    change_since = None if is_firm else gap.last_said
    return Conflict(tuple(members), since, is_certain, is_firm, change_since, gap.carried, is_acknowledged)


def _are_accounts(members: Sequence[Held]) -> bool:
    """Whether these are accounts that can be set against each other: of several sources, or of one person twice."""
    if len({held.key for held in members}) > 1:
        return True
    entries = {held.statement.ref.number for held in members}
    return len(entries) > 1 and not members[0].statement.is_own


@dataclass(frozen=True, slots=True)
class _Gap:
    """From when the carried were last said to the start, at the earliest and the latest, of what is new to them.

    Nothing is carried where all is asserted at one time.
    """

    new: Held
    last_said: datetime
    start: datetime
    latest_start: datetime
    carried: tuple[Held, ...]

    def is_within(self, limit: timedelta | Literal["always"], start: datetime) -> bool:
        """Whether ``start`` is at most so long after the last day on which the carried were said; for P0D, never."""
        if limit == "always" or not self.carried:
            return True
        if not limit or limit % _A_DAY:
            return start - self.last_said < limit
        return civil_date(start) - civil_date(self.last_said - timedelta.resolution) <= limit

    def is_acknowledged(self, beliefs: Ground) -> bool:
        """Whether whoever says the new tells of an earlier spell by which all that is carried was so when last said."""
        spells = beliefs.ended_by(self.new.statement.agency) if self.carried else ()
        return bool(spells) and all(
            any(_tells_of(spell, old, self.new, last_said) for spell in spells)
            for old in self.carried
            for last_said in (beliefs.last_said(old, self.start),)
        )


def _least_gap(members: Sequence[Held], since: datetime, until: datetime, beliefs: Ground) -> _Gap | None:
    """What one asserts against what the others asserted or carried, the closest first; None if nobody asserts then."""
    gaps = []
    for new in members:
        others = [held for held in members if held is not new]
        if any(_may_begin_after(other, new) for other in others):
            continue
        start = max([since, *(other.asserted_until for other in others if _may_begin_after(new, other))])
        if start >= min(new.asserted_until, until):
            continue
        carried = tuple(held for held in others if held.asserted_until <= start)
        last = min((beliefs.last_said(held, start) for held in carried), default=start)
        gaps.append(_Gap(new, last, start, max(start, new.time.latest_start), carried))
    return min(gaps, key=lambda gap: gap.start - gap.last_said, default=None)


def _may_be_since(gap: _Gap) -> bool:
    """Whether one person's later word may be of what came to be after their earlier one: they need not gainsay it."""
    person = gap.new.statement.person
    return person is not None and any(
        old.statement.person == person and _may_begin_after(gap.new, old) for old in gap.carried
    )


def _may_begin_after(new: Held, old: Held) -> bool:
    """Whether ``new`` began at some time in a month or year, within which the word on ``old`` comes to its end."""
    written = start_stretch(new.time)
    if written is None or old.time.written_end is not None or not written[0] < old.asserted_until < written[1]:
        return False
    return civil_date(written[0]) < civil_date(written[1] - timedelta.resolution)


def _tells_of(spell: Held, old: Held, new: Held, last_said: datetime) -> bool:
    """Whether ``spell``, by whoever says ``new``, leaves room for ``old`` when that was last said.

    It does as a spell that agrees with ``old``, differs from ``new`` and lasted at least until then; or as an earlier
    spell of the new that was over by then, where the new is dated too: he left, he came back. The same source must say
    both, or its agency of its own knowledge: what one person tells does not explain away what another saw.
    """
    said = spell.statement
    is_of_new = spell.key == new.key or (said.agency == new.statement.agency and said.is_own)
    if not (is_of_new and said.is_over and spell.start < last_said):
        return False
    if spell.mask & old.mask:
        return not spell.mask & new.mask and last_said <= spell.end
    is_dated = not new.statement.is_moment and not new.time.is_as_of_observing
    return bool(is_dated and spell.mask & new.mask and overlap(spell.time, old.time) is None)


def has_moved_on(conflict: Conflict, beliefs: Ground) -> bool:
    """Whether anybody has spoken since, and of a later time than any of the statements in conflict.

    What was said with its end then says nothing of the present any more.
    """
    said = [held.statement for held in conflict.held]
    until = max(statement.until for statement in said)
    return any(
        held.statement.until > until and all(held.statement.is_later_than(statement) for statement in said)
        for held in beliefs.held
    )
