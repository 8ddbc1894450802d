"""Deciding and assessing in a real browser, from the first page to what stands in the record."""

import pytest
from playwright.sync_api import Page

from tests.e2e.visiting import press, sign_in, words
from tests.scene import Scene

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once


def test_the_basis_is_seen_before_a_decision_is_recorded_and_taken_all_the_same(
    page: Page, own_site: str, own_scene: Scene
) -> None:
    """The lead chooses what to decide, sees what speaks against it, picks what it relies on, and records it; it is
    shown as made, not standing, until a second person takes it too.
    """
    record = own_site + f"/children/{own_scene.places['child']}"
    sign_in(page, own_site, own_scene, "sw1")
    page.goto(f"{record}/decisions")
    press(page, "text=Record a decision")
    page.get_by_label("Close", exact=True).check()
    press(page, "text=Show what it would rest on")
    assert "Would not stand" in words(page)
    assert page.locator(".ledger-basis__item--grave a[href^='tel:']").count() > 0
    page.get_by_label("Show what the record says of").select_option("presence")
    press(page, "text=Show, and weigh what is picked")
    page.get_by_label("The father’s presence: absent").check()
    press(page, "text=Show, and weigh what is picked")
    assert "Relied on by the decision itself" in words(page)
    press(page, "text=Record the decision")
    assert page.locator(".govuk-error-summary a[href='#reason']").count() == 1
    page.get_by_label("Reason", exact=True).fill("The father has left.")
    page.get_by_label("Record it: it will be shown as made, not standing").check()
    press(page, "text=Record the decision")
    made = page.locator(".ledger-decision").first
    assert "close" in made.inner_text()
    assert "Made, not standing" in made.inner_text()
    made.locator("summary", has_text="Take it all the same").click()
    made.get_by_label("Why it is taken all the same").fill("He was seen to move out.")
    made.get_by_label("Name of the second person").fill("Toni Marsh")
    with page.expect_navigation():
        made.get_by_role("button", name="Take it all the same").click()
    assert "Made, and stands by override" in page.locator(".ledger-decision").first.inner_text()


def test_nobody_signs_an_assessment_without_the_history(page: Page, own_site: str, own_scene: Scene) -> None:
    """The second person is led to the child's history first; then they sign, and it is shown as signed by them."""
    sign_in(page, own_site, own_scene, "sw2")
    page.goto(own_site + f"/children/{own_scene.places['child']}/assessments")
    assert page.get_by_text("Sign as the second person").count() == 0
    press(page, "text=read the child’s history")
    assert "Earlier episodes" in words(page)
    press(page, ".ledger-within a")
    page.get_by_text("Sign as the second person").first.click()
    press(page, "button:text('Sign it')")
    signed = page.locator(".ledger-decision").first.inner_text()
    assert "Signed" in signed
    assert "Priya Nair" in signed
