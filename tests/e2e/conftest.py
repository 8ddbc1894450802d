from collections.abc import Iterator

import pytest
from flask import Flask

from ledger.api.rights import add_gate
from ledger.web import add_pages
from tests.compiled_pages import keep_compiled_pages
from tests.e2e.browser import Browser, Chromium, find_chromium
from tests.e2e.serving import served
from tests.integration.web.seeding import Seeded, seed_ledger, seed_shropshire

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


@pytest.fixture
def seeded(database_url: str) -> Iterator[Seeded]:
    """The Shropshire case, with people who can sign in."""
    ledger = seed_ledger(database_url)
    seed_shropshire(ledger)
    yield ledger
    ledger.let_go()


@pytest.fixture
def site(seeded: Seeded) -> Iterator[str]:
    """The pages over it, on a spare port of this machine; their address."""
    app = Flask("ledger", static_folder=None)
    app.extensions["ledger"] = seeded.context
    add_gate(app, seeded.context)
    add_pages(app)
    with served(app) as address:
        yield address
