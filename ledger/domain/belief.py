"""What each agency holds, from whom, and when: asserted, carried, or ended by a later word of its own.

A belief is keyed by (agency, source) within one question. Of the statements that cover a moment the latest observed
counts (all of them, when equal); arrival order never does.

* A later word ends an earlier one only within one agency (`Statement.ends`): over the time that the later one asserts,
  and what was merely carried, from the later one's start on.
* A later word about one day or a closed period, which says no more and no less than a word that is carried (one's
  states are among the other's), does not end it: told again that he is gone, an agency goes on holding that he is.
  Where it is as precise or more so, the carried word counts as said again on that day.
* What is not known, planned or intended ends nothing.

Cost: n log n in the statements, and the stretches that come of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate, chain
from typing import NamedTuple

from ledger.domain.claim import Ref
from ledger.domain.span import Span, SpanSet
from ledger.domain.statement import END, SIGHT, STRENGTH_OF_OWNER, Statement
from ledger.domain.valid_time import ValidTime


class BeliefKey(NamedTuple):
    """Who holds it, and whose word it is."""

    agency: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A stretch of time over which a statement is held; asserted to ``asserted_until``, carried after that.

    ``mask`` is what it allows among those that it is set against: the statement's own, unless a constraint reads it.
    """

    statement: Statement
    time: ValidTime
    mask: int

    @property
    def start(self) -> datetime:
        return self.time.earliest_start

    @property
    def end(self) -> datetime:
        return self.time.latest_end or END

    @property
    def asserted_until(self) -> datetime:
        return min(self.statement.until, self.end)

    @property
    def is_still_held(self) -> bool:
        """Whether nothing has ended it: the agency holds it for the present."""
        return self.time.latest_end is None

    @property
    def key(self) -> BeliefKey:
        return BeliefKey(self.statement.agency, self.statement.source)


class Beliefs:
    """All that the agencies hold on one question."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._by_agency: dict[str, list[Statement]] = defaultdict(list)
        for statement in statements:
            self._by_agency[statement.agency].append(statement)
        for said in self._by_agency.values():
            said.sort(key=lambda s: (s.observed.end, s.content, s.ref), reverse=True)
        self._present: dict[Ref, Statement] = {}
        self._repeats = _Repeats(s for said in self._by_agency.values() for s in said)
        self._latest_by_mask: dict[int, datetime] = {}
        self._latest_seen: dict[int, datetime] = {}
        for statement in chain.from_iterable(self._by_agency.values()):
            latest = self._latest_by_mask.get(statement.mask, statement.until)
            self._latest_by_mask[statement.mask] = max(latest, statement.until)
            if statement.basis in SIGHT:
                seen = self._latest_seen.get(statement.mask, statement.until)
                self._latest_seen[statement.mask] = max(seen, statement.until)
        self.held: list[Held] = [held for said in self._by_agency.values() for held in _held_within_agency(said)]

    def ended_by(self, agency: str) -> Sequence[Held]:
        """What an agency holds of which it says itself that it has ended."""
        return self._ended.get(agency, ())

    @cached_property
    def _ended(self) -> Mapping[str, list[Held]]:
        ended: dict[str, list[Held]] = {}
        for held in self.held:
            if held.statement.is_over:
                ended.setdefault(held.statement.agency, []).append(held)
        return ended

    def mask_of(self, statement: Statement) -> int:
        """What a statement allows among those that it is set against."""
        return statement.mask

    def last_said(self, held: Held, at: datetime) -> datetime:
        """Up to when, not beyond ``at``, the source has said what is held."""
        last = min(held.statement.until, max(at, held.start))
        if not held.statement.is_carried or at <= held.statement.until:
            return last
        return max(last, self._repeats.last(held, at))

    def last_confirmed(self, held: Held, anything: int = 0) -> datetime:
        """Up to when anybody has said what is held, as precisely or more so; or has seen what is all that it allows.

        ``anything``: the mask of every state, for whoever saw what leaves all of them open has seen nothing of it.
        """
        own = held.statement.mask
        said = [until for mask, until in self._latest_by_mask.items() if not mask & ~own]
        seen = [until for mask, until in self._latest_seen.items() if not own & ~mask and anything & ~mask]
        return max(said + seen)

    def present_word(self, statement: Statement) -> Statement:
        """What its agency says instead by now: the latest word that ends it and speaks of a later time, or itself."""
        if statement.ref not in self._present:
            self._present[statement.ref] = self._word_by_now(statement)
        return self._present[statement.ref]

    def _word_by_now(self, statement: Statement) -> Statement:
        for later in self._by_agency[statement.agency]:
            if later.observed.end <= statement.observed.end:
                break
            if later.until > statement.until and later.ends(statement):
                return later
        return statement


def _held_within_agency(said: list[Statement]) -> Iterator[Held]:
    """The stretches held, given one agency's statements with the latest observed first."""
    to_add = sorted(said, key=lambda statement: (statement.observed.start, statement.ref), reverse=True)
    covers = _Covers()
    added = 0
    for statement in said:
        while added < len(to_add) and to_add[added].observed.start >= statement.observed.end:
            covers.add(to_add[added])
            added += 1
        yield from _stretches(statement, covers)


