"""The list of alerts in a real browser, while something new comes."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from ledger.domain.feed import of_person
from ledger.domain.role import Role
from ledger.services.sign_in import SESSION_COOKIES
from ledger.store.append import Caller
from ledger.web.headers import STREAMS
from tests.e2e.serving import served as pages
from tests.e2e.visiting import press, words
from tests.integration.live.serving import Served, served
from tests.opened import Opened, opened_template
from tests.partnership import Partnership
from tests.streaming import put
from tests.templates import Templates

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once


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
def live_site(partnership: Partnership) -> Iterator[tuple[str, Served]]:
    """The pages, and streams on a port of their own, as `ledger up` has them."""
    app = partnership.app
    with pages(app) as address, served(partnership.database_url, origin=address) as live:
        app.config[STREAMS] = f"http://127.0.0.1:{live.port}"
        yield address, live
        app.config[STREAMS] = None


def test_the_list_says_that_something_new_has_come(
    page: Page, partnership: Partnership, lead: Caller, live_site: tuple[str, Served]
) -> None:
    """By itself, with how many, in the page and in its title; nothing else moves, and reading them anew begins anew."""
    address, live = live_site
    assert lead.person_id is not None
    party = of_person(lead.person_id)
    page.context.add_cookies([{"name": SESSION_COOKIES[1], "value": partnership.session(lead), "url": address}])
    page.goto(f"{address}/")
    before = words(page)
    told = page.locator("#ledger-live")
    put(partnership, party, "hv", ["one"])
    expect(told).to_contain_text("1 new alert.")
    put(partnership, party, "hv", ["two", "three"])
    expect(told).to_contain_text("3 new alerts.")
    assert page.title().startswith("(3 new) ")
    assert words(page).replace("3 new alerts. Show them", "").split() == before.split()
    press(page, "#ledger-live a")
    expect(told).to_have_text("")
    deadline = time.monotonic() + 10
    while len(live.hub.streams) != 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(live.hub.streams) == 1, "the page that was left holds nothing open"
