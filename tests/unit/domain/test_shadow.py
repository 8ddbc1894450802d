"""Which rules alert anybody: since when, why, and where a rule falls below its floor."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.alert import ACTIONS
from ledger.domain.outcome import OUTCOMES
from ledger.domain.pack_alerts import ShadowSettings
from ledger.domain.rule import GLASS_BROKEN, RESERVED
from ledger.domain.shadow import (
    RuleState,
    added,
    goes_by_itself,
    is_below,
    is_live,
    may_be_shadowed,
    named_rules,
    precision,
    speaks,
    verdict_of_action,
    verdict_of_outcome,
)
from tests.shipped import shipped_pack

PACK = shipped_pack()
AT = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
SETTINGS = ShadowSettings(Decimal("0.25"), 20, timedelta(days=180))
FIXED = "injury_to_baby_not_mobile"


def test_a_rule_is_what_the_last_entry_before_a_moment_says() -> None:
    """And live where none says anything; another rule's entries say nothing of it."""
    states = [RuleState("one", AT, is_live=False), RuleState("one", AT + timedelta(days=2), is_live=True)]
    days = [timedelta(days=-1), timedelta(0), timedelta(days=1), timedelta(days=2)]
    assert [is_live("one", states, AT + day) for day in days] == [True, False, False, True]
    assert is_live("other", states, AT)


def test_a_constraint_answers_for_what_it_sets_against_each_other() -> None:
    """Whatever rule finds it; without a constraint the rule itself does."""
    assert (speaks("states_of_the_world", "a_constraint"), speaks("a_rule", "")) == ("a_constraint", "a_rule")


def test_rules_that_a_later_pack_adds_begin_in_shadow() -> None:
    """Those of the first pack are live, and one that an earlier pack had is not new though a pack between lacked it."""
    names = named_rules(PACK)
    new, back = "handover_not_taken", "no_part_and_contact"
    assert added(PACK, []) == []
    assert added(PACK, [names]) == []
    assert added(PACK, [[n for n in names if n not in {new, back}], [n for n in names if n != new]]) == [new]
    assert added(PACK, [None]) == []
    assert added(PACK, [None, [n for n in names if n != new]]) == [new]


def test_what_is_always_there_and_fixed_rules_never_go_by_themselves() -> None:
    """Not with a new pack, nor below their floor; a person may decide it of all but who looked at what."""
    assert added(PACK, [[n for n in named_rules(PACK) if n != FIXED]]) == []
    assert not any(goes_by_itself(rule, PACK) for rule in (*RESERVED, FIXED, "of an earlier pack"))
    assert goes_by_itself("handover_not_taken", PACK)
    assert [rule for rule in (*RESERVED, FIXED) if not may_be_shadowed(rule)] == [GLASS_BROKEN]


@given(st.integers(0, 200), st.integers(0, 200))
def test_below_the_floor_is_where_enough_were_decided_and_too_few_acted_on(acted: int, dismissed: int) -> None:
    """By the very share that is shown, and never of fewer than the pack asks for."""
    share = precision(acted, dismissed)
    expected = acted + dismissed >= SETTINGS.of_at_least and share is not None and share < Decimal("0.25")
    assert is_below(acted, dismissed, SETTINGS) == expected
    assert (share is None) == (acted + dismissed == 0)


@pytest.mark.parametrize(
    ("acted", "dismissed", "below"), [(5, 15, False), (4, 16, True), (0, 19, False), (0, 20, True)]
)
def test_the_floor_itself_is_enough(acted: int, dismissed: int, *, below: bool) -> None:
    """A rule at its floor stays live, and so does one of which one alert too few was decided."""
    assert is_below(acted, dismissed, SETTINGS) is below


def test_every_action_and_outcome_is_one_of_two_verdicts() -> None:
    """That nothing need be done dismisses; so does every outcome by which there was nothing to put right."""
    assert [action for action in ACTIONS if verdict_of_action(action) == "dismissed"] == ["no_action"]
    came_of_it = {outcome for outcome in OUTCOMES if verdict_of_outcome(outcome) == "acted"}
    assert came_of_it == {"corrected_by_author", "settled_by_finding", "agreed_to_differ"}
