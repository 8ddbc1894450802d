"""The pages in a real browser: by mouse and keyboard, at a desk and on a phone, with scripts and without."""

from pathlib import Path

import pytest

from tests.e2e.browser import Browser
from tests.integration.web.seeding import ALERT, RECORD, Seeded

CHRONOLOGY = f"/children/{RECORD}/chronology"


def signed_in(browser: Browser, site: str, seeded: Seeded) -> None:
    browser.open(f"{site}/sign-in/{seeded.link('lead')}")
    browser.press("main button")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_link_to_the_acknowledgement(
    browser: Browser, site: str, seeded: Seeded, tmp_path: Path, scripts: bool
) -> None:
    """A lead signs in, opens the alert, acknowledges it with a note, and finds it in the chronology; then signs out."""
    browser.size(1100, 900)
    browser.scripts(run=scripts)
    signed_in(browser, site, seeded)
    assert "Baby Rowan" in browser.text()
    browser.press(".ledger-alert__headline a")
    assert "some nights too" in browser.text()
    browser.shoot(tmp_path / "alert.png")
    browser.type("#note", "Will ring Hana today.")
    browser.press("form.ledger-taken button")
    assert "Acknowledged by Sam Whitfield" in browser.text()
    browser.open(f"{site}{CHRONOLOGY}")
    assert "Will ring Hana today." in browser.text()
    browser.press(".ledger-header__button")
    assert "ask your administrator" in browser.text()
    browser.open(f"{site}/")
    assert "Baby Rowan" not in browser.text()
    assert browser.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_it_came_to_is_said_on_the_page(
    browser: Browser, site: str, seeded: Seeded, tmp_path: Path, scripts: bool
) -> None:
    """The form opens, says what is missing, keeps what was entered, and then the page says that it is recorded."""
    browser.size(360, 740)
    browser.scripts(run=scripts)
    signed_in(browser, site, seeded)
    browser.open(f"{site}/alerts/{ALERT}")
    assert "Reason" not in browser.text()
    browser.ask("document.querySelector('#conclude').closest('details').open = true")
    browser.type("#reason", "Spoke to Hana.")
    browser.press("#conclude button")
    assert "Choose what it came to" in browser.text()
    assert browser.ask("document.documentElement.scrollWidth") == 360
    browser.shoot(tmp_path / "missing.png")
    browser.ask("document.querySelector('#outcome-5').checked = true")
    browser.press("#conclude button")
    browser.shoot(tmp_path / "recorded.png")
    assert "Your outcome is recorded" in browser.text()
    assert "Spoke to Hana." in browser.text()
    assert [told for told in browser.complaints if "400" not in told] == []


def test_known_on_is_a_field_and_a_button(browser: Browser, site: str, seeded: Seeded) -> None:
    """The day is entered in the page itself and the record stands as it was known then."""
    signed_in(browser, site, seeded)
    browser.open(f"{site}{CHRONOLOGY}")
    browser.ask("document.querySelector('#known_on').value = '2022-10-03'")
    browser.press(".ledger-asked button")
    text = browser.text()
    assert "As known at the end of 3 October 2022" in text
    assert "some nights too" not in text
    assert "out of their lives" in text


@pytest.mark.parametrize("page", ["/", f"/alerts/{ALERT}", CHRONOLOGY, "/nowhere"])
def test_pages_fit_a_phone_and_can_be_used_by_all(browser: Browser, site: str, seeded: Seeded, page: str) -> None:
    """No sideways scrolling; one main heading; every field labelled; no id twice; nothing too small to press."""
    browser.size(360, 740)
    signed_in(browser, site, seeded)
    browser.open(f"{site}{page}")
    assert browser.ask("document.documentElement.scrollWidth") == 360
    assert browser.ask("document.querySelectorAll('h1').length") == 1
    assert browser.ask("document.documentElement.lang") == "en-GB"
    unlabelled = "[...document.querySelectorAll('input:not([type=hidden]), textarea')].filter(f => !f.labels.length)"
    assert browser.ask(f"{unlabelled}.length") == 0
    ids = "[...document.querySelectorAll('[id]')].map(e => e.id)"
    assert browser.ask(f"{ids}.length - new Set({ids}).size") == 0
    shown = "[...document.querySelectorAll('button, summary')].filter(b => b.checkVisibility())"
    small = f"{shown}.filter(b => b.getBoundingClientRect().height < 24).length"
    assert browser.ask(small) == 0
    assert [told for told in browser.complaints if "404" not in told] == []
