"""The digest of the day."""

from flask import Response
from flask_smorest import Blueprint

from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.services.context import Context
from ledger.services.read_digest import read_digest


def digests_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of the digest."""
    blueprint = Blueprint("digests", __name__, url_prefix="/api/v1/digest", description="What there is for you today.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="The digest.")  # type: ignore[untyped-decorator]
    def get_digest() -> Response:
        """Alerts on which an action is awaited, clocks that run out by the end of the next working day, what to ask.

        A person's own; for a key, its agency's. This reading is itself recorded.
        """
        with reads(context) as (connection, reader):
            answer = read_digest(connection, reader, pack=context.pack, chance=context.chance)
        return as_json(answer)

    return blueprint