def _stretches(statement: Statement, covers: _Covers) -> Iterator[Held]:
    since, until = statement.since, statement.until
    parts = covers.left_of(statement)
    stop = until
    if statement.is_carried:
        stop = covers.stop_of(statement) or END
        if stop > until:
            if parts and parts[-1][1] == until:
                parts[-1] = (parts[-1][0], stop)
            else:
                parts.append((until, stop))
    whole = _unended(statement.said) if stop == END else statement.said
    for start, end in parts:
        if (start, end) == (since, stop) and (stop in (until, END)):
            yield Held(statement, whole, statement.mask)
        else:
            yield Held(statement, _cut(statement, start, end), statement.mask)


# Both in full and not by `replace`, which takes four times as long: they are made of every word that is held.


def _unended(said: ValidTime) -> ValidTime:
    return ValidTime(
        earliest_start=said.earliest_start,
        latest_start=said.latest_start,
        earliest_end=None,
        latest_end=None,
        ending=said.ending,
        precision=said.precision,
        written_start=said.written_start,
        written_end=said.written_end,
        is_period=said.is_period,
        is_as_of_observing=said.is_as_of_observing,
        is_cut=said.is_cut,
    )


def _cut(statement: Statement, start: datetime, end: datetime) -> ValidTime:
    """The statement's time, held only from ``start`` to ``end``; what is cut has no written date at the cut."""
    said = statement.said
    is_whole_start, is_whole_end = start == statement.since, end == statement.until and not statement.is_carried
    latest_end = None if end == END else end
    return ValidTime(
        earliest_start=start,
        latest_start=min(said.latest_start, end) if is_whole_start else start,
        earliest_end=max(said.earliest_end or end, start) if is_whole_end else latest_end,
        latest_end=latest_end,
        ending=said.ending,
        precision=said.precision,
        written_start=said.written_start if is_whole_start else None,
        written_end=said.written_end if is_whole_end else None,
        is_period=said.is_period,
        is_as_of_observing=said.is_as_of_observing,
        is_cut=not is_whole_start or end < statement.until,
    )


class _Covers:
    """When later statements of one agency take the place of earlier ones, by source and by strength."""

    def __init__(self) -> None:
        self._asserted: dict[tuple[object, ...], SpanSet] = defaultdict(SpanSet)
        self._by_mask: dict[tuple[object, ...], dict[tuple[int, bool], SpanSet]] = defaultdict(dict)

    def add(self, later: Statement) -> None:
        """From now on ``later`` is later than every statement that is asked about."""
        for key in _keys_added(later):
            self._asserted[key].add(later.since, later.until)
            kinds = self._by_mask[key]
            kinds.setdefault((later.mask, later.is_carried), SpanSet()).add(later.since, later.until)

    def left_of(self, statement: Statement) -> list[Span]:
        """The parts of what it asserts that no later word has taken."""
        parts = [(statement.since, statement.until)]
        for key in _keys_asked(statement):
            cover = self._asserted.get(key)
            if cover is not None:
                parts = [left for start, end in parts for left in cover.outside(start, end)]
        return parts

    def stop_of(self, statement: Statement) -> datetime | None:
        """The moment at which a later word stops it from being carried: at once, if it is of the last asserted day."""
        stops = [
            stop
            for key in _keys_asked(statement)
            for (mask, is_carried), cover in self._by_mask.get(key, {}).items()
            if is_carried or not _is_nested(mask, statement.mask)
            if (stop := cover.next_from(statement.until - timedelta.resolution)) is not None
        ]
        return max(min(stops), statement.until) if stops else None


def _keys_added(later: Statement) -> Iterator[tuple[object, ...]]:
    """Under which keys a later statement takes the place of others (as `Statement.ends` has it)."""
    yield ("source", later.source, later.is_moment and not later.is_own)
    if later.is_own:
        yield ("own", later.strength, later.is_moment)


def _keys_asked(statement: Statement) -> Iterator[tuple[object, ...]]:
    yield ("source", statement.source, False)
    if not (statement.is_moment and not statement.is_own):
        yield ("source", statement.source, True)
    # An own word takes the place of what was known no better.
    for strength in range(statement.strength, STRENGTH_OF_OWNER + 1):
        yield ("own", strength, False)
        if not statement.is_moment:
            yield ("own", strength, True)


def _is_nested(one: int, other: int) -> bool:
    return one & other in {one, other}


class _Repeats:
    """When each source said something again, about a day or a closed period."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        by_key: dict[BeliefKey, dict[int, list[Statement]]] = defaultdict(lambda: defaultdict(list))
        for statement in statements:
            if not statement.is_carried:
                by_key[BeliefKey(statement.agency, statement.source)][statement.mask].append(statement)
        self._said: dict[BeliefKey, list[tuple[int, list[datetime], list[datetime]]]] = {}
        for key, by_mask in by_key.items():
            self._said[key] = []
            for mask, said in by_mask.items():
                said.sort(key=lambda statement: statement.since)
                starts = [statement.since for statement in said]
                self._said[key].append((mask, starts, list(accumulate((s.until for s in said), max))))

    def last(self, held: Held, at: datetime) -> datetime:
        """The end, not after ``at``, of the last repeat of what is held within its stretch."""
        last = held.statement.until
        for mask, starts, ends in self._said.get(held.key, ()):
            place = bisect_right(starts, min(at, held.end))
            if place and not mask & ~held.statement.mask:
                last = max(last, min(ends[place - 1], at))
        return last
