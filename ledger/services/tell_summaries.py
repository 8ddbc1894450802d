"""Whom a family summary is told to: each agency with a part in the record; and an answer, to whoever wrote it."""

from collections.abc import Iterable
from typing import Final

from ledger.domain.feed import Item
from ledger.services.tell_offers import to_agency
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.trip import ask

# A broken glass is no part in the work.
_INVOLVED: Final = """
    SELECT DISTINCT i.agency_id FROM ledger.involvements i
    WHERE i.record_id = %s AND (i.until IS NULL OR i.until > %s) AND i.person_id IS NULL AND NOT EXISTS (
        SELECT FROM ledger.contents c WHERE c.record_id = i.record_id AND c.number = i.number AND c.kind = 'glass')
    ORDER BY i.agency_id"""
_WROTE: Final = """
    SELECT e.agency_id FROM ledger.entries e JOIN ledger.contents c USING (record_id, number)
    WHERE e.record_id = %s AND e.number = %s AND c.kind = 'family_summary'"""


def _made(driver: Driver, told: Told) -> Iterable[Item]:
    for (agency,) in ask(driver, _INVOLVED, (told.record_id, told.recorded_at)):
        if agency != told.agency:
            yield to_agency(told, str(agency), "family_summary.made")


def _answered(driver: Driver, told: Told) -> Iterable[Item]:
    number = told.named("of")
    for (agency,) in ask(driver, _WROTE, (told.record_id, number)) if number is not None else ():
        yield to_agency(told, str(agency), "family_summary.answered")


SUMMING_UP: Final = {"family_summary": _made, "family_summary_answer": _answered}
