"""Who is accountable, who is next and by when: one person at a time, whoever is away, has left or was never named."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.hours import Hours
from ledger.domain.line import Absence, Holder, Line, Someone
from ledger.domain.pack_alerts import Rung, alert_settings

#: A Tuesday noon, and the night after it.
DAY = datetime(2024, 4, 16, 11, tzinfo=UTC)
NIGHT = datetime(2024, 4, 16, 22, tzinfo=UTC)
LEAD, DEPUTY, COVER = Someone("csc", "w1"), Someone("csc", "w2"), Someone("csc", "w3")
MANAGER, SENIOR, CHAIR = Someone("csc", "m"), Someone("csc", "s"), Someone("hub", "c")
EDT = Someone("edt")
LADDER: Mapping[Rung, Someone] = {"manager": MANAGER, "senior": SENIOR, "chair": CHAIR}
LINE = Line("desk", Hours("england"), LEAD, DEPUTY, ladder=LADDER)


def away(who: Someone, cover: Someone | None = None) -> Absence:
    return Absence(who, DAY - timedelta(days=1), DAY + timedelta(days=7), cover)


def line(**changed: Any) -> Line:
    return replace(LINE, **changed)


@pytest.mark.parametrize(
    ("changed", "holder"),
    [
        ({}, Holder("lead", "csc", "w1")),
        ({"lead": None, "deputy": None}, Holder("desk", "desk")),
        ({"lead": None}, Holder("deputy", "csc", "w2")),
        ({"left": frozenset({LEAD})}, Holder("deputy", "csc", "w2")),
        ({"left": frozenset({LEAD, DEPUTY})}, Holder("desk", "desk")),
        ({"left": frozenset({LEAD}), "deputy": None}, Holder("desk", "desk")),
        ({"absences": (away(LEAD),)}, Holder("deputy", "csc", "w2")),
        ({"absences": (away(LEAD, COVER),)}, Holder("cover", "csc", "w3")),
        ({"absences": (away(LEAD, COVER), away(COVER))}, Holder("deputy", "csc", "w2")),
        ({"absences": (away(LEAD, COVER),), "left": frozenset({COVER})}, Holder("deputy", "csc", "w2")),
        ({"absences": (away(LEAD), away(DEPUTY))}, Holder("desk", "desk")),
        ({"absences": (away(DEPUTY),)}, Holder("lead", "csc", "w1")),
    ],
)
@pytest.mark.parametrize("tier", ["interrupt", "queue"])
def test_to_whom_it_is_brought_by_day(tier: Any, changed: dict[str, Any], holder: Holder) -> None:
    """The lead; else the cover, else the deputy; else the duty desk: always one, and never one who is not there."""
    assert line(**changed).receiver(tier, DAY) == holder


def test_by_night_what_interrupts_goes_to_the_desk_of_the_night() -> None:
    """Where the partnership has one, it has not left, and nobody is at work; the queue is the lead's at any hour."""
    night = line(out_of_hours=EDT)
    assert night.receiver("interrupt", NIGHT) == Holder("out_of_hours", "edt")
    assert night.receiver("queue", NIGHT) == night.receiver("interrupt", DAY) == Holder("lead", "csc", "w1")
    assert LINE.receiver("interrupt", NIGHT) == Holder("lead", "csc", "w1")
    one = Someone("edt", "x")
    assert line(out_of_hours=one, left=frozenset({one})).receiver("interrupt", NIGHT) == Holder("lead", "csc", "w1")


def test_an_absence_is_a_stretch() -> None:
    """Away from its start on, and back at its end."""
    one = Absence(LEAD, DAY, DAY + timedelta(hours=1))
    moments = [DAY - timedelta(seconds=1), DAY, DAY + timedelta(minutes=59), DAY + timedelta(hours=1)]
    assert [line(absences=(one,)).is_away("csc", "w1", at) for at in moments] == [False, True, True, False]
    assert Absence(LEAD, DAY).is_on(DAY + timedelta(days=900))


def climb(of: Line, holder: Holder | None, at: datetime = DAY) -> list[Holder]:
    """Who has it one after the other, where nobody acts."""
    held: list[Holder] = []
    while holder is not None:
        held.append(holder)
        holder = of.following(holder, at)
    return held


def test_up_the_ladder() -> None:
    """From the lead to the deputy and up, each rung once, and at the end nobody."""
    stages = [one.stage for one in climb(LINE, LINE.receiver("queue", DAY))]
    assert stages == ["lead", "deputy", "manager", "senior", "chair"]


@pytest.mark.parametrize(
    ("changed", "climbed"),
    [
        ({"deputy": None}, ["lead/w1", "manager/m", "senior/s", "chair/c"]),
        ({"left": frozenset({MANAGER})}, ["lead/w1", "deputy/w2", "senior/s", "chair/c"]),
        ({"absences": (away(MANAGER, COVER),)}, ["lead/w1", "deputy/w2", "manager/w3", "senior/s", "chair/c"]),
        ({"absences": (away(MANAGER),)}, ["lead/w1", "deputy/w2", "senior/s", "chair/c"]),
        ({"deputy": MANAGER}, ["lead/w1", "deputy/m", "senior/s", "chair/c"]),
        ({"lead": None, "deputy": None}, ["desk/None", "manager/m", "senior/s", "chair/c"]),
        ({"absences": (away(LEAD),)}, ["deputy/w2", "manager/m", "senior/s", "chair/c"]),
        ({"absences": (away(LEAD, COVER),)}, ["cover/w3", "deputy/w2", "manager/m", "senior/s", "chair/c"]),
        ({"ladder": {}}, ["lead/w1", "deputy/w2"]),
        ({"ladder": {}, "deputy": None}, ["lead/w1"]),
    ],
)
def test_rungs_with_nobody_on_them_are_passed_over(changed: dict[str, Any], climbed: list[str]) -> None:
    """Who has left, is away without cover, or has it already, gets nothing; a cover stands on the same rung."""
    of = line(**changed)
    assert [f"{one.stage}/{one.person}" for one in climb(of, of.receiver("queue", DAY))] == climbed


