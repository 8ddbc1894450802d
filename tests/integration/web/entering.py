"""Signing in as people do: through the forms, with a real authenticator beside, at whatever time the test says."""

import dataclasses
import html
import re
from datetime import datetime, timedelta
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.services.seal import Sealer
from ledger.services.sign_in_rules import SignInRules
from tests.integration.web.seeding import REAL_NOW, Seeded

SEALER = Sealer([b"k" * 32])
PASSWORD = "wet paint on tuesday"
#: How the two people of the seeded ledger are known.
KNOWN = {"lead": ("csc", "sw1"), "health": ("hv", "hv1")}


class Entering:
    """The pages with passwords and second factors, and a clock to move."""

    def __init__(self, pages: Flask, ledger: Seeded, **rules: Any) -> None:
        self.pages, self.ledger = pages, ledger
        self.now: datetime = REAL_NOW
        self.rules(sealer=SEALER, **rules)

    def rules(self, **rules: Any) -> None:
        """Run the pages under these settings."""
        context = self.pages.extensions["ledger"]
        self.pages.extensions["ledger"] = dataclasses.replace(
            context, real_now=lambda: self.now, sign_in=SignInRules(**rules)
        )

    def later(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)

    def browser(self) -> FlaskClient:
        """A device that nobody has used."""
        return self.pages.test_client()

    def by_link(self, person: str = "lead", client: FlaskClient | None = None) -> FlaskClient:
        """Sign in by a fresh one-time link."""
        client = client or self.browser()
        assert client.post(f"/sign-in/{self.ledger.link(person)}").status_code == 303
        return client

    def try_password(
        self, client: FlaskClient, password: str = PASSWORD, person: str = "lead", **more: Any
    ) -> TestResponse:
        """Send the sign-in form."""
        agency, ref = KNOWN[person]
        return client.post("/sign-in", data={"agency": agency, "ref": ref, "password": password}, **more)

    def set_password(self, client: FlaskClient, new: str = PASSWORD, **more: str) -> TestResponse:
        """Send the form that sets a password."""
        csrf = csrf_of(client.get("/account/password"))
        return client.post("/account/password", data={"csrf": csrf, "new": new, "again": new} | more)

    def enrol(self, client: FlaskClient, page: str = "/account/second-factor", **more: str) -> "Authenticator":
        """Set up a second factor, as the page says."""
        shown = client.get(page)
        authenticator = Authenticator(self, secret_of(shown))
        answer = client.post(page, data={"csrf": csrf_of(shown), "code": authenticator.code()} | more)
        assert answer.status_code == 200, answer.text
        authenticator.recovery = re.findall(r"<li>((?:[A-Z2-7]{4} ?){4})</li>", answer.text)
        return authenticator

    def enrolled(self, person: str = "lead") -> "Authenticator":
        """A person with a password and a second factor, set up on a device of their own; time has moved on since."""
        client = self.by_link(person)
        assert self.set_password(client).status_code == 303
        authenticator = self.enrol(client)
        authenticator.device = client
        self.later(minutes=2)
        return authenticator

    def try_code(self, client: FlaskClient, code: str) -> TestResponse:
        """Send the code's form."""
        page = client.get("/sign-in/code")
        return client.post("/sign-in/code", data={"csrf": csrf_of(page), "code": code})


@dataclasses.dataclass
class Authenticator:
    """An authenticator app with one secret in it, and what its person keeps beside it."""

    entering: Entering
    secret: str
    recovery: list[str] = dataclasses.field(default_factory=list)
    device: FlaskClient | None = None

    def code(self, steps: int = 0) -> str:
        """What it shows now, or so many steps of thirty seconds from now."""
        return pyotp.TOTP(self.secret).at(self.entering.now, counter_offset=steps)


def csrf_of(answer: TestResponse) -> str:
    """The token of the forms of a page."""
    return answer.text.rpartition('name="csrf" value="')[2][:64]


def secret_of(answer: TestResponse) -> str:
    """The secret that a page shows to be typed."""
    found = re.search(r'class="ledger-secret">([A-Z2-7 ]+)<', answer.text)
    assert found, answer.text
    return found[1].replace(" ", "")


def words_of(answer: TestResponse) -> str:
    """The words of a page, without its forms' tokens."""
    return html.unescape(re.sub(r'value="[^"]*"', "", answer.text))
