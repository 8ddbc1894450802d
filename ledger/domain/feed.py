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
#: Of the digest of a working day.
DIGEST: Final = "digest.made"


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
    ("alert.unanswered", "Nobody acted on an alert, and nobody is above whoever has it.", ("operator",)),
    ("alert.ended", "An alert needs nothing more.", ("agency", "person")),
    (DIGEST, "The digest of the day can be read.", ("person",)),
    ("webhook.trial", "One of the agency’s webhooks is tried; it says nothing else.", ("agency",)),
    ("webhook.ended", "One of the agency’s webhooks has ended, and nothing more is sent to it.", ("agency", "person")),
    ("rule.shadowed", "A rule alerts nobody any more: too few of its alerts were acted on.", ("operator",)),
    ("operation.began", "Something in the running of the ledger is wrong.", ("operator",)),
    ("operation.over", "What was wrong in the running of the ledger is over.", ("operator",)),
    ("notice.overtaken", "A later word elsewhere may have overtaken what the agency holds.", ("agency",)),
    ("notice.due_soon", "Something that the agency is to do is soon due.", ("agency",)),
    ("notice.enquiry", "The agency is asked to find out what is not known.", ("agency",)),
    ("notice.lapsed", "Something that was awaited from the agency did not come in time.", ("agency",)),
    ("prompt.opened", "Something is not known that the agency could ask at its next contact.", ("agency",)),
    ("request.opened", "The agency is asked for what it holds.", ("agency",)),
    ("request.answered", "What the agency asked for was answered, or refused.", ("agency",)),
    ("referral.offered", "Something is referred to the agency.", ("agency", "person")),
    ("referral.answered", "A referral of the agency was acknowledged, accepted or declined.", ("agency",)),
    ("handover.offered", "The lead, or a piece of work, is offered to the agency.", ("agency", "person")),
    (
        "handover.answered",
        "A hand-over of the agency was acknowledged, accepted or declined.",
        ("agency", "person"),
    ),
    (
        "lead.changed",
        "Somebody else leads: of the agency that leads now, and of the one that did.",
        ("agency", "person"),
    ),
    ("lead.ended", "Whoever led has left: the deputy, else the duty desk, stands in.", ("agency", "person")),
    ("decision.not_standing", "A decision of the agency is made, and does not stand.", ("agency",)),
    ("decision.questioned", "Something came up against what a decision of the agency rests on.", ("agency",)),
    (
        "decision.overridden",
        "Two people took a decision all the same that did not stand by itself.",
        ("agency", "person"),
    ),
    (
        "agency.ended",
        "An agency has ended that led a child’s record or had work to do in it: somebody else is to have it.",
        ("agency", "person"),
    ),
    ("disagreement.opened", "Agencies disagree about a child.", ("agency", "person")),
    ("disagreement.replied", "An agency answers in a disagreement.", ("agency", "person")),
    ("disagreement.stepped_up", "A disagreement goes to the next stage.", ("agency", "person")),
    ("disagreement.settled", "A disagreement is settled.", ("agency", "person")),
    ("assessment.asked", "The agency is asked for what it holds, for an assessment.", ("agency", "person")),
    ("assessment.replied", "An agency answered that was asked for an assessment of the agency.", ("agency",)),
    ("concern.raised", "A concern was raised that is to be answered.", ("agency", "person")),
    ("concern.answered", "A concern that the agency raised was answered, or answered in part.", ("agency",)),
    ("family_summary.made", "A family summary, or a new version, is there to confirm or dispute.", ("agency",)),
    ("family_summary.answered", "A family summary of the agency was confirmed or disputed.", ("agency",)),
)

#: Entries of these kinds are told to somebody: each gets a row in the outbox with its append.
TELLS: Final = frozenset(
    {
        "alert_raised", "alert_reraised", "alert_lapsed", "alert_moved", "alert_woken",
        "notice", "finding_raised", "finding_joined", "finding_closed",
        "referral", "handover", "information_request", "reply", "information_answer",
        "lead", "lead_ended", "agency_ended",
        "disagreement", "disagreement_reply", "disagreement_step_up", "disagreement_settled",
        "decision", "decision_override",
        "family_summary", "family_summary_answer",
        "assessment", "assessment_asked", "assessment_reply", "concern", "concern_answer",
        "webhook_tried", "webhook_ended",
        "rule_shadowed",
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
