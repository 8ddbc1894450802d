import logging
import threading
from collections.abc import Callable

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask

from ledger.services import sign_in_password
from ledger.services.passwords import is_password
from tests.integration.web.entering import KNOWN, PASSWORD, Entering, csrf_of, words_of
from tests.integration.web.seeding import Seeded


@pytest.fixture
def entering(pages: Flask, ledger: Seeded) -> Entering:
    """The pages, with a key for second factors."""
    return Entering(pages, ledger)


def kept(url: str, table: str) -> str:
    """All rows of a table, as text."""
    with psycopg.connect(url) as connection:
        return str(connection.execute(f"SELECT t::text FROM ledger.{table} t".encode()).fetchall())


def test_from_the_link_to_the_code(entering: Entering) -> None:
    """A link, a password, a second factor; then another device with password and code, and each its own session."""
    authenticator = entering.enrolled()
    client = entering.browser()
    answer = entering.try_password(client)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    assert client.get("/account").location == "/sign-in"  # nothing is open yet
    assert client.get("/account").location == "/sign-in"
    waiting = client.get_cookie("ledger_session")
    answer = entering.try_code(client, authenticator.code())
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Sam Whitfield" in client.get("/account").text
    now = client.get_cookie("ledger_session")
    assert waiting is not None
    assert now is not None
    assert waiting.value != now.value
    client.set_cookie("ledger_session", waiting.value)
    assert client.get("/sign-in/code").location == "/sign-in"


def test_without_a_second_factor_a_password_leads_to_setting_one_up(entering: Entering) -> None:
    """Before anything else, and the page then signs in; the next time its code is asked for."""
    link = entering.by_link()
    entering.set_password(link)
    client = entering.browser()
    assert entering.try_password(client).location == "/sign-in/second-factor"
    for page in ("/", "/account", "/account/second-factor", "/sign-in/code"):
        assert client.get(page).location == "/sign-in", page
    authenticator = entering.enrol(client, "/sign-in/second-factor")
    assert len(authenticator.recovery) == 10
    assert client.get("/account").status_code == 200
    assert entering.try_password(entering.browser()).location == "/sign-in/code"


def test_setting_one_up_at_sign_in_never_replaces_one_that_is_there(entering: Entering) -> None:
    """Who knows only the password and came in before the person set up a second factor gains nothing afterwards."""
    person = entering.by_link()
    entering.set_password(person)
    thief = entering.browser()
    assert entering.try_password(thief).location == "/sign-in/second-factor"
    entering.enrol(person)
    page = thief.get("/sign-in/second-factor")
    answer = thief.post("/sign-in/second-factor", data={"csrf": csrf_of(page), "code": "000000"})
    assert answer.location == "/sign-in"
    assert thief.get("/account").location == "/sign-in"


def test_where_it_is_optional_a_password_is_enough(pages: Flask, ledger: Seeded) -> None:
    """Until somebody has set a second factor up: from then on theirs is asked for."""
    entering = Entering(pages, ledger, is_factor_required=False)
    link = entering.by_link()
    entering.set_password(link)
    client = entering.browser()
    assert entering.try_password(client).location == "/"
    assert client.get("/account").status_code == 200
    entering.enrol(link)
    assert entering.try_password(entering.browser()).location == "/sign-in/code"


def test_without_a_key_there_are_links_alone(pages: Flask, ledger: Seeded) -> None:
    """Nothing could keep a second factor, so none is offered, no password opens anything, and the pages say so."""
    entering = Entering(pages, ledger)
    entering.rules()
    client = entering.by_link()
    assert "cannot be set up here" in client.get("/account").text
    page = client.get("/account/second-factor").text
    assert "has not given it the key" in page
    assert '<form method="post" action="/account/second-factor"' not in page
    assert "Password" not in entering.browser().get("/sign-in").text
    assert entering.try_password(entering.browser()).status_code == 400


