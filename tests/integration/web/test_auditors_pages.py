"""An auditor's pages: they say why, replay as an auditor, hold the ledger to its proofs, and take copies."""

import html
import re
from typing import Any

from sqlalchemy import create_engine, text

from ledger.domain.role import Role
from ledger.services.sign_in import csrf_token
from ledger.store.append import Caller
from ledger.store.database import driver_url
from tests.exporting import Read, sealed
from tests.integration.api.test_glass import led
from tests.integration.web.test_glass_pages import page
from tests.partnership import Partnership, stored

WHY = "Yearly audit, a sample of ten"


class Browser:
    """Somebody's session, and forms sent in it."""

    def __init__(self, partnership: Partnership, who: Caller) -> None:
        self.partnership, self.session = partnership, partnership.session(who)

    def get(self, path: str) -> Any:
        """An answer, redirects not followed."""
        return self.partnership.send_as(self.session, "GET", path)

    def post(self, path: str, **sent: str) -> Any:
        """What a form answers, redirects not followed."""
        data = {"csrf": csrf_token(self.session), **sent}
        return self.partnership.send_as(self.session, "POST", path, data=data)


def auditor(partnership: Partnership) -> Caller:
    """An auditor of the partnership, of an agency that has no part in anything."""
    return partnership.person("gp", "aud", Role.AUDITOR)


def looks(partnership: Partnership, who: Caller) -> list[tuple[str, str]]:
    """What somebody is recorded to have read, and why."""
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = "SELECT what, purpose FROM ledger.access_records WHERE person_id = :p ORDER BY real_at"
        return [tuple(row) for row in connection.execute(text(query), {"p": who.person_id})]


def shown(answer: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True).split("<main")[1])))


def test_an_auditor_says_why_and_goes_on(partnership: Partnership) -> None:
    """No page about a child opens before; then it does, for the rest of the session, and each look is recorded so."""
    child, _lead = led(partnership, name="Zephyrine")
    who = auditor(partnership)
    browser = Browser(partnership, who)
    path = f"/children/{child}/chronology?known_on=2030-01-01"
    asked = browser.get(path)
    assert asked.status_code == 303
    assert looks(partnership, who) == []
    assert "Say why you look" in shown(browser.post("/audit/purpose", purpose="audit", to=path))
    said = browser.post("/audit/purpose", purpose=WHY, to=path)
    assert said.headers["Location"] == path
    assert "Zephyrine" in shown(browser.get(path))
    assert "Zephyrine" in shown(browser.get(f"/children/{child}"))
    assert {why for _, why in looks(partnership, who)} == {WHY}
    assert Browser(partnership, who).get(path).status_code == 303, "another session knows nothing of it"


def test_nobody_is_sent_away_to_another_site(partnership: Partnership) -> None:
    """Where an auditor goes on to is an address of these pages, whatever the form says."""
    browser = Browser(partnership, auditor(partnership))
    for to in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"):
        assert browser.post("/audit/purpose", purpose=WHY, to=to).headers["Location"] == "/audit"


def test_an_auditor_reads_as_no_agency_and_writes_nothing(partnership: Partnership) -> None:
    """What is marked for others is not theirs, not even their own agency's; no form for it is, nor is any list."""
    child, _lead = led(partnership, name="Robin")
    partnership.involve(child, "gp")
    sharing = {"marking": "restricted", "to": ["gp"], "lawful_basis": "public task"}
    marked = partnership.observation(child, narrative="For one agency alone.", sharing=sharing)
    stored(partnership.post("/observations", marked, "gp"))
    browser = Browser(partnership, auditor(partnership))
    browser.post("/audit/purpose", purpose=WHY, to="/audit")
    assert "For one agency alone." not in browser.get(f"/children/{child}/chronology").get_data(as_text=True)
    before = partnership.rows()["entries"]
    assert browser.post(f"/children/{child}/observe", narrative="x").status_code == 403
    assert browser.get(f"/children/{child}/observe").status_code == 403
    assert browser.get("/children").status_code == 403
    assert partnership.rows()["entries"] == before


