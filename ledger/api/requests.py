"""Reads the body of a request, strictly and within its limits, and checks it against its schema.

Invariants: a body that did not arrive whole is refused, so a connection that breaks off stores nothing. What a view is
given, and what stands at `flask.g.body`, is the JSON as sent. Nothing here reads an address's query for content; what
it asks that its route does not know is refused, as else the answer would be to another question.
"""

from collections.abc import Callable, Mapping
from typing import Any, Never, TypeVar

from flask import Flask, Request, current_app, g, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from ledger.api import strict_json
from ledger.api.limits import BATCH_BYTES_MAX, BATCH_ITEMS_MAX, BODY_BYTES_MAX, DEPTH_MAX, DISCARD_BYTES_MAX
from ledger.api.pointers import FieldError, errors_of, pointer_to
from ledger.api.problems import Problem, bad_json, invalid
from ledger.api.schemas.bodies import BodySchema, ClaimChecker

#: Where the application keeps the rule pack in force, among its extensions.
PACK = "ledger.pack"

_NDJSON = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
_CHUNK_BYTES = 64 * 1024

AnyBody = TypeVar("AnyBody", bound=BodySchema)


def _pack_in_force() -> ClaimChecker | None:
    pack: ClaimChecker | None = current_app.extensions.get(PACK)
    return pack


class StrictParser(FlaskParser):
    """The parser for blueprints' `arguments`: strict JSON, problems that name every failing field, the body as sent."""

    def __init__(self, pack_in_force: Callable[[], ClaimChecker | None] = _pack_in_force) -> None:
        super().__init__()
        self._pack_in_force = pack_in_force
        self._bound: tuple[ClaimChecker | None, dict[type[BodySchema], BodySchema]] = (None, {})

    def bound(self, kind: type[AnyBody]) -> AnyBody:
        """The schema with the rule pack in force, made once for each pack."""
        pack = self._pack_in_force()
        bound = self._bound
        if bound[0] is not pack:
            bound = self._bound = (pack, {})
        schema = bound[1].get(kind)
        if not isinstance(schema, kind):
            schema = bound[1][kind] = kind(pack=pack)
        return schema

    def load_json(self, req: Request, schema: Schema) -> object:  # noqa: ARG002 - as webargs calls it
        g.body = read_json(req)
        return g.body

    def _get_schema(self, argmap: Any, req: Request) -> Schema:
        if isinstance(argmap, type) and issubclass(argmap, BodySchema):
            return self.bound(argmap)
        return super()._get_schema(argmap, req)

    def handle_error(
        self,
        error: ValidationError,
        req: Request,  # noqa: ARG002 - as webargs calls it
        schema: Schema,  # noqa: ARG002
        *,
        error_status_code: int | None,  # noqa: ARG002
        error_headers: Mapping[str, str] | None,
    ) -> Never:
        """Refuse, naming each failing field of the body, or each failing parameter of the address."""
        by_location = error.messages if isinstance(error.messages, dict) else {"json": error.messages}
        errors = [found for messages in by_location.values() for found in errors_of(messages)]
        raise Problem("invalid", errors=errors, headers=error_headers)


def add_query_check(app: Flask) -> None:
    """Refuse, before every route of the interface, parameters of the address that the route does not take."""

    @app.before_request
    def refuse_unknown() -> None:
        if not request.args or not request.path.startswith("/api/v1/") or request.endpoint is None:
            return
        known, elsewhere = _taken(app.view_functions[request.endpoint])
        listed = f"The parameters are: {', '.join(sorted(known))}." if known else "This address takes none."
        errors = [
            FieldError(
                pointer_to((name,)),
                f"There is no such parameter here. {elsewhere.get(name, '')}{listed}",
                "unknown_parameter",
            )
            for name in request.args
            if name not in known
        ]
        if errors:
            raise invalid(errors)


