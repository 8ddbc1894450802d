from typing import Any

import psycopg
import pytest

from ledger.services.read_alerts import read_alert, read_alerts
from ledger.services.refusal import RefusedError
from ledger.services.see import NotKnownError, Reader
from ledger.store.database import transaction
from tests.integration.web.seeding import ALERT, RECORD, Seeded, presence


def read(ledger: Seeded, agency: str, ref: str | None = None, **asked: Any) -> dict[str, Any]:
    with transaction(ledger.context.engine, party=agency) as connection:
        return read_alerts(
            connection,
            Reader(agency, person_ref=ref),
            pack=ledger.context.pack,
            chance=ledger.context.chance,
            **asked,
        )


def test_the_lead_gets_the_one_alert_with_its_finding(shropshire: Seeded) -> None:
    """One alert, for the one accountable person, rendered with whom to ring."""
    (alert,) = read(shropshire, "csc", "sw1")["alerts"]
    assert (alert["id"], alert["child"]["name"], alert["acknowledged"]) == (ALERT, "Baby Rowan", None)
    assert alert["finding"]["severity"] == "high"
    assert [one["agency"] for one in alert["finding"]["ring"]] == ["hv"]
    assert read(shropshire, "csc")["alerts"] == [alert]


@pytest.mark.parametrize(("agency", "ref"), [("csc", "sw2"), ("hv", "hv1"), ("hv", None), ("school", None)])
def test_nobody_else_gets_it(shropshire: Seeded, agency: str, ref: str | None) -> None:
    """Two people told is neither acting: not a colleague, not the other agency involved."""
    assert read(shropshire, agency, ref)["alerts"] == []


@pytest.mark.parametrize("person", [None, "somebody who does not sign in"])
def test_no_alert_goes_unseen(ledger: Seeded, person: str | None) -> None:
    """What comes to the desk, or to a name that nobody signs in under, is shown to that agency's people."""
    ledger.observe("2022-10-05T11:00:00+00:00", "hv", "o1", "He stays.", presence("lives_here", "2022-10-05"))
    ledger.observe("2022-10-06T11:00:00+00:00", "csc", "o2", "He is gone.", presence("absent", "2022-10-05"))
    ledger.find("2022-10-06T11:00:01+00:00", "contradiction", ["o1"], ["o2"])
    ledger.alert("2022-10-06T11:00:01+00:00", "csc", person)
    assert [alert["id"] for alert in read(ledger, "csc", "sw1")["alerts"]] == [ALERT]


def test_reading_alerts_is_recorded_once_for_each_child(shropshire: Seeded, superuser_url: str) -> None:
    """An alert tells something of a child, so showing it is a reading of that record."""
    read(shropshire, "csc", "sw1")
    read(shropshire, "hv", "hv1")
    with psycopg.connect(superuser_url) as connection:
        rows = connection.execute("SELECT agency_id, what, record_id FROM ledger.access_records").fetchall()
    assert rows == [("csc", "alerts", RECORD)]


def test_pages_of_alerts_follow_each_other(shropshire: Seeded) -> None:
    """Newest first; the cursor of one page begins the next; a cursor that was not given is refused."""
    for number in range(3):
        at = f"2022-11-0{number + 2}T09:00:00+00:00"
        shropshire.find(at, "contradiction", ["o2"], ["o3"], finding=f"{number}" * 32)
        shropshire.alert(at, "csc", "sw1", alert=f"{number}" * 32, finding=f"{number}" * 32)
    found, after = list[str](), None
    while True:
        page = read(shropshire, "csc", "sw1", after=after, limit=3)
        found += [alert["id"][0] for alert in page["alerts"]]
        if (after := page["next"]) is None:
            break
    assert found == ["2", "1", "0", "a"]
    for bad in ("", "bm90IGEgY3Vyc29y", "%", "2022"):
        with pytest.raises(RefusedError):
            read(shropshire, "csc", after=bad)


def test_an_alert_of_another_agency_is_not_known(shropshire: Seeded) -> None:
    """Knowing an alert's id opens nothing."""
    with pytest.raises(NotKnownError), transaction(shropshire.context.engine, party="hv") as connection:
        read_alert(connection, Reader("hv"), ALERT, pack=shropshire.context.pack, chance=shropshire.context.chance)
