"""Acting on an alert in a browser: with one tap, from the list and from its page, with scripts and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from ledger.api.rights import add_gate
from ledger.web import add_pages
from tests.e2e.browser import Browser
from tests.e2e.serving import served
from tests.integration.web.seeding import ALERT, Seeded, seed_ledger, seed_shropshire


@pytest.fixture
def shropshire(database_url: str) -> Iterator[Seeded]:
    seeded = seed_ledger(database_url)
    seed_shropshire(seeded)
    yield seeded
    for engine in (seeded.context.engine, seeded.workers, seeded.administrators):
        engine.dispose()


@pytest.fixture
def site(shropshire: Seeded) -> Iterator[str]:
    """The pages over the Shropshire case, served."""
    app = Flask("ledger", static_folder=None)
    app.extensions["ledger"] = shropshire.context
    add_gate(app, shropshire.context)
    add_pages(app)
    with served(app) as address:
        yield address


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_tap_says_whom_somebody_rang(
    browser: Browser, site: str, shropshire: Seeded, tmp_path: Path, scripts: bool
) -> None:
    """From the list one press records who was rung; the page then says who did what, and offers to put nothing off."""
    browser.size(360, 740)
    browser.scripts(run=scripts)
    browser.open(f"{site}/sign-in/{shropshire.link('lead')}")
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
