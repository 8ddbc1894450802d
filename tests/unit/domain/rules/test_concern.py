"""Concerns that a reassurance met and nothing answered: when one is open, and what closes it."""

from typing import Any

import pytest

from ledger.domain.pack import PackError
from tests.saying import steps
from tests.unit.domain.rules.concerning import a_pack, last, opened, said

BRUISE = said("school", 0, "injury", "bruise", thing="school/b")
FALL = said("csc", 1, "account", "fall", thing="school/b", told="mother")
SCREAMS = said("csc", 0, "concern", "Screams.", topic="harm", told="anonymous")
HITS = said("police", 0, "domestic_abuse", "incident", about="father", basis="own_record")
MEASURED = said("hv", 0, "growth", "faltering", basis="measured")
EATS = said("gp", 8, "feeding", "good", told="mother")
PAEDIATRICIAN = {"role": "consultant paediatrician"}
DOORSTEP, SEEN, ALONE, EXAMINED = ({"depth": depth} for depth in ("doorstep", "seen", "seen_alone", "examined"))
MISSING = said("police", 0, "whereabouts", "missing")


@pytest.mark.parametrize(
    ("entries", "about", "topic"),
    [
        ([BRUISE, FALL], "child", "harm"),
        ([BRUISE, said("hospital", 1, "cause_opinion", "inflicted", thing="school/c", author=PAEDIATRICIAN), FALL],
         "child", "harm"),
        ([SCREAMS, said("csc", 2, "reassurance", "All fine.", topic="harm", contact=DOORSTEP)], "child", "harm"),
        ([SCREAMS, said("csc", 2, "judgement", "no_concerns", contact=DOORSTEP)], "child", "harm"),
        ([said("hv", 0, "concern", "Odd."), said("gp", 2, "reassurance", "Fine.", told="mother")], "child", None),
        ([HITS, said("hv", 200, "risk_position", "none_known", about="father", told="mother")], "father", "adult_risk"),
        ([MEASURED, EATS], "child", "growth"),
        ([said("csc", 0, "home_conditions", "dirty"), said("gp", 3, "home_conditions", "clean", told="mother")],
         "child", "home"),
        ([said("police", 0, "whereabouts", "missing"), said("csc", 3, "whereabouts", "relatives", told="mother")],
         "child", "whereabouts"),
        ([said("school", 0, "seen", "did_not_happen"), said("csc", 3, "whereabouts", "relatives", told="mother")],
         "child", "whereabouts"),
        ([SCREAMS, said("csc", 3, "presentation", "well", contact=DOORSTEP)], "child", "harm"),
        ([said("hv", 0, "presentation", "hungry"), said("gp", 2, "home_conditions", "clean", told="mother")],
         "child", "home"),
        ([said("hv", 0, "presentation", "hungry", topic="growth"), said("gp", 2, "feeding", "good", told="mother")],
         "child", "growth"),
        ([BRUISE, said("csc", 3, "injury", "scratch", thing="school/b", told="mother")], "child", "harm"),
        ([said("school", 0, "injury_count", "3", thing="school/b"), BRUISE,
          said("csc", 3, "injury_count", "1", thing="school/b", told="mother")], "child", "harm"),
        ([said("csc", 0, "reassurance", "Fine.", topic="harm", told="mother"),
          said("school", 3, "concern", "Marks.", topic="harm")], "child", "harm"),
        ([SCREAMS, said("csc", 3, "presentation", "well", contact=SEEN)], "child", "harm"),
        ([said("school", 0, "presentation", "hungry"), said("gp", 2, "feeding", "good", told="mother")],
         "child", "growth"),
        ([SCREAMS, said("csc", 2, "judgement", "no_concerns", basis="agency", **{"from": "hospital"})],
         "child", "harm"),
    ],
)  # fmt: skip
def test_a_shallow_reassurance_leaves_a_concern_open(
    entries: list[dict[str, Any]], about: str, topic: str | None
) -> None:
    """One finding on the topic, about the person, with the concern on one side and the reassurance on the other."""
    found = opened(*entries)
    assert list(found) == [(about, topic)]
    assert len(found[about, topic]) == 2


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([SCREAMS], id="nobody reassured"),
        pytest.param([BRUISE, said("hospital", 1, "cause_opinion", "accident", thing="school/b",
            author=PAEDIATRICIAN), FALL], id="examined by a paediatrician first"),
        pytest.param([BRUISE, FALL, said("hospital", 3, "cause_opinion", "accident", thing="school/b",
            contact=EXAMINED)], id="examined afterwards"),
        pytest.param([BRUISE, FALL, said("hospital", 3, "examined", "medical", thing="school/b")],
            id="examined, and the result not sent"),
        pytest.param([BRUISE, FALL, said("hospital", 3, "cause_opinion", "inflicted", thing="school/b",
            contact=EXAMINED)], id="examined, and found inflicted"),
        pytest.param([BRUISE, said("csc", 2, "account", "fall", thing="school/other", told="mother")],
            id="another injury"),
        pytest.param([BRUISE, said("csc", 1, "account", "fall", thing="school/b")], id="somebody saw the fall"),
        pytest.param([SCREAMS, said("csc", 2, "judgement", "no_concerns", topic="harm", contact=ALONE)],
            id="no injury, and the child seen alone"),
        pytest.param([said("hv", 0, "concern", "A sore arm.", topic="harm"),
            said("hv", 0, "reassurance", "Slept on it.", topic="harm", told="mother")], id="one contact recorded both"),
        pytest.param([said("csc", 0, "concern", "He hits me.", topic="adult_risk", told="mother"),
            said("gp", 4, "reassurance", "He is kind.", topic="adult_risk", told="mother")],
            id="the same source revises"),
        pytest.param([said("csc", 0, "reassurance", "Fine.", topic="harm", told="mother"),
            said("school", 4, "concern", "Marks.", topic="harm")], id="before there was a concern"),
        pytest.param([HITS, said("hv", 9, "risk_position", "none_known", about="hv/partner", told="mother")],
            id="another man"),
        pytest.param([HITS, said("hv", 9, "mental_health", "stable", about="father", told="mother")],
            id="another matter"),
        pytest.param([HITS, said("police", 9, "domestic_abuse", "denied", about="father", basis="own_record",
            author={"role": "officer"})], id="its owner says so"),
        pytest.param([HITS, said("hv", 9, "risk_position", "none_known", about="father", basis="agency",
            **{"from": "police"})], id="its owner is said to say so"),
        pytest.param([MEASURED, said("gp", 8, "growth", "gaining", basis="measured"), EATS], id="weighed again"),
        pytest.param([said("hv", 0, "feeding", "poor", told="mother"),
            said("gp", 150, "feeding", "good", told="father")], id="better, months later"),
        pytest.param([said("csc", 0, "home_conditions", "dirty"),
            said("hv", 3, "home_conditions", "clean", contact={"depth": "seen", "home_entered": "yes"})],
            id="somebody went in"),
        pytest.param([said("csc", 3, "home_conditions", "dirty", valid="2022-02-01/2022-02-20"),
            said("gp", 4, "home_conditions", "clean", told="mother")], id="over when it was said"),
        pytest.param([MISSING, said("csc", 3, "whereabouts", "relatives", told="mother"),
            said("csc", 5, "seen", "happened")], id="the child was seen"),
        pytest.param([said("hv", 0, "health_need", "unmet", item="teeth"),
            said("gp", 3, "health_need", "met", item="glasses", told="mother")], id="another item"),
        pytest.param([SCREAMS, said("hv", 3, "feeding", "good", told="mother")], id="another topic"),
        pytest.param([SCREAMS, said("hv", 3, "presentation", "well")], id="seen to be well"),
        pytest.param([said("csc", 0, "presentation", "well"), said("school", 2, "concern", "Marks.", topic="harm")],
            id="seen to be well before anybody worried"),
        pytest.param([SCREAMS, said("csc", 3, "presentation", "well", contact=EXAMINED)], id="well when examined"),
        pytest.param([BRUISE, said("gp", 2, "cause_opinion", "accident", thing="school/b", basis="document",
            **{"from": "hospital"}), FALL], id="the letter of those who examined"),
        pytest.param([BRUISE, said("gp", 2, "cause_opinion", "accident", thing="school/b", basis="document")],
            id="a letter, perhaps of those who examined"),
        pytest.param([said("school", 0, "seen", "did_not_happen"),
            said("csc", 3, "judgement", "no_concerns", contact=DOORSTEP, topic="home")],
            id="raised and reassured on other topics"),
        pytest.param([SCREAMS, said("hv", 3, "judgement", "progress", contact=DOORSTEP)], id="progress, of no topic"),
        pytest.param([SCREAMS, said("hv", 3, "reassurance", "Will be.", topic="harm", told="mother",
            statement="intention")], id="what is intended"),
        pytest.param([BRUISE, said("csc", 3, "injury", "bruise", thing="school/b", told="mother")], id="as much again"),
        pytest.param([said("school", 0, "injury", "bruise", thing="school/b", author={"role": "teacher"}),
            said("school", 2, "injury", "none", thing="school/b", author={"role": "teacher"}), FALL],
            id="whoever raised it looked again"),
        pytest.param([said("hospital", 0, "injury", "bruise", thing="school/b", contact=EXAMINED), FALL],
            id="an account of what was examined"),
    ],
)  # fmt: skip
def test_what_leaves_nothing_open(entries: list[dict[str, Any]]) -> None:
    """Nothing is raised, or what was raised is closed."""
    assert opened(*entries) == {}


