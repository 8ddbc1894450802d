"""Second factors: codes that follow from a secret and the time (RFC 6238), and recovery codes in case of its loss.

A code is good for its thirty seconds and for those before and after, and once. The secret is sealed with a key that the
database does not hold; recovery codes are hashed. Both are shown to their person once, and to nobody else.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.services.complete_sign_in import Begun, complete_sign_in
from ledger.services.context import Context
from ledger.services.seal import SealBrokenError, Sealer
from ledger.services.sign_in import HalfIn, Stage, Way, find_half_in, hash_of, renew_session, sign_out
from ledger.services.sign_in_wait import Device, begin_try, try_succeeded
from ledger.store import sessions, ways_in
from ledger.store.database import transaction

_STEP_S = 30
_SECRET_BYTES = 20
_CODES, _CODE_BYTES = 10, 10


class NoSecretKeyError(Exception):
    """This installation has no key to seal with, so it keeps no second factor."""


class WrongCodeError(Exception):
    """The code is none of now, was used already, or does not follow from the secret."""


class NoOfferError(Exception):
    """No secret was shown in this session."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret to be taken into an authenticator: as text, and as the address that its picture holds."""

    secret: str
    address: str


def offer_factor(
    connection: Connection, context: Context, person_id: UUID, session: str, *, account: str, anew: bool = False
) -> Offer:
    """The secret shown in this session; a new one where there is none yet or `anew`. Raises NoSecretKeyError."""
    sealer, found = _sealer(context), sessions.open_session(connection, hash_of(session))
    kept = found.offered if found is not None and not anew else None
    secret = _opened(sealer, kept, person_id) if kept is not None else None
    if secret is None:
        secret = context.chance(_SECRET_BYTES)
        sessions.keep_offer(connection, hash_of(session), sealer.seal(secret, _purpose(person_id), context.chance))
    text = base64.b32encode(secret).decode()
    address = pyotp.TOTP(text).provisioning_uri(name=account, issuer_name="Safeguarding ledger")
    return Offer(text, address)


def confirm_factor(
    connection: Connection, context: Context, person_id: UUID, session: str, code: str
) -> tuple[str, ...]:
    """Keep the secret that was shown, once a code of it is right: the recovery codes, for this once.

    Raises WrongCodeError, NoOfferError or NoSecretKeyError.
    """
    sealer, found = _sealer(context), sessions.open_session(connection, hash_of(session))
    secret = _opened(sealer, found.offered, person_id) if found is not None and found.offered is not None else None
    if secret is None:
        raise NoOfferError
    step = _step_of(secret, code, context.real_now())
    if step is None:
        raise WrongCodeError
    codes = _new_codes(context.chance)
    sealed = sealer.seal(secret, _purpose(person_id), context.chance)
    hashes = [_code_hash(person_id, one) for one in codes]
    ways_in.put_factor(connection, person_id, sealed, step, hashes, context.real_now())
    return codes


def sign_in_by_code(context: Context, half: HalfIn, session: str, code: str, device: Device) -> Begun:
    """Finish a sign-in that waits for its code, by one or by a recovery code. Raises WrongCodeError or WaitError."""
    whom = str(half.person_id)
    now = context.real_now()
    counted = begin_try(context, "code", whom, half.person_id, device)
    with transaction(context.engine, party=None) as connection:
        # Found again, so that a sign-in which another request finished meanwhile is not finished twice.
        again = find_half_in(connection, session, now)
        if again is None or again.stage != Stage.CODE or not _use(connection, context, half.person_id, code):
            raise WrongCodeError
        begun = complete_sign_in(connection, context, half.person_id, Way.PASSWORD, device, session)
    try_succeeded(context, counted)
    return begun


def sign_in_by_enrolment(
    context: Context, half: HalfIn, session: str, code: str, device: Device
) -> tuple[Begun, tuple[str, ...]]:
    """Finish a sign-in that waits for a second factor to be set up. Raises as `confirm_factor` does."""
    with transaction(context.engine, party=None) as connection:
        # Never over one that is there: another session of the same person may have set one up meanwhile.
        if ways_in.sealed_factor(connection, half.person_id) is not None:
            sign_out(connection, session, context.real_now())
            raise NoOfferError
        codes = confirm_factor(connection, context, half.person_id, session, code)
        return complete_sign_in(connection, context, half.person_id, Way.PASSWORD, device, session), codes


def set_own_factor(context: Context, person_id: UUID, session: str, code: str) -> tuple[Begun, tuple[str, ...]]:
    """Keep a signed-in person's new second factor; their session goes on under a new token. Raises as above."""
    with transaction(context.engine, party=None) as connection:
        codes = confirm_factor(connection, context, person_id, session, code)
        renewed = renew_session(connection, session, context.chance, context.real_now())
    return Begun(renewed, Stage.FULL), codes


def can_be_read(connection: Connection, context: Context, person_id: UUID) -> bool:
    """Whether a person's second factor opens with the keys that the settings name today."""
    sealed, sealer = ways_in.sealed_factor(connection, person_id), context.sign_in.sealer
    return sealed is not None and sealer is not None and _opened(sealer, sealed, person_id) is not None


def _use(connection: Connection, context: Context, person_id: UUID, code: str) -> bool:
    bare = "".join(code.split()).replace("-", "").upper()
    if len(bare) == _CODE_BYTES * 8 // 5:
        return ways_in.use_recovery_code(connection, person_id, _code_hash(person_id, bare), context.real_now())
    sealed, sealer = ways_in.sealed_factor(connection, person_id), context.sign_in.sealer
    secret = _opened(sealer, sealed, person_id) if sealed is not None and sealer is not None else None
    step = _step_of(secret, bare, context.real_now()) if secret is not None else None
    return step is not None and ways_in.use_step(connection, person_id, step)


def _step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """Of which step of time this is the code: this one, the one before or the one after."""
    bare = "".join(code.split())
    if not (len(bare) == 6 and bare.isascii() and bare.isdigit()):
        return None
    codes = pyotp.TOTP(base64.b32encode(secret).decode())
    here = int(now.timestamp()) // _STEP_S
    matching = [step for step in (here - 1, here, here + 1) if hmac.compare_digest(codes.generate_otp(step), bare)]
    return max(matching, default=None)


def _new_codes(chance: Chance) -> tuple[str, ...]:
    return tuple(base64.b32encode(chance(_CODE_BYTES)).decode() for _ in range(_CODES))


def in_groups(code: str) -> str:
    """A code as it is easily read and typed: four characters and four."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _code_hash(person_id: UUID, code: str) -> bytes:
    return hashlib.sha256(person_id.bytes + code.encode()).digest()


def _sealer(context: Context) -> Sealer:
    if context.sign_in.sealer is None:
        raise NoSecretKeyError
    return context.sign_in.sealer


def _purpose(person_id: UUID) -> bytes:
    return b"second factor of " + person_id.bytes


def _opened(sealer: Sealer, sealed: bytes, person_id: UUID) -> bytes | None:
    try:
        return sealer.open(sealed, _purpose(person_id))
    except SealBrokenError:
        return None
