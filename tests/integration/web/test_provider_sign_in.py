import dataclasses
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ledger.services.provider import Provider, Registration
from ledger.services.sign_in_provider import BACK, tie_person, untie_person
from ledger.services.sign_in_rules import SignInRules
from tests.integration.web.entering import SEALER, csrf_of
from tests.integration.web.seeding import Seeded
from tests.provider.running import RunningProvider

BASE = "http://localhost"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningProvider]:
    """One provider process for the tests of this file; each leaves it running and behaving."""
    provider = RunningProvider(BASE + BACK)
    yield provider
    provider.stop()


class Visiting:
    """The pages with that provider, by the real clock, which the provider goes by."""

    def __init__(self, pages: Flask, ledger: Seeded, running: RunningProvider) -> None:
        self.pages, self.ledger, self.running = pages, ledger, running
        self.ahead = timedelta(0)
        self.use()

    def use(self, **registration: Any) -> None:
        """Begin with a process that knows nothing of the provider but its registration."""
        known = {"client_secret": self.running.client_secret, "name": "Shire account"} | registration
        provider = Provider(Registration(self.running.issuer, self.running.client_id, **known))
        self.pages.extensions["ledger"] = dataclasses.replace(
            self.pages.extensions["ledger"],
            real_now=lambda: datetime.now(UTC) + self.ahead,
            sign_in=SignInRules(sealer=SEALER, provider=provider, base_url=BASE),
        )

    def tie(self, person: str = "lead", subject: str = "sub-of-diana") -> None:
        """As the administrator's command does."""
        agency = {"lead": "csc", "health": "hv"}[person]
        admin, issuer = self.ledger.administrators, self.running.issuer
        tie_person(
            admin, os.urandom, agency=agency, person_id=self.ledger.people[person], issuer=issuer, subject=subject
        )

    def leave_for_provider(self, client: FlaskClient) -> str:
        """Press the button; where the browser is sent."""
        answer = client.get("/sign-in/provider")
        assert answer.status_code == 303, answer.text
        assert answer.location is not None
        return answer.location

    def sign_in(self, client: FlaskClient, **changed: str) -> TestResponse:
        """There and back; `changed` are parameters of the way back that somebody altered."""
        back = urlsplit(self.running.visit(self.leave_for_provider(client)))
        sent = {name: values[0] for name, values in parse_qs(back.query).items()} | changed
        return client.get(f"{back.path}?{urlencode(sent)}")


@pytest.fixture
def visiting(pages: Flask, ledger: Seeded, running: RunningProvider) -> Visiting:
    """The pages and a provider that behaves."""
    running.tell(user="diana", wrong=None, claims={}, metadata={}, asked=[], redeemed=0)
    return Visiting(pages, ledger, running)


def is_signed_in(client: FlaskClient) -> bool:
    """Whether this browser gets to see a page."""
    return client.get("/account").status_code == 200


def test_whoever_is_tied_is_signed_in(visiting: Visiting) -> None:
    """There, back, and the first page opens under their own name; the request carried state, nonce and PKCE."""
    visiting.tie()
    client = visiting.pages.test_client()
    assert "Sign in with Shire account" in client.get("/sign-in").text
    answer = visiting.sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Sam Whitfield" in client.get("/account").text
    asked = visiting.running.tell()["asked"][0]
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) == 43
    assert asked["scope"] == "openid"
    page = client.get("/account").text
    assert "You can sign in with it" in page
    assert "with Shire account" in page


def test_an_unknown_subject_is_told_whom_to_ask_and_nothing_else(visiting: Visiting) -> None:
    """No hint at who is known, nor the subject itself; nobody is matched by anything else that the provider says."""
    visiting.tie(subject="sub-of-somebody-else")
    visiting.running.tell(claims={"email": "sam@csc.example", "preferred_username": "sw1", "name": "Sam Whitfield"})
    client = visiting.pages.test_client()
    answer = visiting.sign_in(client)
    assert answer.status_code == 403
    assert "administrator" in answer.text
    for told in ("diana", "Sam", "sw1"):
        assert told not in answer.text
    assert not is_signed_in(client)


