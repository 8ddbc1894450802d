"""Whom assessments and concerns are told to: who is asked, who asked, who leads, who raised what is answered.

Whom an entry names that is no agency of the record's partnership, and has no part in it, is told nothing: nobody there
could read it.
"""

from collections.abc import Iterable
from typing import Final

from ledger.domain.feed import Item, of_desk
from ledger.services.tell_disagreements import LEADS
from ledger.services.tell_offers import item_for, to_agency, to_people
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.assessments import told_here
from ledger.store.trip import ask

_NAMED: Final = "SELECT agency_id FROM ledger.entries WHERE record_id = %s AND number = %s"


def _asked(driver: Driver, told: Told) -> Iterable[Item]:
    """The agencies that are asked: their systems and their desks, for nobody there may have a part in the record."""
    named = [str(told.body["agency"])] if "agency" in told.body else [str(one) for one in told.body.get("asks", ())]
    for agency, has_ended in ask(driver, *told_here(told.record_id, named)) if named else ():
        if agency != told.agency and not has_ended:
            yield to_agency(told, agency, "assessment.asked")
            yield item_for(told, of_desk(agency), agency, "assessment.asked")


def _replied(driver: Driver, told: Told) -> Iterable[Item]:
    for agency in _author_of(driver, told):
        yield to_agency(told, agency, "assessment.replied")


def _raised(driver: Driver, told: Told) -> Iterable[Item]:
    for agency, person in ask(driver, LEADS, (told.record_id,)):
        yield from to_people(driver, told, (str(agency), person), "concern.raised")


def _answered(driver: Driver, told: Told) -> Iterable[Item]:
    for agency in _author_of(driver, told):
        yield to_agency(told, agency, "concern.answered")


def _author_of(driver: Driver, told: Told) -> Iterable[str]:
    """Whose the entry is that this one answers, where that is another agency."""
    number = told.named("of")
    for (agency,) in ask(driver, _NAMED, (told.record_id, number)) if number is not None else ():
        if agency != told.agency:
            yield str(agency)


ASSESSING: Final = {
    "assessment": _asked,
    "assessment_asked": _asked,
    "assessment_reply": _replied,
    "concern": _raised,
    "concern_answer": _answered,
}
