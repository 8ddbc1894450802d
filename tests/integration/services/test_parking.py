"""A record on which detection fails again and again: parked for every process, said to its lead, and tried again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from ledger.domain.event import Event
from ledger.domain.feed import of_desk
from ledger.domain.fold import step
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.domain.setback import PARKED_AFTER, RESTS_S
from ledger.services.detect_due import Setbacks, Swept, sweep
from ledger.services.fan_out import fan_out
from ledger.services.open_ledger import activate_pack
from ledger.services.plan_deliveries import nothing
from ledger.services.word_dates import word_moment
from ledger.store.database import driver_of
from ledger.store.setbacks import count_failure, retry
from tests.chance import chance
from tests.integration.services.detecting import History, packs, told
from tests.partnership import DUTY_DESK, Partnership, default_pack, stored

Poison = Callable[[bool], None]
_TROUBLED = Swept(detected=0, busy=0, failed=1)
_QUIET = Swept(detected=0, busy=0, failed=0)
_WELL = Swept(detected=1, busy=0, failed=0)


def contradict(history: History) -> None:
    """Two words of the mother about the father that cannot both be so."""
    history.post(told("csc", "absent", observed="2026-10-01"))
    history.post(told("hv", "stays_overnight", observed="2026-10-20"))


@pytest.fixture
def history(partnership: Partnership) -> History:
    """A child about whom there is something to find."""
    made = History(partnership)
    contradict(made)
    return made


@pytest.fixture
def poison(history: History, monkeypatch: pytest.MonkeyPatch) -> Iterator[Poison]:
    """Has steps of this record fail, or no longer; they fail at first."""
    failing = [True]

    def poisoned(state: RecordState, event: Event, pack: Pack) -> Any:
        if failing[0] and state.record == history.record_id:
            raise KeyError(history.record_id)
        return step(state, event, pack)

    monkeypatch.setattr("ledger.services.detect.step", poisoned)

    def say(is_failing: bool) -> None:
        failing[0] = is_failing

    return say  # type: ignore[return-value]


def swept(partnership: Partnership, release: str = "one") -> Swept:
    """One sweep by a process that knows nothing of any before it."""
    return sweep(partnership.engine("ledger_worker"), packs, chance, setbacks=Setbacks(), release=release)


def rest(partnership: Partnership) -> None:
    """Let the time pass for which records are left alone."""
    with partnership.engine("ledger_worker").begin() as connection:
        connection.execute(text("UPDATE ledger.setbacks SET rests_until = clock_timestamp() - interval '1 second'"))


def park(partnership: Partnership, release: str = "one") -> None:
    """Fail as often as it takes."""
    for _ in range(PARKED_AFTER):
        assert swept(partnership, release) == _TROUBLED
        rest(partnership)


def alerted(history: History) -> list[tuple[str, str, bool]]:
    """Whom something was brought to: what, to whom, and whether it is over."""
    return [(one["kind"], one["to"], one["is_closed"]) for one in history.found() if one["to"]]


@contextmanager
def as_worker(partnership: Partnership) -> Iterator[psycopg.Connection]:
    """A worker's connection."""
    with driver_of(partnership.engine("ledger_worker")) as driver:
        yield driver


@pytest.mark.usefixtures("poison")
def test_a_record_that_cannot_be_detected_stops_no_other(partnership: Partnership, history: History) -> None:
    """The others are detected at once, by the same sweep; it is left alone meanwhile, and due still."""
    for _ in range(3):
        contradict(History(partnership))
    assert swept(partnership) == Swept(detected=3, busy=0, failed=1)
    assert swept(partnership) == _QUIET
    assert history.is_due()
    assert alerted(history) == []


def test_after_five_failures_it_is_parked_and_its_lead_is_told_once(
    partnership: Partnership, history: History, poison: Poison
) -> None:
    """Whichever processes failed: then none tries it by itself, and who leads the child reads since when."""
    park(partnership)
    for _ in range(3):
        poison(False)
        assert swept(partnership) == _QUIET
        rest(partnership)
    assert history.is_due()
    assert alerted(history) == [("check_failed", DUTY_DESK, False)]
    [alert] = stored(partnership.get("/alerts", DUTY_DESK))["alerts"]
    since = word_moment(history.found()[0]["raised_at"])
    assert alert["finding"]["headline"] == (
        f"The checks on this child are not running: what was recorded since {since} has not been checked"
    )