def test_an_everyday_injury_of_a_child_that_moves_is_no_concern() -> None:
    """A bruised knee counts for a baby, and for a child whose age nobody gave; not for one old enough to fall."""
    knee = [
        said("school", 0, "injury", "bruise", thing="school/b"),
        said("school", 0, "injury_site", "knee", thing="school/b"),
    ]
    assert opened(*knee, FALL)
    for born, is_concern in (("2022-01-01", True), ("2016-01-01", False)):
        child = {"agency": "school", "kind": "child", "body": {"born": born}}
        assert bool(opened(child, *knee, FALL)) is is_concern
    cheek = said("gp", 0, "injury_site", "cheek", thing="school/b")
    assert opened({"agency": "school", "kind": "child", "body": {"born": "2016-01-01"}}, *knee, cheek, FALL)


def test_a_vaguer_word_for_an_everyday_injury_makes_it_no_other() -> None:
    """A leg is as everyday as the knee that somebody named; alone, and beside a cheek, it is not."""
    child = {"agency": "school", "kind": "child", "body": {"born": "2016-01-01"}}
    leg = said("gp", 1, "injury_site", "leg", thing="school/b")
    for site, is_concern in (("knee", False), ("leg", True), ("cheek", True)):
        named = said("school", 0, "injury_site", site, thing="school/b")
        assert bool(opened(child, BRUISE, named, leg, FALL)) is is_concern


