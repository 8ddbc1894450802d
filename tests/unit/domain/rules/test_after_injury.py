"""What must follow an injury: when it is asked for, of whom, by when, and what ends it."""

from typing import Any

import pytest

from tests.unit.domain.rules.following import (
    FIXED,
    OF_CONCERN,
    Entry,
    acts,
    at,
    awaited,
    born,
    claim,
    found,
    pack_with,
    said,
)

BABY = born(-90)
TODDLER = born(-900)
BRUISE = said("hv", 0, claim("injury", "bruise", "cheek"))
WALKS = said("gp", -2, claim("mobility", "walks"))
EAR = said("school", 0, claim("injury", "bruise", "ear"), claim("injury_site", "ear", "ear"))
REFERRED = acts("hv", "referral", 0, 12, to="csc", reason="A bruise.")
SEEN_BY_DOCTOR = said(
    "hospital", 0, claim("examined", "child_protection_medical", basis="own_record"), hour=14,
    contact={"depth": "examined"},
)  # fmt: skip


def test_a_babys_bruise_asks_at_once_for_both_and_alerts_once() -> None:
    """The referral interrupts at once; the examination is a prompt for as long as nobody has referred."""
    assert awaited(BABY, BRUISE, until=0) == {"referral": "interrupt", "examination": "prompt"}
    assert awaited(BABY, BRUISE, until=30) == {"referral": "interrupt", "examination": "prompt"}
    (referral,) = [one for one in found(BABY, BRUISE, until=0) if one.topic == "referral"]
    assert (referral.raised_at.date(), referral.basis.owed_by) == (at(0).date(), "hv")
    assert referral.basis.due == at(0, 24)


def test_referred_and_not_examined_is_an_alert_a_day_later() -> None:
    """Once it is referred the examination's own clock counts; the referral waits for two to close it."""
    assert awaited(BABY, BRUISE, REFERRED, until=0) == {"examination": "prompt"}
    assert awaited(BABY, BRUISE, REFERRED, until=1) == {"examination": "interrupt"}
    met = [one for one in found(BABY, BRUISE, REFERRED) if one.basis.is_met]
    assert [one.topic for one in met] == ["referral"]


def test_everything_in_time_leaves_the_signatures_of_two() -> None:
    """What the fixed rule raised stands until two people close it, whatever came of it."""
    left = found(BABY, BRUISE, REFERRED, SEEN_BY_DOCTOR)
    assert [(one.topic, one.basis.is_met) for one in left] == [("referral", True)]


@pytest.mark.parametrize(
    "account",
    ["low_fall", "object_by_other_child", "self", "birth", "treatment", "illness", "inflicted", "none_given", "animal"],
)
@pytest.mark.parametrize("who", ["mother", "father", "anonymous", "hv/aunt"])
def test_whatever_the_explanation(account: str, who: str) -> None:
    """What anybody tells of how it came about changes nothing about what is awaited, or when."""
    told = said("hv", 0, claim("account", account, "cheek", told=who), hour=9)
    for until in (0, 5):
        assert awaited(BABY, BRUISE, told, until=until) == awaited(BABY, BRUISE, until=until)


@pytest.mark.parametrize(
    "told",
    [
        REFERRED,
        acts("hv", "referral", 0, 12, to="MASH", reason="A bruise."),
        said("hv", 0, claim("referral", "made", item="children's social care", basis="own_record"), hour=12),
        said("csc", 1, claim("injury", "bruise", "cheek", basis="agency", **{"from": "hv"})),
        acts("csc", "involvement", 0, 13, role="enquiry"),
        said("police", 0, claim("meeting", "held", item="strategy discussion", basis="own_record"), hour=13),
        said("police", 0, claim("legal_status", "police_protection", valid="2022-03-01/..", basis="own_record")),
    ],
)
def test_ways_in_which_it_reaches_those_who_enquire(told: Entry) -> None:
    """By an act, by what a claim says of one, by their own word on it, by what only they set going."""
    assert "referral" not in awaited(BABY, BRUISE, told)


@pytest.mark.parametrize(
    "other",
    [
        acts("hv", "referral", 0, 12, to="gp", reason="A bruise."),
        acts("hv", "referral", -3, to="csc", reason="Of something else."),
        said("hv", 0, claim("referral", "made", item="speech and language therapy", basis="own_record")),
        said("hv", 0, claim("referral", "made", item="children's social care", told="mother")),
        said("csc", 1, claim("injury", "bruise", "knee", basis="seen", about="mother")),
        acts("csc", "involvement", -30, role="plan"),
        acts("csc", "contact", 1, depth="seen", outcome="held"),
    ],
)
def test_what_does_not_show_that_they_were_told(other: Entry) -> None:
    """Not to another service, not before it, not a carer's word, not their calling without a word of it."""
    assert awaited(BABY, BRUISE, other)["referral"] == "interrupt"


