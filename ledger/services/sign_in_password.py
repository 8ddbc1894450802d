"""Signing in with a reference and a password, and setting one.

Nothing that is answered, nor how long it takes, tells whether there is such a person, or whether they have a password:
the same is counted, hashed and said. The hash is worked between two transactions, never within one.
"""

from dataclasses import dataclass
from datetime import timedelta

from ledger.domain.password import MOST, amiss_with
from ledger.services.complete_sign_in import Begun, complete_sign_in
from ledger.services.context import Context
from ledger.services.passwords import hash_password, is_password, needs_rehash
from ledger.services.sign_in import (
    SignedIn,
    Stage,
    Way,
    begin_session,
    hash_of,
    is_token,
    new_token,
    renew_session,
    sign_out,
)
from ledger.services.sign_in_wait import Device, begin_try, try_succeeded
from ledger.store.database import transaction
from ledger.store.ways_in import (
    account_of,
    forget_devices,
    know_device,
    password_hash,
    person_by_reference,
    put_password,
    rehash_password,
)

#: How long after a one-time link a session may change its person's ways in without the password that they forgot.
FRESH = timedelta(minutes=30)
_REFERENCE_MOST = 64


class WrongError(Exception):
    """The three do not belong together, and no more is said."""


@dataclass(frozen=True, slots=True)
class RefusedPasswordError(Exception):
    """A new password was not taken; `words` says why, and `field` which field to look at."""

    words: str
    field: str = "new"


def sign_in_by_password(context: Context, agency: str, ref: str, password: str, device: Device, replaced: str) -> Begun:
    """Begin a session for whom the three belong to; it may wait for a second factor. Raises WrongError, WaitError."""
    rules = context.sign_in
    agency, ref = agency.strip().casefold()[:_REFERENCE_MOST], ref.strip()[:_REFERENCE_MOST]
    with transaction(context.engine, party=None) as connection:
        person_id = person_by_reference(connection, agency, ref)
        kept = password_hash(connection, person_id) if person_id is not None else None
    whom = f"{agency}\0{ref}"
    counted = begin_try(context, "password", whom, person_id, device)
    if not is_password(password, kept) or person_id is None or kept is None:
        raise WrongError
    better = hash_password(password) if needs_rehash(kept) else None
    try_succeeded(context, counted)
    with transaction(context.engine, party=None) as connection:
        if better is not None:
            rehash_password(connection, person_id, kept, better)
        has_factor = account_of(connection, person_id).factor_confirmed_at is not None
        if not has_factor and not rules.is_factor_required:
            return complete_sign_in(connection, context, person_id, Way.PASSWORD, device, replaced)
        now = context.real_now()
        if is_token(replaced):
            sign_out(connection, replaced, now)
        stage = Stage.CODE if has_factor else Stage.ENROL
        return Begun(begin_session(connection, person_id, Way.PASSWORD, context.chance, now, stage), stage)


def is_fresh(context: Context, person: SignedIn) -> bool:
    """Whether the person came by a one-time link just now, which stands for what they may have lost."""
    began = person.began_at
    return person.way == Way.LINK and began is not None and context.real_now() - began < FRESH


def check_own_password(context: Context, person: SignedIn, password: str, device: Device) -> None:
    """Have the signed-in person show their password again. Raises WrongError, WaitError."""
    with transaction(context.engine, party=None) as connection:
        kept = password_hash(connection, person.person_id)
    whom = f"{person.agency}\0{person.ref}"
    counted = begin_try(context, "password", whom, person.person_id, device)
    if not is_password(password, kept):
        raise WrongError
    try_succeeded(context, counted)


def set_password(context: Context, person: SignedIn, new: str, again: str, session: str) -> Begun:
    """Set a person's password: every session of theirs ends, and this one goes on under a new token.

    The caller has made sure that it is they. Of their devices only this one is known from now on.
    Raises RefusedPasswordError.
    """
    fault = amiss_with(new[: 4 * MOST], person.ref, person.agency, f"{person.agency}{person.ref}", person.name)
    if fault:
        raise RefusedPasswordError(fault)
    if new != again:
        raise RefusedPasswordError("The two passwords differ: type the same twice", "again")
    hashed = hash_password(new)
    with transaction(context.engine, party=None) as connection:
        now = context.real_now()
        renewed = renew_session(connection, session, context.chance, now, alone=True)
        put_password(connection, person.person_id, hashed, now)
        forget_devices(connection, person.person_id)
        device = new_token(context.chance)
        know_device(connection, hash_of(device), person.person_id, now)
    return Begun(renewed, Stage.FULL, device)