def test_what_is_left_alone_is_not_counted(partnership: Partnership, history: History) -> None:
    """Two processes that fail on a record at the same moment have failed once."""
    record_id = UUID(history.record_id)
    rests = []
    with as_worker(partnership) as driver:
        for failure in range(1, PARKED_AFTER + 1):
            counted = count_failure(driver, record_id, "one")
            assert counted is not None
            assert (counted.tries, counted.is_parked) == (failure, failure == PARKED_AFTER)
            [[left]] = history.rows("SELECT rests_until - clock_timestamp() FROM ledger.setbacks")
            rests.append(left)
            assert count_failure(driver, record_id, "one") is None
            rest(partnership)
    for left, wanted in zip(rests, (*RESTS_S, 0.0), strict=True):
        assert timedelta(seconds=wanted - 1) < left <= timedelta(seconds=wanted)


@pytest.mark.parametrize("mended", [True, False])
def test_another_release_tries_again(
    partnership: Partnership, history: History, poison: Poison, *, mended: bool
) -> None:
    """A new program tries what the old one parked; it begins to count anew, and well is well for both."""
    park(partnership)
    poison(not mended)
    if mended:
        assert swept(partnership, "two") == _WELL
        assert history.rows("SELECT 1 FROM ledger.setbacks") == []
        assert alerted(history) == [("check_failed", DUTY_DESK, True), ("same_informant", DUTY_DESK, False)]
        return
    park(partnership, "two")
    assert swept(partnership, "two") == _QUIET
    assert alerted(history) == [("check_failed", DUTY_DESK, False)]


def test_another_pack_in_force_has_it_tried_again(partnership: Partnership, history: History, poison: Poison) -> None:
    """Whoever activates a pack need not think of what failed under the one before."""
    park(partnership)
    poison(False)
    other = replace(default_pack(), version="later", digest="ab" * 32)
    activate_pack(partnership.engine("ledger_admin"), chance, partnership="demo", pack=other)
    assert swept(partnership) == _WELL
    assert not history.is_due()


def test_its_lead_is_told_again_when_the_checks_run(partnership: Partnership, history: History, poison: Poison) -> None:
    """Who read that checks were not running reads, by the same alert, that they run, and that it is over."""
    park(partnership)
    poison(False)
    assert swept(partnership, "two") == _WELL
    fan_out(partnership.engine("ledger_worker"), nothing)
    with partnership.acting("ledger_worker", "ledger") as connection:
        query = text("SELECT type, subject FROM ledger.feed_items WHERE party = :desk ORDER BY seq")
        items = [(row.type, row.subject) for row in connection.execute(query, {"desk": of_desk(DUTY_DESK)})]
    checks = items[0][1]
    assert [kind for kind, subject in items if subject == checks] == ["alert.raised", "alert.ended"]


def test_an_operator_has_it_tried_again(partnership: Partnership, history: History, poison: Poison) -> None:
    """One record or all that are parked; and it fails five times more before it is parked again."""
    park(partnership)
    with as_worker(partnership) as driver:
        assert retry(driver, UUID(int=7)) == []
        assert retry(driver, UUID(history.record_id)) == [UUID(history.record_id)]
    park(partnership)
    with as_worker(partnership) as driver:
        assert retry(driver, None) == [UUID(history.record_id)]
    poison(False)
    assert swept(partnership) == _WELL


def test_a_lead_who_could_not_be_told_is_told_later(
    partnership: Partnership, history: History, poison: Poison, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telling that fails is not the end of it: a later sweep tells, of any process of this release."""

    def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("ledger.services.detect_due.tell_of_failure", fail)
        park(partnership)
    assert alerted(history) == []
    rest(partnership)
    assert swept(partnership) == _QUIET
    assert alerted(history) == [("check_failed", DUTY_DESK, False)]
    poison(False)


def test_a_server_in_trouble_parks_nothing(partnership: Partnership, history: History, poison: Poison,
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A full disk is no fault of the record that was being looked at."""
    poison(False)

    def full(*_: object) -> None:
        raise psycopg.errors.DiskFull

    with monkeypatch.context() as broken:
        broken.setattr("ledger.services.detect.step", full)
        for _ in range(PARKED_AFTER + 1):
            assert swept(partnership) == _TROUBLED
    assert history.rows("SELECT 1 FROM ledger.setbacks") == []
    assert swept(partnership) == _WELL
