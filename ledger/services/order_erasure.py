"""Erasure by order: one records officer orders it, another approves just that, and then it is carried out.

From the approval on what is to go counts no more, for detection as for people; once detection has taken note of that,
the content is erased (`ledger.services.erase`). The entry stays, in its record's chain and in the log. The other copies
of an entry that was sent for several children stand in those children's records, and take orders of their own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.domain.retention import KEPT_KINDS, WHOLE_GROUNDS, numbers_erased
from ledger.services.context import Context
from ledger.services.project import project
from ledger.services.refuse_retention import (
    ENTRY_NOT_OF_RECORD,
    HELD,
    NOT_WHAT_WAS_ORDERED,
    ORDER_ANSWERED,
    ORDER_NOT_KNOWN,
    OTHERS_ENTRIES,
    SECOND_AGENCY_NEEDED,
    SECOND_PERSON_NEEDED,
    STILL_KEPT,
    WHOLE_NOT_ON_THIS_GROUND,
)
from ledger.services.retain import Body, Who, error, officer, recorded
from ledger.services.submission import Recorded
from ledger.services.told import Told
from ledger.services.work_on_record import must_be_involved
from ledger.store.append import Caller, Locked, Statement, Stored
from ledger.store.database import SYSTEM
from ledger.store.retention import (
    covers_others,
    entries_named,
    order_named,
    review_reached,
    standing_hold,
)

#: On these an agency has its own entries erased, and nobody else's.
_OWN_ALONE: Final = frozenset({"right_to_erasure", "unlawful", "wrong_record"})


def order(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """Order that entries, or all of the record, be erased. Nothing goes before somebody else approves it."""
    caller, ground, is_whole = officer(who), body["ground"], body.get("whole") == "yes"
    if is_whole and ground not in WHOLE_GROUNDS:
        raise error(WHOLE_NOT_ON_THIS_GROUND)
    named = [parse_entry_id(entry) for entry in body.get("entries", ())]
    numbers = [one[1] for one in named if one is not None]
    pseudonyms = {one[0] for one in named if one is not None}
    if not is_whole and (None in named or len(pseudonyms) != 1):
        raise error(ENTRY_NOT_OF_RECORD)

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        _, held, found, review = locked.answers
        if held:
            raise error(HELD)
        if ground == "retention_ended" and review != [(True,)]:
            raise error(STILL_KEPT)
        if not is_whole:
            _check_entries(found, numbers, caller.agency, ground)
        told = {**body, "person": str(caller.person_id)}
        return project(Told.of(entry, caller.agency, "erasure_order", told))

    reads = [
        standing_hold(record_id),
        entries_named(record_id, next(iter(pseudonyms), ""), numbers),
        review_reached(record_id),
    ]
    return recorded(context, caller, record_id, "erasure_order", body, reads=reads, effect=_involved(effect))


def answer(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """Approve an order, by saying once more what is to go, or refuse it; by another person than gave it."""
    caller, approves = officer(who), body["answer"] == "approve"
    named = parse_entry_id(body["of"])
    if named is None:
        raise error(ORDER_NOT_KNOWN)

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        _, held, found, others = locked.answers
        if not found:
            raise error(ORDER_NOT_KNOWN)
        _, agency, by, _, is_whole, numbers, answered = found[0]
        if answered is not None:
            raise error(ORDER_ANSWERED)
        if by == str(caller.person_id):
            raise error(SECOND_PERSON_NEEDED)
        if approves and held:
            raise error(HELD)
        if approves and others and caller.agency == agency:
            raise error(SECOND_AGENCY_NEEDED)
        if approves and (is_whole, frozenset(numbers)) != _approved(body, named[0]):
            raise error(NOT_WHAT_WAS_ORDERED)
        told = {**body, "person": str(caller.person_id)}
        return project(Told.of(entry, caller.agency, "erasure_answer", told))

    reads = [standing_hold(record_id), order_named(record_id, named), covers_others(record_id, named[1])]
    return recorded(
        context, caller, record_id, "erasure_answer", body, reads=reads, effect=_involved(effect), is_due=approves
    )


#: How each of these bodies is recorded.
ERASING: Final[Mapping[str, Callable[[Context, Who, UUID, Body], Recorded]]] = {
    "erasure_order": order,
    "erasure_answer": answer,
}

_Effect = Callable[[Caller, Locked, Stored], Iterable[Statement]]


def _involved(effect: _Effect) -> _Effect:
    def checked(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        return effect(caller, locked, entry)

    return checked


def _approved(body: Body, pseudonym: str) -> tuple[bool, frozenset[int]]:
    """What an approval says is to go, in the terms of an order's row; entries of another record are none of it."""
    named = [parse_entry_id(entry) for entry in body.get("entries", ())]
    if any(one is None or one[0] != pseudonym for one in named):
        return False, frozenset()
    return body.get("whole") == "yes", numbers_erased("erasure_answer", body)


def _check_entries(found: Sequence[Sequence[Any]], numbers: Sequence[int], agency: str, ground: str) -> None:
    if {number for number, _, _ in found} != set(numbers):
        raise error(ENTRY_NOT_OF_RECORD)
    if any(kind in KEPT_KINDS or by == SYSTEM for _, by, kind in found):
        raise error(ENTRY_NOT_OF_RECORD)
    if ground in _OWN_ALONE and any(by != agency for _, by, _ in found):
        raise error(OTHERS_ENTRIES)
