"""A person's password, second factor, recovery codes and known devices.

Secrets come here hashed or sealed, never as they are.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Table, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from ledger.store.tables import known_devices, passwords, people, recovery_codes, second_factors


@dataclass(frozen=True, slots=True)
class Account:
    """What a person has to sign in with: since when a password and a second factor, and how many codes are left."""

    password_set_at: datetime | None
    factor_confirmed_at: datetime | None
    codes_left: int


def person_by_reference(connection: Connection, agency: str, ref: str) -> UUID | None:
    """The person whom an agency knows by this reference."""
    found: UUID | None = connection.scalar(
        select(people.c.person_id).where(people.c.agency_id == agency, people.c.ref == ref)
    )
    return found


def account_of(connection: Connection, person_id: UUID) -> Account:
    """What a person has to sign in with, and nothing of the secrets."""
    left = select(func.count()).where(recovery_codes.c.person_id == person_id, recovery_codes.c.used_at.is_(None))
    query = select(
        select(passwords.c.set_at).where(passwords.c.person_id == person_id).scalar_subquery(),
        select(second_factors.c.confirmed_at).where(second_factors.c.person_id == person_id).scalar_subquery(),
        left.scalar_subquery(),
    )
    return Account(*connection.execute(query).one())


def password_hash(connection: Connection, person_id: UUID) -> str | None:
    """The hash of a person's password, if they have one."""
    found: str | None = connection.scalar(select(passwords.c.hash).where(passwords.c.person_id == person_id))
    return found


def put_password(connection: Connection, person_id: UUID, hashed: str, now: datetime) -> None:
    """Keep a password's hash in place of any before it."""
    kept = {"hash": hashed, "set_at": now}
    connection.execute(
        insert(passwords)
        .values(person_id=person_id, **kept)
        .on_conflict_do_update(index_elements=["person_id"], set_=kept)
    )


def rehash_password(connection: Connection, person_id: UUID, old: str, new: str) -> None:
    """Replace a hash by a better one of the same password, unless the password was changed meanwhile."""
    connection.execute(
        passwords.update().where(passwords.c.person_id == person_id, passwords.c.hash == old).values(hash=new)
    )


def sealed_factor(connection: Connection, person_id: UUID) -> bytes | None:
    """The sealed secret of a person's second factor, if they have one."""
    found: bytes | None = connection.scalar(
        select(second_factors.c.sealed).where(second_factors.c.person_id == person_id)
    )
    return found


def put_factor(
    connection: Connection, person_id: UUID, sealed: bytes, step: int, codes: Collection[bytes], now: datetime
) -> None:
    """Keep a confirmed second factor and its recovery codes in place of any before them; `step` was used to confirm."""
    kept = {"sealed": sealed, "confirmed_at": now, "last_step": step}
    connection.execute(
        insert(second_factors)
        .values(person_id=person_id, **kept)
        .on_conflict_do_update(index_elements=["person_id"], set_=kept)
    )
    put_codes(connection, person_id, codes)


def put_codes(connection: Connection, person_id: UUID, codes: Collection[bytes]) -> None:
    """Keep a person's recovery codes, in place of any before them."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.person_id == person_id))
    connection.execute(recovery_codes.insert(), [{"person_id": person_id, "code_sha256": code} for code in codes])


def use_step(connection: Connection, person_id: UUID, step: int) -> bool:
    """Use the code of a step of time up; False when it or a newer one was used before."""
    used = connection.execute(
        second_factors.update()
        .where(second_factors.c.person_id == person_id, second_factors.c.last_step < step)
        .values(last_step=step)
    )
    return used.rowcount == 1


def use_recovery_code(connection: Connection, person_id: UUID, code_sha256: bytes, now: datetime) -> bool:
    """Use a recovery code up; False when it is none of the person's or was used before."""
    used = connection.execute(
        recovery_codes.update()
        .where(
            recovery_codes.c.person_id == person_id,
            recovery_codes.c.code_sha256 == code_sha256,
            recovery_codes.c.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return used.rowcount == 1


def is_known_device(connection: Connection, token_sha256: bytes, person_id: UUID, since: datetime) -> bool:
    """Whether a person signed in on this device, and was seen on it since."""
    query = select(known_devices.c.seen_at).where(
        known_devices.c.token_sha256 == token_sha256,
        known_devices.c.person_id == person_id,
        known_devices.c.seen_at > since,
    )
    return connection.execute(query).one_or_none() is not None


def is_device(connection: Connection, token_sha256: bytes) -> bool:
    """Whether anybody signed in on this device: one desk may be several people's."""
    return connection.scalar(select(exists().where(known_devices.c.token_sha256 == token_sha256))) or False


def know_device(connection: Connection, token_sha256: bytes, person_id: UUID, now: datetime) -> None:
    """Remember that a person signed in on this device."""
    connection.execute(
        insert(known_devices)
        .values(token_sha256=token_sha256, person_id=person_id, seen_at=now)
        .on_conflict_do_update(index_elements=["token_sha256", "person_id"], set_={"seen_at": now})
    )


def forget_devices(connection: Connection, person_id: UUID) -> None:
    """Forget every device on which a person signed in."""
    connection.execute(delete(known_devices).where(known_devices.c.person_id == person_id))


_OF_A_PERSON: tuple[Table, ...] = (passwords, second_factors, recovery_codes, known_devices)


def remove_ways_in(connection: Connection, person_id: UUID) -> None:
    """Take away a person's password, second factor, recovery codes and known devices; a link still signs them in."""
    for table in _OF_A_PERSON:
        connection.execute(delete(table).where(table.c.person_id == person_id))
