"""Record a family summary, a new version each time, and what other agencies say to one: confirmed, or disputed.

Nothing is ever put over another: the newest is what is shown first, and every earlier one stays with its answers. An
answer is to the version that it names, whatever was written since.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.name_entry import NamedEntry
from ledger.services.record import record_one
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.refuse_summary import OWN_SUMMARY, SUMMARY_NOT_KNOWN, SUMMED_UP_NOT_KNOWN
from ledger.services.see import Reader, open_eyes
from ledger.services.submission import Recorded, Submission
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.database import SYSTEM
from ledger.store.timeline import by_number, heads_of

Who = Credential | Caller
Body = Mapping[str, Any]
KIND: Final = "family_summary"
ANSWER_KIND: Final = "family_summary_answer"


def sum_up(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """A version of the summary, by any agency involved; what it names must be entries that its sender sees."""
    strange = _strange(context, who, record_id, body)

    def effect(_caller: Caller, locked: Locked, _entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if strange:
            raise _error(SUMMED_UP_NOT_KNOWN.at([f"/entries/{place}" for place in strange]))
        return ()

    submission = Submission(KIND, body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, Right.WORK, reads=[INVOLVED(record_id)], effect=effect)


def answer(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """What an agency says to another's version."""
    named = parse_entry_id(body["of"])
    if named is None:
        raise _error(SUMMARY_NOT_KNOWN)
    entry = NamedEntry(record_id, named)

    def effect(caller: Caller, locked: Locked, _entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        found = entry.seen(caller.agency, locked.answers[1:])
        if found is None or found.kind != KIND:
            raise _error(SUMMARY_NOT_KNOWN)
        if found.agency == caller.agency:
            raise _error(OWN_SUMMARY)
        return ()

    reads = [INVOLVED(record_id), *entry.reads()]
    submission = Submission(ANSWER_KIND, body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


#: How each of these bodies is recorded.
SUMMARIES: Final[Mapping[str, Callable[[Context, Who, UUID, Body], Recorded]]] = {KIND: sum_up, ANSWER_KIND: answer}


def _strange(context: Context, who: Who, record_id: UUID, body: Body) -> list[int]:
    """The places of the entries named that the sender does not see in this record, or that no agency wrote."""
    listed = [parse_entry_id(one) for one in body.get("entries", ())]
    if not listed:
        return []
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.WORK)
        head = heads_of(connection, [record_id]).get(record_id)
        reader = Reader(caller.agency, caller.person_id, caller.person_ref, roles=caller.roles)
        eyes = open_eyes(connection, reader, [record_id])
        numbers = {(record_id, one[1]) for one in listed if one is not None and head is not None and one[0] == head[0]}
        looked = {entry.number: eyes.look(entry) for entry in by_number(connection, numbers)}
    seen = {number for number, entry in looked.items() if entry.is_visible and entry.agency != SYSTEM}
    here = None if head is None else head[0]
    return [place for place, one in enumerate(listed) if one is None or one[0] != here or one[1] not in seen]


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer, refusal.more)
