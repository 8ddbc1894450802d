"""Assessments: who was asked, who has replied, who was not asked, by when each is to be signed, and whether it was.

Read from what agencies did, as `ledger.domain.act` reads it, and so the same for rules, for a reader and for a replay.
Whoever is asked answers the entry that asked them: the assessment itself, or a later asking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ledger.domain.act import ASSESSING, ASSESSMENT, fields_of, named_by, receiver_of
from ledger.domain.claim import Claim
from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.domain.expectation import date_given, due_by
from ledger.domain.person import CHILD
from ledger.domain.question import Topic

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

ASKED, REPLY, SIGNED = ASSESSING
REFERRAL: Final = "entry:referral"
INVOLVED: Final = "entry:involvement"
#: The agency by which the ledger itself writes: it involves a duty desk, and is no agency that could be asked.
_LEDGER: Final = "ledger"
#: By when an assessment without a day of its own is to be signed, from the referral that it follows (Working together
#: to safeguard children, 2023: a maximum and no target).
WITHIN: Final = "45wd"


@dataclass(frozen=True)
class Assessment:
    """One assessment. By agency: ``asked`` has the entry that asked it first, ``replies`` its newest answer."""

    opened: Claim
    asked: Mapping[str, Claim]
    replies: Mapping[str, Claim]
    signed: Claim | None

    @cached_property
    def kind(self) -> str:
        """What sort of assessment it is, in its agency's word."""
        return str(fields_of(self.opened).get("kind", ""))

    def due(self, facts: Facts, within: str = WITHIN) -> datetime | None:
        """From when on it is late to be signed; None where its clock is none.

        Its own day, and not later than ``within`` of the referral that it follows; without either, ``within`` of when
        it was opened. What is named as its day is a date that its agency gave.
        """
        given, referral = date_given(self.opened), self.follows(facts, within)
        since = due_by(within, referral or self.opened, facts.nation)
        if given is None or since is None:
            return given or since
        return given if referral is None else min(given, since)

    def follows(self, facts: Facts, within: str = WITHIN) -> Claim | None:
        """The newest referral to its agency before it that no other assessment of that agency follows, whose time was
        not over when it was opened.
        """
        agency, opened = self.opened.agency, self.opened
        before = [one for one in facts.claims(Topic(REFERRAL, CHILD)) if one.ref < opened.ref]
        found = next((one for one in reversed(before) if facts.is_addressed(agency, receiver_of(one))), None)
        if found is None:
            return None
        others = (one for one in facts.claims(Topic(ASSESSMENT, CHILD)) if one.agency == agency)
        if any(found.ref < one.ref < opened.ref for one in others):
            return None
        due = due_by(within, found, facts.nation)
        return found if due is not None and due > opened.recorded_at else None

    def not_asked(self, facts: Facts) -> list[Claim]:
        """Of each agency that has a part in the record and was not asked, where it says so; in the record's order.

        Until the assessment is signed: who came later was not there to be asked.
        """
        parts: dict[str, Claim] = {}
        for part in facts.claims(Topic(INVOLVED, CHILD)):
            is_asked = part.agency in {self.opened.agency, _LEDGER, *self.asked}
            is_later = self.signed is not None and part.ref > self.signed.ref
            if not is_asked and not is_later and not is_over(part, max(part.recorded_at, self.opened.recorded_at)):
                parts.setdefault(part.agency, part)
        return [*parts.values()]


def is_over(part: Claim, at: datetime) -> bool:
    """Whether an agency's part in a record, as it said it, had ended by a moment."""
    try:
        return observed_bounds(str(fields_of(part)["until"])).end <= at
    except (KeyError, EdtfError):
        return False


def assessments(facts: Facts) -> list[Assessment]:
    """The assessments of a record, in its order; what `ledger.domain.act.ASSESSING` names must have been loaded."""
    return [assessment_of(opened, facts) for opened in facts.claims(Topic(ASSESSMENT, CHILD))]


def assessment_of(opened: Claim, facts: Facts) -> Assessment:
    """One of them, by the entry that opened it."""
    later = {name: facts.claims(Topic(name, CHILD)) for name in ASSESSING}
    asking = [*_asked_first(opened), *_asked_later(opened, later[ASKED])]
    asked: dict[str, Claim] = {}
    for agency, claim in asking:
        asked.setdefault(agency, claim)
    numbers = {(agency, claim.number) for agency, claim in asking}
    replies = {one.agency: one for one in later[REPLY] if (one.agency, named_by(one)) in numbers}
    signed = (one for one in later[SIGNED] if named_by(one) == opened.number and one.agency == opened.agency)
    return Assessment(opened, asked, replies, next(signed, None))


def _asked_first(opened: Claim) -> Iterator[tuple[str, Claim]]:
    asks = fields_of(opened).get("asks", ())
    yield from ((str(agency), opened) for agency in (asks if isinstance(asks, Sequence) else ()))


def _asked_later(opened: Claim, later: Sequence[Claim]) -> Iterator[tuple[str, Claim]]:
    for one in later:
        agency = fields_of(one).get("agency")
        if named_by(one) == opened.number and agency is not None:
            yield str(agency), one
