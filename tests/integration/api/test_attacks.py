"""What a reviewer who attacked the ledger found, and that it does not work any more."""

import os
from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.domain.media import MediaFault, read_media
from ledger.domain.role import Role
from ledger.services.sign_in import SessionEndedError, hash_of, renew_session, sign_out_everywhere
from ledger.store import sessions
from ledger.store.database import transaction
from tests.partnership import DUTY_DESK, Partnership, refused, stored

REASON = "She is in our department alone"
RESTRICTED = {"marking": "restricted", "to": [], "lawful_basis": "public task"}
NUL = "a\0b"


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child with whom hv, csc and gp are involved; sw1 of csc leads."""
    record_id = partnership.child(involve=["hv", "csc", "gp"], name="Robin Example")
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{record_id}/leads", lead, "csc"))
    return record_id


def broken(partnership: Partnership, child: str, session: str) -> dict[str, Any]:
    """Break the glass as somebody who is signed in."""
    body = {"event_id": partnership.event(), "reason": REASON, "hours": 1}
    return stored(partnership.send_as(session, "POST", f"/api/v1/children/{child}/glass-breakings", json=body))


def test_a_name_that_its_breaker_declares_hides_no_breaking(partnership: Partnership, child: str) -> None:
    """Declaring oneself as somebody restricted takes the reason of one's own breaking from nobody."""
    police = partnership.person("police", "pc1", Role.PRACTITIONER)
    session = partnership.session(police)
    number = broken(partnership, child, session)["number"]
    people = [{"ref": str(police.person_id), "role": "neighbour", "sharing": RESTRICTED}]
    body = partnership.observation(child, claims=[], people=people)
    stored(partnership.send_as(session, "POST", "/api/v1/observations", json=body))
    entries = stored(partnership.get(f"/children/{child}/timeline", "csc"))["entries"]
    assert [entry["body"]["reason"] for entry in entries if entry["number"] == number] == [REASON]
    [told] = stored(partnership.get("/glass-breakings", "csc"))["breakings"]
    assert told["reason"] == REASON


def test_a_lead_who_was_named_by_the_breaker_reviews_nothing(partnership: Partnership, child: str) -> None:
    """Who breaks the glass and involves their agency has no colleague lead; one whom the desk names reviews nothing."""
    session = partnership.session(partnership.person("police", "pc1", Role.PRACTITIONER, Role.MANAGER))
    entry = broken(partnership, child, session)["id"]
    partnership.involve(child, "police")
    lead = {"event_id": partnership.event(), "agency": "police", "person": "pc2"}
    taken = partnership.send_as(session, "POST", f"/api/v1/children/{child}/leads", json=lead)
    refused(taken, 409, "lead_stands", "/agency")
    partnership.involve(child, DUTY_DESK)
    stored(partnership.post(f"/children/{child}/leads", lead, DUTY_DESK))
    friend = partnership.session(partnership.person("police", "pc2", Role.PRACTITIONER))
    review = {"of": entry, "verdict": "justified", "reason": "All of it was quite in order."}
    path = f"/api/v1/children/{child}/glass-reviews"
    answer = partnership.send_as(friend, "POST", path, json={"event_id": partnership.event(), **review})
    refused(answer, 404, "not_found")
    assert [one["entry"] for one in stored(partnership.get("/glass-breakings", "csc"))["breakings"]] == [entry]
    before = partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))
    assert len(stored(partnership.send_as(before, "GET", "/api/v1/glass-breakings"))["breakings"]) == 1
    boss = partnership.session(partnership.person("csc", "boss", Role.MANAGER))
    stored(partnership.send_as(boss, "POST", path, json={"event_id": partnership.event(), **review}))


def test_a_broken_glass_is_for_reading_alone(partnership: Partnership, child: str) -> None:
    """The system of an agency that broke it names no lead, and so does not stay."""
    body = {"event_id": partnership.event(), "reason": REASON, "author": {"ref": "dr4", "role": "doctor"}}
    stored(partnership.post(f"/children/{child}/glass-breakings", body, "police"))
    lead = {"event_id": partnership.event(), "agency": "police", "person": "dr4"}
    refused(partnership.post(f"/children/{child}/leads", lead, "police"), 404)


def test_a_marked_name_of_a_child_is_in_no_alert_and_on_no_page(partnership: Partnership, child: str) -> None:
    """A new name that its agency restricts is not what others call the child by; its own agency does."""
    body = {"event_id": partnership.event(), "name": "Canary Newname"}
    entry = stored(partnership.post(f"/children/{child}/details", body, "hv"))["id"]
    mark = {"event_id": partnership.event(), "of": entry, "sharing": RESTRICTED, "reason": "They moved."}
    stored(partnership.post(f"/children/{child}/markings", mark, "hv"))
    partnership.alert(child)
    assert "Canary" not in partnership.get("/alerts", "csc").get_data(as_text=True)
    for agency, is_told in (("gp", False), ("hv", True)):
        session = partnership.session(partnership.person(agency, "p1", Role.PRACTITIONER))
        page = partnership.send_as(session, "GET", f"/children/{child}/chronology").get_data(as_text=True)
        assert ("Canary" in page) is is_told


