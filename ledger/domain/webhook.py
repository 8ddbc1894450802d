"""What a webhook says, and what its receiver may ask for: after the specification of Standard Webhooks.

A message is an id and a type; whoever is told reads with their own key what it is about. The specification:
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from ledger.domain.entry import canonical, written_time

#: Of a webhook's own trial: told to no other channel, and to one endpoint alone.
TRIAL: Final = "webhook.trial"
#: After an answer of 410 Gone: told to the agency and to its administrators.
ENDED: Final = "webhook.ended"

_SECONDS: Final = re.compile(r"[0-9]{1,9}\Z")


def payload(kind: str, at: datetime, item_id: str) -> bytes:
    """The body: what sort of thing happened, when, and the item of the feed that names it. The same at every try."""
    said: Mapping[str, object] = {"type": kind, "timestamp": written_time(at), "data": {"id": item_id}}
    return canonical(said)


def read_retry_after(text: str | None, now: datetime) -> timedelta | None:
    """What a header Retry-After asks for: seconds, or a date (RFC 9110, section 10.2.3); None where it says neither."""
    text = (text or "").strip()
    if _SECONDS.match(text):
        return timedelta(seconds=int(text))
    try:
        wanted = parsedate_to_datetime(text) - now
    except (TypeError, ValueError):
        return None
    return max(wanted, timedelta(0))
