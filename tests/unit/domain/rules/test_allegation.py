"""When an allegation awaits its outcome, and when it has it."""

from typing import Any

import pytest

from tests.saying import links, voids
from tests.unit.domain.rules.passing import claim, found, said, shown

RULE = "allegation_withdrawn"


def alleged(agency: str, on: int, value: str, thing: str = "case/slap", **more: Any) -> dict[str, Any]:
    more = {"told": "child", **more} if "basis" not in more else more
    return said(agency, on, claim("allegation", value, about="father", thing=thing, **more))


MADE, WITHDRAWN = alleged("school", 1, "made"), alleged("csc", 9, "withdrawn")
STEP = {"agency": "csc", "kind": "allegation", "body": {"step": "withdrawn", "thing": "case/slap"}}


def test_withdrawn_and_not_concluded_on_it_awaits_an_outcome() -> None:
    """The expectation is about whom the allegation is against, its topic the outcome, its entries the steps."""
    (finding,) = found(MADE, WITHDRAWN)
    assert (finding.kind, finding.topic, finding.question.about) == ("expectation", "outcome", "father")
    assert shown(MADE, WITHDRAWN) == [(RULE, [[1, 2]])]


@pytest.mark.parametrize(
    "outcome",
    [
        alleged("csc", 20, "unsubstantiated", basis="judgement"),
        alleged("csc", 20, "substantiated", basis="judgement"),
        alleged("csc", 20, "not_enquired", basis="own_record"),
        alleged("court", 20, "found", basis="judgement", statement="finding"),
        alleged("hv", 20, "unfounded", basis="agency", **{"from": "csc"}),
        {**STEP, "body": {"step": "outcome", "outcome": "unfounded", "thing": "case/slap"}},
        {**STEP, "body": {"step": "not_enquired", "thing": "case/slap"}},
    ],
)
def test_an_outcome_closes_it_before_and_after(outcome: dict[str, Any]) -> None:
    """An agency's or a court's conclusion, as a claim or as a step, whenever it came."""
    assert shown(MADE, WITHDRAWN, outcome) == []
    assert shown(outcome, MADE, WITHDRAWN) == []


@pytest.mark.parametrize(
    "word",
    [
        alleged("csc", 20, "denied", told="father"),
        alleged("csc", 20, "false", told="father"),
        alleged("csc", 20, "admitted", told="father"),
        alleged("csc", 20, "unfounded", thing="case/kick", basis="judgement"),
        said("csc", 20, claim("concern", "He wants attention.", basis="judgement")),
    ],
)
def test_no_other_word_is_an_outcome(word: dict[str, Any]) -> None:
    """Not what he says of it, not the outcome of another, not a view of why it was made."""
    assert shown(MADE, WITHDRAWN, word) == [(RULE, [[1, 2]])]


def test_steps_and_claims_on_one_thing_are_one_allegation() -> None:
    """By steps alone it is about the child; once it is said against whom, it is one finding about them."""
    (finding,) = found(STEP)
    assert finding.question.about == "child"
    (finding,) = found(STEP, MADE)
    assert finding.question.about == "father"


def test_links_make_two_things_one_allegation() -> None:
    """The outcome of what is linked to be the same closes it."""
    outcome = alleged("csc", 20, "unfounded", thing="school/kick", basis="judgement")
    assert shown(MADE, WITHDRAWN, outcome, links("case/slap", "school/kick", sort="things")) == []


def test_made_and_left_is_another_rules_matter() -> None:
    """An allegation that nobody withdrew has clocks of its own."""
    assert shown(MADE) == []


def test_what_is_said_against_nobody_any_more_is_the_childs_alone() -> None:
    """When the entry that named somebody is void, the steps that are left are about the child."""
    (finding,) = found(MADE, STEP, voids(1, "school"))
    assert finding.question.about == "child"
