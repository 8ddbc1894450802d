"""Who settles work and who is asked: what was asked for is done by whoever it concerns, and nobody is asked in vain."""

import os
from datetime import UTC, datetime

import pytest

from ledger.domain.role import Role
from ledger.services.end_agency import end_agency
from ledger.services.fan_out import fan_out
from ledger.services.people_say import as_agency, set_reach
from ledger.services.plan_deliveries import nothing
from ledger.store.reaching import addresses_of
from tests.answers import observation, refused, stored
from tests.chance import chance
from tests.integration.services.elsewhere import DESK, OTHER, THEIRS, Elsewhere
from tests.integration.services.test_rebuild import differing, rebuilt
from tests.partnership import Partnership

INFORMATION = {"asks": "Weights.", "purpose": "Safety.", "lawful_basis": "public_task"}
ASSESSMENT = {"kind": "child_and_family", "author": {"ref": "sw1"}}


@pytest.fixture
def elsewhere(partnership: Partnership) -> Elsewhere:
    """Csc leads a child by sw1, with hv and gp; another partnership is there."""
    return Elsewhere(partnership)


def end(elsewhere: Elsewhere, agency: str) -> None:
    """An agency ends, at the command line."""
    admin = elsewhere.partnership.engine("ledger_admin")
    end_agency(admin, os.urandom, agency=agency, reason="Merged.", now=datetime.now(UTC))


def heard(elsewhere: Elsewhere, agency: str) -> list[str]:
    """What an agency's systems were told, by its types."""
    fan_out(elsewhere.partnership.engine("ledger_worker"), nothing)
    return [one["type"] for one in elsewhere.partnership.get("/notices", agency).get_json()]


def state_of(elsewhere: Elsewhere, entry: str) -> str:
    """How a piece of work stands, as csc reads it."""
    items = stored(elsewhere.partnership.get(f"/children/{elsewhere.child}/work", "csc"))["work"]
    return next(str(one["state"]) for one in items if one["id"] == entry)


def test_what_was_never_asked_is_not_done(elsewhere: Elsewhere) -> None:
    """Not an observation, not an offer, not an entry that is not there; and sent again the answer is the same."""
    told = stored(elsewhere.partnership.post("/observations", observation("o", elsewhere.child), "hv"))["id"]
    offered = stored(elsewhere.post("handovers", "csc", of="work", to={"agency": "hv"}))["id"]
    for named in (told, offered, f"{told.partition('.')[0]}.99", f"{'a' * 26}.1"):
        refused(elsewhere.post("done", "hv", of=named), 422, "never_asked", "/of")
    agreed = stored(elsewhere.post("actions", "csc", what="Visit.", owner={"agency": "hv"}))["id"]
    body = {"of": agreed, "event_id": "once"}
    assert stored(elsewhere.post("done", "hv", **body)) == stored(elsewhere.post("done", "hv", **body))
    refused(elsewhere.post("done", "hv", of=agreed), 409, "answered_finally", "/of")


def test_who_neither_asked_nor_owes_settles_nothing(elsewhere: Elsewhere) -> None:
    """Another agency's word leaves it open; whoever asked closes it, turned down or not; an office's work anybody."""
    first, second = (
        stored(elsewhere.post("actions", "gp", what="Visit.", owner={"agency": "hv"}))["id"] for _ in range(2)
    )
    refused(elsewhere.post("done", "csc", of=first), 409, "not_yours_to_settle", "/of")
    assert state_of(elsewhere, first) == "asked"
    stored(elsewhere.post("done", "gp", of=first))
    stored(elsewhere.post("replies", "hv", of=second, answer="declined", reason="No room."))
    stored(elsewhere.post("done", "gp", of=second))
    office = stored(elsewhere.post("referrals", "gp", to="early_help", reason="Sleep."))["id"]
    stored(elsewhere.post("done", "hv", of=office))
    assert differing(rebuilt(elsewhere.partnership)) == []


def test_work_of_an_agency_that_ended_is_handed_on_by_whoever_leads(elsewhere: Elsewhere) -> None:
    """Else what it had agreed to itself would be nobody's for ever; an agency that does not lead does not take it."""
    handed, done = (
        stored(elsewhere.post("actions", "csc", what="Visit.", owner={"agency": "csc"}))["id"] for _ in range(2)
    )
    lead = stored(elsewhere.post("handovers", "csc", of="lead", to={"agency": "hv"}))["id"]
    end(elsewhere, "csc")
    stored(elsewhere.post("replies", "hv", of=lead, answer="accepted", person="hv1"))
    refused(elsewhere.post("handovers", "gp", of="work", to={"agency": "gp"}, entry=handed), 422, "not_work")
    refused(elsewhere.post("done", "gp", of=done), 409, "not_yours_to_settle")
    offered = stored(elsewhere.post("handovers", "hv", of="work", to={"agency": "gp"}, entry=handed))["id"]
    stored(elsewhere.post("replies", "gp", of=offered, answer="accepted"))
    stored(elsewhere.post("done", "hv", of=done))
    items = stored(elsewhere.partnership.get(f"/children/{elsewhere.child}/work", "hv"))["work"]
    assert {one["id"]: one["accountable"]["agency"] for one in items}[handed] == "gp"
    assert differing(rebuilt(elsewhere.partnership)) == []


