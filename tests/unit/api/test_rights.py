from datetime import UTC, datetime

import pytest
from flask import Flask

from ledger.api.rights import PUBLIC, ROUTES
from ledger.app import application
from ledger.domain.role import RIGHTS, Right
from ledger.services.context import Context
from ledger.services.ring import NullBell
from ledger.store.database import connect_engine
from tests.partnership import default_pack

#: All that is open to anybody below these addresses; whatever else is needs a reason to be added here.
OPEN = {
    "/health/live", "/health/ready", "/oauth/token", "/oauth/revoke", "/assets/<path:filename>", "/<elsewhere:path>",
    "/log/checkpoint", "/log/tile/<level>/<path:place>", "/log/keys", "/log/policy",
    "/log/access/checkpoint", "/log/access/tile/<level>/<path:place>",
    "/api/v1/openapi.json", "/api/v1/docs", "/api/v1/docs/problems", "/api/v1/docs/<name>",
}  # fmt: skip


@pytest.fixture
def app() -> Flask:
    """The whole application, over a database that is never asked."""
    engine = connect_engine("postgresql://nowhere.invalid/ledger", "ledger_web")
    return application(Context(engine, default_pack(), bytes, lambda: datetime.fromtimestamp(0, UTC), NullBell()))


def test_every_route_has_a_row(app: Flask) -> None:
    """Each endpoint asks for one right or is open to anybody, and the tables name no endpoint that there is not."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - ROUTES.keys() - PUBLIC == set()
    assert (ROUTES.keys() | PUBLIC) - endpoints == set()
    assert ROUTES.keys() & PUBLIC == set()


def test_little_is_open(app: Flask) -> None:
    """Besides the ways in, nothing is open that could say anything of anybody."""
    opened = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in PUBLIC}
    assert {rule for rule in opened if not rule.startswith("/sign-in")} == OPEN


def test_every_right_is_somebodys_and_asked_for() -> None:
    """No right is given that no route asks for, and none is asked for that nobody has."""
    given = {right for rights in RIGHTS.values() for right in rights}
    assert given == set(Right)
    assert set(ROUTES.values()) == set(Right)


@pytest.mark.parametrize("path", ["/api/v1/forgotten", "/forgotten"])
def test_a_route_that_was_forgotten_is_refused(app: Flask, path: str) -> None:
    """A route without a row answers nobody, as though it were not there, whatever it would have said."""
    app.add_url_rule(path, "forgotten", lambda: "what nobody may read")
    answer = app.test_client().get(path, headers={"Authorization": "Bearer ledger.hv.aaaaaaaa." + "A" * 43})
    assert answer.status_code == 404
    assert "nobody may read" not in answer.get_data(as_text=True)


def test_nobody_is_asked_before_a_body_is_read(app: Flask) -> None:
    """Who sends no credential of ours is refused without the database, and before anything else is said."""
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ROUTES and rule.rule.startswith("/api/"):
            path = rule.rule.replace("<uuid:record_id>", "0b9c8d5e-1f7a-4a43-9a0e-3b1d7c2f9a10").replace(
                "<uuid:person_id>", "0b9c8d5e-1f7a-4a43-9a0e-3b1d7c2f9a10"
            )
            (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            answer = client.open(path, method=method, data=b"{not json")
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), rule.rule
