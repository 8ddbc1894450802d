"""Record a decision, and an override of one that does not stand.

A decision is recorded whatever speaks against it: nothing here weighs it first. What the second person of an override
must be is asked: somebody by name, and somebody else than whoever takes or took the decision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.domain.second_person import Signatory, is_one_person, signatory
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked
from ledger.services.name_entry import NamedEntry
from ledger.services.past import open_past
from ledger.services.project import project
from ledger.services.read_decisions import LOOK, Opening, told_of_decision
from ledger.services.reading import reading
from ledger.services.record import record_one
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.refuse_deciding import (
    DECISION_ENDED,
    NO_SUCH_DECISION,
    NOT_YOURS_TO_OVERRIDE,
    OVERRIDE_NEEDS_AUTHOR,
    SECOND_DECIDED,
    SECOND_IS_FIRST,
    SECOND_OF_NOBODY,
    SECOND_UNNAMED,
    STANDS_ALREADY,
)
from ledger.services.restate_reliance import restated
from ledger.services.submission import Recorded, Submission, signed_by
from ledger.services.told import Told
from ledger.services.weigh_decision import OVERRIDE, deliberate
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored

Who = Credential | Caller
Body = Mapping[str, Any]
KIND: Final = "decision"
#: Which people go by which references, at these agencies.
_PEOPLE: Final = "SELECT agency_id, ref, name FROM ledger.people WHERE agency_id = ANY (%s::text[])"
#: Whether an agency is one that people can be of.
_AGENCY: Final = "SELECT 1 FROM ledger.agencies WHERE agency_id = %s AND ended_number IS NULL"
_LEADS: Final = """
    SELECT agency_id FROM (
        SELECT agency_id, ended_number FROM ledger.leads WHERE record_id = %s ORDER BY number DESC LIMIT 1) l
    WHERE ended_number IS NULL"""


def decide(context: Context, who: Who, record_id: UUID, body: Body, opening: Opening) -> Recorded:
    """A decision, which is always recorded; and, in what it is answered with, what it rests on and whether it stands.

    ``opening`` opens the transaction in which that is read, once it is recorded. Raises RefusedError for an override of
    its own that one person signs alone.
    """
    said = restated(context, who, record_id, body, what=LOOK)
    submission = signed_by(who, Submission(KIND, body["event_id"], said, names=(record_id,)))
    override, first = body.get("override"), _first(submission.body, who)
    second = None if override is None else signatory(override["second"], who.agency)
    reads: list[Statement] = [INVOLVED(record_id), _people(second, first), _agency(second)]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if override is not None:
            if second is None:
                raise _error(SECOND_UNNAMED.at(["/override/second"]))
            if not locked.answers[2]:
                raise _error(SECOND_OF_NOBODY.at(["/override/second/agency"]))
            if first is not None and is_one_person(second, first, locked.answers[1]):
                raise _error(SECOND_IS_FIRST.at(["/override/second"]))
        return project(Told.of(entry, caller.agency, KIND, submission.body))

    recorded = record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)
    told = told_of_decision(opening, recorded.entry, pack=context.pack, chance=context.chance)
    return replace(recorded, beside=told)


def override(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """That a decision is taken all the same: by the agency that took it or the one that leads, and a second person.

    Raises RefusedError where the second is the first, and where there is nothing to override.
    """
    named = parse_entry_id(body["of"])
    if named is None:
        raise _error(NO_SUCH_DECISION)
    submission = signed_by(who, Submission(OVERRIDE, body["event_id"], body, names=(record_id,)))
    second, first = signatory(body["second"], who.agency), _first(submission.body, who)
    try:
        why_not, took = _look(context, who, record_id, named)
    except RefusedError as error:  # as below: said of what is not recorded already
        why_not, took = error.refusal, []
    of = NamedEntry(record_id, named)
    known = _people(second, first, *took)
    reads: list[Statement] = [INVOLVED(record_id), known, (_LEADS, (record_id,)), _agency(second), *of.reads()]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if first is None or second is None:
            raise _error(OVERRIDE_NEEDS_AUTHOR if first is None else SECOND_UNNAMED)
        people, leads, theirs = locked.answers[1:4]
        seen = of.seen(caller.agency, locked.answers[4:])
        if seen is None or seen.kind != KIND:
            raise _error(NO_SUCH_DECISION)
        if caller.agency not in {seen.agency, *(row[0] for row in leads)}:
            raise _error(NOT_YOURS_TO_OVERRIDE)
        why_nobody = SECOND_OF_NOBODY if not theirs else _why_same(second, first, took, people)
        if why_nobody is not None:
            raise _error(why_nobody)
        # Looked at before the append: of an override that is recorded already none of this is asked again.
        if why_not is not None:
            raise _error(why_not)
        return project(Told.of(entry, caller.agency, OVERRIDE, submission.body))

    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


def _look(
    context: Context, who: Who, record_id: UUID, named: tuple[str, int]
) -> tuple[Refusal | None, list[Signatory]]:
    """Why there is nothing to override, by what the sender sees of the record; and who took the decision."""
    with reading(context, who, Right.WORK) as (connection, reader):
        past = open_past(connection, reader, record_id, PointAsked(), what=LOOK, chance=context.chance)
        among = deliberate(past, context.pack)
        entry = next((one for one in among.decisions if (past.pseudonym, one.number) == named), None)
        if entry is None:
            return NO_SUCH_DECISION, []
        one = among.one(entry)
        took = signatory((entry.body.get("author") or {}).get("ref"), entry.agency)
        took_it = [] if took is None else [took]
        if one.ended_by is not None:
            return DECISION_ENDED, took_it
        then = one.then
        if one.standing(then) == "not_standing" or then.found is None:
            return None, took_it
        return (None if one.is_questioned(one.since(then, one.now)) else STANDS_ALREADY), took_it


def _first(body: Body, who: Who) -> Signatory | None:
    """Who takes it: the author that a system names, or whoever is signed in; None where nobody is by name."""
    return signatory((body.get("author") or {}).get("ref"), who.agency)


def _people(*signing: Signatory | None) -> Statement:
    agencies: Sequence[str] = sorted({one.agency for one in signing if one is not None})
    return _PEOPLE, (list(agencies),)


def _why_same(
    second: Signatory, first: Signatory, took: Iterable[Signatory], people: Sequence[tuple[Any, ...]]
) -> Refusal | None:
    """Why this is no second person: it is the one who takes it all the same, or who took it."""
    if is_one_person(second, first, people):
        return SECOND_IS_FIRST
    return SECOND_DECIDED if any(is_one_person(second, one, people) for one in took) else None


def _agency(second: Signatory | None) -> Statement:
    return _AGENCY, ("" if second is None else second.agency,)


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer, refusal.more)
