"""Troubles of the machinery in words, for whoever runs the ledger: what is wrong, and what to do. They name nobody."""

from collections.abc import Mapping
from typing import Final

from ledger.domain.machinery import PARTS

_CHANNELS: Final[Mapping[str, str]] = {"mail": "mail", "notify": "mail by GOV.UK Notify", "webhook": "webhooks"}
#: By the trouble's name: what is wrong, and what to do about it.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "detection_late": (
        "Detection is late",
        "What agencies post is stored, and is not checked in time. See whether workers run, and start more of them.",
    ),
    "telling_late": (
        "Findings wait to be told",
        "Alerts and notices are recorded and do not reach people’s lists. See whether workers run, and what they log.",
    ),
    "delivery_late": (
        "What is to leave by {channel} waits",
        "Nobody has tried to send it. See whether workers run and have the settings of this channel.",
    ),
    "dead_letters": (
        "Messages by {channel} were given up within the last day",
        "They are in people’s lists all the same. See the workers’ log for why, and mend the address or the server.",
    ),
    "records_parked": (
        "Detection fails on some records",
        "Their leads have been told. See `ledger detect parked` and the workers’ log, then `ledger detect retry`.",
    ),
    "part_silent": ("No {part} is heard", "See whether any runs, and start one."),
    "process_silent": (
        "A {part} is no longer heard: {process}",
        "Others of its kind go on. See whether it hangs or was killed; it is forgotten after an hour.",
    ),
    "ledger_closed": (
        "The ledger is closed and takes nothing",
        "`ledger log` says why; the guide for operators says what to do.",
    ),
    "sealing_late": (
        "Entries wait to be sealed",
        "What is posted is stored, and is not in the log yet. See whether the sealer runs, and what it logs.",
    ),
    "quorum_lost": (
        "Too few witnesses cosign the log",
        "Posts go on. `ledger log` says which do not answer; ask those who run them.",
    ),
    "audit_failed": (
        "The ledger looked through itself and does not hold",
        "`ledger audit` names where. The guide for operators says what to do.",
    ),
    "audit_late": ("The ledger has not looked through itself lately", "See whether workers run, and what they log."),
}
NAMES: Final = frozenset(_WORDS)


def word_trouble(name: str, subject: str) -> str:
    """What is wrong, in a line."""
    return _WORDS[name][0].format(**_subject(name, subject))


def word_remedy(name: str) -> str:
    """What to do about it."""
    return _WORDS[name][1]


def word_part(part: str) -> str:
    """What a sort of process is called."""
    return PARTS.get(part, part)


def _subject(name: str, subject: str) -> Mapping[str, str]:
    if name == "process_silent":
        part, _, process = subject.partition(" ")
        return {"part": word_part(part), "process": process}
    return {"part": word_part(subject), "channel": _CHANNELS.get(subject, subject)}
