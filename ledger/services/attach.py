"""Attach a file to a child's record: an entry that commits to its bytes, and the bytes beside it in one transaction.

The body is stored as it was sent, so what it says of the bytes is checked and never filled in. A retry is the same body
with the same bytes: with others its own hash would be wrong.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import parse_entry_id
from ledger.domain.media import MediaFault, read_media
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.record import record_one
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.submission import Recorded, Submission
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.attachments import keep_bytes, own_kind, policy_in_force

KIND: Final = "attachment"
#: What an attachment may belong to.
_BELONGS_TO: Final = ("observation", "contact", "correction")

_DIFFERS = "The file that arrived has another {}. Work it out from the bytes that you send, and send both again."
_SHA256 = Refusal("attachment_differs", _DIFFERS.format("SHA-256"), "/sha256")
_SIZE = Refusal("attachment_differs", _DIFFERS.format("size"), "/size")
_IN_FUTURE = Refusal(
    "observed_in_future", "Nothing is taken in the future: 'taken_at' is later than the ledger's clock.", "/taken_at"
)
_LOCATED = Refusal(
    "photograph_has_location",
    "The file says where it was taken, by coordinates that nobody sees by looking: they can betray a refuge or a "
    "placement. Take the place out (for example: exiftool -gps:all= -xmp:geotag= FILE) and send that file with its own "
    "sha256 and size. Where the place is meant to be kept, send location_kept: true.",
    "/location_kept",
)
_NOT_LOCATED = Refusal(
    "no_location_kept", "The file does not say where it was taken, so leave location_kept out.", "/location_kept"
)
_OF = Refusal(
    "entry_not_yours",
    "This is not the id of an observation or contact that your agency recorded about this child.",
    "/of",
)
_NO_POLICY = Refusal(
    "photograph_policy_differs",
    "Your agency has no photograph policy here yet, so it cannot store photographs or body maps. Ask the operator for: "
    "ledger agency policy AGENCY --reference REF --title TITLE.",
    "/photograph_policy",
)


def check_caller(context: Context, who: Credential | Caller) -> None:
    """Raise RefusedError unless the caller may post: asked before an upload is read, so nobody else can send one."""
    with context.engine.begin() as connection:
        authenticate(connection, who, Right.OBSERVE)


def photograph_policy(connection: Connection) -> str | None:
    """The reference of the acting agency's photograph policy; None where it has none."""
    found: str | None = connection.exec_driver_sql(*policy_in_force()).scalar()
    return found


def attach(
    context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any], data: bytes
) -> Recorded:
    """Record an attachment whose body its schema has passed. Raises RefusedError."""
    check_bytes(body, data)
    reads = [policy_in_force()]
    if "of" in body:
        named = parse_entry_id(body["of"])
        if named is None:
            raise _error(_OF)
        reads.append(own_kind(record_id, *named))

    def effect(_caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        refusal = _refuse(body, locked)
        if refusal is not None:
            raise _error(refusal)
        return [keep_bytes(entry, body["media_type"], bytes.fromhex(body["sha256"]), data)]

    # Nothing that detection compares is said in it.
    submission = Submission(KIND, body["event_id"], body, names=(record_id,), is_due=False)
    return record_one(context, who, submission, Right.OBSERVE, reads=reads, effect=effect)


def check_bytes(body: Mapping[str, Any], data: bytes) -> None:
    """Raise RefusedError unless the bytes are what the body says of them, and of a kind that is taken."""
    if len(data) != body["size"]:
        raise _error(_SIZE)
    if hashlib.sha256(data).hexdigest() != body["sha256"]:
        raise _error(_SHA256)
    found = read_media(data, body["media_type"])
    if isinstance(found, MediaFault):
        raise RefusedError(found.code, found.words, "/media_type")
    is_kept = "location_kept" in body
    if found is not is_kept:
        raise _error(_LOCATED if found else _NOT_LOCATED)


def _refuse(body: Mapping[str, Any], locked: Locked) -> Refusal | None:
    """What stands against it that only the ledger knows: the time, the agency's policy, whose the other entry is."""
    if observed_bounds(body["taken_at"])[0] > locked.clock:
        return _IN_FUTURE
    if "photograph_policy" in body:
        policy = locked.answers[0]
        if not policy:
            return _NO_POLICY
        if policy != [(body["photograph_policy"],)]:
            detail = f"This is not the photograph policy in force. Your agency's is now: {policy[0][0]}."
            return replace(_NO_POLICY, detail=detail)
    if "of" in body and (not locked.answers[1] or locked.answers[1][0][0] not in _BELONGS_TO):
        return _OF
    return None


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
