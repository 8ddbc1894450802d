"""Which rules alert anybody. A rule in shadow finds what it finds, and nobody is brought it.

Shadow decides who is alerted and nothing else: no step of detection, replay or backtest knows of it. A rule that a
later pack adds begins there, and one of which too few findings are acted on goes back to it; both are entries of the
partnership's record, so that it can be asked of any moment. What is always there, and fixed rules, never go there by
themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from ledger.domain.alert import NO_ACTION
from ledger.domain.pack import Pack
from ledger.domain.pack_alerts import ShadowSettings
from ledger.domain.rule import GLASS_BROKEN, RESERVED

SHADOWED, LIVE = "rule_shadowed", "rule_live"
#: Why a rule went into shadow or out of it.
Cause = Literal["below_floor", "new_in_pack", "by_operator"]
BELOW_FLOOR: Final[Cause] = "below_floor"
NEW_IN_PACK: Final[Cause] = "new_in_pack"
BY_OPERATOR: Final[Cause] = "by_operator"
Verdict = Literal["acted", "dismissed"]
#: What somebody concludes where there was something to do; whatever else they conclude dismisses what was raised.
_CAME_OF_IT: Final = frozenset({"corrected_by_author", "settled_by_finding", "agreed_to_differ"})


@dataclass(frozen=True, slots=True)
class RuleState:
    """From when on a rule is live, or in shadow."""

    rule: str
    since: datetime
    is_live: bool


def speaks(rule: str, by: str | None) -> str:
    """The rule that answers for a finding: the constraint that set its sides against each other, else its own."""
    return by or rule


def is_live(rule: str, states: Iterable[RuleState], at: datetime) -> bool:
    """Whether what a rule finds at this moment is brought to somebody; ``states`` in the order of their entries.

    A rule of which nothing is said is live.
    """
    live = True
    for state in states:
        if state.rule == rule and state.since <= at:
            live = state.is_live
    return live


def may_be_shadowed(rule: str) -> bool:
    """Whether anybody may put this rule into shadow: not the one that tells of who read what."""
    return rule != GLASS_BROKEN


def goes_by_itself(rule: str, pack: Pack) -> bool:
    """Whether a rule may go into shadow without a person's word: none that is always there, and no fixed one."""
    return rule in pack.rules and rule not in RESERVED and not pack.rules[rule].needs_two


def named_rules(pack: Pack) -> list[str]:
    """The rules of a pack's own, as its activation names them."""
    return sorted(pack.rules.keys() - set(RESERVED))


def added(pack: Pack, earlier: Iterable[Iterable[str] | None]) -> list[str]:
    """The rules that begin in shadow with this pack; ``earlier`` has those of each pack that was in force before it.

    Those of the first pack are live. Where no pack before it says which rules it had, none counts as added.
    """
    known = [set(rules) for rules in earlier if rules is not None]
    if not known:
        return []
    return [rule for rule in named_rules(pack) if rule not in set().union(*known) and goes_by_itself(rule, pack)]


def made_fixed(pack: Pack, silent: Iterable[tuple[str, str]]) -> list[str]:
    """Of rules in shadow, as (rule, why), those that a pack makes fixed and that no person's word put there."""
    return sorted(
        rule for rule, why in silent if why != BY_OPERATOR and rule in pack.rules and pack.rules[rule].needs_two
    )


def verdict_of_action(action: str) -> Verdict:
    """What an action says of the alert: that there was something to do, or that there was nothing."""
    return "dismissed" if action == NO_ACTION else "acted"


def verdict_of_outcome(outcome: str) -> Verdict:
    """The same of what somebody concluded."""
    return "acted" if outcome in _CAME_OF_IT else "dismissed"


def precision(acted: int, dismissed: int) -> Decimal | None:
    """The share that was acted on of what was decided; None where nothing was."""
    return Decimal(acted) / (acted + dismissed) if acted + dismissed else None


def is_below(acted: int, dismissed: int, settings: ShadowSettings) -> bool:
    """Whether too few were acted on, of enough that were decided."""
    share = precision(acted, dismissed)
    return share is not None and acted + dismissed >= settings.of_at_least and share < settings.floor


def states_of(rows: Iterable[tuple[str, datetime, bool]]) -> tuple[RuleState, ...]:
    """States from (rule, since, whether live), in the order of their entries."""
    return tuple(RuleState(*row) for row in rows)


#: What each reason is, in words.
WHY: Final[Mapping[Cause, str]] = {
    "below_floor": "too few of its alerts were acted on",
    "new_in_pack": "a later pack added it, or made it a fixed rule",
    "by_operator": "somebody decided it",
}
