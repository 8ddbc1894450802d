"""The interface's own description: OpenAPI 3.1 made from the schemas, and a page that shows it without the network.

Invariants: nothing on the page comes from elsewhere and its content policy allows nothing else; neither the description
nor the page holds anything from the ledger, so both are open.
"""

from http import HTTPStatus
from importlib import resources
from pathlib import Path
from typing import Any, Final

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Blueprint, Flask, Response, abort, send_from_directory
from flask_smorest import Api
from markupsafe import Markup
from marshmallow import Schema, fields

from ledger.api import limits, problems
from ledger.api.schemas.tokens import SECURITY_SCHEMES

_OWN_FILES: Final = Path(__file__).parent / "static"
_OWN_NAMES: Final = frozenset({"docs.css", "init.js"})
_SWAGGER_NAMES: Final = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DESCRIPTION: Final = f"""\
Agencies post what they saw or were told about a child; what agencies hold is compared, and the child's lead
professional is alerted.

Every request carries a key of the sending agency, or a token that was got with one at `POST /oauth/token`:
`Authorization: Bearer …`. Every body carries the sender's own
`event_id`, used once for ever: sending the same again answers 200 with the same entry, sending something else under it
is refused.

**Limits.** A body is at most {limits.BODY_BYTES_MAX:,} bytes, a batch {limits.BATCH_BYTES_MAX:,} bytes and
1 to {limits.BATCH_ITEMS_MAX:,} items, an attachment's file {limits.ATTACHMENT_BYTES_MAX:,} bytes
unless the operator chose otherwise; arrays and objects nest at most {limits.DEPTH_MAX} deep; whole numbers beyond
2^53 − 1 are sent as strings. A narrative holds at most {limits.NARRATIVE_CHARS_MAX:,} characters, an observation
{limits.CLAIMS_MAX} claims, {limits.PEOPLE_MAX} people and {limits.ALSO_MAX} siblings.

**Refusals** are [problem details](docs/problems) that name every failing field by JSON pointer. A parameter of the
address that is not described here is refused too: the answer would be to another question than was asked.
"""


class FieldErrorSchema(Schema):
    pointer = fields.String(
        required=True, metadata={"description": "JSON pointer to the field.", "examples": ["/observed"]}
    )
    detail = fields.String(required=True, metadata={"description": "Why it was refused and what would be taken."})
    code = fields.String(required=True, metadata={"description": "A code that programs may rely on."})


class ProblemSchema(Schema):
    """Problem details, RFC 9457."""

    type = fields.String(
        required=True, metadata={"description": "Where the code is explained.", "format": "uri-reference"}
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"enum": sorted(problems.CODES)})
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldErrorSchema), metadata={"description": "Every failing field."})
    errors_omitted = fields.Integer(metadata={"description": "How many more failed than are named."})
    line = fields.Integer(metadata={"description": "Where the text stops being JSON."})
    column = fields.Integer()
    incident = fields.String(metadata={"description": "What to tell the operator, after a fault of the ledger's."})


class _Converter(OpenAPIConverter):
    """Describes each schema by its own sentence; apispec's own way of saying it would leave the object open."""

    def schema2jsonschema(self, schema: Schema | type[Schema]) -> dict[str, Any]:
        shape: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        kind = schema if isinstance(schema, type) else type(schema)
        return {**shape, "description": kind.__doc__} if kind.__doc__ else shape


class _Plugin(MarshmallowPlugin):
    Converter = _Converter


class LedgerApi(Api):  # type: ignore[misc]  # flask-smorest publishes no types
    """flask-smorest with this interface's errors in place of its own."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """None: problems.register_problem_handlers answers for the whole interface."""

    def _register_responses(self) -> None:
        """One response for every status that refuses, each a problem; they are documented where they are used."""
        refusing = [status for status in HTTPStatus if status >= 400]
        named = [(status.name, status.phrase) for status in refusing]
        for name, phrase in [*named, ("DEFAULT_ERROR", "A refusal.")]:
            response = {"description": phrase, "content": {problems.MIMETYPE: {"schema": ProblemSchema}}}
            self.spec.components.response(name, response, lazy=True)


def create_api(app: Flask, *, version: str = "1") -> LedgerApi:
    """Describe and serve the interface on this application; blueprints are registered on what is returned."""
    app.config.update(
        API_TITLE="Safeguarding ledger",
        API_VERSION=version,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    info = {"description": _DESCRIPTION}
    options = {"marshmallow_plugin": _Plugin(), "info": info, "security": [{"key": []}, {"token": []}, {"session": []}]}
    api = LedgerApi(app, spec_kwargs=options)
    for name, scheme in SECURITY_SCHEMES.items():
        api.spec.components.security_scheme(name, scheme)
    app.register_blueprint(_docs())
    return api


def _docs() -> Blueprint:
    """The page that shows the description, the files it needs, and the table of problems."""
    blueprint = Blueprint("api_docs_page", __name__, url_prefix="/api/v1/docs")

    @blueprint.get("")
    def page() -> Response:
        return send_from_directory(_OWN_FILES, "docs.html")

    @blueprint.get("/problems")
    def table() -> Response:
        return Response(_problem_table(), mimetype="text/html")

    @blueprint.get("/<name>")
    def file(name: str) -> Response:
        if name in _OWN_NAMES:
            return send_from_directory(_OWN_FILES, name)
        if name not in _SWAGGER_NAMES:
            abort(404)
        return send_from_directory(str(resources.files("flask_swagger_ui") / "dist"), name)

    @blueprint.after_request
    def confine(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return blueprint


def _problem_table() -> str:
    rows = Markup("").join(
        Markup('<tr id="{0}"><td><code>{0}</code></td><td>{1}</td><td>{2}</td><td>{3}</td></tr>').format(
            name, code.status, code.title, code.advice
        )
        for name, code in problems.CODES.items()
    )
    return (_OWN_FILES / "problems.html").read_text("utf-8").replace("<!-- rows -->", rows)
