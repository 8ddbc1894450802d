from typing import Any

import pytest
from sqlalchemy import text

from tests.partnership import DUTY_DESK, Partnership, refused, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A registered child."""
    return partnership.child()


def acknowledge(partnership: Partnership, alert: str, event: str = "a1", agency: str = "csc", **more: Any) -> Any:
    return partnership.post(f"/alerts/{alert}/acknowledgements", {"event_id": event, **more}, agency)


def test_an_alert_goes_to_the_lead_alone(partnership: Partnership, child: str) -> None:
    """What two agencies say that cannot both be is one alert, to the lead's agency and to nobody else."""
    alert = partnership.alert(child)
    assert stored(partnership.get(f"/alerts/{alert['id']}", "csc"))["id"] == alert["id"]
    for agency in ("hv", "gp", DUTY_DESK):
        assert stored(partnership.get("/alerts", agency))["alerts"] == []
        refused(partnership.get(f"/alerts/{alert['id']}", agency), 404, "not_found")


def test_without_a_lead_the_duty_desk_is_told(partnership: Partnership, child: str) -> None:
    """A record that nobody leads alerts the duty desk, which may then read what it is alerted to."""
    partnership.alert(child, to=None)
    assert stored(partnership.get("/alerts", "csc"))["alerts"] == []
    stored(partnership.get(f"/children/{child}/timeline", DUTY_DESK))


def test_acknowledging_is_an_entry(partnership: Partnership, child: str) -> None:
    """An acknowledgement is stored once in the child's record, says which alert it is of, and stands on the alert."""
    alert = partnership.alert(child)
    first = acknowledge(partnership, alert["id"], note="Ringing the health visitor.")
    again = acknowledge(partnership, alert["id"], note="Ringing the health visitor.")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    assert stored(first)["child"] == child
    refused(acknowledge(partnership, alert["id"], note="Something else."), 422, "event_id_reused")
    with partnership.acting("ledger_worker") as connection:
        number = connection.scalar(text("SELECT acknowledged_number FROM ledger.alerts"))
    assert number == stored(first)["number"]
    read = stored(partnership.get(f"/entries/{stored(first)['id']}", "csc"))
    assert read["kind"] == "acknowledgement"
    assert alert["id"] in read["body"].values(), "the entry alone must tell what was acknowledged"


def test_one_event_acknowledges_one_alert(partnership: Partnership, child: str) -> None:
    """The event id that acknowledged one alert acknowledges no other, of the same record or another."""
    one, other = partnership.alert(child), partnership.child()
    stored(acknowledge(partnership, one["id"]))
    second = partnership.alert(other)
    rows = partnership.rows()
    refused(acknowledge(partnership, second["id"]), 422, "event_id_reused")
    assert partnership.rows() == rows
    with partnership.acting("ledger_worker") as connection:
        query = text("SELECT acknowledged_number FROM ledger.alerts WHERE alert_id = :alert")
        assert connection.scalar(query, {"alert": second["id"]}) is None


def test_only_whom_an_alert_is_for_acknowledges_it(partnership: Partnership, child: str) -> None:
    """An agency with a part in the record is told why it may not; any other finds no such alert."""
    alert = partnership.alert(child)
    partnership.involve(child, "hv")
    rows = partnership.rows()
    refused(acknowledge(partnership, alert["id"], agency="hv"), 403, "not_in_line")
    problem = refused(acknowledge(partnership, alert["id"], agency="gp"), 404, "not_found")
    assert problem == refused(acknowledge(partnership, "nothing", agency="gp"), 404, "not_found")
    assert partnership.rows() == rows


def test_alerts_come_in_pages(partnership: Partnership) -> None:
    """The Link header leads through all alerts once, newest first, and ends."""
    for _ in range(5):
        partnership.alert(partnership.child())
    path, seen = "/alerts?limit=2", []
    while path:
        response = partnership.get(path, "csc")
        seen += [alert["id"] for alert in stored(response)["alerts"]]
        link = response.headers.get("Link", "")
        path = link.partition("</api/v1")[2].partition(">")[0]
    assert len(seen) == len(set(seen)) == 5
    assert seen == [alert["id"] for alert in stored(partnership.get("/alerts", "csc"))["alerts"]]
    for after in ("x", "!!", "a" * 300):
        assert partnership.get(f"/alerts?after={after}", "csc").status_code in {400, 422}
