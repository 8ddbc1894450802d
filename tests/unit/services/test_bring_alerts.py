"""What is brought to whom: once, as a rule's state was at the step, and again without putting off a clock that runs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.pack_alerts import Tier
from ledger.domain.reraise import Why
from ledger.services.bring_alerts import Bringing, Brought, Wanted, alert_id

#: A Monday morning in the hours.
NOW = datetime(2024, 3, 4, 10, 0, tzinfo=UTC)
STEP = NOW - timedelta(minutes=1)
LEAD = [("csc", "sw1", "sw2", 5, None, None)]
NOBODY: list[tuple[Any, ...]] = []


def bringing(
    *, lead: list[Any] = LEAD, states: list[Any] = NOBODY, alerts: list[Any] = NOBODY, left: list[Any] = NOBODY
) -> Bringing:
    """A record as it is found under its lock: its line, its rules' states, its open alerts."""
    place = [("england", "duty", None, None, None, None, NOW)]
    return Bringing([place, lead, [], [("csc",)], [], left, states, alerts], None)


def wanted(tier: Tier = "queue", why: Why | None = None, rule: str = "r", *, always: bool = False) -> Wanted:
    """What a step would have brought."""
    return Wanted("f", rule, tier, STEP, "entry:7", why, always=always)


def act_by(brought: Brought | None) -> datetime:
    assert brought is not None
    return datetime.fromisoformat(brought.body["act_by"])


def known(stage: str = "lead", state: str = "raised", due: datetime | None = None, person: str = "sw1") -> list[Any]:
    """The finding's alert as it stands."""
    return [("f", "queue", state, stage, "csc", person, due)]


def test_a_finding_is_brought_once_to_whoever_leads() -> None:
    """With a clock from when it is recorded; whatever joins it for no reason is brought to nobody."""
    here = bringing()
    brought = here.bring(wanted("interrupt"), NOW)
    assert brought is not None
    assert (brought.kind, brought.event_id) == ("alert_raised", "f.alert")
    expected = {"alert": alert_id("f"), "finding": "f", "tier": "interrupt", "stage": "lead"}
    assert {name: brought.body[name] for name in expected} == expected
    assert brought.body["to"] == {"agency": "csc", "person": "sw1"}
    assert act_by(brought) == NOW + timedelta(hours=4)
    assert here.bring(wanted("interrupt"), NOW) is None
    assert not here.newly_involved(brought)


def test_whoever_has_no_part_in_the_record_gets_one_first() -> None:
    """Once, though several findings are brought to them."""
    here = bringing(lead=NOBODY)
    brought = here.bring(wanted(), NOW)
    assert brought is not None
    assert (brought.holder.stage, brought.holder.agency) == ("desk", "duty")
    assert [here.newly_involved(brought) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(("since", "brings"), [(STEP, False), (STEP + timedelta(seconds=1), True)])
def test_a_rule_counts_as_it_was_at_the_step(since: datetime, *, brings: bool) -> None:
    """Gone into shadow since then, it has found while it was live; and a check that fails is said whatever it is."""
    here = bringing(states=[("r", since, False)])
    assert (here.bring(wanted(), NOW) is not None) == brings
    assert bringing(states=[("r", STEP, False)]).bring(wanted(always=True), NOW) is not None


def test_what_is_raised_again_keeps_a_clock_that_runs() -> None:
    """It never ends later than it would have; a heavier tier may end it sooner."""
    soon, late = NOW + timedelta(hours=1), NOW + timedelta(days=2)
    for due, tier, expected in ((soon, "queue", soon), (soon, "interrupt", soon), (late, "interrupt", NOW)):
        brought = bringing(alerts=known(due=due)).bring(wanted(tier, "severity"), NOW)  # type: ignore[arg-type]
        assert act_by(brought) == (expected if expected is soon else NOW + timedelta(hours=4))
        assert brought is not None
        assert (brought.kind, brought.event_id) == ("alert_reraised", "f.again.entry:7")
        assert (brought.body["why"], brought.body["step"]) == ("severity", "entry:7")


@pytest.mark.parametrize("state", ["acted_on", "snoozed"])
def test_after_somebody_acted_or_put_it_off_it_begins_again(state: str) -> None:
    """With whoever leads, and a whole clock, wherever it had gone."""
    there = known("manager", state, NOW + timedelta(minutes=5), "tm1")
    brought = bringing(alerts=there).bring(wanted("interrupt", "informant"), NOW)
    assert brought is not None
    assert (brought.holder.stage, brought.holder.person) == ("lead", "sw1")
    assert act_by(brought) == NOW + timedelta(hours=4)


def test_what_has_gone_on_stays_where_it_is() -> None:
    """It is not sent back to whoever did not act, unless whoever has it has left."""
    there = known("deputy", "lapsed", NOW + timedelta(days=1), "sw2")
    for left, stage in ((NOBODY, "deputy"), ([("csc", "sw2")], "lead")):
        brought = bringing(alerts=there, left=left).bring(wanted("queue", "informant"), NOW)
        assert brought is not None
        assert brought.holder.stage == stage


def test_a_tier_is_never_lowered() -> None:
    """What interrupted goes on interrupting, though less of it is left."""
    alerts = [("f", "interrupt", "raised", "lead", "csc", "sw1", NOW)]
    brought = bringing(alerts=alerts).bring(wanted("queue", "informant"), NOW)
    assert brought is not None
    assert brought.body["tier"] == "interrupt"


def test_one_run_may_bring_and_raise_again() -> None:
    """As five runs would: by the same ids, and with the clock of the first."""
    here = bringing()
    first = here.bring(wanted("interrupt"), NOW)
    again = here.bring(wanted("interrupt", "informant"), NOW)
    assert first is not None
    assert again is not None
    assert (again.kind, act_by(again)) == ("alert_reraised", act_by(first))
