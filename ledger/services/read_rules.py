"""How each rule fares, for whoever leads, manages, oversees or operates: counts alone, and nothing of anybody.

The counts are those that a worker made last, about once a minute. A share is told exactly, as text; where nothing was
decided there is none.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection

from ledger.domain.entry import written_time
from ledger.domain.pack import Pack
from ledger.domain.rule import NOT_KNOWN, RESERVED, STALE, STATES
from ledger.domain.shadow import precision
from ledger.store.rule_counts import RuleCount, counts_of
from ledger.store.rules import Standing, standing_of

#: What the rules find that are always there, and whose meaning no pack gives.
_ALWAYS_THERE: Final[Mapping[str, str]] = {
    STATES: "Statements that cannot all be so, where no constraint of the pack sets them against each other.",
    STALE: "A word on something critical that has been carried for longer than it holds.",
    NOT_KNOWN: "What somebody says is not known, and what must be known and nobody has said.",
}
#: A share is told to this.
_EXACT: Final = Decimal("0.001")


def read_rules(connection: Connection, partnership: str, pack: Pack) -> dict[str, Any]:
    """Every rule of the pack in use, and any other that has found something: its state and its counts."""
    counts = {count.rule: count for count in counts_of(connection, partnership)}
    standing = standing_of(connection, partnership)
    names = [*pack.rules, *sorted((counts.keys() | standing.keys()) - pack.rules.keys())]
    settings = pack.alerts.shadow
    return {
        "counted_at": written_time(min(count.counted_at for count in counts.values())) if counts else None,
        "floor": {
            "precision": str(settings.floor),
            "of_at_least": settings.of_at_least,
            "over_days": settings.over.days,
        },
        "rules": [_rule(name, counts.get(name), standing.get(name), pack) for name in names],
    }


def _rule(name: str, count: RuleCount | None, standing: Standing | None, pack: Pack) -> dict[str, Any]:
    rule = pack.rules.get(name)
    return {
        "rule": name,
        "meaning": _ALWAYS_THERE.get(name) or (rule.meaning if rule is not None else None),
        "is_fixed": name in RESERVED or (rule is not None and rule.needs_two),
        "state": "shadow" if standing is not None and not standing.is_live else "live",
        "since": written_time(standing.since) if standing is not None else None,
        "why": standing.why if standing is not None else None,
        **(_NOTHING if count is None else _counted(count)),
    }


def _counted(count: RuleCount) -> dict[str, Any]:
    return {
        "counted_since": written_time(count.since),
        "raised": count.raised,
        "alerted": count.alerted,
        "acted": count.acted,
        "dismissed": count.dismissed,
        "waiting": count.waiting,
        "precision": _share(precision(count.acted, count.dismissed)),
        "override_rate": _share(Decimal(count.dismissed) / count.alerted if count.alerted else None),
        "median_s": None if count.median_s is None else round(count.median_s),
    }


_NOTHING: Final[Mapping[str, Any]] = {
    "counted_since": None,
    "raised": 0,
    "alerted": 0,
    "acted": 0,
    "dismissed": 0,
    "waiting": 0,
    "precision": None,
    "override_rate": None,
    "median_s": None,
}


def _share(share: Decimal | None) -> str | None:
    return None if share is None else str(min(share, Decimal(1)).quantize(_EXACT))