def test_the_answer_is_the_same_whoever_it_is(entering: Entering, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong password, no password, no such reference, no such agency: one status, one page, one hash worked."""
    entering.enrolled("lead")
    worked: list[bool] = []

    def counting(password: str, hashed: str | None) -> bool:
        worked.append(True)
        return is_password(password, hashed)

    monkeypatch.setattr(sign_in_password, "is_password", counting)
    answers = []
    for agency, ref in (("csc", "sw1"), ("hv", "hv1"), ("csc", "nobody"), ("nowhere", "sw1")):
        for password in ("not the password", "x" * 500):
            answer = entering.browser().post("/sign-in", data={"agency": agency, "ref": ref, "password": password})
            answers.append((answer.status_code, words_of(answer), sorted(answer.headers.keys())))
    assert {status for status, _, _ in answers} == {401}
    assert len({words for _, words, _ in answers}) == 1
    assert len({str(headers) for _, _, headers in answers}) == 1
    assert len(worked) == len(answers)


def test_references_are_taken_as_people_type_them(entering: Entering) -> None:
    """Capitals of the agency and blanks around do not matter; the person's own reference is as it is."""
    entering.enrolled()
    for agency, ref, status in ((" CSC ", " sw1 ", 303), ("csc", "SW1", 401)):
        sent = {"agency": agency, "ref": ref, "password": PASSWORD}
        assert entering.browser().post("/sign-in", data=sent).status_code == status


def test_what_is_missing_is_said_and_the_password_is_never_shown_again(entering: Entering) -> None:
    """Each empty field has its words; what was typed comes back, but not the password."""
    answer = entering.browser().post("/sign-in", data={"agency": "csc", "ref": "", "password": "canary-secret"})
    assert answer.status_code == 400
    assert "Enter your own reference" in answer.text
    assert 'value="csc"' in answer.text
    assert "canary-secret" not in answer.text


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("eleven char", "12 characters or more"),
        ("x" * 129, "128 characters or fewer"),
        ("password1234", "guessed first"),
        ("CSC sw1, csc SW1", "must not be your name"),
    ],
)
def test_a_bad_new_password_is_refused(entering: Entering, new: str, words: str) -> None:
    """It says why, and the old one still holds."""
    authenticator = entering.enrolled()
    client = authenticator.device
    assert client is not None
    answer = entering.set_password(client, new, current=PASSWORD)
    assert answer.status_code == 400
    assert words in answer.text
    assert new not in answer.text
    assert entering.try_password(entering.browser()).status_code == 303


def test_a_password_of_any_characters_is_one_however_it_was_composed(entering: Entering) -> None:
    """Blanks, accents and signs count; the same letters composed otherwise are the same password."""
    client = entering.by_link()
    assert entering.set_password(client, "Zoe\u0308 zahlt 5 \u20ac 🐚").status_code == 303
    assert entering.try_password(entering.browser(), "Zo\u00eb zahlt 5 \u20ac 🐚").status_code == 303
    assert entering.try_password(entering.browser(), "Zoe zahlt 5 \u20ac 🐚").status_code == 401


def test_changing_it_asks_for_the_old_one_and_ends_every_other_session(entering: Entering) -> None:
    """Half an hour after a link the link no longer stands for the password; this session goes on under a new token."""
    authenticator = entering.enrolled()
    here, elsewhere = entering.browser(), entering.browser()
    for client in (here, elsewhere):
        entering.try_password(client)
        assert entering.try_code(client, authenticator.code()).status_code == 303
        entering.later(minutes=1)
    new = "quite another long one"
    answer = entering.set_password(here, new)
    assert answer.status_code == 400
    assert "This is not your password" in answer.text
    assert elsewhere.get("/account").status_code == 200
    before = here.get_cookie("ledger_session")
    assert entering.set_password(here, new, current=PASSWORD).location == "/account?said=password"
    after = here.get_cookie("ledger_session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").location == "/sign-in"
    here.set_cookie("ledger_session", before.value)
    assert here.get("/account").location == "/sign-in"
    assert entering.try_password(entering.browser()).status_code == 401
    assert entering.try_password(entering.browser(), new).status_code == 303


def test_a_link_stands_for_a_lost_password_for_half_an_hour(entering: Entering) -> None:
    """Then the old one is asked for again, so an open desk cannot be used to take an account over."""
    entering.enrolled()
    client = entering.by_link()
    entering.later(minutes=29)
    assert "Your password now" not in client.get("/account/password").text
    entering.later(minutes=2)
    assert "Your password now" in client.get("/account/password").text
    assert entering.set_password(client, "quite another long one").status_code == 400


def test_old_parameters_are_raised_at_the_next_sign_in(entering: Entering, ledger: Seeded, superuser_url: str) -> None:
    """A hash that was made with less is made anew once the password is known to be right, and not before."""
    entering.enrolled()
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with psycopg.connect(superuser_url) as connection:
        connection.execute("UPDATE ledger.passwords SET hash = %s", (weak,))
    entering.try_password(entering.browser(), "not the password")
    assert weak in kept(superuser_url, "passwords")
    assert entering.try_password(entering.browser()).status_code == 303
    assert weak not in kept(superuser_url, "passwords")
    assert entering.try_password(entering.browser()).status_code == 303


