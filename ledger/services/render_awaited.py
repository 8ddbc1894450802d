"""What must follow, for one reader: what is awaited, from whom, by when, what has come, and what to do.

How the clock stands is said only to who reads now: what is rendered of a point in the past does not change with time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.domain.act import receiver_of
from ledger.domain.claim import Claim
from ledger.domain.entry import entry_id, written_time
from ledger.domain.finding import Basis
from ledger.domain.rule import Rule
from ledger.domain.rules.disagreement import SETTLEMENT
from ledger.services.bear_out import Borne
from ledger.services.see import Seen
from ledger.services.word_awaited import word_awaited, word_clock, word_due, word_signed, word_to_do
from ledger.services.word_claim import Wording
from ledger.services.word_finding import is_declined
from ledger.services.word_text import word_kind
from ledger.store.people import Agency

#: Who owes it, where no one agency can be named.
_OWED_BY = {
    "lead": "the lead professional, once there is one",
    "author": "whoever recorded it",
    "reviewer": "whoever leads, a manager or an auditor",
    "disagreeing": "the managers on both sides",
    "": "whoever leads the work with the child",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads by what rule and in what words; ``now`` is when, while the clock runs, and None otherwise."""

    rule: Rule | None
    wording: Wording
    directory: Mapping[str, Agency]
    pseudonym: str
    now: datetime | None


def render_awaited(borne: Borne, reading: Reading) -> dict[str, Any]:
    """What is awaited by this finding, with what has come of it and what was refused."""
    basis, rule, wording, now = borne.basis, reading.rule, reading.wording, reading.now
    shown = _claims(side for sides in borne.sides for side in sides)
    against = {one.failed.ref for one in borne.awaited if one.failed is not None}
    against |= {claim.ref for _, claim in shown if is_declined(claim)}
    happened = [(entry, claim) for entry, claim in shown if claim.ref not in against] or shown
    refused = [pair for pair in shown if pair not in happened]
    met = {one.met.ref for one in borne.awaited if one.met is not None}
    arrived = [
        (entry, claim) for entry, claim in _claims(borne.evidence) if claim.ref in met or (basis.is_met and not met)
    ]
    started = min(entry.recorded_at for entry, _ in happened)
    who = _who(basis, rule, happened[0][1], wording)
    agency = reading.directory.get(basis.owed_by)
    signed = [one.partition("/")[0] for one in basis.signed]
    return {
        "topic": basis.topic or None,
        "words": word_awaited(basis.topic),
        "owed_by": basis.owed_by or None,
        "owed_by_words": who,
        "contact": agency.contact if agency else None,
        "due": written_time(basis.due) if basis.due else None,
        "due_words": word_due(basis.due) if basis.due else None,
        "started": written_time(started),
        "lapsed": basis.is_lapsed or bool(basis.due and now and now >= basis.due and not basis.is_met),
        "clock_words": word_clock(basis.due, started, now, is_met=basis.is_met) if basis.due and now else None,
        "met": basis.is_met,
        "arrived": _placed(arrived, reading),
        "refused": _placed(refused, reading),
        "needs_two": rule is not None and rule.needs_two,
        "signed": [{"agency": one, "agency_name": wording.agency(one)} for one in signed],
        "signed_words": word_signed(basis, [wording.agency(one) for one in signed])
        if rule is not None and rule.needs_two
        else None,
        "to_do": word_to_do(basis, who, is_declined=bool(refused)),
    }


def _claims(side: Iterable[tuple[Seen, Claim | None]]) -> list[tuple[Seen, Claim]]:
    return [(entry, claim) for entry, claim in side if claim is not None]


def _who(basis: Basis, rule: Rule | None, trigger: Claim, wording: Wording) -> str:
    """Who owes it: an agency by its name, else as the act or the rule says whom it means."""
    if basis.owed_by:
        return wording.agency(basis.owed_by)
    if basis.topic == SETTLEMENT:
        return _OWED_BY["disagreeing"]
    wanted = str(rule.settings.get("from", "")) if rule is not None else ""
    if wanted == "receiver":
        return word_kind(receiver_of(trigger)) or _OWED_BY[""]
    return _OWED_BY.get(wanted, word_kind(wanted))


def _placed(found: Sequence[tuple[Seen, Claim]], reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            "entry": entry_id(reading.pseudonym, entry.number),
            "number": entry.number,
            "agency": entry.agency,
            "agency_name": reading.wording.agency(entry.agency),
            "recorded_at": written_time(entry.recorded_at),
            "words": reading.wording.says(claim),
        }
        for entry, claim in found
    ]
