"""Patterns that mean nothing that could be said, and rules that they keep from ever finding anything."""

from typing import Any

import pytest

from ledger.domain.dead_pattern import (
    answered_faults,
    covers,
    given_faults,
    meaning_faults,
    never_faults,
    threshold_faults,
)
from ledger.domain.pattern import Pattern

VOCABULARY: dict[str, dict[str, Any]] = {
    "injury": {"about": "anyone", "type": "state", "thing": "required", "values": {"bruise": ["b"], "burn": ["u"]}},
    "presence": {"about": "person", "type": "state", "values": {"lives_here": ["r"], "unclear": ["r", "a"]}},
    "seen": {"about": "child", "type": "event"},
    "weight": {"about": "child", "type": "quantity"},
    "services": {"about": "anyone", "type": "state", "item": "required", "values": {"active": ["a"]}},
}


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ({"entry": "contact", "outcome": ["no_access", "noaccess"]}, ("outcome", 1)),
        ({"entry": "contact", "home_entered": ["perhaps"]}, ("home_entered", 0)),
        ({"entry": "reply", "answer": ["refused"]}, ("answer", 0)),
        ({"attribute": "injury", "items": ["arm"]}, ("items",)),
        ({"attribute": "injury", "same": ["thing", "with"]}, ("same", 1)),
        ({"attribute": "presence", "about": "child"}, ("about",)),
        ({"attribute": "seen", "about": "father"}, ("about",)),
        ({"attribute": "weight", "values": ["3.5", "heavy"]}, ("values", 1)),
    ],
)
def test_what_nothing_can_be_is_refused(written: dict[str, Any], path: tuple[str | int, ...]) -> None:
    """A word that no such entry has, a part that the attribute does not take, a number that is none."""
    assert [below for below, _ in meaning_faults(written, VOCABULARY)] == [path]


@pytest.mark.parametrize(
    "written",
    [
        {"entry": "contact", "outcome": ["held"], "depth": ["seen"], "home_entered": ["yes"], "by": ["police"]},
        {"entry": "decision", "kind": ["anything at all"]},
        {"attribute": "services", "items": ["x"], "same": ["item"], "values": ["active"]},
        {"attribute": "presence", "about": "anyone"},
        {"attribute": "weight", "values": ["3.5"]},
        {"attribute": "no_such"},
    ],
)
def test_what_can_be_is_left_alone(written: dict[str, Any]) -> None:
    """Fields without a list of words take any; that there is no such attribute others say."""
    assert [*meaning_faults(written, VOCABULARY)] == []


def pattern(**written: Any) -> Pattern:
    return Pattern.of_written({"attribute": "injury"} | written)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (pattern(), pattern(values=["bruise"], bases=["seen"], by=["gp"])),
        (pattern(values=["bruise", "burn"]), pattern(values=["burn"])),
        (pattern(values=["burn"], not_known=["declined"]), pattern(not_known=["declined"])),
        (pattern(by=["author"]), pattern(by=["gp"])),
        (pattern(by=["gp", "police"]), pattern(by=["gp"])),
        (pattern(about="anyone"), pattern(about="child")),
        (Pattern.of_written({"entry": "contact"}), Pattern.of_written({"entry": "contact", "outcome": ["held"]})),
    ],
)
def test_a_wider_pattern_covers_a_narrower_one(wide: Pattern, narrow: Pattern) -> None:
    """All that the narrow one means the wide one means, and not the other way round; each covers itself."""
    assert (covers(wide, narrow), covers(wide, wide), covers(narrow, narrow)) == (True, True, True)
    assert not covers(narrow, wide) or wide == pattern(by=["author"]) or wide == pattern(about="anyone")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pattern(), pattern(attribute="presence")),
        (pattern(values=["bruise"]), pattern(values=["bruise", "burn"])),
        (pattern(), pattern(not_known=["declined"])),
        (pattern(not_known=["declined"]), pattern(values=["bruise"])),
        (pattern(), pattern(statements=["plan"])),
        (pattern(about="child"), pattern()),
        (pattern(by=["another"]), pattern()),
        (pattern(by=["gp"]), pattern()),
        (Pattern.of_written({"entry": "done", "of": "trigger"}), Pattern.of_written({"entry": "done"})),
    ],
)
def test_what_may_mean_something_else_is_not_covered(one: Pattern, other: Pattern) -> None:
    """A value, a state of not knowing, a statement, somebody else's word, another entry named."""
    assert not covers(one, other)


