"""The digest of the day as its reader may see it, and that reading it is recorded."""

from datetime import UTC, datetime

import pytest
from markupsafe import escape

from ledger.domain.role import Role
from ledger.store import clock
from ledger.store.database import driver_of
from tests.partnership import Partnership, stored


@pytest.fixture
def alerted(partnership: Partnership) -> str:
    """The record of a child whom csc's sw1 leads, with an alert and with what should be asked."""
    record_id = partnership.child("hv", involve=("csc",), name="Canary Child")
    partnership.alert(record_id)
    return record_id


def test_whoever_leads_reads_names_and_what_to_ask(partnership: Partnership, alerted: str) -> None:
    """The alert on which an action is awaited, with the child's name, and each prompt with its question."""
    with partnership.engine("ledger_admin").begin() as connection:
        clock.move(connection, datetime(2030, 1, 7, 8, tzinfo=UTC))
    digest = stored(partnership.get("/digest", "csc"))
    assert digest["day"] == "2030-01-07"
    assert digest["clocks_until"] == "2030-01-08T17:00:00.000000Z"
    [alert] = digest["alerts"]
    assert alert["child"]["id"] == alerted
    assert alert["headline"]
    assert digest["counts"][alert["tier"]] == 1
    assert digest["counts"]["prompts"] == len(digest["prompts"]) > 0
    assert all(prompt["headline"] and prompt["child"] == alert["child"] for prompt in digest["prompts"])
    assert digest["more"] is False


def test_others_read_nothing_of_it(partnership: Partnership, alerted: str) -> None:
    """Neither another agency, involved or not, nor the duty desk while somebody leads."""
    for agency in ("hv", "gp", "duty"):
        digest = stored(partnership.get("/digest", agency))
        assert (digest["alerts"], digest["prompts"]) == ([], [])


def test_reading_it_is_recorded(partnership: Partnership, alerted: str) -> None:
    """As a list: of the alerts in it, and of the records with something to ask."""
    stored(partnership.get("/digest", "csc"))
    with partnership.acting("ledger_auditor", "auditor") as connection:
        found = connection.exec_driver_sql("SELECT what FROM ledger.access_records ORDER BY real_at DESC LIMIT 2")
        assert {what for (what,) in found} == {"alerts", "digest"}


def test_a_rule_in_shadow_tells_nobody_anything(partnership: Partnership, alerted: str) -> None:
    """What its findings ask is in no digest."""
    asked = stored(partnership.get("/digest", "csc"))["prompts"]
    with driver_of(partnership.engine("ledger_worker")) as driver:
        driver.execute("SELECT set_config('ledger.party', 'ledger', true)")
        driver.execute(
            "INSERT INTO ledger.rule_states (partnership_id, number, recorded_at, rule, is_live, why) "
            "SELECT DISTINCT 'demo', row_number() OVER (ORDER BY rule) + 900, now(), rule, false, 'below_floor' "
            "FROM (SELECT DISTINCT rule FROM ledger.findings WHERE marks ->> 'tier' = 'prompt') f"
        )
        driver.commit()
    assert asked
    assert stored(partnership.get("/digest", "csc"))["prompts"] == []


def test_the_page_shows_the_same_to_whoever_signs_in(partnership: Partnership, alerted: str) -> None:
    """Whoever leads has it under the address in their mail; a colleague has a page that says there is nothing."""
    lead, other = (partnership.session(partnership.person("csc", ref, Role.PRACTITIONER)) for ref in ("sw1", "sw9"))
    page = partnership.send_as(lead, "GET", "/digest")
    assert page.status_code == 200
    digest = partnership.send_as(lead, "GET", "/api/v1/digest").get_json()
    for shown in (*digest["alerts"], *digest["prompts"]):
        assert shown["child"]["name"] in page.text
        assert str(escape(shown["headline"])) in page.text
    assert "questions to ask at the next contact" in page.text or "question to ask" in page.text
    empty = partnership.send_as(other, "GET", "/digest")
    assert "There is nothing that waits for you." in empty.text
