"""Record that agencies disagree about a child, and what is then said: answers, taking it up a stage, how it ends.

Any agency involved may open one, with any that has or had a part in the record. Nothing is decided here and nobody's
statement changes; the times of each stage are the rule pack's, and a finding goes to whoever leads where they run out.
What is said in one is seen no further than what it is about.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from ledger.domain.disagreement import Standing
from ledger.domain.entry import parse_entry_id
from ledger.domain.marking import RESTRICTED
from ledger.domain.pack import Pack
from ledger.services.context import Context
from ledger.services.find_disputed import find_disputed
from ledger.services.name_entry import NamedEntry
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.refuse_disagreement import (
    ABOUT_NOT_KNOWN,
    DISAGREEMENT_NOT_YOURS,
    DISAGREES_WITH_ITSELF,
    LAST_STAGE,
    NO_PART_IN_IT,
    NOT_ASKED,
    NOT_YOURS_TO_WITHDRAW,
    OTHERS_MUST_SEE,
    SAY_WHO_MAY_READ,
    SETTLED_ALREADY,
)
from ledger.services.refuse_work import AGENCY_ENDED
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.database import SYSTEM
from ledger.store.disagreements import Row, disagreement_named, marked, standings, took_part

Who = Credential | Caller
Body = Mapping[str, Any]
KIND: Final = "disagreement"
# Nobody leads whose lead has ended.
_LEADS: Final = """
    SELECT agency_id FROM (
        SELECT agency_id, ended_number FROM ledger.leads WHERE record_id = %s ORDER BY number DESC LIMIT 1) l
    WHERE ended_number IS NULL"""


@dataclass(frozen=True, slots=True)
class _About:
    """What a disagreement is about: an entry, a finding (with the entries it rests on), or nothing in particular."""

    entry: NamedEntry | None = None
    number: int = 0
    rests_on: frozenset[int] = frozenset()

    def reads(self, record_id: UUID) -> list[Statement]:
        """What must be known under the lock; whose markings first."""
        numbers = self.rests_on if self.entry is None else {self.number}
        return [marked(record_id, numbers), *([] if self.entry is None else self.entry.reads())]

    def check(self, caller: Caller, body: Body, answers: Sequence[Any]) -> None:
        """Raise RefusedError where the sender, or whom it names, may not see it."""
        marks, named = answers[0], answers[1:]
        if self.entry is not None:
            seen = self.entry.seen(caller.agency, named)
            if seen is None or seen.agency == SYSTEM:
                raise _error(ABOUT_NOT_KNOWN)
            if not all(_may_read(agency, marks) for agency in body["with"]):
                raise _error(OTHERS_MUST_SEE)
        elif marks and body.get("sharing", {}).get("marking") != RESTRICTED:
            raise _error(SAY_WHO_MAY_READ)


def open_one(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """That the sender disagrees with others, about an entry, a finding or alert, or the work with the child."""
    about, told = _about(context, who, record_id, body)
    reads = [INVOLVED(record_id), took_part(record_id, body["with"]), *about.reads(record_id)]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        check_others(caller.agency, body["with"], locked.answers[1])
        about.check(caller, body, locked.answers[2:])
        return project(Told.of(entry, caller.agency, KIND, told))

    submission = Submission(KIND, body["event_id"], told, names=(record_id,))
    return record_one(context, who, submission, "work", reads=reads, effect=effect)


def _about(context: Context, who: Who, record_id: UUID, body: Body) -> tuple[_About, Body]:
    """What it is about, and the body as it is kept: with the finding that it is about, by its id."""
    if "about" not in body:
        return _About(), body
    named = parse_entry_id(body["about"])
    if named is not None:
        return _About(NamedEntry(record_id, named), named[1]), body
    found = find_disputed(context, who, record_id, body["about"])
    if found is None:
        raise _error(ABOUT_NOT_KNOWN)
    return _About(rests_on=found.rests_on), {**body, "finding": found.finding}


def check_others(agency: str, others: Sequence[str], took_part_in: Sequence[Sequence[Any]]) -> None:
    """Raise RefusedError unless all that are named have or had a part in the record, are there, none the sender."""
    if agency in others:
        raise _error(replace(DISAGREES_WITH_ITSELF, pointer=f"/with/{others.index(agency)}"))
    known = {row[0]: row[1] for row in took_part_in}
    strange = [f"/with/{place}" for place, one in enumerate(others) if one not in known]
    if strange:
        raise _error(NO_PART_IN_IT.at(strange))
    over = [f"/with/{place}" for place, one in enumerate(others) if known[one]]
    if over:
        raise _error(AGENCY_ENDED.at(over))


def reply(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """An answer, by an agency that is asked at this stage."""

    def check(caller: Caller, standing: Standing, _leads: str) -> None:
        if caller.agency not in standing.parties:
            raise _error(DISAGREEMENT_NOT_YOURS)
        if caller.agency not in standing.asked:
            raise _error(NOT_ASKED)

    return _say(context, who, record_id, ("disagreement_reply", body), check)


def step_up(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """It goes to the next stage, by any agency whose it is, or that of whoever leads."""

    def check(caller: Caller, standing: Standing, leads: str) -> None:
        if caller.agency not in standing.parties | {leads}:
            raise _error(DISAGREEMENT_NOT_YOURS)
        if standing.ladder.is_last(len(standing.steps)):
            raise _error(LAST_STAGE)

    return _say(context, who, record_id, ("disagreement_step_up", body), check)


def settle(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """How it ended, by any agency whose it is, or that of whoever leads; withdrawn by who opened it alone."""

    def check(caller: Caller, standing: Standing, leads: str) -> None:
        if caller.agency not in standing.parties | {leads}:
            raise _error(DISAGREEMENT_NOT_YOURS)
        if body["outcome"] == "withdrawn" and caller.agency != standing.opened.agency:
            raise _error(NOT_YOURS_TO_WITHDRAW)

    return _say(context, who, record_id, ("disagreement_settled", body), check)


#: How each of these bodies is recorded.
DISAGREEMENTS: Final[Mapping[str, Callable[[Context, Who, UUID, Body], Recorded]]] = {
    KIND: open_one,
    "disagreement_reply": reply,
    "disagreement_step_up": step_up,
    "disagreement_settled": settle,
}


def _say(
    context: Context,
    who: Who,
    record_id: UUID,
    said: tuple[str, Body],
    check: Callable[[Caller, Standing, str], None],
) -> Recorded:
    kind, body = said
    named = parse_entry_id(body["of"])
    if named is None:
        raise _error(DISAGREEMENT_NOT_YOURS)
    reads: list[Statement] = [INVOLVED(record_id), disagreement_named(record_id, named), (_LEADS, (record_id,))]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        standing = _standing(locked.answers[1], context.pack)
        if standing is None:
            raise _error(DISAGREEMENT_NOT_YOURS)
        leads = locked.answers[2]
        check(caller, standing, leads[0][0] if leads else "")
        if standing.settled is not None:
            raise _error(SETTLED_ALREADY)
        return project(Told.of(entry, caller.agency, kind, body))

    submission = Submission(kind, body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, "work", reads=reads, effect=effect)


def _standing(rows: Sequence[Sequence[Any]], pack: Pack) -> Standing | None:
    return next(iter(standings(map(Row.read, rows), pack.disagreements).values()), None)


def _may_read(agency: str, marks: Sequence[Sequence[Any]]) -> bool:
    return all(owner == agency or (marking == RESTRICTED and agency in to) for owner, marking, to in marks)


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer, refusal.more)
