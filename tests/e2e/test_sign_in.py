"""Signing in in a real browser: from the link to a password and a second factor, and back in with both."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask

from ledger.api.rights import add_gate
from ledger.services.seal import Sealer
from ledger.services.sign_in_rules import SignInRules
from ledger.web import add_pages
from tests.e2e.browser import Browser
from tests.e2e.serving import served
from tests.integration.web.seeding import Seeded, seed_ledger

PASSWORD = "wet paint on tuesday"
SHOWN = "[...document.querySelectorAll('button, summary')].filter(b => b.checkVisibility())"
SMALL = f"{SHOWN}.filter(b => b.getBoundingClientRect().height < 24)"
UNLABELLED = "[...document.querySelectorAll('input:not([type=hidden])')].filter(f => !f.labels.length)"


class Site:
    """The pages on a spare port, with a clock that the test moves so that each code is a new one."""

    def __init__(self, seeded: Seeded, app: Flask, address: str) -> None:
        self.seeded, self.app, self.address = seeded, app, address
        self.ahead = timedelta(0)
        app.extensions["ledger"] = dataclasses.replace(
            seeded.context, real_now=self.now, sign_in=SignInRules(sealer=Sealer([b"k" * 32]), base_url=address)
        )

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def code(self, secret: str) -> str:
        """What an authenticator shows, a minute after the last time it was asked."""
        self.ahead += timedelta(minutes=1)
        return pyotp.TOTP(secret).at(self.now())


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    seeded = seed_ledger(database_url, now=datetime.now(UTC))
    app = Flask("ledger", static_folder=None)
    add_gate(app, seeded.context)
    add_pages(app)
    with served(app) as address:
        yield Site(seeded, app, address)
    for engine in (seeded.context.engine, seeded.workers, seeded.administrators):
        engine.dispose()


def look(browser: Browser, name: str, folder: Path) -> None:
    """A page fits a phone, has one main heading, labels on all fields and nothing too small to press."""
    for width in (1100, 360):
        browser.size(width, 740)
        browser.shoot(folder / f"{name}-{width}.png")
        assert browser.ask("document.documentElement.scrollWidth") == width, name
    assert browser.ask("document.querySelectorAll('h1').length") == 1, name
    assert browser.ask(f"{SMALL}.length") == 0, name
    assert browser.ask(f"{UNLABELLED}.length") == 0, name


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_link_to_a_password_and_a_code(browser: Browser, site: Site, tmp_path: Path, scripts: bool) -> None:
    """The picture is drawn, the codes are shown once, and the next sign-in asks for all three and then for a code."""
    browser.scripts(run=scripts)
    browser.size(1100, 740)
    browser.open(f"{site.address}/sign-in/{site.seeded.link('lead')}")
    browser.press("main button")
    browser.open(f"{site.address}/account")
    look(browser, "account-new", tmp_path)
    browser.press("main a[href='/account/password']")
    browser.type("#new", "short")
    browser.type("#again", "short")
    browser.press("main button")
    assert "12 characters or more" in browser.text()
    look(browser, "password-refused", tmp_path)
    browser.type("#new", PASSWORD)
    browser.type("#again", PASSWORD)
    browser.press("main button")
    look(browser, "second-factor", tmp_path)
    assert browser.ask("document.querySelector('.ledger-picture').naturalWidth") > 100
    secret = str(browser.ask("document.querySelector('.ledger-secret').innerText")).replace(" ", "")
    browser.type("#code", site.code(secret))
    browser.press("main button")
    look(browser, "recovery-codes", tmp_path)
    assert browser.ask("document.querySelectorAll('.ledger-codes li').length") == 10
    browser.press("main a.govuk-button")
    look(browser, "account", tmp_path)
    assert "10 recovery codes left" in browser.text()
    browser.press(".ledger-header__button")
    sign_in_again(browser, site, secret, tmp_path)
    browser.open(f"{site.address}/account")
    browser.press("main form button")
    assert browser.ask("location.pathname") == "/sign-in"
    browser.open(f"{site.address}/account")
    assert browser.ask("location.pathname") == "/sign-in"
    assert [told for told in browser.complaints if "400" not in told and "401" not in told] == []


def sign_in_again(browser: Browser, site: Site, secret: str, folder: Path) -> None:
    """With a wrong password first, then with the right one and a code."""
    look(browser, "sign-in", folder)
    for field, words in (("#agency", "csc"), ("#ref", "sw1"), ("#password", "not the password")):
        browser.type(field, words)
    browser.press("main button")
    assert "do not belong together" in browser.text()
    look(browser, "sign-in-wrong", folder)
    browser.type("#password", PASSWORD)
    browser.press("main form button")
    look(browser, "code", folder)
    browser.type("#code", site.code(secret))
    browser.press("main button")
    assert "Sam Whitfield" in browser.text()


def test_a_first_sign_in_by_password_sets_up_the_second_factor(browser: Browser, site: Site, tmp_path: Path) -> None:
    """Whoever set a password and no second factor is led there before anything else opens."""
    browser.open(f"{site.address}/sign-in/{site.seeded.link('lead')}")
    browser.press("main button")
    browser.open(f"{site.address}/account/password")
    browser.type("#new", PASSWORD)
    browser.type("#again", PASSWORD)
    browser.press("main button")
    browser.press(".ledger-header__button")
    for field, words in (("#agency", "csc"), ("#ref", "sw1"), ("#password", PASSWORD)):
        browser.type(field, words)
    browser.press("main button")
    look(browser, "enrol", tmp_path)
    secret = str(browser.ask("document.querySelector('.ledger-secret').innerText")).replace(" ", "")
    browser.type("#code", site.code(secret))
    browser.press("main button")
    assert "shown this once" in browser.text()
    browser.press("main a.govuk-button")
    assert "Your account" in browser.text()
    assert browser.complaints == []
