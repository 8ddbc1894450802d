"""How packs name statements and acts: what a pattern means, what may answer a trigger, and what is no pattern."""

from typing import Any

import pytest

from ledger.domain.claim import Claim
from ledger.domain.edtf import observed_bounds
from ledger.domain.facts import Facts
from ledger.domain.fold import run
from ledger.domain.pattern import Pattern, patterns, when_of
from ledger.domain.pattern_form import pattern_faults
from ledger.domain.question import Topic
from ledger.domain.record_state import RecordState, Surroundings
from ledger.domain.rule import ANYBODY
from tests.unit.domain.rules.expecting import ATTRIBUTES, KINDS, RECORD, SUPPORT, act, at, claim, pack, step


def record(*entries: dict[str, Any]) -> Facts:
    """What rules read of these entries, in the order of their moments."""
    ordered = sorted(entries, key=lambda one: at(one["at"]))
    state, rules = RecordState(RECORD, around=Surroundings("england", KINDS)), pack(SUPPORT)
    *_, (_, after, _) = run(state, [step(number, one) for number, one in enumerate(ordered, 1)], rules)
    return Facts(after, rules)


def meant(written: dict[str, Any], *entries: dict[str, Any]) -> list[int]:
    """The entries that a pattern means, whomever they are about."""
    facts, pattern = record(*entries), Pattern.of_written(written)
    claims = facts.claims(Topic(pattern.attribute, ANYBODY))
    return [one.number for one in claims if pattern.matches(one, facts)]


def test_what_is_left_out_may_be_anything_that_is_so() -> None:
    """Any value of anybody's; but no plan, no omission, and nothing that is not known."""
    said = [
        claim("support", "agreed", "2022-03-01"),
        claim("support", "begun", "2022-03-02", about="mother", agency="eh"),
        claim("support", "begun", "2022-03-03", statement="plan"),
        claim("support", "begun", "2022-03-04", statement="omission"),
    ]
    unknown = claim("support", None, "2022-03-05")
    del unknown["body"]["claims"][0]["value"]
    unknown["body"]["claims"][0]["not_known"] = "declined"
    assert meant({"attribute": "support"}, *said, unknown) == [1, 2]
    assert meant({"attribute": "support", "statements": ["plan", "omission"]}, *said, unknown) == [3, 4]
    assert meant({"attribute": "support", "not_known": ["declined"]}, *said, unknown) == [5]


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        ({"values": ["begun"]}, [2]),
        ({"by": ["early_help"]}, [2]),
        ({"items": ["Early-Help"]}, [1]),
        ({"has": ["help early", "course"]}, [1, 2]),
        ({"has_not": ["course"]}, [1]),
        ({"gives": ["valid"]}, [2]),
        ({"lacks": ["valid"]}, [1]),
        ({"bases": ["told"]}, [2]),
        ({"about": "mother"}, [2]),
        ({"about": "child"}, [1]),
    ],
)
def test_each_key_narrows_it(chosen: dict[str, Any], numbers: list[int]) -> None:
    """By what is said, of whom, by which sort of agency, on what basis, and in which words."""
    one = claim("support", "agreed", "2022-03-01", item="early_help")
    other = claim(
        "support", "begun", "2022-03-02", about="mother", agency="eh", item="a course", valid="2022-03", basis="told"
    )
    assert meant({"attribute": "support", **chosen}, one, other) == numbers


def test_acts_are_chosen_by_their_fields() -> None:
    """A contact by its outcome, an action by whether it has a day, a decision by its kind."""
    entries = [
        act("contact", "2022-03-01", observed="2022-03-01", outcome="no_access"),
        act("action", "2022-03-02", what="It.", owner={"agency": "hv"}, due="2022-03-09"),
        act("action", "2022-03-03", what="It.", owner={"agency": "eh"}),
        act("decision", "2022-03-04", kind="strategy_discussion"),
    ]
    assert meant({"entry": "contact", "outcome": ["no_access", "refused"]}, *entries) == [1]
    assert meant({"entry": "contact", "outcome": ["held"]}, *entries) == []
    assert meant({"entry": "action", "gives": ["due"]}, *entries) == [2]
    assert meant({"entry": "action", "lacks": ["due"]}, *entries) == [3]
    assert meant({"entry": "action", "owner": ["eh"]}, *entries) == [3]
    assert meant({"entry": "decision", "has": ["strategy"]}, *entries) == [4]
    assert meant({"entry": "decision", "kind": ["close"]}, *entries) == []


def test_a_decision_is_chosen_by_its_kind_by_whom_it_goes_to_and_by_what_it_gives() -> None:
    """With a reason or without, to an agency by its id or by what sort it is; its kind is its value all the same."""
    entries = [
        act("decision", "2022-03-01", kind="no_conference"),
        act("decision", "2022-03-02", kind="no_conference", reason="He goes home to his aunt."),
        act("decision", "2022-03-03", kind="step_down", to="eh"),
        act("decision", "2022-03-04", kind="step_down", to="Early Help", reason="All is well."),
    ]
    assert meant({"entry": "decision", "gives": ["reason"]}, *entries) == [2, 4]
    assert meant({"entry": "decision", "kind": ["no_conference"], "lacks": ["reason"]}, *entries) == [1]
    assert meant({"entry": "decision", "to": ["early_help"]}, *entries) == [3, 4]
    claims = _all("entry:decision", record(*entries))
    assert [(one.value, one.item) for one in claims[1:3]] == [("no_conference",) * 2, ("step_down",) * 2]


