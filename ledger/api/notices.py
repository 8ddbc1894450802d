"""The feed of notices, as a batch of CloudEvents 1.0: what happened that your agency, or you, should know of."""

from datetime import datetime
from typing import Any, Final

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.notices import NoticeSchema
from ledger.services.context import Context
from ledger.services.read_notices import LIMIT, LIMIT_MAX, read_notices

#: CloudEvents HTTP binding 1.0, 3.3: events together.
BATCH: Final = "application/cloudevents-batch+json"
SOURCE: Final = "/api/v1/notices"
_SEQ_MAX: Final = 2**53
_FORMAT: Final = JSONFormat()


class NoticePageSchema(Schema):
    """Which page of the feed."""

    after = fields.Integer(
        load_default=None,
        validate=validate.Range(0, _SEQ_MAX),
        metadata={
            "description": "Only what follows this number; confirms that you have all up to it. Left out: what is not "
            "confirmed yet. Taken from the Link header, or from `sequence` of the last event that you have kept."
        },
    )
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))


def notices_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of the feed."""
    blueprint = Blueprint("notices", __name__, url_prefix="/api/v1", description="What your agency should know of.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/notices")  # type: ignore[untyped-decorator]
    @blueprint.arguments(NoticePageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, NoticeSchema(many=True), description="Events, in order.", content_type=BATCH)  # type: ignore[untyped-decorator]
    def get_notices(asked: dict[str, Any]) -> Response:
        """What happened that your agency should know of, in order; a person gets what is theirs.

        Of a record in which you have a part each event says as much as you may see, and the reading is recorded.
        """
        with reads(context) as (connection, reader):
            page = read_notices(connection, reader, **asked, pack=context.pack, chance=context.chance)
        link = f'<{SOURCE}?after={page.last}&limit={asked["limit"]}>; rel="next"'
        body = b"[" + b",".join(map(_written, page.events)) + b"]"
        # Also of the last page: asking for what follows it confirms it.
        return Response(body, 200, headers={"Link": link} if page.events else None, content_type=BATCH)

    return blueprint


def _written(event: dict[str, Any]) -> bytes:
    attributes = {name: value for name, value in event.items() if name != "data"}
    assert isinstance(attributes["time"], datetime), "an item has its moment"
    made = CloudEvent(
        {**attributes, "specversion": "1.0", "source": SOURCE, "datacontenttype": "application/json"}, event["data"]
    )
    return _FORMAT.write(made)
