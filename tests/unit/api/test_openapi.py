"""The interface's own description and its page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_smorest import Blueprint
from jsonschema import Draft202012Validator

from ledger.api.openapi import create_api
from ledger.api.problems import CODES, Problem, register_problem_handlers
from ledger.api.requests import StrictParser
from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.kinds import ALL_BODIES
from ledger.services.authenticate import ALL_SCOPES
from tests.unit.api.examples import RIGHT


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    app = Flask(__name__)
    register_problem_handlers(app, new_incident=lambda: "incident-7")
    api = create_api(app)
    blueprint = Blueprint("all", __name__, url_prefix="/api/v1")
    blueprint.ARGUMENTS_PARSER = StrictParser()
    for schema in ALL_BODIES:
        blueprint.post(f"/{schema.__name__}")(blueprint.arguments(schema)(_view(schema.__name__)))
    api.register_blueprint(blueprint)
    with app.test_client() as made:
        yield made


def _view(name: str) -> Any:
    def view(_loaded: Any) -> str:
        return "taken"

    view.__name__ = name
    return view


@pytest.fixture(scope="module")
def description(client: FlaskClient) -> dict[str, Any]:
    with client.get("/api/v1/openapi.json") as answer:
        document: dict[str, Any] = answer.get_json()
    return document


def test_refusals_are_described_once(description: dict[str, Any]) -> None:
    """Every refusal that an operation names is the one problem component, under its own media type."""
    assert description["openapi"] == "3.1.0"
    for response in description["components"]["responses"].values():
        assert response["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in description["paths"].values():
        assert {"422", "default"} <= path["post"]["responses"].keys()


def test_keys_are_described(description: dict[str, Any]) -> None:
    """Everything needs a bearer key, a token or a session unless an operation says otherwise."""
    assert description["security"] == [{"key": []}, {"token": []}, {"session": []}]
    schemes = description["components"]["securitySchemes"]
    assert schemes["key"]["scheme"] == "bearer"
    flow = schemes["token"]["flows"]["clientCredentials"]
    assert (flow["tokenUrl"], [*flow["scopes"]]) == ("/oauth/token", [*ALL_SCOPES])


@pytest.mark.parametrize("schema", ALL_BODIES)
def test_every_body_is_described(description: dict[str, Any], schema: type[BodySchema]) -> None:
    """Each body is a closed object with its fields, each described."""
    shape = description["components"]["schemas"][schema.__name__.removesuffix("Schema")]
    assert shape["additionalProperties"] is False
    assert shape["description"] == schema.__doc__
    assert shape["properties"].keys() == schema().fields.keys()
    for field in shape["properties"].values():
        assert field.keys() & {"description", "$ref", "allOf"}


@pytest.mark.parametrize(("schema", "body"), RIGHT)
def test_what_is_right_meets_the_description(
    description: dict[str, Any], schema: type[BodySchema], body: dict[str, Any]
) -> None:
    """A body that is taken is one that the description allows."""
    name = schema.__name__.removesuffix("Schema")
    document = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
    Draft202012Validator.check_schema(description["components"]["schemas"][name])
    assert [error.message for error in Draft202012Validator(document).iter_errors(body)] == []


def test_a_problem_meets_its_description(description: dict[str, Any]) -> None:
    """A problem as answered is one that the description allows."""
    document = {"$ref": "#/components/schemas/Problem", "components": description["components"]}
    for code in CODES:
        Draft202012Validator(document).validate(Problem(code, members={"incident": "x", "line": 1}).as_json())


class Links(HTMLParser):
    """Whatever a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        target = given.get("src") or given.get("href")
        if target:
            self.fetched.append(target)


@pytest.mark.parametrize("page", ["/api/v1/docs", "/api/v1/docs/problems"])
def test_the_pages_need_no_network(client: FlaskClient, page: str) -> None:
    """All that a page fetches is here, nothing on it is inline, and its policy allows nothing else."""
    with client.get(page) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        policy = answer.headers["Content-Security-Policy"]
        links = Links()
        links.feed(answer.get_data(as_text=True))
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert links.inline == []
    for target in links.fetched:
        assert target.startswith("/api/v1/")
        with client.get(target) as answer:
            assert answer.status_code == 200, target


def test_only_the_pages_own_files_are_served(client: FlaskClient) -> None:
    """The folders behind the page are not open for the rest of their files."""
    for name in ("oauth2-redirect.html", "swagger-ui.js", "docs.html", "..%2Fopenapi.py", "problems.html"):
        with client.get(f"/api/v1/docs/{name}") as answer:
            assert answer.status_code == 404, name


def test_the_table_explains_every_code(client: FlaskClient) -> None:
    """Each problem's type leads to a row of the table."""
    with client.get("/api/v1/docs/problems") as answer:
        rows = re.findall(r'<tr id="([a-z0-9_]+)">', answer.get_data(as_text=True))
    assert rows == list(CODES)
