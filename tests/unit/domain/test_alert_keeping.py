"""What is to be done about an alert at a moment: a function of it, of the line and of the moment alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.alert import State
from ledger.domain.alert_keeping import Lapsed, Moved, Standing, Woken, step
from ledger.domain.hours import Hours
from ledger.domain.line import Absence, Holder, Line, Someone
from tests import sizes

#: A Monday, in the hours.
NOW = datetime(2024, 3, 4, 10, tzinfo=UTC)
LEAD, DEPUTY, BOSS = Someone("csc", "sw1"), Someone("csc", "sw2"), Someone("csc", "m")


def line(**changes: Any) -> Line:
    """A line with a lead, a deputy and a manager."""
    made = Line("duty", Hours("england"), lead=LEAD, deputy=DEPUTY, ladder={"manager": BOSS})
    return replace(made, **changes)


def standing(**changes: Any) -> Standing:
    """An alert with the lead, whose time runs out in an hour."""
    holder = Holder("lead", "csc", "sw1")
    made = Standing("a", "queue", State.RAISED, holder, NOW + timedelta(hours=1), 5, 0, None, LEAD)
    return replace(made, **changes)


def test_it_stays_while_there_is_time() -> None:
    """With its line unchanged and time left, nothing is done."""
    assert step(standing(), line(), NOW) is None


@pytest.mark.parametrize("state", [State.RAISED, State.SENT, State.OPENED, State.ACKNOWLEDGED, State.LAPSED])
def test_it_goes_to_the_next_when_its_time_has_run_out(state: State) -> None:
    """Opened or acknowledged or neither: once the time has come it is the next one's, with a clock of their own."""
    done = step(standing(state=state, act_by=NOW), line(), NOW)
    assert isinstance(done, Lapsed)
    assert (done.to, done.was_due) == (Holder("deputy", "csc", "sw2"), NOW)
    assert done.act_by == line().act_by("queue", "deputy", NOW)


def test_at_the_top_it_stays_with_the_last() -> None:
    """Above the last there is nobody: it is said once, for no clock runs after that."""
    top = standing(holder=Holder("manager", "csc", "m"), act_by=NOW, lapses=2)
    done = step(top, line(), NOW)
    assert isinstance(done, Lapsed)
    assert done.is_at_the_top
    assert done.to == top.holder
    assert step(replace(top, state=State.LAPSED, act_by=None, lapses=3), line(), NOW + timedelta(days=90)) is None


@pytest.mark.parametrize("state", [State.ACTED_ON, State.RESOLVED])
def test_no_clock_runs_once_somebody_acted(state: State) -> None:
    """What was acted on never lapses, however long it lies."""
    assert step(standing(state=state, act_by=None), line(), NOW + timedelta(days=900)) is None


def test_what_was_put_off_wakes_at_its_end() -> None:
    """Not before, and then with a clock of its own; it is not passed on for having rested."""
    rests = standing(state=State.SNOOZED, act_by=NOW, snooze=9)
    assert step(rests, line(), NOW - timedelta(seconds=1)) is None
    assert step(rests, line(), NOW) == Woken(line().act_by("queue", "lead", NOW))


def test_another_lead_takes_it_with_its_clock() -> None:
    """Once another leads it is theirs, by the time that it had; a clock that has run out begins anew, for them."""
    other = line(lead=Someone("csc", "sw9"))
    moved = step(standing(), other, NOW)
    assert moved == Moved("lead_changed", Holder("lead", "csc", "sw9"), NOW + timedelta(hours=1))
    late = step(standing(act_by=NOW), other, NOW)
    assert late == Moved("lead_changed", Holder("lead", "csc", "sw9"), other.act_by("queue", "lead", NOW))
    risen = step(standing(holder=Holder("manager", "csc", "m"), lapses=2), other, NOW)
    assert isinstance(risen, Moved)
    assert risen.to == Holder("lead", "csc", "sw9")


def test_away_it_is_the_covers_and_back_the_leads_again() -> None:
    """While the lead is away their cover has it; when they are back it is theirs. What rests is left in peace."""
    away = line(absences=(Absence(LEAD, NOW - timedelta(days=1), NOW + timedelta(days=1), Someone("csc", "sw3")),))
    cover = Holder("cover", "csc", "sw3")
    assert step(standing(), away, NOW) == Moved("absent", cover, NOW + timedelta(hours=1))
    assert step(standing(state=State.SNOOZED), away, NOW) is None
    back = step(standing(holder=cover), line(), NOW)
    assert back == Moved("back", Holder("lead", "csc", "sw1"), NOW + timedelta(hours=1))


