"""Attach a photograph, body map or letter to an entry of one's own agency, from the page to which posting led.

The page works out what the entry says of the bytes; what it is, who made it and by what leave its author says. Nothing
of a file is put on a disk on its way.
"""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Request, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.domain.media import TAKEN
from ledger.services.attach import attach, photograph_policy
from ledger.services.read_posted import Posted
from ledger.services.refusal import EVENT_ID_REUSED, RefusedError
from ledger.web.observe import Place
from ledger.web.observed import look, render_posted
from ledger.web.sent import NAME_CHARS_MAX, REASON_CHARS_MAX, author_of, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

#: The largest file that a page takes, and what stands around it in a form.
FILE_BYTES_MAX: Final = 10 * 1024 * 1024
_FORM_BYTES: Final = 64 * 1024
KINDS: Final = {
    "photograph": "Photograph", "body_map": "Body map", "letter": "Letter", "report": "Report", "drawing": "Drawing",
}  # fmt: skip
#: Of a child's body: taken only by the agency's own policy.
_OF_A_BODY: Final = frozenset({"photograph", "body_map"})
_FIELDS: Final = ("kind", "describes", "taken_by", "taken_at", "authority", "followed", "place_kept")
_NEEDED: Final = {
    "describes": "Say what it shows or says, for whoever may not open it",
    "taken_by": "Say who took, drew or wrote it",
    "authority": "Say under which authority or whose consent",
}
_MOST: Final = {"describes": REASON_CHARS_MAX, "taken_by": NAME_CHARS_MAX, "authority": REASON_CHARS_MAX}
_NO_KIND, _NO_FILE = "Choose what it is", "Choose a file"
_NO_DAY: Final = "Enter the day on which it was taken, drawn or written"
_NO_POLICY: Final = "Your agency has no photograph policy here yet, so it cannot store photographs or body maps"
_NOT_FOLLOWED: Final = "Confirm that your agency’s photograph policy was followed"


class RequestInMemory(Request):
    """A request whose files are held in memory alone: a temporary file outlives the process that is killed."""

    def _get_file_stream(self, *_of: Any, **_named: Any) -> BytesIO:
        return BytesIO()


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    base = "/children/<uuid:record_id>/observed/<int:number>/file"
    blueprint.get(base, endpoint="attach")(show_attach)
    blueprint.post(base, endpoint="press_attach")(press_attach)


def show_attach(record_id: UUID, number: int) -> str:
    """The form for one file."""
    place, posted = look(record_id, number)
    return _page(place, posted, {}, {})


def press_attach(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """Attach a file; pressing twice is once. What is wrong with it is said, and nothing is stored."""
    request.max_content_length = FILE_BYTES_MAX + _FORM_BYTES
    with acting() as (connection, person):
        check_form(person)
        policy = photograph_policy(connection)
    place, posted = look(record_id, number)
    sent, file = words_sent(_FIELDS), request.files.get("file")
    data = file.stream.read(FILE_BYTES_MAX + 1) if file is not None else b""
    errors = _amiss(sent, data, policy)
    if not errors:
        ending = file.filename if file is not None else None
        body = _body(sent, data, posted.own.entry.entry_id, policy) | {"media_type": _type_of(ending)}
        body |= {"author": author_of(person)}
        try:
            event = event_of("file", person, record_id, body)
            attach(context(), person.caller, record_id, {"event_id": event, **body}, data)
        except RefusedError as error:
            if error.refusal.code != EVENT_ID_REUSED.code:
                errors = {"taken_at" if error.refusal.pointer == "/taken_at" else "file": error.refusal.detail}
    if errors:
        return _page(place, posted, sent, errors), 400
    return redirect(url_for("web.observed", record_id=record_id, number=number, attached="yes"), 303)


def _page(place: Place, posted: Posted, sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with acting() as (connection, _person):
        return _render(connection, place, posted, sent, errors)


def _render(
    connection: Connection, place: Place, posted: Posted, sent: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    told = (posted.own.body or {}).get("observation") or posted.own.body or {}
    return render_posted(
        "attach.html", connection, place, posted=posted, sent=sent, errors=errors, kinds=KINDS, endings=TAKEN,
        policy=photograph_policy(connection), day=str(told.get("observed", ""))[:10], most=FILE_BYTES_MAX // 1024**2,
    )  # fmt: skip


def _body(sent: Mapping[str, str], data: bytes, entry_id: str, policy: str | None) -> dict[str, Any]:
    """What is said of a file, as the interface takes it."""
    body: dict[str, Any] = {name: sent[name] for name in ("kind", "describes", "taken_by", "taken_at", "authority")}
    body |= {"of": entry_id, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    body |= {"photograph_policy": policy} if sent["kind"] in _OF_A_BODY else {}
    return body | ({"location_kept": True} if sent["place_kept"] == "yes" else {})


def _amiss(sent: Mapping[str, str], data: bytes, policy: str | None) -> dict[str, str]:
    errors = {name: words for name, words in _NEEDED.items() if not sent[name]} | too_long(sent, _MOST)
    if sent["kind"] not in KINDS:
        errors["kind"] = _NO_KIND
    elif sent["kind"] in _OF_A_BODY and policy is None:
        errors["kind"] = _NO_POLICY
    elif sent["kind"] in _OF_A_BODY and sent["followed"] != "yes":
        errors["followed"] = _NOT_FOLLOWED
    try:
        observed_bounds(sent["taken_at"])
    except EdtfError:
        errors["taken_at"] = _NO_DAY
    if not data:
        errors["file"] = _NO_FILE
    elif len(data) > FILE_BYTES_MAX:
        errors["file"] = f"Choose a file of at most {FILE_BYTES_MAX // 1024**2} MB"
    return {name: errors[name] for name in ("file", *_FIELDS) if name in errors}


def _type_of(name: str | None) -> str:
    """The media type that a file's name claims; it is held against the bytes."""
    ending = (name or "").rpartition(".")[2].lower()
    ending = {"jpeg": "jpg", "heif": "heic"}.get(ending, ending)
    return next((media for media, one in TAKEN.items() if one == ending), "application/octet-stream")