def test_after_the_night_comes_the_lead() -> None:
    """Whoever it is brought to by day has not had it yet when the desk of the night lets it lapse."""
    night = line(out_of_hours=EDT)
    stages = [one.stage for one in climb(night, night.receiver("interrupt", NIGHT), NIGHT)]
    assert stages == ["out_of_hours", "lead", "deputy", "manager", "senior", "chair"]
    alone = line(out_of_hours=Someone("desk"), lead=None, deputy=None)
    assert [one.stage for one in climb(alone, alone.receiver("interrupt", NIGHT), NIGHT)] == [
        "out_of_hours", "manager", "senior", "chair",
    ]  # fmt: skip


def test_whoever_led_before_is_not_in_the_line() -> None:
    """Once the lead is handed on, the former lead can neither take an alert on nor conclude it."""
    handed_on = line(lead=COVER, deputy=None)
    assert LINE.holds(LEAD, DAY)
    assert not handed_on.holds(LEAD, DAY)
    assert [handed_on.holds(one, DAY) for one in (COVER, MANAGER, SENIOR, CHAIR)] == [True] * 4
    assert not LINE.holds(Someone("csc"), DAY), "a desk that is not asked is not in it either"


@pytest.mark.parametrize(
    ("tier", "stage", "ends"),
    [
        ("interrupt", "lead", datetime(2024, 4, 16, 15, tzinfo=UTC)),
        ("interrupt", "out_of_hours", datetime(2024, 4, 16, 15, tzinfo=UTC)),
        ("interrupt", "deputy", datetime(2024, 4, 16, 13, tzinfo=UTC)),
        ("interrupt", "chair", datetime(2024, 4, 17, 11, tzinfo=UTC)),
        ("queue", "lead", datetime(2024, 4, 18, 11, tzinfo=UTC)),
        ("queue", "desk", datetime(2024, 4, 18, 11, tzinfo=UTC)),
        ("queue", "deputy", datetime(2024, 4, 17, 11, tzinfo=UTC)),
        ("queue", "chair", datetime(2024, 4, 23, 11, tzinfo=UTC)),
    ],
)
def test_each_stage_has_its_clock(tier: Any, stage: Any, ends: datetime) -> None:
    """Hours that pass for what interrupts, working days for the queue, from when it came to this stage."""
    assert LINE.act_by(tier, stage, DAY) == ends


def test_a_clock_of_the_queue_ends_while_somebody_is_at_work() -> None:
    """What is brought in the night has its days from the next morning on; what interrupts does not wait."""
    assert LINE.act_by("queue", "lead", NIGHT) == datetime(2024, 4, 19, 8, tzinfo=UTC)
    assert LINE.act_by("interrupt", "lead", NIGHT) == NIGHT + timedelta(hours=4)
    assert LINE.snooze_until("interrupt", DAY) == DAY + timedelta(hours=24)
    assert LINE.snooze_until("queue", DAY) == datetime(2024, 4, 30, 11, tzinfo=UTC)
    assert LINE.next_hours(NIGHT) == datetime(2024, 4, 17, 8, tzinfo=UTC)
    assert (LINE.in_hours(DAY), LINE.in_hours(NIGHT)) == (True, False)


SOMEBODY = st.sampled_from([LEAD, DEPUTY, COVER, MANAGER, SENIOR, CHAIR, EDT])


LINES = st.builds(
    Line,
    desk=st.just("desk"),
    hours=st.just(Hours("scotland")),
    lead=st.none() | SOMEBODY,
    deputy=st.none() | SOMEBODY,
    out_of_hours=st.none() | SOMEBODY,
    absences=st.lists(st.builds(away, SOMEBODY, st.none() | SOMEBODY), max_size=5).map(tuple),
    left=st.frozensets(SOMEBODY),
    ladder=st.dictionaries(st.sampled_from(["manager", "senior", "chair"]), SOMEBODY),
    involved=st.just(frozenset[str]()),
    alerts=st.just(alert_settings()),
)


@given(of=LINES, at=st.sampled_from([DAY, NIGHT]), tier=st.sampled_from(["interrupt", "queue"]))
def test_it_is_always_with_one_who_is_there_and_ends(of: Line, at: datetime, tier: Any) -> None:
    """Whoever leads, left or is away: somebody has it, nobody who is not there, and it goes up and comes to an end."""
    held = climb(of, of.receiver(tier, at), at)
    assert 1 <= len(held) <= 6
    assert not {one.who for one in held} & of.left
    assert not [one for one in held if of.is_away(one.agency, one.person, at)]
    assert all(one.who != two.who for one, two in pairwise(held))
    assert all(of.holds(one.who, at) for one in held)
