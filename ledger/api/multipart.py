"""Reads a form of two parts, `entry` and `file`, strictly, within its limits and in memory alone.

Nothing of an upload is put on a disk on its way: a temporary file outlives the process that is killed. The whole is
bounded before a byte is parsed, and nothing but the two parts may be in it.
"""

from typing import Final

from flask import Request, g
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from ledger.api import strict_json
from ledger.api.limits import BODY_BYTES_MAX, MULTIPART_BYTES_MAX
from ledger.api.pointers import FieldError
from ledger.api.problems import Problem, bad_json, invalid
from ledger.api.requests import read_bytes

ENTRY: Final = "entry"
FILE: Final = "file"
_FORM: Final = "multipart/form-data"


def read_form(req: Request, *, most: int) -> tuple[object, bytes]:
    """The JSON of `entry`, as sent, which is put at `flask.g.body` too, and the bytes of `file`, of at most so many.

    Raises Problem.
    """
    boundary = req.mimetype_params.get("boundary", "")
    if req.mimetype != _FORM or not boundary.isascii() or not 1 <= len(boundary) <= 70:
        raise Problem("media_type", "Send multipart/form-data of two parts: entry, a JSON object, and file.")
    parts = _parts(read_bytes(req, most + BODY_BYTES_MAX + MULTIPART_BYTES_MAX), boundary)
    for name in (ENTRY, FILE):
        if name not in parts:
            raise invalid([FieldError(f"/{name}", "Send this part of the form.", "required")])
    if len(parts[FILE]) > most:
        raise Problem("too_large", f"The file may be at most {most:,} bytes.")
    if len(parts[ENTRY]) > BODY_BYTES_MAX:
        raise Problem("too_large", f"The part entry may be at most {BODY_BYTES_MAX:,} bytes.")
    try:
        g.body = strict_json.parse(bytes(parts[ENTRY]))
    except strict_json.BadJsonError as bad:
        raise bad_json(bad) from None
    return g.body, bytes(parts[FILE])


def _parts(data: bytes, boundary: str) -> dict[str, bytearray]:
    """Each part by its name. Raises Problem for one that is not asked for or comes twice, and for what is no form."""
    decoder = MultipartDecoder(boundary.encode(), max_parts=2)
    parts: dict[str, bytearray] = {}
    current = bytearray()
    try:
        decoder.receive_data(data)
        decoder.receive_data(None)
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                current = _begin(parts, event.name, event.headers)
            elif isinstance(event, Data):
                current += event.data
    except (ValueError, RequestEntityTooLarge):  # the decoder's words for what is no form, and for a third part
        raise Problem("bad_request", "The body is not a whole multipart/form-data form.") from None
    return parts


def _begin(parts: dict[str, bytearray], name: str | None, headers: Headers) -> bytearray:
    if name not in (ENTRY, FILE) or name in parts or "Content-Transfer-Encoding" in headers:
        raise invalid([FieldError("", "Send two parts, entry and file, each once and as it is.", "unknown_field")])
    parts[name] = bytearray()
    return parts[name]