def test_an_enquiry_with_its_outcome_closes_what_was_open_on_the_allegation() -> None:
    """The outcome of an enquiry answers the concern of the same thing, whichever form it is sent in."""
    made = said("csc", 0, "allegation", "made", about="father", thing="csc/a", told="child", statement="allegation")
    calm = said("hv", 4, "risk_position", "none_known", about="father", told="mother")
    assert list(opened(made, calm)) == [("father", "adult_risk")]
    outcome = {"agency": "csc", "kind": "allegation", "body": {"step": "unfounded", "thing": "a"}}
    assert opened(made, calm, outcome) == {}
    unfounded = said("csc", 9, "allegation", "unfounded", about="father", thing="csc/a", basis="judgement")
    assert opened(made, calm, unfounded) == {}
    denied = said("csc", 9, "allegation", "unfounded", about="father", thing="csc/a", told="father")
    assert list(opened(made, calm, denied)) == [("father", "adult_risk")]


def test_a_court_answers_whatever_it_finds_on() -> None:
    """A finding of a court closes a concern, however it came to it."""
    found = said("court", 90, "cause_opinion", "accident", thing="school/b", basis="judgement", statement="finding")
    assert opened(BRUISE, FALL, found) == {}


def test_a_concern_raised_as_deep_is_not_answered_by_looking_again() -> None:
    """Weighed and found to falter twice, with a word of comfort between: still open, and both concerns are shown."""
    again = said("hv", 20, "growth", "faltering", basis="measured")
    assert opened(MEASURED, EATS, again) == {("child", "growth"): [[1], [2]]}
    assert opened(MEASURED, said("hv", 7, "growth", "faltering", basis="measured"), EATS) == {
        ("child", "growth"): [[1, 2], [3]]
    }


def test_what_is_shown_is_at_most_eight_entries_and_the_rest_is_evidence() -> None:
    """The latest concerns and reassurances are shown, as many as there is room for."""
    concerns = [said("school", on, "concern", f"Worry {on}.", topic="harm") for on in range(7)]
    calm = [said("gp", 10 + on, "reassurance", f"Calm {on}.", topic="harm", told="mother") for on in range(7)]
    (finding,) = last(steps(*concerns, *calm)).findings.values()
    shown = {ref.number for side in finding.sides for ref in side}
    assert len(shown) == 8
    assert {7, 14} <= shown
    assert shown | {ref.number for ref in finding.evidence} == set(range(1, 15))


def test_a_thing_that_one_agency_did_not_name_makes_a_match_possible_only() -> None:
    """An account of an injury that it does not name, within a fortnight, may be of the one that was seen."""
    (finding,) = last(steps(BRUISE, said("csc", 2, "account", "fall", told="mother"))).findings.values()
    assert finding.certain is False
    assert opened(BRUISE, said("csc", 40, "account", "fall", told="mother")) == {}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"broad": ["nobody"]}, "broad/0"),
        ({"reassures": {"account": ["fell"]}}, "reassures/account/0"),
        ({"depth_from": {"examined": {"fully": "examined"}}}, "depth_from/examined/fully"),
        ({"shown_by": {"whereabouts": ["growth"]}}, "shown_by/whereabouts/0"),
        ({"eased": {"harm": {"nobody": "seen"}}}, "eased/harm/nobody"),
        ({"topics": ["weather"]}, "topics/0"),
        ({"usual_topic": {"nobody": "harm"}}, "usual_topic/nobody"),
        ({"lapses_after": "P3M"}, "lapses_after"),
        ({"moments": ["nobody"]}, "moments/0"),
        ({"clinical": ["nobody"]}, "clinical/0"),
        ({"lesser": {"nobody": "lower"}}, "lesser/nobody"),
        ({"ordinary_beside": {"injury_site": ["shin"]}}, "ordinary_beside/injury_site/0"),
    ],
)
def test_a_setting_that_names_nothing_is_refused_at_its_place(changes: dict[str, Any], path: str) -> None:
    """A pack with such a rule is no pack, and the fault says where."""
    with pytest.raises(PackError) as refused:
        a_pack(**changes)
    assert [f"rules/unanswered/{path}"] == ["/".join(map(str, at)) for at, _ in refused.value.faults]
