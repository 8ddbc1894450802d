"""The pages for broken glass and for oversight: forms that say what is amiss, a banner, and each role's own."""

import re
from typing import Any

from ledger.domain.role import Role
from ledger.services.sign_in import csrf_token
from ledger.store.append import Caller
from tests.integration.api.test_glass import REASON, break_as, led
from tests.partnership import NHS_NUMBERS, Partnership, stored


def page(partnership: Partnership, who: Caller, path: str, **sent: str) -> tuple[int, str]:
    """A page, or what a form posts, by somebody who is signed in; redirects are followed."""
    session = partnership.session(who)
    options: dict[str, Any] = {"data": {"csrf": csrf_token(session), **sent}} if sent else {}
    answer = partnership.send_as(session, "POST" if sent else "GET", path, follow_redirects=True, **options)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_record_is_opened_by_its_form(partnership: Partnership) -> None:
    """By NHS number; one lands on the chronology, once however often one presses."""
    led(partnership, nhs_number=NHS_NUMBERS[0], name="Robin")
    police = partnership.person("police", "pc1", Role.PRACTITIONER)
    status, shown = page(partnership, police, "/glass")
    once = re.search(r'name="once" value="([0-9a-f]+)"', shown)
    assert status == 200
    assert once is not None
    sent = {"child": "999 000 0018", "reason": REASON, "hours": "2", "once": once[1]}
    for _ in range(2):
        status, shown = page(partnership, police, "/glass", **sent)
        assert status == 200
        assert shown.count(">Glass broken <") == 1
    assert "Robin" in shown
    assert NHS_NUMBERS[0] not in shown.split("<main")[0]


def test_what_is_amiss_is_said(partnership: Partnership) -> None:
    """Beside the field, with what was sent still there, and nothing recorded."""
    before = partnership.rows()["entries"]
    police = partnership.person("police", "pc1", Role.PRACTITIONER)
    recorded = partnership.rows()["entries"] - before
    status, shown = page(partnership, police, "/glass", child="12", reason="urgent", hours="9")
    assert status == 400
    assert "There is a problem" in shown
    assert "Enter the child’s NHS number" in shown
    status, shown = page(partnership, police, "/glass", child=NHS_NUMBERS[1], reason=REASON, hours="1")
    assert status == 409
    assert "No child by this number or id can be found here" in shown
    assert partnership.rows()["entries"] == before + recorded


def test_the_lead_has_a_banner_and_reviews(partnership: Partnership) -> None:
    """It stands on the alerts before any detection, and is gone with the review."""
    child, lead = led(partnership)
    entry = stored(break_as(partnership, partnership.person("police", "pc1", Role.PRACTITIONER), child))["id"]
    assert "The glass was broken once" in page(partnership, lead, "/")[1]
    _, shown = page(partnership, lead, "/glass")
    assert REASON in shown
    path = f"/glass/{child}/{entry.rsplit('.')[-1]}/reviews"
    status, shown = page(partnership, lead, path, verdict="justified", reason="fine")
    assert status == 400
    assert "Say why" in shown
    status, shown = page(partnership, lead, path, verdict="justified", reason="The desk had seen her arrive")
    assert status == 200
    assert "It was needed" in shown
    assert "The glass was broken" not in page(partnership, lead, "/")[1]


def test_an_auditor_lands_on_oversight(partnership: Partnership) -> None:
    """And reviews there; it is nobody else's, and no alert is theirs."""
    child, lead = led(partnership)
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    entry = stored(break_as(partnership, partnership.person("police", "pc1", Role.PRACTITIONER), child))["id"]
    stored(partnership.get(f"/children/{child}/timeline", "csc"))
    status, shown = page(partnership, auditor, "/")
    assert status == 200
    assert "Unusual access" in shown
    assert REASON in shown
    assert "CSC’s system" in shown
    assert page(partnership, lead, "/audit")[0] == 403
    assert page(partnership, auditor, "/glass")[0] == 403
    path = f"/glass/{child}/{entry.rsplit('.')[-1]}/reviews"
    assert "was not recorded" in page(partnership, auditor, path, verdict="training", reason="no")[1]
    status, shown = page(partnership, auditor, path, verdict="training", reason="Spoke with her and her manager")
    assert status == 200
    assert "Broken glass that waits" not in shown


def test_a_search_says_what_it_cannot_read(partnership: Partnership) -> None:
    """A record, a person and days; what is no such thing is said and not used."""
    child, _ = led(partnership)
    stored(partnership.get(f"/children/{child}/timeline", "csc"))
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    status, shown = page(partnership, auditor, f"/audit?child={child}&agency=csc&since=2020-01-01&until=2090-01-01")
    assert status == 200
    assert "timeline" in shown
    assert "No access like this" in page(partnership, auditor, f"/audit?child={child}&until=2020-01-01")[1]
    status, shown = page(partnership, auditor, "/audit?child=Zaphod&since=2020-02-30")
    assert status == 400
    assert "Enter a real day" in shown


def test_a_form_of_another_session_does_nothing(partnership: Partnership) -> None:
    """Breaking and reviewing take the session's own token."""
    child, _ = led(partnership)
    session = partnership.session(partnership.person("police", "pc1", Role.PRACTITIONER))
    sent = {"csrf": "x", "child": child, "reason": REASON, "hours": "1"}
    before = partnership.rows()["entries"]
    assert partnership.send_as(session, "POST", "/glass", data=sent).status_code == 403
    assert partnership.rows()["entries"] == before