BRUISE = {"attribute": "injury", "values": ["bruise"]}
REFERRED = {"entry": "referral"}
HELD = {"entry": "contact", "outcome": ["held"]}


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ({"when": [BRUISE], "until": [{"attribute": "injury"}]}, ("until", 0)),
        ({"when": [BRUISE], "until": [REFERRED, BRUISE]}, ("until", 1)),
        ({"when": [BRUISE], "until": [REFERRED], "unless": [HELD, {"attribute": "injury"}]}, ("unless",)),
        ({"when": [BRUISE], "until": [REFERRED | {"by": ["receiver"]}]}, ("until", 0, "by")),
        ({"when": [BRUISE], "until": [{"entry": "contact"}], "fails": [HELD]}, ("fails", 0)),
        ({"when": [BRUISE], "until": [REFERRED], "unless": [{"entry": "contact"}], "only_if": [HELD]}, ("only_if", 0)),
    ],
)
def test_a_rule_that_cannot_find_anything_is_refused(written: dict[str, Any], path: tuple[str | int, ...]) -> None:
    """What ends it by itself, what silences all of it, an answer from nobody, a failure that counts as success."""
    assert [below for below, _ in never_faults(written, VOCABULARY)] == [path]


@pytest.mark.parametrize(
    "written",
    [
        {"when": [BRUISE], "until": [REFERRED], "unless": [{"attribute": "injury", "values": ["burn"]}]},
        {"when": [{"attribute": "seen", "values": ["happened"]}], "until": [{"attribute": "seen"}]},
        {"when": [HELD], "until": [{"entry": "contact"}]},
        {"when": [REFERRED, BRUISE], "until": [{"entry": "reply", "of": "trigger", "by": ["receiver"]}]},
        {"when": REFERRED, "until": [{"entry": "reply", "of": "trigger", "answer": ["accepted"]}],
         "fails": [{"entry": "reply", "of": "trigger", "answer": ["declined"]}]},
    ],
)  # fmt: skip
def test_a_rule_that_can_find_something_is_taken(written: dict[str, Any]) -> None:
    """One part of it silenced, an event that must happen again, another try, an answer of the one addressed."""
    assert [*never_faults(written, VOCABULARY)] == []


def test_a_clock_that_is_given_needs_a_date() -> None:
    """Actions, hand-overs and visits may give one, and a claim its time; a referral gives none."""
    for when, is_dated in ((REFERRED, False), ({"entry": "action"}, True), (HELD, True), (BRUISE, True)):
        written = {"when": [when], "within": "given"}
        assert [below for below, _ in given_faults(written)] == ([] if is_dated else [("within",)])
        assert [*given_faults(written | {"otherwise": "1wd"})] == [*given_faults(written | {"within": "1wd"})] == []


PRESENT = {"attribute": "presence", "values": ["lives_here"]}


@pytest.mark.parametrize(
    ("written", "is_answered"),
    [
        ({"attribute": "presence", "when": [PRESENT]}, True),
        ({"attribute": "presence", "when": [PRESENT], "holds": "P90D"}, False),
        ({"attribute": "presence", "when": [{"attribute": "presence", "not_known": ["declined"]}]}, False),
        ({"attribute": "presence", "when": [{"attribute": "presence", "values": ["unclear"]}],
          "missing": {"unclear": "unknown"}}, False),
        ({"attribute": "presence", "when": [PRESENT], "missing": {"unclear": "unknown"}}, True),
        ({"attribute": "presence", "when": [PRESENT | {"about": "anyone"}], "about": "father"}, False),
        ({"attribute": "seen", "when": [PRESENT]}, False),
        ({"attribute": "services", "when": [{"attribute": "services", "items": ["gp"]}], "items": ["school"]}, False),
        ({"attribute": "seen", "when": [HELD], "knows": [{"entry": "contact"}]}, True),
        ({"attribute": "seen", "when": [HELD], "unless": [{"entry": "contact"}]}, True),
        ({"attribute": "seen", "when": [{"entry": "contact"}], "knows": [HELD], "unless": [HELD]}, False),
    ],
)  # fmt: skip
def test_what_makes_it_necessary_leaves_it_open(written: dict[str, Any], is_answered: bool) -> None:
    """What must be known and is said, shown or silenced by the very thing that makes it necessary is never a gap."""
    assert [below for below, _ in answered_faults(written)] == ([("when", 0)] if is_answered else [])


@pytest.mark.parametrize(
    ("by", "is_refused"),
    [([["gp"], ["gp", "police"]], True), ([["gp"], ["police", "school"]], False), ([["gp"], []], False),
     ([["gp"], ["another"]], False)],
)  # fmt: skip
def test_as_many_agencies_are_named_as_must_act(by: list[list[str]], is_refused: bool) -> None:
    """Three agencies out of two sorts are never reached; where any sort counts they may be."""
    when = [{"attribute": "injury"} | ({"by": kinds} if kinds else {}) for kinds in by]
    assert [path for path, _ in threshold_faults({"when": when, "agencies": 3})] == (
        [("agencies",)] if is_refused else []
    )
    assert [*threshold_faults({"when": when})] == []
