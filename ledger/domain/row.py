"""One question of a picture: what each agency has on it from each source, at one moment of the child's life.

* Of what a cell holds, the stretches are shown that cover the moment; of what matters though it is past, every stretch
  that had begun; and where nothing of a cell covers it, its last word before it, which has then ``ended``. A history
  shows every stretch.
* Not knowing is kept apart from what is held and ends nothing. That an agency does not know, or has not asked, is shown
  until it has a later word from anybody; that somebody declined or evaded, until there is a later word of theirs.
* A court's or expert's finding answers what others say of the same time and were not told after it; what it answers
  stays.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import and_
from typing import Literal, TypeVar

from ledger.domain.allows import Masks, masks_of
from ledger.domain.belief import BeliefKey
from ledger.domain.claim import Claim, Ref
from ledger.domain.conflict import Conflict, conflicts_in
from ledger.domain.person import Links
from ledger.domain.question import Question
from ledger.domain.source import Source, source_of
from ledger.domain.statement import COMPARED, END, Statement
from ledger.domain.stretch import Stretch, Stretches, covers, observed_of, time_of
from ledger.domain.valid_time import ValidTime
from ledger.domain.vocabulary import Attribute

#: ``later``: it begins after the moment; only a history shows it.
State = Literal["asserted", "carried", "stale", "ended", "later"]
#: Ways of not knowing that are the agency's own; the others are what its informant did.
_OWN_IGNORANCE = frozenset({"unknown", "not_asked"})
_FINDING = "finding"

Thing = TypeVar("Thing", Claim, Stretch)


@dataclass(frozen=True, slots=True)
class Hold:
    """A stretch of time over which something is held, as it stands at the moment.

    ``is_certain``: it covers the moment in every reading of its dates. ``said_until``: up to when, not beyond the
    moment, its source has said so. ``held_since``: when the agency's first entry was recorded that says the same of
    this stretch, with no other word of that source between. ``allows``: the states of the world that it leaves; None
    where it says nothing of them. ``answered_by``: a court's or expert's finding on the same question and time, where
    that is not earlier than it.
    """

    claim: Claim
    time: ValidTime
    state: State
    is_certain: bool
    said_until: datetime
    held_since: datetime
    allows: tuple[str, ...] | None
    answered_by: Ref | None
    conflicts_with: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one agency has from one source; ``not_shown`` counts the stretches that are left out."""

    agency: str
    source: Source
    holds: tuple[Hold, ...]
    not_known: tuple[Claim, ...]
    also_said: tuple[Claim, ...]
    not_shown: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Statements shown that cannot all be so, from ``since`` on; ``change_since``: unless it changed after that.

    ``is_acknowledged``: whoever says the newer says too that the older was so at its time.
    """

    refs: tuple[Ref, ...]
    since: datetime
    is_certain: bool
    change_since: datetime | None
    is_acknowledged: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One question. ``possible``: the states that all that is held at the moment leaves together.

    None where nothing is held then, or words on it are not set against each other.
    """

    question: Question
    cells: tuple[Cell, ...]
    clashes: tuple[Clash, ...]
    possible: tuple[str, ...] | None


def row_of(
    question: Question,
    claims: Iterable[Claim],
    attribute: Attribute | None,
    people: Links,
    at: datetime,
    *,
    history: bool = False,
    agency_kinds: Mapping[str, str] | None = None,
) -> Row:
    """The row of one question's claims, each once; without cells where nothing is to be shown."""
    return words_of(claims, attribute, people, agency_kinds or {}).row(question, at, history=history)


class Words:
    """One question's claims, worked out as far as no moment bears on it: its row is asked of any. Never changed."""

    def __init__(
        self, claims: list[Claim], attribute: Attribute | None, people: Links, agency_kinds: Mapping[str, str]
    ) -> None:
        self.attribute, self.stretches = attribute, Stretches(claims, attribute, people, agency_kinds)
        self.claims = {claim.ref: claim for claim in claims}
        self.source = {claim.ref: source_of(claim, people) for claim in claims}
        compared = (claim for claim in claims if claim.statement in COMPARED)
        self.said_by: dict[BeliefKey, list[Statement]] = defaultdict(list)
        for one in sorted(self.stretches.statements, key=_said):
            self.said_by[BeliefKey(one.agency, one.source)].append(one)
        self.answers = [one for one in self.stretches.statements if self.claims[one.ref].statement == _FINDING]
        self.states = masks_of(compared, attribute, people) if attribute else Masks({}, ())
        self.every = _by_key(self.stretches.all, lambda stretch: stretch.key)
        self.unknown = [claim for claim in claims if claim.not_known is not None]
        #: By the id of one of these stretches, which are held here, since when its source has said the same.
        self.held_since: dict[int, datetime] = {}

    @cached_property
    def conflicts(self) -> Sequence[Conflict]:
        """All that cannot all be so, of any time, where words on it are set against each other."""
        return () if self.attribute is None else conflicts_in(self.stretches.beliefs, self.attribute)

    def row(self, question: Question, at: datetime, *, history: bool = False, newest: int | None = None) -> Row:
        """What of it is shown at a moment; without cells where that is nothing. ``newest``: so much of a history."""
        return _Sheet(self, at).row(question, history=history, newest=newest)


