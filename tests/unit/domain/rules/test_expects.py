"""What must follow what was said or done: what starts it, ends it, fails it and silences it, and how it is brought."""

from typing import Any

import pytest

from ledger.domain.pack import PackError
from tests.unit.domain.rules.expecting import SUPPORT, VISITS, act, at, claim, found, pack, shown

ACTION: dict[str, Any] = {
    "when": [{"entry": "action"}],
    "until": [{"entry": "done", "of": "trigger"}, {"entry": "action", "same": ["matter"]}],
    "awaits": "action",
    "within": "given",
    "otherwise": "20wd",
}


def test_found_from_the_moment_at_which_the_clock_has_run_out() -> None:
    """An instant before nothing is late; then it is, and it was raised at that moment whoever looks later."""
    agreed = [claim("support", "agreed", "2022-03-01")]
    assert found(SUPPORT, agreed, "2022-03-11T11:59:59") == []
    late = found(SUPPORT, agreed, "2022-05-01")
    assert [one.raised_at.isoformat() for one in late] == ["2022-03-11T12:00:00+00:00"]
    assert (late[0].topic, late[0].tier, late[0].basis.is_lapsed) == ("action", "queue", True)


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        ("2wd", "2022-04-20T12:00"),
        ("PT24H", "2022-04-15T12:00"),
        ("same_day", "2022-04-15T00:00"),
        ("next_morning", "2022-04-19T09:00"),
    ],
)
def test_each_form_of_clock_over_a_long_weekend(clock: str, due: str) -> None:
    """From noon on the Thursday before Easter; Friday and Monday are bank holidays in England."""
    raised = found({**SUPPORT, "within": clock}, [claim("support", "agreed", "2022-04-14")], "2022-05-01")
    assert [one.basis.due for one in raised] == [at(due)]
    assert [one.raised_at for one in raised] == [at(due)]


@pytest.mark.parametrize(
    ("nation", "days"), [("england", 19), ("scotland", 18), ("northern_ireland", 19), ("wales", 19)]
)
def test_working_days_are_those_of_the_nation(nation: str, days: int) -> None:
    """Of Easter Monday 2022, a bank holiday in three nations and none in Scotland."""
    raised = found({**SUPPORT, "within": "1wd"}, [claim("support", "agreed", "2022-04-14")], "2022-05-01", nation)
    assert [one.raised_at.day for one in raised] == [days]


def test_a_nation_may_have_a_clock_of_its_own() -> None:
    """What is five working days elsewhere is a month in Scotland; and a rule may be for some nations alone."""
    written = {**SUPPORT, "within": "5wd", "within_in": {"scotland": "P28D"}}
    agreed = [claim("support", "agreed", "2022-03-01")]
    assert [len(found(written, agreed, "2022-03-20", nation)) for nation in ("england", "scotland")] == [1, 0]
    assert len(found(written, agreed, "2022-04-20", "scotland")) == 1
    assert found({**written, "nations": ["wales"]}, agreed, "2022-06-01") == []


def test_what_is_said_to_be_missed_fails_it_at_once_and_stands_alone() -> None:
    """A word that it did not begin is found where somebody had agreed to it, and where nobody had."""
    agreed, missed = claim("support", "agreed", "2022-03-01"), claim("support", "not_begun", "2022-03-04")
    assert shown(found(SUPPORT, [agreed, missed], "2022-03-05")) == [[1, 2]]
    assert shown(found(SUPPORT, [missed], "2022-03-05")) == [[1]]
    begun = claim("support", "begun", "2022-03-04", agency="eh")
    assert found(SUPPORT, [agreed, missed, begun], "2022-05-05") == []


def test_a_stated_omission_of_what_is_awaited_fails_it() -> None:
    """That it began, as an omission, says that it did not."""
    entries = [
        claim("support", "agreed", "2022-03-01"),
        claim("support", "begun", "2022-03-04", statement="omission"),
    ]
    assert shown(found(SUPPORT, entries, "2022-03-05")) == [[1, 2]]


