"""The assessments of a child's record for one reader: who was asked and has replied, who was not, who signed, by when.

With each stands who of those at work with the child opened its history since it was opened, as the access records say.
Which of their people looked is told to their own agency alone. What the reader may not see is in none of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.act import fields_of
from ledger.domain.assessment import Assessment, assessments
from ledger.domain.claim import Claim
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.services.find_as_of import PointAsked
from ledger.services.past import Past, open_past
from ledger.services.see import Reader, Seen, Sight
from ledger.services.seen_record import SeenRecord, look_through
from ledger.services.word_assessing import REPLY_WORDS
from ledger.services.word_picture import word_withheld
from ledger.store.assessments import Look, looks_at_history
from ledger.store.people import Agency
from ledger.store.people import directory as directory_of

_RULE = "assessment_unsigned"


@dataclass(frozen=True)
class _View:
    """What they are rendered from."""

    record: SeenRecord
    looks: list[Look]
    pack: Pack
    agencies: Mapping[str, Agency]
    bodies: Mapping[int, Seen]

    @property
    def past(self) -> Past:
        return self.record.past

    def place(self, claim: Claim) -> dict[str, Any]:
        """Which entry says it, of whom, and when."""
        return {
            "entry": entry_id(self.past.pseudonym, claim.number),
            "agency": claim.agency,
            "agency_name": self.name(claim.agency),
            "at": written_time(claim.recorded_at),
        }

    @property
    def withheld(self) -> set[str]:
        """The agencies that hold something of which the reader sees no more than that."""
        return {one.agency for one in self.record.seen if one.sight is Sight.WITHHELD or one.points}

    def name(self, agency: str) -> str:
        return self.agencies[agency].name if agency in self.agencies else agency

    def ring(self, agency: str) -> str:
        return self.agencies[agency].contact if agency in self.agencies else ""

    def body(self, claim: Claim) -> Mapping[str, Any]:
        return self.bodies[claim.number].body

    def author(self, claim: Claim) -> Mapping[str, Any]:
        """Who wrote an entry, as its agency names them."""
        author: Mapping[str, Any] = self.body(claim).get("author") or {}
        return {"ref": author.get("ref"), "role": author.get("role")}

    @property
    def within(self) -> str:
        """How long there is from the referral, by the rule pack."""
        rule = self.pack.rules.get(_RULE)
        return str(rule.settings["within"]) if rule is not None else "45wd"


def read_assessments(
    connection: Connection, reader: Reader, record_id: UUID, asked: PointAsked, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """The assessments, the newest first. Writes the access record. Cost: that of reading the record once.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="assessments", chance=chance)
    agencies = directory_of(connection)
    record = look_through(past, pack, agencies)
    found = assessments(record.facts)
    looks = looks_at_history(connection, record_id, past.moment) if found else []
    view = _View(record, looks, pack, agencies, {one.number: one for one in record.standing})
    return past.head() | {
        "assessments": [_rendered(one, view) for one in reversed(found)],
        "withheld": word_withheld(record.standing, agencies, past.pseudonym),
    }


def _rendered(found: Assessment, view: _View) -> dict[str, Any]:
    due = found.due(view.record.facts, view.within)
    is_late = found.signed is None and due is not None and due <= view.past.moment
    follows = found.follows(view.record.facts, view.within)
    return {
        **view.place(found.opened),
        "author": view.author(found.opened),
        "kind": found.kind,
        "reason": fields_of(found.opened).get("reason"),
        "state": "signed" if found.signed is not None else ("overdue" if is_late else "open"),
        "due": None if due is None else written_time(due),
        "follows": None if follows is None else view.place(follows),
        "asked": [_asked(agency, claim, found, view) for agency, claim in found.asked.items()],
        "not_asked": [_not_asked(part, view) for part in found.not_asked(view.record.facts)],
        "history": _history(found, view),
        "signed": None if found.signed is None else _signed(found.signed, view),
    }


def _asked(agency: str, claim: Claim, found: Assessment, view: _View) -> dict[str, Any]:
    reply = found.replies.get(agency)
    told: dict[str, Any] = {
        "agency": agency,
        "agency_name": view.name(agency),
        "ring": view.ring(agency),
        "asked": {"entry": entry_id(view.past.pseudonym, claim.number), "at": written_time(claim.recorded_at)},
        "state": "not_replied",
        "words": "it has not replied",
        "reply": None,
        "may_have_come": False,
    }
    if reply is None:
        # What is withheld from the reader may be its answer.
        return told | {"may_have_come": agency in view.withheld}
    answer = str(fields_of(reply).get("answer"))
    body = view.body(reply)
    return told | {
        "state": answer,
        "words": REPLY_WORDS.get(answer, answer),
        "reply": {
            **view.place(reply),
            "reason": body.get("reason"),
            "entries": body.get("entries", []),
            "after_signing": found.signed is not None and reply.ref > found.signed.ref,
        },
    }


def _not_asked(part: Claim, view: _View) -> dict[str, Any]:
    return {
        "agency": part.agency,
        "agency_name": view.name(part.agency),
        "ring": view.ring(part.agency),
        "involved": {"entry": entry_id(view.past.pseudonym, part.number), "at": written_time(part.recorded_at)},
        "role": fields_of(part).get("role"),
    }


def _history(found: Assessment, view: _View) -> dict[str, Any]:
    """Whether the child's history was opened since, and by whom; up to when it was signed, where it was."""
    until = view.past.moment if found.signed is None else found.signed.recorded_at
    looks = [one for one in view.looks if one.up_to >= found.opened.number and one.at <= until]
    return {
        "opened": found.signed is not None or any(one.agency == found.opened.agency for one in looks),
        "by": [_look(one, view) for one in looks],
    }


def _look(look: Look, view: _View) -> dict[str, Any]:
    is_own = look.agency in {view.past.reader.agency, view.past.reader.home}
    return {
        "agency": look.agency,
        "agency_name": view.name(look.agency),
        "person": look.person_ref if is_own else None,
        "at": written_time(look.at),
        "up_to": look.up_to,
    }


def _signed(signed: Claim, view: _View) -> dict[str, Any]:
    body = view.body(signed)
    return {
        **view.place(signed),
        "author": view.author(signed),
        "second": body.get("second"),
        "judgement": body.get("judgement"),
        "reason": body.get("reason"),
    }
