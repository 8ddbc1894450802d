"""What is done about an alert over the interface, and what is refused, with the reason."""

import json
from datetime import timedelta
from typing import Any

import pytest

from ledger.domain.role import Role
from tests.integration.services.keeping import Kept
from tests.partnership import Partnership, refused, stored


@pytest.fixture
def kept(partnership: Partnership) -> Kept:
    """One open alert with the lead."""
    return Kept(partnership)


def read(kept: Kept, agency: str = "csc") -> dict[str, Any]:
    return stored(kept.partnership.get(f"/alerts/{kept.alert}", agency))


def test_an_alert_says_how_far_it_has_come(kept: Kept) -> None:
    """Its tier, state, clock and holder, who is next, and what was done so far, in words."""
    told = read(kept)
    assert (told["tier"], told["state"], told["stage"]) == ("queue", "raised", "lead")
    assert told["act_by"].startswith("2024-03-06T10:00:00")
    assert (told["holder"]["person"], told["next"]["person"], told["next"]["stage"]) == ("sw1", "sw2", "deputy")
    assert [one["kind"] for one in told["history"]] == ["alert_raised"]
    assert "to be acted on by 6 March 2024 at 10am" in told["history"][0]["words"]


def test_opening_is_recorded_once_and_by_people_alone(kept: Kept) -> None:
    """The holder's first reading is an entry; another, a colleague's, a manager's and a system's are none."""
    read(kept)
    stored(kept.read_as("m"))
    assert kept.row().state == "raised"
    assert stored(kept.read_as("sw1"))["state"] == "opened"
    stored(kept.read_as("sw1"))
    assert [kind for kind, _ in kept.said()] == ["alert_raised", "alert_opened"]


def test_an_action_names_whom_and_stops_the_clock(kept: Kept) -> None:
    """By an agency's system or a person; sent again it is the same, and what was done stands in the alert."""
    sent: dict[str, Any] = {
        "event_id": "a1",
        "action": "rang",
        "whom": {"agency": "hv"},
        "note": "Hana will visit on Friday.",
    }
    first = kept.send("actions", **sent)
    again = kept.send("actions", **sent)
    assert (first.status_code, again.status_code) == (201, 200)
    told = read(kept)
    assert (told["state"], told["act_by"]) == ("acted_on", None)
    assert (told["history"][-1]["words"], told["history"][-1]["note"]) == ("Rang HV.", "Hana will visit on Friday.")
    stored(kept.send_as("sw1", "actions", action="asked", whom="mother"))
    assert read(kept)["history"][-1]["words"] == "Asked the mother."


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/action"),
        ({"action": "dismissed"}, "/action"),
        ({"action": "no_action"}, "/reason"),
        ({"action": "rang", "whom": 7}, "/whom"),
    ],
)
def test_an_action_that_says_too_little_is_refused(kept: Kept, body: dict[str, Any], pointer: str) -> None:
    """What was done is one of a few words; that nothing is to be done needs a reason."""
    refused(kept.send("actions", **body), 422, "invalid", pointer)
    assert kept.row().state == "raised"


@pytest.mark.parametrize("missing", ["reason", "until", "owner"])
def test_a_snooze_has_an_owner_a_reason_and_an_end(kept: Kept, missing: str) -> None:
    """Without any one of them it is refused, and says which."""
    body = {name: said for name, said in kept.snooze().items() if name != missing}
    refused(kept.send_as("sw1", "snoozes", **body), 422, "invalid", f"/{missing}")


def test_a_snooze_ends_neither_in_the_past_nor_too_far_ahead(kept: Kept) -> None:
    """Its end is later than now, and no later than the pack lets one rest; its owner is there."""
    past, far = kept.now - timedelta(minutes=1), kept.now + timedelta(days=15)
    for until in (past, kept.now, far):
        body = kept.snooze(until=until.isoformat())
        refused(kept.send_as("sw1", "snoozes", **body), 422, "invalid", "/until")
    elsewhere = kept.snooze(owner={"agency": "gp", "person": "dr1"})
    refused(kept.send_as("sw1", "snoozes", **elsewhere), 422, "invalid", "/owner")
    stored(kept.send_as("sw1", "snoozes", **kept.snooze()))
    refused(kept.send_as("sw1", "snoozes", **kept.snooze()), 409, "conflict")
    told = read(kept)
    assert (told["state"], told["clock_words"]) == ("snoozed", "Put off until 5 March 2024 at 10am")
    stored(kept.send_as("sw1", "actions", action="rang"))
    refused(kept.send_as("sw1", "snoozes", **kept.snooze()), 409, "conflict")


