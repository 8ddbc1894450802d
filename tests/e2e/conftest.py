from collections.abc import Iterator

import pytest

from tests.compiled_pages import keep_compiled_pages
from tests.e2e.browser import Browser, Chromium, find_chromium

keep_compiled_pages()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One browser for all tests of a process: starting one takes longer than most tests in it."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on PATH: install chromium to run the browser tests")
    running = Chromium(program)
    yield running
    running.close()


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    """A page with a fresh profile; the test is skipped, saying so, where the machine has no browser."""
    with chromium.page() as page:
        yield page
