import json
import os
from typing import Any

import pytest
from sqlalchemy import text

from ledger.domain.role import Role
from ledger.services.give_role import give_role, take_role
from ledger.services.sign_in import SESSION_COOKIES, csrf_token
from tests.partnership import Partnership, refused, stored
from tests.unit.api.examples import CANARY

AUDIT = {"Access-Purpose": "complaint 17"}


def decision(partnership: Partnership, **more: Any) -> dict[str, Any]:
    return {"event_id": partnership.event(), "kind": "step_down", "reason": "father gone", **more}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child that hv and csc work with, of which hv wrote."""
    record = partnership.child("hv", involve=["hv", "csc"])
    stored(partnership.post("/observations", partnership.observation(record, narrative=CANARY)))
    return record


@pytest.fixture
def session(partnership: Partnership) -> str:
    """A practitioner of csc's, signed in."""
    return partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))


def test_a_person_reads_and_works_by_the_interface(partnership: Partnership, child: str, session: str) -> None:
    """A session's cookie is answered as a key is: a reading is theirs, and what they post is signed with their name."""
    read = stored(partnership.send_as(session, "GET", f"/api/v1/children/{child}/timeline"))
    assert CANARY in json.dumps(read)
    sent = partnership.send_as(session, "POST", f"/api/v1/children/{child}/decisions", json=decision(partnership))
    own = stored(partnership.send_as(session, "GET", f"/api/v1/entries/{stored(sent)['id']}"))
    assert own["body"]["author"] == {"ref": "sw1"}
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text("SELECT agency_id, person_id FROM ledger.access_records WHERE what = 'timeline'")
        [(agency, person)] = connection.execute(query).all()
    assert (agency, person) == ("csc", partnership.person("csc", "sw1").person_id)


def test_nobody_signs_for_another(partnership: Partnership, child: str, session: str) -> None:
    """Who is signed in is the author: another name is refused, and their own changes nothing."""
    path = f"/api/v1/children/{child}/decisions"
    other = decision(partnership, author={"ref": "sw2"})
    refused(partnership.send_as(session, "POST", path, json=other), 422, "author_is_another", "/author/ref")
    own = decision(partnership, author={"ref": "sw1", "role": "social worker"})
    first = stored(partnership.send_as(session, "POST", path, json=own))
    again = partnership.send_as(session, "POST", path, json=own)
    assert (again.status_code, again.get_json()["hash"]) == (200, first["hash"])


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
        {"X-CSRF-Token": "ä".encode().decode("latin-1")},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_forged_request_is_refused(
    partnership: Partnership, child: str, session: str, headers: dict[str, str]
) -> None:
    """A cookie alone changes nothing: without the session's own token, or from another site, nothing is stored."""
    rows = partnership.rows()
    path = f"/api/v1/children/{child}/decisions"
    answer = partnership.send_as(session, "POST", path, json=decision(partnership), headers=headers)
    refused(answer, 403, "forbidden")
    assert partnership.rows() == rows


def test_another_site_reads_nothing_by_a_cookie(partnership: Partnership, child: str, session: str) -> None:
    """A request that a browser says another site made is refused, and leaves no access record."""
    headers = {"Sec-Fetch-Site": "cross-site"}
    rows = partnership.rows()
    refused(partnership.send_as(session, "GET", f"/api/v1/children/{child}/timeline", headers=headers), 403)
    assert partnership.rows() == rows


def test_a_key_goes_before_a_cookie(partnership: Partnership, child: str, session: str) -> None:
    """With an Authorization header the session counts for nothing, right or wrong as the header is."""
    path = f"/api/v1/children/{child}/timeline"
    wrong = {"Authorization": "Bearer ledger.csc.aaaaaaaa." + "A" * 43}
    for header in (wrong, {"Authorization": "Basic YTpi"}, {"Authorization": ""}):
        refused(partnership.send_as(session, "GET", path, headers=header), 401, "unauthenticated")
    gp = {"Authorization": f"Bearer {partnership.keys['gp']}"}
    refused(partnership.send_as(session, "GET", path, headers=gp), 404)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\x7f" * 43])
def test_a_session_that_is_none_is_nobody(partnership: Partnership, child: str, token: str) -> None:
    """A cookie that no session has is as good as no cookie."""
    client = partnership.app.test_client()
    client.set_cookie(SESSION_COOKIES[0], token)
    refused(client.get(f"/api/v1/children/{child}/timeline"), 401, "unauthenticated")


def test_a_role_counts_from_the_next_call(partnership: Partnership, child: str) -> None:
    """In one session: taken away, the next call is refused; given again, the next one is answered."""
    admin, person = partnership.engine("ledger_admin"), partnership.person("csc", "sw1", Role.PRACTITIONER)
    session, path = partnership.session(person), f"/api/v1/children/{child}/timeline"
    stored(partnership.send_as(session, "GET", path))
    assert take_role(admin, os.urandom, agency="csc", ref="sw1", role=Role.PRACTITIONER)
    refused(partnership.send_as(session, "GET", path), 403, "forbidden")
    assert partnership.send_as(session, "GET", f"/children/{child}/chronology").status_code == 403
    assert give_role(admin, os.urandom, agency="csc", ref="sw1", role=Role.PRACTITIONER)
    stored(partnership.send_as(session, "GET", path))


