"""Signing in in a real browser: from the link to a password and a second factor, and back in with both."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page

from ledger.api.rights import add_gate
from ledger.services.seal import Sealer
from ledger.services.sign_in_rules import SignInRules
from ledger.web import add_pages
from tests.e2e.browser import DESK, PHONE
from tests.e2e.serving import served
from tests.e2e.visiting import OpenPage, is_too_wide, press, too_small, violations, words
from tests.integration.web.seeding import Seeded, seed_ledger

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once

PASSWORD = "wet paint on tuesday"


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
def entrance(database_url: str) -> Iterator[Site]:
    seeded = seed_ledger(database_url, now=datetime.now(UTC))
    app = Flask("ledger", static_folder=None)
    add_gate(app, seeded.context)
    add_pages(app)
    with served(app) as address:
        yield Site(seeded, app, address)
    for engine in (seeded.context.engine, seeded.workers, seeded.administrators):
        engine.dispose()


def examine(page: Page, name: str) -> None:
    """The same, and axe finds nothing wrong, which needs scripts to run."""
    look(page, name)
    assert violations(page) == [], name


def look(page: Page, name: str) -> None:
    """A page fits a phone, has one main heading, and nothing too small to press."""
    for size in (DESK, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert is_too_wide(page) is None, name
        assert too_small(page) == [], name
    assert page.locator("h1").count() == 1, name


def fill(page: Page, **fields: str) -> None:
    for field, text in fields.items():
        page.fill(f"#{field}", text)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_link_to_a_password_and_a_code(open_page: OpenPage, entrance: Site, scripts: bool) -> None:
    """The picture is drawn, the codes are shown once, and the next sign-in asks for all three and then for a code."""
    page, address = open_page(scripts=scripts), entrance.address
    see = examine if scripts else look
    page.goto(f"{address}/sign-in/{entrance.seeded.link('lead')}")
    press(page, "main button")
    page.goto(f"{address}/account")
    see(page, "account-new")
    press(page, "main a[href='/account/password']")
    fill(page, new="short", again="short")
    press(page, "main button")
    assert "12 characters or more" in words(page)
    see(page, "password-refused")
    fill(page, new=PASSWORD, again=PASSWORD)
    press(page, "main button")
    see(page, "second-factor")
    assert page.locator(".ledger-picture").evaluate("picture => picture.naturalWidth") > 100
    secret = page.locator(".ledger-secret").inner_text().replace(" ", "")
    fill(page, code=entrance.code(secret))
    press(page, "main button")
    see(page, "recovery-codes")
    assert page.locator(".ledger-codes li").count() == 10
    press(page, "main a.govuk-button")
    see(page, "account")
    assert "10 recovery codes left" in words(page)
    press(page, ".ledger-header__button")
    sign_in_again(page, entrance, secret)
    page.goto(f"{address}/account")
    press(page, "main form button")
    assert page.url == f"{address}/sign-in"
    page.goto(f"{address}/account")
    assert page.url == f"{address}/sign-in"


def sign_in_again(page: Page, entrance: Site, secret: str) -> None:
    """With a wrong password first, then with the right one and a code."""
    look(page, "sign-in")
    fill(page, agency="csc", ref="sw1", password="not the password")
    press(page, "main button")
    assert "do not belong together" in words(page)
    look(page, "sign-in-wrong")
    fill(page, password=PASSWORD)
    press(page, "main form button")
    look(page, "code")
    fill(page, code=entrance.code(secret))
    press(page, "main button")
    assert "Sam Whitfield" in words(page)


def test_a_first_sign_in_by_password_sets_up_the_second_factor(page: Page, entrance: Site) -> None:
    """Whoever set a password and no second factor is led there before anything else opens."""
    page.goto(f"{entrance.address}/sign-in/{entrance.seeded.link('lead')}")
    press(page, "main button")
    page.goto(f"{entrance.address}/account/password")
    fill(page, new=PASSWORD, again=PASSWORD)
    press(page, "main button")
    press(page, ".ledger-header__button")
    fill(page, agency="csc", ref="sw1", password=PASSWORD)
    press(page, "main button")
    examine(page, "enrol")
    secret = page.locator(".ledger-secret").inner_text().replace(" ", "")
    fill(page, code=entrance.code(secret))
    press(page, "main button")
    assert "shown this once" in words(page)
    press(page, "main a.govuk-button")
    assert "Your account" in words(page)
