from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from ledger.api.rights import add_gate
from ledger.services import passwords
from ledger.web import add_pages
from tests.compiled_pages import keep_compiled_pages
from tests.integration.web.seeding import Seeded, Sown, seed_ledger, seed_shropshire, sown_template
from tests.templates import Templates

_CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_OF_NOBODY = _CHEAP.hash("of nobody")


keep_compiled_pages()


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id with hardly any work: a hash as it is kept takes as long as the rest of a test, and some work dozens.

    That passwords are kept at the full price is for the unit test of hashing to say.
    """
    monkeypatch.setattr(passwords, "_HASHER", _CHEAP)
    monkeypatch.setattr(passwords, "_nobodys", lambda: _OF_NOBODY)


@pytest.fixture
def sown(templates: Templates) -> Sown:
    """What a test's database holds from the beginning, where it has this ledger."""
    return sown_template(templates)


@pytest.fixture
def ledger(database_url: str, sown: Sown) -> Iterator[Seeded]:
    """A demonstration ledger with a child and nothing found yet."""
    seeded = seed_ledger(database_url, sown=sown)
    yield seeded
    seeded.let_go()


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
