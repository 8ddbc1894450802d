"""Breaking the glass: who may, what it opens and for how long, who is told, and who reviews it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from ledger.domain.role import Role
from ledger.store import clock
from ledger.store.append import Caller
from ledger.store.database import SYSTEM, transaction
from tests.partnership import NHS_NUMBERS, Partnership, refused, stored

REASON = "She is in our waiting room with a head injury"
START = datetime(2024, 5, 6, 9, tzinfo=UTC)


@pytest.fixture
def moved(database_url: str) -> Any:
    """A partnership whose clock stands still until it is moved."""
    made = Partnership(database_url, clock_at=START)
    yield made
    made.close()


def led(partnership: Partnership, **details: Any) -> tuple[str, Caller]:
    """A child whom hv registered and sw1 of csc leads, and sw1."""
    child = partnership.child(involve=("csc",), **details)
    lead = partnership.person("csc", "sw1", Role.PRACTITIONER)
    stored(
        partnership.post(
            f"/children/{child}/leads", {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}, "csc"
        )
    )
    return child, lead


def body(partnership: Partnership, **changes: Any) -> dict[str, Any]:
    """A breaking that is right."""
    return {"event_id": partnership.event(), "reason": REASON} | changes


def move(partnership: Partnership, moment: datetime) -> None:
    """Move the ledger's clock."""
    with transaction(partnership.engine("ledger_admin"), party=SYSTEM) as connection:
        clock.move(connection, moment)


def break_as(partnership: Partnership, person: Caller, child: str, **changes: Any) -> Any:
    """Post a breaking by somebody who is signed in."""
    return partnership.send_as(
        partnership.session(person),
        "POST",
        f"/api/v1/children/{child}/glass-breakings",
        json=body(partnership, **changes),
    )


def test_it_opens_the_record_for_that_person_alone(partnership: Partnership) -> None:
    """Who breaks the glass reads what an involved agency would; a colleague and their agency's system do not."""
    child, _ = led(partnership)
    police, other = (partnership.person("police", ref, Role.PRACTITIONER) for ref in ("pc1", "pc2"))
    session, theirs = partnership.session(police), partnership.session(other)
    path = f"/api/v1/children/{child}/timeline"
    refused(partnership.send_as(session, "GET", path), 404)
    answer = stored(break_as(partnership, police, child))
    assert answer["child"] == child
    seen = stored(partnership.send_as(session, "GET", path))
    assert [entry["kind"] for entry in seen["entries"]][-1] == "glass"
    refused(partnership.send_as(theirs, "GET", path), 404)
    refused(partnership.get(f"/children/{child}/timeline", "police"), 404)


def test_it_ends_by_itself(moved: Partnership) -> None:
    """By the ledger's clock it lasts for the hours that were asked for, and not a moment longer."""
    child, _ = led(moved)
    police = moved.person("police", "pc1", Role.PRACTITIONER)
    session, path = moved.session(police), f"/api/v1/children/{child}/timeline"
    stored(break_as(moved, police, child, hours=2))
    move(moved, START + timedelta(hours=1, minutes=59))
    stored(moved.send_as(session, "GET", path))
    move(moved, START + timedelta(hours=2, seconds=1))
    refused(moved.send_as(session, "GET", path), 404)


def test_once_more_for_the_same_reason_ends_with_the_first(moved: Partnership) -> None:
    """While one is open the same reason adds nothing beyond three hours since the first; a new one does."""
    child, _ = led(moved)
    police = moved.person("police", "pc1", Role.PRACTITIONER)
    session, path = moved.session(police), f"/api/v1/children/{child}/timeline"
    stored(break_as(moved, police, child, hours=3))
    move(moved, START + timedelta(hours=2))
    stored(break_as(moved, police, child, hours=3, reason=f"  {REASON.upper()}!! "))
    move(moved, START + timedelta(hours=3, minutes=1))
    refused(moved.send_as(session, "GET", path), 404)
    stored(break_as(moved, police, child, hours=3))
    move(moved, START + timedelta(hours=6))
    stored(break_as(moved, police, child, hours=3, reason="Her brother has been brought in as well"))
    move(moved, START + timedelta(hours=8, minutes=59))
    stored(moved.send_as(session, "GET", path))