def test_who_opened_a_record_stands_beside_what_was_recorded(partnership: Partnership) -> None:
    """By reader and by day, refusals told apart, and who never did; of another's words nothing."""
    child, lead = led(partnership, name="Zephyrine")
    partnership.involve(child, "police")
    stored(partnership.send_as(partnership.session(lead), "GET", f"/api/v1/children/{child}/timeline"))
    stranger = partnership.person("gp", "dr1", Role.PRACTITIONER)
    partnership.send_as(partnership.session(stranger), "GET", f"/api/v1/children/{child}/timeline")
    browser = Browser(partnership, auditor(partnership))
    browser.post("/audit/purpose", purpose=WHY, to="/audit")
    pseudonym = partnership.envelopes(child)[0].decode().split('"record":"')[1][:26]
    found = browser.post("/audit/records", record=pseudonym)
    assert found.headers["Location"] == f"/audit/records/{child}"
    told = shown(browser.get(f"/audit/records/{child}"))
    assert f"{lead.person_ref}, CSC" in told
    assert "dr1, GP Refused 1" in told
    assert "Involved, and never opened it: POLICE" in told
    assert "Zephyrine" not in told
    assert browser.post("/audit/records", record="nowhere").status_code == 404


def test_proofs_are_green_or_name_the_first_that_fails(partnership: Partnership, superuser_url: str) -> None:
    """Of one record and of the log: what is changed in the database is named by its number and place."""
    child, _lead = led(partnership)
    stored(partnership.post("/observations", partnership.observation(child), "hv"))
    sealed(partnership)
    browser = Browser(partnership, auditor(partnership))
    browser.post("/audit/purpose", purpose=WHY, to="/audit")
    record, log = f"/audit/records/{child}/proofs", "/audit/proofs"
    assert "It holds" in shown(browser.post(record))
    assert "It holds" in shown(browser.post(log, scope="all"))
    assert "none is asked to cosign" in shown(browser.get(log))
    engine = create_engine(driver_url(superuser_url))
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        query = "UPDATE ledger.contents SET content = content || ' ' WHERE record_id = :r AND number IN (2, 4)"
        connection.execute(text(query), {"r": child})
    engine.dispose()
    told = shown(browser.post(record))
    assert "It does not hold The first that fails: entry 2 of" in told
    assert "its content is not what it commits to" in told
    assert "2 problems were found in 4 entries" in told
    assert "entry 2 of" in shown(browser.post(log, scope="lately"))


def test_a_copy_is_taken_once_somebody_said_why(partnership: Partnership) -> None:
    """It is a zip that holds the record; that it was taken is an entry, and a stranger to the record gets none."""
    child, _lead = led(partnership)
    sealed(partnership)
    browser = Browser(partnership, auditor(partnership))
    browser.post("/audit/purpose", purpose=WHY, to="/audit")
    path, before = f"/children/{child}/copy", len(partnership.envelopes(child))
    assert WHY in browser.get(path).get_data(as_text=True)
    assert browser.post(path, reason="mine", known_on="2024-13-01").status_code == 400
    for day in ("9999-12-31", "0001-01-01"):
        assert "Enter a real day" in shown(browser.post(path, reason="Asked for by the court", known_on=day))
    answer = browser.post(path, reason="Asked for by the court")
    assert answer.mimetype == "application/zip"
    assert len(Read.of(answer.get_data()).entries) == before
    assert len(partnership.envelopes(child)) == before + 1
    officer = Browser(partnership, partnership.person("gp", "ro", Role.RECORDS_OFFICER))
    assert officer.get(path).status_code == 404
    assert officer.post(path, reason="Asked for by the court").status_code == 404


def test_packs_are_compared_in_counts(partnership: Partnership) -> None:
    """Of packs that lie here; one that does not is refused beside the field."""
    who = auditor(partnership)
    _, told = page(partnership, who, "/audit/comparisons")
    assert "No other pack lies here" in told
    status, told = page(partnership, who, "/audit/comparisons", pack="../../etc", on="scenarios")
    assert status == 409
    assert "Your partnership has nothing by this id" in told
