"""What is said on after an allegation was found to be without ground."""

from typing import Any

import pytest

from ledger.domain.finding import Finding
from tests.saying import steps
from tests.unit.domain.rules.passing import claim, decided, found, said, shown, stepped

RULE = "unfounded_and_told_on"


def alleged(agency: str, on: int, value: str, **more: Any) -> dict[str, Any]:
    return said(agency, on, claim("allegation", value, about="father", thing="case/slap", **more))


def risk(agency: str, on: int, value: str = "poses_risk") -> dict[str, Any]:
    return said(agency, on, claim("risk_position", value, about="father", basis="judgement", valid="2022-03-01/.."))


MADE = alleged("school", 1, "made", told="child")
UNFOUNDED = alleged("csc", 20, "unfounded", basis="judgement")


def test_the_allegation_said_again_from_a_file() -> None:
    """The outcome is one side, what is said after it the other."""
    assert shown(MADE, UNFOUNDED, alleged("police", 90, "made", basis="document")) == [(RULE, [[2], [3]])]


def test_the_risk_that_rested_on_it_alone() -> None:
    """So does the risk, where nothing else is known against the person."""
    assert shown(MADE, UNFOUNDED, risk("hv", 90)) == [(RULE, [[2], [3]])]


@pytest.mark.parametrize(
    "other",
    [
        said("police", 30, claim("criminal_history", "convicted", about="father", item="assault")),
        said("csc", 30, claim("allegation", "made", about="father", thing="case/kick", told="child")),
        alleged("school", 30, "repeated", told="child"),
        alleged("court", 30, "found", basis="judgement", statement="finding"),
    ],
)
def test_what_else_bears_the_risk_out(other: dict[str, Any]) -> None:
    """A conviction, another allegation, the same one brought anew, or a court that finds it so after all."""
    assert shown(MADE, UNFOUNDED, other, risk("hv", 90)) == []


def test_what_was_held_before_is_a_notice_to_its_holder() -> None:
    """Who held the risk before the outcome, and has not renewed it, is told; that is no finding."""
    state, notices = stepped(steps(MADE, risk("hv", 5), UNFOUNDED))
    assert not state.findings
    assert [(one.agency, one.held.number, one.newer.number) for one in notices] == [("hv", 2, 3)]


def test_it_weighs_more_where_a_decision_relies_on_it() -> None:
    """A decision that relies on the risk makes the finding one that something pends on."""
    relied = [{"about": "father", "attribute": "risk_position", "value": "poses_risk"}]

    def pending(*entries: dict[str, Any]) -> bool:
        one: Finding
        (one,) = found(MADE, UNFOUNDED, risk("hv", 90), *entries)
        return one.basis.is_pending

    assert not pending()
    assert pending(decided("csc", "no_contact", relies_on=relied))


def test_a_step_of_the_ledger_is_an_outcome_too() -> None:
    """An enquiry that is concluded by a step has concluded on all that is claimed of its thing."""
    unfounded = {"agency": "csc", "kind": "allegation", "body": {"step": "unfounded", "thing": "case/slap"}}
    assert shown(MADE, unfounded, alleged("police", 90, "made", basis="document")) == [(RULE, [[2], [3]])]