def test_a_claim_is_chosen_by_what_it_says_that_it_is_about() -> None:
    """By its own topic, where it names one."""
    said = [claim("support", "agreed", "2022-03-01", topic=topic) for topic in ("harm", "health")]
    assert meant({"attribute": "support", "topics": ["harm"]}, *said, claim("support", "agreed", "2022-03-01")) == [1]


def follows(written: dict[str, Any], *entries: dict[str, Any]) -> list[int]:
    """The entries that answer the first one, by a pattern."""
    facts, pattern = record(*entries), Pattern.of_written(written)
    everything = [one for name in (pattern.attribute, "support", "entry:referral") for one in _all(name, facts)]
    trigger = next(one for one in everything if one.number == 1)
    return [one.number for one in _all(pattern.attribute, facts) if pattern.follows(one, trigger, facts)]


def _all(attribute: str, facts: Facts) -> list[Claim]:
    return facts.claims(Topic(attribute, ANYBODY))


def test_whoever_must_answer_is_known_by_their_part() -> None:
    """The author of the trigger, whom it was addressed to (by name or by sort), and anybody else."""
    entries = [
        act("referral", "2022-03-01", agency="hv", to="social_care", reason="Marks."),
        act("decision", "2022-03-02", agency="csc", kind="close"),
        act("decision", "2022-03-03", agency="hv", kind="close"),
        act("decision", "2022-03-04", agency="school", kind="close"),
    ]
    assert follows({"entry": "decision", "by": ["receiver"]}, *entries) == [2]
    assert follows({"entry": "decision", "by": ["author"]}, *entries) == [3]
    assert follows({"entry": "decision", "by": ["another"]}, *entries) == [2, 4]


def test_an_act_of_the_same_sort_follows_if_it_was_sent_later() -> None:
    """Two referrals of one day: the second follows the first; one to somebody else is no answer where that is asked."""
    entries = [
        act("referral", "2022-03-01", to="csc", reason="Marks."),
        act("referral", "2022-03-01T13:00", to="social care", reason="Marks."),
        act("referral", "2022-03-01T14:00", to="eh", reason="Marks."),
    ]
    assert follows({"entry": "referral"}, *entries) == [2, 3]
    assert follows({"entry": "referral", "same": ["to"]}, *entries) == [2]


def test_what_is_of_the_same_day_follows_unless_it_must_be_later() -> None:
    """Not what was before; on the day itself, unless the pattern says later; the day after in any case."""
    entries = [
        claim("support", "agreed", "2022-03-02"),
        claim("support", "begun", "2022-03-01", recorded="2022-03-03"),
        claim("support", "begun", "2022-03-02", recorded="2022-03-04"),
        claim("support", "begun", "2022-03-05"),
    ]
    assert follows({"attribute": "support", "values": ["begun"]}, *entries) == [3, 4]
    assert follows({"attribute": "support", "values": ["begun"], "later": "yes"}, *entries) == [4]


def test_when_a_claim_speaks_of() -> None:
    """What it says of the past, to its end; what goes on, up to when it was observed; else when it was observed."""
    said = [
        claim("support", "begun", "2022-03-10"),
        claim("support", "begun", "2022-03-10", valid="2022-02-01"),
        claim("support", "begun", "2022-03-10", valid="2022-02-01/.."),
        claim("support", "begun", "2022-03-10", valid="2022-05"),
    ]
    spans = [when_of(one) for one in _all("support", record(*said))]
    day, month, may = (observed_bounds(one) for one in ("2022-03-10", "2022-02-01", "2022-05-01"))
    assert [(one.start, one.end) for one in spans[:3]] == [
        (day.start, day.end),
        (month.start, month.end),
        (month.start, day.end),
    ]
    assert spans[3].start == may.start


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ({"attribute": "weather"}, ("attribute",)),
        ({"attribute": "support", "values": ["sunny"]}, ("values", 0)),
        ({"attribute": "support", "outcome": ["held"]}, ("outcome",)),
        ({"attribute": "support", "lacks": ["due"]}, ("lacks", 0)),
        ({"entry": "contact", "answer": ["accepted"]}, ("answer",)),
        ({"entry": "referral", "gives": ["due"]}, ("gives", 0)),
        ({"entry": "decision", "gives": ["due"]}, ("gives", 0)),
        ({"entry": "decision", "topics": ["harm"]}, ("topics",)),
        ({"entry": "referral", "of": "trigger"}, ("of",)),
        ({"entry": "referral", "values": ["made"]}, ("values",)),
    ],
)
def test_what_means_nothing_is_refused_at_its_place(written: dict[str, Any], place: tuple[Any, ...]) -> None:
    """An attribute, a value, a field or a part that there is not."""
    assert [path for path, _ in pattern_faults(("when",), written, ATTRIBUTES)] == [("when", *place)]


def test_one_pattern_or_several() -> None:
    """A pack may write one pattern where it writes a list; none where it leaves the key out."""
    written = {"attribute": "support"}
    assert patterns(written) == patterns([written]) == (Pattern.of_written(written),)
    assert patterns(None) == ()
