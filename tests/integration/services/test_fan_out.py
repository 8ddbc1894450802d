"""What is written is told: into the feeds of those whom it concerns, each item once and in order."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from ledger.domain.feed import TELLS, Item
from ledger.services import fan_out as fan_out_module
from ledger.services.fan_out import TELLERS, fan_out
from ledger.services.people_leave import come_back, leave
from ledger.services.people_say import as_agency
from ledger.services.plan_deliveries import nothing
from ledger.services.told import Told
from ledger.store.append import Driver, Statement
from ledger.store.database import driver_of, transaction
from ledger.store.telling import Waiting, parties_of, put_items
from tests.chance import chance
from tests.delivering import Deliveries
from tests.integration.services.detecting import History, told
from tests.partnership import Partnership, stored


@pytest.fixture
def history(partnership: Partnership) -> History:
    """A child whose lead is told of what is found."""
    made = History(partnership)
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{made.record_id}/leads", lead, "csc"))
    return made


def contradict(history: History) -> None:
    """Two words that cannot both be so, and the alert of that."""
    history.post(told("csc", "absent", observed="2026-10-01"))
    history.post(told("hv", "stays_overnight", observed="2026-10-20"))
    history.detect()


def feed(partnership: Partnership, party: str) -> list[tuple[int, str, str]]:
    """Number, type and subject of each item of a feed."""
    with transaction(partnership.engine("ledger_worker"), party="ledger") as connection:
        rows = connection.execute(
            text("SELECT seq, type, subject FROM ledger.feed_items WHERE party = :party ORDER BY seq"),
            {"party": party},
        )
        return [(row.seq, row.type, row.subject) for row in rows]


def test_every_kind_that_is_told_has_somebody_to_tell() -> None:
    """A kind of entry gets a row in the outbox exactly where a module says whom it is told to."""
    assert set(TELLERS) == set(TELLS)


def test_an_alert_is_in_the_feed_of_its_holder_and_of_their_agency(partnership: Partnership, history: History) -> None:
    """It is put there once, whether telling is tried once or again, and nothing waits any more."""
    contradict(history)
    (raised,) = history.bodies("alert_raised")
    assert fan_out(partnership.engine("ledger_worker"), nothing) >= 1
    assert fan_out(partnership.engine("ledger_worker"), nothing) == 0
    agency = [one for one in feed(partnership, "agency:csc") if one[1] == "alert.raised"]
    assert [subject for _, _, subject in agency] == [raised["alert"]]
    person = [party for party in parties(partnership) if party.startswith(("person:", "desk:csc"))]
    raises = [one for party in person for one in feed(partnership, party) if one[1] == "alert.raised"]
    assert [subject for _, _, subject in raises] == [raised["alert"]]


def test_a_crash_before_the_commit_leaves_it_to_be_told(partnership: Partnership, history: History) -> None:
    """What a worker took and did not finish waits still, and its feeds are as they were."""
    contradict(history)

    def dies(_driver: Driver, _items: Sequence[Item]) -> Sequence[Statement]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fan_out(partnership.engine("ledger_worker"), dies)
    assert feed(partnership, "agency:csc") == []
    assert fan_out(partnership.engine("ledger_worker"), nothing) >= 1
    assert feed(partnership, "agency:csc") != []


def test_one_that_cannot_be_told_holds_up_no_other(
    partnership: Partnership, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is set back and tried again later; what came after it is told now."""
    contradict(history)
    alert = TELLERS["alert_raised"]

    def fails(_driver: Driver, _told: Told) -> list[Item]:
        raise ValueError

    monkeypatch.setitem(TELLERS, "alert_raised", fails)
    fan_out(partnership.engine("ledger_worker"), nothing)
    assert "alert.raised" not in {one[1] for one in feed(partnership, "agency:csc")}
    with transaction(partnership.engine("ledger_worker"), party="ledger") as connection:
        waiting = connection.execute(text("SELECT tries, not_before > clock_timestamp() FROM ledger.outbox")).all()
        assert [tuple(row) for row in waiting] == [(1, True)]
        connection.execute(text("UPDATE ledger.outbox SET not_before = clock_timestamp()"))
    monkeypatch.setitem(TELLERS, "alert_raised", alert)
    assert fan_out(partnership.engine("ledger_worker"), nothing) == 1
    assert "alert.raised" in {one[1] for one in feed(partnership, "agency:csc")}


def test_what_is_set_back_is_what_failed(
    partnership: Partnership, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker that has the one that failed by then has it alone: no entry that could be told is set back."""
    contradict(history)
    failed: list[Told] = []

    def fails(_driver: Driver, told: Told) -> list[Item]:
        failed.append(told)
        raise ValueError

    with transaction(partnership.engine("ledger_worker"), party="ledger") as other:

        def taken_by_another(driver: Driver, one: Waiting, error: Exception) -> int:
            other.execute(text("SELECT FROM ledger.outbox WHERE id = :id FOR UPDATE"), {"id": one.id})
            return original(driver, one, error)

        original = fan_out_module._set_back
        monkeypatch.setattr(fan_out_module, "_set_back", taken_by_another)
        monkeypatch.setitem(TELLERS, "alert_raised", fails)
        fan_out(partnership.engine("ledger_worker"), nothing)
    with transaction(partnership.engine("ledger_worker"), party="ledger") as connection:
        rows = connection.execute(text("SELECT number, tries FROM ledger.outbox ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(failed[0].number, 0)]


def test_numbers_of_a_feed_leave_no_gap_whoever_tells(partnership: Partnership) -> None:
    """Eight workers that tell the same two parties, with items in common: each item once, numbers 1, 2, 3 …"""
    at = datetime(2026, 11, 2, tzinfo=UTC)

    def tell(worker: int) -> None:
        with driver_of(partnership.engine("ledger_worker")) as driver:
            for turn in range(5):
                names = [f"common-{turn}", f"{worker}-{turn}"]
                parties = ["agency:csc", "agency:hv"] if worker % 2 else ["agency:hv", "agency:csc"]
                put_items(
                    driver,
                    [
                        Item(party, party[7:], "notice.overtaken", name, at, subject=name)
                        for party in parties
                        for name in names
                    ],
                )
                driver.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tell, range(8)))
    for party in ("agency:csc", "agency:hv"):
        items = feed(partnership, party)
        assert [seq for seq, _, _ in items] == list(range(1, 46))
        assert len({subject for _, _, subject in items}) == 45


def parties(partnership: Partnership) -> list[str]:
    """Who has a feed."""
    with transaction(partnership.engine("ledger_worker"), party="ledger") as connection:
        return list(connection.scalars(text("SELECT party FROM ledger.feeds ORDER BY party")))


def test_what_is_for_somebody_who_has_left_is_put_before_the_desk(partnership: Partnership) -> None:
    """Their own feed is read by nobody; once they are back it is theirs again."""
    party = Deliveries(partnership).person("sw9")
    engine = partnership.context.engine

    def found() -> str:
        with driver_of(partnership.engine("ledger_worker")) as driver:
            return parties_of(driver, [("csc", "sw9")])["csc", "sw9"]

    assert found() == party
    leave(engine, as_agency(engine, "csc"), "sw9", chance=chance, now=datetime.now(UTC))
    assert found() == "desk:csc"
    come_back(engine, as_agency(engine, "csc"), "sw9", chance=chance)
    assert found() == party
