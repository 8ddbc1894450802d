"""Answers that refuse: RFC 9457 problem details with a stable code, and the table of the codes.

Invariants: no answer holds a submitted value, an exception's text or a trace. What nobody expected is a 500 with an
incident id; the log has the same id with the kind of exception and the places in the code, never its message, since
that may quote content. Outside the interface's own paths errors are left to the pages.
"""

import json
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from flask import Flask, Response, request
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError

from ledger.api.limits import BATCH_ITEMS_MAX, DEPTH_MAX, ERRORS_MAX, RETRY_AFTER_S
from ledger.api.pointers import FieldError, errors_of
from ledger.api.strict_json import BadJsonError

MIMETYPE: Final = "application/problem+json"
#: Where each code is explained; a problem's type is this with the code as fragment.
EXPLAINED_AT: Final = "/api/v1/docs/problems"


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for: its status, a title that never varies, and what to do about it."""

    status: int
    title: str
    advice: str


CODES: Final[Mapping[str, Code]] = {
    "bad_request": Code(400, "Bad request", "The request cannot be read; the detail says why."),
    "json_syntax": Code(400, "Not JSON", "The text stops being JSON at the line and column given."),
    "json_encoding": Code(400, "Not UTF-8", "Send JSON encoded as UTF-8."),
    "json_byte_order_mark": Code(400, "Byte-order mark", "Send UTF-8 without a byte-order mark."),
    "json_duplicate_name": Code(400, "Duplicate name", "Send each name of an object once."),
    "json_lone_surrogate": Code(400, "Lone surrogate", "Escape both halves of a pair, or send the character itself."),
    "json_number": Code(400, "Not a number", "Leave out NaN and infinities; send exact numbers as strings."),
    "json_integer": Code(400, "Inexact integer", "Send whole numbers beyond 2^53 - 1 as strings."),
    "json_depth": Code(400, "Nested too deep", f"Nest arrays and objects at most {DEPTH_MAX} deep."),
    "body_incomplete": Code(
        400, "Body broke off", "Less arrived than was announced; nothing was stored: send it again."
    ),
    "unauthenticated": Code(401, "Key needed", "Send a key or token of your agency that has not ended."),
    "forbidden": Code(403, "Not allowed", "The key's scopes do not allow this."),
    "not_in_line": Code(
        403, "Not yours to act on", "Whoever holds the alert acts on it; the detail says who else may, and what to do."
    ),
    "has_left": Code(
        403, "Has left", "Whoever acts is recorded as having left their agency; the detail says what to do."
    ),
    "not_found": Code(404, "Not found", "There is nothing here, or nothing that you may know of."),
    "method_not_allowed": Code(405, "Method not allowed", "The Allow header lists the methods of this address."),
    "conflict": Code(409, "Conflict", "The detail says what stands against it."),
    "erased": Code(410, "Erased", "The content was erased by order; that it stood here is still provable."),
    "too_large": Code(413, "Too large", "Send a smaller body; the detail gives the limit."),
    "media_type": Code(
        415, "Media type not taken", "Send application/json, or application/x-ndjson where it is taken."
    ),
    "invalid": Code(422, "Fields refused", "The errors name every failing field; nothing was stored."),
    "event_id_reused": Code(
        422, "Event id used before", "The id stands for another body; give this one an id of its own."
    ),
    "batch_size": Code(422, "Batch size", f"Send 1 to {BATCH_ITEMS_MAX} items."),
    "too_many_children": Code(
        429, "Too many children", "More children's records would be opened than is allowed; the detail says what to do."
    ),
    "too_many_requests": Code(429, "Too many requests", "Wait for as long as Retry-After says."),
    "unexpected": Code(500, "Unexpected", "A fault of the ledger's; tell its operator the incident."),
    "unavailable": Code(503, "Unavailable for now", "Nothing was stored; send it again after Retry-After."),
    "ledger_closed": Code(503, "Ledger closed", "Nothing was stored, and nothing is until the operator reopens it."),
}

_BY_STATUS: Final = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "erased",
    413: "too_large",
    415: "media_type",
    422: "invalid",
    429: "too_many_requests",
    503: "unavailable",
}
_HEADERS: Final[Mapping[str, Mapping[str, str]]] = {
    "unauthenticated": {"WWW-Authenticate": "Bearer"},
    "too_many_requests": {"Retry-After": str(RETRY_AFTER_S)},
    "unavailable": {"Retry-After": str(RETRY_AFTER_S)},
    "ledger_closed": {"Retry-After": "60"},
}


_UNFIT: Final = (
    "A value cannot be stored: a number is too large, or a text holds a null character (U+0000). Nothing was stored."
)


class Problem(Exception):  # noqa: N818 - RFC 9457's word for it
    """A refusal to be answered as problem details. `detail` and `errors` are words of ours, never what was sent."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = CODES[code].status
        self.title = CODES[code].title
        self.detail = detail
        self.errors = list(errors)
        self.headers = {**_HEADERS.get(code, {}), **(headers or {})}
        self.members = dict(members or {})

    def as_json(self) -> dict[str, Any]:
        """The problem's members; at most so many errors are named, and how many more there were is said."""
        body: dict[str, Any] = {
            "type": f"{EXPLAINED_AT}#{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail or CODES[self.code].advice,
        }
        if self.errors:
            body["errors"] = [error.as_json() for error in self.errors[:ERRORS_MAX]]
            if len(self.errors) > ERRORS_MAX:
                body["errors_omitted"] = len(self.errors) - ERRORS_MAX
        return {**body, **self.members}

    def as_response(self) -> Response:
        response = Response(json.dumps(self.as_json(), ensure_ascii=False), self.status, mimetype=MIMETYPE)
        response.headers.extend(self.headers)
        return response


