"""Several rules on one thing and one alert: what another rule tells of is a prompt, and rises when nobody else does."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.families import FAMILIES
from ledger.domain.finding import Finding
from ledger.domain.pack import Pack
from ledger.domain.telling import telling_faults
from ledger.services.load_pack import SHIPPED, load_pack
from tests.sizes import examples
from tests.unit.domain.rules.following import (
    FIXED,
    OF_CONCERN,
    SIGHT,
    Entry,
    acts,
    at,
    born,
    claim,
    day,
    found,
    said,
)

UNCHECKED, CLUSTER, AGAIN = "account_nobody_checked", "injuries_that_cluster", "missed_contact_again"
TODDLER = born(-900)
EAR = said(
    "school", 0, claim("injury", "bruise", "ear"), claim("injury_site", "ear", "ear"),
    claim("account", "object", "ear", told="mother"), people=[{"ref": "mother", "role": "mother"}],
)  # fmt: skip
REFERRED = acts("school", "referral", 0, 12, to="csc", reason="An ear.")


@cache
def pack(*names: str) -> Pack:
    """The pack that ships, with these rules alone."""
    shipped = load_pack(SHIPPED / "default")
    kept = {name: rule for name, rule in shipped.rules.items() if name in names or name == "states_of_the_world"}
    return replace(shipped, rules=kept)


def injuries() -> Pack:
    return pack(FIXED, OF_CONCERN, UNCHECKED, CLUSTER)


def explained(*posted: Entry, until: int = 1, by: Pack | None = None) -> Mapping[str, Finding]:
    """What is open, by the rule whose words tell of it."""
    open_ = found(*posted, until=until, by=by or injuries())
    return {one.basis.by or f"{one.rule} {one.topic or ''}".strip(): one for one in open_}


def test_one_injury_is_one_alert() -> None:
    """The account that nobody checked is asked beside the referral, found at the same moment, with both its sides."""
    open_ = explained(TODDLER, EAR)
    assert open_[f"{OF_CONCERN} referral"].tier == "queue"
    beside = open_[UNCHECKED]
    assert (beside.tier, len(beside.sides), beside.raised_at.date()) == ("prompt", 2, at(0).date())


def test_where_no_rule_tells_of_it_it_is_an_alert_itself() -> None:
    """A pack without the others, and an injury too long ago for them."""
    assert explained(TODDLER, EAR, by=pack(UNCHECKED))[UNCHECKED].tier == "queue"
    long_ago = {**EAR, "body": {**EAR["body"], "claims": [{**one, "valid": day(-60)} for one in EAR["body"]["claims"]]}}
    assert {name: one.tier for name, one in explained(TODDLER, long_ago).items()} == {UNCHECKED: "queue"}


def test_what_is_left_rises() -> None:
    """Once all that the other awaited has come, what still stands is the alert; here the injuries taken together."""
    before = said("nursery", -40, claim("injury", "burn", "burn"))
    seen = [said("gp", number, claim("examined", "medical", basis="own_record"), contact={"depth": "examined"})
            for number in (-40, 0)]  # fmt: skip
    told = acts("nursery", "referral", -40, 12, to="csc", reason="A burn.")
    assert explained(TODDLER, before, told, seen[0], EAR, until=0)[CLUSTER].tier == "prompt"
    assert explained(TODDLER, before, told, *seen, EAR, REFERRED)[CLUSTER].tier == "queue"


def test_a_long_clock_tells_only_of_what_it_has_alerted_to() -> None:
    """Two closed doors are an alert by themselves before the child counts as unseen too long, and a prompt after."""
    doors = [acts("csc", "contact", number, depth="doorstep", outcome="no_access") for number in (30, 31)]
    worry = said("school", 29, claim("concern", "He cries."))
    by = pack(SIGHT, AGAIN)
    assert explained(TODDLER, *doors, until=59, by=by)[f"{AGAIN} contact"].tier == "queue"
    late = [acts("csc", "contact", number, depth="doorstep", outcome="no_access") for number in (60, 61)]
    open_ = explained(TODDLER, worry, *late, until=90, by=by)
    assert open_[f"{SIGHT} contact"].tier == "queue"
    assert open_[f"{AGAIN} contact"].tier == "prompt"


RULES: dict[str, dict[str, Any]] = {
    "asks": {"family": "unexamined"},
    "awaits": {"family": "after_injury"},
    "told": {"family": "expects", "told_by": ["awaits"]},
}


@pytest.mark.parametrize(("other", "fits"), [("awaits", True), ("asks", False), ("told", False), ("none", False)])
def test_who_may_tell_of_it(other: str, fits: bool) -> None:
    """Another rule of the pack that awaits something, and of which no other tells."""
    faults = list(telling_faults("mine", {"told_by": [other]}, RULES, FAMILIES))
    assert [path for path, _ in faults] == ([] if fits else [("told_by", 0)])


@settings(max_examples=examples(), deadline=None)
@given(order=st.permutations(range(4)))
def test_the_order_of_arrival_makes_no_difference(order: list[int]) -> None:
    """Whichever of injury, account, referral and examination comes first within a day, the same is left."""
    parts = [
        said("school", 0, claim("injury", "bruise", "ear"), claim("injury_site", "ear", "ear")),
        said(
            "school", 0, claim("account", "object", "ear", told="mother"), people=[{"ref": "mother", "role": "mother"}]
        ),
        REFERRED,
        said("gp", 0, claim("presentation", "well"), contact={"depth": "examined", "outcome": "held"}),
    ]
    posted = [{**parts[place], "at": at(0, 10 + number)} for number, place in enumerate(order)]
    assert explained(TODDLER, *posted, until=5) == {}
