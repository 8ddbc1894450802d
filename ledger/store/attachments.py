"""Attachments' bytes beside their entries, and the photograph policy that an agency's attachments must name."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select

from ledger.store.append import Statement, Stored
from ledger.store.tables import attachment_bytes, heads

_KEEP: Final = """
    INSERT INTO ledger.attachment_bytes (record_id, number, agency_id, media_type, sha256, size, bytes)
    VALUES (%s, %s, ledger.party(), %s, %b, %s, %b)"""
_POLICY: Final = """
    SELECT p.reference FROM ledger.photograph_policies p
    WHERE p.agency_id = ledger.party() ORDER BY p.number DESC LIMIT 1"""
_OWN: Final = """
    SELECT c.kind FROM ledger.contents c JOIN ledger.heads h USING (record_id)
    WHERE c.record_id = %s AND h.pseudonym = %s AND c.number = %s AND c.agency_id = ledger.party()"""


@dataclass(frozen=True, slots=True)
class Kept:
    """An attachment's bytes as they are stored."""

    media_type: str
    bytes: bytes = field(repr=False)


def keep_bytes(entry: Stored, media_type: str, sha256: bytes, data: bytes) -> Statement:
    """Keep the bytes to which an entry of the acting party commits, in the append that stores it."""
    return _KEEP, (entry.record_id, entry.number, media_type, sha256, len(data), data)


def policy_in_force() -> Statement:
    """The look-up of the acting party's photograph policy: one row with its reference, or none."""
    return _POLICY, ()


def own_kind(record_id: UUID, pseudonym: str, number: int) -> Statement:
    """The look-up of an entry of the acting party: one row with its kind, or none."""
    return _OWN, (record_id, pseudonym, number)


def place_of(connection: Connection, pseudonym: str, number: int) -> tuple[UUID, int] | None:
    """The record and number that an entry's id names, in a child's record; None where there is no such record."""
    record_id: UUID | None = connection.scalar(
        select(heads.c.record_id).where(heads.c.pseudonym == pseudonym, heads.c.kind == "child")
    )
    return None if record_id is None else (record_id, number)


def kept_bytes(connection: Connection, record_id: UUID, number: int) -> Kept | None:
    """The bytes of one entry, as far as the acting party may read its content; None where there are none."""
    columns = (attachment_bytes.c.media_type, attachment_bytes.c.bytes)
    query = select(*columns).where(attachment_bytes.c.record_id == record_id, attachment_bytes.c.number == number)
    row = connection.execute(query).one_or_none()
    return None if row is None else Kept(row.media_type, row.bytes)
