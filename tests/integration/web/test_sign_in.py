import dataclasses
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.integration.web.seeding import REAL_NOW, Seeded

Signs = Callable[[str], FlaskClient]


def at(pages: Flask, later: timedelta) -> None:
    """Move the real clock that the pages were given."""
    context = pages.extensions["ledger"]
    pages.extensions["ledger"] = dataclasses.replace(context, real_now=lambda: REAL_NOW + later)


def test_looking_at_a_link_spends_nothing_and_its_button_works_once(pages: Flask, ledger: Seeded) -> None:
    """A mail scanner that opens the link leaves it good; a second press is told that it is spent."""
    token, client = ledger.link("lead"), pages.test_client()
    for _ in range(3):
        assert client.get(f"/sign-in/{token}").status_code == 200
        assert client.head(f"/sign-in/{token}").status_code == 200
    assert client.post(f"/sign-in/{token}").status_code == 303
    assert "Sam Whitfield" in client.get("/").text
    other = pages.test_client()
    assert other.post(f"/sign-in/{token}").status_code == 410
    assert other.get(f"/sign-in/{token}").status_code == 410
    assert other.get("/").status_code == 303


def test_a_link_lasts_seven_days(pages: Flask, ledger: Seeded) -> None:
    """An old link signs nobody in."""
    good, old = ledger.link("lead"), ledger.link("lead")
    at(pages, timedelta(days=7) - timedelta(seconds=1))
    assert pages.test_client().post(f"/sign-in/{good}").status_code == 303
    at(pages, timedelta(days=7))
    assert pages.test_client().post(f"/sign-in/{old}").status_code == 410


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 44, "%00" * 43, "é" * 43])
def test_a_made_up_link_signs_nobody_in(pages: Flask, token: str) -> None:
    """Whatever stands in the address, the answer is the page of a spent link."""
    client = pages.test_client()
    assert client.get(f"/sign-in/{token}").status_code == 410
    assert client.post(f"/sign-in/{token}").status_code == 410


def test_a_session_ends_after_half_an_hour_without_use(sign_in: Signs, pages: Flask) -> None:
    """Use keeps it open; silence closes it, and only the real clock counts."""
    client = sign_in("lead")
    for minutes in (29, 58, 87):
        at(pages, timedelta(minutes=minutes))
        assert client.get("/").status_code == 200
    at(pages, timedelta(minutes=87 + 30))
    assert client.get("/").status_code == 303


def test_a_session_ends_after_twelve_hours_of_use(sign_in: Signs, pages: Flask) -> None:
    """However busy it was."""
    client = sign_in("lead")
    for step in range(1, 36):
        at(pages, timedelta(minutes=20 * step))
        assert client.get("/").status_code == 200
    at(pages, timedelta(hours=12))
    assert client.get("/").status_code == 303


def test_signing_out_ends_the_session_in_the_ledger(sign_in: Signs) -> None:
    """A copied cookie is worth nothing afterwards; a form without the session's token signs nobody out."""
    client = sign_in("lead")
    cookie = client.get_cookie("ledger_session")
    assert cookie is not None
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"csrf": "0" * 64}).status_code == 403
    csrf = client.get("/").text.partition('name="csrf" value="')[2][:64]
    assert client.post("/sign-out", data={"csrf": csrf}).status_code == 303
    client.set_cookie("ledger_session", cookie.value)
    assert client.get("/").status_code == 303


def test_a_form_from_another_site_is_refused(sign_in: Signs, pages: Flask, ledger: Seeded) -> None:
    """Signing in as somebody else from afar is refused as well as signing out."""
    client = sign_in("lead")
    csrf = client.get("/").text.partition('name="csrf" value="')[2][:64]
    afar = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/sign-out", data={"csrf": csrf}, headers=afar).status_code == 403
    assert pages.test_client().post(f"/sign-in/{ledger.link('lead')}", headers=afar).status_code == 403


@pytest.mark.parametrize(
    ("base", "name", "secure"),
    [
        ("http://127.0.0.1:8000", "ledger_session", False),
        ("http://localhost", "ledger_session", False),
        ("http://[::1]:8000", "ledger_session", False),
        ("https://127.0.0.1", "__Host-ledger", True),
        ("http://ledger.example", "__Host-ledger", True),
        ("https://ledger.example", "__Host-ledger", True),
    ],
)
def test_the_cookie_is_out_of_reach(pages: Flask, ledger: Seeded, base: str, name: str, secure: bool) -> None:
    """No script reads it, no other site sends it, and only plain http to this machine goes without Secure."""
    answer = pages.test_client().post(f"/sign-in/{ledger.link('lead')}", base_url=base)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{name}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure


def test_only_hashes_of_tokens_are_kept(sign_in: Signs, ledger: Seeded, superuser_url: str) -> None:
    """Who reads the tables can sign in as nobody."""
    token = ledger.link("lead")
    cookie = sign_in("lead").get_cookie("ledger_session")
    assert cookie is not None
    with psycopg.connect(superuser_url) as connection:
        rows = connection.execute(
            "SELECT s::text FROM ledger.sessions s UNION SELECT l::text FROM ledger.sign_in_links l"
        )
        kept = str(rows.fetchall())
    for secret in (token, cookie.value):
        assert secret not in kept
        assert secret.encode().hex() not in kept