def test_what_was_planned_for_later_may_come_sooner() -> None:
    """Planned for April and begun in March is delivered."""
    written = {**SUPPORT, "within": "given"}
    planned = claim("support", "agreed", "2022-03-02", item="course", valid="2022-04")
    begun = claim("support", "begun", "2022-03-20", item="course")
    assert found(written, [planned, begun], "2022-06-01") == []
    assert len(found(written, [planned], "2022-06-01")) == 1


def test_agencies_call_one_thing_by_more_or_fewer_words() -> None:
    """All the words of one item stand in the other: the same matter. Other words: another."""
    agreed = claim("support", "agreed", "2022-03-01", item="early help assessment")
    for item, count in (("early_help", 0), ("Early Help Assessments", 0), ("speech therapy", 1)):
        assert len(found(SUPPORT, [agreed, claim("support", "begun", "2022-03-03", item=item)], "2022-04-01")) == count


def test_an_act_is_answered_by_what_names_it() -> None:
    """Of two actions the one that was done is done, the other is late on the day after its own."""
    entries = [
        act("action", "2022-03-01", what="Weigh her.", owner={"agency": "hv"}, due="2022-03-10"),
        act("action", "2022-03-01T12:01", what="See the house.", owner={"agency": "hv"}, due="2022-03-10"),
        act("done", "2022-03-05", agency="hv", of=1),
    ]
    late = found(ACTION, entries, "2022-04-01")
    assert shown(late) == [[2]]
    assert late[0].raised_at.isoformat() == "2022-03-11T00:00:00+00:00"


def test_an_action_agreed_again_stands_in_place_of_the_first() -> None:
    """A later day for the same matter is a new clock, and the old one's day passes; an earlier action ends nothing."""
    first = act("action", "2022-03-01", what="Weigh her.", owner={"agency": "hv"}, due="2022-03-10")
    again = act("action", "2022-03-08", what="Weigh her, at home.", owner={"agency": "hv"}, due="2022-03-30")
    assert found(ACTION, [first, again], "2022-03-29") == []
    assert shown(found(ACTION, [first, again], "2022-04-05")) == [[2]]


def test_without_a_date_the_other_clock_runs() -> None:
    """An action with no day is late twenty working days after it was agreed."""
    entry = act("action", "2022-03-01", what="Weigh her.", owner={"agency": "hv"})
    assert [one.raised_at.day for one in found(ACTION, [entry], "2022-05-01")] == [29]
    assert found({key: said for key, said in ACTION.items() if key != "otherwise"}, [entry], "2022-05-01") == []


def test_a_date_may_have_grace() -> None:
    """What is written up the next morning is in time."""
    entry = act("action", "2022-03-01", what="Weigh her.", owner={"agency": "hv"}, due="2022-03-10")
    assert [one.raised_at.day for one in found({**ACTION, "grace": "1wd"}, [entry], "2022-05-01")] == [14]


def test_a_lapse_is_a_prompt_until_it_has_lasted_and_a_failure_is_none() -> None:
    """Late it is asked for, later it is an alert; what is known to have failed is an alert at once."""
    written = {**SUPPORT, "lapses_as": "prompt", "alert": "P5D"}
    agreed = claim("support", "agreed", "2022-03-01")
    tiers = [found(written, [agreed], f"2022-03-{day}")[0].tier for day in (12, 15, 16, 30)]
    assert tiers == ["prompt", "prompt", "queue", "queue"]
    assert found(written, [agreed, claim("support", "not_begun", "2022-03-03")], "2022-03-04")[0].tier == "queue"
    assert found({**SUPPORT, "lapses_as": "prompt"}, [agreed], "2023-03-30")[0].tier == "prompt"


def test_without_a_clock_only_what_fails_is_found() -> None:
    """A referral that nobody answers is another rule's; one that is turned down stands until it is taken."""
    written = {
        "when": [{"entry": "referral"}],
        "fails": [{"entry": "reply", "of": "trigger", "answer": ["declined"]}],
        "until": [{"entry": "reply", "of": "trigger", "answer": ["accepted"]}],
        "awaits": "reply",
    }
    asked = act("referral", "2022-03-01", agency="hv", to="csc", reason="Marks.")
    no = act("reply", "2022-03-02", of=1, answer="declined")
    assert found(written, [asked], "2022-12-01") == []
    assert shown(found(written, [asked, no], "2022-03-03")) == [[1, 2]]
    assert found(written, [asked, no, act("reply", "2022-03-04", of=1, answer="accepted")], "2022-03-05") == []