def _taken(view: Callable[..., Any]) -> tuple[frozenset[str], Mapping[str, str]]:
    """What a view takes in its address's query, by what it is described by; and where else to ask what it does not."""
    described: Mapping[str, Any] = getattr(view, "_apidoc", {}).get("arguments", {})
    known, elsewhere = set[str](), dict[str, str]()
    for one in described.get("parameters", ()):
        if one.get("in") != "query":
            continue
        schema: Schema = one["schema"]() if isinstance(one["schema"], type) else one["schema"]
        known |= {field.data_key or name for name, field in schema.load_fields.items()}
        elsewhere |= getattr(schema, "ASKED_ELSEWHERE", {})
    return frozenset(known), elsewhere


def refused_fields(schema: BodySchema, body: object) -> list[FieldError]:
    """Every failing field of a body, none when all of it may stand."""
    if schema.refusal(body) is None:
        return []
    try:
        schema.load(body)
    except ValidationError as error:
        return errors_of(error.messages)
    return []


def read_json(req: Request, *, most: int = BODY_BYTES_MAX) -> object:
    """The JSON that the request carries, as sent; a Problem when it is not JSON, too large or not all there."""
    if req.mimetype != "application/json":
        raise Problem("media_type", "Send the body as application/json.")
    try:
        return strict_json.parse(read_bytes(req, most))
    except strict_json.BadJsonError as bad:
        raise bad_json(bad) from None


def read_batch(req: Request) -> list[object]:
    """The items of a batch in order, from a JSON array or from lines; in place of a line that is no JSON, its error.

    An array that is no JSON is refused whole, as where its items begin and end cannot be told.
    """
    if req.mimetype in _NDJSON:
        items = list(_first_lines(read_bytes(req, BATCH_BYTES_MAX)))
    elif req.mimetype == "application/json":
        items = _array(read_bytes(req, BATCH_BYTES_MAX))
    else:
        raise Problem("media_type", "Send a batch as application/json, an array, or as application/x-ndjson.")
    if not 1 <= len(items) <= BATCH_ITEMS_MAX:
        raise Problem("batch_size", f"A batch holds 1 to {BATCH_ITEMS_MAX} items.")
    return items


def read_bytes(req: Request, most: int) -> bytes:
    """The whole body, when it is within its limit and all of it arrived."""
    if req.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem("media_type", "Send the body without a Content-Encoding.")
    announced = req.content_length
    if announced is not None and announced > most:
        _discard(req, announced)
        raise _too_large(most)
    req.max_content_length = most + 1  # the framework cuts a body without a length off here and says nothing
    try:
        data = req.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large(most) from None
    except BadRequest:  # how the framework tells of a connection that broke
        raise Problem("body_incomplete") from None
    if len(data) > most:
        raise _too_large(most)
    if announced is not None and len(data) != announced:
        raise Problem("body_incomplete")
    return data


def _array(data: bytes) -> list[object]:
    try:
        items = strict_json.parse(data, depth_max=DEPTH_MAX + 1)
    except strict_json.BadJsonError as bad:
        raise bad_json(bad) from None
    if not isinstance(items, list):
        raise invalid([FieldError("", "A batch is a JSON array of observations.", "wrong_type")])
    return items


def _first_lines(data: bytes) -> list[object]:
    """The lines up to one more than may be: enough to tell that there are too many."""
    lines: list[object] = []
    for line in strict_json.parse_lines(data):
        lines.append(line)
        if len(lines) > BATCH_ITEMS_MAX:
            break
    return lines


def _discard(req: Request, announced: int) -> None:
    """Read what is coming, within reason: a sender cut off in the middle would not get to see the answer."""
    left = min(announced, DISCARD_BYTES_MAX)
    try:
        while left > 0:
            chunk = req.environ["wsgi.input"].read(min(left, _CHUNK_BYTES))
            if not chunk:
                return
            left -= len(chunk)
    except OSError:
        return


def _too_large(most: int) -> Problem:
    return Problem("too_large", f"The body may be at most {most:,} bytes.")