def test_a_tie_can_be_undone(visiting: Visiting) -> None:
    """From the next sign-in on; both are entries in the partnership's record, which does not hold the subject."""
    visiting.tie()
    admin, issuer = visiting.ledger.administrators, visiting.running.issuer
    person = visiting.ledger.people["lead"]
    assert untie_person(admin, os.urandom, agency="csc", person_id=person, issuer=issuer) == 1
    assert visiting.sign_in(visiting.pages.test_client()).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        "nonce", "aud", "two audiences", "iss", "expired", "early", "no sub", "at_hash",
        "none", "shared secret", "another key", "signature",
    ],
)  # fmt: skip
def test_a_token_with_one_thing_wrong_signs_nobody_in(visiting: Visiting, wrong: str) -> None:
    """Whatever else of it is right; and the next one, which is right, does."""
    visiting.tie()
    visiting.running.tell(wrong=wrong)
    client = visiting.pages.test_client()
    answer = visiting.sign_in(client)
    assert answer.status_code == 401
    assert "You are not signed in" in answer.text
    assert not is_signed_in(client)
    visiting.running.tell(wrong=None)
    assert visiting.sign_in(client).status_code == 303
    assert is_signed_in(client)


@pytest.mark.parametrize("name", ["state", "iss", "code"])
def test_a_way_back_that_was_altered_signs_nobody_in(visiting: Visiting, name: str) -> None:
    """Another state, another issuer's answer, another code."""
    visiting.tie()
    client = visiting.pages.test_client()
    answer = visiting.sign_in(client, **{name: "A" * 43})
    assert answer.status_code == 401
    assert not is_signed_in(client)


def test_another_browser_cannot_come_back(visiting: Visiting) -> None:
    """So nobody can be made to sign in as somebody else by being handed the address of a visit's end."""
    visiting.tie()
    attacker, victim = visiting.pages.test_client(), visiting.pages.test_client()
    back = urlsplit(visiting.running.visit(visiting.leave_for_provider(attacker)))
    visiting.leave_for_provider(victim)
    assert victim.get(f"{back.path}?{back.query}").status_code == 401
    assert not is_signed_in(victim)


def test_a_code_is_taken_once(visiting: Visiting) -> None:
    """The same way back again is refused before the provider is asked, and the provider refuses the code elsewhere."""
    visiting.tie()
    client = visiting.pages.test_client()
    back = urlsplit(visiting.running.visit(visiting.leave_for_provider(client)))
    assert client.get(f"{back.path}?{back.query}").status_code == 303
    assert client.get(f"{back.path}?{back.query}").status_code == 401
    assert visiting.running.tell()["redeemed"] == 1
    code = parse_qs(back.query)["code"][0]
    assert visiting.sign_in(visiting.pages.test_client(), code=code).status_code == 401
    assert visiting.running.tell()["redeemed"] == 1


def test_a_visit_lasts_ten_minutes(visiting: Visiting) -> None:
    """What comes back later was perhaps not meant."""
    visiting.tie()
    client = visiting.pages.test_client()
    back = urlsplit(visiting.running.visit(visiting.leave_for_provider(client)))
    visiting.ahead = timedelta(minutes=10)
    assert client.get(f"{back.path}?{back.query}").status_code == 401


def test_the_provider_says_no(visiting: Visiting) -> None:
    """An error in place of a code is a page of ours, with none of its words."""
    client = visiting.pages.test_client()
    back = urlsplit(visiting.running.visit(visiting.leave_for_provider(client)))
    state = parse_qs(back.query)["state"][0]
    told = urlencode({"state": state, "error": "access_denied", "error_description": "<b>canary</b>"})
    answer = client.get(f"{back.path}?{told}")
    assert answer.status_code == 401
    assert "canary" not in answer.text


def test_a_required_kind_of_sign_in_is_held_to(visiting: Visiting) -> None:
    """Where the settings ask for an `acr` or for methods, a token without them signs nobody in."""
    visiting.tie()
    visiting.use(acr=frozenset({"urn:strong"}), amr=frozenset({"otp", "pwd"}))
    for claims, status in (
        ({}, 401),
        ({"acr": "urn:strong"}, 401),
        ({"acr": "urn:strong", "amr": ["pwd"]}, 401),
        ({"acr": "urn:weak", "amr": ["pwd", "otp"]}, 401),
        ({"acr": "urn:strong", "amr": "otp pwd"}, 401),
        ({"acr": "urn:strong", "amr": ["pwd", "otp"]}, 303),
    ):
        visiting.running.tell(claims=claims)
        assert visiting.sign_in(visiting.pages.test_client()).status_code == status, claims
    assert visiting.running.tell()["asked"][0]["acr_values"] == "urn:strong"


