import pytest
from flask import Flask
from flask.testing import FlaskClient

from ledger.services import sign_in_wait
from tests.integration.web.entering import PASSWORD, SEALER, Entering, words_of
from tests.integration.web.seeding import Seeded

WRONG = "not the password"


@pytest.fixture
def entering(pages: Flask, ledger: Seeded) -> Entering:
    """The pages, with a key for second factors."""
    return Entering(pages, ledger)


def fail(entering: Entering, client: FlaskClient | None = None, times: int = 5) -> list[int]:
    """Wrong passwords, each from a device of its own unless one is given; the statuses."""
    return [entering.try_password(client or entering.browser(), WRONG).status_code for _ in range(times)]


def test_after_five_failures_strangers_wait_fifteen_minutes(entering: Entering) -> None:
    """The right password too, for who guesses would learn it; then it is taken again."""
    entering.enrolled()
    assert fail(entering) == [401] * 5
    answer = entering.try_password(entering.browser())
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text
    entering.later(minutes=14, seconds=59)
    assert "Wait 1 minute," in entering.try_password(entering.browser()).text
    entering.later(seconds=1)
    assert entering.try_password(entering.browser()).status_code == 303


def test_a_stranger_cannot_lock_a_person_out_of_their_own_device(entering: Entering) -> None:
    """Where they have signed in before, they sign in on; and by a link they do everywhere."""
    authenticator = entering.enrolled()
    own = authenticator.device
    assert own is not None
    fail(entering, times=9)
    assert entering.try_password(own).status_code == 303
    assert entering.try_code(own, authenticator.code()).status_code == 303
    entering.by_link()


def test_each_known_device_waits_by_itself(entering: Entering) -> None:
    """Failures on one device are not held against another, known or not."""
    authenticator = entering.enrolled()
    own, other = authenticator.device, entering.by_link()
    assert own is not None
    assert fail(entering, own, 6) == [401] * 5 + [429]
    assert entering.try_password(other).status_code == 303
    assert entering.try_password(entering.browser()).status_code == 303


def test_a_device_is_known_for_who_signed_in_on_it(entering: Entering) -> None:
    """Somebody else's device is a stranger's, and so is a token that was made up."""
    entering.enrolled("lead")
    others = entering.enrolled("health").device
    assert others is not None
    fail(entering)
    assert entering.try_password(others).status_code == 429
    made_up = entering.browser()
    made_up.set_cookie("ledger_device", "A" * 43)
    assert entering.try_password(made_up).status_code == 429


def test_a_token_that_was_put_into_a_browser_is_replaced(entering: Entering) -> None:
    """Whoever planted it does not then hold one of a known device."""
    client = entering.browser()
    client.set_cookie("ledger_device", "A" * 43)
    entering.by_link("lead", client)
    planted = client.get_cookie("ledger_device")
    assert planted is not None
    assert planted.value != "A" * 43
    before = planted.value
    entering.by_link("health", client)
    shared = client.get_cookie("ledger_device")
    assert shared is not None
    assert shared.value == before, "one desk of several people stays one device"


def test_a_device_is_forgotten_when_the_password_changes(entering: Entering) -> None:
    """Whoever had the old one had perhaps a device as well."""
    authenticator = entering.enrolled()
    own, client = authenticator.device, entering.by_link()
    assert own is not None
    assert entering.set_password(client, "quite another long one").status_code == 303
    fail(entering)
    assert entering.try_password(own).status_code == 429


def test_waits_grow_and_are_forgotten(entering: Entering) -> None:
    """15 minutes, 30, an hour, and no more; after a day without a try it begins again at 15."""
    entering.enrolled()
    waited = []
    for _ in range(4):
        fail(entering)
        words = entering.try_password(entering.browser()).text
        waited.append(int(words.partition("Wait ")[2].split()[0]))
        entering.later(minutes=waited[-1])
    assert waited == [15, 30, 60, 60]
    entering.later(days=1)
    fail(entering)
    assert "Wait 15 minutes" in entering.try_password(entering.browser()).text


