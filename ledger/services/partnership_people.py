"""What is said of a whole partnership: its hours, its out-of-hours desk, and who is above those who have nobody.

By whoever runs the ledger, at the command line; each is an entry of the ledger's in the partnership's record.
"""

from typing import Any, Final

from sqlalchemy import Engine, text

from ledger.domain.entry import Chance
from ledger.domain.hours import parse_time
from ledger.services.find_party import partnership_of, record_of
from ledger.services.refusal import RefusedError
from ledger.services.write_own import write_own
from ledger.store.append import Stored
from ledger.store.database import SYSTEM, transaction

_PERSON: Final = text("SELECT 1 FROM ledger.people WHERE agency_id = :agency AND ref = :ref")


def set_hours(
    engine: Engine,
    chance: Chance,
    *,
    partnership: str,
    opens: str,
    closes: str,
    desk: str | None = None,
    desk_person: str | None = None,
) -> Stored:
    """From when to when a partnership is at work on its nation's working days, and which agency is its desk then.

    `desk` is brought what interrupts outside these hours; None: the lead is, at any hour. Raises RefusedError.
    """
    record_id = record_of(engine, partnership)
    first, last = parse_time(opens), parse_time(closes)
    if first is None or last is None or first >= last:
        raise RefusedError("bad_hours", "hours are two times of one day, as 08:30 and 17:00, the earlier one first")
    body: dict[str, Any] = {"opens": opens, "closes": closes}
    if desk is not None:
        _check(engine, partnership, desk, desk_person)
        body["out_of_hours"] = {"agency": desk} | ({} if desk_person is None else {"person": desk_person})
    return write_own(engine, record_id, "hours_set", body, chance)


def set_partnership_rung(
    engine: Engine, chance: Chance, *, partnership: str, rung: str, agency: str | None, person: str | None
) -> Stored:
    """Who is on a rung for all whose own agency names nobody there; None: nobody is. Raises RefusedError."""
    record_id = record_of(engine, partnership)
    body: dict[str, Any] = {"rung": rung}
    if agency is not None and person is not None:
        _check(engine, partnership, agency, person)
        body["to"] = {"agency": agency, "person": person}
    return write_own(engine, record_id, "ladder_set", body, chance)


def _check(engine: Engine, partnership: str, agency: str, person: str | None) -> None:
    if partnership_of(engine, agency) != partnership:
        raise RefusedError("agency_elsewhere", "this agency is of another partnership")
    if person is None:
        return
    with transaction(engine, party=SYSTEM) as connection:
        if connection.execute(_PERSON, {"agency": agency, "ref": person}).one_or_none() is None:
            raise RefusedError("person_not_enrolled", "there is nobody by this reference there: ledger person add")
