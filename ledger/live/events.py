"""What a stream writes: the event stream of the HTML standard (section 9.2, server-sent events), in UTF-8.

An item's data is `{"id", "type", "tier", "subject"}`: names, and nothing of what they stand for. Each item carries as
its event's id the position that its reader has reached with it.
"""

import json
from collections.abc import Mapping
from typing import Final

from ledger.domain.position import write_position
from ledger.store.following import FeedRow

MEDIA_TYPE: Final = "text/event-stream; charset=utf-8"
#: Keeps the way open; readers pass it over.
BEAT: Final = b":\n\n"
#: The named events: where a stream goes on, and that what came before may have been missed.
READY, RESET = "ready", "reset"


def opening(read: Mapping[str, int], *, is_sure: bool, retry_ms: int) -> bytes:
    """A stream's first event. It gives a position, so that whoever is cut off before any item misses none either."""
    event = READY if is_sure else RESET
    return f"retry: {retry_ms}\nid: {write_position(read)}\nevent: {event}\ndata: {{}}\n\n".encode()


def item(row: FeedRow, read: Mapping[str, int]) -> bytes:
    """One item of a feed, with the position after it."""
    told = {"id": row.item_id, "type": row.type, "tier": row.tier, "subject": row.subject}
    return f"id: {write_position(read)}\ndata: {json.dumps(told, separators=(',', ':'))}\n\n".encode()


def parting(retry_ms: int) -> bytes:
    """Before a stream is ended that may be opened again: after how long its reader is to come back."""
    return f"retry: {retry_ms}\n\n".encode()
