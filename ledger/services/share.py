"""Record what is shared and not shared, what is asked for and answered, and what is said of consent.

Each is an entry like any other and holds nobody to anything: it says what was decided, on what lawful basis and why. A
request opens to the agency asked its own words and nothing else of the record: it answers without being involved.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import parse_entry_id
from ledger.domain.marking import RESTRICTED, SHARED
from ledger.services.ask_work import must_not_have_ended
from ledger.services.context import Context
from ledger.services.corroborate import NamedClaim, check_bearing
from ledger.services.project import project
from ledger.services.record import Effect, record_one
from ledger.services.refusal import AGENCY_NOT_KNOWN, Refusal, RefusedError
from ledger.services.refuse_sharing import (
    ASKED_ITSELF,
    ASKER_MUST_SEE,
    CONSENT_NOT_KNOWN,
    REQUEST_NOT_YOURS,
    SAY_WHO_MAY_SEE,
)
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.sharing import (
    consents_of,
    own_held_back,
    own_said,
    read_consents,
    request_named,
)
from ledger.store.work import standing_in

Who = Credential | Caller
Body = Mapping[str, Any]


def decide_sharing(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """A decision to share or not to. A consent that is named must be one of this record that the sender can see."""
    reads = [INVOLVED(record_id), consents_of(record_id), _held_back(record_id, body)]
    named = body.get("consent")
    if isinstance(body["with"], str):
        reads.append(standing_in(record_id, body["with"]))

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _check_said(body, locked.answers[2])
        if isinstance(body["with"], str) and not _is_among_us(locked.answers[3], caller):
            raise _error(replace(AGENCY_NOT_KNOWN, pointer="/with"))
        if named is not None and number_in(entry, named) not in {
            one.number for one in read_consents(locked.answers[1])
        }:
            raise _error(CONSENT_NOT_KNOWN)
        return []

    return _record(context, who, record_id, "share", body, reads=reads, effect=effect)


def ask(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """A request to another agency of the record's partnership, involved or not, or to one of another that has a part.

    It may name a claim that it is to bear out.
    """
    claim = NamedClaim.of(record_id, body)
    reads = [INVOLVED(record_id), standing_in(record_id, body["to"]), *(claim.reads() if claim else ())]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if not locked.answers[1] or not locked.answers[1][0][2]:
            raise _error(replace(AGENCY_NOT_KNOWN, pointer="/to"))
        must_not_have_ended(locked.answers[1], "/to")
        if body["to"] == caller.agency:
            raise _error(ASKED_ITSELF)
        if claim is not None:
            claim.check(caller, locked.answers[2:])
        return project(Told.of(entry, caller.agency, "information_request", body))

    return _record(context, who, record_id, "information_request", body, reads=reads, effect=effect)


def answer(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """An answer, by the agency that was asked and by no other; the newest is the one that counts."""
    named = parse_entry_id(body["of"])
    if named is None:
        raise _error(REQUEST_NOT_YOURS)
    reads = [INVOLVED(record_id), request_named(record_id, named), _held_back(record_id, body)]
    reads.append(own_said(record_id, _numbers(body)))

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        found = locked.answers[1]
        if not found:
            must_be_involved(locked)
        if not found or found[0][1] != caller.agency:
            raise _error(REQUEST_NOT_YOURS)
        _check_said(body, locked.answers[2])
        own = {number for (number,) in locked.answers[3]}
        check_bearing(body, names_claim=bool(found[0][2]), own={number_in(entry, one) in own for one in _named(body)})
        if not _sees(body, str(found[0][0])):
            raise _error(ASKER_MUST_SEE)
        return project(Told.of(entry, caller.agency, "information_answer", body))

    return _record(context, who, record_id, "information_answer", body, reads=reads, effect=effect)


def note_consent(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """What somebody said of consent, kept so that a share which rests on it can be told once it holds no more."""
    reads = [INVOLVED(record_id), consents_of(record_id)]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        replaced = number_in(entry, body["replaces"]) if "replaces" in body else None
        if "replaces" in body and replaced not in {one.number for one in read_consents(locked.answers[1])}:
            raise _error(replace(CONSENT_NOT_KNOWN, pointer="/replaces"))
        return project(Told.of(entry, caller.agency, "consent", body))

    return _record(context, who, record_id, "consent", body, reads=reads, effect=effect)


#: How each of these bodies is recorded.
SHARING: Final[Mapping[str, Callable[[Context, Who, UUID, Body], Recorded]]] = {
    "share": decide_sharing,
    "information_request": ask,
    "information_answer": answer,
    "consent": note_consent,
}


def number_in(entry: Stored, named: str) -> int | None:
    """The number of an entry that is named, if it is one of the record in which this entry stands."""
    found = parse_entry_id(named)
    return found[1] if found is not None and found[0] == entry.pseudonym else None


def _held_back(record_id: UUID, body: Body) -> Statement:
    """The look-up of which entries of one's own that a body names are held back from others."""
    return own_held_back(record_id, _numbers(body))


def _named(body: Body) -> Sequence[str]:
    entries: Sequence[str] = body.get("entries", ())
    return entries


def _numbers(body: Body) -> list[int]:
    return [found[1] for one in _named(body) if (found := parse_entry_id(one)) is not None]


def _check_said(body: Body, held_back: Sequence[tuple[Any, ...]]) -> None:
    """Who names what others may not know of says who may know of that."""
    if held_back and body.get("sharing", {}).get("marking", SHARED) == SHARED:
        raise _error(SAY_WHO_MAY_SEE)


def _sees(body: Body, asker: str) -> bool:
    sharing = body.get("sharing", {})
    marking = sharing.get("marking", SHARED)
    return marking == SHARED or (marking == RESTRICTED and asker in sharing.get("to", ()))


def _is_among_us(standing: Sequence[Sequence[Any]], caller: Caller) -> bool:
    """Whether the agency of this look-up is of the sender's partnership or the record's, or has a part in it."""
    return bool(standing) and (standing[0][0] == caller.partnership or bool(standing[0][2]))


def _record(
    context: Context, who: Who, record_id: UUID, kind: str, body: Body, *, reads: list[Statement], effect: Effect
) -> Recorded:
    observed = observed_bounds(body["observed"])[0] if "observed" in body else None
    submission = Submission(kind, body["event_id"], body, names=(record_id,), observed_from=observed)
    return record_one(context, who, submission, "work", reads=reads, effect=effect)


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
