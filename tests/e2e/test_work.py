"""Work between agencies in a browser: the lead is offered, and another agency's professional takes it on."""

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import PHONE
from tests.e2e.visiting import OpenPage, press, sign_in, words
from tests.scene import Scene

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once


def _accept(page: Page, site: str) -> None:
    page.goto(f"{site}/work")
    offer = page.locator("li.ledger-alert", has_text="Hand-over of the lead").first
    assert "Noah Bright" in offer.inner_text()
    assert "alerts about the child come to them" in offer.inner_text()
    with page.expect_navigation():
        offer.get_by_role("button", name="Accept").click()


def test_the_lead_passes_when_it_is_accepted(open_page: OpenPage, own_site: str, own_scene: Scene) -> None:
    """Offered by whoever leads, accepted on a telephone without a script; from then on it is theirs."""
    child = own_scene.places["third"]
    page = open_page(size=PHONE, scripts=False)
    sign_in(page, own_site, own_scene, "hv1")
    _accept(page, own_site)
    assert "Your answer is recorded" in words(page)
    page.goto(f"{own_site}/children/{child}/offers")
    assert "Hana Vale, Health visiting, leads now." in words(page)


def test_what_is_amiss_is_said_and_nothing_is_lost(open_page: OpenPage, site: str, scene: Scene) -> None:
    """A decline without a reason comes back with the form open and the error linked to its field."""
    page = open_page(size=PHONE, scripts=False)
    sign_in(page, site, scene, "sw1")
    page.goto(f"{site}/work")
    page.locator("summary", has_text="Decline").first.click()
    press(page, "details[open] button")
    assert "There is a problem" in words(page)
    page.locator(".govuk-error-summary a").first.click()
    assert page.evaluate("document.activeElement.closest('details').open") is True