def test_a_child_is_named_in_the_body(partnership: Partnership) -> None:
    """By NHS number, which never stands in an address; a number that nobody holds is refused."""
    child, _ = led(partnership, nhs_number=NHS_NUMBERS[0])
    session = partnership.session(partnership.person("police", "pc1", Role.PRACTITIONER))

    def send(number: str) -> Any:
        sent = body(partnership, child={"nhs_number": number})
        return partnership.send_as(session, "POST", "/api/v1/glass-breakings", json=sent)

    assert stored(send(NHS_NUMBERS[0]))["child"] == child
    refused(send(NHS_NUMBERS[1]), 422, "child_not_known", "/child")


def test_a_system_names_its_author(partnership: Partnership) -> None:
    """An agency's system breaks the glass for its agency, on behalf of somebody whom it names."""
    child, _ = led(partnership)
    refused(partnership.post(f"/children/{child}/glass-breakings", body(partnership), "police"), 422, "author_needed")
    sent = body(partnership, author={"ref": "pc1"})
    first = stored(partnership.post(f"/children/{child}/glass-breakings", sent, "police"))
    assert stored(partnership.post(f"/children/{child}/glass-breakings", sent, "police")) == first
    stored(partnership.get(f"/children/{child}/timeline", "police"))
    _, key = partnership.issue("police", scopes=["observe", "read"])
    again = body(partnership, author={"ref": "pc1"})
    refused(partnership.post(f"/children/{child}/glass-breakings", again, key=key), 403)


@pytest.mark.parametrize("reason", ["urgent", "aaaaaaaaaaaaaaaaa", "          ", "..........!!", "x y z x y z x y"])
def test_a_reason_says_something(partnership: Partnership, reason: str) -> None:
    """What nobody could review is refused, and not repeated."""
    child, _ = led(partnership)
    sent = body(partnership, author={"ref": "pc1"}, reason=reason)
    problem = refused(partnership.post(f"/children/{child}/glass-breakings", sent, "police"), 422, "reason", "/reason")
    assert reason.strip() == "" or reason not in json.dumps(problem["errors"])


@pytest.mark.parametrize("hours", [0, 4, -1, 1.5, "3", True])
def test_three_hours_are_the_most(partnership: Partnership, hours: object) -> None:
    """Whole hours, from one to three."""
    child, _ = led(partnership)
    sent = body(partnership, author={"ref": "pc1"}, hours=hours)
    refused(partnership.post(f"/children/{child}/glass-breakings", sent, "police"), 422, pointer="/hours")


def test_who_is_involved_needs_none(partnership: Partnership) -> None:
    """Where there is nothing to break nothing is recorded."""
    child, _ = led(partnership)
    before = partnership.rows()
    sent = body(partnership, author={"ref": "hv1"})
    partnership.involve(child, "gp")
    refused(partnership.post(f"/children/{child}/glass-breakings", sent, "gp"), 409, "conflict")
    assert partnership.rows()["entries"] == before["entries"] + 1


def test_what_is_restricted_stays_so(partnership: Partnership) -> None:
    """A broken glass shows nothing that is restricted to named agencies, of which its agency is none."""
    child, _ = led(partnership)
    sharing = {"lawful_basis": "public task", "marking": "restricted", "to": ["csc"]}
    sent = partnership.observation(child, narrative="Refuge at Rookery Close", sharing=sharing)
    stored(partnership.post("/observations", sent, "hv"))
    police = partnership.person("police", "pc1", Role.PRACTITIONER)
    stored(break_as(partnership, police, child))
    shown = partnership.send_as(partnership.session(police), "GET", f"/api/v1/children/{child}/timeline")
    assert "Rookery" not in shown.get_data(as_text=True)
    assert "observation" not in {entry["kind"] for entry in stored(shown)["entries"]}


def test_its_reads_say_so(partnership: Partnership) -> None:
    """Each look under a broken glass is recorded as one, with the purpose that was given."""
    child, _ = led(partnership)
    police = partnership.person("police", "pc1", Role.PRACTITIONER)
    stored(break_as(partnership, police, child))
    session = partnership.session(police)
    stored(partnership.send_as(session, "GET", f"/api/v1/children/{child}/timeline", headers={"Access-Purpose": "A&E"}))
    stored(partnership.get(f"/children/{child}/timeline", "csc"))
    with partnership.acting("ledger_auditor", "auditor") as connection:
        found = connection.execute(
            text("SELECT agency_id, by_glass, purpose FROM ledger.access_records WHERE record_id = :child ORDER BY at"),
            {"child": child},
        ).all()
    assert [tuple(row) for row in found] == [
        ("police", True, "glass broken: A&E"),
        ("csc", False, "work with the child"),
    ]