def test_all_of_a_childs_missed_visits_are_one_finding() -> None:
    """One day's claim and contact, and the next agency's: one finding of the child, which lists each once."""
    both = claim("visit", "no_access", "2022-03-01", about="mother")
    both["body"]["contact"] = {"outcome": "no_access", "depth": "doorstep"}
    entries = [both, claim("visit", "no_access", "2022-03-02", agency="hv")]
    findings = found(VISITS, entries, "2022-03-20")
    assert shown(findings) == [[1, 2]]
    assert findings[0].question.about == "child"


def test_the_second_in_a_row_starts_it() -> None:
    """Twice on two days with nothing held between; twice on one day is once."""
    written = {**VISITS, "times": "2", "in": "P60D"}
    first, second = claim("visit", "no_access", "2022-03-01"), claim("visit", "no_access", "2022-03-08", agency="hv")
    assert shown(found(written, [first, second], "2022-03-20")) == [[1, 2]]
    assert found(written, [first], "2022-03-20") == []
    assert found(written, [first, claim("visit", "no_access", "2022-03-01", agency="hv")], "2022-03-20") == []
    assert found(written, [first, claim("visit", "held", "2022-03-04"), second], "2022-03-20") == []
    assert found(written, [first, claim("visit", "no_access", "2022-08-08")], "2022-08-20") == []


def test_history_starts_nothing_and_death_ends_what_had_not_run_out() -> None:
    """What lay long ago when it was told asks for nothing now; after a death nobody is asked for a visit."""
    old = claim("visit", "no_access", "2022-03-01", valid="2021-03-01")
    assert found(VISITS, [old], "2022-04-01") == []
    missed = claim("visit", "no_access", "2022-03-01")
    died = claim("death", "happened", "2022-03-02")
    assert found(VISITS, [missed, died], "2022-04-01") == []
    assert len(found(VISITS, [missed, claim("death", "happened", "2022-03-04")], "2022-04-01")) == 1


def test_a_trigger_that_is_taken_back_asks_for_nothing() -> None:
    """A visit under the wrong child, voided after it was late: the finding closes."""
    entries = [claim("visit", "no_access", "2022-03-01"), act("void", "2022-03-05", voids=1, reason="Another child.")]
    assert len(found(VISITS, entries[:1], "2022-03-06")) == 1
    assert found(VISITS, entries, "2022-03-06") == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"alert": "5wd"}, "alert"),
        ({"times": "2"}, "times"),
        ({"recent": "P5D"}, "recent"),
        ({"within": "5 days"}, "within"),
        ({"within": "P0D"}, "within"),
        ({"nations": ["france"]}, "nations"),
        ({"awaits": "goodwill"}, "awaits"),
        ({"from": "wizards"}, "from"),
        ({"when": [{"attribute": "support", "values": ["hoped_for"]}]}, "values"),
        ({"when": [{"attribute": "support", "gives": ["outcome"]}]}, "gives"),
        ({"when": [{"entry": "action", "lacks": ["outcome"]}]}, "lacks"),
        ({"otherwise": "given"}, "otherwise"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_where_it_stands(changes: dict[str, Any], path: str) -> None:
    """A clock without its partner, a word that there is not, a sort of agency that nobody has: by its place."""
    with pytest.raises(PackError) as refused:
        pack({**SUPPORT, **changes})
    assert any(path in map(str, place) for place, _ in refused.value.faults)


def test_a_rule_needs_a_beginning_and_a_way_to_be_found() -> None:
    """Without what starts it, or with neither a clock nor a failure, it would never find anything."""
    for left_out in ({"when", "missed"}, {"within", "missed"}):
        with pytest.raises(PackError):
            pack({key: said for key, said in SUPPORT.items() if key not in left_out})
