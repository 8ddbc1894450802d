"""For administrators: keys and people, and taking away. For operators: how the ledger runs."""

from typing import Any
from uuid import UUID

from flask import Response, g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api.answers import as_json, received
from ledger.api.refusals import calling
from ledger.api.requests import StrictParser
from ledger.api.schemas.administration import (
    KeysSchema,
    OperationSchema,
    PeopleSchema,
    TakenAwaySchema,
    TakenSchema,
)
from ledger.domain.entry import written_time
from ledger.services.administer import (
    LIMIT,
    LIMIT_MAX,
    end,
    read_keys,
    read_operation,
    read_people,
    revoke,
    sign_out_everywhere,
)
from ledger.services.context import Context
from ledger.store.append import Stored
from ledger.store.migrate import newest_revision


class KeysPageSchema(Schema):
    """Which page of the keys."""

    after = fields.String(
        load_default=None,
        validate=validate.Regexp(r"[a-z0-9_.-]{1,64}\Z", error="This must be a key's id."),
        metadata={"description": "`next` of the page before."},
    )
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))


class PeoplePageSchema(Schema):
    """Which page of the people."""

    after = fields.UUID(load_default=None, metadata={"description": "`next` of the page before."})
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))


def administration_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes that only administrators have."""
    blueprint = Blueprint(
        "administration", __name__, url_prefix="/api/v1/administration", description="Keys and people, as metadata."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/keys")  # type: ignore[untyped-decorator]
    @blueprint.arguments(KeysPageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, KeysSchema)  # type: ignore[untyped-decorator]
    def get_keys(page: dict[str, Any]) -> Response:
        """The keys of your partnership's agencies: whose, for what, until when; never what opens anything."""
        return as_json(read_keys(context, calling(), **page))

    @blueprint.get("/people")  # type: ignore[untyped-decorator]
    @blueprint.arguments(PeoplePageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, PeopleSchema)  # type: ignore[untyped-decorator]
    def get_people(page: dict[str, Any]) -> Response:
        """The people of your partnership, their roles, and whether they are signed in."""
        return as_json(read_people(context, calling(), **page))

    @blueprint.post("/keys/<key_id>/revocations")  # type: ignore[untyped-decorator]
    @blueprint.arguments(TakenAwaySchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="Revoked.")  # type: ignore[untyped-decorator]
    def post_revocation(_loaded: Any, key_id: str) -> Response:
        """End a key: its next use is refused. Keys are issued at the command line, or by an administrator on a page."""
        return _taken(context, revoke(context, calling(), key_id, g.body["reason"]))

    @blueprint.post("/people/<uuid:person_id>/sign-outs")  # type: ignore[untyped-decorator]
    @blueprint.arguments(TakenAwaySchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="Signed out everywhere.")  # type: ignore[untyped-decorator]
    def post_sign_out(_loaded: Any, person_id: UUID) -> Response:
        """End every session of a person. They can sign in again: to keep them out, have their roles taken."""
        return _taken(context, sign_out_everywhere(context, calling(), person_id, g.body["reason"]))

    @blueprint.post("/agencies/<agency_id>/endings")  # type: ignore[untyped-decorator]
    @blueprint.arguments(TakenAwaySchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="Ended.")  # type: ignore[untyped-decorator]
    def post_agency_ending(_loaded: Any, agency_id: str) -> Response:
        """End an agency: its keys and sessions stop, nothing more is asked of it, and its work is told to the leads."""
        return _taken(context, end(context, calling(), agency_id, g.body["reason"]))

    return blueprint


def operation_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route that only operators have."""
    blueprint = Blueprint("operation", __name__, url_prefix="/api/v1/operation", description="How the ledger runs.")
    blueprint.ARGUMENTS_PARSER = parser
    newest = newest_revision()

    @blueprint.get("")  # type: ignore[untyped-decorator]
    @blueprint.response(200, OperationSchema)  # type: ignore[untyped-decorator]
    def get_operation() -> Response:
        """How far detection is behind, what waits and what fails, in counts that name nobody."""
        return as_json(read_operation(context, calling(), newest))

    return blueprint


def _taken(context: Context, stored: Stored) -> Response:
    told = {
        "number": stored.number,
        "recorded_at": written_time(stored.recorded_at),
        "hash": stored.hash.hex(),
        **received(stored, context.receipts),
    }
    return as_json(told, 201)
