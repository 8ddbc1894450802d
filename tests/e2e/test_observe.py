"""Posting an observation in a browser: from the first word to the receipt, and what a lost session leaves."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE
from tests.e2e.visiting import OpenPage, is_too_wide, press, sign_in, violations
from tests.scene import Scene

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once

TOLD = "Mum said dad moved out in March. Baby seen, clean and well dressed. Bruise on his left cheek."
_KEPT = "Object.keys(sessionStorage).length"


def begin(page: Page, site: str, scene: Scene, person: str = "hv1") -> None:
    sign_in(page, site, scene, person)
    page.goto(f"{site}/children/{scene.places['child']}/observe")


def test_an_observation_is_posted_with_what_was_confirmed(page: Page, own_site: str, own_scene: Scene) -> None:
    """Words, a look, two ticks and a press: the record has these two statements, and the page says what to do now."""
    begin(page, own_site, own_scene)
    page.fill("#narrative", TOLD)
    page.select_option("#statement", "fact")
    press(page, "text=See what it says")
    expect(page.locator("#claims-heading")).to_be_in_viewport()
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert is_too_wide(page) is None
    for words in ("moved out", "Bruise"):
        page.locator("fieldset", has_text=f"“{words}”").get_by_role("checkbox").first.check()
    press(page, "button[value=post]")
    expect(page.locator("h1")).to_contain_text("Recorded as entry")
    assert violations(page) == []
    assert is_too_wide(page) is None
    said = page.locator(".ledger-claims li")
    assert said.count() == 2
    assert page.locator(".ledger-fixed-rule a[href^='tel:']").count() > 0
    assert page.evaluate(_KEPT) == 0


def test_what_is_typed_is_kept_for_its_writer_alone(page: Page, site: str, scene: Scene) -> None:
    """Left and opened again, the words are back; for somebody else in the same tab they are gone, and unread."""
    begin(page, site, scene)
    page.fill("#narrative", "Half a sentence")
    begin(page, site, scene)
    expect(page.locator("#narrative")).to_have_value("Half a sentence")
    begin(page, site, scene, "n1")
    expect(page.locator("#narrative")).to_have_value("")
    assert page.evaluate(_KEPT) == 0
    page.fill("#narrative", "Another half")
    assert page.evaluate(_KEPT) == 1
    press(page, "text=Sign out")
    assert page.evaluate(_KEPT) == 0


def test_without_scripts_words_outlive_the_session(open_page: OpenPage, own_site: str, own_scene: Scene) -> None:
    """Signed out in between, a press answers with the words; signed in again it goes on where it was, and is posted."""
    page = open_page(size=PHONE, scripts=False)
    begin(page, own_site, own_scene)
    page.fill("#narrative", TOLD)
    page.context.clear_cookies()
    press(page, "text=Post as it is")
    expect(page.locator("h1")).to_contain_text("nothing was posted")
    expect(page.locator("#narrative")).to_have_value(TOLD)
    sign_in(page, own_site, own_scene, "hv1")
    press(page, "button:has-text('Go on')")
    expect(page.locator("#narrative")).to_have_value(TOLD)
    assert is_too_wide(page) is None
    page.select_option("#statement", "fact")
    press(page, "button[value=post]")
    expect(page.locator("h1")).to_contain_text("Recorded as entry")
    expect(page.locator("blockquote").first).to_contain_text("dad moved out")


def test_a_gap_is_answered_with_one_press(page: Page, own_site: str, own_scene: Scene) -> None:
    """The press leads back to the gap, where the attempt stands once it was detected."""
    sign_in(page, own_site, own_scene, "hv1")
    page.goto(f"{own_site}/children/{own_scene.places['child']}/gaps")
    assert violations(page) == []
    gap = page.locator(".ledger-gap:has(h2:has-text('mother'))").first
    name = gap.get_attribute("id")
    press(page, f"#{name} button[value=declined]")
    assert page.url.endswith(f"#{name}")
    own_scene.detect()
    page.reload()
    expect(page.locator(f"#{name}")).to_contain_text("declined to say")
