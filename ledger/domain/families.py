"""The families of rules that a pack may use, and the rules that are always there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ledger.domain.rule import Family, Rule
from ledger.domain.rules import (
    adverse,
    age_and_birth,
    allegation,
    beyond_ability,
    claimed_kin,
    concern,
    constraint,
    details_differ,
    false_name,
    holds_less,
    late_entry,
    naming,
    not_passed_on,
    own_not_known,
    refuted,
    reopened,
    small_cause,
    stale_belief,
    states_of_the_world,
    told_on,
    too_young,
    uncorroborated,
    unexamined,
    unmet_need,
    unnamed_adult,
)

#: By the name that a pack's rule gives as its family.
FAMILIES: Final[Mapping[str, Family]] = {
    family.name: family
    for family in (
        constraint.EXCLUDES,
        constraint.STRAINS,
        naming.NAMES,
        adverse.ADVERSE,
        age_and_birth.AGE_AND_BIRTH,
        claimed_kin.CLAIMED_KIN,
        false_name.FALSE_NAME,
        unnamed_adult.UNNAMED_ADULT,
        uncorroborated.FAMILY,
        refuted.REFUTES,
        beyond_ability.BEYOND_ABILITY,
        too_young.TOO_YOUNG,
        small_cause.SMALL_CAUSE,
        unexamined.UNEXAMINED,
        unmet_need.UNMET_NEED,
        details_differ.DETAILS_DIFFER,
        concern.FAMILY,
        holds_less.FAMILY,
        not_passed_on.SAID,
        not_passed_on.NOT_RECEIVED,
        own_not_known.FAMILY,
        late_entry.FAMILY,
        allegation.FAMILY,
        told_on.FAMILY,
        reopened.FAMILY,
    )
}
#: They need no word in a pack: the vocabulary says what they compare.
BUILT_IN: Final[tuple[Rule, ...]] = (states_of_the_world.RULE, stale_belief.RULE)
