"""What a test posts when it does not matter what, and what it makes of the answers."""

from typing import Any

from werkzeug.test import TestResponse

#: Numbers of the range set aside for tests; their check digits are right.
NHS_NUMBERS = ("9990000018", "9990000026", "9990000034", "9990000042", "9990000050")


def observation(event_id: str, record_id: str, **changes: Any) -> dict[str, Any]:
    """An observation that is right: what the mother said of the father."""
    body: dict[str, Any] = {
        "event_id": event_id,
        "child": {"id": record_id},
        "observed": "2023-10-05",
        "statement": "fact",
        "narrative": "Mother says that he has gone.",
        "claims": [
            {
                "about": "father",
                "attribute": "presence",
                "value": "absent",
                "valid": "2023-10-05/..",
                "basis": "told",
                "informant": "mother",
            }
        ],
    }
    return body | changes


def stored(response: TestResponse) -> dict[str, Any]:
    """The answer to a post that stored something, or found it stored."""
    assert response.status_code in {200, 201}, (response.status_code, response.get_data(as_text=True))
    answer: dict[str, Any] = response.get_json()
    return answer


def refused(response: TestResponse, status: int, code: str | None = None, pointer: str | None = None) -> dict[str, Any]:
    """The problem that refused a request, once its status, code and failing field are what they should be."""
    said = response.get_data(as_text=True)
    assert response.status_code == status, (response.status_code, said)
    assert response.mimetype == "application/problem+json"
    problem: dict[str, Any] = response.get_json()
    assert problem["status"] == status
    assert problem["detail"]
    if code is not None:
        assert code in {problem["code"], *(error["code"] for error in problem.get("errors", ()))}, said
    if pointer is not None:
        assert pointer in {error["pointer"] for error in problem.get("errors", ())}, said
    return problem
