"""Journeys of those who read nothing as a lead: an auditor who trusts nobody, an administrator, an operator."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ledger.domain.verify.command import main as verify
from ledger.services.sign_log import LogSigner, origin_of_log
from tests.e2e.visiting import press, sign_in, words
from tests.scene import ORIGIN, Scene
from tests.sealing_log import LOG_SEED

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once

WHY = "Serious case review 12"
#: What the command says of a copy that is whole, and for which nobody outside the operator vouches.
_WHOLE = 3


def test_an_auditor_checks_and_takes_a_copy(page: Page, own_site: str, own_scene: Scene, tmp_path: Path) -> None:
    """From the sign-in link: why, who opened what, its proofs, the record as known on a day, a copy that verifies."""
    page.goto(f"{own_site}/sign-in/{own_scene.link('aud1')}")
    press(page, "main button")
    expect(page.locator("h1")).to_have_text("Oversight")
    page.fill("#record", own_scene.places["child"])
    press(page, "form[action='/audit/records'] button")
    expect(page.locator("h1")).to_have_text("Why you look")
    page.fill("#purpose", WHY)
    press(page, "main form button")
    expect(page.locator("h1")).to_have_text("Who opened this record")
    assert "Martin Frost, Meadow primary school" in words(page)
    press(page, "#proofs ~ form button")
    expect(page.locator(".ledger-verdict--holds")).to_contain_text("It holds")
    press(page, "a:text-is('14 April 2026')")
    assert "As known at the end of 14 April 2026" in words(page)
    page.goto(f"{own_site}/children/{own_scene.places['child']}/copy")
    expect(page.locator("#reason")).to_have_value(WHY)
    page.fill("#known_on", "2026-04-14")
    with page.expect_download() as begun:
        page.click("main form button")
    copy = tmp_path / "copy.zip"
    begun.value.save_as(copy)
    assert re.fullmatch(r"record-[a-z2-7]{26}-[0-9]+\.zip", begun.value.suggested_filename)
    assert _verifies(copy)
    page.goto(f"{own_site}/audit?child={own_scene.places['child']}")
    assert WHY in words(page)


def _verifies(copy: Path) -> bool:
    """Whether `ledger verify` finds that the copy is whole; that nobody else vouches for a test's log is no fault."""
    key = LogSigner(LOG_SEED).vkey(origin_of_log(ORIGIN, "entries"))
    with pytest.raises(SystemExit) as ended:
        verify([str(copy), "--key", key], "ledger verify")
    return ended.value.code == _WHOLE


def test_an_administrator_adds_somebody_who_then_signs_in(page: Page, own_site: str, own_scene: Scene) -> None:
    """A role and a link that is shown once; ended by a page that says first what it takes."""
    sign_in(page, own_site, own_scene, "adm1")
    page.goto(own_site)
    expect(page.locator("h1")).to_have_text("Administration")
    press(page, "a:has-text('People')")
    press(page, "a:has-text('Add somebody')")
    press(page, "main form button")
    assert "Enter their name" in words(page)
    page.select_option("#agency", "hv")
    for field, said in (("name", "Nia Price"), ("ref", "hv9"), ("office", "health visitor")):
        page.fill(f"#{field}", said)
    press(page, "main form button")
    press(page, "button:has-text('Make a sign-in link')")
    address = page.locator(".ledger-once__secret").inner_text()
    press(page, "a:has-text('Back to Nia Price')")
    assert address not in page.content()
    press(page, "a:has-text('Sign them out everywhere')")
    assert "they can sign in again" in words(page)
    page.context.clear_cookies()
    page.goto(own_site + address[address.index("/sign-in/") :])
    press(page, "main button")
    assert "Nia Price" in words(page)


def test_an_operator_puts_a_rule_into_shadow(page: Page, own_site: str, own_scene: Scene) -> None:
    """With a reason, on a page that says what it does; it then stands in shadow for auditors too."""
    sign_in(page, own_site, own_scene, "ops1")
    page.goto(f"{own_site}/rules/missed_contact_again/state")
    press(page, "main form button")
    assert "Say why" in words(page)
    page.fill("#reason", "Alerts on which nobody acted")
    press(page, "main form button")
    sign_in(page, own_site, own_scene, "aud1")
    page.goto(f"{own_site}/audit/comparisons")
    assert "Missed contact again" in words(page)


def test_keys_and_packs_are_given_once_their_consequences_are_said(page: Page, own_site: str, own_scene: Scene) -> None:
    """A key's text is shown once, and it is revoked with a reason; a pack is compared first, and then put in force."""
    sign_in(page, own_site, own_scene, "adm1")
    page.goto(f"{own_site}/administration/keys")
    page.select_option("#agency", "hv")
    press(page, "button:has-text('Issue the key')")
    secret = page.locator(".ledger-once__secret").inner_text()
    key = page.locator("h1 .ledger-hash").inner_text()
    press(page, "a:has-text('Back to keys')")
    assert secret not in page.content()
    press(page, f"a:text-is('{key}')")
    press(page, "button:has-text('Revoke this key for good')")
    assert "There is a problem" in words(page)
    page.fill("#reason", "It was mailed to a stranger")
    press(page, "button:has-text('Revoke this key for good')")
    assert "Revoked" in words(page)
    page.goto(f"{own_site}/administration/packs/county")
    press(page, "button:has-text('Compare on 5 records')")
    expect(page.locator("#came")).to_contain_text("missed contact again")
    press(page, "a:has-text('What putting it in force would do')")
    assert "5 children’s records are checked by it" in words(page)
    press(page, "button:has-text('Put it in force')")
    assert "In force" in words(page)


def test_what_was_given_up_is_tried_again_and_packs_are_compared(page: Page, own_site: str, own_scene: Scene) -> None:
    """An operator reads first what a press would do; an auditor sees what another pack would find, by counts alone."""
    sign_in(page, own_site, own_scene, "ops1")
    page.goto(f"{own_site}/operation")
    press(page, "a:has-text('tried again')")
    assert "3 messages that were given up go out again" in words(page)
    press(page, "#form .govuk-button")
    assert "tried again" in words(page)
    sign_in(page, own_site, own_scene, "aud1")
    page.goto(f"{own_site}/audit/comparisons")
    page.get_by_label("The partnership’s records").check()
    press(page, "button:has-text('Compare')")
    assert "missed contact again" in words(page).casefold()
    assert "Baby Rowan" not in words(page)