def test_trying_on_does_not_prolong_a_wait(entering: Entering) -> None:
    """Otherwise a stranger could make every new device wait for ever by one request a minute."""
    entering.enrolled()
    fail(entering)
    for _ in range(14):
        entering.later(minutes=1)
        assert entering.try_password(entering.browser(), WRONG).status_code == 429
    entering.later(minutes=1)
    assert entering.try_password(entering.browser()).status_code == 303


def test_failures_of_long_ago_do_not_count(entering: Entering) -> None:
    """Four, a quarter of an hour, and four again are no five in a quarter of an hour; a success begins anew too."""
    entering.enrolled()
    assert fail(entering, times=4) == [401] * 4
    entering.later(minutes=15)
    assert fail(entering, times=4) == [401] * 4
    assert entering.try_password(entering.browser()).status_code == 303
    assert fail(entering, times=4) == [401] * 4
    assert entering.try_password(entering.browser()).status_code == 303


def test_references_that_do_not_exist_wait_alike(entering: Entering) -> None:
    """Neither the status nor the page tells who exists, while waiting as before."""
    entering.enrolled()
    told = set()
    for agency, ref in (("csc", "sw1"), ("hv", "hv1"), ("csc", "nobody"), ("nowhere", "sw1")):
        sent = {"agency": agency, "ref": ref, "password": WRONG}
        statuses = tuple(entering.browser().post("/sign-in", data=sent).status_code for _ in range(6))
        told.add((statuses, words_of(entering.browser().post("/sign-in", data=sent | {"password": PASSWORD}))))
    assert len(told) == 1
    assert next(iter(told))[0] == (401,) * 5 + (429,)


def test_codes_wait_apart_from_passwords(entering: Entering) -> None:
    """Five wrong codes, on however many sign-ins, and the right one waits too; on a known device it does not."""
    authenticator = entering.enrolled()
    own = authenticator.device
    assert own is not None
    statuses = []
    for _ in range(3):
        client = entering.browser()
        assert entering.try_password(client).status_code == 303
        statuses += [entering.try_code(client, "000000").status_code for _ in range(2)]
    assert statuses == [401] * 5 + [429]
    client = entering.browser()
    entering.try_password(client)
    answer = entering.try_code(client, authenticator.code())
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text
    entering.try_password(own)
    assert entering.try_code(own, authenticator.code()).status_code == 303


def test_one_address_fails_only_so_often(entering: Entering, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing one password at many references is held up; known devices and other addresses are not.

    Only failures count, so that an office which shares an address may sign in as often as it likes.
    """
    monkeypatch.setattr(sign_in_wait, "ADDRESS_TRIES", 6)
    authenticator = entering.enrolled()
    own = authenticator.device
    assert own is not None
    for _ in range(8):
        assert entering.try_password(entering.browser()).status_code == 303
    for number in range(6):
        sent = {"agency": "csc", "ref": f"guess{number}", "password": WRONG}
        assert entering.browser().post("/sign-in", data=sent).status_code == 401
    assert entering.try_password(entering.browser()).status_code == 429
    assert entering.try_password(own).status_code == 303
    assert entering.try_password(entering.browser(), environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 303


def test_the_address_is_the_one_that_our_proxies_saw(entering: Entering, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without proxies nobody chooses an address by a header; with one, its last word counts and not what was sent."""
    monkeypatch.setattr(sign_in_wait, "ADDRESS_TRIES", 3)
    entering.enrolled()

    def guess(number: int, forwarded: str) -> int:
        sent = {"agency": "csc", "ref": f"guess{number}", "password": WRONG}
        return entering.browser().post("/sign-in", data=sent, headers={"X-Forwarded-For": forwarded}).status_code

    assert [guess(number, f"198.51.100.{number}") for number in range(4)] == [401, 401, 401, 429]
    entering.rules(sealer=SEALER, proxies=1)
    assert [guess(number, f"203.0.113.{number}, 198.51.100.1") for number in range(10, 14)] == [401, 401, 401, 429]
    assert guess(20, "203.0.113.1, 198.51.100.2") == 401
    assert [guess(n, f"2001:db8:0:1::{n}") for n in range(30, 34)] == [401, 401, 401, 429], "one /64 is one customer"
