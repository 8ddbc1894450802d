"""What may interrupt: four kinds, and nothing else whatever a pack or a finding says of itself."""

from copy import deepcopy
from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest

from ledger.domain.claim import Ref
from ledger.domain.finding import TIERS, Basis, Kind
from ledger.domain.interruption import MAY_INTERRUPT, alert_tier, interruption
from ledger.domain.pack import Pack, PackError
from tests.packs import ORDER, written
from tests.shipped import shipped_pack

PACK = shipped_pack()
BASIS = Basis(kind="contradiction", sides=((Ref(1, 0),), (Ref(2, 0),)))
LOUD = replace(BASIS, kind="expectation", tier="interrupt")
FIXED, HAND_OVER, CALM = "injury_to_baby_not_mobile", "handover_not_taken", "referral_not_answered"
BREACH = "no_contact_condition_and_in_the_home"


def binding(**changes: Any) -> dict[str, Any]:
    """A pack whose one rule sets presence against an order that binds, and is marked to interrupt."""
    content = deepcopy(written(**{"tier": "interrupt", **changes}))
    content["attributes"]["order"] = {**ORDER, "binds": "yes"}
    return content


def test_a_fixed_rule_interrupts() -> None:
    """What only two people together close may be marked to interrupt, and does."""
    assert interruption(LOUD, FIXED, PACK) == "fixed_rule"


def test_a_hand_over_interrupts_once_its_date_is_past() -> None:
    """Not while it can still be accepted."""
    assert interruption(replace(LOUD, is_lapsed=True), HAND_OVER, PACK) == "hand_over"
    assert alert_tier(LOUD, HAND_OVER, PACK) == "queue"


def test_going_against_an_order_interrupts_where_it_is_certain() -> None:
    """Where the dates overlap only by some readings of them nobody knows that anything was broken."""
    assert interruption(replace(BASIS, by=BREACH), "states_of_the_world", PACK) == "breach"
    assert alert_tier(replace(BASIS, by=BREACH, certain=False), "states_of_the_world", PACK) == "queue"
    assert alert_tier(BASIS, "states_of_the_world", PACK) == "queue"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_what_a_decision_rests_on_interrupts_where_it_is_contradicted_or_not_known(kind: Kind) -> None:
    """Of whatever rule; what is only unconfirmed, awaited or a pattern waits all the same."""
    waits = {"uncorroborated", "expectation", "pattern", "concern"}
    expected = None if kind in waits else "pending_decision"
    assert interruption(replace(BASIS, kind=kind, is_pending=True), "a rule of an earlier pack", PACK) == expected


def test_a_prompt_interrupts_nobody() -> None:
    """What only needs asking is no alert, whatever rests on it."""
    assert interruption(replace(BASIS, tier="prompt", is_pending=True, by=BREACH), FIXED, PACK) is None


def test_whatever_else_says_that_it_interrupts_is_brought_to_the_queue() -> None:
    """A finding's own word for it does not count, for any other rule of the shipped pack."""
    fixed = {name for name, rule in PACK.rules.items() if rule.needs_two}
    for rule, kind, tier in product(PACK.rules.keys() - fixed, get_args(Kind), TIERS):
        basis = replace(LOUD, kind=kind, tier=tier)
        assert alert_tier(basis, rule, PACK) == "queue", rule


@pytest.mark.parametrize("key", ["tier", "before", "lapses_as"])
def test_a_mark_on_anything_else_is_a_fault(key: str) -> None:
    """It is named at its place, with the four kinds that may: an expectation of anything but a hand-over may not."""
    content = written()
    content["rules"]["order_breached"] = {
        "family": "expects",
        "when": [{"entry": "referral"}],
        "until": [{"entry": "reply", "of": "trigger", "answer": ["accepted"]}],
        "awaits": "reply",
        "within": "5wd",
        "meaning": "A referral is answered.",
        "source": "A guide",
        "examples": content["rules"]["order_breached"]["examples"],
        key: "interrupt",
        **({"alert": "P9D"} if key == "lapses_as" else {}),
    }
    with pytest.raises(PackError, match=rf"order_breached/{key}: this may not interrupt: say queue") as refused:
        Pack.from_mapping(content)
    assert all(words in str(refused.value) for words in MAY_INTERRUPT.values())
    content["rules"]["order_breached"]["close"] = "two_people"
    Pack.from_mapping(content)


def test_a_hand_over_may_not_interrupt_before_its_date() -> None:
    """Only once it is late, under the keys that say how it is brought then."""
    content = written()
    rule = {
        "family": "expects",
        "when": [{"entry": "handover"}],
        "until": [{"entry": "reply", "of": "trigger", "answer": ["accepted"]}],
        "awaits": "handover",
        "within": "given",
        "otherwise": "5wd",
        "meaning": "A hand-over is taken.",
        "source": "A guide",
        "examples": content["rules"]["order_breached"]["examples"],
    }
    content["rules"]["order_breached"] = {**rule, "tier": "interrupt"}
    Pack.from_mapping(content)
    content["rules"]["order_breached"] = {**rule, "before": "interrupt"}
    with pytest.raises(PackError, match="order_breached/before: this may not interrupt"):
        Pack.from_mapping(content)


def test_a_constraint_may_interrupt_where_it_is_set_against_what_binds() -> None:
    """On an attribute that the vocabulary does not call binding, or where both may be so, it may not."""
    assert Pack.from_mapping(binding()).attributes["order"].binds
    with pytest.raises(PackError, match="order_breached/tier: this may not interrupt"):
        Pack.from_mapping(written(tier="interrupt"))
    with pytest.raises(PackError, match="order_breached/tier: this may not interrupt"):
        Pack.from_mapping(binding(family="strains"))


def test_what_the_shipped_pack_marks() -> None:
    """The injured baby, the hand-over that nobody took, and what goes against an order or a condition of contact."""
    marked = {name: rule for name, rule in PACK.rules.items() if "interrupt" in rule.settings.values()}
    constraints = {name for name, rule in marked.items() if rule.family.name == "excludes"}
    assert marked.keys() - constraints == {FIXED, HAND_OVER}
    assert {marked[name].settings["one"]["attribute"] for name in constraints} == {"contact_condition", "order"}