def words_of(
    claims: Iterable[Claim], attribute: Attribute | None, people: Links, agency_kinds: Mapping[str, str]
) -> Words:
    """The words on one question, from its claims, each once."""
    return Words(list(claims), attribute, people, agency_kinds)


class _Sheet:
    """The words on one question at a moment, from which its row is made."""

    def __init__(self, words: Words, at: datetime) -> None:
        self._words, self._at = words, at
        self._attribute, self._stretches, self._claims = words.attribute, words.stretches, words.claims
        self._source, self._said_by, self._states = words.source, words.said_by, words.states

    def row(self, question: Question, *, history: bool, newest: int | None) -> Row:
        every = self._words.every
        shown: Mapping[BeliefKey, Sequence[Stretch]] = every
        if not history:
            shown = {key: self._shown(stretches) for key, stretches in every.items()}
        elif newest is not None and len(self._stretches.all) > newest:
            last = sorted(self._stretches.all, key=lambda stretch: (stretch.start, stretch.claim.ref))[-newest:]
            shown = _by_key(last, lambda stretch: stretch.key)
        unknown = self._words.unknown
        not_known = self._in_order(unknown if history else self._still_not_known(unknown))
        also_said = self._in_order(c for c in self._stretches.left_over if history or self._is_ahead(c))
        clashes, against = self._clashes({id(stretch.held) for stretches in shown.values() for stretch in stretches})
        cells = []
        for key in sorted({key for part in (shown, not_known, also_said) for key, found in part.items() if found}):
            holds = tuple(self._hold(stretch, against) for stretch in shown.get(key, ()))
            unknowns, others = tuple(not_known.get(key, ())), tuple(also_said.get(key, ()))
            first, *_ = *(hold.claim for hold in holds), *unknowns, *others
            left_out = len(every.get(key, ())) - len(holds)
            cells.append(Cell(key.agency, self._source[first.ref], holds, unknowns, others, left_out))
        return Row(question, tuple(cells), clashes, self._possible())

    def _shown(self, stretches: Sequence[Stretch]) -> list[Stretch]:
        begun = [stretch for stretch in stretches if stretch.start <= self._at]
        if self._attribute is not None and self._attribute.past_matters:
            return begun
        covering = [stretch for stretch in begun if stretch.covers(self._at)]
        if covering or not begun:
            return covering
        last = max(observed_of(stretch.claim).end for stretch in begun)
        return [stretch for stretch in begun if observed_of(stretch.claim).end == last]

    def _still_not_known(self, unknown: Iterable[Claim]) -> list[Claim]:
        """Of each source the latest word that it is not known, where no later word has made it known."""
        latest: dict[BeliefKey, datetime] = {}
        standing = [claim for claim in unknown if self._is_not_known_now(claim)]
        for claim in standing:
            key, end = self._key(claim), observed_of(claim).end
            latest[key] = max(end, latest.get(key, end))
        return [claim for claim in standing if observed_of(claim).end == latest[self._key(claim)]]

    def _is_not_known_now(self, claim: Claim) -> bool:
        observed, key = observed_of(claim), self._key(claim)
        time = time_of(claim) if claim.valid is not None else None
        if observed.start > self._at or (time is not None and not covers(time, self._at)):
            return False
        by_now = self._told_by_now
        later = by_now.get(key.agency if claim.not_known in _OWN_IGNORANCE else key)
        return later is None or later < observed.end

    @cached_property
    def _told_by_now(self) -> Mapping[BeliefKey | str, datetime]:
        """When each source last told something by the moment, and when each agency last did from anybody."""
        latest: dict[BeliefKey | str, datetime] = {}
        for stretch in self._stretches.all:
            start = observed_of(stretch.claim).start
            if start <= self._at:
                for name in (stretch.key, stretch.key.agency):
                    latest[name] = max(start, latest.get(name, start))
        return latest

    def _is_ahead(self, claim: Claim) -> bool:
        """Whether what is planned, intended or omitted is of this moment or lies ahead of it."""
        if observed_of(claim).start > self._at:
            return False
        time = time_of(claim)
        return time is None or time.latest_end is None or time.latest_end > self._at

    def _possible(self) -> tuple[str, ...] | None:
        if self._attribute is None or not self._attribute.is_compared:
            return None
        covering = [stretch.held for stretch in self._stretches.all if stretch.held and stretch.covers(self._at)]
        left = reduce(and_, (held.statement.mask for held in covering), -1)
        return self._states.states_in(left) if covering else None

    def _clashes(self, shown: Collection[int]) -> tuple[tuple[Clash, ...], dict[int, set[Ref]]]:
        """The conflicts among the beliefs shown, which are given by identity; and what each of these is against."""
        against: dict[int, set[Ref]] = defaultdict(set)
        if self._attribute is None or not self._attribute.is_compared:
            return (), against
        found = [one for one in self._words.conflicts if all(id(held) in shown for held in one.held)]
        for one in found:
            for held in one.held:
                against[id(held)].update(one.refs)
        return tuple(sorted(map(_clash_of, found), key=lambda clash: (clash.since, clash.refs))), against

    def _hold(self, stretch: Stretch, against: Mapping[int, set[Ref]]) -> Hold:
        said_until = min(stretch.asserted_until, max(self._at, stretch.start))
        if stretch.held is not None:
            said_until = self._stretches.beliefs.last_said(stretch.held, self._at)
        return Hold(
            claim=stretch.claim,
            time=stretch.time,
            state=self._state(stretch, said_until),
            is_certain=stretch.certainly_covers(self._at),
            said_until=said_until,
            held_since=self._held_since(stretch),
            allows=None if stretch.held is None else self._states.states_in(stretch.held.statement.mask),
            answered_by=self._answer_to(stretch),
            conflicts_with=tuple(sorted(against.get(id(stretch.held), set()) - {stretch.claim.ref})),
        )

    def _state(self, stretch: Stretch, said_until: datetime) -> State:
        if not stretch.covers(self._at):
            return "ended" if stretch.end <= self._at else "later"
        is_said_again = stretch.asserted_until < said_until and self._at <= said_until
        if self._at < stretch.asserted_until or is_said_again:
            return "asserted"
        holds_for = self._attribute.holds_for if self._attribute else None
        return "stale" if holds_for is not None and said_until + holds_for <= self._at else "carried"

    def _held_since(self, stretch: Stretch) -> datetime:
        """Back over what the same source said before, as long as it said the same without a break in time."""
        known = self._words.held_since
        if id(stretch) not in known:
            known[id(stretch)] = self._work_out_since(stretch)
        return known[id(stretch)]

    def _work_out_since(self, stretch: Stretch) -> datetime:
        since = stretch.claim.recorded_at
        if stretch.held is None:
            return since
        this, start = stretch.held.statement, stretch.start
        said = self._said_by[stretch.key]
        for one in reversed(said[: bisect_left(said, _said(this), key=_said)]):
            if one.mask != this.mask or _end_of(one) < start:
                break
            since, start = min(since, self._claims[one.ref].recorded_at), min(start, one.since)
        return since

    def _answer_to(self, stretch: Stretch) -> Ref | None:
        """The latest finding of a court or expert on the same time, where it is not earlier than what it answers."""
        if stretch.claim.statement == _FINDING:
            return None
        answers = [
            one
            for one in self._words.answers
            if observed_of(stretch.claim).start < one.observed.end
            and one.observed.start <= self._at
            and one.since < stretch.end
            and stretch.start < _end_of(one)
        ]
        return max(answers, key=_said).ref if answers else None

    def _key(self, claim: Claim) -> BeliefKey:
        return BeliefKey(claim.agency, self._source[claim.ref].key)

    def _in_order(self, claims: Iterable[Claim]) -> Mapping[BeliefKey, list[Claim]]:
        return _by_key(sorted(claims, key=lambda claim: (observed_of(claim), claim.ref)), self._key)


def _by_key(things: Iterable[Thing], key_of: Callable[[Thing], BeliefKey]) -> dict[BeliefKey, list[Thing]]:
    found: dict[BeliefKey, list[Thing]] = defaultdict(list)
    for thing in things:
        found[key_of(thing)].append(thing)
    return found


def _clash_of(conflict: Conflict) -> Clash:
    return Clash(
        refs=tuple(sorted(conflict.refs)),
        since=conflict.since,
        is_certain=conflict.is_certain,
        change_since=conflict.change_since,
        is_acknowledged=conflict.is_acknowledged,
    )


def _end_of(statement: Statement) -> datetime:
    return END if statement.is_carried else statement.until


def _said(statement: Statement) -> tuple[datetime, datetime, Ref]:
    return (statement.observed.end, statement.observed.start, statement.ref)
