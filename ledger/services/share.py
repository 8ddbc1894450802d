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
from ledger.services.context import Context
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
    read_consents,
    request_named,
)

Who = Credential | Caller
Body = Mapping[str, Any]


def decide_sharing(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """A decision to share or not to. A consent that is named must be one of this record that the sender can see."""
    reads = [INVOLVED(record_id), consents_of(record_id), _held_back(record_id, body)]
    named = body.get("consent")
    if isinstance(body["with"], str):
        reads.append(_partnership_of(body["with"]))

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _check_said(body, locked.answers[2])
        if isinstance(body["with"], str) and locked.answers[3] != [(caller.partnership,)]:
            raise _error(replace(AGENCY_NOT_KNOWN, pointer="/with"))
        if named is not None and number_in(entry, named) not in {
            one.number for one in read_consents(locked.answers[1])
        }:
            raise _error(CONSENT_NOT_KNOWN)
        return []

    return _record(context, who, record_id, "share", body, reads=reads, effect=effect)


def ask(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """A request to another agency of the partnership, involved or not."""
    reads = [INVOLVED(record_id), _partnership_of(body["to"])]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if locked.answers[1] != [(caller.partnership,)]:
            raise _error(replace(AGENCY_NOT_KNOWN, pointer="/to"))
        if body["to"] == caller.agency:
            raise _error(ASKED_ITSELF)
        return project(Told.of(entry, caller.agency, "information_request", body))

    return _record(context, who, record_id, "information_request", body, reads=reads, effect=effect)


def answer(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """An answer, by the agency that was asked and by no other; the newest is the one that counts."""
    named = parse_entry_id(body["of"])
    if named is None:
        raise _error(REQUEST_NOT_YOURS)
    reads = [INVOLVED(record_id), request_named(record_id, named), _held_back(record_id, body)]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        found = locked.answers[1]
        if not found:
            must_be_involved(locked)
        if not found or found[0][1] != caller.agency:
            raise _error(REQUEST_NOT_YOURS)
        _check_said(body, locked.answers[2])
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
    named = [found[1] for one in body.get("entries", ()) if (found := parse_entry_id(one)) is not None]
    return own_held_back(record_id, named)


def _check_said(body: Body, held_back: Sequence[tuple[Any, ...]]) -> None:
    """Who names what others may not know of says who may know of that."""
    if held_back and body.get("sharing", {}).get("marking", SHARED) == SHARED:
        raise _error(SAY_WHO_MAY_SEE)


def _sees(body: Body, asker: str) -> bool:
    sharing = body.get("sharing", {})
    marking = sharing.get("marking", SHARED)
    return marking == SHARED or (marking == RESTRICTED and asker in sharing.get("to", ()))


def _partnership_of(agency: str) -> Statement:
    return "SELECT partnership_id FROM ledger.agencies WHERE agency_id = %s", (agency,)


def _record(
    context: Context, who: Who, record_id: UUID, kind: str, body: Body, *, reads: list[Statement], effect: Effect
) -> Recorded:
    observed = observed_bounds(body["observed"])[0] if "observed" in body else None
    submission = Submission(kind, body["event_id"], body, names=(record_id,), observed_from=observed)
    return record_one(context, who, submission, "work", reads=reads, effect=effect)


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
