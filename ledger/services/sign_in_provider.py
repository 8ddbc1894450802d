"""Signing in at the agencies' own OpenID provider, and tying people to who they are there.

A person is found by issuer and subject, which an administrator tied to them, and by nothing that a provider's user
could choose. A visit comes back once, in the browser that began it, within ten minutes.
"""

import base64
import hashlib
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine

from ledger.domain.entry import Chance
from ledger.services.complete_sign_in import Begun, complete_sign_in
from ledger.services.context import Context
from ledger.services.find_party import partnership_of, record_of
from ledger.services.provider import SUBJECT_CHARS_MOST, Provider
from ledger.services.refusal import RefusedError
from ledger.services.sign_in import Way, hash_of, is_token, new_token
from ledger.services.sign_in_wait import Device
from ledger.services.write_own import write_own
from ledger.store.database import SYSTEM, transaction
from ledger.store.subjects import Visit, insert_visit, person_of_subject, take_visit, untie

VISIT_LASTS = timedelta(minutes=10)
BACK = "/sign-in/provider/back"


class NotOurVisitError(Exception):
    """What came back was never sent from this browser, has come back before, or took too long."""


class NobodyTiedError(Exception):
    """Signed in at the provider, and tied to nobody here."""


def begin_visit(context: Context, provider: Provider) -> tuple[str, str]:
    """Where to send a browser, and the token that it must bring back with it. Raises ProviderAwayError."""
    state, nonce, verifier, browser = (new_token(context.chance) for _ in range(4))
    address = provider.authorization_address(
        state=state, nonce=nonce, verifier=verifier, back=context.sign_in.base_url + BACK
    )
    now = context.real_now()
    with transaction(context.engine, party=None) as connection:
        insert_visit(
            connection, hash_of(state), hash_of(browser), Visit(nonce, verifier), expires_at=now + VISIT_LASTS, now=now
        )
    return address, browser


def take_back(context: Context, state: str, browser: str) -> Visit:
    """The visit that has come back; from now on it has. Raises NotOurVisitError."""
    visit = None
    if is_token(state) and is_token(browser):
        with transaction(context.engine, party=None) as connection:
            visit = take_visit(connection, hash_of(state), hash_of(browser), context.real_now())
    if visit is None:
        raise NotOurVisitError
    return visit


def sign_in_by_code_of(
    context: Context, provider: Provider, visit: Visit, answer: tuple[str, str | None], device: Device, replaced: str
) -> Begun:
    """Begin the session of whom the provider's code is about. `answer`: the code, and the issuer where it was said.

    No transaction is open while the provider is asked. Raises NobodyTiedError, ProviderAwayError, ProviderRefusedError.
    """
    code, issuer = answer
    subject = provider.subject_of(
        code,
        verifier=visit.verifier,
        nonce=visit.nonce,
        back=context.sign_in.base_url + BACK,
        now=context.real_now(),
        issuer=issuer,
    )
    with transaction(context.engine, party=None) as connection:
        person_id = person_of_subject(connection, provider.issuer, subject)
        if person_id is None:
            raise NobodyTiedError
        return complete_sign_in(connection, context, person_id, Way.PROVIDER, device, replaced)


def tie_person(engine: Engine, chance: Chance, *, agency: str, person_id: UUID, issuer: str, subject: str) -> None:
    """Tie a person to a subject at the provider. Raises RefusedError where the subject is tied to somebody already."""
    if not subject or len(subject) > SUBJECT_CHARS_MOST:
        raise RefusedError(
            "bad_subject", f"a subject may not be empty, nor longer than {SUBJECT_CHARS_MOST} characters"
        )
    with transaction(engine, party=SYSTEM) as connection:
        tied = person_of_subject(connection, issuer, subject)
    if tied == person_id:
        return
    if tied is not None:
        raise RefusedError("subject_tied", "somebody else is tied to this subject: ledger person untie")
    write_own(
        engine,
        record_of(engine, partnership_of(engine, agency)),
        "person_tied",
        {"person": str(person_id), "issuer": issuer, "subject_sha256": _told(subject)},
        chance,
        [
            (
                (
                    "INSERT INTO ledger.person_subjects (issuer, subject, person_id, tied_at) "
                    "VALUES (%s, %s, %s, clock_timestamp())"
                ),
                (issuer, subject, person_id),
            )
        ],
    )


def untie_person(engine: Engine, chance: Chance, *, agency: str, person_id: UUID, issuer: str) -> int:
    """Untie a person from the provider; how many subjects they had there."""
    with transaction(engine, party=SYSTEM) as connection:
        gone = untie(connection, issuer, person_id)
    if gone:
        record_id = record_of(engine, partnership_of(engine, agency))
        write_own(engine, record_id, "person_untied", {"person": str(person_id), "issuer": issuer}, chance)
    return gone


def _told(subject: str) -> str:
    """A subject as the partnership's record has it: to be held against one, and not to be read."""
    return base64.b64encode(hashlib.sha256(subject.encode()).digest()).decode()
