"""Read back one's own entries, a page at a time."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api import limits
from ledger.api.answers import as_json, placed
from ledger.api.refusals import calling
from ledger.api.requests import StrictParser
from ledger.api.schemas.answers import OwnEntriesSchema, OwnEntrySchema
from ledger.services.context import Context
from ledger.services.read_own import OwnEntry, read_own_entries, read_own_entry
from ledger.services.warn import render_warning


class PageSchema(Schema):
    """Which page."""

    after = fields.String(
        load_default=None,
        validate=validate.Regexp(limits.ENTRY_ID_PATTERN + r"\Z", error="This must be an entry's id."),
        metadata={"description": "The id of the last entry that you have; taken from the Link header."},
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))
    child = fields.UUID(load_default=None, metadata={"description": "Only entries in this child's record."})


def entries_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes by which an agency reads what it told the ledger."""
    blueprint = Blueprint("entries", __name__, url_prefix="/api/v1/entries", description="Your own entries.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("")  # type: ignore[untyped-decorator]
    @blueprint.arguments(PageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, OwnEntriesSchema)  # type: ignore[untyped-decorator]
    def get_entries(page: dict[str, Any]) -> Response:
        """Your own entries in order of your event ids; the Link header leads to the next page."""
        found, last = read_own_entries(context, calling(), **page)
        headers = {}
        if last is not None:
            child = f"&child={page['child']}" if page["child"] else ""
            headers["Link"] = f'</api/v1/entries?after={last}&limit={page["limit"]}{child}>; rel="next"'
        return as_json({"entries": [_shown(entry) for entry in found]}, headers=headers)

    @blueprint.get("/<entry_id>")  # type: ignore[untyped-decorator]
    @blueprint.response(200, OwnEntrySchema)  # type: ignore[untyped-decorator]
    def get_entry(entry_id: str) -> Response:
        """One of your own entries."""
        return as_json(_shown(read_own_entry(context, calling(), entry_id)))

    return blueprint


def _shown(own: OwnEntry) -> dict[str, Any]:
    warnings = {"warnings": [render_warning(one) for one in own.warnings]} if own.warnings else {}
    return {**placed(own.entry), "event_id": own.event_id, "kind": own.kind, "body": own.body, **warnings}
