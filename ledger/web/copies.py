"""Take a copy of a record away from a page: a zip whose every entry has its proof, once somebody has said why."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from ledger.domain.glass import says_why
from ledger.domain.role import Right
from ledger.services.export_files import Zip
from ledger.services.export_proofs import ProofBrokenError
from ledger.services.export_record import Wanted, export_record
from ledger.services.reach import check_reach
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.sign_in import SignedIn
from ledger.web.known_on import day_of
from ledger.web.purposes import PURPOSE_CHARS_MAX
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

_PIECE_BYTES: Final = 256 * 1024
_IN_MEMORY_BYTES: Final = 4 * 1024**2
#: How long somebody is kept waiting for the sealer.
_WAIT_S: Final = 5.0
_NOT_WHY: Final = f"Say why, in two words or more and at most {PURPOSE_CHARS_MAX} characters"
_BROKEN: Final = (
    "The log does not hold what the record does, so no copy that proves itself can be made. Tell the operator"
)


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/copy", endpoint="copy")(ask_copy)
    blueprint.post("/children/<uuid:record_id>/copy", endpoint="take_copy")(press_copy)


def ask_copy(record_id: UUID) -> str:
    """What a copy is, and the form that takes one."""
    with acting() as (connection, person):
        check_reach(connection, reader_of(person), record_id, Right.EXPORT)
    return _page(record_id, {"reason": person.purpose or "", "known_on": request.args.get("known_on", "")}, {})


def press_copy(record_id: UUID) -> Response | tuple[str, int]:
    """Make it, record that it was taken, and hand it out; where it cannot be made, say why."""
    with acting() as (connection, person):
        check_form(person)
        check_reach(connection, reader_of(person), record_id, Right.EXPORT)
    sent = {name: request.form.get(name, "").strip() for name in ("reason", "known_on")}
    errors = {}
    if not says_why(sent["reason"]) or len(sent["reason"]) > PURPOSE_CHARS_MAX or not sent["reason"].isprintable():
        errors["reason"] = _NOT_WHY
    known_on = day_of(sent["known_on"], "known_on")
    errors |= known_on.errors
    if errors:
        return _page(record_id, sent, errors), 400
    try:
        return _taken(person, record_id, sent["reason"], known_on.known_at)
    except RefusedError as error:
        if error.refusal.code == NOT_KNOWN.code:
            raise
        return _page(record_id, sent, {"form": error.refusal.detail}), 409
    except ProofBrokenError:
        return _page(record_id, sent, {"form": _BROKEN}), 409


def _taken(person: SignedIn, record_id: UUID, reason: str, known_at: datetime | None) -> Response:
    # In memory, or in a file without a name: nothing is left of it, whatever becomes of this process.
    made = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the answer
    try:
        with closing(Zip(made)) as parcel:
            wanted = Wanted(record_id, reason, known_at=known_at)
            copy = export_record(context(), person.caller, wanted, parcel, wait_s=_WAIT_S)
        length = made.tell()
    except BaseException:
        made.close()
        raise
    answer = Response(_pieces(made), mimetype="application/zip", direct_passthrough=True)
    answer.content_length = length
    answer.headers["Content-Disposition"] = f'attachment; filename="record-{copy.pseudonym}-{copy.number}.zip"'
    answer.call_on_close(made.close)
    return answer


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        made.seek(0)
        while piece := made.read(_PIECE_BYTES):
            yield piece


def _page(record_id: UUID, sent: dict[str, str], errors: dict[str, str]) -> str:
    return render_template("copy.html", record_id=record_id, sent=sent, errors=errors)
