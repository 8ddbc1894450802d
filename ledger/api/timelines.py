"""A child's record as the caller may see it, as it was known at any point."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ledger.api import limits
from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.services.context import Context
from ledger.services.known_by import KnownBy
from ledger.services.read_timeline import LIMIT, LIMIT_MAX, Question, read_timeline

_ENTRIES = (
    "The entries that you may see, in order. Each says its sight: full; part, with whom to ring for the rest; "
    "withheld, with whom to ring and nothing else; erased. What you may not know of is not among them."
)


class Moment(fields.Field[datetime]):
    """A day or a time with its zone. A day stands for its end where that is what was known, else for its noon."""

    def __init__(self, *, end_of_day: bool, description: str) -> None:
        super().__init__(metadata={"type": "string", "description": description, "examples": ["2022-10-05"]})
        self._end_of_day = end_of_day

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:  # noqa: ARG002
        try:
            start, end = observed_bounds(str(value))
        except EdtfError as error:
            raise ValidationError(error.reason) from None
        if end - start < timedelta(hours=20):
            return datetime.fromisoformat(str(value).upper())  # to the microsecond, as entries' times are written
        return end - timedelta(microseconds=1) if self._end_of_day else start + (end - start) / 2


class PointSchema(Schema):
    """Which point of the record, and which moment of the child's life."""

    known_at = Moment(
        end_of_day=True, description="As known at this moment; answered by `as_of`, which says the same for ever."
    )
    as_of = fields.Integer(
        validate=validate.Range(0), metadata={"description": "As known at this number of the record."}
    )
    log_size = fields.Integer(
        validate=validate.Range(0, 2**53),
        metadata={
            "description": "For auditors: as known to a log of this size, by this record's entries among its first."
        },
    )
    hash = fields.String(
        validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="This must be an entry's hash, 64 hex digits."),
        metadata={"description": "With as_of: the hash that the entry of that number must have."},
    )
    valid_at = Moment(end_of_day=False, description="Only what was said of this moment.")
    after = fields.Integer(load_default=0, validate=validate.Range(0))
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))

    @validates_schema
    def _one_point(self, data: dict[str, Any], **_options: Any) -> None:
        if len(data.keys() & {"known_at", "as_of", "log_size"}) > 1:
            named = "known_at" if "known_at" in data else "as_of"
            raise ValidationError("Name the point in one way: known_at, as_of or log_size.", named)
        if "hash" in data and "as_of" not in data:
            raise ValidationError("A hash goes with as_of.", "hash")


class KnownBySchema(PointSchema):
    """The same, and as known by which agency."""

    known_by = fields.String(
        validate=validate.Regexp(limits.AGENCY_PATTERN + r"\Z", error="This must be an agency's id."),
        metadata={
            "description": "As known by this agency: what it had posted, been sent and opened. Your own; any, for "
            "auditors."
        },
    )
    read_until = Moment(
        end_of_day=True,
        description="With known_by: what it opened up to this moment; left out, up to that of the point. Answered.",
    )

    @validates_schema
    def _known_by_somebody(self, data: dict[str, Any], **_options: Any) -> None:
        if "read_until" in data and "known_by" not in data:
            raise ValidationError("This goes with known_by.", "read_until")


def point_of(asked: dict[str, Any]) -> dict[str, Any]:
    """How a point is named in what was asked, as services take it."""
    names = {"known_at": "known_at", "as_of": "number", "hash": "hash", "log_size": "log_size"}
    return {name: asked[sent] for sent, name in names.items() if sent in asked}


def known_by_of(asked: dict[str, Any], context: Context) -> KnownBy | None:
    """Whose knowledge is asked for."""
    return KnownBy(asked["known_by"], asked.get("read_until"), context.auditor) if "known_by" in asked else None


def timelines_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of the timeline."""
    blueprint = Blueprint(
        "timelines", __name__, url_prefix="/api/v1/children", description="A record, as it was known."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/timeline")  # type: ignore[untyped-decorator]
    @blueprint.arguments(KnownBySchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description=_ENTRIES)  # type: ignore[untyped-decorator]
    def get_timeline(asked: dict[str, Any], record_id: UUID) -> Response:
        """What agencies recorded about a child that yours is involved with; this reading is itself recorded."""
        question = Question(
            **point_of(asked),
            valid_at=asked.get("valid_at"),
            after=asked["after"],
            limit=asked["limit"],
            known_by=known_by_of(asked, context),
        )
        with reads(context) as (connection, reader):
            answer = read_timeline(connection, reader, record_id, question, pack=context.pack, chance=context.chance)
        return as_json(answer)

    return blueprint
