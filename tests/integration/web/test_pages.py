import base64
import hashlib
import re
from collections.abc import Callable

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.integration.web.seeding import ALERT, RECORD, Seeded, presence

Signs = Callable[[str], FlaskClient]
CANARY = "QUETZALCOATLUS"
CHRONOLOGY = f"/children/{RECORD}/chronology"
PAGES = ("/", f"/alerts/{ALERT}", CHRONOLOGY)


def test_the_alert_page_sets_the_two_statements_side_by_side(shropshire: Seeded, sign_in: Signs) -> None:
    """What the lead needs to ring somebody stands on one page."""
    text = sign_in("lead").get(f"/alerts/{ALERT}").text
    for words in (
        "The mother told Children’s social care and Health visiting different things about the father’s presence",
        "Mother says the father is out of their lives",
        "comes often, some nights too",
        "Told by the mother",
        "Health visiting (health visitor)",
        "5 October 2022 at midday",
        "01743 000111",
        "Whom to ring",
        "What to ask",
        "Why this is checked",
        "This may be a change since 10 March 2022.",
    ):
        assert words in text, words


def test_acknowledging_is_an_entry_and_shows(shropshire: Seeded, sign_in: Signs) -> None:
    """The button writes into the child's record, with the note, and pressing again changes nothing."""
    client = sign_in("lead")
    page = client.get(f"/alerts/{ALERT}").text
    csrf = page.partition('name="csrf" value="')[2][:64]
    assert client.post(f"/alerts/{ALERT}/acknowledgements").status_code == 403
    for note in ("Will ring Hana today.", "pressed twice"):
        answer = client.post(f"/alerts/{ALERT}/acknowledgements", data={"csrf": csrf, "note": note})
        assert answer.status_code == 303
    page = client.get(f"/alerts/{ALERT}").text
    assert "Acknowledged by Sam Whitfield" in page
    assert "Will ring Hana today." in page
    assert "pressed twice" not in page
    chronology = client.get(CHRONOLOGY).text
    assert chronology.count(">Alert acknowledged <span") == 1
    assert "Not acknowledged yet" not in client.get("/").text


def test_the_chronology_shows_what_was_known_on_a_day(shropshire: Seeded, sign_in: Signs) -> None:
    """Before the second account the record holds one, and the typing error stands uncorrected."""
    client = sign_in("lead")
    then = client.get(f"{CHRONOLOGY}?known_on=2022-10-03").text
    assert "out of their lives" in then
    assert "some nights too" not in then
    assert "Finding raised" not in then
    now = client.get(CHRONOLOGY).text
    assert "some nights too" in now
    assert re.search(r"<del>\s*<p[^>]*>Weight 3.42 kg", now)
    assert "Sam Whitfield, Children’s social care" in now


@pytest.mark.parametrize("query", ["known_on=2022-13-01", "so_on=yesterday", "known_on=0001-01-01", "so_on=9999-12-31"])
def test_a_day_that_is_none_is_said_beside_its_field(shropshire: Seeded, sign_in: Signs, query: str) -> None:
    """The page comes with what is wrong and still shows the record."""
    answer = sign_in("lead").get(f"{CHRONOLOGY}?{query}")
    assert answer.status_code == 400
    assert "Enter a real day" in answer.text
    assert "<title>Error: Chronology" in answer.text


@pytest.mark.parametrize("marking", ["restricted", "pointer"])
def test_no_page_shows_what_is_withheld(shropshire: Seeded, sign_in: Signs, marking: str) -> None:
    """The lead is told to ring; the words, the attribute and the other side stay out of every page."""
    shropshire.observe(
        "2022-11-02T09:00:00+00:00",
        "police",
        f"e-{CANARY}",
        f"Intelligence {CANARY}",
        presence("lives_here", "2022-10-01/..", basis="seen", informant=None),
        people=[{"ref": "x", "name": CANARY}],
        sharing={"marking": marking},
        author={"ref": CANARY, "role": CANARY},
    )
    at = "2022-11-02T09:00:01+00:00"
    shropshire.find(at, "contradiction", ["o2"], [f"e-{CANARY}"], finding="e" * 32)
    shropshire.alert(at, "csc", "sw1", alert="e" * 32, finding="e" * 32)
    client = sign_in("lead")
    texts = [client.get(page).text for page in (*PAGES, f"/alerts/{'e' * 32}", f"{CHRONOLOGY}?so_on=2022-10-06")]
    assert not any(CANARY in text for text in texts)
    pointer = client.get(f"/alerts/{'e' * 32}").text
    assert 'href="tel:101"' in pointer
    assert "extension 4411" in pointer
    assert "presence" not in pointer


