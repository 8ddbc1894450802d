import pytest
from flask import Flask

from ledger.services.seal import Sealer
from tests.integration.web.entering import PASSWORD, SEALER, Entering, csrf_of, secret_of
from tests.integration.web.seeding import Seeded


@pytest.fixture
def entering(pages: Flask, ledger: Seeded) -> Entering:
    """The pages, with a key for second factors."""
    return Entering(pages, ledger)


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 303), (0, 303), (1, 303), (2, 401)])
def test_a_code_is_good_for_a_step_before_and_after(entering: Entering, steps: int, status: int) -> None:
    """Clocks differ a little; by more than thirty seconds either way they are taken for wrong."""
    authenticator = entering.enrolled()
    client = entering.browser()
    entering.try_password(client)
    assert entering.try_code(client, authenticator.code(steps)).status_code == status


def test_a_code_is_taken_once(entering: Entering) -> None:
    """Read over a shoulder it is worth nothing, nor is any older one; nor the code that confirmed the set-up."""
    entering.by_link()
    client = entering.by_link()
    entering.set_password(client)
    authenticator = entering.enrol(client)
    code = authenticator.code()
    browser = entering.browser()
    entering.try_password(browser)
    assert entering.try_code(browser, code).status_code == 401
    entering.later(seconds=60)
    now, before = authenticator.code(), authenticator.code(-1)
    assert entering.try_code(browser, now).status_code == 303
    for used in (now, before):
        other = entering.browser()
        entering.try_password(other)
        assert entering.try_code(other, used).status_code == 401


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 5000, "A" * 16])
def test_what_is_no_code_is_a_wrong_one(entering: Entering, code: str) -> None:
    """Whatever is typed, the answer is the same page."""
    entering.enrolled()
    client = entering.browser()
    entering.try_password(client)
    answer = entering.try_code(client, code)
    assert answer.status_code == 401
    assert "This code is not right" in answer.text


def test_a_recovery_code_signs_in_once(entering: Entering) -> None:
    """As it was shown, or typed together in small letters; ten of them, and the account page counts what is left."""
    authenticator = entering.enrolled()
    assert len(set(authenticator.recovery)) == 10
    first, second = authenticator.recovery[:2]
    client = entering.browser()
    entering.try_password(client)
    assert entering.try_code(client, first).status_code == 303
    assert "9 recovery codes left" in client.get("/account").text
    other = entering.browser()
    entering.try_password(other)
    assert entering.try_code(other, first).status_code == 401
    assert entering.try_code(other, second.replace(" ", "").lower()).status_code == 303


def test_a_recovery_code_is_its_persons_alone(entering: Entering) -> None:
    """Somebody else's signs nobody in."""
    theirs = entering.enrolled("health").recovery[0]
    entering.enrolled("lead")
    client = entering.browser()
    entering.try_password(client)
    assert entering.try_code(client, theirs).status_code == 401


def test_replacing_it_takes_the_old_one_and_its_codes_away(entering: Entering) -> None:
    """In a session by password the password is asked for again; what was before signs nobody in."""
    old = entering.enrolled()
    client = entering.browser()
    entering.try_password(client)
    entering.try_code(client, old.code())
    before = client.get_cookie("ledger_session")
    page = client.get("/account/second-factor")
    assert "stop working" in page.text
    sent = {"csrf": csrf_of(page), "code": "", "current": "not it"}
    assert client.post("/account/second-factor", data=sent).status_code == 400
    new = entering.enrol(client, current=PASSWORD)
    after = client.get_cookie("ledger_session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    entering.later(minutes=2)
    for code in (old.code(), old.recovery[0]):
        other = entering.browser()
        entering.try_password(other)
        assert entering.try_code(other, code).status_code == 401
    other = entering.browser()
    entering.try_password(other)
    assert entering.try_code(other, new.code()).status_code == 303


def test_a_wrong_code_keeps_nothing(entering: Entering) -> None:
    """The same secret is shown again, so what was scanned can still be confirmed."""
    client = entering.by_link()
    page = client.get("/account/second-factor")
    answer = client.post("/account/second-factor", data={"csrf": csrf_of(page), "code": "000000"})
    assert answer.status_code == 400
    assert secret_of(answer) == secret_of(page)
    assert "Not set up" in client.get("/account").text
    entering.enrol(client)
    assert "Not set up" not in client.get("/account").text


def test_a_secret_is_of_the_session_that_was_shown_it(entering: Entering) -> None:
    """Another session of the same person is shown another, and cannot confirm this one."""
    here, there = entering.by_link(), entering.by_link()
    assert secret_of(here.get("/account/second-factor")) != secret_of(there.get("/account/second-factor"))


def test_the_picture_is_drawn_here(entering: Entering) -> None:
    """It is a data address within the page's own policy: no secret leaves for another machine to draw."""
    page = entering.by_link().get("/account/second-factor")
    assert 'src="data:image/svg+xml' in page.text
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_a_sealed_secret_moved_to_somebody_else_opens_nothing(
    entering: Entering, ledger: Seeded, superuser_url: str
) -> None:
    """Whoever can write the table cannot make their own authenticator another person's."""
    import psycopg

    mine = entering.enrolled("health")
    entering.enrolled("lead")
    with psycopg.connect(superuser_url) as connection:
        connection.execute(
            "UPDATE ledger.second_factors SET sealed = "
            "(SELECT sealed FROM ledger.second_factors WHERE person_id = %s) WHERE person_id = %s",
            (ledger.people["health"], ledger.people["lead"]),
        )
    client = entering.browser()
    entering.try_password(client)
    assert entering.try_code(client, mine.code()).status_code == 401


def test_the_key_can_be_changed(entering: Entering) -> None:
    """The new one first and the old one behind it: all go on. With the old one gone, a link is the way back in."""
    authenticator = entering.enrolled()
    entering.rules(sealer=Sealer([b"n" * 32, b"k" * 32]))
    client = entering.browser()
    entering.try_password(client)
    assert entering.try_code(client, authenticator.code()).status_code == 303
    entering.rules(sealer=Sealer([b"n" * 32]))
    entering.later(minutes=2)
    client = entering.browser()
    entering.try_password(client)
    assert entering.try_code(client, authenticator.code()).status_code == 401
    link = entering.by_link()
    assert "set it up again" in link.get("/account").text
    entering.enrol(link)
    entering.rules(sealer=SEALER)


def test_a_session_by_password_without_the_password_changes_nothing(pages: Flask, ledger: Seeded) -> None:
    """An open desk is not enough to put another authenticator in place of the person's."""
    entering = Entering(pages, ledger, is_factor_required=False)
    entering.set_password(entering.by_link())
    client = entering.browser()
    entering.try_password(client)
    page = client.get("/account/second-factor")
    code_page = {"csrf": csrf_of(page), "code": "000000"}
    answer = client.post("/account/second-factor", data=code_page)
    assert answer.status_code == 400
    assert "This is not your password" in answer.text
