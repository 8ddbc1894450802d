"""What entries about an adult in two records do to the projections of each of the two."""

from collections.abc import Iterable, Mapping
from typing import Final

from ledger.domain.adult import APART, LINK, UNLINK, adult_id, person_in
from ledger.services.told import Before, Projection, Told
from ledger.store.adults import keep_said, keep_unlink
from ledger.store.append import Statement
from ledger.store.markings import tie


def _said(told: Told, before: Before) -> Iterable[Statement]:
    """`before.other` is the other record of the two: an entry does not say where it was sent."""
    if before.other is not None:
        person = person_in(told.agency, told.body, told.record_id)
        adult = adult_id(told.agency, told.body["event_id"])
        move = told.kind.removeprefix("adult_")
        yield keep_said(told.place, move, told.agency, told.recorded_at, (adult, person, before.other))


def _unlink(told: Told, before: Before) -> Iterable[Statement]:
    """`before.number` is that of what is taken back, in this record. It is seen no further than that one is."""
    yield keep_unlink(told.place, before.number, told.agency, told.recorded_at)
    yield from tie(told.place, before.number)


ADULTS: Final[Mapping[str, Projection]] = {LINK: _said, APART: _said, UNLINK: _unlink}
