"""What people and agencies are told: the registry of types, and one item of somebody's feed.

An item is thin: its type, and by name what it is about. What that says is read where it stands, by whoever may read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

#: To whom a type goes: an agency's systems, a person (or desk), whoever runs the ledger.
Audience = Literal["agency", "person", "operator"]
OPERATOR: Final = "operator"


@dataclass(frozen=True, slots=True)
class FeedType:
    """A sort of thing that is told. ``meaning`` is in the words of the guides; ``to``: whose feeds it can be in."""

    name: str
    meaning: str
    to: frozenset[Audience]


def _of(*types: tuple[str, str, tuple[Audience, ...]]) -> Mapping[str, FeedType]:
    return {name: FeedType(name, meaning, frozenset(to)) for name, meaning, to in types}


#: Every type there is. One that is not here can be put into no feed.
FEED_TYPES: Final[Mapping[str, FeedType]] = _of(
    ("alert.raised", "An alert is yours to act on.", ("agency", "person")),
    ("alert.reraised", "New evidence makes an alert heavier, or bears it out.", ("agency", "person")),
    ("alert.lapsed", "Nobody acted on an alert in time, and it has gone on to the next in line.", ("agency", "person")),
    ("alert.moved", "An alert is somebody else’s now.", ("agency", "person")),
    ("alert.woken", "An alert that was put off has come back.", ("agency", "person")),
    ("alert.ended", "An alert needs nothing more.", ("agency", "person")),
    ("notice.overtaken", "A later word elsewhere may have overtaken what the agency holds.", ("agency",)),
    ("notice.due_soon", "Something that the agency is to do is soon due.", ("agency",)),
    ("notice.enquiry", "The agency is asked to find out what is not known.", ("agency",)),
)

#: Entries of these kinds are told to somebody: each gets a row in the outbox with its append.
TELLS: Final = frozenset(
    {
        "alert_raised", "alert_reraised", "alert_lapsed", "alert_moved", "alert_woken",
        "notice",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One thing to tell one party. ``item_id`` is the same however often it is told: a party gets each once.

    ``party``: `agency:<id>`, `person:<uuid>`, `desk:<agency id>` or `operator`; ``agency`` is the one that it is of.
    ``subject`` names what it is about: an alert's id or an entry's. ``at``: since when that is so.
    """

    party: str
    agency: str
    type: str
    item_id: str
    at: datetime
    record_id: UUID | None = None
    number: int | None = None
    subject: str | None = None
    tier: str | None = None

    def __post_init__(self) -> None:
        if self.type not in FEED_TYPES:
            raise ValueError(f"{self.type} is no type of a feed")


def of_agency(agency: str) -> str:
    """The party of an agency's systems."""
    return f"agency:{agency}"


def of_person(person_id: UUID) -> str:
    """The party of one person."""
    return f"person:{person_id}"


def of_desk(agency: str) -> str:
    """The party of whoever is at an agency's desk."""
    return f"desk:{agency}"
