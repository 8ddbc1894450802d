"""What must be known and nobody said: when it is asked for, of whom, and what answers it."""

from typing import Any

import pytest

from ledger.domain.pack import Pack, PackError
from tests.saying import PRESENCE
from tests.unit.domain.rules.gapping import born, claim, found, gaps, numbers, said, visit

LIVES_HERE = claim("presence", "lives_here", told="mother")
CRYING = ("advice_given", "father", "missing")


def topics(*entries: tuple[int, dict[str, Any]], until: int, about: str = "father") -> list[str | None]:
    return [topic for topic, whom, _ in gaps(*entries, until=until) if whom == about]


def advised(on: int, value: str = "given", item: str = "coping with crying") -> tuple[int, dict[str, Any]]:
    return said("hv", on, claim("advice_given", value, item=item, basis="own_record"))


def test_a_carer_of_a_baby_is_asked_about_from_six_weeks_on() -> None:
    """Not on the day before, and for no longer than it makes sense."""
    entries = (born(0), said("hv", 10, LIVES_HERE), advised(11, item="safe sleep"))
    assert "advice_given" not in topics(*entries, until=41)
    assert "advice_given" in topics(*entries, until=43)
    assert "advice_given" not in topics(*entries, until=190)


def test_an_answer_ends_it_whenever_it_came() -> None:
    """Told before it was due, and told once it was."""
    entries = (born(0), said("hv", 10, LIVES_HERE), advised(11, item="safe sleep"))
    assert "advice_given" not in topics(*entries, advised(20), until=60)
    assert "advice_given" not in topics(*entries, advised(50), until=60)


@pytest.mark.parametrize("item", ["coping_with_crying", "Coping with crying", "crying", "ICON"])
def test_items_are_one_by_other_words_for_them(item: str) -> None:
    """How an item is written makes no second question of it."""
    entries = (born(0), said("hv", 10, LIVES_HERE), advised(11, item="safe sleep"), advised(20, item=item))
    assert "advice_given" not in topics(*entries, until=60)


def test_a_value_that_says_it_is_missing_waits_for_no_clock() -> None:
    """Not given, says the service itself: a gap at once, that shows it."""
    (finding,) = found(born(0), advised(30, "not_given"))
    assert (finding.topic, finding.basis.state, numbers(finding)) == ("advice_given", "missing", [2])
    assert found(born(0), advised(30, "declined"))[0].basis.state == "declined"


def test_nothing_of_a_baby_is_asked_of_a_teenager() -> None:
    """Somebody who lives with a child of fourteen is asked about neither crying nor sleep."""
    of_old = (0, {"agency": "school", "kind": "child", "body": {"born": "2008-02-02"}})
    seen = said("hv", 10, claim("presence", "lives_here"))
    assert gaps(of_old, seen, visit("hv", 11, "mother", "child", home_entered="yes"), until=80) == []


def test_a_father_of_whom_something_is_said_is_not_asked_for() -> None:
    """Where he is spoken of there is a father; where nothing is, it is asked after some weeks."""
    entries = (born(0), visit("hv", 10, "mother", "child"))
    assert ("father", "child", "missing") in gaps(*entries, until=40)
    assert ("father", "child", "missing") not in gaps(*entries, said("hv", 12, LIVES_HERE), until=40)


def test_an_adult_who_comes_to_live_there_is_asked_about_once_the_child_has_a_plan() -> None:
    """The clock runs from when both are so; a check ends it, and so does what the police hold of him."""
    lives, plan = said("hv", 10, LIVES_HERE), claim("plan", "active", about="child", item="child in need")
    entries = (born(0), lives, said("csc", 20, plan))
    assert "checks" not in topics(born(0), lives, until=60)
    assert "checks" not in topics(*entries, until=26)
    assert "checks" in topics(*entries, until=28)
    held = claim("criminal_history", "none", basis="own_record")
    assert "checks" not in topics(*entries, said("police", 25, held), until=40)
    assert "checks" in topics(*entries, said("hv", 25, held), until=40)


def test_who_left_before_is_not_asked_about() -> None:
    """What its agency takes back makes nothing necessary."""
    gone = said("hv", 30, claim("presence", "absent"))
    assert "advice_given" not in topics(born(0), said("hv", 10, claim("presence", "lives_here")), gone, until=60)


def test_a_parent_is_seen_alone_when_nobody_else_was_there() -> None:
    """The child's being there is no company; he was there each time, and then once not."""
    entries = (born(0), visit("hv", 10, "mother", "father", "child"))
    assert "seen_alone" in topics(*entries, until=60, about="mother")
    alone = visit("hv", 50, "mother", "child")
    assert "seen_alone" not in topics(*entries, alone, until=60, about="mother")


def test_a_sight_of_the_child_goes_stale() -> None:
    """Taught at home, seen once, and then not for four weeks: stale, and new once seen again."""
    of_old = (0, {"agency": "school", "kind": "child", "body": {"born": "2012-02-02"}})
    home = said("school", 10, claim("school_roll", "home_educated", about="child", basis="own_record"))
    entries = (of_old, home, visit("hv", 30, "child"))
    assert ("seen", "child", "stale") not in gaps(*entries, until=58)
    assert ("seen", "child", "stale") in gaps(*entries, until=60)
    assert ("seen", "child", "stale") not in gaps(*entries, visit("hv", 61, "child"), until=70)


def test_an_injured_baby_must_be_known_by_what_it_can_do() -> None:
    """At once; and not where that is on file."""
    hurt = said("hv", 120, claim("injury", "bruise", about="child", thing="arm"))
    assert ("mobility", "child", "missing") in gaps(born(0), hurt)
    rolls = said("hv", 110, claim("mobility", "rolls", about="child"))
    assert ("mobility", "child", "missing") not in gaps(born(0), rolls, hurt)


def test_a_death_ends_what_was_awaited() -> None:
    """Nothing is asked for any more that nobody had said by then."""
    death = said("hv", 30, claim("death", "happened", about="child", basis="own_record", valid="2022-03-31"))
    assert gaps(born(0), said("hv", 10, LIVES_HERE), death, until=80) == []


RULE: dict[str, Any] = {
    "family": "must_know",
    "attribute": "presence",
    "when": [{"attribute": "presence", "values": ["visits"]}],
    "meaning": "It must be known.",
    "source": "constructed",
    "examples": PRESENCE["examples"],
}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"attribute": "weather"}, "no such attribute"),
        ({"missing": {"gone": "missing"}}, "no such value"),
        ({"missing": {"absent": "lost"}}, "one of"),
        ({"from_age": "P90D", "until_age": "P30D"}, "never be found"),
        ({"refusals": "2"}, "add enquire"),
        ({"enquire": ["police"]}, "add refusals"),
        ({"when": [{"attribute": "presence", "about": "child"}]}, "say of whom"),
        ({"within": "soon"}, "clock"),
    ],
)
def test_a_rule_that_could_never_find_anything_is_refused(changes: dict[str, Any], named: str) -> None:
    """With what to do about it."""
    content = {"pack": "test", "version": "1", "attributes": {"presence": PRESENCE}, "rules": {"r": RULE | changes}}
    with pytest.raises(PackError, match=named):
        Pack.from_mapping(content)


def test_a_rule_without_a_time_and_without_words_is_refused() -> None:
    """It must be asked for at some time, or be said to be missing by some value."""
    rule = {key: value for key, value in RULE.items() if key != "when"}
    content = {"pack": "test", "version": "1", "attributes": {"presence": PRESENCE}, "rules": {"r": rule}}
    with pytest.raises(PackError, match="never be found"):
        Pack.from_mapping(content)
