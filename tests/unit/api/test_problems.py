"""Refusals over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask import Flask, abort, redirect
from flask.testing import FlaskClient
from marshmallow import ValidationError
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from ledger.api.limits import ERRORS_MAX
from ledger.api.pointers import FieldError
from ledger.api.problems import CODES, Problem, register_problem_handlers
from tests.unit.api.examples import CANARY


class AwayError(Exception):
    """A server that is away."""


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask(__name__)
    register_problem_handlers(app, new_incident=lambda: "incident-7", unavailable=(AwayError,))

    def raising(error: Exception) -> Any:
        def view() -> str:
            raise error

        return view

    errors = {
        "problem": Problem("event_id_reused", "Used before.", headers={"X-Extra": "1"}),
        "many": Problem("invalid", errors=[FieldError(f"/{n}", "No.", "no") for n in range(ERRORS_MAX + 5)]),
        "fields": ValidationError({"claims": {0: {"value": ["No."]}}}),
        "away": AwayError(CANARY),
        "fault": KeyError(CANARY),
        "busy": TooManyRequests(CANARY, retry_after=9),
        "unauthenticated": Problem("unauthenticated"),
    }
    for name, error in errors.items():
        app.add_url_rule(f"/api/v1/{name}", name, raising(error))
    app.add_url_rule("/fault", "page_fault", raising(KeyError(CANARY)))
    app.add_url_rule("/api/v1/teapot", "teapot", lambda: abort(418, CANARY))
    app.add_url_rule("/api/v1/moved", "moved", lambda: redirect("/elsewhere"))
    app.add_url_rule("/api/v1/made", "made", lambda: abort(Response("ready made", 409)))
    with app.test_client() as made:
        yield made


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("problem", 422, "event_id_reused"),
        ("fields", 422, "invalid"),
        ("away", 503, "unavailable"),
        ("fault", 500, "unexpected"),
        ("busy", 429, "too_many_requests"),
        ("teapot", 400, "bad_request"),
        ("nowhere", 404, "not_found"),
        ("unauthenticated", 401, "unauthenticated"),
    ],
)
def test_every_error_is_a_problem(client: FlaskClient, path: str, status: int, code: str) -> None:
    """Every error under the interface is problem details with a code of the table, and holds no exception's text."""
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    said = answer.get_json()
    assert (said["status"], said["code"], said["type"]) == (status, code, f"/api/v1/docs/problems#{code}")
    assert said["title"] == CODES[code].title
    assert said["detail"]
    assert "Canary" not in answer.text


def test_headers_that_say_what_to_do_are_kept(client: FlaskClient) -> None:
    """Retry-After, Allow and WWW-Authenticate come with the problems that need them."""
    assert client.get("/api/v1/away").headers["Retry-After"] == "2"
    assert client.get("/api/v1/busy").headers["Retry-After"] == "9"
    assert client.get("/api/v1/problem").headers["X-Extra"] == "1"
    assert "GET" in client.post("/api/v1/fault").headers["Allow"]
    assert client.get("/api/v1/unauthenticated").headers["WWW-Authenticate"] == "Bearer"


def test_failing_fields_are_named_up_to_a_limit(client: FlaskClient) -> None:
    """Errors are pointers, details and codes; past the limit only their number is said."""
    assert client.get("/api/v1/fields").get_json()["errors"] == [
        {"pointer": "/claims/0/value", "detail": "No.", "code": "invalid"}
    ]
    many = client.get("/api/v1/many").get_json()
    assert (len(many["errors"]), many["errors_omitted"]) == (ERRORS_MAX, 5)


def test_a_fault_is_logged_without_its_text(client: FlaskClient) -> None:
    """The log has the incident, the kind of exception and the places; not its message, which may quote content."""
    with structlog.testing.capture_logs() as logs:
        said = client.get("/api/v1/fault").get_json()
    (line,) = logs
    assert (line["incident"], said["incident"], line["error"]) == ("incident-7", "incident-7", "KeyError")
    assert any(place.endswith(" view") for place in line["places"])
    assert "Canary" not in str(logs)


def test_pages_keep_their_own_errors(client: FlaskClient) -> None:
    """Outside the interface nothing is turned into a problem, and a fault there holds no text either."""
    assert client.get("/nowhere").mimetype == "text/html"
    fault = client.get("/fault")
    assert (fault.status_code, fault.mimetype) == (500, "text/html")
    assert "incident-7" in fault.text
    assert "Canary" not in fault.text


def test_answers_already_made_are_left_alone(client: FlaskClient) -> None:
    """Redirects, and responses that a view made itself, pass through."""
    assert client.get("/api/v1/moved").status_code == 302
    assert client.get("/api/v1/made").text == "ready made"
