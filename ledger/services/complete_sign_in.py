"""The last step of every way in: the old session ends, the new one begins, and the device is known from now on."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from ledger.services.context import Context
from ledger.services.sign_in import Stage, Way, begin_session, hash_of, is_token, new_token, sign_out, spend_link
from ledger.services.sign_in_wait import Device
from ledger.store.database import transaction
from ledger.store.ways_in import is_device, know_device


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that began: its token, what it may do, and the device's token if it is known now."""

    session: str
    stage: Stage
    device: str | None = None


def complete_sign_in(
    connection: Connection, context: Context, person_id: UUID, way: Way, device: Device, replaced: str
) -> Begun:
    """Begin a full session for a person who has shown all that is asked; the session that it replaces ends."""
    now = context.real_now()
    if is_token(replaced):
        sign_out(connection, replaced, now)
    session = begin_session(connection, person_id, way, context.chance, now)
    # Only a token that we gave out is kept: one that somebody else put into the browser is known to them.
    is_ours = is_token(device.token) and is_device(connection, hash_of(device.token))
    token = device.token if is_ours else new_token(context.chance)
    know_device(connection, hash_of(token), person_id, now)
    return Begun(session, Stage.FULL, token)


def sign_in_by_link(context: Context, token: str, device: Device, replaced: str) -> Begun:
    """Spend a one-time link and begin its person's session. Raises LinkSpentError."""
    with transaction(context.engine, party=None) as connection:
        person_id = spend_link(connection, token, context.real_now())
        return complete_sign_in(connection, context, person_id, Way.LINK, device, replaced)