def test_those_who_enquire_see_it_themselves() -> None:
    """Where social care posts it nothing is to be referred, and somebody has still to look."""
    seen = said("csc", 0, claim("injury", "bruise", "cheek"))
    assert awaited(BABY, seen, until=0) == {"examination": "prompt"}
    assert awaited(BABY, seen, until=2) == {"examination": "interrupt"}


@pytest.mark.parametrize(
    ("looked", "is_view"),
    [
        (SEEN_BY_DOCTOR, True),
        (acts("hospital", "contact", 0, 15, depth="examined", outcome="held"), True),
        (said("csc", 1, claim("examined", "skeletal_survey", basis="own_record")), True),
        (said("hospital", 0, claim("cause_opinion", "accident", "cheek", basis="judgement")), True),
        (said("gp", 0, claim("examined", "undressed", "cheek"), contact={"depth": "examined"}), False),
        (said("hv", 0, claim("examined", "in_part", "cheek")), False),
        (said("hv", 0, claim("examined", "medical", "cheek", told="mother")), False),
        (acts("hospital", "contact", -2, depth="examined", outcome="held"), False),
    ],
)
def test_who_has_looked(looked: Entry, is_view: bool) -> None:
    """A children's doctor or a medical after it was noticed; no practice, no visitor, nobody's mother."""
    assert ("examination" not in awaited(BABY, BRUISE, looked)) is is_view


@pytest.mark.parametrize(
    ("child", "mobility", "expected"),
    [
        (born(-182), [], True),
        (born(-184), [], True),
        (born(-280), [], False),
        (born(-280, gestation_weeks="30"), [], True),
        (born(-184), [said("hv", -5, claim("mobility", "crawls"))], False),
        (born(-182), [said("hv", -5, claim("mobility", "crawls"))], True),
        (born(-250), [said("hv", -5, claim("mobility", "crawls", told="mother"))], True),
        (born(-300), [said("hv", -5, claim("mobility", "rolls"))], True),
        (born(-300), [said("hv", -90, claim("mobility", "rolls"))], False),
        (born(-300), [said("hv", 20, claim("mobility", "not_crawling"))], True),
        (born(-300), [said("hv", 20, claim("mobility", "not_walking"))], False),
        (born(-300), [said("hv", 20, claim("mobility", "not_mobile"))], True),
        (
            born(-300),
            [said("hv", -9, claim("mobility", "not_mobile")), said("gp", -2, claim("mobility", "walks"))],
            False,
        ),
        (born(-1500), [said("school", -30, claim("mobility", "not_mobile"))], True),
    ],
)
def test_who_does_not_move_about(child: Entry, mobility: list[Entry], expected: bool) -> None:
    """By the latest that was seen near it, else by the age less what it came early; the youngest always."""
    hurt = said("nursery", 0, claim("injury", "bruise", "leg"), claim("injury_site", "leg", "leg"))
    assert bool(found(child, *mobility, hurt, rule=FIXED)) is expected


@pytest.mark.parametrize(
    ("line", "reached"),
    [
        ({"from": "rolls"}, ["rolls", "sits", "crawls", "pulls_to_stand"]),
        ({"from": "crawls"}, ["crawls", "pulls_to_stand"]),
        ({"from": "crawls", "short": ["rolls", "sits"]}, ["crawls", "pulls_to_stand"]),
        ({"from": "pulls_to_stand", "short": ["rolls", "sits", "crawls"]}, ["pulls_to_stand"]),
    ],
)
def test_four_lines_at_which_a_baby_moves_about(line: dict[str, Any], reached: list[str]) -> None:
    """At rolling, at crawling, at crawling for one who only rolls too, at pulling to stand."""

    def draw(settings: dict[str, Any]) -> None:
        settings["babies"] = {**line, "before": "P274D", "young": "P183D"}

    by = pack_with(FIXED, draw)
    for word in ("not_rolling", "rolls", "sits", "crawls", "pulls_to_stand"):
        noted = said("hv", -2, claim("mobility", word))
        assert bool(found(born(-220), noted, BRUISE, by=by, rule=FIXED)) is (word not in reached), word


