"""Whom a disagreement is told to: the agencies whose it is, both sides of them, and whoever leads.

Where one has no part in the record any more it is told all the same: it is asked for an answer.
"""

from collections.abc import Iterable
from typing import Final

from ledger.domain.feed import Item, of_desk
from ledger.services.tell_offers import item_for, to_agency, to_people
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.disagreements import told_of
from ledger.store.trip import ask

#: Of a lead who has left the deputy, else the duty desk: they stand in, and see what whoever leads may see.
LEADS: Final = """
    SELECT CASE WHEN l.ended_number IS NULL OR l.deputy IS NOT NULL THEN l.agency_id ELSE p.duty_desk END,
        CASE WHEN l.ended_number IS NULL THEN l.person ELSE l.deputy END
    FROM ledger.heads h JOIN ledger.partnerships p USING (partnership_id) CROSS JOIN LATERAL (
        SELECT agency_id, person, deputy, ended_number FROM ledger.leads WHERE record_id = h.record_id
        ORDER BY number DESC LIMIT 1) l
    WHERE h.record_id = %s"""
_TYPES: Final = {
    "disagreement": "disagreement.opened",
    "disagreement_reply": "disagreement.replied",
    "disagreement_step_up": "disagreement.stepped_up",
    "disagreement_settled": "disagreement.settled",
}


def _disagreement(driver: Driver, told: Told) -> Iterable[Item]:
    kind, of = _TYPES[told.kind], told.number if told.kind == "disagreement" else told.named("of")
    rows = told_of(driver, told.record_id, of) if of is not None else []
    opened = [row for row in rows if row.move == "opened"]
    parties = {agency for row in opened for agency in (row.agency, *row.others)}
    for agency in sorted(parties):
        yield to_agency(told, agency, kind)
        if agency != told.agency:
            yield item_for(told, of_desk(agency), agency, kind)
    for agency, person in ask(driver, LEADS, (told.record_id,)) if parties else ():
        yield from to_people(driver, told, (str(agency), person), kind)


DISAGREEING: Final = dict.fromkeys(_TYPES, _disagreement)
