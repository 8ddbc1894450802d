"""An agency ends: nothing works for it any more, nothing is asked of it, and what it leaves is listed and told."""

import os
from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.domain.role import Role
from ledger.services.end_agency import Ended, end_agency
from ledger.services.enrol import Agency, add_agency
from ledger.services.fan_out import fan_out
from ledger.services.plan_deliveries import nothing
from ledger.services.refusal import RefusedError
from tests.answers import refused, stored
from tests.integration.services.elsewhere import THEIRS, Elsewhere
from tests.integration.services.peopled import Peopled
from tests.integration.services.test_rebuild import differing, rebuilt
from tests.opened import issue_test_key
from tests.partnership import Partnership


@pytest.fixture
def peopled(partnership: Partnership) -> Peopled:
    """Csc leads by sw1; hv and gp take part, and hv has work to do."""
    return Peopled(partnership)


def end(peopled: Peopled, agency: str = "hv") -> Ended:
    """An agency ends, at the command line."""
    admin = peopled.partnership.engine("ledger_admin")
    return end_agency(admin, os.urandom, agency=agency, reason="Merged.", now=datetime.now(UTC))


def told_to(peopled: Peopled, agency: str) -> list[dict[str, Any]]:
    """What an agency's systems are told."""
    events: list[dict[str, Any]] = peopled.partnership.get("/notices", agency).get_json()
    return events


def test_its_keys_and_people_stop(peopled: Peopled) -> None:
    """At their next call; and no new key is issued to it, nor does it begin again."""
    session = peopled.partnership.session(peopled.partnership.person("hv", "hv1", Role.PRACTITIONER))
    end(peopled)
    refused(peopled.partnership.get("/work", "hv"), 401)
    assert peopled.partnership.send_as(session, "GET", "/api/v1/work").status_code == 401
    with pytest.raises(RefusedError, match="agency_ended"):
        issue_test_key(peopled.partnership.engine("ledger_admin"), "hv")
    with pytest.raises(RefusedError, match="ended_already"):
        end(peopled)
    with pytest.raises(RefusedError, match="desk_stays"):
        end(peopled, "duty")
    again = Agency("hv", "hv", "Health visitors", "ring hv")
    with pytest.raises(RefusedError, match="agency_ended"):
        add_agency(peopled.partnership.engine("ledger_admin"), os.urandom, partnership="demo", agency=again)


@pytest.mark.parametrize(
    ("collection", "body", "pointer"),
    [
        ("referrals", {"to": "hv", "reason": "Sleep."}, "/to"),
        ("actions", {"what": "Visit.", "owner": {"agency": "hv"}}, "/owner/agency"),
        ("handovers", {"of": "work", "to": {"agency": "hv"}}, "/to/agency"),
        ("handovers", {"of": "lead", "to": {"agency": "hv"}}, "/to/agency"),
        ("handovers", {"of": "record", "to": {"agency": "hv"}, "due": "2099-01-01"}, "/to/agency"),
        ("leads", {"agency": "hv", "person": "hv1"}, "/agency"),
        (
            "information-requests",
            {"to": "hv", "asks": "Weights.", "purpose": "Safety.", "lawful_basis": "public_task"},
            "/to",
        ),
    ],
)
def test_nothing_is_asked_of_it(peopled: Peopled, collection: str, body: dict[str, object], pointer: str) -> None:
    """Each is refused with the reason, at the field that names it."""
    end(peopled)
    refused(peopled.post(collection, "csc", **body), 409, "agency_ended", pointer)


def test_what_it_leaves_is_listed_and_told_to_the_lead(peopled: Peopled) -> None:
    """Work, requests and leads by their entries; whoever leads is told once for each record, and nothing of words."""
    agreed = stored(peopled.post("actions", "csc", what="Visit.", owner={"agency": "hv"}))["id"]
    done = stored(peopled.post("actions", "csc", what="Weigh.", owner={"agency": "hv"}))["id"]
    stored(peopled.post("done", "hv", of=done))
    body = {"to": "hv", "asks": "Weights.", "purpose": "Safety.", "lawful_basis": "public_task"}
    asked = stored(peopled.post("information-requests", "csc", **body))["id"]
    ended = end(peopled)
    assert {(one.entry, one.what) for one in ended.left} == {(agreed, "action"), (asked, "information_request")}
    fan_out(peopled.partnership.engine("ledger_worker"), nothing)
    told = [one for one in told_to(peopled, "csc") if one["type"].endswith("agency.ended")]
    assert [one["data"]["child"] for one in told] == [peopled.child]
    assert differing(rebuilt(peopled.partnership)) == []


def test_what_its_lead_would_have_had_is_the_desks(peopled: Peopled) -> None:
    """Whoever led for it is not there: the line ends at the duty desk, which is told."""
    peopled.partnership.involve(peopled.child, "duty")
    end(peopled, "csc")
    assert peopled.line("hv").accountable(datetime.now(UTC)).agency == "duty"
    fan_out(peopled.partnership.engine("ledger_worker"), nothing)
    assert any(one["type"].endswith("agency.ended") for one in told_to(peopled, "duty"))


def test_an_administrator_ends_it_too(peopled: Peopled) -> None:
    """One of its partnership, who is shown nothing of any child."""
    boss = peopled.partnership.person("csc", "boss", Role.ADMINISTRATOR)
    session = peopled.partnership.session(boss)
    path = "/api/v1/administration/agencies/hv/endings"
    answer = stored(peopled.partnership.send_as(session, "POST", path, json={"reason": "Merged."}))
    assert set(answer) >= {"number", "hash"}
    refused(peopled.partnership.send_as(session, "POST", path, json={"reason": "Merged."}), 409, "conflict")
    refused(peopled.partnership.get("/work", "hv"), 401)


def test_nobody_ends_an_agency_of_another_partnership(partnership: Partnership) -> None:
    """An administrator elsewhere is told that theirs has none by this name, and it goes on."""
    elsewhere = Elsewhere(partnership)
    session = partnership.session(partnership.person(THEIRS, "boss", Role.ADMINISTRATOR))
    path = "/api/v1/administration/agencies/hv/endings"
    refused(partnership.send_as(session, "POST", path, json={"reason": "Merged."}), 404)
    assert elsewhere.sees("hv")