def test_who_has_left_holds_nothing() -> None:
    """An alert of somebody who has left is the deputy's, also what was acted on; without one the desk's."""
    gone = line(lead=None, left=frozenset({LEAD}))
    moved = step(standing(state=State.ACTED_ON, act_by=None), gone, NOW)
    assert moved == Moved("left", Holder("deputy", "csc", "sw2"), None)
    assert step(standing(), replace(gone, deputy=None), NOW) == Moved(
        "left", Holder("desk", "duty"), NOW + timedelta(hours=1)
    )


def test_the_desk_of_the_night_hands_on_in_the_morning_and_takes_from_nobody() -> None:
    """What came in the night is the lead's when hours begin; what the lead has in the evening stays theirs."""
    night, morning = NOW.replace(hour=22), NOW + timedelta(days=1)
    desk = line(out_of_hours=Someone("duty"))
    at_desk = standing(tier="interrupt", holder=Holder("out_of_hours", "duty"), act_by=morning + timedelta(hours=1))
    assert step(at_desk, desk, night) is None
    assert step(at_desk, desk, morning) == Moved("hours_begin", Holder("lead", "csc", "sw1"), at_desk.act_by)
    assert step(replace(at_desk, state=State.ACTED_ON, act_by=None), desk, morning) is None
    assert step(standing(tier="interrupt", act_by=morning), desk, night) is None


PEOPLE = st.sampled_from([LEAD, DEPUTY, BOSS, Someone("csc", "sw3"), Someone("duty")])


@settings(max_examples=sizes.examples(), deadline=None)
@given(
    st.data(),
    st.sampled_from([state for state in State if state is not State.RESOLVED]),
    st.sampled_from(["lead", "deputy", "cover", "desk", "out_of_hours", "manager"]),
    st.integers(-72, 72),
    st.integers(0, 3),
)
def test_it_comes_to_rest(data: st.DataObject, state: State, stage: Any, hours: int, lapses: int) -> None:
    """Whatever the alert and the line, at one moment only so much follows: nothing is moved back and forth for ever.

    Nobody is given less time than from now on, and nothing goes to whoever has left.
    """
    who = data.draw(PEOPLE)
    left = frozenset(data.draw(st.sets(PEOPLE.filter(lambda one: one.person is not None))))
    lead = data.draw(st.sampled_from([None, *sorted({LEAD, Someone("csc", "sw3")} - left, key=str)]))
    away = tuple(Absence(one, NOW - timedelta(days=1)) for one in data.draw(st.sets(PEOPLE)))
    there = line(lead=lead, left=left, absences=away, out_of_hours=data.draw(st.sampled_from([None, Someone("duty")])))
    runs = state is State.SNOOZED or (state is not State.ACTED_ON and data.draw(st.booleans()))
    one = standing(
        state=state, holder=Holder(stage, who.agency, who.person), lapses=lapses, led_by=data.draw(PEOPLE),
        act_by=NOW + timedelta(hours=hours) if runs else None, tier=data.draw(st.sampled_from(["queue", "interrupt"])),
    )  # fmt: skip
    for _ in range(8):
        done = step(one, there, NOW)
        if done is None:
            return
        if isinstance(done, Woken):
            one = replace(one, state=State.RAISED, act_by=done.act_by)
            continue
        assert done.to.who not in left
        rests = isinstance(done, Moved) and one.state is State.SNOOZED
        assert done.act_by is None or done.act_by > NOW or rests
        lapsed = isinstance(done, Lapsed)
        moved = State.LAPSED if lapsed else one.state if one.state in (State.SNOOZED, State.ACTED_ON) else State.RAISED
        is_anew = isinstance(done, Moved) and done.why == "lead_changed"
        lapses = one.lapses + 1 if lapsed else 0 if is_anew else one.lapses
        one = replace(one, holder=done.to, state=moved, act_by=done.act_by, lapses=lapses, led_by=there.lead)
    raise AssertionError("it never came to rest")