def test_what_agencies_write_is_text_and_never_markup(ledger: Seeded, sign_in: Signs) -> None:
    """A narrative, a name or a role cannot bring a script or a link of its own."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    ledger.observe(
        "2022-10-05T11:00:00+00:00",
        "hv",
        "o1",
        evil,
        presence("visits", "2022-10-05", informant="gran"),
        people=[{"ref": "gran", "name": evil}],
        author={"ref": "x", "role": evil},
    )
    text = sign_in("lead").get(CHRONOLOGY).text
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize("page", PAGES)
def test_nobody_reads_without_signing_in(shropshire: Seeded, pages: Flask, page: str, superuser_url: str) -> None:
    """Every page about a child sends who is not signed in to the sign-in page, and nothing counts as read."""
    answer = pages.test_client().get(page)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    with psycopg.connect(superuser_url) as connection:
        assert connection.execute("SELECT count(*) FROM ledger.access_records").fetchone() == (0,)


def test_what_one_may_not_know_of_is_not_found(shropshire: Seeded, sign_in: Signs) -> None:
    """Another person's alert, a child one's agency is not involved with, an address that is none: the same page."""
    client = sign_in("health")
    for page in (f"/alerts/{ALERT}", "/alerts/none", CHRONOLOGY.replace("0001/", "0002/"), "/nowhere/at/all"):
        answer = client.get(page)
        assert answer.status_code == 404
        assert "Page not found" in answer.text
        assert "Demonstration ledger" in answer.text
    assert client.get(CHRONOLOGY).status_code == 200


def test_addresses_of_the_interface_are_left_to_it(pages: Flask) -> None:
    """The pages answer for nothing under the interface's prefix or the health checks'."""
    client = pages.test_client()
    for path in ("/api/v1/nowhere", "/api", "/health/nowhere", "/assets/nowhere.css"):
        assert "Safeguarding ledger" not in client.get(path).text


def test_every_answer_has_the_strict_policy_and_the_page_keeps_it(shropshire: Seeded, sign_in: Signs) -> None:
    """No inline style, no handler, no script but the one whose hash the policy names; nothing is kept by caches."""
    client = sign_in("lead")
    for page in (*PAGES, "/sign-in", "/nowhere"):
        answer = client.get(page)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", answer.text)
        inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
        hashes = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline}
        assert hashes == {"GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="}
        assert hashes <= {found.removeprefix("sha256-") for found in re.findall(r"'(sha256-[^']+)'", policy)}


def test_a_demonstration_says_so_and_shows_its_moved_clock(ledger: Seeded, pages: Flask) -> None:
    """Even before signing in."""
    text = pages.test_client().get("/sign-in").text
    assert "Demonstration ledger." in text
    assert "Its clock stands at 2 March 2022 at 10am." in text


def test_a_database_that_is_away_gives_a_page_that_says_so(ledger: Seeded, pages: Flask) -> None:
    """No trace, no half page: come back in a moment."""
    import dataclasses

    from ledger.store.database import connect_engine

    gone = connect_engine("postgresql://nobody@127.0.0.1:9/none", "ledger_web")
    pages.extensions["ledger"] = dataclasses.replace(ledger.context, engine=gone)
    client = pages.test_client()
    client.set_cookie("ledger_session", "a" * 43)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "cannot be reached" in answer.text
