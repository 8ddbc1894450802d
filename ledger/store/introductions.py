"""Where a record says who somebody is: the entries that declare a person, and those that link people or things."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from ledger.domain.claim import PERSON
from ledger.store.tables import claims, links


class LinkPlace(NamedTuple):
    """One entry's joining, or taking apart, of people or things; ``members`` are their keys."""

    record_id: UUID
    number: int
    members: tuple[str, ...]


def declaring(connection: Connection, keys: Mapping[UUID, Collection[str]]) -> set[tuple[UUID, int]]:
    """(record, number) of the entries that declare people under these keys of their records."""
    wanted = [and_(claims.c.record_id == record, claims.c.about.in_(of)) for record, of in keys.items() if of]
    if not wanted:
        return set()
    query = select(claims.c.record_id, claims.c.number).distinct().where(claims.c.attribute == PERSON, or_(*wanted))
    return {(row.record_id, row.number) for row in connection.execute(query)}


def linking(connection: Connection, record_ids: Collection[UUID]) -> list[LinkPlace]:
    """Every link and unlink of these records, in order; an entry that declares the mother or the father is one."""
    query = (
        select(links.c.record_id, links.c.number, links.c.members)
        .where(links.c.record_id.in_(record_ids))
        .order_by(links.c.record_id, links.c.number, links.c.index)
    )
    return [LinkPlace(row.record_id, row.number, tuple(row.members)) for row in connection.execute(query)]
