"""The family's side: what an agency holds, given to whom it is about; what is left out, for the officer; the notice.

Readable as a page that prints, where the caller asks for HTML. Nothing is given before it is recorded that it was.
"""

from typing import Any
from uuid import UUID

from flask import Response, g, render_template, request
from flask_smorest import Blueprint

from ledger.api.answers import as_json, placed, received
from ledger.api.refusals import calling, reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.family import FamilyNoticeSchema, SubjectAccessSchema
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.disclose import NOTICE, SUBJECT_ACCESS, Made, make_bundle, make_notice, record_given, reviewed
from ledger.services.submission import Recorded

_HTML, _JSON = "text/html", "application/json"


def family_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes by which records officers answer the family."""
    blueprint = Blueprint(
        "family", __name__, url_prefix="/api/v1/children", description="What the family is given and told."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.post("/<uuid:record_id>/subject-access")  # type: ignore[untyped-decorator]
    @blueprint.arguments(SubjectAccessSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, description="The bundle, and where it is recorded that it was given.")  # type: ignore[untyped-decorator]
    def post_subject_access(_loaded: Any, record_id: UUID) -> Response:
        """Give what your agency holds to whom it is about, or who speaks for them. With Accept: text/html, a page."""
        with reads(context, Right.DISCLOSE) as (connection, reader):
            made = make_bundle(connection, reader, record_id, g.body, context)
        recorded = record_given(context, calling(), record_id, SUBJECT_ACCESS, g.body, made)
        return _given(context, recorded, made, "bundle", "subject_access.html")

    @blueprint.post("/<uuid:record_id>/subject-access/review")  # type: ignore[untyped-decorator]
    @blueprint.arguments(SubjectAccessSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="What the bundle would hold, and what is left out of it and why.")  # type: ignore[untyped-decorator]
    def post_review(_loaded: Any, record_id: UUID) -> Response:
        """For you alone, before you give it: how much there is, and each thing that is left out, with its reason."""
        with reads(context, Right.DISCLOSE) as (connection, reader):
            made = make_bundle(connection, reader, record_id, g.body, context)
            answer = reviewed(connection, record_id, made)
        return as_json(answer)

    @blueprint.get("/<uuid:record_id>/family-notice")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="The notice as anybody could be given it.")  # type: ignore[untyped-decorator]
    def get_notice(record_id: UUID) -> Response:
        """A draft of the notice that no marking keeps from anybody. With Accept: text/html, a page."""
        with reads(context, Right.DISCLOSE) as (connection, reader):
            made = make_notice(connection, reader, record_id, None, context)
        return _page("family_notice.html", made) if _wants_page() else as_json({"notice": made.given})

    @blueprint.post("/<uuid:record_id>/family-notice")  # type: ignore[untyped-decorator]
    @blueprint.arguments(FamilyNoticeSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, description="Recorded; with decision given, the notice.")  # type: ignore[untyped-decorator]
    def post_notice(_loaded: Any, record_id: UUID) -> Response:
        """Give the notice, or record that it is withheld and why. With Accept: text/html, a page."""
        body = g.body
        named = body.get("for")
        audience = named if isinstance(named, list) or named is None else [named]
        with reads(context, Right.DISCLOSE) as (connection, reader):
            made = make_notice(connection, reader, record_id, audience, context, body["event_id"])
        is_given = body["decision"] == "given"
        recorded = record_given(context, calling(), record_id, NOTICE, body, made if is_given else None)
        return _given(context, recorded, made if is_given else None, "notice", "family_notice.html")

    return blueprint


def _given(context: Context, recorded: Recorded, made: Made | None, name: str, template: str) -> Response:
    status = 201 if recorded.is_new else 200
    location = {"Location": f"/api/v1/entries/{recorded.entry.entry_id}"}
    if made is not None and _wants_page():
        return _page(template, made, status, location)
    answer: dict[str, Any] = {"disclosure": {**placed(recorded.entry), **received(recorded.entry, context.receipts)}}
    if made is not None:
        answer |= {name: made.given, "sha256": made.sha256}
    return as_json(answer, status, location)


def _page(template: str, made: Made, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(render_template(template, given=made.given), status, headers=headers, mimetype=_HTML)


def _wants_page() -> bool:
    return request.accept_mimetypes.best_match([_JSON, _HTML], default=_JSON) == _HTML
