"""An agency ends: its keys and its people's sessions stop, nothing more is asked of it, and what it leaves is listed.

Nothing is given to anybody by it: whoever leads each record, else the duty desk, is told and hands the work on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine

from ledger.domain.entry import Chance, entry_id
from ledger.services.find_party import partnership_of, record_of
from ledger.services.refusal import NOT_HERE, Refusal, RefusedError
from ledger.services.refuse_work import DESK_STAYS, ENDED_ALREADY
from ledger.services.write_own import Own, write_together
from ledger.store.append import Caller, Statement, Stored
from ledger.store.database import SYSTEM, transaction
from ledger.store.work import LEFT_BEHIND

_REVOKE: Final = "UPDATE ledger.agency_keys SET revoked_at = %s WHERE agency_id = %s AND revoked_at IS NULL"
_SIGN_OUT: Final = """
    UPDATE ledger.sessions SET ended_at = %s WHERE ended_at IS NULL AND person_id IN (
        SELECT person_id FROM ledger.people WHERE agency_id = %s)"""
_IS_THERE: Final = "SELECT 1 FROM ledger.agencies WHERE agency_id = %s AND ended_number IS NULL"
_IS_DESK: Final = "SELECT 1 FROM ledger.partnerships WHERE duty_desk = %s"
_LEFT: Final = f"""
    SELECT h.pseudonym, r.number, r.what, r.asked_by FROM ({LEFT_BEHIND}) r JOIN ledger.heads h USING (record_id)
    ORDER BY h.pseudonym, r.number"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """One thing that an agency leaves: of what sort, by which entry, and who asked for it (None: a lead)."""

    entry: str
    what: str
    asked_by: str | None


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of an agency, and what it leaves behind, as far as whoever ended it may list that."""

    entry: Stored
    left: Sequence[LeftBehind]


def end_agency(
    engine: Engine, chance: Chance, *, agency: str, reason: str, now: datetime, who: Caller | None = None
) -> Ended:
    """End an agency from now on: at the command line, or by an administrator of its partnership.

    Raises RefusedError: for one that is not there, or not in their partnership, has ended, or is a duty desk. What is
    left behind is listed at the command line alone: no administrator reads a child's record.
    """
    partnership = partnership_of(engine, agency)
    if who is not None and partnership != who.partnership:
        raise _error(NOT_HERE)
    record_id = record_of(engine, partnership)
    if _rows(engine, _IS_DESK, (agency,)):
        raise _error(DESK_STAYS)
    left = () if who is not None else tuple(_left(engine, agency))
    body: dict[str, Any] = {"agency": agency, "reason": reason}
    if who is not None:
        body |= {"by": str(who.person_id)}
    besides: list[Statement] = [(_REVOKE, (now, agency)), (_SIGN_OUT, (now, agency))]
    only_if = ((_IS_THERE, (agency,)), ENDED_ALREADY)
    own = Own("agency_ended", body, besides)
    return Ended(write_together(engine, record_id, [own], chance, who=who, only_if=only_if)[0], left)


def _left(engine: Engine, agency: str) -> Sequence[LeftBehind]:
    rows = _rows(engine, _LEFT, (agency,) * 3)
    return [LeftBehind(entry_id(pseudonym, number), what, by) for pseudonym, number, what, by in rows]


def _rows(engine: Engine, query: str, parameters: tuple[str, ...]) -> Sequence[Any]:
    with transaction(engine, party=SYSTEM) as connection:
        return connection.exec_driver_sql(query, parameters).all()


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
