"""One adult in two children's records: that somebody said that they are one, or two, and what each record shows of it.

Such an entry stands in both records, with one body: ``person`` is who it is in the record where it was sent, ``other``
the other record with whom they are there. Both records say it, and neither says anything else of the other: whoever is
not its author is shown which person of their own record it is about, and no more.

It joins nothing. Each record keeps its own people, and no statement of one is ever read as a statement of the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from ledger.domain.person import person_key

LINK: Final = "adult_link"
UNLINK: Final = "adult_unlink"
APART: Final = "adult_apart"
#: Entries that name somebody in two records; and with them what takes one back.
NAMING: Final = frozenset({LINK, APART})
KINDS: Final = NAMING | {UNLINK}
_ID_CHARS: Final = 32


def adult_id(agency: str, event_id: str) -> str:
    """The name of what one entry says of an adult, the same in both records: 32 hexadecimal digits."""
    return hashlib.sha256(f"adult/{agency}/{event_id}".encode()).hexdigest()[:_ID_CHARS]


def is_copy(body: Mapping[str, Any], record_id: UUID) -> bool:
    """Whether this record is the other one that the body names, and not the one where it was sent."""
    return UUID(body["other"]["child"]) == record_id


def person_in(agency: str, body: Mapping[str, Any], record_id: UUID) -> str:
    """The key of the person whom it names in one of its two records."""
    return person_key(body["other"]["person"] if is_copy(body, record_id) else body["person"], agency)


def here_alone(kind: str, agency: str, body: Mapping[str, Any], record_id: UUID) -> Mapping[str, Any]:
    """What of such a body is about the record in which it stands: who it is there, and who wrote it.

    The other record, whom it names there and the reason, which may tell of both, are left out.
    """
    kept = {name: body[name] for name in ("event_id", "author") if name in body}
    return {**kept, "person": person_in(agency, body, record_id)} if kind in NAMING else kept