def test_signing_in_again_ends_what_the_browser_held(entering: Entering) -> None:
    """Nobody is left signed in behind somebody else's back."""
    client = entering.by_link("lead")
    held = client.get_cookie("ledger_session")
    entering.by_link("health", client)
    assert "Hana Vale" in client.get("/account").text
    assert held is not None
    client.set_cookie("ledger_session", held.value)
    assert client.get("/account").location == "/sign-in"


def test_signing_out_everywhere_is_one_button(entering: Entering) -> None:
    """It ends every session of the person, this one too, and nobody else's; a form without the token ends none."""
    mine, also_mine, other = entering.by_link(), entering.by_link(), entering.by_link("health")
    unused = f"/sign-in/{entering.ledger.link('lead')}"
    page = mine.get("/account")
    assert page.text.count("<li>") >= 2
    assert mine.post("/account/sign-out-everywhere", data={"csrf": "0" * 64}).status_code == 403
    assert mine.post("/account/sign-out-everywhere", data={"csrf": csrf_of(page)}).location == "/sign-in"
    assert mine.get("/account").location == also_mine.get("/account").location == "/sign-in"
    assert other.get("/account").status_code == 200
    assert mine.get(unused).status_code == 410, "a link that somebody else may hold does not come in either"


def test_a_sign_in_that_waits_for_its_code_lasts_ten_minutes(entering: Entering) -> None:
    """Then it begins anew."""
    authenticator = entering.enrolled()
    client = entering.browser()
    entering.try_password(client)
    entering.later(minutes=9)
    assert client.get("/sign-in/code").status_code == 200
    entering.later(minutes=1)
    assert client.get("/sign-in/code").location == "/sign-in"
    answer = client.post("/sign-in/code", data={"code": authenticator.code()})
    assert answer.location == "/sign-in"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in/code", "/account/password", "/account/second-factor", "/account/sign-out-everywhere"]
)
def test_no_form_works_from_another_site_or_without_its_token(entering: Entering, path: str) -> None:
    """Every form that changes something is refused, and nothing has changed."""
    authenticator = entering.enrolled()
    client = authenticator.device
    assert client is not None
    if path == "/sign-in/code":
        client = entering.browser()
        entering.try_password(client)
    sent = {"agency": "csc", "ref": "sw1", "password": PASSWORD, "new": "a b c d e f g", "again": "a b c d e f g"}
    sent |= {"code": authenticator.code(), "current": PASSWORD}
    if path != "/sign-in":
        assert client.post(path, data=sent).status_code == 403
    csrf = csrf_of(client.get("/sign-in/code" if path == "/sign-in/code" else "/account"))
    answer = client.post(path, data=sent | {"csrf": csrf}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert entering.try_password(entering.browser()).location == "/sign-in/code"


def test_no_secret_is_logged_or_kept_as_it_is(
    entering: Entering, superuser_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the password, nor the secret, nor a code, nor a token stands in a log or a table."""
    caplog.set_level(logging.DEBUG)
    authenticator = entering.enrolled()
    client = entering.browser()
    entering.try_password(client, "a wrong canary password")
    entering.try_password(client)
    entering.try_code(client, "123456")
    code = authenticator.code()
    entering.try_code(client, code)
    cookies = [client.get_cookie(name) for name in ("ledger_session", "ledger_device")]
    secrets = [PASSWORD, "a wrong canary password", authenticator.secret, code, *authenticator.recovery]
    secrets += [one.replace(" ", "") for one in authenticator.recovery]
    secrets += [cookie.value for cookie in cookies if cookie is not None]
    tables = ("passwords", "second_factors", "recovery_codes", "known_devices", "sign_in_tries", "sessions")
    everything = "".join(kept(superuser_url, table) for table in tables)
    for secret in secrets:
        for text in (everything, caplog.text):
            assert secret not in text
        assert secret.encode().hex() not in everything


def test_many_at_once_are_counted_as_many(entering: Entering) -> None:
    """Twenty guesses sent at the same moment are no more than five."""
    entering.enrolled()
    statuses: list[int] = []

    def guess() -> None:
        statuses.append(entering.try_password(entering.browser(), "not the password").status_code)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(401) == 5
    assert statuses.count(429) == 7


def test_everybody_finds_their_references_on_their_account_page(
    entering: Entering, sign_in: Callable[[str], object]
) -> None:
    """What is asked for at the next sign-in stands there."""
    for person, (agency, ref) in KNOWN.items():
        page = entering.by_link(person).get("/account").text
        assert f"<strong>{agency}</strong>" in page
        assert f"<strong>{ref}</strong>" in page
