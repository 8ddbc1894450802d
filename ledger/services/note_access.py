"""Record a look at what others wrote, in the transaction that does the looking; too many children are not opened.

Every look counts that opens a child, whichever way it came, through pages or the interface, but for lists: one's own
alerts, breakings of the glass, and who looked at what. What is refused is recorded too, once its transaction has ended.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.cap import Caps, Opened, exceeded
from ledger.domain.entry import Chance
from ledger.services.context import Context
from ledger.services.refusal import NOT_KNOWN, TOO_MANY_CHILDREN, RefusedError
from ledger.services.see import Reader
from ledger.store.access import Access, count_opened, insert_access, insert_refusal, known_to
from ledger.store.party import AUDITOR, act_for

#: What is read as a list, and opens none of the children in it.
LISTS: Final = frozenset(
    {
        "alerts", "glass breakings", "access records", "unusual access", "requests", "rectifications", "involvements",
        "log", "notices", "digest", "adult", "children",
    }
)  # fmt: skip
BY_GLASS: Final = "glass broken: "
#: Why a look was refused.
NOT_INVOLVED: Final = "not_involved"
_CAPPED: Final = "too_many_children"
_WINDOWS: Final = {"hour": "an hour", "day": "a day"}
_WHOSE: Final = {"person": "you have", "agency": "your agency has"}


class TooManyChildrenError(RefusedError):
    """More children would be opened than a person, or an agency, may open within that time."""

    def __init__(self, opened: Opened, caps: Caps, record_id: UUID) -> None:
        detail = TOO_MANY_CHILDREN.detail.format(
            whose=_WHOSE[opened.who], most=caps.most(opened.who, opened.window), window=_WINDOWS[opened.window]
        )
        super().__init__(TOO_MANY_CHILDREN.code, detail, retry_after_s=opened.frees_in_s, record_id=record_id)


def note_access(connection: Connection, reader: Reader, seen: Mapping[UUID, int], what: str, chance: Chance) -> None:
    """Write one access record for each record looked at, with the number up to which it was seen.

    Raises TooManyChildrenError where the reader may not open so many.
    """
    if not seen:
        return
    agency = reader.home or reader.agency
    known = known_to(connection, agency, reader.person_id, list(seen))
    opening = frozenset[UUID]() if what in LISTS else seen.keys() - known.opened
    if opening:
        opened = count_opened(connection, agency, reader.person_id, sorted(opening))
        too_many = exceeded(reader.caps, opened)
        if too_many is not None:
            raise TooManyChildrenError(too_many, reader.caps, min(opening))
    insert_access(
        connection,
        [
            Access(
                _name(chance),
                agency,
                reader.person_id,
                record_id,
                what,
                f"{BY_GLASS}{reader.purpose}" if record_id in known.by_glass else reader.purpose,
                number,
                reader.request_id,
                is_opening=record_id in opening,
                by_glass=record_id in known.by_glass,
            )
            for record_id, number in seen.items()
        ],
    )


def note_refusal(context: Context, reader: Reader, error: RefusedError) -> None:
    """Record that a look was refused, where it was a look at a record; the look's own transaction has ended.

    That the refusal is the same and takes as long where there is no such record is the caller's promise, and kept here.
    """
    record_id = error.record_id
    if record_id is None or error.refusal.code not in (NOT_KNOWN.code, TOO_MANY_CHILDREN.code):
        return
    why = NOT_INVOLVED if error.refusal.code == NOT_KNOWN.code else _CAPPED
    engine = context.auditor if reader.agency == AUDITOR and context.auditor is not None else context.engine
    agency = reader.home or reader.agency
    with engine.begin() as connection:
        act_for(connection, reader.agency, reader.person_id)
        look = Access(
            _name(context.chance), agency, reader.person_id, record_id, "record", reader.purpose, 0, reader.request_id
        )
        insert_refusal(connection, look, why)


def _name(chance: Chance) -> UUID:
    return UUID(bytes=chance(16), version=4)
