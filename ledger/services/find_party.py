"""Who takes part: partnerships, agencies and the references by which people name them."""

import re
from uuid import UUID

from sqlalchemy import Engine, select

from ledger.services.refusal import RefusedError
from ledger.store.database import SYSTEM, transaction
from ledger.store.tables import agencies, partnerships

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")


def check_slug(ref: str) -> None:
    """Raise RefusedError unless this may name a partnership or an agency."""
    if not SLUG.match(ref):
        raise RefusedError(
            "bad_reference", "a reference is 1 to 32 of a-z, 0-9, '-' and '_', beginning with a letter or digit"
        )


def record_of(engine: Engine, partnership: str) -> UUID:
    """The record that a partnership has of its own. Raises RefusedError."""
    with transaction(engine, party=SYSTEM) as connection:
        record_id: UUID | None = connection.scalar(
            select(partnerships.c.record_id).where(partnerships.c.partnership_id == partnership)
        )
    if record_id is None:
        raise RefusedError(
            "partnership_not_known", "there is no partnership by this reference: ledger partnership open"
        )
    return record_id


def partnership_of(engine: Engine, agency: str) -> str:
    """The partnership that an agency belongs to. Raises RefusedError."""
    with transaction(engine, party=SYSTEM) as connection:
        partnership: str | None = connection.scalar(
            select(agencies.c.partnership_id).where(agencies.c.agency_id == agency)
        )
    if partnership is None:
        raise RefusedError("agency_not_known", "there is no agency by this reference: ledger agency add")
    return partnership
