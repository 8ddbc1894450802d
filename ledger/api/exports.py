"""A copy of a child's record as files, with a proof for every entry of it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from uuid import UUID

from flask import Response, g, request
from flask_smorest import Blueprint

from ledger.api.refusals import calling
from ledger.api.requests import StrictParser
from ledger.api.schemas.exports import ExportSchema
from ledger.domain.edtf import observed_bounds
from ledger.services.context import Context
from ledger.services.export_files import Zip
from ledger.services.export_record import Wanted, export_record

ZIP: Final = "application/zip"
#: How much is read of the finished file at a time.
_PIECE_BYTES: Final = 256 * 1024
_IN_MEMORY_BYTES: Final = 4 * 1024**2
#: How long a caller is kept waiting for the sealer.
_WAIT_S: Final = 5.0
_A_DAY: Final = timedelta(hours=20)  # one of 23 hours too, when the clocks change
_GIVEN: Final = {
    "200": {"description": "The copy, as a zip.", "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}
}


def exports_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of copies."""
    blueprint = Blueprint(
        "exports", __name__, url_prefix="/api/v1/children", description="A record as files that prove themselves."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.post("/<uuid:record_id>/exports")  # type: ignore[untyped-decorator]
    @blueprint.arguments(ExportSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="The copy, as a zip.")  # type: ignore[untyped-decorator]
    @blueprint.doc(responses=_GIVEN)  # type: ignore[untyped-decorator]
    def post_export(_loaded: Any, record_id: UUID) -> Response:
        """Take a copy of a record, as far as you may see it: for auditors, records officers, managers, whoever leads.

        That you did is recorded before it is sent, with your reason; and is an entry in the record, without it.
        """
        wanted = Wanted(
            record_id,
            g.body["reason"],
            known_at=_known_at(g.body.get("known_at")),
            number=g.body.get("as_of"),
            request_id=_request_id(),
        )
        # In memory, or in a file without a name: nothing is left of it, whatever becomes of this process.
        made = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the answer
        try:
            with closing(Zip(made)) as parcel:
                copy = export_record(context, calling(), wanted, parcel, wait_s=_WAIT_S)
            length = made.tell()
        except BaseException:
            made.close()
            raise
        answer = Response(_pieces(made), mimetype=ZIP, direct_passthrough=True)
        answer.content_length = length
        name = f"record-{copy.pseudonym}-{copy.number}.zip"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Location"] = f"/api/v1/entries/{copy.entry.entry_id}"
        answer.call_on_close(made.close)  # also where nothing of it was asked for
        return answer

    return blueprint


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        made.seek(0)
        while piece := made.read(_PIECE_BYTES):
            yield piece


def _known_at(text: Any) -> datetime | None:
    """The moment that is meant: of a day its end."""
    if text is None:
        return None
    start, end = observed_bounds(str(text))
    if end - start < _A_DAY:
        return datetime.fromisoformat(str(text).upper())
    return end - timedelta(microseconds=1)


def _request_id() -> str:
    given = request.headers.get("X-Request-Id", "").strip()
    return given if given.isprintable() and 0 < len(given) <= 64 else "-"