@pytest.mark.parametrize("what", ["acknowledgements", "actions", "snoozes", "outcomes"])
def test_only_who_is_in_the_line_acts(kept: Kept, what: str) -> None:
    """A colleague, the deputy before it is theirs and another agency with a part in it are told why not."""
    bodies = {
        "acknowledgements": {},
        "actions": {"action": "rang"},
        "snoozes": kept.snooze(),
        "outcomes": {"outcome": "known_and_assessed", "reason": "All of us met."},
    }
    rows = kept.partnership.rows()
    for ref in ("sw2", "sw3"):
        problem = refused(kept.send_as(ref, what, **bodies[what]), 403, "not_in_line")
        assert "Ring whoever holds it" in problem["detail"]
    refused(kept.send(what, "gp", **bodies[what]), 403, "not_in_line")
    refused(kept.send(what, author={"ref": "sw3"}, **bodies[what]), 403, "not_in_line")
    refused(kept.send(what, "police", **bodies[what]), 404, "not_found")
    assert kept.partnership.rows() == rows
    stored(kept.send_as("m", what, **bodies[what]))


def test_who_held_it_before_may_still_act(kept: Kept) -> None:
    """After it has gone on to the deputy the lead still says what they did; it stops the deputy's clock."""
    kept.move(kept.row().act_by)
    kept.keep()
    stored(kept.send_as("sw1", "actions", action="rang", whom={"agency": "gp"}))
    assert (kept.row().state, kept.holder().person) == ("acted_on", "sw2")


def test_who_led_before_or_has_left_may_not(kept: Kept) -> None:
    """A lead who handed over is in the line no longer; of who has left nothing is taken, from their system either."""
    stored(kept.lead("sw3"))
    kept.keep()
    refused(kept.send_as("sw1", "actions", action="rang"), 403, "not_in_line")
    session = kept.partnership.session(kept.people["sw3"])
    kept.leave("sw3")
    body = {"event_id": "gone", "action": "rang"}
    path = f"/api/v1/alerts/{kept.alert}/actions"
    answer = kept.partnership.send_as(session, "POST", path, json=body)
    assert answer.status_code in (401, 403)
    refused(kept.send("actions", action="rang", author={"ref": "sw3"}), 403, "has_left")


def test_a_list_may_be_of_one_tier_or_state(kept: Kept) -> None:
    """The list keeps its order and takes filters; a word that is none is refused."""
    get = kept.partnership.get
    assert len(stored(get("/alerts?tier=queue&state=raised", "csc"))["alerts"]) == 1
    assert stored(get("/alerts?tier=interrupt", "csc"))["alerts"] == []
    assert stored(get("/alerts?state=acted_on", "csc"))["alerts"] == []
    assert get("/alerts?state=forgotten", "csc").status_code == 422


def test_the_chronology_tells_who_was_told_and_what_they_did(kept: Kept) -> None:
    """The timeline has each entry; at a past point a finding's alert stands as it stood, and with whom."""
    kept.move(kept.row().act_by)
    kept.keep()
    stored(kept.send_as("sw2", "actions", action="rang", whom={"agency": "gp"}))
    entries = stored(kept.partnership.get(f"/children/{kept.child}/timeline?limit=200", "csc"))["entries"]
    lapsed = next(one for one in entries if one["kind"] == "alert_lapsed")
    assert (lapsed["from"]["person"], lapsed["to"]["person"], lapsed["stage"]) == ("sw1", "sw2", "deputy")
    findings = f"/children/{kept.child}/findings?state=all&as_of="
    states = []
    for number in (lapsed["number"] - 1, lapsed["number"], lapsed["number"] + 1):
        told = stored(kept.partnership.get(f"{findings}{number}", "csc"))["findings"]
        alert = next(one["alert"] for one in told if one["alert"])
        states.append((alert["state"], alert["to"]["person"]))
    assert states == [("raised", "sw1"), ("lapsed", "sw2"), ("acted_on", "sw2")]
    told = kept.partnership.get(f"/children/{kept.child}/replay", "csc").get_data(as_text=True)
    frames = [json.loads(line) for line in told.splitlines()]
    alone = next(one for one in frames if one.get("number") == lapsed["number"])
    assert [one["kind"] for one in alone["found"]] == ["alert_lapsed"]


def test_the_manager_who_holds_it_closes_it(kept: Kept) -> None:
    """A manager to whom it has come acts on it and says what it came to, though they post nothing else."""
    for _ in range(2):
        kept.move(kept.row().act_by)
        kept.keep()
    assert kept.holder().person == "m"
    outcome = {"outcome": "known_and_assessed", "reason": "All of us met."}
    stored(kept.send_as("m", "outcomes", **outcome))
    assert (kept.row().state, kept.row().act_by) == ("acted_on", None)
    assert Role.MANAGER in kept.people["m"].roles
    kept.partnership.detect(kept.child)
    assert kept.row().state == "resolved"
