"""Who may record an agency's part, that nobody hides it, and that whoever leads is told of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.role import Role
from ledger.store.append import Caller
from tests.integration.api.test_audit import audited
from tests.integration.api.test_glass import REASON, led
from tests.partnership import DUTY_DESK, Partnership, refused, stored

RESTRICTED = {"marking": "restricted", "to": [], "lawful_basis": "public task"}


def part(partnership: Partnership, **changes: Any) -> dict[str, Any]:
    """An involvement that is right."""
    told = {"role": "response", "reason": "She was reported missing.", "lawful_basis": "public task"}
    return {"event_id": partnership.event(), **told} | changes


def take_part(partnership: Partnership, child: str, person: Caller) -> Any:
    """Post an involvement by somebody who is signed in."""
    path = f"/api/v1/children/{child}/involvements"
    return partnership.send_as(partnership.session(person), "POST", path, json=part(partnership))


def told(partnership: Partnership, reader: str | Caller, query: str = "") -> list[dict[str, Any]]:
    """What an agency's system, or somebody who is signed in, is told of parts in records that they lead."""
    path = f"/involvements{query}"
    if isinstance(reader, str):
        found = stored(partnership.get(path, reader))
    else:
        found = stored(partnership.send_as(partnership.session(reader), "GET", f"/api/v1{path}"))
    listed: list[dict[str, Any]] = found["involvements"]
    return listed


@pytest.mark.parametrize(
    ("agency", "roles", "may"),
    [
        ("police", (Role.PRACTITIONER,), False),
        ("police", (Role.RECORDS_OFFICER,), False),
        ("police", (Role.MANAGER,), True),
        (DUTY_DESK, (Role.PRACTITIONER,), True),
    ],
)
def test_who_records_the_part_of_their_agency(
    partnership: Partnership, agency: str, roles: tuple[Role, ...], *, may: bool
) -> None:
    """A manager and the duty desk may; anybody else is told to ask or to break the glass, and nothing opens."""
    child, _ = led(partnership)
    person = partnership.person(agency, "p1", *roles)
    answer = take_part(partnership, child, person)
    if may:
        stored(answer)
    elif Role.PRACTITIONER in roles:
        said = refused(answer, 403)["detail"]
        assert "Ask your manager" in said
        assert "glass" in said
    else:
        refused(answer, 403)
    seen = partnership.get(f"/children/{child}/timeline", agency)
    assert seen.status_code == (200 if may else 404)


def test_a_lead_of_their_own_gives_no_such_right(partnership: Partnership) -> None:
    """Who leads some child takes no part in another for their agency by that."""
    _, lead = led(partnership)
    refused(take_part(partnership, partnership.child(), lead), 403)


def test_a_system_may_and_a_lead_involves(partnership: Partnership) -> None:
    """An agency's system records its part, and naming another agency's professional lead still involves that agency."""
    child = partnership.child("csc", involve=["csc"])
    stored(partnership.post(f"/children/{child}/involvements", part(partnership), "police"))
    named = {"event_id": partnership.event(), "agency": "gp", "person": "dr1"}
    stored(partnership.post(f"/children/{child}/leads", named, "csc"))
    for agency in ("police", "gp"):
        stored(partnership.get(f"/children/{child}/timeline", agency))


def test_neither_is_ever_marked(partnership: Partnership) -> None:
    """An involvement and a lead entry carry no marking, take none, and no person's mark hides them."""
    child, _ = led(partnership)
    sent = part(partnership, role="Robin Rook")
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "robin"}
    partnership.involve(child, "gp")
    entries = []
    for agency, collection, body in (("police", "involvements", sent), ("csc", "leads", lead)):
        path = f"/children/{child}/{collection}"
        refused(partnership.post(path, body | {"sharing": RESTRICTED}, agency), 422)
        entries.append(stored(partnership.post(path, body, agency)))
    for agency, entry in zip(("police", "csc"), entries, strict=True):
        body = {"event_id": partnership.event(), "of": entry["id"], "sharing": RESTRICTED, "reason": "They moved."}
        refused(partnership.post(f"/children/{child}/markings", body, agency), 422, "never_marked", "/of")
    people = [{"ref": "robin", "role": "neighbour", "name": "Robin Rook", "sharing": RESTRICTED}]
    for agency in ("police", "csc"):
        stored(partnership.post("/observations", partnership.observation(child, claims=[], people=people), agency))
    seen = {one["number"]: one for one in stored(partnership.get(f"/children/{child}/timeline", "gp"))["entries"]}
    assert [seen[entry["number"]]["sight"] for entry in entries] == ["full", "full"]
    assert seen[entries[0]["number"]]["body"]["role"] == "Robin Rook"