def test_a_lead_counts_from_the_next_call(partnership: Partnership, child: str) -> None:
    """A manager works on a record while they lead it, and no longer once another was named."""
    session = partnership.session(partnership.person("csc", "tm1", Role.MANAGER))
    path = f"/api/v1/children/{child}/decisions"

    def name(person: str, **more: Any) -> None:
        lead = {"event_id": partnership.event(), "agency": "csc", "person": person, **more}
        stored(partnership.post(f"/children/{child}/leads", lead, "csc"))

    refused(partnership.send_as(session, "POST", path, json=decision(partnership)), 404)
    name("tm1")
    stored(partnership.send_as(session, "POST", path, json=decision(partnership)))
    name("sw1", deputy="tm1")
    stored(partnership.send_as(session, "POST", path, json=decision(partnership)))
    name("sw1")
    refused(partnership.send_as(session, "POST", path, json=decision(partnership)), 404)


def test_a_namesake_elsewhere_does_not_lead(partnership: Partnership, child: str) -> None:
    """A lead is a person of the lead's agency: the same reference at another agency opens nothing."""
    session = partnership.session(partnership.person("hv", "tm1", Role.MANAGER))
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "tm1"}
    stored(partnership.post(f"/children/{child}/leads", lead, "csc"))
    path = f"/api/v1/children/{child}/decisions"
    refused(partnership.send_as(session, "POST", path, json=decision(partnership)), 404)


# --- auditors ---------------------------------------------------------------------------------------------------------


def test_an_auditor_says_why(partnership: Partnership, child: str) -> None:
    """Without a purpose an auditor is told so and shown nothing; with one, the look is recorded as theirs."""
    auditor = partnership.person("police", "a1", Role.AUDITOR)
    session, path = partnership.session(auditor), f"/api/v1/children/{child}/timeline"
    for headers in ({}, {"Access-Purpose": " "}, {"Access-Purpose": "x" * 201}):
        answer = partnership.send_as(session, "GET", path, headers=headers)
        refused(answer, 400)
        assert CANARY not in answer.get_data(as_text=True)
    assert CANARY in json.dumps(stored(partnership.send_as(session, "GET", path, headers=AUDIT)))
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text("SELECT agency_id, person_id, purpose FROM ledger.access_records WHERE what = 'timeline'")
        assert connection.execute(query).all() == [("police", auditor.person_id, "complaint 17")]


def test_an_auditor_sees_no_more_than_the_involved(partnership: Partnership, child: str) -> None:
    """What is restricted to named agencies an auditor does not see, and neither what their own agency restricted."""
    for agency, to in (("csc", ["hv"]), ("hv", ["csc"])):
        sharing = {"marking": "restricted", "to": to, "lawful_basis": "public task"}
        body = partnership.observation(child, narrative=f"{CANARY} of {agency}", sharing=sharing)
        stored(partnership.post("/observations", body, agency))
    session = partnership.session(partnership.person("csc", "a1", Role.AUDITOR))
    for view in ("timeline", "picture", "people", "gaps", "expectations"):
        seen = stored(partnership.send_as(session, "GET", f"/api/v1/children/{child}/{view}", headers=AUDIT))
        assert f"{CANARY} of" not in json.dumps(seen)


def test_an_auditor_is_of_one_partnership(partnership: Partnership, other_child: str) -> None:
    """A record of another partnership is not there for an auditor, nor is the partnership's own."""
    session = partnership.session(partnership.person("csc", "a1", Role.AUDITOR))
    for record in (other_child, str(partnership.partnership_record)):
        answer = partnership.send_as(session, "GET", f"/api/v1/children/{record}/timeline", headers=AUDIT)
        refused(answer, 404)


def test_an_auditor_writes_nothing_and_is_brought_no_alerts(partnership: Partnership, child: str) -> None:
    """Nobody's alerts are an auditor's, not even their own agency's, and no body of theirs is taken."""
    partnership.alert(child)
    session = partnership.session(partnership.person("csc", "sw1", Role.AUDITOR))
    assert stored(partnership.send_as(session, "GET", "/api/v1/alerts", headers=AUDIT))["alerts"] == []
    path = f"/api/v1/children/{child}/decisions"
    refused(partnership.send_as(session, "POST", path, json=decision(partnership), headers=AUDIT), 403)


@pytest.fixture
def other_child(partnership: Partnership) -> str:
    """A child of another partnership."""
    from ledger.services.enrol import Agency
    from ledger.services.open_ledger import open_partnership

    desk = Agency("elsewhere", "duty_desk", "Desk", "ring it")
    open_partnership(
        partnership.engine("ledger_admin"), os.urandom, ref="other", name="Other", nation="wales", duty_desk=desk,
        pack=partnership.context.pack,
    )  # fmt: skip
    partnership.key_ids["elsewhere"], partnership.keys["elsewhere"] = partnership.issue("elsewhere")
    return partnership.child("elsewhere")


# --- one's own ------------------------------------------------------------------------------------------------


def test_the_agencys_own_stay_its_own(partnership: Partnership, child: str) -> None:
    """What an agency wrote before its part ended is read back by its practitioners; others' of that child is not."""
    own = stored(partnership.post("/observations", partnership.observation(child), "police"))
    session = partnership.session(partnership.person("police", "pc1", Role.PRACTITIONER))
    assert stored(partnership.send_as(session, "GET", f"/api/v1/entries/{own['id']}"))["id"] == own["id"]
    refused(partnership.send_as(session, "GET", f"/api/v1/children/{child}/timeline"), 404)


def test_the_token_against_forgery_is_the_sessions(partnership: Partnership, child: str, session: str) -> None:
    """The token of another session of the same person does not do."""
    other = partnership.session(partnership.person("csc", "sw1"))
    headers = {"X-CSRF-Token": csrf_token(other)}
    path = f"/api/v1/children/{child}/decisions"
    refused(partnership.send_as(session, "POST", path, json=decision(partnership), headers=headers), 403)
