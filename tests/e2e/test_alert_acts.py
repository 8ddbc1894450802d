"""Acting on an alert in a browser: with one tap, from the list and from its page, with scripts and without."""

from pathlib import Path

import pytest

from tests.e2e.browser import Browser
from tests.integration.web.seeding import ALERT, Seeded


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_tap_says_whom_somebody_rang(
    browser: Browser, site: str, seeded: Seeded, tmp_path: Path, scripts: bool
) -> None:
    """From the list one press records who was rung; the page then says who did what, and offers to put nothing off."""
    browser.size(360, 740)
    browser.scripts(run=scripts)
    browser.open(f"{site}/sign-in/{seeded.link('lead')}")
    browser.press("main button")
    assert "I rang Health visiting" in browser.text()
    browser.shoot(tmp_path / "list.png")
    browser.press(".ledger-tap button")
    assert "None of 1 wait for somebody to act" in browser.text()
    browser.open(f"{site}/alerts/{ALERT}")
    text = browser.text()
    assert "Acted on" in text
    assert "Rang Health visiting." in text
    assert "Put it off" not in text
    assert browser.ask("document.documentElement.scrollWidth") == 360
    browser.shoot(tmp_path / "acted.png")
    assert browser.complaints == []