def test_whoever_leads_is_told(partnership: Partnership) -> None:
    """By the interface and on their alerts: which agency, of whom, as what, why and whom to ring; nobody else is."""
    child, lead = led(partnership, name="Robin Example")
    boss = partnership.person("csc", "boss", Role.MANAGER)
    others = [partnership.person("csc", "sw2", Role.PRACTITIONER), partnership.person("hv", "hv1", Role.PRACTITIONER)]
    assert told(partnership, "csc") == []
    entry = stored(partnership.post(f"/children/{child}/involvements", part(partnership), "police"))["id"]
    [one] = told(partnership, lead)
    assert (one["entry"], one["agency"], one["contact"]) == (entry, "police", "ring police")
    assert (one["role"], one["reason"]) == ("response", "She was reported missing.")
    assert one["child"] == {"id": child, "name": "Robin Example"}
    assert told(partnership, "csc") == told(partnership, boss) == [one]
    unrelated: list[str | Caller] = [*others, "hv", "police", "gp"]
    for other in unrelated:
        assert told(partnership, other) == []
    shown = partnership.send_as(partnership.session(lead), "GET", "/").get_data(as_text=True)
    assert "New in your children’s records" in shown
    assert "She was reported missing." in shown
    shown = partnership.send_as(partnership.session(others[0]), "GET", "/").get_data(as_text=True)
    assert "New in your children’s records" not in shown


def test_what_is_not_news(partnership: Partnership) -> None:
    """Not one's own part, nor what was there before one was named, nor a broken glass, nor what is asked not of."""
    child, lead = led(partnership)
    stored(partnership.post(f"/children/{child}/involvements", part(partnership), "csc"))
    broken = {"event_id": partnership.event(), "reason": REASON, "author": {"ref": "pc1"}}
    stored(partnership.post(f"/children/{child}/glass-breakings", broken, "police"))
    assert told(partnership, lead) == []
    partnership.involve(child, "gp")
    assert [one["agency"] for one in told(partnership, lead)] == ["gp"]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    assert told(partnership, lead, f"?since={tomorrow}") == []
    assert told(partnership, lead, "?until=2020-01-01&since=2019-01-01") == []
    refused(partnership.get("/involvements?since=soon", "csc"), 422)


def test_naming_a_lead_takes_nothing_from_the_list(partnership: Partnership) -> None:
    """Neither naming the same lead again nor naming another hides the part that somebody took."""
    child, lead = led(partnership)
    for agency in ("police", DUTY_DESK):
        partnership.involve(child, agency)

    def name(agency: str, person: str) -> None:
        body = {"event_id": partnership.event(), "agency": agency, "person": person}
        stored(partnership.post(f"/children/{child}/leads", body, DUTY_DESK))

    name("csc", "sw1")
    assert [one["agency"] for one in told(partnership, lead)] == [DUTY_DESK, "police"]
    name("police", "pc2")
    assert [one["words"] for one in told(partnership, lead)] == ["Named lead, by Duty desk.", None, None]
    assert told(partnership, "police") == [], "what was there before they were named"
    partnership.involve(child, "gp")
    assert [one["agency"] for one in told(partnership, "police")] == ["gp"]
    assert [one["agency"] for one in told(partnership, lead)] == ["police", DUTY_DESK, "police"]


def test_each_look_at_the_list_is_recorded(partnership: Partnership) -> None:
    """It tells of a child, so it is an access record, and opens no child."""
    child, _ = led(partnership)
    partnership.involve(child, "gp")
    told(partnership, "csc")
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    looks = audited(partnership, auditor, f"/audit/access?child={child}")["access"]
    assert [(look["agency"], look["what"]) for look in looks] == [("gp", "access records"), ("csc", "involvements")]


def test_a_part_taken_to_look_is_unusual(partnership: Partnership) -> None:
    """Recorded, and opened soon after, by an agency that knew nothing of the child: told once for both."""
    child, _ = led(partnership)
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    boss = partnership.person("police", "boss", Role.MANAGER)
    entry = stored(take_part(partnership, child, boss))["id"]

    def found() -> list[dict[str, Any]]:
        unusual = audited(partnership, auditor, "/audit/unusual")["unusual"]
        return [one for one in unusual if one["kind"] == "part_then_opened"]

    assert found() == []
    for _ in range(2):
        stored(partnership.send_as(partnership.session(boss), "GET", f"/api/v1/children/{child}/timeline"))
    stored(partnership.get(f"/children/{child}/timeline", "police"))
    [one] = found()
    assert (one["agency"], one["children"], one["entry"]) == ("police", [child], entry)
    assert one["person"]["name"] == "boss"
    assert "had recorded nothing of the child before that day" in one["words"]
