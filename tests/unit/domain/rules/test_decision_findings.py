"""What is found of decisions: at most two findings of each, while it stands, and nothing of what agrees."""

from typing import Any

from ledger.domain.interruption import alert_tier
from tests.saying import corrects, voids
from tests.shipped import shipped_pack
from tests.unit.domain.rules.deciding import (
    Dated,
    decides,
    left,
    numbers,
    on_absence,
    overrides,
    raised,
    stands,
    there,
)
from tests.unit.domain.rules.passing import claim, said

CONTESTED, LEFT_OPEN = "decision_contested", "decision_left_open"
GONE = there("csc", 0, "absent")
NIGHTS = there("hv", 5, "stays_overnight")
ALLEGED: Dated = (
    1,
    said("school", 1, claim("allegation", "made", about="father", thing="school/slap", told="child"), statement="fact"),
)


def test_a_basis_that_another_agency_denies_is_set_against_the_decision() -> None:
    """On one side the decision and what bears it out, on the other what was held elsewhere."""
    (one,) = raised(GONE, NIGHTS, decides(7, "carry on", **on_absence()))
    assert (one.rule, numbers(one), one.tier, one.topic) == (CONTESTED, [[1, 3], [2]], "queue", "stated")


def test_nothing_is_found_where_everybody_agrees() -> None:
    """Also where another agency says less of the same."""
    assert raised(GONE, there("hv", 5, "lives_elsewhere"), decides(7, "carry on", **on_absence())) == []


def test_later_evidence_against_the_basis_is_found_when_it_comes() -> None:
    """The decision stood; weeks on the one thing that it rested on is denied."""
    entries = (GONE, decides(2, "carry on", **on_absence()), there("hv", 60, "lives_here"))
    assert raised(*entries[:2]) == []
    (one,) = raised(*entries)
    assert numbers(one) == [[1, 2], [3]]
    assert one.tier == "queue"


def test_it_closes_when_the_denial_is_taken_back() -> None:
    """By a correction or a void of whoever said it."""
    entries = (GONE, NIGHTS, decides(7, "carry on", **on_absence()))
    assert left(*entries, (8, corrects(2, there("hv", 5, "absent")[1]))) == []
    assert left(*entries, (8, voids(2, "hv"))) == []


def test_it_closes_when_the_decision_is_withdrawn_or_ended() -> None:
    """By its author; by the agency's next of the same kind; by one of a kind that the pack says ends it."""
    entries = (GONE, NIGHTS, decides(7, "close", **on_absence()))
    assert [one.rule for one in left(*entries)] == [CONTESTED]
    assert left(*entries, (8, voids(3, "csc"))) == []
    assert [one.rule for one in left(*entries, decides(8, "closed"))] == [LEFT_OPEN]  # that states nothing itself
    assert left(*entries, decides(8, "section_47", agency="police")) == []
    assert [one.rule for one in left(*entries, decides(8, "carry on"))] == [CONTESTED]


def test_it_closes_after_a_year() -> None:
    """By itself, with nothing posted."""
    entries = (GONE, NIGHTS, decides(7, "carry on", **on_absence()))
    assert left(*entries, until=371)
    assert left(*entries, until=373) == []


def test_an_override_in_the_decision_makes_what_was_known_a_prompt() -> None:
    """What comes later alerts."""
    override = {"reason": "Weighed.", "second": {"agency": "csc", "person": "m1"}}
    entries = (GONE, NIGHTS, decides(7, "carry on", **on_absence(override=override)))
    assert [one.tier for one in left(*entries)] == ["prompt"]
    assert [one.tier for one in left(*entries, there("school", 20, "lives_here"))] == ["queue"]


def test_an_override_of_its_own_ends_it_until_something_new_comes() -> None:
    """What was known by then is not found again; the next denial is, and alone."""
    entries = (GONE, NIGHTS, decides(7, "carry on", **on_absence()), overrides(9, 3))
    assert left(*entries) == []
    assert [numbers(one) for one in left(*entries, there("school", 20, "lives_here"))] == [[[1, 3], [5]]]


