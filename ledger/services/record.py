"""Record what agencies send: one submission or a thousand, in one transaction, each of them once and for ever.

A retry under the same (agency, event_id) answers as the first did; another body under it is refused. A single post is
a batch of one. Nothing here reads the clock or decides an order: the append gives number, time and hash under the lock.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from ledger.domain.adult import NAMING as OF_TWO_RECORDS
from ledger.domain.door import DoorWarning
from ledger.services.authenticate import require
from ledger.services.context import Context
from ledger.services.keep_marks import keep_marks
from ledger.services.know_people import KnownPeople
from ledger.services.prompt import Prompts
from ledger.services.refusal import CHILD_NOT_KNOWN, NOT_KNOWN, OBSERVED_IN_FUTURE, Refusal, RefusedError
from ledger.services.refuse_adults import OTHER_CHILD_NOT_KNOWN
from ledger.services.submission import (
    Name,
    Outcome,
    Prepared,
    Recorded,
    Submission,
    known,
    prepare,
    record_of,
    signed_by,
)
from ledger.services.told import Told
from ledger.services.wait_notices import WaitingNotices
from ledger.services.warn import Door
from ledger.services.who_holds import WhoHolds
from ledger.store.append import (
    Caller,
    Credential,
    Draft,
    Driver,
    Head,
    Locked,
    Statement,
    Stored,
    append_with,
    lock,
    place,
    release,
    write,
)
from ledger.store.landmarks import given, read_given
from ledger.store.trip import ask
from ledger.store.work import parts_in

#: What an entry does besides being stored: given the locked state and its place, the statements of its projections.
#: It may refuse (RefusedError) on what the first trip read.
Effect = Callable[[Caller, Locked, Stored], Iterable[Statement]]


def record(
    context: Context,
    who: Credential | Caller,
    submissions: Sequence[Submission],
    scope: str,
    *,
    reads: Sequence[Statement] = (),
    effect: Effect | Mapping[str, Effect] | None = None,
    beyond: bool = False,
) -> list[Outcome]:
    """Store what is new, answer for what is known, refuse what cannot be, in the order given.

    A record of another partnership is written to by whoever has a part in it; with `beyond` the effect says who else.

    All that is stored is stored together or not at all. What entries do besides may be said for each kind by itself.
    Raises RefusedError when the key does not hold, ContendedError when a record stays locked by others, and the
    driver's OperationalError when the database is away.
    """
    submissions = [signed_by(who, submission) for submission in submissions]
    prepared = [prepare(submission, who.agency, context.chance) for submission in submissions]
    people = KnownPeople(submissions, who.agency, context.pack)
    door = Door(submissions, who.agency, context.pack)
    prompts = Prompts(submissions, who.agency, context.pack)
    holds = WhoHolds(prepared, who.agency, context.pack)
    act = _Act(who, prepared, scope, reads, effect, people, door, prompts, WaitingNotices(who), holds, beyond)
    outcomes = append_with(context.engine, lambda driver: _once(driver, act))
    if any(isinstance(outcome, Recorded) and outcome.is_new for outcome in outcomes):
        context.bell.ring()
    return outcomes


def record_one(
    context: Context,
    who: Credential | Caller,
    submission: Submission,
    scope: str,
    *,
    reads: Sequence[Statement] = (),
    effect: Effect | None = None,
    beyond: bool = False,
) -> Recorded:
    """The same for one; a refusal of it is raised."""
    outcome = record(context, who, [submission], scope, reads=reads, effect=effect, beyond=beyond)[0]
    if isinstance(outcome, Refusal):
        raise RefusedError(outcome.code, outcome.detail, outcome.pointer, outcome.more)
    return outcome


@dataclass(frozen=True, slots=True)
class _Act:
    """All of one append that is the same each time it is tried."""

    who: Credential | Caller
    prepared: Sequence[Prepared]
    scope: str
    reads: Sequence[Statement]
    effect: Effect | Mapping[str, Effect] | None
    people: KnownPeople
    door: Door
    prompts: Prompts
    notices: WaitingNotices
    holds: WhoHolds
    beyond: bool = False

    def looks(self) -> list[Sequence[Statement]]:
        """The look-ups of the first trip, each asker's together."""
        askers = (self.people, self.door, self.prompts, self.notices, self.holds)
        return [self.reads, *(asker.reads() for asker in askers)]