def bad_json(bad: BadJsonError) -> Problem:
    """A document that is not the JSON we take, as a problem that says where."""
    places = {"line": bad.line, "column": bad.column}
    members = {name: place for name, place in places.items() if place is not None}
    return Problem(bad.code, bad.detail, errors=[FieldError(bad.pointer, bad.words, bad.code)], members=members)


def invalid(errors: Iterable[FieldError]) -> Problem:
    """A body of which these fields were refused."""
    return Problem("invalid", errors=errors)


def register_problem_handlers(
    app: Flask,
    *,
    new_incident: Callable[[], str],
    unavailable: tuple[type[Exception], ...] = (),
    unfit: tuple[type[Exception], ...] = (),
    prefix: tuple[str, ...] = ("/api/", "/oauth/", "/log/"),
) -> None:
    """Answer every error under one of `prefix` as problem details.

    `unavailable` are the exceptions by which a server that is away for the moment shows itself: they become 503.
    `unfit` are those by which it refuses a value that it cannot hold: a number too large, a null character.
    `new_incident` makes an id for what nobody expected.
    """

    def on_problem(problem: Problem) -> Response:
        return problem.as_response()

    def on_refused_fields(error: ValidationError) -> Response:
        return invalid(errors_of(error.messages)).as_response()

    def on_http_error(error: HTTPException) -> Response | HTTPException:
        return _from_http(error).as_response() if _is_ours(error, prefix) else error

    def on_unavailable(error: Exception) -> Response | HTTPException:
        _log("unavailable", error)
        return Problem("unavailable").as_response()

    def on_unfit(error: Exception) -> Response | HTTPException:
        _log("unfit", error)
        return Problem("invalid", _UNFIT).as_response() if request.path.startswith(prefix) else BadRequest()

    def on_unexpected(error: Exception) -> Response | HTTPException:
        incident = new_incident()
        _log("unexpected", error, incident=incident)
        if not request.path.startswith(prefix):
            return InternalServerError(f"The ledger met a fault of its own. Incident {incident}.")
        return Problem("unexpected", members={"incident": incident}).as_response()

    app.register_error_handler(Problem, on_problem)
    app.register_error_handler(ValidationError, on_refused_fields)
    app.register_error_handler(HTTPException, on_http_error)
    for kind, handler in [*((one, on_unavailable) for one in unavailable), *((one, on_unfit) for one in unfit)]:
        app.register_error_handler(kind, handler)
    app.register_error_handler(Exception, on_unexpected)


def _is_ours(error: HTTPException, prefix: tuple[str, ...]) -> bool:
    """Redirects and answers that were already made are left alone, and so is what is not under the prefix."""
    return error.response is None and error.code is not None and error.code >= 400 and request.path.startswith(prefix)


def _from_http(error: HTTPException) -> Problem:
    """The problem for one of the framework's own errors; its text is not used, its headers are."""
    status = error.code or 500
    fallback = "bad_request" if status < 500 else "unexpected"
    headers = {
        name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After", "WWW-Authenticate"}
    }
    return Problem(_BY_STATUS.get(status, fallback), headers=headers)


def _log(event: str, error: Exception, **members: str) -> None:
    places = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-12:]
    ]
    structlog.get_logger("ledger.api").error(event, error=type(error).__qualname__, places=places, **members)
