"""The journeys about a child's people and life, in a browser: who is one, what all of them say of the family."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visiting import sign_in, violations
from tests.scene import Scene

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once


def test_two_names_of_one_man_are_linked_and_taken_apart(page: Page, own_site: str, own_scene: Scene) -> None:
    """A lead says with a reason who is one, sees one man drawn, and takes it back; a double press is one press."""
    address = f"{own_site}/children/{own_scene.places['child']}/people"
    sign_in(page, own_site, own_scene, "sw1")
    page.goto(address)
    expect(page.locator("svg.ledger-genogram")).to_be_visible()
    page.locator("#link summary").click()
    form = page.locator("#link form")
    form.get_by_label("This person").select_option(label="Kevin Stroud")
    form.get_by_label("is the same as").select_option(label="Kev Stroud")
    form.get_by_role("button").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter how this is known")
    assert violations(page) == []
    form = page.locator("#link form")
    expect(form.get_by_label("This person")).to_have_value("police/kev")
    form.get_by_label("How this is known").fill("The detective knows him from the photograph on her telephone.")
    form.get_by_role("button").dblclick()
    member = page.locator(".ledger-member", has_text="photograph on her telephone")
    expect(member).to_have_count(1)
    member.get_by_text("Take apart: these are two people").last.click()
    apart = member.locator("form:visible")
    apart.get_by_label("How this is known").fill("They are cousins.")
    apart.get_by_role("button").click()
    expect(page.locator(".ledger-member", has_text="photograph on her telephone")).to_have_count(0)
    kinds = [one["kind"] for one in own_scene.send("GET", _timeline(own_scene), "csc").get_json()["entries"]]
    assert kinds[-2:].count("unlink") == 1
    assert [kind for kind in kinds[-3:] if kind == "link"] == ["link"]


def _timeline(scene: Scene) -> str:
    return f"/children/{scene.places['child']}/timeline?limit=200"


def test_an_agency_disputes_the_family_summary(page: Page, own_site: str, own_scene: Scene) -> None:
    """Somebody of another agency reads the newest version, says what they dispute, and it stands beside it."""
    sign_in(page, own_site, own_scene, "gp1")
    page.goto(f"{own_site}/children/{own_scene.places['child']}/people")
    page.get_by_role("link", name="Family summary").click()
    page.get_by_label("We dispute it").check()
    page.get_by_role("button", name="Record our answer").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter what your agency disputes")
    expect(page.get_by_label("We dispute it")).to_be_checked()
    page.get_by_label("What you dispute, or add").fill("He told us himself that he lives there.")
    page.get_by_role("button", name="Record our answer").click()
    expect(page.locator(".ledger-answers").first).to_contain_text("He told us himself that he lives there.")
