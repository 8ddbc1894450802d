"""Whom to ring about a child's record that one may not read: the agency that leads it, or the duty desk.

It is looked up as the auditors' role, whoever asks, and nothing else of that record is told. The duty desk stands in
for whoever is not to be betrayed: an agency that shelters people from abuse, and one that keeps somebody in the record
from others; and for an agency that has ended. Whom to ring is whoever it is now, also where a past point is asked for:
it is for acting on.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.marking import SHARED
from ledger.domain.pack import Pack
from ledger.services.see import Reader
from ledger.store.adults import Said, of_records
from ledger.store.markings import leading_of, marks_of
from ledger.store.parts import ended_agencies
from ledger.store.party import AUDITOR, act_for
from ledger.store.people import Agency, agency_kinds, desks_of, directory

#: The sort of agency that shelters people from abuse, as rule packs call it.
_SHELTERS: Final = "domestic_abuse_service"


@dataclass(frozen=True, slots=True)
class Rings:
    """Whom to ring about each record, and of which of them what was said of an adult stands there too."""

    agencies: Mapping[UUID, Agency]
    there: frozenset[tuple[UUID, str]]

    def of(self, said: Said) -> Agency | None:
        """Whom to ring about the other record; None where nothing of it stands there any more."""
        return self.agencies.get(said.other) if (said.other, said.adult) in self.there else None


def rings_for(connection: Connection, pack: Pack, records: Collection[UUID]) -> Rings:
    """For these records. The connection is the auditors'. Cost: six queries, however many records."""
    if not records:
        return Rings({}, frozenset())
    agencies, kinds = directory(connection), agency_kinds(connection)
    desks, leading = desks_of(connection, records), leading_of(connection, records)
    keeping = {
        (row.record_id, row.agency)
        for row in marks_of(connection, records)
        if row.mark.person and row.mark.sharing.marking != SHARED
    }
    found, ended = {}, ended_agencies(connection)
    for record_id, lead in leading.items():
        is_silent = (record_id, lead.agency) in keeping or pack.agency_kind(kinds.get(lead.agency)) == _SHELTERS
        is_silent = is_silent or lead.agency in ended
        found[record_id] = agencies[desks[record_id] if is_silent else lead.agency]
    there = frozenset((one.record_id, one.adult) for one in of_records(connection, records))
    return Rings(found, there)


@contextmanager
def auditing(connection: Connection, reader: Reader, engine: Engine | None) -> Iterator[Connection | None]:
    """A transaction of the auditors' role: an auditor's own, else another; None where this process has none."""
    if reader.agency == AUDITOR:
        yield connection
    elif engine is None:
        yield None
    else:
        with engine.begin() as opened:
            act_for(opened, AUDITOR)
            yield opened


def as_ring(agency: Agency) -> dict[str, str]:
    """Whom to ring, as answers give it."""
    return {"agency": agency.agency_id, "name": agency.name, "contact": agency.contact}


def word_elsewhere(agency: Agency) -> str:
    """That somebody is known elsewhere, and no more."""
    return f"Known in another child’s record: ring {agency.name}, {agency.contact}."
