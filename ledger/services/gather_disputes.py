"""What stands against an entry: disputes, requests to put it right and what came of them, shown wherever it is shown.

Only to who sees the whole entry and the whole of what is said against it: what somebody disputes tells what it says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import entry_id, written_time
from ledger.domain.month import month_after
from ledger.domain.person import person_key
from ledger.services.see import Eyes, Seen, Sight
from ledger.store.sharing import speaking_of
from ledger.store.timeline import by_number

DISPUTE: Final = "dispute"
RECTIFICATION: Final = "rectification"
OUTCOME: Final = "rectification_outcome"
#: What came of a request, and what then stands with the entry; a correction and an erasure speak for themselves.
_STANDS: Final[Mapping[str, str]] = {
    "kept_marked_inaccurate": "inaccurate",
    "kept_dispute_noted": "disputed",
    "erased": "to_be_erased",
}


def with_disputes(
    connection: Connection, eyes: Eyes, record_id: UUID, pseudonym: str, seen: Iterable[Seen], up_to: int
) -> dict[int, Seen]:
    """These entries of a record by number, each with what stands against it as things stood at entry `up_to`."""
    found = {entry.number: entry for entry in seen}
    whole = [number for number, entry in found.items() if entry.sight is Sight.FULL]
    if not whole:
        return found
    told = speaking_of(connection, record_id, whole, (DISPUTE, RECTIFICATION), up_to)
    asked = [number for number, _ in told]
    ends = speaking_of(connection, record_id, asked, (OUTCOME,), up_to) if asked else []
    numbers = {number for number, _ in (*told, *ends)}
    looked = {
        entry.number: entry
        for one in by_number(connection, {(record_id, number) for number in numbers})
        if (entry := eyes.look(one, up_to=up_to)).sight is Sight.FULL
    }
    outcomes = {of: looked[number] for number, of in ends if number in looked}
    against: dict[int, list[dict[str, Any]]] = {}
    for number, of in told:
        if number in looked and (said := _said(looked[number], outcomes.get(number), pseudonym)) is not None:
            against.setdefault(of, []).append(said)
    return {number: replace(one, disputes=tuple(against.get(number, ()))) for number, one in found.items()}


def _said(entry: Seen, outcome: Seen | None, pseudonym: str) -> dict[str, Any] | None:
    """What one of them says, and whether it says that the entry is inaccurate; None where it is over."""
    body = entry.body
    said: dict[str, Any] = {
        "id": entry_id(pseudonym, entry.number),
        "stands": "disputed",
        "by": person_key(str(body.get("by") or body.get("asked_by")), entry.agency),
        "says": body.get("says"),
        "on": body.get("on"),
        "agency": entry.agency,
    }
    if entry.kind == DISPUTE:
        return said
    if outcome is None:
        due = month_after(observed_bounds(str(body["on"])).start)
        return said | {"stands": "to_be_put_right", "due": written_time(due)}
    stands = _STANDS.get(str(outcome.body.get("outcome")))
    if stands is None:
        return None
    decided = {"decided": entry_id(pseudonym, outcome.number), "decided_by": outcome.agency}
    return said | {"stands": stands, **decided, "reason": outcome.body.get("reason")}