def test_crawling_and_rolling_differ_by_age_alone() -> None:
    """A baby of ten months who is last said to roll moves about by its age, unless rolling is said to be short."""

    def by_age(settings: dict[str, Any]) -> None:
        settings["babies"] = {"from": "crawls", "before": "P274D", "young": "P183D"}

    posted = (born(-300), said("hv", -2, claim("mobility", "rolls")), BRUISE)
    assert found(*posted, by=pack_with(FIXED, by_age), rule=FIXED) == []
    assert found(*posted, rule=FIXED)


@pytest.mark.parametrize(
    "posted",
    [
        (born(-1), said("mw", 0, claim("injury", "bruise", "head"), claim("injury_site", "scalp", "head"))),
        (born(-20), said("hospital", 0, claim("injury", "cut", "head"), claim("account", "treatment", "head"))),
        (BABY, said("gp", 0, claim("injury", "mark", "thigh"), claim("account", "treatment", "thigh"))),
        (BABY, said("hv", 0, claim("injury", "skin_condition", "back"))),
        (BABY, said("hv", 0, claim("injury", "none", "back"))),
        (BABY, said("hv", 0, claim("injury", "bruise", "arm", about="mother"))),
        (BABY, said("hv", 0, claim("injury", "bruise", "arm", statement="omission"))),
        (born(-200), said("hv", 0, claim("injury", "bruise", "arm", valid="2021-09", basis="document"))),
        (BABY, said("coroner", 0, claim("injury", "fracture", "rib"))),
        (BABY, said("hospital", 0, claim("injury", "fracture", "rib"), author={"ref": "p", "role": "pathologist"})),
        (BABY, said("police", -1, claim("death", "happened", basis="own_record")), BRUISE),
        (TODDLER, said("nursery", 0, claim("injury", "bruise", "shin"), claim("injury_site", "shin", "shin"))),
        (born(-1900), said("school", 0, claim("injury", "graze", "knee"), claim("injury_site", "knee", "knee"))),
        (TODDLER, said("nursery", 0, claim("injury", "bruise", "arm"), claim("injury_site", "arm", "arm"))),
    ],
)
def test_what_starts_nothing(posted: tuple[Entry, ...]) -> None:
    """Marks of birth and needle by those who know, another's injury, history, what the dead have, everyday life."""
    assert [one for one in found(*posted) if one.rule in {FIXED, OF_CONCERN}] == []


def test_a_lay_word_for_a_birth_mark_asks_for_somebody_to_look() -> None:
    """It is a prompt and never an alert, and a doctor's word settles it."""
    called = said("nursery", 0, claim("injury", "skin_condition", "back"))
    assert awaited(BABY, called) == {"examination": "prompt"}
    assert awaited(BABY, called, said("gp", 2, claim("injury", "skin_condition", "back"))) == {}


def test_several_injuries_of_one_day_are_one_alert() -> None:
    """The first interrupts, the others are prompts beside it; one of a week later is its own."""
    arm = said("hv", 0, claim("injury", "bruise", "arm"), hour=11)
    later = said("gp", 9, claim("injury", "bruise", "back"))
    tiers = sorted(one.tier for one in found(BABY, BRUISE, arm, until=30) if one.topic == "referral")
    assert tiers == ["interrupt", "prompt"]
    tiers = sorted(one.tier for one in found(BABY, BRUISE, arm, later, until=30) if one.topic == "referral")
    assert tiers == ["interrupt", "interrupt", "prompt"]


def test_a_scratch_is_asked_for_and_interrupts_nobody() -> None:
    """A baby's own nails leave scratches: still to be referred, and no alert before the day has ended."""
    scratch = said("hv", 0, claim("injury", "scratch", "cheek"))
    assert awaited(BABY, scratch, until=-1) == {"referral": "prompt", "examination": "prompt"}
    (referral,) = [one for one in found(BABY, scratch, until=20) if one.topic == "referral"]
    assert referral.tier == "queue"


def test_an_injury_of_concern_is_a_prompt_that_day_and_an_alert_after() -> None:
    """Whoever posts it can refer it still; the lead is told when the day has ended without."""
    assert awaited(TODDLER, EAR, until=-1) == {"referral": "prompt", "examination": "prompt"}
    (referral,) = [one for one in found(TODDLER, EAR, until=1) if one.topic == "referral"]
    assert (referral.rule, referral.tier, referral.basis.is_lapsed) == (OF_CONCERN, "queue", True)
    assert referral.raised_at.date() == at(0).date()


def test_referred_and_seen_in_time_nothing_is_left() -> None:
    """An injury of concern that was dealt with asks nobody to sign."""
    told = acts("school", "referral", 0, 12, to="csc", reason="An ear.")
    seen = acts("gp", "contact", 0, 16, depth="examined", outcome="held")
    assert found(TODDLER, EAR, told, seen) == []


