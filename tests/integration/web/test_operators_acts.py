"""What operators do on pages: they are told in numbers what it does, and it is done once they press."""

import dataclasses
from uuid import UUID

import pytest

from ledger.domain.role import Role
from ledger.domain.setback import PARKED_AFTER
from ledger.store.database import driver_of
from ledger.store.setbacks import count_failure
from tests.delivering import Deliveries
from tests.integration.api.test_glass import led
from tests.integration.cli.test_deliveries import change
from tests.integration.web.test_auditors_pages import Browser, shown
from tests.partnership import Partnership


@pytest.fixture
def deliveries(partnership: Partnership) -> Deliveries:
    """Messages of its own partnership."""
    return Deliveries(partnership)


def operator(partnership: Partnership) -> Browser:
    """The browser of an operator."""
    return Browser(partnership, partnership.person("csc", "op1", Role.OPERATOR))


def test_what_was_given_up_goes_again_and_what_is_old_is_forgotten(deliveries: Deliveries) -> None:
    """Counted on the page before, and by what came of it after."""
    browser = operator(deliveries.partnership)
    deliveries.plan("one")
    deliveries.plan("two")
    change(deliveries, "dead_at = clock_timestamp(), fault = 'refused'")
    assert "Mail: 2, refused" in shown(browser.get("/operation"))
    assert "2 messages that were given up go out again" in shown(browser.get("/operation/acts/retry_messages"))
    gone = browser.post("/operation/acts/retry_messages")
    assert gone.headers["Location"] == "/operation?said=retry_messages&count=2"
    assert "Messages that are tried again: 2" in shown(browser.get(gone.headers["Location"]))
    change(deliveries, "dead_at = clock_timestamp() - interval '91 days'")
    assert "2 messages that went or were given up" in shown(browser.get("/operation/acts/forget_messages"))
    assert browser.post("/operation/acts/forget_messages").headers["Location"].endswith("count=2")
    assert "Forget" not in shown(browser.get("/operation"))


def test_a_rule_goes_into_shadow_with_a_reason(partnership: Partnership) -> None:
    """And comes live again; what each would do is on the page before the button."""
    browser = operator(partnership)
    path = "/rules/missed_contact_again/state"
    assert "nobody is alerted to what it finds any more" in shown(browser.get(path))
    assert "Say why" in shown(browser.post(path, to="shadow", reason="no"))
    assert browser.post(path, to="shadow", reason="Alerts nobody acts on").status_code == 303
    assert "0 open findings are brought" in shown(browser.get(path))
    told = browser.post(path, to="live", reason="The county asked for it", findings="7")
    assert told.status_code == 409, "not what the page said"
    assert browser.post(path, to="live", reason="The county asked for it", findings="0").status_code == 303
    assert browser.get("/rules/no_such_rule/state").status_code == 404


def test_parked_records_are_tried_again(partnership: Partnership) -> None:
    """They are counted, without which they are, and are parked no longer."""
    child, _lead = led(partnership)
    with driver_of(partnership.engine("ledger_worker")) as driver:
        for _ in range(PARKED_AFTER):
            count_failure(driver, UUID(child), "one")
            driver.execute("UPDATE ledger.setbacks SET rests_until = clock_timestamp() - interval '1 second'")
            driver.commit()
    browser = operator(partnership)
    told = shown(browser.get("/operation"))
    assert f"A record on which detection failed {PARKED_AFTER} times" in told
    assert child not in told
    assert "1 record is taken up" in shown(browser.get("/operation/acts/retry_parked"))
    assert browser.post("/operation/acts/retry_parked").headers["Location"] == "/operation?said=retry_parked&count=1"
    assert "A record on which detection failed" not in shown(browser.get("/operation"))


def test_without_the_login_nothing_is_done(partnership: Partnership) -> None:
    """A process that was not given it says where it is done instead."""
    partnership.context = dataclasses.replace(partnership.context, worker=None)
    browser = operator(partnership)
    assert browser.get("/operation").status_code == 200
    assert "without the workers’ database login" in shown(browser.get("/operation/acts/retry_messages"))
    assert browser.post("/operation/acts/retry_messages").status_code == 409
    assert browser.get("/operation/acts/nothing").status_code == 404
