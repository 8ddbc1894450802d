"""What follows a record that went to another partnership: audits, detection under way, auditors, identifiers."""

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from ledger.domain.role import Role
from ledger.services import detect as detecting
from ledger.services.keep_alerts import keep_alerts
from ledger.services.self_audit import audit
from ledger.store.database import driver_url
from tests.answers import NHS_NUMBERS, observation, refused, stored
from tests.integration.services.elsewhere import OTHER, THEIRS, Elsewhere
from tests.integration.services.sealing import seal_all, sealer
from tests.integration.services.test_rebuild import differing, rebuilt
from tests.partnership import Partnership, default_pack


@pytest.fixture
def elsewhere(partnership: Partnership) -> Elsewhere:
    """Csc leads a child by sw1, with hv and gp; another partnership is there."""
    return Elsewhere(partnership)


def move(elsewhere: Elsewhere) -> None:
    """The record is offered and taken."""
    stored(elsewhere.post("replies", THEIRS, of=elsewhere.offer(), answer="accepted", person="w1"))


def test_the_self_audit_knows_where_a_record_went(elsewhere: Elsewhere, tmp_path: Path, superuser_url: str) -> None:
    """A record that was handed over is no fault; one that is where no entry took it is."""
    move(elsewhere)
    with sealer(elsewhere.partnership, tmp_path) as sealing:
        seal_all(sealing)
    worker = elsewhere.partnership.engine("ledger_worker")
    assert audit(worker, "lately").problems == []
    engine = create_engine(driver_url(superuser_url))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE ledger.heads DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE ledger.heads SET partnership_id = 'demo' WHERE kind = 'child'"))
    engine.dispose()
    assert [one.why for one in audit(worker, "lately").problems] == ["its head has another partnership"]


def test_what_is_found_while_it_moves_is_its_new_leads(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accepted while a detection of it is under way: nobody waits, and the alert is whose the record is then."""
    partnership, offered = elsewhere.partnership, elsewhere.offer()
    stored(elsewhere.post("actions", "csc", what="Visit.", owner={"agency": "hv"}, due="2023-10-06"))
    step_through, accepted = detecting._step_through, list[Any]()

    def meanwhile(*given: Any) -> None:
        if not accepted:
            answer = elsewhere.post("replies", THEIRS, of=offered, answer="accepted", person="w1")
            accepted.append(stored(answer))
        step_through(*given)

    monkeypatch.setattr(detecting, "_step_through", meanwhile)
    for _ in range(2):
        partnership.detect(elsewhere.child)
    while keep_alerts(partnership.engine("ledger_worker"), lambda _digest: default_pack(), os.urandom):
        pass
    (alert,) = stored(partnership.get("/alerts", THEIRS))["alerts"]
    assert (alert["finding"]["rule"], alert["to"]["person"]) == ("action_not_done", "w1")
    assert stored(partnership.get("/alerts", "csc"))["alerts"] == []
    assert differing(rebuilt(partnership)) == []


def test_its_auditors_are_the_new_partnerships(elsewhere: Elsewhere) -> None:
    """Until it is taken the old one's read it and the new one's do not; from then on it is the other way about."""
    partnership = elsewhere.partnership
    sessions = {one: partnership.session(partnership.person(one, "aud", Role.AUDITOR)) for one in ("csc", THEIRS)}
    purpose = {"Access-Purpose": "a complaint"}

    def statuses(agency: str) -> set[int]:
        paths = (f"/api/v1/children/{elsewhere.child}/{what}" for what in ("timeline", "replay", "work", "access"))
        return {partnership.send_as(sessions[agency], "GET", path, headers=purpose).status_code for path in paths}

    assert (statuses("csc"), statuses(THEIRS)) == ({200}, {404})
    move(elsewhere)
    assert (statuses("csc"), statuses(THEIRS)) == ({404}, {200})


def test_its_number_finds_it_where_it_is_and_for_those_with_a_part(elsewhere: Elsewhere) -> None:
    """Registered again it is the same record there, and for the old agencies that work with it; for nobody else."""
    partnership = elsewhere.partnership
    body = {"nhs_number": NHS_NUMBERS[3], "born": "2020-01-01"}

    def register(agency: str) -> Any:
        return partnership.post("/children", body | {"event_id": partnership.event()}, agency)

    elsewhere.child = str(stored(register("csc"))["child"])
    partnership.involve(elsewhere.child, "csc")
    partnership.involve(elsewhere.child, "hv")
    stored(elsewhere.lead("sw1"))
    refused(register(OTHER), 409, "number_held_elsewhere")
    move(elsewhere)
    assert {stored(register(one))["child"] for one in (OTHER, THEIRS, "hv")} == {elsewhere.child}
    refused(register("police"), 409, "number_held_elsewhere")
    named = {"child": {"nhs_number": NHS_NUMBERS[3]}}
    stored(partnership.post("/observations", observation("hv", elsewhere.child) | named, "hv"))
    refused(partnership.post("/observations", observation("police", elsewhere.child) | named, "police"), 422)

    assert differing(rebuilt(partnership)) == []
