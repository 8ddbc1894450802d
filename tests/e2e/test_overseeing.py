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