def test_an_agency_that_ended_is_asked_nothing_by_any_way(elsewhere: Elsewhere) -> None:
    """Neither for an assessment nor by a check nor to disagree; what it answered before it ended is recorded still."""
    opened = stored(elsewhere.post("assessments", "csc", **ASSESSMENT))["id"]
    end(elsewhere, "hv")
    refused(elsewhere.post("assessments", "csc", **ASSESSMENT, asks=["gp", "hv"]), 409, "agency_ended", "/asks/1")
    refused(elsewhere.post("assessment-requests", "csc", of=opened, agency="hv"), 409, "agency_ended", "/agency")
    refused(elsewhere.post("checks", "csc", **{"with": "hv", "asked": "Weights?"}), 409, "agency_ended", "/with")
    stored(elsewhere.post("checks", "csc", **{"with": "hv", "asked": "Weights?", "result": "None held."}))
    body = {"with": ["hv"], "kind": "threshold", "view": "It was closed too soon.", "wants": "A visit."}
    refused(elsewhere.post("disagreements", "csc", **body), 409, "agency_ended", "/with/0")


def test_an_agency_that_ended_is_written_to_no_more(elsewhere: Elsewhere) -> None:
    """No mail to its people, and no message to an endpoint of its systems."""
    engine = elsewhere.partnership.context.engine
    person = elsewhere.partnership.person("hv", "hv1", Role.PRACTITIONER)
    set_reach(engine, as_agency(engine, "hv"), "hv1", mail="hv1@hv.example.org", phone=None, chance=chance)
    party = f"person:{person.person_id}"

    def reached() -> bool:
        with elsewhere.partnership.acting("ledger_worker") as connection:
            driver = connection.connection.driver_connection
            return party in addresses_of(driver, [party])  # type: ignore[arg-type]

    assert reached()
    end(elsewhere, "hv")
    assert not reached()


@pytest.mark.parametrize(
    ("collection", "body", "pointer"),
    [
        ("referrals", {"to": THEIRS, "reason": "They moved."}, "/to"),
        ("actions", {"what": "Visit.", "owner": {"agency": THEIRS}}, "/owner/agency"),
        ("handovers", {"of": "work", "to": {"agency": THEIRS}}, "/to/agency"),
        ("handovers", {"of": "lead", "to": {"agency": THEIRS}}, "/to/agency"),
    ],
)
def test_nobody_elsewhere_is_asked_what_they_would_never_hear(
    elsewhere: Elsewhere, collection: str, body: dict[str, object], pointer: str
) -> None:
    """An agency of another partnership without a part in the record is told nothing and could answer nothing."""
    refused(elsewhere.post(collection, "csc", **body), 422, "agency_elsewhere", pointer)


def test_after_a_move_those_with_a_part_work_with_the_new_ones(elsewhere: Elsewhere) -> None:
    """Each asks the other, is told of it and answers; one of the old area without a part is as far off as any other."""
    stored(elsewhere.post("replies", THEIRS, of=elsewhere.offer(), answer="accepted", person="w1"))
    assert {heard(elsewhere, one)[-1] for one in ("csc", THEIRS)} == {"lead.changed"}
    stored(elsewhere.post("information-requests", "hv", to=THEIRS, **INFORMATION))
    asked = stored(elsewhere.post("information-requests", THEIRS, to="hv", **INFORMATION))["id"]
    stored(elsewhere.post("information-answers", "hv", of=asked, answer="nothing_held", lawful_basis="public_task"))
    opened = stored(elsewhere.post("assessments", THEIRS, **ASSESSMENT, asks=["hv"]))["id"]
    stored(elsewhere.post("assessment-replies", "hv", of=opened, answer="nothing_held"))
    referred = stored(elsewhere.post("referrals", THEIRS, to="hv", reason="Weight."))["id"]
    stored(elsewhere.post("replies", "hv", of=referred, answer="accepted"))
    assert heard(elsewhere, "hv") == ["request.opened", "assessment.asked", "referral.offered"]
    assert "request.opened" in heard(elsewhere, THEIRS)
    share = {"what": "All of it.", "decision": "shared", "lawful_basis": "public_task"}
    stored(elsewhere.post("shares", THEIRS, **share, **{"with": "hv"}))
    stored(elsewhere.post("shares", "hv", **share, **{"with": THEIRS}))
    body = {"with": [THEIRS], "kind": "threshold", "view": "It was closed too soon.", "wants": "A visit."}
    stored(elsewhere.post("disagreements", "hv", **body))
    refused(elsewhere.post("information-requests", THEIRS, to="police", **INFORMATION), 422, "agency_not_known", "/to")
    refused(elsewhere.post("information-requests", "hv", to="police", **INFORMATION), 422, "agency_not_known", "/to")
    refused(elsewhere.post("referrals", "hv", to="police", reason="Fear."), 422, "agency_elsewhere", "/to")
    refused(elsewhere.post("handovers", THEIRS, of="lead", to={"agency": "hv"}), 422, "agency_elsewhere", "/to/agency")
    assert (heard(elsewhere, OTHER), heard(elsewhere, DESK)) == ([], [])
    assert differing(rebuilt(elsewhere.partnership)) == []
