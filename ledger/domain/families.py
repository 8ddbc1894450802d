"""The families of rules that a pack may use, and the rules that are always there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ledger.domain.rule import Family, Rule
from ledger.domain.rules import (
    adverse,
    after_injury,
    age_and_birth,
    allegation,
    beyond_ability,
    claimed_kin,
    cluster,
    concern,
    constraint,
    continuity,
    details_differ,
    disagreement,
    engagement,
    expects,
    falling,
    false_name,
    glass,
    holds_less,
    late_entry,
    must_know,
    naming,
    no_lead,
    not_known,
    not_passed_on,
    own_not_known,
    refuted,
    reopened,
    repeated,
    seen_by_age,
    sight,
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
        must_know.FAMILY,
        expects.FAMILY,
        after_injury.FAMILY,
        sight.FAMILY,
        seen_by_age.FAMILY,
        no_lead.FAMILY,
        disagreement.FAMILY,
        engagement.FAMILY,
        cluster.FAMILY,
        repeated.FAMILY,
        continuity.FAMILY,
        falling.FAMILY,
    )
}
#: They need no word in a pack: the vocabulary says what most of them compare, and no pack can leave one out.
BUILT_IN: Final[tuple[Rule, ...]] = (states_of_the_world.RULE, stale_belief.RULE, not_known.RULE, glass.RULE)
