"""How a record came to be known: played back step by step, what differs between two points, and what was found then."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ledger.api.answers import as_json
from ledger.api.refusals import opening, reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.replays import DifferencesSchema, FindingsSchema, FindingsThenSchema, LogSizeSchema
from ledger.api.timelines import Moment, PointSchema, point_of
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.differences import Between, differences
from ledger.services.find_as_of import PointAsked
from ledger.services.find_then import find_then
from ledger.services.read_findings import STATES, FindingsAsked, read_findings
from ledger.services.replay import ReplayAsked, replay
from ledger.services.size_log import size_log

NDJSON = "application/x-ndjson"
FRAMES_MOST = 10_000
_FRAMES = (
    "One JSON object a line: frames, and at last `end` with the point and, in `next`, the number after which to go on. "
    "A stream that does not close with `end` was cut off; `stopped` says that you may not read on."
)


class ReplaySchema(PointSchema):
    """Up to which point, from where on, and of which moment of the child's life what is held is told."""

    ASKED_ELSEWHERE: ClassVar = {"known_by": "What one agency knew is asked of the timeline, or of the picture. "}

    valid_at = Moment(
        end_of_day=False, description="What is held is told of this moment; left out, of each frame's own time."
    )
    from_ = fields.Integer(
        data_key="from",
        load_default=0,
        validate=validate.Range(0, 2**53),
        metadata={"description": "Frames from this number of the record on."},
    )
    limit = fields.Integer(
        validate=validate.Range(1, FRAMES_MOST), metadata={"description": "So many frames at most; all, if left out."}
    )


class FindingsAskedSchema(PointSchema):
    """Which point of the record, and of which moment."""

    state = fields.String(
        load_default="open",
        validate=validate.OneOf(STATES),
        metadata={"description": "`all`: those that had closed by then too."},
    )

    class Meta:
        exclude: ClassVar = ("after", "limit")


class ThenSchema(PointSchema):
    """Which point of the record, and at which moment clocks are read there."""

    valid_at = Moment(end_of_day=False, description="When clocks are read, `at` in the answer; left out, that point's.")

    class Meta:
        exclude: ClassVar = ("after", "limit")


class BetweenSchema(Schema):
    """Two points of the record, each named by a number or by a moment, or by both as an answer gives them."""

    from_ = fields.Integer(
        data_key="from", validate=validate.Range(0, 2**53), metadata={"description": "The first, by its number."}
    )
    to = fields.Integer(
        validate=validate.Range(0, 2**53), metadata={"description": "The second, by its number; left out, the newest."}
    )
    known_from = Moment(
        end_of_day=True, description="The first, as known at this moment; with from, when clocks are read there."
    )
    known_to = Moment(
        end_of_day=True, description="The second, as known at this moment; with to, when clocks are read there."
    )
    valid_at = Moment(
        end_of_day=False, description="The moment of which what is held is compared; left out, that of the second."
    )

    @validates_schema
    def _two_points(self, data: dict[str, Any], **_options: Any) -> None:
        if not {"from_", "known_from"} & data.keys():
            raise ValidationError("From which point? Give from or known_from.", "from")


class LogMomentSchema(Schema):
    """Which moment."""

    known_at = Moment(end_of_day=True, description="As known at this moment; left out, now.")


def replays_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes by which a record's past is played back and compared."""
    blueprint = Blueprint("replays", __name__, url_prefix="/api/v1/children", description="How it came to be known.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/replay")  # type: ignore[untyped-decorator]
    @blueprint.arguments(ReplaySchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description=_FRAMES, content_type=NDJSON)  # type: ignore[untyped-decorator]
    def get_replay(asked: dict[str, Any], record_id: UUID) -> Response:
        """The record step by step: each entry, and each time something was found. This reading is itself recorded."""
        names = {"from_": "start", "after": "after", "limit": "limit", "valid_at": "valid_at"}
        wanted = ReplayAsked(**point_of(asked), **{name: asked[sent] for sent, name in names.items() if sent in asked})
        lines = replay(opening(context), record_id, wanted, pack=context.pack, chance=context.chance)
        return Response(_lines(lines), mimetype=NDJSON)

    @blueprint.get("/<uuid:record_id>/differences")  # type: ignore[untyped-decorator]
    @blueprint.arguments(BetweenSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, DifferencesSchema, description="What came, changed, began and ended.")  # type: ignore[untyped-decorator]
    def get_differences(asked: dict[str, Any], record_id: UUID) -> Response:
        """What differs in the record between two points; this reading is itself recorded."""
        (start, start_at), (end, end_at) = _end(asked, "known_from", "from_"), _end(asked, "known_to", "to")
        between = Between(start, end, asked.get("valid_at"), start_at, end_at)
        with reads(context) as (connection, reader):
            answer = differences(connection, reader, record_id, between, pack=context.pack, chance=context.chance)
        return as_json(answer)

    @blueprint.get("/<uuid:record_id>/findings")  # type: ignore[untyped-decorator]
    @blueprint.arguments(FindingsAskedSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, FindingsSchema, description="Findings, in the order in which they were raised.")  # type: ignore[untyped-decorator]
    def get_findings(asked: dict[str, Any], record_id: UUID) -> Response:
        """What had been found by a point, and to whom it was brought; this reading is itself recorded."""
        wanted = FindingsAsked(**point_of(asked), valid_at=asked.get("valid_at"), state=asked["state"])
        with reads(context) as (connection, reader):
            answer = read_findings(connection, reader, record_id, wanted, pack=context.pack, chance=context.chance)
        return as_json(answer)

    @blueprint.get("/<uuid:record_id>/findings-then")  # type: ignore[untyped-decorator]
    @blueprint.arguments(ThenSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, FindingsThenSchema, description="What was open then, and what would be.")  # type: ignore[untyped-decorator]
    def get_findings_then(asked: dict[str, Any], record_id: UUID) -> Response:
        """What was open at a point, and what today's rule pack makes of what was known then.

        This reading is itself recorded.
        """
        point = PointAsked(**point_of(asked))
        return as_json(find_then(context, opening(context), record_id, point, asked.get("valid_at")))

    return blueprint


def log_size_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route by which a moment becomes a size of the log."""
    blueprint = Blueprint("log_sizes", __name__, url_prefix="/api/v1", description="A point across records.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/log-size")  # type: ignore[untyped-decorator]
    @blueprint.arguments(LogMomentSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, LogSizeSchema, description="A size of the log, and its root.")  # type: ignore[untyped-decorator]
    def get_log_size(asked: dict[str, Any]) -> Response:
        """How large the log was at a moment: everything in it was recorded by then.

        The size is taken as `log_size` by whatever takes `known_at`, and stands for the same for ever.
        """
        with reads(context, Right.OVERSEE) as (connection, reader):
            answer = size_log(connection, reader, asked.get("known_at"))
        return as_json(answer)

    return blueprint


def _lines(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    for one in found:
        yield json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n"


def _end(asked: dict[str, Any], known: str, number: str) -> tuple[PointAsked, datetime | None]:
    """One of two points; where a number names it, the moment says when clocks are read."""
    if number in asked:
        return PointAsked(number=asked[number]), asked.get(known)
    return PointAsked(asked.get(known)), None
