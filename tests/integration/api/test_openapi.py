import json
import re
from typing import Any
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator

from tests.partnership import Partnership, stored

#: Routes of the interface that show the description itself.
SHOWING = {"api-docs.openapi_json", "api_docs_page.page", "api_docs_page.table", "api_docs_page.file"}
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def description(partnership: Partnership) -> dict[str, Any]:
    """The interface's own description, as it serves it, without a key."""
    return stored(partnership.get("/openapi.json", None))


def test_every_route_is_described(description: dict[str, Any], partnership: Partnership) -> None:
    """The description is OpenAPI 3.1 and names every route of the interface and no other."""
    assert description["openapi"].startswith("3.1")
    found = {
        (method.upper(), path) for path, item in description["paths"].items() for method in item if method in METHODS
    }
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule.rule)))
        for rule in partnership.app.url_map.iter_rules()
        if str(rule.rule).startswith(("/api/", "/oauth/")) and rule.endpoint not in SHOWING
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert found == routes


def test_every_operation_says_what_it_answers(description: dict[str, Any]) -> None:
    """Each operation has words of its own, a good answer, and the problem that stands for every refusal."""
    for path, item in description["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            assert operation.get("summary"), path
            assert {"200", "201"} & operation["responses"].keys(), path
            assert "default" in operation["responses"], path


def test_schemas_are_json_schema(description: dict[str, Any]) -> None:
    """Every schema in it is a schema, so that an agency's tools can read it."""
    for schema in description["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_the_description_refuses_what_the_interface_refuses(
    description: dict[str, Any], partnership: Partnership
) -> None:
    """A good body stands by the published schema and one with a field that does not exist falls by it."""
    schema = {**description["components"]["schemas"]["Observation"], "components": description["components"]}
    text = json.dumps(schema)
    validator = Draft202012Validator(json.loads(text))
    child = partnership.child()
    good = partnership.observation(child)
    assert list(validator.iter_errors(good)) == []
    stored(partnership.post("/observations", good))
    for spoilt in (good | {"narative": "x"}, good | {"statement": "hearsay"}, {}):
        assert list(validator.iter_errors(spoilt)) != []


def test_the_page_needs_no_network(partnership: Partnership) -> None:
    """The page that shows the description and all it loads come from here, under a policy that allows nothing else."""
    with partnership.get("/docs", None) as page:
        assert page.status_code == 200
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        shown = page.get_data(as_text=True)
    assert "//" not in shown, "nothing is loaded from elsewhere"
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', shown)
    assert loaded
    for name in loaded:
        with partnership.get(urljoin("/docs", name.removeprefix("/api/v1")), None) as file:
            assert file.status_code == 200, name
    with partnership.get("/docs/problems", None) as problems:
        assert 'id="event_id_reused"' in problems.get_data(as_text=True)