def test_what_the_database_cannot_hold_is_refused(partnership: Partnership, child: str) -> None:
    """Null characters and numbers beyond the database's are the caller's mistake, and not a fault."""
    session = partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))
    large = 10**25
    for address in (
        f"/children/{child}/timeline?after={large}",
        f"/children/{child}/picture?as_of={large}",
        "/alerts/%00",
    ):
        assert 400 <= partnership.get(address, "csc").status_code < 500, address
    assert partnership.send_as(session, "GET", "/alerts/%00").status_code in (400, 404)
    lead = {"event_id": partnership.event(), "agency": "csc", "person": NUL}
    refused(partnership.post(f"/children/{child}/leads", lead, "csc"), 422)
    refused(partnership.post(f"/children/{child}/details", {"event_id": partnership.event(), "name": NUL}, "csc"), 422)


NOT_TO_FATHER = {"marking": "shared", "not_to": ["father"], "lawful_basis": "public task"}
REFUGE = "Canary Refuge, Rookery Close"


def given(partnership: Partnership, child: str, officer: str, *to: str, **more: Any) -> Any:
    """Answer a subject access of these people, of whom the officer says to have read all that their agency wrote."""
    entries = stored(partnership.get(f"/children/{child}/timeline", "hv"))["entries"]
    body = {
        "event_id": partnership.event(), "for": list(to), "on_behalf_of": ["child", "mother"], "relationship": "?",
        "reason": "Asked in person.", "read": [entry["id"] for entry in entries if entry["agency"] == "hv"],
    }  # fmt: skip
    return partnership.send_as(officer, "POST", f"/api/v1/children/{child}/subject-access", json=body | more)


def test_whoever_nobody_has_identified_may_be_the_father(partnership: Partnership, child: str) -> None:
    """A slip of the officer's, or a partner whom no link has named yet, is given nothing that is not for the father."""
    people = [{"ref": "p9", "role": "partner"}]
    stored(partnership.post("/observations", partnership.observation(child, claims=[], people=people), "hv"))
    secret = partnership.observation(child, claims=[], narrative=REFUGE, sharing=NOT_TO_FATHER)
    stored(partnership.post("/observations", secret, "hv"))
    officer = partnership.session(partnership.person("hv", "ro", Role.RECORDS_OFFICER))
    refused(given(partnership, child, officer, "farther"), 422, "person_not_known", "/for/0")
    assert REFUGE not in given(partnership, child, officer, "p9").get_data(as_text=True)
    assert REFUGE in given(partnership, child, officer, "mother").get_data(as_text=True)


def test_an_agency_that_is_kept_from_somebody_is_named_nowhere(partnership: Partnership, child: str) -> None:
    """Where all that a refuge holds is not for the father, neither a referral to it nor a share with it names it."""
    partnership.involve(child, "police")
    secret = partnership.observation(child, narrative=REFUGE, sharing=NOT_TO_FATHER)
    stored(partnership.post("/observations", secret, "police"))
    event = partnership.event
    referral = {"event_id": event(), "to": "police", "reason": "She asked."}
    stored(partnership.post(f"/children/{child}/referrals", referral, "hv"))
    share = {"event_id": event(), "with": "police", "decision": "shared", "what": "All.", "lawful_basis": "public_task"}
    stored(partnership.post(f"/children/{child}/shares", share, "hv"))
    officer = partnership.session(partnership.person("hv", "ro", Role.RECORDS_OFFICER))
    assert "POLICE" not in given(partnership, child, officer, "father", on_behalf_of=["child"]).get_data(as_text=True)
    notice = {"event_id": event(), "decision": "given", "for": ["father"]}
    answer = partnership.send_as(officer, "POST", f"/api/v1/children/{child}/family-notice", json=notice)
    assert "POLICE" not in answer.get_data(as_text=True)
    assert "POLICE" in given(partnership, child, officer, "mother").get_data(as_text=True)


def test_a_session_that_ends_while_it_is_renewed_stays_ended(
    partnership: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signing out everywhere in the very moment of a renewal leaves no new session behind."""
    session = partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))
    now = datetime.now(UTC)
    with transaction(partnership.context.engine, party=None) as connection:
        found = sessions.open_session(connection, hash_of(session))
        assert found is not None
        sign_out_everywhere(connection, found.person_id, now)
        monkeypatch.setattr(sessions, "open_session", lambda *_: found)
        with pytest.raises(SessionEndedError):
            renew_session(connection, session, os.urandom, now)


@pytest.mark.parametrize("name", [b"/JavaScript", b"/Java#53cript", b"/#4aavaScript"])
def test_a_script_in_a_pdf_is_found_however_its_name_is_written(name: bytes) -> None:
    """Letters of a name may be escaped."""
    found = read_media(b"%PDF-1.4\n1 0 obj<</S" + name + b">>endobj\n%%EOF", "application/pdf")
    assert isinstance(found, MediaFault)
