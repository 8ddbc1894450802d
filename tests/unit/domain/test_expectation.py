"""One thing that must follow: when it is late, when somebody is warned, how it is brought, and what is shown of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.expectation import Awaited, date_given, due_by, is_history, judged, refuse_expectation_clock
from ledger.domain.finding import ENTRIES_MAX
from ledger.domain.question import Question
from ledger.domain.rule import Verdict, View
from tests.unit.domain.claiming import AT, claims
from tests.unit.domain.rules.expecting import SUPPORT, pack

DAY = timedelta(days=1)
TRIGGERS = claims(*["happened"] * 12)
ONE = Awaited(TRIGGERS[0], "reply", AT, AT + 5 * DAY)
PACK = pack(SUPPORT)


def verdict(at: datetime, *awaited: Awaited) -> Verdict:
    """What stands of these at a moment."""
    no_facts: Any = None
    return judged(View(PACK.rules["it"], Question("support", "child"), PACK, at, no_facts), awaited)


def test_late_from_the_moment_that_is_due() -> None:
    """Not an instant sooner; and until then the moment is asked for."""
    before = verdict(AT + 5 * DAY - timedelta(microseconds=1), ONE)
    assert (before.basis, dict(before.due)) == (None, {ONE.trigger.ref: AT + 5 * DAY})
    after = verdict(AT + 5 * DAY, ONE)
    assert after.basis is not None
    assert (after.basis.topic, after.basis.due, after.basis.is_lapsed) == ("reply", AT + 5 * DAY, True)
    assert not after.due


def test_what_came_is_nothing_unless_two_people_must_say_so() -> None:
    """Then it stands, and says that all has come."""
    met = replace(ONE, met=TRIGGERS[1])
    assert verdict(AT + 9 * DAY, met) == Verdict()
    basis = verdict(AT + 9 * DAY, replace(met, needs_two=True)).basis
    assert basis is not None
    assert (basis.is_met, basis.is_lapsed, basis.evidence) == (True, False, (TRIGGERS[1].ref,))


def test_what_failed_is_found_at_once_and_asks_for_no_moment() -> None:
    """The trigger and what says that it will not come stand together."""
    found = verdict(AT + DAY, replace(ONE, failed=TRIGGERS[1]))
    assert found.basis is not None
    assert found.basis.sides == ((TRIGGERS[0].ref, TRIGGERS[1].ref),)
    assert not found.due


def test_whoever_owes_it_is_warned_between_the_warning_and_its_day() -> None:
    """Not before, not once it is late, not when it has come or failed, and not where nobody is known to owe it."""
    owed = replace(ONE, warn=AT + 3 * DAY, owed_by="hv")
    told = [bool(verdict(AT + days * DAY, owed).told) for days in (2, 3, 4, 5)]
    assert told == [False, True, True, False]
    for over in (replace(owed, met=TRIGGERS[1]), replace(owed, failed=TRIGGERS[1]), replace(owed, owed_by="")):
        assert not verdict(AT + 4 * DAY, over).told
    assert dict(verdict(AT, owed).due) == {owed.trigger.ref: AT + 3 * DAY}


def test_how_it_is_brought_follows_the_clock() -> None:
    """While it runs as ``before`` says, late as ``lapses_as`` does, and from the alert on, or failed, as ``tier``."""
    one = replace(ONE, before="prompt", lapses_as="prompt", alert=AT + 9 * DAY, tier="interrupt")
    assert [one.tier_at(AT + days * DAY) for days in (1, 5, 8, 9)] == ["prompt", "prompt", "prompt", "interrupt"]
    assert replace(one, failed=TRIGGERS[1]).tier_at(AT + DAY) == "interrupt"
    assert replace(one, lapses_as=None).tier_at(AT + 5 * DAY) == "interrupt"
    assert replace(one, alert=None).tier_at(AT + 99 * DAY) == "prompt"
    assert [one.next_after(AT + days * DAY) for days in (0, 5, 9)] == [AT + 5 * DAY, AT + 9 * DAY, None]


def test_of_several_the_first_that_waits_gives_the_day_and_the_worst_the_tier() -> None:
    """All stand in one finding, the newest entries of it where they are many."""
    several = [replace(ONE, trigger=one, due=AT + number * DAY) for number, one in enumerate(TRIGGERS, 1)]
    several[3] = replace(several[3], tier="interrupt")
    basis = verdict(AT + 30 * DAY, *several).basis
    assert basis is not None
    assert (basis.due, basis.tier) == (AT + DAY, "interrupt")
    assert [ref.number for ref in basis.sides[0]] == [*range(13 - ENTRIES_MAX, 13)]


def action(**body: Any) -> Claim:
    """An agreed action."""
    body = {"what": "It.", "owner": "hv", **body}
    return claims_of_entry("action", body, agency="hv", number=1, recorded_at=datetime(2022, 3, 24, 12, tzinfo=UTC))[0]


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        ("PT72H", "2022-03-27T12:00"),
        ("1wd", "2022-03-25T12:00"),
        ("3wd", "2022-03-29T11:00"),
        ("same_day", "2022-03-25T00:00"),
        ("next_morning", "2022-03-25T09:00"),
        ("given", "2022-03-31T23:00"),
    ],
)
def test_clocks_run_in_london(clock: str, due: str) -> None:
    """From noon on a Thursday, over the Sunday on which the clocks go forward: hours as they pass, days by the wall."""
    assert due_by(clock, action(due="2022-03-31"), "england") == datetime.fromisoformat(f"{due}+00:00")


def test_the_same_day_is_never_less_than_some_hours() -> None:
    """What is asked for at eleven at night is asked for until the morning."""
    late = replace(action(), recorded_at=datetime(2022, 3, 24, 23, tzinfo=UTC))
    assert due_by("same_day", late, "england") == datetime(2022, 3, 25, 3, tzinfo=UTC)


def test_the_next_morning_is_that_of_a_working_day() -> None:
    """From a Friday night to Monday at nine, by the clock that the wall shows then."""
    friday = replace(action(), recorded_at=datetime(2022, 3, 25, 22, tzinfo=UTC))
    assert due_by("next_morning", friday, "england") == datetime(2022, 3, 28, 8, tzinfo=UTC)


def test_a_trigger_that_gives_no_date_has_none() -> None:
    """An action without a day, and a claim that says nothing of when."""
    assert date_given(action()) is None
    assert due_by("given", action(), "england") is None
    assert date_given(claims("happened")[0]) is None
    planned = claims("happened", valid="2022-07", statement="plan")[0]
    assert date_given(planned) == datetime(2022, 7, 31, 23, tzinfo=UTC)


def test_history_is_what_lay_long_before_it_was_told() -> None:
    """By the end of what it tells of; what was recorded late and happened lately is none."""
    assert is_history(claims("happened", valid="2021")[0], 90 * DAY)
    assert not is_history(claims("happened", valid="2021/..")[0], 90 * DAY)
    assert not is_history(claims("happened")[0], 90 * DAY)


@pytest.mark.parametrize("clock", ["same_day", "next_morning", "given", "PT24H", "P28D", "10wd"])
def test_what_is_a_clock(clock: str) -> None:
    """The forms in which packs write one."""
    assert refuse_expectation_clock(clock) is None


@pytest.mark.parametrize("clock", ["soon", "P1M", "always", "10 days", "wd"])
def test_what_is_no_clock(clock: str) -> None:
    """Refused, with what may be written instead."""
    assert "same_day" in (refuse_expectation_clock(clock) or "")
