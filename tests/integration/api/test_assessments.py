"""Assessments over the interface: opened, asked, answered, signed by a second person once the history was opened."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.domain.role import Role
from ledger.services.enrol import add_person
from ledger.services.fan_out import fan_out
from ledger.services.people_say import as_agency, set_rung
from ledger.services.plan_deliveries import nothing
from tests.chance import chance
from tests.integration.services.detecting import History, packs
from tests.opened import DUTY_DESK
from tests.partnership import Partnership, refused, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom csc, hv, gp and police are involved with, and csc leads."""
    child = partnership.child(involve=["csc", "hv", "gp", "police"])
    send(partnership, child, "leads", {"agency": "csc", "person": "sw1"}, "csc")
    return child


def send(partnership: Partnership, child: str, collection: str, body: dict[str, Any], agency: str) -> Any:
    return partnership.post(f"/children/{child}/{collection}", {"event_id": partnership.event(), **body}, agency)


def opened(partnership: Partnership, child: str, agency: str = "csc", **changes: Any) -> Any:
    body = {"kind": "child_and_family", "asks": ["hv", "gp"], "author": {"ref": "sw1"}, **changes}
    return send(partnership, child, "assessments", body, agency)


def reply(partnership: Partnership, child: str, of: str, agency: str, **changes: Any) -> Any:
    return send(partnership, child, "assessment-replies", {"of": of, "answer": "nothing_held", **changes}, agency)


def sign(partnership: Partnership, child: str, of: str, agency: str = "csc", **changes: Any) -> Any:
    body = {"of": of, "author": {"ref": "mgr1"}, **changes}
    return send(partnership, child, "assessment-signatures", body, agency)


def read(partnership: Partnership, child: str, what: str, agency: str = "csc") -> dict[str, Any]:
    found: dict[str, Any] = stored(partnership.get(f"/children/{child}/{what}", agency))
    return found


def test_who_was_asked_has_replied_and_was_not(partnership: Partnership, child: str) -> None:
    """Each agency stands where it is: asked at the opening or later, with its newest answer, or not asked at all."""
    assessment = stored(opened(partnership, child))["id"]
    stored(reply(partnership, child, assessment, "hv"))
    own = stored(partnership.post("/observations", partnership.observation(child), "hv"))["id"]
    stored(reply(partnership, child, assessment, "hv", answer="replied", entries=[own]))
    (one,) = read(partnership, child, "assessments")["assessments"]
    asked = {each["agency"]: each["state"] for each in one["asked"]}
    assert asked == {"hv": "replied", "gp": "not_replied"}
    assert one["asked"][0]["reply"]["entries"] == [own]
    assert [each["agency"] for each in one["not_asked"]] == ["police"]
    asking = stored(send(partnership, child, "assessment-requests", {"of": assessment, "agency": "police"}, "csc"))
    refused(reply(partnership, child, assessment, "police"), 422, "assessment_never_asked")
    refusal = {"answer": "refused", "reason": "A trial is running."}
    stored(reply(partnership, child, asking["id"], "police", **refusal))
    (one,) = read(partnership, child, "assessments", "hv")["assessments"]
    assert {each["agency"]: each["state"] for each in one["asked"]}["police"] == "refused"
    assert one["not_asked"] == []


def test_what_never_was_is_refused(partnership: Partnership, child: str) -> None:
    """A reply by who was not asked, to what is no assessment, of a record of others; asking twice, or oneself."""
    assessment = stored(opened(partnership, child))["id"]
    other = stored(partnership.post("/observations", partnership.observation(child), "hv"))["id"]
    refused(reply(partnership, child, other, "hv"), 422, "assessment_never_asked")
    refused(reply(partnership, child, assessment, "police"), 422, "assessment_never_asked")
    refused(reply(partnership, child, assessment, "csc"), 422, "assessment_never_asked")
    refused(reply(partnership, child, assessment, "hv", answer="refused"), 422, "needs_reason")
    elsewhere = partnership.child(involve=["hv"])
    refused(reply(partnership, elsewhere, assessment, "hv"), 422, "assessment_never_asked")
    for body, code in (
        ({"of": assessment, "agency": "gp"}, "asked_already"),
        ({"of": assessment, "agency": "csc"}, "asked_itself"),
        ({"of": assessment, "agency": "nobody"}, "agency_not_known"),
        ({"of": other, "agency": "police"}, "assessment_not_known"),
    ):
        status = 409 if code == "asked_already" else 422
        refused(send(partnership, child, "assessment-requests", body, "csc"), status, code)
    refused(send(partnership, child, "assessment-requests", {"of": assessment, "agency": "police"}, "gp"), 409,
            "not_yours_to_ask")  # fmt: skip
    refused(opened(partnership, child, asks=["csc"]), 422, "asked_itself")
    kept = {"marking": "restricted", "to": ["hv", "gp"], "lawful_basis": "public_task"}
    hidden = stored(opened(partnership, child, sharing=kept))["id"]
    asking = {"of": hidden, "agency": "police"}
    refused(send(partnership, child, "assessment-requests", asking, "csc"), 422, "asked_must_see", "/agency")
    refused(opened(partnership, child, asks=["hv", "nobody"]), 422, "agency_not_known")
    refused(opened(partnership, child, author={"role": "social worker"}), 422, "assessor_unnamed")


