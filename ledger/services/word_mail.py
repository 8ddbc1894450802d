"""The words of every mail: how severe it is, how much there is, and a link. Never a name, a child, a rule or a word of
what anybody wrote: a mail is read on locked screens, by assistants and by servers on the way.

Subjects say as little. Plain ASCII, so that any server takes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from ledger.domain.feed import DIGEST
from ledger.services.channel import Delivery


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail."""

    to: str = field(repr=False)
    subject: str
    body: str


_SUBJECTS: Final[Mapping[str | None, str]] = {
    "interrupt": "Ledger: something needs you now",
    "queue": "Ledger: something waits for you",
    DIGEST: "Ledger: your digest of the day",
    None: "Ledger: there is news for you",
}
_SEVERITIES: Final[Mapping[str | None, str]] = {
    "interrupt": "Severity: interrupt. Please look at it now.",
    "queue": "Severity: queue. Please look at it within its time.",
    None: "Severity: none.",
}
_SAYS_NO_MORE: Final = (
    "This mail says no more on purpose: what it is about can be read after signing in, and nowhere else. "
    "Answers to this address are read by nobody."
)
#: What a digest counts, in order: (count, one, several).
_COUNTED: Final = (
    ("interrupt", "alert that needs you now", "alerts that need you now"),
    ("queue", "alert in your queue", "alerts in your queue"),
    ("prompts", "question to ask at the next contact", "questions to ask at the next contact"),
    ("clocks", "clock that runs out by the end of the next working day",
     "clocks that run out by the end of the next working day"),
)  # fmt: skip


def word_mail(delivery: Delivery, to: str, base_url: str, counts: Mapping[str, int] | None = None) -> Letter:
    """The mail of one message. ``counts`` are a digest's."""
    about = _about(delivery)
    lines = _digest(counts or {}) if about == DIGEST else [_SEVERITIES.get(about, _SEVERITIES[None]), *_many(delivery)]
    link = f"{base_url}/{_path(delivery, about)}"
    return Letter(to, _SUBJECTS.get(about, _SUBJECTS[None]), "\n\n".join((*lines, link, _SAYS_NO_MORE)) + "\n")


def word_counts(counts: Mapping[str, int]) -> list[str]:
    """What a digest counts, in words; what there is none of is left out."""
    return [
        f"{count} {one if count == 1 else several}" for name, one, several in _COUNTED if (count := counts.get(name, 0))
    ]


def _about(delivery: Delivery) -> str | None:
    first = delivery.parts[0]
    return DIGEST if first.type == DIGEST else first.tier


def _many(delivery: Delivery) -> list[str]:
    return [f"There are {len(delivery.parts)} of these."] if len(delivery.parts) > 1 else []


def _digest(counts: Mapping[str, int]) -> list[str]:
    told = word_counts(counts)
    return ["In the ledger there is for you today:", "\n".join(f"- {line}" for line in told)] if told else [
        "What there was for you this morning has been seen to since."
    ]  # fmt: skip


def _path(delivery: Delivery, about: str | None) -> str:
    first = delivery.parts[0]
    if about == DIGEST:
        return "digest"
    is_one = len(delivery.parts) == 1 and first.type.startswith("alert.") and first.subject is not None
    return f"alerts/{quote(str(first.subject), safe='')}" if is_one else ""  # the list of alerts