def test_the_lead_is_alerted_and_an_outcome_does_not_end_it(partnership: Partnership) -> None:
    """The alert is the lead's at once, and is ended by a review alone: no outcome, no acknowledgement, no other."""
    child, lead = led(partnership)
    police = partnership.person("police", "pc1", Role.PRACTITIONER)
    broken = stored(break_as(partnership, police, child))
    partnership.detect(child)
    session = partnership.session(lead)
    [alert] = stored(partnership.send_as(session, "GET", "/api/v1/alerts"))["alerts"]
    finding = alert["finding"]
    assert (finding["rule"], alert["to"]) == ("glass_broken", {"agency": "csc", "person": "sw1"})
    assert finding["severity"] == "medium"
    assert REASON in json.dumps(alert)
    outcome = {"event_id": partnership.event(), "outcome": "known_and_assessed", "reason": "I know them."}
    refused(
        partnership.send_as(session, "POST", f"/api/v1/alerts/{alert['id']}/outcomes", json=outcome), 409, "conflict"
    )
    refused(partnership.post(f"/alerts/{alert['id']}/outcomes", outcome, "csc"), 409, "conflict")
    acknowledged = {"event_id": partnership.event()}
    stored(partnership.send_as(session, "POST", f"/api/v1/alerts/{alert['id']}/acknowledgements", json=acknowledged))
    partnership.detect(child)
    assert len(stored(partnership.send_as(session, "GET", "/api/v1/alerts"))["alerts"]) == 1
    stored(review_as(partnership, lead, child, broken["id"]))
    partnership.detect(child)
    assert stored(partnership.send_as(session, "GET", "/api/v1/alerts"))["alerts"] == []


def review_as(partnership: Partnership, person: Caller, child: str, of: str, **changes: Any) -> Any:
    """Post a review by somebody who is signed in."""
    sent = {"event_id": partnership.event(), "of": of, "verdict": "justified", "reason": "She was seen at once"}
    return partnership.send_as(
        partnership.session(person), "POST", f"/api/v1/children/{child}/glass-reviews", json=sent | changes
    )


def test_overdue_is_high_and_stays(moved: Partnership) -> None:
    """After 72 hours the alert weighs most, acknowledged or not, and stays until a review comes, however late."""
    child, lead = led(moved)
    broken = stored(break_as(moved, moved.person("police", "pc1", Role.PRACTITIONER), child))
    moved.detect(child)
    session = moved.session(lead)
    move(moved, START + timedelta(hours=72, seconds=1))
    moved.detect(child)
    [alert] = stored(moved.send_as(session, "GET", "/api/v1/alerts"))["alerts"]
    assert (alert["finding"]["severity"], alert["finding"]["awaited"]["lapsed"]) == ("high", True)
    [listed] = stored(moved.send_as(session, "GET", "/api/v1/glass-breakings?open=yes"))["breakings"]
    assert listed["overdue"]
    move(moved, START + timedelta(days=60))
    moved.detect(child)
    assert len(stored(moved.send_as(session, "GET", "/api/v1/alerts"))["alerts"]) == 1
    stored(review_as(moved, lead, child, broken["id"], verdict="not_justified"))
    moved.detect(child)
    assert stored(moved.send_as(session, "GET", "/api/v1/alerts"))["alerts"] == []


def test_nobody_reviews_their_own(partnership: Partnership) -> None:
    """Not the person, be they a manager too, nor their agency's system; others do, and the first review stands."""
    child, lead = led(partnership)
    police = partnership.person("police", "pc1", Role.PRACTITIONER, Role.MANAGER)
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    broken = stored(break_as(partnership, police, child))["id"]
    refused(review_as(partnership, police, child, broken), 404)
    partnership.involve(child, "police")
    refused(review_as(partnership, police, child, broken), 409, "conflict")
    sent = {"of": broken, "verdict": "justified", "reason": "It was needed there", "author": {"ref": "pc9"}}
    path = f"/children/{child}/glass-reviews"
    refused(partnership.post(path, {"event_id": partnership.event(), **sent}, "police"), 404)
    refused(partnership.post(path, {"event_id": partnership.event(), **sent}, "gp"), 404)
    practitioner = partnership.person("csc", "sw2", Role.PRACTITIONER)
    assert review_as(partnership, practitioner, child, broken).status_code in {403, 404}
    refused(review_as(partnership, lead, child, f"{broken.split('.')[0]}.1"), 422, "not_a_breaking", "/of")
    stored(review_as(partnership, auditor, child, broken))
    refused(review_as(partnership, lead, child, broken), 409, "conflict")


