"""The lead's way through the pages in a real browser: at a desk and on a phone, with scripts and without."""

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import DESK, PHONE
from tests.e2e.visiting import OpenPage, press, sign_in, words
from tests.scene import Scene

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_link_to_the_acknowledgement(
    open_page: OpenPage, own_site: str, own_scene: Scene, scripts: bool
) -> None:
    """A lead signs in, opens an alert, acknowledges it with a note, and finds it in the chronology; then signs out."""
    page = open_page(size=DESK, scripts=scripts)
    page.goto(f"{own_site}/sign-in/{own_scene.link('sw1')}")
    press(page, "main button")
    assert "Baby Rowan" in words(page)
    press(page, f".ledger-alert__headline a[href$='{own_scene.places['alert_states_of_the_world']}']")
    assert "some nights too" in words(page)
    page.fill("#note", "Will ring Hana today.")
    press(page, "form.ledger-taken button")
    assert "Acknowledged by Sam Whitfield" in words(page)
    page.goto(f"{own_site}/children/{own_scene.places['child']}/chronology?order=latest")
    assert "Will ring Hana today." in words(page)
    press(page, ".ledger-header__button")
    assert "ask your administrator" in words(page)
    page.goto(f"{own_site}/")
    assert "Baby Rowan" not in words(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_it_came_to_is_said_on_the_page(
    open_page: OpenPage, own_site: str, own_scene: Scene, scripts: bool
) -> None:
    """The form opens, says what is missing, keeps what was entered, and then the page says that it is recorded."""
    page = open_page(size=PHONE, scripts=scripts)
    sign_in(page, own_site, own_scene, "sw1")
    page.goto(f"{own_site}/alerts/{own_scene.places['alert_states_of_the_world']}")
    assert not page.locator("#reason").is_visible()
    page.locator("details:has(#conclude) > summary").click()
    page.fill("#reason", "Spoke to Hana.")
    press(page, "#conclude button")
    assert "Choose what it came to" in words(page)
    assert page.locator("#reason").input_value() == "Spoke to Hana."
    page.check("#outcome-5")
    press(page, "#conclude button")
    assert "Your outcome is recorded" in words(page)
    assert "Spoke to Hana." in words(page)


def test_two_people_close_it_by_mouse(open_page: OpenPage, own_site: str, own_scene: Scene) -> None:
    """One records what it came to and is asked for no more; a colleague finds it on their list and closes it."""
    page, alert = open_page(), own_scene.places["alert_injury_to_baby_not_mobile"]
    for person, said in (("sw1", "a second person is needed"), ("tm1", "closes in a moment")):
        sign_in(page, own_site, own_scene, person)
        page.goto(f"{own_site}/")
        assert "two people have still to say that it is over" in words(page)
        page.goto(f"{own_site}/alerts/{alert}")
        page.locator("details:has(#conclude) > summary").click()
        page.check("#outcome")
        page.fill("#reason", "Rang the duty desk: referred and seen.")
        press(page, "#conclude button")
        assert said in words(page)
        assert page.locator("#conclude").count() == 0
        own_scene.detect()
    assert not any(one["id"] == alert for one in own_scene.alerts())


def test_known_on_is_a_field_and_a_button(page: Page, site: str, scene: Scene) -> None:
    """The day is entered in the page itself and the record stands as it was known then."""
    sign_in(page, site, scene, "sw1")
    page.goto(f"{site}/children/{scene.places['child']}/chronology")
    page.fill("#known_on", "2026-03-06")
    press(page, ".ledger-asked button")
    text = words(page)
    assert "As known at the end of 6 March 2026" in text
    assert "some nights too" not in text
    assert "out of their lives" in text
