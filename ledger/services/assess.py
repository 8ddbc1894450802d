"""Record assessments: that one is opened, who is asked, what they answer, and that a second person signs.

An assessment is signed by somebody of the agency that assesses who did not write it, and only when one of the two has
opened the child's history since it was opened: what was there before is then known to have been before their eyes. Of
an agency's system it is the system that opened it; who of its people looked is for the agency to say.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.domain.marking import RESTRICTED, SHARED
from ledger.domain.second_person import Signatory, is_one_person, signatory
from ledger.services.context import Context
from ledger.services.name_entry import NamedEntry
from ledger.services.project import project
from ledger.services.record import Effect, record_one
from ledger.services.refusal import AGENCY_NOT_KNOWN, Refusal, RefusedError
from ledger.services.refuse_assessment import (
    ASKED_ALREADY,
    ASKED_MUST_SEE,
    ASSESSES_ITSELF,
    ASSESSMENT_NOT_KNOWN,
    ASSESSOR_UNNAMED,
    HISTORY_NOT_OPENED,
    JUDGEMENT_NOT_KNOWN,
    NEVER_ASKED,
    NOT_YOURS_TO_ASK,
    NOT_YOURS_TO_SIGN,
    SIGNED_ALREADY,
    SIGNER_ELSEWHERE,
    SIGNER_UNNAMED,
    SIGNS_OWN,
)
from ledger.services.refuse_sharing import ASKER_MUST_SEE, SAY_WHO_MAY_SEE
from ledger.services.refuse_work import AGENCY_ENDED
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.assessments import (
    agencies_here,
    assessment_named,
    looked_at_history,
    people_called,
    said_in,
    who_leads,
)
from ledger.store.sharing import own_held_back

Who = Credential | Caller
Body = Mapping[str, Any]
KIND: Final = "assessment"
_ASKING: Final = frozenset({KIND, "assessment_asked"})


def open_one(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """That an assessment begins, and whom it asks. Its author is named: another person signs it."""
    asks: Sequence[str] = body.get("asks", ())
    reads = [INVOLVED(record_id), agencies_here(record_id, asks)]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if signatory(_ref(who, body), who.agency) is None:
            raise error_of(ASSESSOR_UNNAMED)
        if caller.agency in asks:
            raise error_of(replace(ASSESSES_ITSELF, pointer=f"/asks/{asks.index(caller.agency)}"))
        here = dict(locked.answers[1])
        strange = [f"/asks/{place}" for place, one in enumerate(asks) if one not in here]
        if strange:
            raise error_of(AGENCY_NOT_KNOWN.at(strange))
        over = [f"/asks/{place}" for place, one in enumerate(asks) if here[one]]
        if over:
            raise error_of(AGENCY_ENDED.at(over))
        return project(Told.of(entry, caller.agency, KIND, body))

    return _record(context, who, record_id, KIND, body, reads=reads, effect=effect)


def ask_another(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """That one more agency is asked, by the agency that assesses or that of whoever leads."""
    named = _named(body, ASSESSMENT_NOT_KNOWN)
    reads = [
        INVOLVED(record_id), assessment_named(record_id, named), said_in(record_id, named, "assessment_asked"),
        agencies_here(record_id, [body["agency"]]), who_leads(record_id),
    ]  # fmt: skip

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _involved, found, asked, here, leads = locked.answers
        by, opened = _assessment(found)
        if caller.agency not in {by, *(row[0] for row in leads)}:
            raise error_of(NOT_YOURS_TO_ASK)
        if not here:
            raise error_of(replace(AGENCY_NOT_KNOWN, pointer="/agency"))
        if here[0][1]:
            raise error_of(replace(AGENCY_ENDED, pointer="/agency"))
        if body["agency"] == by:
            raise error_of(replace(ASSESSES_ITSELF, pointer="/agency"))
        if body["agency"] in {*opened.get("asks", ()), *(one.get("agency") for one in map(_said, asked))}:
            raise error_of(ASKED_ALREADY)
        if not _sees(opened, body["agency"]):
            raise error_of(ASKED_MUST_SEE)
        return project(Told.of(entry, caller.agency, "assessment_asked", body))

    return _record(context, who, record_id, "assessment_asked", body, reads=reads, effect=effect)


def reply(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """An answer, by an agency that the entry it names has asked and by no other."""
    named = _named(body, NEVER_ASKED)
    reads = [INVOLVED(record_id), assessment_named(record_id, named), held_back(record_id, body)]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _involved, found, hidden = locked.answers
        kind, asked = (found[0][1], _said(found[0][2:])) if found else ("", {})
        if kind not in _ASKING or caller.agency not in {*asked.get("asks", ()), asked.get("agency")}:
            raise error_of(NEVER_ASKED)
        check_said(body, hidden)
        if not _sees(body, str(found[0][0])):
            raise error_of(ASKER_MUST_SEE)
        return project(Told.of(entry, caller.agency, "assessment_reply", body))

    return _record(context, who, record_id, "assessment_reply", body, reads=reads, effect=effect)


def sign(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """That a second person signs it. Raises RefusedError as the module says, and where it was signed before."""
    named = _named(body, ASSESSMENT_NOT_KNOWN)
    sent, second = signatory(_ref(who, body), who.agency), signatory(body.get("second"), who.agency)
    signers = [one for one in (sent, second) if one is not None]
    judged = NamedEntry(record_id, parse_entry_id(body["judgement"]) or ("", 0)) if "judgement" in body else None
    reads = [
        INVOLVED(record_id), assessment_named(record_id, named), said_in(record_id, named, "assessment_signed"),
        looked_at_history(record_id, named[1]), people_called(who.agency), *([] if judged is None else judged.reads()),
    ]  # fmt: skip

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if not signers:
            raise error_of(SIGNER_UNNAMED)
        _involved, found, signed, looks, people, *of_judgement = locked.answers
        by, opened = _assessment(found)
        if by != caller.agency:
            raise error_of(NOT_YOURS_TO_SIGN)
        if signed:
            raise error_of(SIGNED_ALREADY)
        if second is not None and second.agency != by:
            raise error_of(SIGNER_ELSEWHERE)
        author = signatory((opened.get("author") or {}).get("ref"), by)
        own = [one for one in signers if _is_among(author, [one], people)]
        if own:
            raise error_of(SIGNS_OWN if own[0] is sent else replace(SIGNS_OWN, pointer="/second"))
        both = [one for one in (*signers, author) if one is not None]
        # A look of the agency's system has nobody's reference.
        if not any(person is None or _is_among(signatory(ref, by), both, people) for person, ref in looks):
            raise error_of(HISTORY_NOT_OPENED)
        if judged is not None and judged.seen(caller.agency, of_judgement) is None:
            raise error_of(JUDGEMENT_NOT_KNOWN)
        return project(Told.of(entry, caller.agency, "assessment_signed", body))

    return _record(context, who, record_id, "assessment_signed", body, reads=reads, effect=effect)


#: How each of these bodies is recorded.
ASSESSING: Final[Mapping[str, Callable[[Context, Who, UUID, Body], Recorded]]] = {
    KIND: open_one,
    "assessment_asked": ask_another,
    "assessment_reply": reply,
    "assessment_signed": sign,
}


def held_back(record_id: UUID, body: Body) -> Statement:
    """The look-up of which entries of one's own that a body names are held back from others."""
    named = [found[1] for one in body.get("entries", ()) if (found := parse_entry_id(one)) is not None]
    return own_held_back(record_id, named)