def test_who_broke_it_as_the_lead_agency_is_not_reviewed_by_its_system(partnership: Partnership) -> None:
    """Of a child whose lead came later from the very agency that broke the glass, a person reviews and no system."""
    child = partnership.child()
    sent = body(partnership, author={"ref": "pc1"})
    broken = stored(partnership.post(f"/children/{child}/glass-breakings", sent, "police"))["id"]
    partnership.involve(child, "police")
    lead = {"event_id": partnership.event(), "agency": "police", "person": "pc1"}
    stored(partnership.post(f"/children/{child}/leads", lead, "police"))
    review = {"event_id": partnership.event(), "of": broken, "verdict": "justified", "reason": "It was needed there"}
    path = f"/children/{child}/glass-reviews"
    refused(partnership.post(path, {**review, "author": {"ref": "pc2"}}, "police"), 404, "not_found")
    pc1 = partnership.person("police", "pc1", Role.PRACTITIONER)
    refused(review_as(partnership, pc1, child, broken), 404, "not_found")
    stored(review_as(partnership, partnership.person("police", "boss", Role.MANAGER), child, broken))


def test_who_is_told(partnership: Partnership) -> None:
    """The lead, managers of both agencies, the duty desk, auditors and oneself; nobody else, and no child is opened."""
    child, lead = led(partnership)
    police = partnership.person("police", "pc1", Role.PRACTITIONER)
    told = {
        "lead": lead,
        "lead's manager": partnership.person("csc", "m1", Role.MANAGER),
        "breaker's manager": partnership.person("police", "m2", Role.MANAGER),
        "duty desk": partnership.person("duty", "d1", Role.PRACTITIONER),
        "auditor": partnership.person("gp", "a1", Role.AUDITOR),
        "breaker": police,
    }
    others = {
        "colleague": partnership.person("police", "pc2", Role.PRACTITIONER),
        "other manager": partnership.person("gp", "m3", Role.MANAGER),
        "involved": partnership.person("csc", "sw2", Role.PRACTITIONER),
    }
    broken = stored(break_as(partnership, police, child))["id"]

    def listed(who: Caller) -> list[str]:
        headers = {"Access-Purpose": "oversight"}
        answer = partnership.send_as(
            partnership.session(who), "GET", "/api/v1/glass-breakings?open=yes", headers=headers
        )
        return [one["entry"] for one in stored(answer)["breakings"]]

    assert {name: listed(who) for name, who in told.items()} == {name: [broken] for name in told}
    assert {name: listed(who) for name, who in others.items()} == {name: [] for name in others}
    stored(review_as(partnership, lead, child, broken))
    assert listed(lead) == []
    with partnership.acting("ledger_auditor", "auditor") as connection:
        assert not connection.scalar(text("SELECT count(*) FROM ledger.access_records WHERE is_opening"))


def test_it_is_one_record_and_one_partnership(partnership: Partnership) -> None:
    """Neither the partnership's own record nor what there is not is broken into."""
    police = partnership.person("police", "pc1", Role.PRACTITIONER)
    for nothing in (str(partnership.partnership_record), str(UUID(int=7))):
        refused(break_as(partnership, police, nothing), 404)


def test_a_manager_alone_breaks_none(partnership: Partnership) -> None:
    """Who does not work with children has no reason to: managers, auditors, administrators."""
    child, _ = led(partnership)
    for place, role in enumerate((Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, Role.OPERATOR)):
        refused(break_as(partnership, partnership.person("police", f"p{place}", role), child), 403)


def test_who_broke_it_cannot_hide_it(partnership: Partnership) -> None:
    """Its author marks a breaking for nobody, withdraws it by no correction, and takes its review away by nothing."""
    child, lead = led(partnership)
    sent = body(partnership, author={"ref": "pc1"})
    broken = stored(partnership.post(f"/children/{child}/glass-breakings", sent, "police"))["id"]
    sharing = {"lawful_basis": "public task", "marking": "restricted", "to": []}
    marking = {"event_id": partnership.event(), "of": broken, "sharing": sharing, "reason": "Ours alone"}
    refused(partnership.post(f"/children/{child}/markings", marking, "police"), 422, "never_marked", "/of")
    void = {"event_id": partnership.event(), "voids": broken, "reason": "Never mind"}
    refused(partnership.post(f"/children/{child}/voids", void, "police"), 422, "entry_not_yours")
    shown = partnership.send_as(partnership.session(lead), "GET", f"/api/v1/children/{child}/timeline")
    assert REASON in shown.get_data(as_text=True)
