"""That an agency has ended: told for each record to whoever is accountable there for what it leaves behind.

Whoever leads the record; the duty desk where nobody does, or where it was the agency that has ended that did.
"""

from collections.abc import Iterator
from typing import Final

from ledger.domain.feed import Item, of_agency
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.telling import parties_of
from ledger.store.trip import ask
from ledger.store.work import LEFT_BEHIND

_WHOM: Final = f"""
    SELECT DISTINCT r.record_id, p.duty_desk, l.agency_id, l.person FROM ({LEFT_BEHIND}) r
    JOIN ledger.heads h USING (record_id) JOIN ledger.partnerships p USING (partnership_id)
    LEFT JOIN LATERAL (
        SELECT n.agency_id, n.person, n.ended_number FROM ledger.leads n WHERE n.record_id = r.record_id
        ORDER BY n.number DESC LIMIT 1) l ON l.ended_number IS NULL AND l.agency_id <> %s
    ORDER BY r.record_id"""  # noqa: S608 - constants


def _ended(driver: Driver, told: Told) -> Iterator[Item]:
    agency = str(told.body["agency"])
    name = f"{told.pseudonym}.{told.number}"
    for record_id, desk, leads, person in ask(driver, _WHOM, (agency,) * 4):
        whom = (str(desk), None) if leads is None else (str(leads), str(person))
        parties = dict.fromkeys([of_agency(whom[0]), parties_of(driver, [whom])[whom]])
        for party in parties:
            item_id = f"{name}.{record_id}"
            yield Item(party, whom[0], "agency.ended", item_id, told.recorded_at, record_id, None, name)


AGENCIES: Final = {"agency_ended": _ended}
