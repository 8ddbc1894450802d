"""Whom it is told to that a rule went into shadow: the operators, where they did not do it with a new pack."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from ledger.domain.entry import entry_id
from ledger.domain.feed import OPERATOR, Item
from ledger.domain.shadow import NEW_IN_PACK, SHADOWED
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.database import SYSTEM


def _shadowed(_driver: Driver, told: Told) -> Iterable[Item]:
    """The item is about a rule, by its name, and about nobody."""
    if told.body["why"] != NEW_IN_PACK:
        named = entry_id(told.pseudonym, told.number)
        yield Item(
            OPERATOR, SYSTEM, "rule.shadowed", named, told.recorded_at, told.record_id, told.number, told.body["rule"]
        )


RULES: Final[Mapping[str, Callable[[Driver, Told], Iterable[Item]]]] = {SHADOWED: _shadowed}
