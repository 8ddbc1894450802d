"""Count how each rule fares, and put into shadow those of whose alerts too few are acted on.

Whichever worker comes first counts for all of them, about once a minute, and less often where that takes long. What it
counts is kept for whoever may not see the records themselves. A rule in shadow stays there until somebody brings it
live, and is then counted afresh.
"""

from dataclasses import dataclass

from sqlalchemy import Engine

from ledger.domain.entry import Chance, written_time
from ledger.domain.pack_alerts import ShadowSettings
from ledger.domain.rule import RESERVED
from ledger.domain.shadow import BELOW_FLOOR, SHADOWED, goes_by_itself, is_below, named_rules
from ledger.services.detect import Packs
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.write_own import write_own
from ledger.store.append import Driver
from ledger.store.database import SYSTEM, driver_of
from ledger.store.party import ACT
from ledger.store.rule_counts import RuleCount, ToCount, count_rules, to_count
from ledger.store.rules import in_shadow, only_if_live
from ledger.store.trip import ask

_NOT_LIVE = Refusal("not_live", "the rule went into shadow meanwhile")


@dataclass(frozen=True, slots=True)
class _Below:
    """A rule that is live and below its floor."""

    of: ToCount
    count: RuleCount
    settings: ShadowSettings


def keep_rules(engine: Engine, packs: Packs, chance: Chance) -> int:
    """Count what was not counted lately; how many rules went into shadow by it.

    A crash between the two leaves a rule below its floor, which the next count finds again. Raises what a database
    that is away raises.
    """
    with driver_of(engine) as driver:
        try:
            ask(driver, ACT, (SYSTEM, ""))
            found = [below for one in to_count(driver) for below in _count(driver, one, packs)]
            driver.commit()
        except BaseException:
            if not driver.closed:
                driver.rollback()
            raise
    return sum(_shadow(engine, below, chance) for below in found)


def _count(driver: Driver, one: ToCount, packs: Packs) -> list[_Below]:
    if one.digest is None:
        return []
    pack = packs(one.digest)
    settings = pack.alerts.shadow
    counts = count_rules(driver, one, settings.over, [*named_rules(pack), *RESERVED])
    silent = {rule for (rule,) in ask(driver, *in_shadow(one.partnership))}
    return [
        _Below(one, count, settings)
        for count in counts
        if is_below(count.acted, count.dismissed, settings)
        and count.rule not in silent
        and goes_by_itself(count.rule, pack)
    ]


def _shadow(engine: Engine, below: _Below, chance: Chance) -> bool:
    count, settings = below.count, below.settings
    body = {
        "rule": count.rule,
        "why": BELOW_FLOOR,
        "acted": count.acted,
        "dismissed": count.dismissed,
        "since": written_time(count.since),
        "floor": str(settings.floor),
        "of_at_least": settings.of_at_least,
    }
    condition = (only_if_live(below.of.record_id, count.rule, live=True), _NOT_LIVE)
    try:
        write_own(engine, below.of.record_id, SHADOWED, body, chance, only_if=condition)
    except RefusedError:
        return False
    return True
