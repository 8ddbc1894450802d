"""Answers that refuse a stream: problem details (RFC 9457), of the same form and codes as the interface's."""

import json
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from ledger.services.refusal import FOREIGN_FORM, NOT_AUTHENTICATED, ROLE_MISSING, Refusal

MEDIA_TYPE: Final = "application/problem+json"
#: The interface's table of codes, as far as it is needed here: status and title. A test holds the two equal.
TITLES: Final[Mapping[str, tuple[int, str]]] = {
    "bad_request": (400, "Bad request"),
    "unauthenticated": (401, "Key needed"),
    "forbidden": (403, "Not allowed"),
    "not_found": (404, "Not found"),
    "method_not_allowed": (405, "Method not allowed"),
    "too_many_requests": (429, "Too many requests"),
    "unavailable": (503, "Unavailable for now"),
}
EXPLAINED_AT: Final = "/api/v1/docs/problems"
_CODE: Final = {
    NOT_AUTHENTICATED.code: "unauthenticated",
    ROLE_MISSING.code: "forbidden",
    "scope_missing": "forbidden",
    FOREIGN_FORM.code: "forbidden",
}


def problem(code: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal. `detail` is of our words, never what was sent."""
    status, title = TITLES[code]
    body = {"type": f"{EXPLAINED_AT}#{code}", "title": title, "status": status, "code": code, "detail": detail}
    return Response(json.dumps(body, ensure_ascii=False), status, dict(headers or {}), MEDIA_TYPE)


def refused(refusal: Refusal) -> Response:
    """A service's refusal."""
    code = _CODE.get(refusal.code, "bad_request")
    return problem(code, refusal.detail, {"WWW-Authenticate": "Bearer"} if code == "unauthenticated" else {})