def test_what_has_no_outcome_is_left_open_whatever_its_age() -> None:
    """An allegation keeps open until somebody says what came of it, and closes with that."""
    entries = (ALLEGED, decides(300, "close"))
    (one,) = left(*entries)
    assert (one.rule, numbers(one), one.tier, one.topic) == (LEFT_OPEN, [[1, 2]], "queue", "open_allegations")
    seen = (310, {"agency": "csc", "kind": "contact", "body": {"observed": "2023-01-05", "depth": "seen_alone"}})
    outcome = claim("allegation", "unfounded", about="father", thing="school/slap") | {"basis": "judgement"}
    assert [one.topic for one in left(*entries, seen, (311, said("police", 311, outcome)))] in (
        [],
        ["reporter_answered"],
    )


def test_a_denial_by_whoever_it_is_against_is_no_outcome() -> None:
    """Neither is it taken back at home."""
    denied = (4, said("csc", 4, claim("allegation", "denied", about="father", thing="school/slap", told="father")))
    taken_back = (
        5,
        said("csc", 5, claim("allegation", "withdrawn", about="father", thing="school/slap", told="child")),
    )
    (one,) = left(ALLEGED, denied, taken_back, decides(9, "no_further_action"))
    assert one.topic == "open_allegations"


def test_a_kind_that_the_pack_does_not_list_rests_on_what_it_states_alone() -> None:
    """And so does one that protects."""
    assert left(ALLEGED, decides(9, "carry on")) == []
    assert left(ALLEGED, decides(9, "strategy discussion")) == []


def test_a_professional_against_it_contests_it() -> None:
    """Of another agency, on this decision, and until they say otherwise."""
    against = stands("hospital", 1, "against", "return home")
    (one,) = left(against, decides(3, "return_home"))
    assert (one.rule, numbers(one), one.topic) == (CONTESTED, [[2], [1]], "others_agree")
    assert left(against, stands("hospital", 2, "for", "return home"), decides(3, "return_home")) == []
    assert left(stands("csc", 1, "against", "return home"), decides(3, "return_home")) == []
    assert left(stands("hospital", 1, "against", "off roll"), decides(3, "return_home")) == []


def test_a_word_that_a_decision_leans_on_is_alerted_to_once() -> None:
    """What nobody bears out is a prompt beside the decision's own finding."""
    told = there("csc", 0, "lives_here", basis="told", informant="father")
    relies_on = [{"about": "father", "attribute": "presence", "value": "lives_here"}]
    (one,) = left(told, decides(3, "carry on", relies_on=relies_on))
    assert (one.rule, numbers(one), one.tier) == (LEFT_OPEN, [[1, 2]], "queue")


def test_a_decision_may_rest_on_an_entry() -> None:
    """By its number alone: all that the entry says is relied on."""
    rests: dict[str, Any] = {"relies_on": [{"entry": f"{'a' * 26}.1", "index": 0}]}
    (one,) = raised(GONE, NIGHTS, decides(7, "carry on", **rests))
    assert numbers(one) == [[1, 3], [2]]


def test_at_most_eight_entries_are_shown() -> None:
    """The gravest and the newest; the rest is evidence."""
    many = [
        (n, said("school", n, claim("allegation", "made", about="father", thing=f"school/slap-{n}", told="child")))
        for n in range(12)
    ]
    (one,) = left(*many, decides(20, "close"))
    assert len(numbers(one)[0]) == 8
    assert numbers(one)[0] == [6, 7, 8, 9, 10, 11, 12, 13]
    assert {ref.number for ref in one.evidence} >= {1, 2, 3, 4, 5}


def test_only_a_contested_basis_that_was_known_may_interrupt() -> None:
    """What is left open, and what comes later, waits."""
    pack = shipped_pack()
    (left_open,) = left(ALLEGED, decides(9, "close"))
    (later,) = raised(GONE, decides(2, "carry on", **on_absence()), there("hv", 60, "lives_here"))
    assert {alert_tier(one.basis, one.rule, pack) for one in (left_open, later)} == {"queue"}


def test_nothing_is_found_of_a_decision_after_the_childs_death() -> None:
    """Whatever was left open."""
    died = (5, said("hospital", 5, claim("death", "happened")))
    assert left(ALLEGED, died, decides(9, "close")) == []
