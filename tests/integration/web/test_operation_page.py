"""The operators' page, and what leads read while detection is late."""

import html
from datetime import UTC, datetime

from sqlalchemy import text

from ledger.domain.feed import FEED_TYPES, OPERATOR, Item
from ledger.domain.role import Role
from ledger.services.word_trouble import NAMES, word_remedy, word_trouble
from ledger.store.database import SYSTEM, driver_of
from ledger.store.party import ACT
from ledger.store.telling import put_items
from ledger.store.trip import ask
from tests.integration.api.test_glass import led
from tests.integration.web.test_glass_pages import page
from tests.partnership import Partnership, stored


def wrong(partnership: Partnership, *troubles: tuple[str, str], ended: bool = False) -> None:
    """Have these be wrong, or have been."""
    with partnership.engine("ledger_worker").begin() as connection:
        for name, subject in troubles:
            connection.execute(
                text("""
                    INSERT INTO ledger.troubles (name, subject, began_at)
                    VALUES (:name, :subject, clock_timestamp() - interval '3 minutes')"""),
                {"name": name, "subject": subject},
            )
        if ended:
            connection.execute(text("UPDATE ledger.troubles SET ended_at = clock_timestamp()"))


def operator(partnership: Partnership, path: str) -> tuple[int, str]:
    """A page as an operator sees it."""
    status, shown = page(partnership, partnership.person("csc", "op1", Role.OPERATOR), path)
    return status, html.unescape(shown)


def test_an_operator_lands_on_what_is_wrong(partnership: Partnership) -> None:
    """Every trouble in words, with what to do; those that are over are told apart; nothing of anybody."""
    child, _lead = led(partnership, name="Zephyrine")
    every = [(name, {"process_silent": "worker here:7", "part_silent": "sealer"}.get(name, "")) for name in NAMES]
    with partnership.engine("ledger_worker").begin() as connection:
        connection.execute(
            text("INSERT INTO ledger.heartbeats (part, host, pid, release) VALUES ('beat', 'here', 9, 'one')")
        )
    wrong(partnership, *every)
    status, shown = operator(partnership, "/")
    assert status == 200
    for name, subject in every:
        assert word_trouble(name, subject) in shown
        assert word_remedy(name) in shown
    assert "here, 9" in shown
    assert child not in shown
    assert "Zephyrine" not in shown
    wrong(partnership, ended=True)
    _, shown = operator(partnership, "/operation")
    assert "Nothing is wrong that the ledger knows of." in shown
    assert "Over within the last week" in shown
    assert word_trouble("detection_late", "") in shown


def test_what_else_operators_are_told_is_there(partnership: Partnership) -> None:
    """An alert on which nobody acts, and nobody is above whoever has it: in words, without which or whose."""
    at = datetime.now(UTC)
    with driver_of(partnership.engine("ledger_worker")) as driver:
        ask(driver, ACT, (SYSTEM, ""))
        put_items(driver, [Item(OPERATOR, SYSTEM, "alert.unanswered", "one.1", at)])
        driver.commit()
    assert FEED_TYPES["alert.unanswered"].meaning in operator(partnership, "/operation")[1]


def test_only_operators_see_it(partnership: Partnership) -> None:
    """A lead has other things to do."""
    _, lead = led(partnership)
    assert page(partnership, lead, "/operation")[0] == 403


def test_leads_read_that_checks_are_late(partnership: Partnership) -> None:
    """Above their alerts, since when, for as long as that is so; and no other trouble."""
    _, lead = led(partnership)
    wrong(partnership, ("quorum_lost", ""))
    assert "Checks are running late since" not in page(partnership, lead, "/")[1]
    wrong(partnership, ("detection_late", ""))
    assert "Checks are running late since" in page(partnership, lead, "/")[1]
    wrong(partnership, ended=True)
    assert "Checks are running late since" not in page(partnership, lead, "/")[1]


def test_readiness_lists_codes_alone(partnership: Partnership) -> None:
    """Anybody may ask: what is wrong by its code, since when, and no name of a machine; it stays ready."""
    wrong(partnership, ("process_silent", "worker secret-host:7"), ("dead_letters", "mail"))
    answer = partnership.app.test_client().get("/health/ready")
    told = stored(answer)
    assert told["ready"]
    assert {(one["trouble"], one["of"]) for one in told["machinery"]} == {
        ("process_silent", None),
        ("dead_letters", "mail"),
    }
    assert "secret-host" not in answer.get_data(as_text=True)