def check_said(body: Body, hidden: Sequence[Sequence[Any]]) -> None:
    """Raise RefusedError where a body names what others may not know of, and does not say who may know of that."""
    if hidden and body.get("sharing", {}).get("marking", SHARED) == SHARED:
        raise error_of(SAY_WHO_MAY_SEE)


def error_of(refusal: Refusal) -> RefusedError:
    """A refusal, to be raised."""
    return RefusedError(refusal.code, refusal.detail, refusal.pointer, refusal.more)


def _assessment(found: Sequence[Sequence[Any]]) -> tuple[str, Body]:
    """Whose assessment it is, and what it says. Raises RefusedError where it is none that the sender sees."""
    if not found or found[0][1] != KIND:
        raise error_of(ASSESSMENT_NOT_KNOWN)
    return str(found[0][0]), _said(found[0][2:])


def _sees(body: Body, asker: str) -> bool:
    sharing = body.get("sharing", {})
    marking = sharing.get("marking", SHARED)
    return marking == SHARED or (marking == RESTRICTED and asker in sharing.get("to", ()))


def _said(row: Sequence[Any]) -> Body:
    body: Body = json.loads(row[0])["body"]
    return body


def _ref(who: Who, body: Body) -> str:
    """By what its agency knows whoever sends it: the person who is signed in, or whom its system names."""
    if isinstance(who, Caller) and who.person_id is not None:
        return who.person_ref or str(who.person_id)
    return str((body.get("author") or {}).get("ref") or "")


def _is_among(one: Signatory | None, others: Sequence[Signatory], people: Sequence[Sequence[Any]]) -> bool:
    known = [(str(agency), str(ref), str(name)) for agency, ref, name in people]
    return one is not None and any(is_one_person(one, other, known) for other in others)


def _named(body: Body, otherwise: Refusal) -> tuple[str, int]:
    named = parse_entry_id(body["of"])
    if named is None:
        raise error_of(otherwise)
    return named


def _record(
    context: Context, who: Who, record_id: UUID, kind: str, body: Body, *, reads: list[Statement], effect: Effect
) -> Recorded:
    submission = Submission(kind, body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, "work", reads=reads, effect=effect)
