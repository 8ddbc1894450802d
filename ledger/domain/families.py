"""The families of rules that a pack may use, and the rules that are always there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ledger.domain.rule import Family, Rule
from ledger.domain.rules import (
    beyond_ability,
    concern,
    constraint,
    refuted,
    small_cause,
    stale_belief,
    states_of_the_world,
    too_young,
    uncorroborated,
    unexamined,
)

#: By the name that a pack's rule gives as its family.
FAMILIES: Final[Mapping[str, Family]] = {
    family.name: family
    for family in (
        constraint.EXCLUDES,
        constraint.STRAINS,
        uncorroborated.FAMILY,
        refuted.REFUTES,
        beyond_ability.BEYOND_ABILITY,
        too_young.TOO_YOUNG,
        small_cause.SMALL_CAUSE,
        unexamined.UNEXAMINED,
        concern.FAMILY,
    )
}
#: They need no word in a pack: the vocabulary says what they compare.
BUILT_IN: Final[tuple[Rule, ...]] = (states_of_the_world.RULE, stale_belief.RULE)
