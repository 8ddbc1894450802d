"""The finding that a disagreement is about, by its id or its alert's, as far as whoever disagrees may know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.render_finding import Beside, places_of, render_finding
from ledger.services.see import Reader, Seen, Sight, open_eyes
from ledger.store.alerts import one_alert
from ledger.store.append import Caller, Credential
from ledger.store.database import SYSTEM
from ledger.store.findings import StoredFinding, by_id
from ledger.store.people import surroundings_of
from ledger.store.timeline import by_number, heads_of


@dataclass(frozen=True, slots=True)
class Disputed:
    """A finding: the entries that it rests on, and the agencies whose statements it sets out, as they are known."""

    finding: str
    rests_on: frozenset[int]
    agencies: tuple[str, ...]


def find_disputed(context: Context, who: Credential | Caller, record_id: UUID, about: str) -> Disputed | None:
    """The finding in this record that an id names; None where there is none of which the caller may know.

    Raises RefusedError where the caller may not work with records at all.
    """
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.WORK)
        alert = one_alert(connection, caller.agency, caller.person_ref, about)
        finding = by_id(connection, [about if alert is None else alert.finding_id])
        found = next((one for one in finding.values() if one.record_id == record_id), None)
        return None if found is None else disputed(connection, caller, found, context)


def disputed(connection: Connection, caller: Caller, finding: StoredFinding, context: Context) -> Disputed | None:
    """What this caller knows of a finding; None where that is nothing."""
    record_id, places = finding.record_id, places_of(finding)
    reader = Reader(caller.agency, caller.person_id, caller.person_ref, roles=caller.roles)
    eyes = open_eyes(connection, reader, [record_id])
    stored = by_number(connection, {(record_id, number) for number in places})
    seen = {entry.number: eyes.look(entry) for entry in stored}
    around = Beside(surroundings=surroundings_of(connection, [record_id])[record_id])
    pseudonym = heads_of(connection, [record_id])[record_id][0]
    if render_finding(finding, seen, context.pack, {}, reader, pseudonym, beside=around) is None:
        return None
    return Disputed(finding.finding_id, frozenset(places), _agencies(finding.sides, seen))


def _agencies(sides: Sequence[Sequence[Sequence[int]]], seen: Mapping[int, Seen]) -> tuple[str, ...]:
    """Whose statements a finding sets out, of those of which the reader may know that they are there."""
    entries = [seen[ref[0]] for side in sides for ref in side if ref[0] in seen]
    return tuple(sorted({one.agency for one in entries if one.sight is not Sight.NOTHING} - {SYSTEM}))
