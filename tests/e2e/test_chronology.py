"""Reading a child's chronology: stepping and playing through its days, filtering, searching, comparing, printing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE
from tests.e2e.visiting import OpenPage, press, sign_in, violations, words
from tests.pdf_text import pdf_text
from tests.scene import Scene

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once

_KNOWN_ON = re.compile(r"known_on=([0-9-]+)")


def opened(page: Page, site: str, scene: Scene, query: str = "") -> None:
    sign_in(page, site, scene, "sw1")
    page.goto(f"{site}/children/{scene.places['child']}/chronology{query}")


def test_a_record_is_stepped_and_played_through_day_by_day(page: Page, site: str, scene: Scene) -> None:
    """By slider, buttons and keyboard; playing stops when it is told to, at the end, and for who wants no motion."""
    opened(page, site, scene, "?known_on=2026-03-06")
    told, said, play = page.locator("#told"), page.locator("#replay-said"), page.locator("#replay-play")
    expect(told).to_contain_text("As known at the end of 6 March 2026")
    expect(play).to_be_hidden()
    shown = page.locator(".ledger-entry").count()
    page.locator("#replay-after").click()
    page.wait_for_url(re.compile(r"known_on=2026-03-(?!06)"))
    expect(told).not_to_contain_text("6 March 2026")
    assert page.locator(".ledger-entry").count() > shown
    day = _KNOWN_ON.search(page.url)
    assert day is not None
    assert page.locator("#known_on").input_value() == day[1]
    page.locator("#replay-day").focus()
    page.keyboard.press("Home")
    expect(said).to_contain_text("7 January 2026")
    expect(told).to_contain_text("7 January 2026")
    page.emulate_media(reduced_motion="no-preference")
    play.click()
    expect(play).to_have_text("Pause")
    expect(told).not_to_contain_text("7 January 2026")
    page.keyboard.press("Escape")
    expect(play).to_have_text("Play")
    page.locator("#replay-day").focus()
    page.keyboard.press("End")
    expect(said).to_have_text("Now")
    page.wait_for_url(re.compile(r"chronology$"))
    assert violations(page) == []


def test_the_same_is_done_without_scripts(open_page: OpenPage, site: str, scene: Scene) -> None:
    """Links step through the days, the date field asks for one, and the filter is a form."""
    page = open_page(size=PHONE, scripts=False)
    opened(page, site, scene)
    press(page, ".ledger-replay__steps a:has-text('Day before')")
    assert "As known at the end of" in words(page)
    page.locator("#known_on").fill("2026-03-06")
    page.locator(".ledger-asking__more summary").click()
    page.locator("#agency").select_option("hv")
    page.locator("#significant").check()
    press(page, ".ledger-asked button")
    assert "As known at the end of 6 March 2026" in words(page)
    assert re.search(r"\d+ of \d+ entries", words(page))
    press(page, ".ledger-asked__buttons a")
    assert "As known now" in words(page)


def test_from_a_search_to_what_changed_and_the_print(page: Page, site: str, scene: Scene) -> None:
    """Words are found and marked, and stand in no address; two days are compared; the print is a PDF for who may."""
    opened(page, site, scene)
    page.locator("#words").fill("some nights")
    press(page, ".ledger-find button")
    assert page.url.endswith("/chronology/find")
    assert page.locator("mark").first.inner_text() == "some"
    assert violations(page) == []
    press(page, "main a:has-text('The whole chronology')")
    press(page, ".ledger-others a:has-text('What changed')")
    page.locator("#from").fill("2026-03-01")
    page.locator("#to").fill("2026-03-31")
    press(page, ".ledger-asked button")
    assert "stays overnight" in words(page)
    press(page, ".ledger-differ a")
    assert page.locator(f"#{page.url.partition('#')[2]}").is_visible()
    address = page.locator(".ledger-others a:has-text('PDF')").get_attribute("href")
    answer = page.request.get(f"{site}{address}")
    assert answer.status == 200
    assert "Printed by Sam Whitfield" in pdf_text(answer.body())
