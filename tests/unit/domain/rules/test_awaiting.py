"""What answers what is awaited: not what was before it, and of one day by what is known of when it was."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sizes import examples
from tests.unit.domain.rules.expecting import SUPPORT, act, claim, found, shown


def test_what_was_done_before_the_day_answers_nothing() -> None:
    """Done the day before is none of it; on the same day it is, whichever came in first."""
    agreed = claim("support", "agreed", "2022-03-02", item="course")
    for day, count in (("2022-03-01", 1), ("2022-03-02", 0)):
        begun = claim("support", "begun", day, item="course", recorded="2022-03-02T09:00")
        assert len(found(SUPPORT, [begun, agreed], "2022-04-01")) == count


@pytest.mark.parametrize(
    ("came", "trigger", "is_answered"),
    [
        # Another agency's of that day: by which of them came first.
        ({"agency": "eh", "recorded": "2022-03-02T09:00"}, {"recorded": "2022-03-02T15:00"}, False),
        ({"agency": "eh", "recorded": "2022-03-02T16:00"}, {"recorded": "2022-03-02T15:00"}, True),
        # One agency enters what it did in any order.
        ({"agency": "csc", "recorded": "2022-03-02T09:00"}, {"recorded": "2022-03-02T15:00"}, True),
        # Where both have times these tell.
        (
            {"agency": "eh", "recorded": "2022-03-02T18:00", "day": "2022-03-02T09:00Z"},
            {"recorded": "2022-03-02T16:00", "day": "2022-03-02T15:00Z"},
            False,
        ),
        (
            {"agency": "eh", "recorded": "2022-03-02T16:00", "day": "2022-03-02T15:30Z"},
            {"recorded": "2022-03-02T18:00", "day": "2022-03-02T15:00Z"},
            True,
        ),
        # What was sent before the time of the trigger tells of nothing after it, whoever sent it.
        (
            {"agency": "csc", "recorded": "2022-03-02T09:00"},
            {"recorded": "2022-03-02T16:00", "day": "2022-03-02T15:00Z"},
            False,
        ),
        # Of another day: by the days, whichever came first.
        ({"agency": "eh", "recorded": "2022-03-03T09:00", "day": "2022-03-03"}, {"recorded": "2022-03-05"}, True),
    ],
)  # fmt: skip
def test_of_one_day_what_another_agency_had_entered_before_is_no_answer(
    came: dict[str, Any], trigger: dict[str, Any], is_answered: bool
) -> None:
    """The call of the morning does not answer the referral of the afternoon."""
    asked = {"day": "2022-03-02", **trigger}
    given = {"day": "2022-03-02", **came}
    entries = [
        claim("support", "agreed", asked.pop("day"), item="course", **asked),
        claim("support", "begun", given.pop("day"), item="course", **given),
    ]
    assert (found(SUPPORT, entries, "2022-04-01") == []) == is_answered


def test_what_the_receiver_did_before_it_was_asked_answers_nothing() -> None:
    """A contact at nine and a referral at three: whom it went to has not answered; with a contact at four it has."""
    written = {
        "when": [{"entry": "referral"}],
        "until": [{"entry": "contact", "by": ["receiver"]}],
        "awaits": "reply",
        "within": "1wd",
    }
    asked = act("referral", "2022-03-01T15:00", agency="hv", to="csc", reason="Marks.")
    for hour, count in (("09", 1), ("16", 0)):
        seen = act("contact", f"2022-03-01T{hour}:00", observed="2022-03-01", depth="seen")
        assert len(found(written, [asked, seen], "2022-03-20")) == count
    # Entered after the referral, and by its own words of that morning.
    earlier = act("contact", "2022-03-01T17:00", observed="2022-03-01T09:00Z", depth="seen")
    assert len(found(written, [asked, earlier], "2022-03-20")) == 1


#: Each agency has days of its own.
_DAY_OF = {"csc": 1, "eh": 2}
SAID = st.lists(
    st.tuples(
        st.sampled_from(["agreed", "not_begun", "begun", "declined"]),
        st.integers(0, 13),
        st.sampled_from(["course", "early help", "early help assessment"]),
        st.sampled_from(["csc", "eh"]),
    ),
    min_size=1,
    max_size=3,
)


@given(SAID, st.integers(0, 40))
@settings(max_examples=examples() // 2, deadline=None)
def test_the_order_of_arrival_makes_no_difference(said: list[tuple[str, int, str, str]], after: int) -> None:
    """What came in on one day is the same in every order; and what comes in late says what it would have said then.

    Of entries of different days, and of one agency's: what two agencies did on one day goes by what came first.
    """
    written = {**SUPPORT, "within": "given", "otherwise": "P10D"}
    until = f"2022-{4 + after // 28:02}-{1 + after % 28:02}T13:00"
    made = [
        claim(
            "support", value, f"2022-03-{_DAY_OF[agency] + 2 * day:02}", item=item, agency=agency, recorded="2022-04-01"
        )
        for value, day, item, agency in said
    ]
    results = []
    for order in permutations(range(len(made))):
        entries = [{**made[place], "at": f"2022-04-01T09:0{turn}"} for turn, place in enumerate(order)]
        findings = found(written, entries, until)
        named = [sorted(order[number - 1] for number in numbers) for numbers in shown(findings)]
        results.append(sorted(named))
    assert all(one == results[0] for one in results)
