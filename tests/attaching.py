"""Attachments as an agency's system sends them: a form of two parts, made by hand."""

import hashlib
import json
import os
from collections.abc import Sequence
from typing import Any

from werkzeug.test import TestResponse

from ledger.services.set_policy import set_photograph_policy
from tests.partnership import Partnership
from tests.picture_files import WHOLE

LETTER = WHOLE["text/plain"]
POLICY = "PHOTO-2024-2"
_BOUNDARY = "a-boundary-of-ours"


def form(*parts: tuple[str, bytes]) -> dict[str, Any]:
    """What the test client is told, to send these parts."""
    body = b"".join(
        b'--%b\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
        % (_BOUNDARY.encode(), name.encode(), b'; filename="x"' if name == "file" else b"", held)
        for name, held in parts
    )
    ending = f"--{_BOUNDARY}--\r\n".encode()
    return {"data": body + ending, "content_type": f"multipart/form-data; boundary={_BOUNDARY}"}


def entry_of(event_id: str, data: bytes = LETTER, **changes: Any) -> dict[str, Any]:
    """The entry of a letter, with some fields changed; a change to None leaves the field out."""
    body = {
        "event_id": event_id,
        "kind": "letter",
        "media_type": "text/plain",
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "describes": "Letter from the practice.",
        "taken_by": "Dr Example",
        "taken_at": "2023-10-05",
        "authority": "Mother's consent, given at the visit.",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def photograph(event_id: str, data: bytes = WHOLE["image/jpeg"], **changes: Any) -> dict[str, Any]:
    """The entry of a photograph."""
    about = {"kind": "photograph", "media_type": "image/jpeg", "photograph_policy": POLICY}
    return entry_of(event_id, data, **{**about, **changes})


def send(
    partnership: Partnership,
    child: str,
    entry: dict[str, Any],
    data: bytes = LETTER,
    agency: str = "hv",
    **options: Any,
) -> TestResponse:
    """Post an attachment."""
    sent = form(("entry", json.dumps(entry).encode()), ("file", data))
    return partnership.send("POST", f"/children/{child}/attachments", agency, **sent, **options)


def set_policy(partnership: Partnership, reference: str = POLICY, agency: str = "hv") -> bool:
    """Put a photograph policy of an agency in force."""
    admin = partnership.engine("ledger_admin")
    return set_photograph_policy(admin, os.urandom, agency=agency, reference=reference, title="Photographs of children")


def pointers(answer: TestResponse) -> Sequence[tuple[str, str]]:
    """Each refused field, with its code."""
    return [(error["pointer"], error["code"]) for error in answer.get_json()["errors"]]
