"""Whom it is told to that an endpoint is tried, or has ended otherwise than by its own agency."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from ledger.domain.entry import entry_id
from ledger.domain.feed import Item, of_agency, of_person
from ledger.domain.webhook import ENDED, TRIAL
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.webhooks import administrators


def _tried(_driver: Driver, told: Told) -> Iterable[Item]:
    """Its own agency's systems: the item is in their feed, as all that is sent by webhook is."""
    agency = told.body["agency"]
    yield _item(told, of_agency(agency), agency, TRIAL)


def _ended(driver: Driver, told: Told) -> Iterable[Item]:
    """Its own agency's systems and whoever administers that agency; nobody, where it removed the endpoint itself."""
    if told.body["why"] == "removed":
        return
    agency = told.body["agency"]
    yield _item(told, of_agency(agency), agency, ENDED)
    for of, person in administrators(driver, agency):
        yield _item(told, of_person(person), of, ENDED)


def _item(told: Told, party: str, agency: str, type_: str) -> Item:
    # Of no child's record: the item says all that there is to say, and nothing need be opened for it.
    named = entry_id(told.pseudonym, told.number)
    return Item(party, agency, type_, named, told.recorded_at, subject=told.body["webhook"])


WEBHOOKS: Final[Mapping[str, Callable[[Driver, Told], Iterable[Item]]]] = {
    "webhook_tried": _tried,
    "webhook_ended": _ended,
}
