"""For auditors: who looked at what, and what was unusual about it. For whoever leads a child: who looked at it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api import limits
from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.timelines import Moment
from ledger.domain.role import Right
from ledger.services.audit_access import LIMIT, LIMIT_MAX, audit_access, audit_child
from ledger.services.context import Context
from ledger.services.find_unusual import find_unusual
from ledger.store.audit import Asked


class _PageSchema(Schema):
    after = fields.String(validate=validate.Length(1, 200), metadata={"description": "Taken from the Link header."})
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))


class SpanSchema(Schema):
    """A stretch of real time; a demonstration's clock has no part in it."""

    since = Moment(end_of_day=False, description="From this moment on.")
    until = Moment(end_of_day=True, description="Before this moment.")


class AccessSchema(_PageSchema, SpanSchema):
    """Which access records."""

    child = fields.UUID(metadata={"description": "The child's record."})
    agency = fields.String(
        validate=validate.Regexp(limits.AGENCY_PATTERN + r"\Z", error="This must be an agency's id.")
    )
    person = fields.UUID(metadata={"description": "The professional's id, as access records give it."})


def audit_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes that only auditors have."""
    blueprint = Blueprint("audit", __name__, url_prefix="/api/v1/audit", description="Who looked at what.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/access")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AccessSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Access records, newest first.")  # type: ignore[untyped-decorator]
    def get_access(asked: dict[str, Any]) -> Response:
        """Who looked at what, why, how far they saw, and what was refused. This reading is itself recorded."""
        names = ("child", "agency", "person", "since", "until", "limit")
        wanted = Asked(**{name: asked[name] for name in names if name in asked})
        with reads(context, Right.OVERSEE) as (connection, reader):
            answer = audit_access(connection, reader, wanted, after=asked.get("after"), chance=context.chance)
        return _paged(answer, "/api/v1/audit/access", asked)

    @blueprint.get("/unusual")  # type: ignore[untyped-decorator]
    @blueprint.arguments(SpanSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="What to look at: overdue reviews first, then the newest.")  # type: ignore[untyped-decorator]
    def get_unusual(asked: dict[str, Any]) -> Response:
        """Access that is unusual, in words. Nobody is scored, and most of it has a good reason."""
        with reads(context, Right.OVERSEE) as (connection, reader):
            answer = find_unusual(
                connection,
                reader,
                since=asked.get("since"),
                until=asked.get("until") or context.real_now(),
                chance=context.chance,
            )
        return as_json(answer)

    return blueprint


def child_access_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route by which whoever leads a child sees who looked at it."""
    blueprint = Blueprint("access", __name__, url_prefix="/api/v1/children", description="Who looked at a child.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/access")  # type: ignore[untyped-decorator]
    @blueprint.arguments(_PageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Access records of this child, newest first.")  # type: ignore[untyped-decorator]
    def get_child_access(asked: dict[str, Any], record_id: UUID) -> Response:
        """Who has looked at this child's record: for whoever leads it, and for auditors."""
        with reads(context) as opened:
            answer = audit_child(context, opened, record_id, after=asked.get("after"), limit=asked["limit"])
        return _paged(answer, f"/api/v1/children/{record_id}/access", asked)

    return blueprint


def _paged(answer: dict[str, Any], address: str, asked: dict[str, Any]) -> Response:
    """The answer, and in its Link header the address of the next page, where there is one."""
    following = answer["next"]
    if following is None:
        return as_json(answer)
    kept = {name: value for name, value in asked.items() if name != "after"} | {"after": following}
    query = "&".join(f"{name}={_written(value)}" for name, value in kept.items())
    return as_json(answer, headers={"Link": f'<{address}?{query}>; rel="next"'})


def _written(value: object) -> str:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
