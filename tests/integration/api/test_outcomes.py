from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ledger.domain.outcome import OUTCOMES
from tests.integration.services.detecting import History, told
from tests.partnership import DUTY_DESK, Partnership, refused, stored

DAY = timedelta(days=1)
BEGAN = datetime(2023, 3, 1, 9, tzinfo=UTC)
ABSENT = told("csc", "absent", observed="2023-03-01")
THERE = told("hv", "stays_overnight", observed="2023-03-01")


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A registered child."""
    return partnership.child()


def conclude(
    partnership: Partnership, alert: str, outcome: str = "not_a_contradiction", agency: str = "csc", **more: Any
) -> Any:
    body = {"event_id": partnership.event(), "outcome": outcome, "reason": "Both are so: he works away."} | more
    return partnership.post(f"/alerts/{alert}/outcomes", body, agency)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_closes_the_finding(partnership: Partnership, child: str, outcome: str) -> None:
    """It is an entry in the child's record; detection then closes the finding, and the alert tells by whom and why."""
    alert = partnership.alert(child)
    entry = stored(conclude(partnership, alert["id"], outcome))
    read = stored(partnership.get(f"/entries/{entry['id']}", "csc"))
    assert (read["kind"], read["body"]["outcome"], read["body"]["of"]) == ("outcome", outcome, alert["id"])
    waiting = stored(partnership.get(f"/alerts/{alert['id']}", "csc"))
    assert (waiting["ended"], waiting["closing"]["why"], waiting["closing"]["entry"]) == (False, outcome, entry["id"])
    partnership.detect(child)
    ended = stored(partnership.get(f"/alerts/{alert['id']}", "csc"))
    assert (ended["ended"], ended["finding"]["closed"]) == (True, True)
    closing = ended["closing"]
    assert (closing["why"], closing["agency"], closing["reason"]) == (outcome, "csc", "Both are so: he works away.")
    assert closing["words"]
    assert closing["closed_at"] >= closing["at"]
    assert stored(partnership.get("/alerts", "csc"))["alerts"] == []


def test_an_outcome_is_recorded_once(partnership: Partnership, child: str) -> None:
    """The same body again answers as the first; another under its event id is refused, before and after the end."""
    alert = partnership.alert(child)["id"]
    first = conclude(partnership, alert, event_id="o1")
    rows = partnership.rows()
    again = conclude(partnership, alert, event_id="o1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    refused(conclude(partnership, alert, "agreed_to_differ", event_id="o1"), 422, "event_id_reused")
    assert partnership.rows() == rows
    partnership.detect(child)
    assert conclude(partnership, alert, event_id="o1").status_code == 200


def test_two_outcomes_before_detection_runs_close_a_finding_once(partnership: Partnership, child: str) -> None:
    """Whoever concludes it first has closed it; what a second says meanwhile stays in the record, and no more."""
    alert = partnership.alert(child)["id"]
    stored(conclude(partnership, alert, "agreed_to_differ"))
    stored(conclude(partnership, alert, "not_a_contradiction"))
    partnership.detect(child)
    ended = stored(partnership.get(f"/alerts/{alert}", "csc"))
    assert (ended["ended"], ended["closing"]["why"]) == (True, "agreed_to_differ")
    stored(partnership.post("/observations", partnership.observation(child), "csc"))
    assert partnership.detect(child) > 0


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"outcome": "nonsense"}, "/outcome"),
        ({"reason": ""}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"x": 1}, "/x"),
    ],
)
def test_a_body_that_is_wrong_is_refused(
    partnership: Partnership, child: str, more: dict[str, Any], pointer: str
) -> None:
    """An outcome is one of seven and has a reason; nothing is stored of any other."""
    alert = partnership.alert(child)["id"]
    rows = partnership.rows()
    refused(conclude(partnership, alert, **more), 422, pointer=pointer)
    assert partnership.rows() == rows


def test_only_whom_an_alert_is_for_concludes(partnership: Partnership, child: str) -> None:
    """An agency with a part in the record is told why it may not; any other finds no such alert."""
    alert = partnership.alert(child)["id"]
    partnership.involve(child, "hv")
    rows = partnership.rows()
    refused(conclude(partnership, alert, agency="hv"), 403, "not_in_line")
    for agency in ("gp", DUTY_DESK):
        problem = refused(conclude(partnership, alert, agency=agency), 404, "not_found")
        assert problem == refused(conclude(partnership, "nothing", agency=agency), 404, "not_found")
    assert partnership.rows() == rows


