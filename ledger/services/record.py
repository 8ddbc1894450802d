"""Record what agencies send: one submission or a thousand, in one transaction, each of them once and for ever.

A retry under the same (agency, event_id) answers as the first did; another body under it is refused. A single post is
a batch of one. Nothing here reads the clock or decides an order: the append gives number, time and hash under the lock.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from ledger.services.authenticate import require
from ledger.services.context import Context
from ledger.services.know_people import KnownPeople
from ledger.services.refusal import CHILD_NOT_KNOWN, NOT_KNOWN, OBSERVED_IN_FUTURE, Refusal, RefusedError
from ledger.services.submission import Name, Outcome, Prepared, Recorded, Submission, known, prepare, record_of
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
    effect: Effect | None = None,
) -> list[Outcome]:
    """Store what is new, answer for what is known, refuse what cannot be, in the order given.

    All that is stored is stored together or not at all. Raises RefusedError when the key does not hold, ContendedError
    when a record stays locked by others, and the driver's OperationalError when the database is away.
    """
    prepared = [prepare(submission, who.agency, context.chance) for submission in submissions]
    people = KnownPeople(submissions, who.agency, context.pack)
    act = _Act(who, prepared, scope, reads, effect, people)
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
) -> Recorded:
    """The same for one; a refusal of it is raised."""
    outcome = record(context, who, [submission], scope, reads=reads, effect=effect)[0]
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
    effect: Effect | None
    people: KnownPeople


def _once(driver: Driver, act: _Act) -> list[Outcome]:
    prepared, people, effect = act.prepared, act.people, act.effect
    names = [name for item in prepared for name in item.submission.names]
    locked = lock(
        driver,
        act.who,
        records=[name for name in names if isinstance(name, UUID)],
        sought=[name for name in names if isinstance(name, str)],
        events=[item.submission.event_id for item in prepared],
        reads=[*act.reads, *people.reads()],
    )
    caller = require(locked.caller, act.scope)
    people.begin(locked.answers[len(act.reads) :])
    placed: list[tuple[Draft, Stored]] = []
    statements: list[Statement] = []
    outcomes: list[Outcome] = []
    for number, item in enumerate(prepared):
        records = [record_of(name, locked) for name in item.submission.names]
        outcome = known(item, locked) or _refuse(item.submission, locked, caller) or people.refuse(number, records)
        if outcome is None:
            outcome = _place(item, locked, placed)
            people.learn(number, records)
            if effect is not None:
                statements.extend(effect(caller, locked, outcome.entry))
            # A later item of this batch under the same event_id is a retry of this one.
            locked.known[item.submission.event_id] = [outcome.entry, *outcome.copies]
        outcomes.append(outcome)
    if placed:
        write(driver, locked.heads, placed, statements=statements)
    else:
        release(driver)
    return outcomes


def _refuse(submission: Submission, locked: Locked, caller: Caller) -> Refusal | None:
    for place_in_body, name in enumerate(submission.names):
        head = _head(name, locked)
        if head is None or head.kind != "child" or head.partnership != caller.partnership:
            if "child" not in submission.body:
                return NOT_KNOWN  # the address named it
            pointer = "/child" if place_in_body == 0 else f"/also/{place_in_body - 1}"
            return replace(CHILD_NOT_KNOWN, pointer=pointer)
    if submission.observed_from is not None and submission.observed_from > locked.clock:
        is_nested = submission.kind == "correction"
        return replace(OBSERVED_IN_FUTURE, pointer="/observation/observed") if is_nested else OBSERVED_IN_FUTURE
    return None


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
