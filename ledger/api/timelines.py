"""A child's record as the caller may see it, as it was known at any point."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.services.context import Context
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
    hash = fields.String(
        validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="This must be an entry's hash, 64 hex digits."),
        metadata={"description": "With as_of: the hash that the entry of that number must have."},
    )
    valid_at = Moment(end_of_day=False, description="Only what was said of this moment.")
    after = fields.Integer(load_default=0, validate=validate.Range(0))
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))

    @validates_schema
    def _one_point(self, data: dict[str, Any], **_options: Any) -> None:
        if "known_at" in data and "as_of" in data:
            raise ValidationError("Name the point in one way: known_at or as_of.", "known_at")
        if "hash" in data and "as_of" not in data:
            raise ValidationError("A hash goes with as_of.", "hash")


def timelines_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of the timeline."""
    blueprint = Blueprint(
        "timelines", __name__, url_prefix="/api/v1/children", description="A record, as it was known."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/timeline")  # type: ignore[untyped-decorator]
    @blueprint.arguments(PointSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description=_ENTRIES)  # type: ignore[untyped-decorator]
    def get_timeline(asked: dict[str, Any], record_id: UUID) -> Response:
        """What agencies recorded about a child that yours is involved with; this reading is itself recorded."""
        question = Question(
            known_at=_moment(asked.get("known_at")),
            number=asked.get("as_of"),
            hash=asked.get("hash"),
            valid_at=_moment(asked.get("valid_at")),
            after=asked["after"],
            limit=asked["limit"],
        )
        with reads(context) as (connection, reader):
            answer = read_timeline(connection, reader, record_id, question, pack=context.pack, chance=context.chance)
        return as_json(answer)

    return blueprint


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