def test_what_has_closed_takes_no_outcome(partnership: Partnership, child: str) -> None:
    """A finding that ended, by an outcome or because the agencies agree, is a conflict with saying what it came to."""
    alert = partnership.alert(child)["id"]
    stored(conclude(partnership, alert))
    partnership.detect(child)
    rows = partnership.rows()
    refused(conclude(partnership, alert, "agreed_to_differ"), 409)
    assert partnership.rows() == rows


def test_a_check_that_does_not_run_takes_no_outcome(partnership: Partnership, child: str) -> None:
    """Nobody can settle a fault of the ledger's own: it closes when the check runs."""
    alert = partnership.alert(child)["id"]
    with partnership.engine("ledger_worker").begin() as connection:
        connection.execute(text("UPDATE ledger.findings SET kind = 'check_failed'"))
    refused(conclude(partnership, alert), 409)


# ── what is remembered ──


class Lived:
    """A record whose lead is told of a finding, concludes it, and goes on."""

    def __init__(self, partnership: Partnership) -> None:
        self.partnership, self.moment = partnership, BEGAN
        self.history = History(partnership)
        lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
        stored(partnership.post(f"/children/{self.history.record_id}/leads", lead, "csc"))

    def say(self, *acts: dict[str, Any]) -> None:
        """Each a day after the one before; every act is detected by a run that has loaded the record anew."""
        for act in acts:
            self.moment += DAY
            self.history.move(self.moment)
            self.history.post(act)
            self.history.detect()

    def conclude(self) -> None:
        self.moment += DAY
        self.history.move(self.moment)
        (alert,) = self.alerts()
        stored(conclude(self.partnership, alert["id"]))
        self.history.detect()

    def alerts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = stored(self.partnership.get("/alerts", "csc"))["alerts"]
        return found

    def wait(self, days: int) -> None:
        self.moment += days * DAY
        self.history.move(self.moment)
        self.history.detect()


@pytest.fixture
def lived(database_url: str) -> Iterator[Lived]:
    """A finding that was dismissed, in the days in which its statements were made."""
    partnership = Partnership(database_url, clock_at=BEGAN)
    lived = Lived(partnership)
    lived.say(ABSENT, THERE)
    lived.conclude()
    assert lived.alerts() == []
    yield lived
    partnership.close()


def test_the_same_evidence_does_not_raise_it_again(lived: Lived) -> None:
    """Not by another matter, by time, nor by a later run that loads the record anew."""
    lived.say(told("gp", "visits", observed="2023-03-03", about="uncle"))
    lived.wait(20)
    assert lived.alerts() == []
    assert [found["is_closed"] for found in lived.history.found() if found["kind"] == "same_informant"] == [True]


def test_a_new_statement_raises_it_again(lived: Lived) -> None:
    """New evidence on the question is another finding, with another alert; the first stays closed."""
    lived.say(told("gp", "lives_here", observed="2023-03-04", basis="seen"))
    (alert,) = lived.alerts()
    assert {"gp"} < {said["agency"] for side in alert["finding"]["sides"] for said in side["statements"]}
    assert len(lived.history.found()) == 2


def test_withdrawing_what_was_dismissed_raises_nothing(lived: Lived) -> None:
    """A void of one side leaves nothing in conflict; and the other side alone is no finding."""
    lived.say({"agency": "hv", "path": "voids", "body": {"voids": 1, "reason": "Another child."}})
    lived.wait(20)
    assert lived.alerts() == []


def test_a_correction_afterwards_is_new_evidence(lived: Lived) -> None:
    """What a correction puts in the place of a side is another statement: in conflict still, it is raised again."""
    agreeing = {key: part for key, part in THERE["body"].items() if key != "event_id"}
    claims = [{**agreeing["claims"][0], "value": "lives_here"}]
    correction = {"corrects": 1, "reason": "Mistyped.", "observation": agreeing | {"claims": claims}}
    lived.say({"agency": "hv", "path": "corrections", "body": correction})
    (alert,) = lived.alerts()
    assert alert["closing"] is None


def test_a_correction_that_agrees_raises_nothing(lived: Lived) -> None:
    """Corrected so that all can be so, there is nothing to raise."""
    agreeing = {key: part for key, part in THERE["body"].items() if key != "event_id"}
    claims = [{**agreeing["claims"][0], "value": "absent"}]
    correction = {"corrects": 1, "reason": "Mistyped.", "observation": agreeing | {"claims": claims}}
    lived.say({"agency": "hv", "path": "corrections", "body": correction})
    assert lived.alerts() == []