def test_new_keys_of_the_provider_are_followed(visiting: Visiting) -> None:
    """A token signed with a key that was not there before is checked with the keys that are there now."""
    visiting.tie()
    assert visiting.sign_in(visiting.pages.test_client()).status_code == 303
    visiting.running.tell(rotate=True)
    assert visiting.sign_in(visiting.pages.test_client()).status_code == 303


def test_when_the_provider_is_away_the_rest_works(visiting: Visiting) -> None:
    """A page that says so, before leaving and on the way back; links work, and so does the provider once it is back."""
    visiting.tie()
    client = visiting.pages.test_client()
    back = urlsplit(visiting.running.visit(visiting.leave_for_provider(client)))
    visiting.running.stop()
    try:
        answer = client.get(f"{back.path}?{back.query}")
        assert answer.status_code == 503
        assert "does not answer" in answer.text
        visiting.use()
        answer = client.get("/sign-in/provider")
        assert answer.status_code == 503
        assert "one-time link" in answer.text
        assert client.get("/sign-in").status_code == 200
    finally:
        visiting.running.start()
    assert visiting.sign_in(visiting.pages.test_client()).status_code == 303


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://somebody.example"},
        {"token_endpoint": "http://127.0.0.1:1/token"},
        {"jwks_uri": "http://169.254.169.254/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
)
def test_only_the_issuers_own_addresses_are_gone_to(visiting: Visiting, metadata: dict[str, Any]) -> None:
    """Metadata that names another issuer or another host is that of no provider of ours."""
    visiting.tie()
    visiting.running.tell(metadata=metadata)
    client = visiting.pages.test_client()
    answer = client.get("/sign-in/provider")
    if answer.status_code == 303:
        assert answer.location is not None
        back = urlsplit(visiting.running.visit(answer.location))
        answer = client.get(f"{back.path}?{back.query}")
    assert answer.status_code == 503
    assert not is_signed_in(client)


def test_leaving_offers_to_leave_the_provider_too(visiting: Visiting) -> None:
    """By a link to the provider's own page, which says nothing of who is leaving; others are not offered it."""
    visiting.tie()
    client = visiting.pages.test_client()
    visiting.sign_in(client)
    csrf = csrf_of(client.get("/account"))
    answer = client.post("/sign-out", data={"csrf": csrf})
    page = client.get(str(answer.location)).text
    assert f"{visiting.running.issuer}/leave?client_id=ledger&amp;post_logout_redirect_uri=" in page
    assert "id_token_hint" not in page
    other = visiting.pages.test_client()
    assert "/leave" not in other.get("/sign-in").text


def test_without_a_provider_there_is_no_such_page(pages: Flask) -> None:
    """Neither the way there nor the way back."""
    client = pages.test_client()
    assert client.get("/sign-in/provider").status_code == 404
    assert client.get("/sign-in/provider/back?state=a&code=b").status_code == 404


def test_nothing_of_it_is_logged_or_kept(
    visiting: Visiting, superuser_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither code, state, nonce nor secret; a visit that came back has left no row."""
    caplog.set_level(logging.INFO)
    visiting.tie()
    client = visiting.pages.test_client()
    there = parse_qs(urlsplit(visiting.leave_for_provider(client)).query)
    visiting.sign_in(client)
    for secret in (there["state"][0], there["nonce"][0], visiting.running.client_secret, "sub-of-diana"):
        assert secret not in caplog.text
    with psycopg.connect(superuser_url) as connection:
        rows = connection.execute("SELECT v::text FROM ledger.provider_visits v").fetchall()
        entries = connection.execute("SELECT content FROM ledger.contents WHERE kind = 'person_tied'").fetchall()
    assert len(rows) == 1  # the one that was begun and never came back
    assert there["state"][0] not in str(rows)
    assert len(entries) == 1
    assert b"sub-of-diana" not in bytes(entries[0][0])
