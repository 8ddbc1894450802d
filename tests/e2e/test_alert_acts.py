"""Acting on an alert in a browser: with one tap, from the list and from its page, with scripts and without."""

import pytest

from tests.e2e.browser import PHONE
from tests.e2e.visiting import OpenPage, is_too_wide, press, sign_in, words
from tests.scene import Scene

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_tap_says_whom_somebody_rang(open_page: OpenPage, own_site: str, own_scene: Scene, scripts: bool) -> None:
    """From the list one press records who was rung; the page then says who did what, and offers to put nothing off."""
    page = open_page(size=PHONE, scripts=scripts)
    sign_in(page, own_site, own_scene, "sw1")
    page.goto(f"{own_site}/")
    button = page.locator(".ledger-tap button").first
    rung = button.inner_text().removeprefix("I rang ").partition(" about ")[0].strip()
    alert = button.evaluate("b => b.form.getAttribute('action').split('/')[2]")
    press(page, ".ledger-tap button")
    page.goto(f"{own_site}/alerts/{alert}")
    text = words(page)
    assert "Acted on" in text
    assert f"Rang {rung}." in text
    assert "Put it off" not in text
    assert is_too_wide(page) is None


def test_the_first_screen_says_whom_to_ring(open_page: OpenPage, site: str, scene: Scene) -> None:
    """On a telephone, without scrolling: what it is, a number to press, and the one tap that says it was rung."""
    page = open_page(size=PHONE)
    sign_in(page, site, scene, "sw1")
    page.goto(f"{site}/alerts/{scene.places['alert']}")
    for selector in ("h1", "a[href^='tel:']", ".ledger-rings button"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE[1], selector


def test_forty_alerts_are_worked_through_from_the_list(open_page: OpenPage, own_site: str, own_scene: Scene) -> None:
    """Narrowed down, one put off where it stands, and the rest still there: nobody leaves the list."""
    page = open_page()
    sign_in(page, own_site, own_scene, "sw1")
    page.goto(f"{own_site}/")
    press(page, ".ledger-counts__one:has-text('past their time')")
    before = page.locator(".ledger-alerts > li").count()
    row = page.locator(".ledger-alerts > li").first
    row.locator("summary").click()
    until = row.locator("input[type=date]")
    until.fill("2026-04-17")
    row.get_by_label("Why it can wait").fill("The visit is tomorrow.")
    with page.expect_navigation():
        row.get_by_role("button", name="Put it off").click()
    assert "That alert is put off" in words(page)
    assert page.url.startswith(f"{own_site}/?state=late")
    assert page.locator(".ledger-alerts > li").count() == before - 1