def _once(driver: Driver, act: _Act) -> list[Outcome]:
    prepared, looks = act.prepared, act.looks()
    names = [name for item in prepared for name in item.submission.names]
    locked = lock(
        driver,
        act.who,
        records=[name for name in names if isinstance(name, UUID)],
        sought=[name for name in names if isinstance(name, str)],
        events=[item.submission.event_id for item in prepared],
        reads=[statement for look in looks for statement in look],
    )
    caller = require(locked.caller, act.scope)
    locked.answers, of_people, of_door, of_prompts, of_notices, of_holds = _shared_out(locked.answers, looks)
    act.people.begin(of_people)
    act.door.begin(of_door)
    act.prompts.begin(of_prompts, caller.kind)
    act.notices.begin(of_notices, caller.scopes)
    act.holds.begin(of_holds)
    appending = _Appending(act, locked, caller, _elsewhere(driver, act, locked, caller))
    outcomes = [appending.take(number, item) for number, item in enumerate(prepared)]
    earlier = appending.stored_earlier(outcomes)
    recalls = [given(earlier)] if earlier else []
    more = act.holds.more()
    if appending.placed:
        recalled = [ask(driver, *statement) for statement in recalls]
        heard = write(driver, locked.heads, appending.placed, statements=appending.statements, reads=more)
    else:
        answers = release(driver, [*recalls, *more])
        recalled, heard = answers[: len(recalls)], answers[len(recalls) :]
    act.holds.hear(heard)
    return appending.answered(outcomes, recalled)


def _elsewhere(driver: Driver, act: _Act, locked: Locked, caller: Caller) -> frozenset[UUID]:
    """Of the records of other partnerships those that may be written to: where one once was, those with a part stay.

    Asked of these alone, so that no other post waits for it.
    """
    apart = [one.record_id for one in locked.heads.values() if one.partnership != caller.partnership]
    if not apart or act.beyond:
        return frozenset(apart)
    return frozenset(record_id for (record_id,) in ask(driver, *parts_in(apart)))


def _shared_out(
    answers: Sequence[list[tuple[Any, ...]]], looks: Iterable[Sequence[Statement]]
) -> Iterator[list[list[tuple[Any, ...]]]]:
    """To each asker the answers to what it asked."""
    left = iter(answers)
    for look in looks:
        yield [next(left) for _ in look]


