"""Opening pages as somebody, and what is asked of every page."""

from collections.abc import Callable
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from ledger.services.sign_in import SESSION_COOKIES
from tests.e2e.pages import Row
from tests.scene import Scene

#: Opens a page in a profile of its own: `open_page(size=PHONE, scripts=False)`.
OpenPage = Callable[..., Page]

_AXE: Final = Axe().axe_script
_ALL: Final = {"resultTypes": ["violations"]}
#: What depends on how wide the window is.
_NARROW: Final = _ALL | {"runOnly": {"type": "rule", "values": ["scrollable-region-focusable", "target-size"]}}


def sign_in(page: Page, site: str, scene: Scene, person: str, session: str | None = None) -> None:
    """Give the page's profile the session of somebody who has signed in, one of its own unless it is given."""
    value = session or scene.session(person)
    cookie = {"name": SESSION_COOKIES[1], "value": value, "url": site, "httpOnly": True}
    page.context.clear_cookies()
    page.context.add_cookies([cookie])  # type: ignore[list-item] # a cookie by its address needs no domain


def visit(page: Page, site: str, scene: Scene, row: Row) -> None:
    """Sign in as whoever opens the page, and open it."""
    if row.who is None:
        page.context.clear_cookies()
    else:
        sign_in(page, site, scene, row.who, scene.kept_session(row.who))
    answer = page.goto(site + row.address.format(**scene.places))
    for selector in row.press:
        with page.expect_navigation() as went:
            page.locator(selector).first.click()
        answer = went.value
    assert isinstance(answer, Response)
    assert answer.status == row.status, f"{row.name}: {answer.status}\n{words(page)[:500]}"


def press(page: Page, selector: str) -> None:
    """Press the first that matches, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def words(page: Page) -> str:
    """All words that the page shows."""
    return page.locator("body").inner_text()


def violations(page: Page, *, narrow: bool = False) -> list[str]:
    """What axe finds wrong, each with the first elements that it means; it needs a page that may run scripts.

    `narrow`: the page was looked at already, and is now in a narrower window.
    """
    page.evaluate(_AXE)
    # What it passes is several times as much, and is not brought over.
    asking = "options => axe.run(options).then(found => found.violations)"
    found: list[dict[str, Any]] = page.evaluate(asking, _NARROW if narrow else _ALL)
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: " + " | ".join(node["html"][:200] for node in one["nodes"][:3])
        for one in found
    ]


def is_too_wide(page: Page) -> str | None:
    """None where the page scrolls no further sideways than its window; else what reaches out furthest."""
    width = page.evaluate("document.documentElement.scrollWidth")
    if width <= page.evaluate("window.innerWidth"):
        return None
    reaching = """[...document.querySelectorAll('body *')].filter(e =>
        e.getBoundingClientRect().right > window.innerWidth && getComputedStyle(e.parentElement).overflowX == 'visible')
        .map(e => e.outerHTML.slice(0, 120)).slice(0, 5)"""
    return f"{width} px wide: {page.evaluate(reaching)}"


def too_small(page: Page) -> list[str]:
    """What is shown to be pressed and is lower than 24 px."""
    shown = "[...document.querySelectorAll('button, summary, select, input:not([type=hidden])')].filter(b => "
    shown += "b.checkVisibility() && !b.classList.contains('govuk-skip-link'))"
    found: list[str] = page.evaluate(
        f"{shown}.filter(b => b.getBoundingClientRect().height < 24).map(b => b.outerHTML.slice(0, 160))"
    )
    return found
