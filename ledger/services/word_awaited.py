"""What must follow, in words: what is awaited, from whom, by when, how long it is overdue, and what to do about it.

Nobody is blamed: what has not come may have been done and never recorded, so asking comes before anything else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ledger.domain.civil_day import civil_date, midnight
from ledger.domain.finding import Basis
from ledger.services.word_dates import word_day, word_moment
from ledger.services.word_text import capital, counted, listed, plain

_DAY: Final = timedelta(days=1)
#: From how many days on a length is told in months and years.
_LONG: Final = 90
_DAYS_A_MONTH: Final = 365.25 / 12
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Topic:
    """Words for one thing that may be awaited; ``{who}`` is whoever owes it."""

    lacking: str
    awaited: str
    come: str
    to_do: str


_TOPICS: Final[Mapping[str, _Topic]] = {
    "referral": _Topic(
        "no referral recorded",
        "a referral",
        "a referral is recorded",
        "Ask {who} whether it has been made. If it has not, have it made today, whatever was said to explain it.",
    ),
    "examination": _Topic(
        "no examination recorded",
        "an examination of the child",
        "an examination is recorded",
        "Ask {who} whether the child has been examined. If not, have it done today.",
    ),
    "contact": _Topic(
        "no contact recorded since",
        "a contact",
        "a contact is recorded",
        "Ask {who} who has seen the child since, and when. If nobody has, have the child seen.",
    ),
    "reply": _Topic(
        "no answer recorded",
        "an answer",
        "an answer is recorded",
        "Ring {who} and ask for the answer. What is refused is not settled: take it further.",
    ),
    "handover": _Topic(
        "not recorded as taken over",
        "word that it is taken over",
        "it is recorded as taken over",
        "Ring {who}: is it theirs now? Until they say so, it is still with whoever offers it.",
    ),
    "action": _Topic(
        "not recorded as done",
        "word that it is done",
        "it is recorded as done",
        "Ask {who} whether it is done. If it cannot be, agree who does what instead, and by when.",
    ),
    "check": _Topic(
        "no answer to a check recorded",
        "the answer to the check",
        "the answer is recorded",
        "Ring {who} and ask for the answer to the check.",
    ),
    "review": _Topic(
        "no review recorded",
        "a review",
        "a review is recorded",
        "Ask {who} who looks at it with what is known by now, and when. Have what that leads to recorded.",
    ),
    "signature": _Topic(
        "not signed by a second person",
        "the signature of a second person",
        "it is signed",
        "Ask {who} what it still waits for, who signs it, and what holds for the child until then; ring their manager.",
    ),
    "asking": _Topic(
        "not asked for what it holds",
        "word that it was asked",
        "it is asked",
        "Ring {who}: why was it not asked, and what may it hold? Have it asked today.",
    ),
    "strategy_discussion": _Topic(
        "no strategy discussion recorded",
        "a strategy discussion",
        "a strategy discussion is recorded",
        "Ask {who} when it takes place and who takes part. If no time is set, have one set today.",
    ),
    "outcome": _Topic(
        "no outcome recorded",
        "word of what came of it",
        "what came of it is recorded",
        "Ask {who} what came of it, and have that recorded, be it that nobody enquired.",
    ),
    "lead": _Topic(
        "no lead professional recorded",
        "a lead professional",
        "a lead professional is recorded",
        "Agree with {who} who leads, and have that recorded.",
    ),
    "disagreement_answer": _Topic(
        "no answer recorded",
        "an answer",
        "an answer is recorded",
        "Ring {who} and ask for the answer, and ring the managers on both sides where it does not come today.",
    ),
    "disagreement": _Topic(
        "not recorded as settled or taken further up",
        "word that it is settled, or taken further up",
        "it is recorded as settled",
        "Ring {who}: what is still in dispute, and who decides it? What does not end today goes to the next stage.",
    ),
    "glass_review": _Topic(
        "no review recorded",
        "a review of the breaking of the glass",
        "a review is recorded",
        "Read the reason, ask whoever gave it what was needed and found, and record a review. Nothing else ends it.",
    ),
}


def _of(topic: str) -> _Topic:
    known = _TOPICS.get(topic)
    if known is not None:
        return known
    what = plain(topic) or "answer"
    to_do = "Ask {who} whether it has been done. If it has not, have it done."
    return _Topic(f"no {what} recorded", what, f"the {what} is recorded", to_do)


def word_awaited(topic: str, *, is_alone: bool = True) -> str:
    """What is awaited, as words that stand alone or in the middle of a sentence."""
    return capital(_of(topic).awaited) if is_alone else _of(topic).awaited


def word_expected(what: str, topic: str, due: datetime | None, *, is_met: bool, is_declined: bool) -> str:
    """The headline: what has not come after ``what``, by the record, and by when it was to come."""
    if is_met:
        return f"{_of(topic).come}, and two people have still to say that it is over: {what}"
    lacking = "declined" if is_declined else _of(topic).lacking
    return f"{lacking}: {what}" + (f", due by {word_due(due)}" if due else "")


def word_to_do(basis: Basis, who: str, *, is_declined: bool) -> str:
    """One line on what to do now; ``who`` owes it."""
    if basis.is_met:
        if basis.signed:
            return "Have a second person, another than the one who did so already, look at it and record an outcome."
        return "Look at what has come, and have two people each record what it came to."
    if is_declined:
        return f"A refusal does not end it. Take it up with {who} again today, and with a manager on both sides."
    return _of(basis.topic).to_do.format(who=who)


def word_signed(basis: Basis, agencies: Sequence[str]) -> str:
    """How many of the two people who must close it have done so; ``agencies`` are those of whoever did."""
    if not basis.signed:
        return "Two people must each record an outcome. Nobody has yet."
    who = listed(agencies) or "one person"
    return f"Two people must each record an outcome. One, of {who}, has; a second, another, is needed."


def word_due(due: datetime) -> str:
    """By when: a day where the clock runs to its end, else a moment."""
    day = civil_date(due)
    if due == midnight(day.year, day.month, day.day):
        return f"the end of {word_day(civil_date(due - timedelta.resolution))}"
    return word_moment(due)


def word_stretch(length: timedelta) -> str:
    """How long something has lasted, as finely as it matters: years, months, days and hours, hours and minutes."""
    length = max(length, timedelta())
    days, rest = divmod(length, _DAY)
    if days >= _LONG:
        years, months = divmod(int(days / _DAYS_A_MONTH), 12)
        return listed([counted(count, unit) for count, unit in ((years, "year"), (months, "month")) if count])
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    if days >= 7 or (days and not hours):
        return counted(days, "day")
    if days:
        return f"{counted(days, 'day')} and {counted(hours, 'hour')}"
    if hours >= 4 or (hours and not minutes):
        return counted(hours, "hour")
    if hours:
        return f"{counted(hours, 'hour')} and {counted(minutes, 'minute')}"
    return counted(minutes, "minute")


def word_clock(due: datetime, started: datetime, now: datetime, *, is_met: bool) -> str:
    """How the clock stands at a moment: how much has passed, and how much is left or over."""
    passed = f"{capital(word_stretch(now - started))} since the clock began"
    if is_met:
        return f"{passed}."
    if now >= due:
        return f"Overdue by {word_stretch(now - due)}. {passed}."
    return f"{capital(word_stretch(due - now))} left. {passed}."
