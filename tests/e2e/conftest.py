from collections.abc import Iterator

import pytest

from tests.e2e.browser import Browser, find_chromium, running_browser


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser with a fresh profile; the test is skipped, saying so, where the machine has none."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium on PATH: install chromium to run the browser tests")
    with running_browser(chromium) as running:
        yield running