class _Appending:
    """One try of an append under the lock: what is placed, and what follows from it."""

    def __init__(self, act: _Act, locked: Locked, caller: Caller, elsewhere: frozenset[UUID]) -> None:
        self._act, self._locked, self._caller, self._elsewhere = act, locked, caller, elsewhere
        self.placed: list[tuple[Draft, Stored]] = []
        self.statements: list[Statement] = []
        self._warned: dict[tuple[UUID, int], tuple[DoorWarning, ...]] = {}

    def take(self, number: int, item: Prepared) -> Outcome:
        """What becomes of one submission."""
        act, locked = self._act, self._locked
        records = [record_of(name, locked) for name in item.submission.names]
        outcome = known(item, locked) or self._refuse(item.submission)
        outcome = outcome or act.people.refuse(number, records)
        if outcome is not None:
            return outcome
        recorded = _place(item, locked, self.placed)
        act.people.learn(number, records)
        effect = act.effect.get(item.submission.kind) if isinstance(act.effect, Mapping) else act.effect
        if effect is not None:
            for entry in recorded.entries:
                self.statements.extend(effect(self._caller, locked, entry))
        for entry in recorded.entries:
            told = Told.of(entry, self._caller.agency, item.submission.kind, item.submission.body)
            self.statements += keep_marks(told)
        warnings, kept = act.door.pass_in(number, recorded.entries)
        self.statements += kept
        self._warned |= {place: warnings.get(place[0], ()) for place in map(_place_of, recorded.entries)}
        # A later item of this batch under the same event_id is a retry of this one.
        locked.known[item.submission.event_id] = [*recorded.entries]
        return recorded

    def _refuse(self, submission: Submission) -> Refusal | None:
        return _refuse(submission, self._locked, self._caller, self._elsewhere)

    def stored_earlier(self, outcomes: Iterable[Outcome]) -> list[tuple[UUID, int]]:
        """The entries that earlier calls stored, of which is still to be read what was warned of then."""
        entries = [entry for one in outcomes if isinstance(one, Recorded) for entry in one.entries]
        return list(dict.fromkeys(place for place in map(_place_of, entries) if place not in self._warned))

    def answered(self, outcomes: Iterable[Outcome], recalled: Sequence[Sequence[tuple[Any, ...]]]) -> list[Outcome]:
        """The outcomes as they are answered, the first time and each time after."""
        warned = {**self._warned, **read_given(row for rows in recalled for row in rows)}
        return [
            self._answered(number, one, warned) if isinstance(one, Recorded) else one
            for number, one in enumerate(outcomes)
        ]

    def _answered(
        self, number: int, recorded: Recorded, warned: Mapping[tuple[UUID, int], tuple[DoorWarning, ...]]
    ) -> Recorded:
        records = [entry.record_id for entry in recorded.entries]
        return replace(
            recorded,
            warnings={one.record_id: found for one in recorded.entries if (found := warned.get(_place_of(one)))},
            prompts=self._act.prompts.after(number, records, self._locked.clock),
            notices=self._act.notices.told,
            reach=self._act.holds.of(number, recorded.entries),
        )


def _place_of(entry: Stored) -> tuple[UUID, int]:
    return entry.record_id, entry.number


def _refuse(submission: Submission, locked: Locked, caller: Caller, elsewhere: frozenset[UUID]) -> Refusal | None:
    for place_in_body, name in enumerate(submission.names):
        head = _head(name, locked)
        if head is None or head.kind != "child" or not _is_open(head, caller, elsewhere):
            if submission.kind in OF_TWO_RECORDS and place_in_body == 1:
                # Told only to whoever is involved with the first: of nobody's record anything is told.
                return OTHER_CHILD_NOT_KNOWN if locked.answers[0] else NOT_KNOWN
            if "child" not in submission.body:
                return NOT_KNOWN  # the address named it
            pointer = "/child" if place_in_body == 0 else f"/also/{place_in_body - 1}"
            return replace(CHILD_NOT_KNOWN, pointer=pointer)
    if submission.observed_from is not None and submission.observed_from > locked.clock:
        is_nested = submission.kind == "correction"
        return replace(OBSERVED_IN_FUTURE, pointer="/observation/observed") if is_nested else OBSERVED_IN_FUTURE
    return None


def _is_open(head: Head, caller: Caller, elsewhere: frozenset[UUID]) -> bool:
    return head.partnership == caller.partnership or head.record_id in elsewhere


def _head(name: Name, locked: Locked) -> Head | None:
    record_id = record_of(name, locked)
    return locked.heads.get(record_id) if record_id else None


def _place(item: Prepared, locked: Locked, placed: list[tuple[Draft, Stored]]) -> Recorded:
    made: list[Stored] = []
    for copy, name in enumerate(item.submission.names):
        head = _head(name, locked)
        assert head is not None, "refused above"
        if any(stored.record_id == head.record_id for stored in made):
            continue  # the same child named twice: one entry in its record
        draft = item.draft(head.record_id, copy)
        stored = place(head, draft, locked.clock)
        placed.append((draft, stored))
        made.append(stored)
    return Recorded(made[0], is_new=True, copies=tuple(made[1:]))