def test_referred_late_it_stands_until_two_have_closed_it() -> None:
    """It came, and too late: that is not undone by its coming."""
    late = acts("school", "referral", 4, to="csc", reason="An ear.")
    (referral,) = [one for one in found(TODDLER, EAR, late) if one.topic == "referral"]
    assert referral.basis.is_met


def test_no_referral_and_said_so_is_an_alert_at_once() -> None:
    """What says that it is not referred does not wait for the day to end."""
    said_so = said("school", 0, claim("referral", "not_made", item="social care", basis="own_record"), hour=11)
    assert awaited(TODDLER, EAR, said_so, until=-1) == {"referral": "queue", "examination": "prompt"}


@pytest.mark.parametrize(
    ("more", "is_of_concern"),
    [
        ([acts("court", "decision", -28, kind="return_home")], True),
        ([acts("court", "decision", -300, kind="return_home")], False),
        ([said("csc", -9, claim("plan", "active", item="child protection", valid="2022-02-20/..", basis="own_record"))],
         True),
        ([said("gp", -60, claim("injury", "bruise", "back", basis="document"))], True),
        ([said("gp", -300, claim("injury", "bruise", "back", basis="document"))], False),
        ([said("nursery", 0, claim("account", "none_given", "arm", told="mother"))], True),
        ([said("nursery", 0, claim("account", "level_fall", "arm", told="mother"))], False),
        ([said("nursery", 0, claim("account", "stairs", "arm", told="mother")),
          said("gp", 1, claim("account", "other_child", "arm", told="mother"))], True),
        ([said("nursery", 3, claim("injury_age", "healed", "arm"))], False),
        ([said("nursery", 0, claim("injury_count", "3", "arm"))], True),
        ([said("nursery", 0, claim("injury_pattern", "linear", "arm"))], True),
    ],
)  # fmt: skip
def test_what_makes_a_toddlers_bruise_one_of_concern(more: list[Entry], is_of_concern: bool) -> None:
    """What went before, a plan, a return home, no account or another one, several; not that it heals."""
    arm = said("nursery", 0, claim("injury", "bruise", "arm"), claim("injury_site", "arm", "arm"))
    hurt = [one for one in found(TODDLER, arm, *more, rule=OF_CONCERN) if one.question.thing == "case/arm"]
    assert bool(hurt) is is_of_concern


@pytest.mark.parametrize("opinion", [("account_fits", "fits"), ("cause_opinion", "accident")])
def test_a_clinicians_opinion_ends_it_for_a_child_and_not_for_a_baby(opinion: tuple[str, str]) -> None:
    """The fixed rule is there because such opinions on babies were wrong."""
    burn = said("hospital", 0, claim("injury", "scald", "hand"), claim(*opinion, "hand", basis="judgement"))
    assert found(TODDLER, burn) == []
    assert awaited(BABY, burn) == {"referral": "interrupt"}


def test_a_break_that_a_doctor_has_seen_and_nobody_doubts_is_no_alert() -> None:
    """Children who run about break bones; a doctor's doubt makes it an alert."""
    leg = said("hospital", 0, claim("injury", "fracture", "leg"), claim("account", "stairs", "leg", told="mother"))
    doubt = said("hospital", 0, claim("account_fits", "doubtful", "leg", basis="judgement"), hour=12)
    assert awaited(TODDLER, leg) == {"referral": "prompt"}
    assert awaited(TODDLER, leg, doubt) == {"referral": "queue"}


def test_referred_late_and_not_examined_is_an_alert_a_day_after_the_referral() -> None:
    """People are at work on it once it is referred: the examination's clock begins again, and then alerts."""
    late = acts("school", "referral", 3, 12, to="csc", reason="An ear.")
    assert awaited(TODDLER, EAR, late, until=3) == {"examination": "prompt"}
    assert awaited(TODDLER, EAR, late, until=5) == {"examination": "queue"}
    seen = said("gp", 4, claim("examined", "medical", basis="own_record"), contact={"depth": "examined"})
    assert awaited(TODDLER, EAR, late, seen, until=9) == {}


def test_a_bone_that_is_said_to_be_broken_was_examined() -> None:
    """That takes a picture; what a carer tells, what is only suspected, and a baby's, still ask for a doctor."""
    broken = said("school", 0, claim("fracture", "present", "wrist"))
    assert "examination" not in awaited(TODDLER, broken, until=5)
    for other in (claim("fracture", "present", "wrist", told="mother"), claim("fracture", "suspected", "wrist")):
        assert "examination" in awaited(TODDLER, said("school", 0, other), until=0)
    assert "examination" in awaited(BABY, broken, until=0)
