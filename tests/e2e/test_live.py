"""The list of alerts in a real browser, while something new comes."""

import time
from collections.abc import Iterator

import pytest

from ledger.domain.feed import of_person
from ledger.domain.role import Role
from ledger.services.sign_in import make_link
from ledger.store.append import Caller
from ledger.store.database import SYSTEM, transaction
from ledger.web.headers import STREAMS
from tests.e2e.browser import Browser
from tests.e2e.serving import served as pages
from tests.integration.live.serving import Served, served
from tests.opened import Opened, opened_template
from tests.partnership import Partnership
from tests.streaming import put
from tests.templates import Templates


@pytest.fixture
def opened(templates: Templates) -> Opened:
    return opened_template(templates)


@pytest.fixture
def partnership(database_url: str, opened: Opened) -> Iterator[Partnership]:
    made = Partnership(database_url, opened=opened)
    yield made
    made.close()


@pytest.fixture
def lead(partnership: Partnership) -> Caller:
    return partnership.person("hv", "hv17", Role.PRACTITIONER)


@pytest.fixture
def site(partnership: Partnership) -> Iterator[tuple[str, Served]]:
    """The pages, and streams on a port of their own, as `ledger up` has them."""
    app = partnership.app
    with pages(app) as address, served(partnership.database_url, origin=address) as live:
        app.config[STREAMS] = f"http://127.0.0.1:{live.port}"
        yield address, live
        app.config[STREAMS] = None


def test_the_list_says_that_something_new_has_come(
    browser: Browser, partnership: Partnership, lead: Caller, site: tuple[str, Served]
) -> None:
    """By itself, with how many, in the page and in its title; nothing else moves, and reading them anew begins anew."""
    address, live = site
    assert lead.person_id is not None
    party = of_person(lead.person_id)
    with transaction(partnership.engine("ledger_admin"), party=SYSTEM) as connection:
        link = make_link(connection, lead.person_id, partnership.context.chance, partnership.context.real_now())
    browser.open(f"{address}/sign-in/{link}")
    browser.press("main button")
    browser.open(f"{address}/")
    before = browser.text()
    put(partnership, party, "hv", ["one"])
    assert says(browser, "1 new alert.")
    put(partnership, party, "hv", ["two", "three"])
    assert says(browser, "3 new alerts.")
    assert browser.ask("document.title").startswith("(3 new) ")
    assert browser.text().replace("3 new alerts. Show them", "").split() == before.split()
    browser.press("#ledger-live a")
    assert browser.ask("document.getElementById('ledger-live').textContent") == ""
    assert browser.complaints == []
    deadline = time.monotonic() + 10
    while len(live.hub.streams) != 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(live.hub.streams) == 1, "the page that was left holds nothing open"


def says(browser: Browser, words: str) -> bool:
    """Whether the page comes to say it."""
    deadline = time.monotonic() + 10
    while words not in browser.ask("document.getElementById('ledger-live').textContent"):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
