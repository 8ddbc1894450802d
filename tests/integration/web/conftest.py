from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ledger.api.rights import add_gate
from ledger.web import add_pages
from tests.integration.web.seeding import Seeded, seed_ledger, seed_shropshire


@pytest.fixture
def ledger(database_url: str) -> Iterator[Seeded]:
    """A demonstration ledger with a child and nothing found yet."""
    seeded = seed_ledger(database_url)
    yield seeded
    for engine in (seeded.context.engine, seeded.workers, seeded.administrators):
        engine.dispose()


@pytest.fixture
def shropshire(ledger: Seeded) -> Seeded:
    """The same with the Shropshire case in it: one finding, one alert, to the lead."""
    seed_shropshire(ledger)
    return ledger


@pytest.fixture
def pages(ledger: Seeded) -> Flask:
    """The pages alone behind the gate, over that ledger."""
    app = Flask("ledger", static_folder=None)
    app.extensions["ledger"] = ledger.context
    add_gate(app, ledger.context)
    add_pages(app)
    return app


@pytest.fixture
def sign_in(pages: Flask, ledger: Seeded) -> Callable[[str], FlaskClient]:
    """Signs a person in and gives the browser that holds the session."""

    def signed_in(person: str) -> FlaskClient:
        client = pages.test_client()
        assert client.post(f"/sign-in/{ledger.link(person)}").status_code == 303
        return client

    return signed_in
