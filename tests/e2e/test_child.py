"""From the list of children to a child's page, to asking an agency to bear something out."""

import pytest

from tests.e2e.visiting import OpenPage, press, sign_in, words
from tests.scene import Scene

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_child_is_found_and_read(scene: Scene, site: str, open_page: OpenPage, scripts: bool) -> None:
    """The header leads to the list, a name finds the child, and its page says what differs and who leads."""
    page = open_page(scripts=scripts)
    sign_in(page, site, scene, "sw1")
    page.goto(site)
    press(page, "nav[aria-label=Ledger] a:text-is('Children')")
    page.fill("#words", "rowan")
    press(page, "form.ledger-asked button")
    assert "known by that to your agency" in words(page)
    assert "rowan" not in page.url
    press(page, ".ledger-children th a")
    for told in ("Lead:", "open findings", "Differs", "Who holds what"):
        assert told in words(page), told
    press(page, ".ledger-counts a")
    assert "only what differs" in words(page)


def test_somebody_is_asked_to_bear_something_out(own_scene: Scene, own_site: str, open_page: OpenPage) -> None:
    """From a statement that one agency alone holds: what is missing is said, and what is asked is shown as waiting."""
    page = open_page()
    sign_in(page, own_site, own_scene, "sw1")
    page.goto(f"{own_site}/children/{own_scene.places['child']}/reach")
    press(page, "a[href*='claim=']")
    press(page, ".ledger-taken form button")
    assert "Choose whom to ask" in words(page)
    page.select_option("#to", "school")
    page.fill("#asks", "Who brings him to school?")
    page.fill("#purpose", "To know who has care of him")
    page.check("#lawful_basis")
    press(page, ".ledger-taken form button")
    assert "Who brings him to school?" in words(page)
    assert "Not answered yet" in words(page)
