import json
import re
from typing import Any
from urllib.parse import urljoin

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ledger.api.schemas.kinds import OF_A_CHILD
from tests.partnership import Partnership, stored
from tests.sizes import api_examples

#: Every route of the contract, by its method.
ROUTES = {
    ("post", "/api/v1/observations"),
    ("post", "/api/v1/observations/batch"),
    ("post", "/api/v1/children"),
    *(("post", f"/api/v1/children/{{record_id}}/{collection}") for collection in OF_A_CHILD),
    ("get", "/api/v1/children/{record_id}/timeline"),
    ("get", "/api/v1/children/{record_id}/picture"),
    ("get", "/api/v1/children/{record_id}/gaps"),
    ("get", "/api/v1/children/{record_id}/expectations"),
    ("get", "/api/v1/children/{record_id}/people"),
    ("get", "/api/v1/entries"),
    ("get", "/api/v1/entries/{entry_id}"),
    ("get", "/api/v1/alerts"),
    ("get", "/api/v1/alerts/{alert_id}"),
    ("post", "/api/v1/alerts/{alert_id}/acknowledgements"),
    ("post", "/api/v1/alerts/{alert_id}/outcomes"),
}
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture
def description(partnership: Partnership) -> dict[str, Any]:
    """The interface's own description, as it serves it, without a key."""
    return stored(partnership.get("/openapi.json", None))


def test_every_route_is_described(description: dict[str, Any]) -> None:
    """The description is OpenAPI 3.1 and names every route of the interface and no other."""
    assert description["openapi"].startswith("3.1")
    found = {(method, path) for path, item in description["paths"].items() for method in item if method != "parameters"}
    assert found == ROUTES


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


@pytest.mark.slow
def test_whatever_is_sent_is_answered_as_described(partnership: Partnership, subtests: pytest.Subtests) -> None:
    """Made-up requests, good and bad, to every operation: never a fault, and status, type and shape as described."""
    child = partnership.child(involve=["hv"])
    partnership.alert(child)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", partnership.app)
    headers = {"Authorization": f"Bearer {partnership.keys['hv']}"}
    met = set()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), "an operation cannot be read"
        operation = found.ok()
        with subtests.test(operation=operation.label):

            @settings(
                max_examples=api_examples(),
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
                derandomize=True,
            )
            @given(case=operation.as_strategy(), ours=st.booleans())
            def check(case: schemathesis.Case[Any], *, ours: bool) -> None:
                if ours and "record_id" in (case.path_parameters or {}):
                    case.path_parameters["record_id"] = child
                response = case.call(headers=headers)
                case.validate_response(response, checks=list(CHECKS))
                met.add(response.status_code)

            check()
    assert met >= {200, 404, 422}, "neither all good nor all bad"