def test_signing_needs_a_second_person_and_the_history(partnership: Partnership, child: str) -> None:
    """Not by the author, not with nobody named, not by another agency, and not before the history was opened."""
    assessment = stored(opened(partnership, child))["id"]
    refused(sign(partnership, child, assessment), 409, "history_not_opened")
    read(partnership, child, "history-pack", "hv")
    refused(sign(partnership, child, assessment), 409, "history_not_opened")
    read(partnership, child, "history-pack")
    refused(sign(partnership, child, assessment, author={"ref": "SW1"}), 409, "signs_own_assessment")
    refused(sign(partnership, child, assessment, second="sw1"), 409, "signs_own_assessment")
    refused(sign(partnership, child, assessment, author={"ref": "sw1"}, second="mgr1"), 409, "signs_own_assessment")
    refused(sign(partnership, child, assessment, author={"role": "manager"}), 422, "signer_unnamed")
    refused(sign(partnership, child, assessment, "hv"), 409, "not_yours_to_sign")
    refused(sign(partnership, child, assessment, judgement=assessment[:-1] + "99"), 422, "judgement_not_known")
    stored(sign(partnership, child, assessment, judgement=assessment))
    refused(sign(partnership, child, assessment), 409, "signed_already")
    (one,) = read(partnership, child, "assessments", "gp")["assessments"]
    assert (one["state"], one["signed"]["author"]["ref"], one["history"]["opened"]) == ("signed", "mgr1", True)
    assert {look["agency"] for look in one["history"]["by"]} == {"hv", "csc"}


def test_people_who_sign_in_are_told_apart(partnership: Partnership, child: str) -> None:
    """Whoever wrote it under a reference is the same person signed in; a colleague's look at the history is no look."""
    people = {ref: partnership.person("csc", ref, Role.PRACTITIONER) for ref in ("sw1", "sw9", "mgr1")}
    sessions = {ref: partnership.session(person) for ref, person in people.items()}
    assessment, at = stored(opened(partnership, child))["id"], f"/api/v1/children/{child}"
    stored(partnership.send_as(sessions["sw9"], "GET", f"{at}/history-pack"))

    def sign_as(ref: str) -> Any:
        sent = {"event_id": partnership.event(), "of": assessment}
        return partnership.send_as(sessions[ref], "POST", f"{at}/assessment-signatures", json=sent)

    refused(sign_as("mgr1"), 409, "history_not_opened")
    stored(partnership.send_as(sessions["sw1"], "GET", f"{at}/history-pack"))
    refused(sign_as("sw1"), 409, "signs_own_assessment")
    stored(sign_as("mgr1"))
    (one,) = read(partnership, child, "assessments")["assessments"]
    assert sorted(look["person"] for look in one["history"]["by"]) == ["sw1", "sw9"]
    (one,) = read(partnership, child, "assessments", "gp")["assessments"]
    assert {look["person"] for look in one["history"]["by"]} == {None}


def test_nothing_is_opened_by_what_shows_nothing(partnership: Partnership, child: str) -> None:
    """A HEAD, a point that is not there, a parameter that there is not, a point before the assessment: none counts."""
    before = stored(partnership.get(f"/children/{child}/history-pack", "csc"))
    assessment, at = stored(opened(partnership, child))["id"], f"/children/{child}/history-pack"
    answer = partnership.send("HEAD", at, "csc")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    refused(partnership.get(f"{at}?as_of=999", "csc"), 409)
    refused(partnership.get(f"{at}?any=1", "csc"), 422)
    stored(partnership.get(f"{at}?as_of={before['as_of']['number']}", "csc"))
    refused(sign(partnership, child, assessment), 409, "history_not_opened")
    with partnership.acting("ledger_worker") as connection:
        query = "SELECT count(*) FROM ledger.access_records WHERE what = 'history pack' AND outcome = 'answered'"
        assert connection.exec_driver_sql(query).scalar_one() == 2


