"""What agencies say that they do not know: when it is a gap, in what way, and what ends it."""

from typing import Any

import pytest

from tests.unit.domain.rules.gapping import claim, found, gaps, numbers, said

WAYS = ["unknown", "not_asked", "declined", "evaded"]
LIVES_HERE = claim("presence", "lives_here", about="case/p1")


def not_known(way: str, attribute: str = "presence", **more: Any) -> dict[str, Any]:
    return claim(attribute, not_known=way, **{"about": "case/p1", "basis": "own_record", **more})


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_not_knowing_is_a_gap_at_once_and_a_state_of_its_own(way: str) -> None:
    """Nobody waits for a clock where somebody says that it is not known; it alerts nobody."""
    (finding,) = found(said("hv", 5, not_known(way)))
    assert (finding.kind, finding.tier, finding.basis.state) == ("gap", "prompt", way)
    assert numbers(finding) == [1]


def test_the_latest_way_of_not_knowing_is_the_state() -> None:
    """Not asked in March and declined in April is one gap, declined, which shows both."""
    (finding,) = found(said("hv", 5, not_known("not_asked")), said("csc", 30, not_known("declined")))
    assert (finding.basis.state, finding.basis.refusals, numbers(finding)) == ("declined", 1, [1, 2])


@pytest.mark.parametrize("agency", ["hv", "csc"])
def test_a_later_value_by_anyone_ends_it(agency: str) -> None:
    """Whoever learns it, it is known."""
    assert gaps(said("hv", 5, not_known("declined")), said(agency, 9, LIVES_HERE)) == []


def test_what_is_critical_must_be_known_to_whoever_does_not_know_it() -> None:
    """One saw him there and another's notes have nobody: both are shown, as one side."""
    (finding,) = found(said("hv", 5, LIVES_HERE), said("gp", 20, not_known("unknown", basis="searched")))
    assert (len(finding.sides), numbers(finding)) == (1, [1, 2])


def test_what_is_not_critical_and_known_to_somebody_is_no_gap() -> None:
    """That one agency does not know what another holds is everyday."""
    known = claim("employment", "Works nights.", about="case/p1")
    assert gaps(said("hv", 5, known), said("gp", 20, not_known("unknown", "employment"))) == []


def test_what_an_agency_holds_itself_is_no_gap() -> None:
    """That it says it does not know what it has on file is another rule's matter."""
    assert gaps(said("hv", 5, LIVES_HERE), said("hv", 20, not_known("unknown"))) == []


def test_what_has_gone_stale_is_not_known_any_more() -> None:
    """A word of last year answers nothing: the gap is of not knowing, and it is one gap and not two."""
    (finding,) = found(said("hv", 5, LIVES_HERE), said("gp", 200, not_known("unknown")), until=205)
    assert (finding.rule, finding.basis.state) == ("not_known", "unknown")


def test_that_its_owner_holds_nothing_is_an_answer() -> None:
    """The practice that searched its list and found nothing has said something; another agency has not."""
    nobody = claim("gp_registration", not_known="unknown", about="child", basis="searched")
    assert gaps(said("gp", 5, nobody)) == []
    assert gaps(said("hv", 5, nobody)) == [("gp_registration", "child", "unknown")]


def test_a_plan_to_ask_is_no_attempt() -> None:
    """What is only intended says nothing of what is known."""
    assert gaps(said("hv", 5, not_known("not_asked", statement="intention"))) == []


def test_one_item_known_answers_no_other() -> None:
    """Of several things asked, each is a question of its own."""
    of_police = claim("criminal_history", not_known="not_asked", item="assault", basis="own_record")
    theft = claim("criminal_history", "convicted", item="theft", basis="own_record")
    assert gaps(said("csc", 5, of_police), said("csc", 6, theft)) == [("criminal_history", "father", "not_asked")]


def test_a_withdrawn_entry_leaves_no_gap() -> None:
    """Posted of another child and voided, it was never said."""
    void = (6, {"agency": "hv", "kind": "void", "body": {"reason": "Another child."}, "target": 1})
    assert gaps(said("hv", 5, not_known("declined")), void) == []
