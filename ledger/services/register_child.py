"""Register a child, and change what is known of it: entries in the child's record like any other.

One NHS number is one record: registering a number that is already held answers with that record, and says nothing of
what it holds. An unborn child has an expected date and may have no number yet.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from ledger.domain.edtf import parse
from ledger.domain.entry import GENESIS, Chance, new_pseudonym
from ledger.services.authenticate import require
from ledger.services.context import Context
from ledger.services.project import project
from ledger.services.project_record import sought_in
from ledger.services.record import record_one
from ledger.services.refusal import BORN_IN_FUTURE, NUMBER_HELD_ELSEWHERE, REFERENCE_TAKEN, Refusal, RefusedError
from ledger.services.submission import (
    Outcome,
    Prepared,
    Recorded,
    Submission,
    known,
    prepare,
    signed_by,
)
from ledger.services.told import Told
from ledger.services.warn import landmark_statements
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import (
    Caller,
    Credential,
    Driver,
    Head,
    Locked,
    Statement,
    Stored,
    append_with,
    lock,
    place,
    write,
)
from ledger.store.party import SEEK
from ledger.store.trip import ask
from ledger.store.work import parts_in

REGISTRATION = "child"
DETAILS = "child"


def register_child(context: Context, credential: Credential | Caller, body: Mapping[str, Any]) -> Recorded:
    """Store a registration; the child's record is the entry's. Raises RefusedError."""
    nhs, reference = sought_in(body, credential.agency)
    submission = Submission(REGISTRATION, body["event_id"], body, names=("",))
    ready = prepare(signed_by(credential, submission), credential.agency, context.chance)
    outcome = append_with(
        context.engine, lambda driver: _register(driver, credential, ready, nhs, reference, context.chance)
    )
    if isinstance(outcome, Refusal):
        raise RefusedError(outcome.code, outcome.detail, outcome.pointer)
    if outcome.is_new:
        context.bell.ring()
    return outcome


def change_details(
    context: Context, credential: Credential | Caller, record_id: UUID, body: Mapping[str, Any]
) -> Recorded:
    """Store new details of a child that the agency is involved with: a birth, a number, a name."""
    nhs, reference = sought_in(body, credential.agency)

    # Which of the two it is, a registration or this, the entry must say: what is projected is told by entries alone.
    told = {**body, "changes": True}

    def effect(caller: Caller, locked: Locked, entry: Stored) -> list[Statement]:
        must_be_involved(locked)
        _refuse_unborn_birth(body, locked)
        for identifier, refusal in ((nhs, NUMBER_HELD_ELSEWHERE), (reference, REFERENCE_TAKEN)):
            holder = {sought: UUID(str(held)) for sought, held in locked.answers[1]}.get(identifier or "")
            if holder not in (None, record_id):
                raise RefusedError(refusal.code, refusal.detail, refusal.pointer)
        return project(Told.of(entry, caller.agency, DETAILS, told))

    sought = [identifier for identifier in (nhs, reference) if identifier]
    return record_one(
        context,
        credential,
        Submission(DETAILS, body["event_id"], told, names=(record_id,)),
        "register",
        reads=[INVOLVED(record_id), *_look_up(sought)],
        effect=effect,
    )


def _register(
    driver: Driver,
    credential: Credential | Caller,
    ready: Prepared,
    nhs: str | None,
    reference: str | None,
    chance: Chance,
) -> Outcome:
    sought = [identifier for identifier in (nhs, reference) if identifier]
    locked = lock(driver, credential, sought=sought, events=[ready.submission.event_id])
    caller = require(locked.caller, "register")
    if (answer := known(ready, locked)) is not None:
        driver.rollback()
        return answer
    by_number = locked.found.get(nhs or "")
    by_reference = locked.found.get(reference or "")
    record_id = by_number or by_reference
    if by_number and by_reference and by_number != by_reference:
        driver.rollback()
        return REFERENCE_TAKEN
    _refuse_unborn_birth(ready.submission.body, locked)
    statements = []
    if record_id is None:
        head = _new_head(caller, locked, chance)
        statements.append(_begin(head))
    else:
        head = locked.heads[record_id]
        # Who had a part in a record when it went to another partnership keeps it.
        if head.partnership != caller.partnership and not ask(driver, *parts_in([record_id])):
            driver.rollback()
            return NUMBER_HELD_ELSEWHERE
    draft = ready.draft(head.record_id)
    entry = place(head, draft, locked.clock)
    told = Told.of(entry, caller.agency, REGISTRATION, ready.submission.body)
    statements += [*project(told), *landmark_statements(told)]
    write(driver, {head.record_id: head}, [(draft, entry)], statements=statements)
    return Recorded(entry, is_new=True)


def _refuse_unborn_birth(body: Mapping[str, Any], locked: Locked) -> None:
    if "born" in body and parse(body["born"]).earliest_start > locked.clock:
        raise RefusedError(BORN_IN_FUTURE.code, BORN_IN_FUTURE.detail, BORN_IN_FUTURE.pointer)


def _new_head(caller: Caller, locked: Locked, chance: Chance) -> Head:
    before = locked.clock - timedelta(microseconds=1)
    record_id = UUID(bytes=chance(16), version=4)
    return Head(record_id, new_pseudonym(chance), "child", caller.partnership, 0, GENESIS, before)


def _begin(head: Head) -> Statement:
    return (
        (
            "INSERT INTO ledger.heads (record_id, pseudonym, kind, partnership_id, head_hash, last_recorded_at) "
            "VALUES (%s, %s, 'child', %s, %s, %s)"
        ),
        (head.record_id, head.pseudonym, head.partnership, GENESIS, head.last_recorded_at),
    )


def _look_up(sought: list[str]) -> list[Statement]:
    find = "SELECT sought, record_id FROM ledger.identifiers WHERE sought = ANY (%s)"
    # The look-up comes second among the answers, whether or not anything is sought.
    return [(f"WITH named AS MATERIALIZED ({SEEK}) {find} AND EXISTS (SELECT FROM named)", ("\n".join(sought), sought))]
