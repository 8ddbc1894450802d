"""What an address asks: parameters that a route takes, and no others."""

import re
from typing import Any

from tests.partnership import Partnership, refused, stored

_ID = "00000000-0000-4000-8000-000000000000"


def operations(partnership: Partnership) -> list[tuple[str, str, set[str]]]:
    """Every method and address of the interface, with the parameters that are described."""
    described: dict[str, Any] = partnership.app.test_client().get("/api/v1/openapi.json").get_json()
    found = []
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post") and path.startswith("/api/v1/"):
                given = [one for one in operation.get("parameters", ()) if one.get("in") == "query"]
                found.append((method.upper(), path, {one["name"] for one in given}))
    return found


def test_no_route_takes_a_parameter_that_it_does_not_describe(partnership: Partnership) -> None:
    """It names the one that is wrong and those that there are; and takes each that is described."""
    routes = operations(partnership)
    assert len(routes) > 50
    for method, path, known in routes:
        address = re.sub(r"\{[a-z_]+\}", _ID, path).removeprefix("/api/v1")
        asked = "&".join(f"{name}=1" for name in sorted({*known, "knwon_at"}))
        problem = refused(partnership.send(method, f"{address}?{asked}", "csc"), 422, "unknown_parameter", "/knwon_at")
        assert [error["pointer"] for error in problem["errors"]] == ["/knwon_at"], path
        assert all(name in problem["errors"][0]["detail"] for name in known), path


def test_what_is_asked_elsewhere_says_where(partnership: Partnership) -> None:
    """What one agency knew is told by the timeline and not by a replay; a name of no such shape is not repeated."""
    child = partnership.child(involve=["hv"])
    problem = refused(partnership.get(f"/children/{child}/replay?known_by=hv"), 422, "unknown_parameter", "/known_by")
    assert "timeline" in problem["errors"][0]["detail"]
    stored(partnership.get(f"/children/{child}/timeline?known_by=hv"))
    answer = partnership.get(f"/children/{child}/timeline?9990000018=1")
    refused(answer, 422, "unknown_parameter")
    assert "9990000018" not in answer.get_data(as_text=True)


def test_who_may_not_ask_is_told_that_first(partnership: Partnership) -> None:
    """Without a key nothing is said of what an address takes."""
    refused(partnership.get("/entries?knwon_at=1", None), 401)
