"""What stands against an entry, in words, as its reader calls agencies and people."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ledger.domain.civil_day import civil_date
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_day, word_observed
from ledger.services.word_text import capital, quoted


def word_disputes(disputes: Iterable[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """Each as `ledger.services.gather_disputes` gives it, with its words."""
    return [{**one, "words": _words(one, wording)} for one in disputes]


def _words(said: Mapping[str, Any], wording: Wording) -> str:
    who, on = wording.person(str(said["by"])), word_observed(str(said["on"]))
    says = quoted(str(said["says"]))
    match said["stands"]:
        case "inaccurate":
            decided = wording.agency(str(said["decided_by"]))
            return f"Marked as inaccurate by {decided}. {capital(who)} said on {on}: {says}"
        case "to_be_erased":
            return f"To be erased, as {who} asked on {on}"
        case "to_be_put_right":
            last = civil_date(datetime.fromisoformat(str(said["due"])) - timedelta(microseconds=1))
            return f"{capital(who)} asked on {on} that this be put right (to be answered by {word_day(last)}): {says}"
        case _:
            return f"Disputed by {who} on {on}: {says}"
