"""Every page of the table, in a real browser: what holds of each of them, whoever it is for."""

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import PHONE
from tests.e2e.pages import PAGES, Row
from tests.e2e.visiting import OpenPage, is_too_wide, too_small, violations, visit
from tests.scene import Scene
from tests.sizes import is_full

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_a_page_can_be_used_by_all(looked_at: Page, site: str, scene: Scene, row: Row) -> None:
    """At a desk axe finds nothing wrong; on a telephone too, and there is no sideways scrolling or tiny button.

    That the browser complains of nothing, least of all of the content policy or of another host, the page sees to.
    """
    page = looked_at
    visit(page, site, scene, row)
    assert page.locator("h1").count() == 1
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert is_too_wide(page) is None
    assert too_small(page) == []
    if row.phone or is_full():
        assert violations(page, narrow=True) == []


@pytest.mark.parametrize("row", [row for row in PAGES if row.plain], ids=lambda row: row.name)
def test_a_page_works_without_scripts(open_page: OpenPage, site: str, scene: Scene, row: Row) -> None:
    """All that can be pressed is there without a script, and nothing waits for one."""
    page = open_page(size=PHONE, scripts=False)
    visit(page, site, scene, row)
    assert page.locator("h1").count() == 1
    assert is_too_wide(page) is None
    assert page.locator("main form button, main a").count() > 0


def test_each_page_has_a_name_of_its_own() -> None:
    """Pictures are called by it."""
    names = [row.name for row in PAGES]
    assert len(names) == len(set(names))