def test_one_person_spelled_otherwise_is_no_second(partnership: Partnership, child: str) -> None:
    """By another way of writing the reference, by their name, or as somebody of another agency: none of them signs."""
    admin, name = partnership.engine("ledger_admin"), "Jane Smith"
    add_person(admin, chance, agency="csc", ref="sw1", name=name, role="social worker")
    assessment = stored(opened(partnership, child))["id"]
    read(partnership, child, "history-pack")
    for second in ("\uff53w1", "SW\u200b1", name, "SMITH, Jane", {"agency": "csc", "person": "SW1"}):
        answer = sign(partnership, child, assessment, author={"role": "worker"}, second=second)
        refused(answer, 409, "signs_own_assessment", "/second")
    elsewhere = {"agency": "police", "person": "pc1"}
    refused(sign(partnership, child, assessment, second=elsewhere), 422, "signer_elsewhere", "/second")
    stored(sign(partnership, child, assessment, second="mgr2"))


def test_whoever_is_asked_and_whoever_asked_hears_of_it(partnership: Partnership, child: str) -> None:
    """Each agency that is asked, with a part in the record or without; then who asked; of a concern the lead."""

    def heard(agency: str) -> list[str]:
        fan_out(partnership.engine("ledger_worker"), nothing, packs=packs)
        return [one["type"] for one in partnership.get("/notices", agency).get_json(force=True)]

    partnership.person("csc", "sw1", Role.PRACTITIONER)
    assessment = stored(opened(partnership, child, "hv", asks=["gp", DUTY_DESK], author={"ref": "hv1"}))["id"]
    assert (heard("gp"), heard(DUTY_DESK)) == (["assessment.asked"], ["assessment.asked"])
    refused(reply(partnership, child, assessment, DUTY_DESK), 404, "not_found")
    partnership.involve(child, DUTY_DESK)
    stored(reply(partnership, child, assessment, DUTY_DESK))
    concern = stored(send(partnership, child, "concerns", {"what": "He flinches."}, "hv"))["id"]
    answer = {"of": concern, "answer": "answered", "how": ["told"], "reason": "He is shy."}
    stored(send(partnership, child, "concern-answers", answer, "gp"))
    assert heard("hv") == ["assessment.replied", "concern.answered"]
    assert "concern.raised" in heard("csc")


def test_one_that_nobody_signs_is_an_alert_with_the_manager_to_ring(database_url: str) -> None:
    """Past its day whoever leads is alerted, told the manager of the agency that assesses; signing it ends that."""
    partnership = Partnership(database_url, clock_at=datetime(2023, 3, 6, 9, tzinfo=UTC))
    try:
        record = partnership.child("hv", involve=("hv", "csc"), born="2020-12-01")
        send(partnership, record, "leads", {"agency": "csc", "person": "sw1"}, "csc")
        partnership.person("hv", "boss", Role.MANAGER)
        engine = partnership.context.engine
        set_rung(engine, as_agency(engine, "hv"), "manager", "boss", chance=chance)
        body = {"asks": ["csc"], "author": {"ref": "hv1"}, "due": "2023-03-20"}
        assessment = stored(opened(partnership, record, "hv", **body))["id"]
        stored(reply(partnership, record, assessment, "csc"))
        history = History(partnership, record)
        history.move(datetime(2023, 3, 22, 9, tzinfo=UTC))
        history.detect()
        alerts = [one for one in stored(partnership.get("/alerts", "csc"))["alerts"] if "awaited" in one["finding"]]
        (alert,) = [one for one in alerts if one["finding"]["rule"] == "assessment_unsigned"]
        assert [one["agency"] for one in alert["finding"]["awaited"]["managers"]] == ["hv"]
        assert alert["finding"]["headline"].startswith("Not signed by a second person: the assessment of")
        (one,) = read(partnership, record, "assessments")["assessments"]
        assert one["state"] == "overdue"
        read(partnership, record, "history-pack", "hv")
        stored(sign(partnership, record, assessment, "hv"))
        history.detect()
        found = stored(partnership.get(f"/children/{record}/findings", "csc"))["findings"]
        assert "assessment_unsigned" not in {one["rule"] for one in found}
    finally:
        partnership.close()
