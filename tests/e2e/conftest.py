from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.compiled_pages import keep_compiled_pages
from tests.e2e.browser import DESK, NO_BROWSER, Chromium, find_chromium
from tests.e2e.serving import served
from tests.e2e.visiting import OpenPage
from tests.scene import Scene, scene_copy
from tests.templates import Templates

keep_compiled_pages()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where there is no browser, one line after the tests says so, in colour: a skip is easily read over."""
    if any(NO_BROWSER in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())):
        terminalreporter.section("no browser", red=True, bold=True)
        terminalreporter.line(NO_BROWSER, red=True, bold=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One browser for all tests of a process: starting one takes longer than most tests in it."""
    program = find_chromium()
    if program is None:
        pytest.skip(NO_BROWSER)
    running = Chromium(program)
    yield running
    running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the test's pages complained of. It must be empty in the end: whoever expects a complaint clears it."""
    return []


@pytest.fixture
def open_page(chromium: Chromium, complaints: list[str]) -> Iterator[OpenPage]:
    """Opens pages, each in a profile of its own: `open_page(size=PHONE, scripts=False)`; they close with the test."""
    with chromium.lent():
        contexts = []

        def opened(**how: object) -> Page:
            contexts.append(chromium.profile(complaints, **how))  # type: ignore[arg-type]
            return contexts[-1].new_page()

        yield opened
        for context in contexts:
            context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def kept_page(chromium: Chromium) -> Iterator[tuple[Page, list[str]]]:
    """One page and what it complains of, for tests that only look: a profile for each would take longer than they."""
    complaints: list[str] = []
    with chromium.lent():
        context = chromium.profile(complaints)
        page = context.new_page()
    yield page, complaints
    with chromium.lent():
        context.close()


@pytest.fixture
def looked_at(chromium: Chromium, kept_page: tuple[Page, list[str]]) -> Iterator[Page]:
    """The kept page, at a desk; it must not complain of what the test opens, nor late of what the last one did."""
    page, complaints = kept_page
    with chromium.lent():
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        yield page
    found = complaints.copy()
    complaints.clear()
    assert found == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page at a desk, with scripts, of somebody who has not signed in."""
    return open_page()


@pytest.fixture(scope="session")
def scene(templates: Templates) -> Iterator[Scene]:
    """The scene, for tests that read it; it is every such test's, so none may write a record of it."""
    with scene_copy(templates) as copied:
        yield copied


@pytest.fixture(scope="session")
def site(scene: Scene) -> Iterator[str]:
    """The pages of the scene, on a spare port of this machine; their address without a path."""
    with served(scene.app) as address:
        yield address


@pytest.fixture
def own_scene(templates: Templates) -> Iterator[Scene]:
    """A copy of the scene for one test, which may write to it."""
    with scene_copy(templates) as copied:
        yield copied


@pytest.fixture
def own_site(own_scene: Scene) -> Iterator[str]:
    """The pages of the test's own scene."""
    with served(own_scene.app) as address:
        yield address
