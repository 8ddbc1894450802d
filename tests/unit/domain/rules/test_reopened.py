"""What gives reason to look at a judgement again, when it is a finding, and when a notice."""

from typing import Any

import pytest

from tests.saying import steps
from tests.unit.domain.rules.passing import claim, decided, found, said, shown, stepped

RULE = "judgement_to_look_at_again"
FINE = said("csc", 5, claim("judgement", "no_concerns", topic="care", thing="case/assessment", basis="judgement"))
CLOSED = decided("csc", "close", relies_on=[{"about": "child", "attribute": "judgement", "value": "no_concerns"}])
BURN = said("nursery", 30, claim("injury", "burn", thing="case/burn"))
APPROVED = said(
    "csc", 5, claim("carer_approval", "approved", about="case/aunt", valid="2022-03-06/..", basis="own_record")
)


def notices(*entries: dict[str, Any]) -> list[tuple[str, int, int]]:
    state, told = stepped(steps(*entries))
    assert not state.findings
    return [(one.agency, one.held.number, one.newer.number) for one in told]


def test_a_finding_where_a_decision_relies_on_it() -> None:
    """The judgement stands against what was seen since, and something pends on it."""
    assert shown(FINE, CLOSED, BURN) == [(RULE, [[1], [3]])]
    assert found(FINE, CLOSED, BURN)[0].basis.is_pending


def test_else_a_notice_to_whose_judgement_it_is_and_only_once() -> None:
    """The agency is told at the first event, and not at each that follows."""
    assert notices(FINE, BURN) == [("csc", 1, 2)]
    assert notices(FINE, BURN, said("nursery", 31, claim("injury", "bite", thing="case/bite"))) == [("csc", 1, 2)]


def test_an_agency_is_not_told_what_it_saw_itself() -> None:
    """What the same agency recorded it knows."""
    assert notices(FINE, {**BURN, "agency": "csc"}) == []


def test_a_decision_of_the_same_agency_soon_after_rests_on_it_unsaid() -> None:
    """Closing within a fortnight of the judgement rests on it; another agency's decision need not."""
    assert shown(FINE, decided("csc", "close"), BURN) == [(RULE, [[1], [3]])]
    assert shown(FINE, decided("hv", "close"), BURN) == []
    assert shown(FINE, decided("csc", "meeting_held"), BURN) == []


def test_it_closes_when_the_same_agency_judges_again() -> None:
    """Its next judgement of the same, in whatever sense; another agency's does not take its place."""
    for value in ("no_concerns", "concerns"):
        again = said("csc", 40, claim("judgement", value, topic="care", thing="case/second", basis="judgement"))
        assert shown(FINE, CLOSED, BURN, again) == []
    other = said("hv", 40, claim("judgement", "no_concerns", topic="care", basis="judgement"))
    assert shown(FINE, CLOSED, BURN, other) == [(RULE, [[1], [3]])]


@pytest.mark.parametrize(
    "event",
    [
        said("nursery", 5, claim("injury", "burn", thing="case/burn")),
        said("nursery", 30, claim("injury", "none", thing="case/burn")),
        said("nursery", 30, claim("injury", "burn", thing="case/burn", statement="intention")),
        said("hv", 30, claim("presence", "lives_here", about="mother", valid="2022-03/..")),
        said("hv", 30, claim("presence", "absent", about="father", valid="2022-03/..")),
        said("hv", 30, claim("judgement", "concerns", topic="education", basis="judgement")),
    ],
)
def test_what_is_no_reason_to_look_again(event: dict[str, Any]) -> None:
    """What was there by then, what reassures, what nobody says to be so, whom everybody knew, another matter."""
    assert shown(FINE, CLOSED, event) == []


def test_news_is_what_nobody_held() -> None:
    """An injury that was known is no news, and neither is what was said of one past before."""
    known = said("hospital", 2, claim("injury", "burn", thing="case/burn"))
    assert shown(known, FINE, CLOSED, BURN) == []
    past = claim("criminal_history", "convicted", about="case/aunt", item="theft", valid="2015", basis="own_record")
    assert shown(said("police", 2, past), APPROVED, said("probation", 30, past)) == []
    assert shown(APPROVED, said("police", 30, past)) == [(RULE, [[1], [2]])]


def test_a_judgement_of_an_adult_is_reopened_by_who_comes_and_by_what_they_do() -> None:
    """Somebody new in the home, and the carer's own doings; not what another adult does elsewhere."""
    new = said("school", 30, claim("presence", "lives_here", about="case/mr-b", valid="2022-03/.."))
    assert shown(APPROVED, new) == [(RULE, [[1], [2]])]
    arrest = claim("criminal_history", "arrested", about="father", item="theft", basis="own_record")
    assert shown(APPROVED, said("police", 30, arrest)) == []
    assert shown(APPROVED, said("police", 30, {**arrest, "about": "case/aunt"})) == [(RULE, [[1], [2]])]


def test_whom_the_judgement_names_as_carers_is_nobody_new() -> None:
    """Who had the care when it was made was known to it."""
    carers = claim("judgement_carers", "case/mr-b", thing="case/assessment", basis="own_record")
    new = said("school", 30, claim("presence", "lives_here", about="case/mr-b", valid="2022-03/.."))
    assert shown(FINE, CLOSED, new) == [(RULE, [[1], [3]])]
    assert shown(FINE, said("csc", 5, carers), CLOSED, new) == []


def test_a_change_reopens_unless_somebody_decided_it() -> None:
    """A placement that is another than before; not where it comes of a decision after the judgement."""
    foster = said("csc", 2, claim("placement", "foster_care", valid="2022-03/..", basis="own_record"))
    home = said("hv", 30, claim("placement", "with_parents", valid="2022-03-30/.."))
    approved = said("csc", 5, claim("judgement", "approved", topic="care", basis="judgement"))
    assert shown(foster, approved, home) == [(RULE, [[2], [3]])]
    assert shown(foster, approved, decided("csc", "return_home"), home) == []


def test_after_a_death_nothing_reopens() -> None:
    """What is found in looking back is not news to a judgement."""
    died = said("hospital", 20, claim("death", "happened"))
    assert shown(FINE, CLOSED, died, BURN) == []


def test_an_everyday_injury_reopens_nothing_once_a_child_is_old_enough() -> None:
    """A bruised shin of a schoolchild is everyday; of a baby it is not, and neither is a bruised ear."""

    def hurt(site: str) -> dict[str, Any]:
        parts = [claim("injury", "bruise", thing="case/b"), claim("injury_site", site, thing="case/b")]
        return said("school", 30, *parts)

    def born(when: str) -> dict[str, Any]:
        return {"agency": "csc", "kind": "child", "body": {"born": when}}

    assert shown(born("2015-01"), FINE, CLOSED, hurt("shin")) == []
    assert shown(born("2021-12"), FINE, CLOSED, hurt("shin")) == [(RULE, [[2], [4]])]
    assert shown(born("2015-01"), FINE, CLOSED, hurt("ear")) == [(RULE, [[2], [4]])]
