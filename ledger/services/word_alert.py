"""The life of an alert in words: who was told, when, by when they are to act, and what they did."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from ledger.domain import alert
from ledger.domain.alert import State
from ledger.services.word_dates import word_moment, word_observed
from ledger.services.word_text import plain

#: Names a party, {agency, person}.
Party = Callable[[Mapping[str, Any]], str]

STAGE_WORDS: Final[Mapping[str, str]] = {
    "lead": "as lead",
    "deputy": "as deputy",
    "cover": "as cover for the lead",
    "desk": "as duty desk",
    "out_of_hours": "as out-of-hours desk",
    "manager": "as manager",
    "senior": "as senior officer",
    "chair": "as chair",
}
STATE_WORDS: Final[Mapping[str, str]] = {
    State.RAISED: "Not opened yet",
    State.SENT: "Sent, and not opened yet",
    State.OPENED: "Opened, and not acted on yet",
    State.ACKNOWLEDGED: "Acknowledged, and not acted on yet",
    State.ACTED_ON: "Acted on",
    State.SNOOZED: "Put off",
    State.LAPSED: "Went on: nobody acted in time",
    State.RESOLVED: "Ended",
}
TIER_WORDS: Final[Mapping[str, str]] = {"interrupt": "Interrupts", "queue": "In the queue"}
#: What somebody did, before and without whom they did it with; in the order in which it is offered.
ACTION_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "rang": ("Rang {}", "Rang"),
    "wrote": ("Wrote to {}", "Wrote"),
    "visited": ("Visited {}", "Visited"),
    "booked": ("Booked a visit or an appointment with {}", "Booked a visit or an appointment"),
    "met": ("Met {}", "Met"),
    "referred": ("Referred to {}", "Referred"),
    "corrected": ("Put the record right with {}", "Put the record right"),
    "asked": ("Asked {}", "Asked"),
    "no_action": ("Nothing to be done with {}", "Nothing to be done"),
}
#: Kinds whose entries a chronology tells in a sentence.
OF_ALERTS: Final = frozenset({*alert.BRINGS, *alert.OF_THE_KEEPER, alert.DISPATCH, alert.ACTION, alert.SNOOZE})
_WHY: Final[Mapping[str, str]] = {
    "lead_changed": "Another leads now",
    "absent": "Whoever had it is away",
    "left": "Whoever had it has left",
    "hours_begin": "The working day has begun",
    "back": "Whoever leads is back",
}
_RERAISED: Final[Mapping[str, str]] = {
    "severity": "New evidence makes it weigh more",
    "informant": "Somebody else bears it out",
}
_CHANNELS: Final[Mapping[str, str]] = {"mail": "by e-mail", "notify": "by GOV.UK Notify", "webhook": "by webhook"}


def word_step(kind: str, body: Mapping[str, Any], party: Party) -> str | None:
    """What an entry about an alert says, as a sentence; None of a kind that is none of them."""
    match kind:
        case alert.RAISED:
            return f"Brought to {_to(body, party)}."
        case alert.RERAISED:
            return f"{_RERAISED.get(str(body.get('why')), 'New evidence joined it')}: brought to {_to(body, party)}."
        case alert.LAPSED:
            return _lapsed(body, party)
        case alert.MOVED:
            why = _WHY.get(str(body.get("why")), "It is another’s now")
            return f"{why}: it went from {party(body.get('from') or {})} to {_to(body, party)}."
        case alert.WOKEN:
            return f"The time for which it was put off has ended: back with {_to(body, party)}."
        case alert.DISPATCH:
            channel = _CHANNELS.get(str(body.get("channel")), "")
            return f"Sent to {party(body.get('to') or {})} {channel}".rstrip() + "."
    return _by_people(kind, body, party)


def word_action(body: Mapping[str, Any], party: Party) -> str:
    """What somebody did about an alert, and with whom."""
    with_whom, alone = ACTION_WORDS.get(str(body.get("action")), ("{}", "Acted"))
    whom = body.get("whom")
    if not whom:
        return alone
    return with_whom.format(party(whom) if isinstance(whom, Mapping) else _person(str(whom)))


def word_clock(state: str, act_by: datetime | None, now: datetime) -> str | None:
    """How the clock of an open alert stands."""
    if act_by is None:
        return None
    if state == State.SNOOZED:
        return f"Put off until {word_moment(act_by)}"
    return f"{'Was to be acted on by' if act_by <= now else 'To be acted on by'} {word_moment(act_by)}"


def _by_people(kind: str, body: Mapping[str, Any], party: Party) -> str | None:
    match kind:
        case alert.OPENED:
            return "Opened."
        case alert.ACKNOWLEDGED:
            return "Acknowledged."
        case alert.ACTION:
            return f"{word_action(body, party)}."
        case alert.SNOOZE:
            owner = party(body.get("owner") or {})
            owned = f"; {owner} owns that" if owner else ""
            until = f" until {word_observed(str(body['until']))}" if body.get("until") else ""
            return f"Put off{until}{owned}."
        case alert.OUTCOME:
            return "Said what it came to."
    return None


def _lapsed(body: Mapping[str, Any], party: Party) -> str:
    due, before = _moment(body.get("was_due")), party(body.get("from") or {})
    if body.get("act_by") is None:
        return f"Nobody acted by {due}, and nobody is above {before}: it stays there. Whoever runs the ledger is told."
    return f"Nobody acted by {due}: it went on from {before} to {_to(body, party)}."


def _to(body: Mapping[str, Any], party: Party) -> str:
    stage = f", {STAGE_WORDS[str(body['stage'])]}" if body.get("stage") in STAGE_WORDS else ""
    by = f", to be acted on by {_moment(body['act_by'])}" if body.get("act_by") else ""
    return f"{party(body.get('to') or {})}{stage}{by}"


def _moment(written: Any) -> str:
    return word_moment(datetime.fromisoformat(written)) if written else "its time"


def _person(ref: str) -> str:
    return f"the {ref}" if ref in ("mother", "father", "child") else plain(ref)
