"""The mail of a message: to whom it goes by now, and its words. Its transaction has ended before any of it is sent."""

from collections.abc import Callable

from sqlalchemy import Engine

from ledger.domain.feed import DIGEST
from ledger.services.channel import Delivery
from ledger.services.make_digests import day_of
from ledger.services.word_mail import Letter, word_mail
from ledger.store.database import SYSTEM, driver_of
from ledger.store.digests import counted_on
from ledger.store.party import ACT
from ledger.store.reaching import addresses_of
from ledger.store.trip import ask


def letters(engine: Engine, base_url: str) -> Callable[[Delivery], Letter | None]:
    """What gives the mail of a message; None where whoever it is for has no address any more, or has left."""

    def letter_of(delivery: Delivery) -> Letter | None:
        with driver_of(engine) as driver:
            ask(driver, ACT, (SYSTEM, ""))
            to = addresses_of(driver, [delivery.party]).get(delivery.party)
            first = delivery.parts[0]
            counts = counted_on(driver, delivery.party, day_of(first.item_id)) if first.type == DIGEST else None
            driver.rollback()
        return None if to is None else word_mail(delivery, to, base_url, counts)

    return letter_of
