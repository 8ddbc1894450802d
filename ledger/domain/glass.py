"""Breaking the glass: seeing a child's record for some hours without having a part in it, and who looks at that later.

A breaking needs a reason that says something and ends by itself. Somebody other than whoever broke it reviews each one.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from ledger.domain.act import GLASS, GLASS_REVIEW
from ledger.domain.entry import written_time

#: The kinds of the two entries.
KIND: Final = GLASS.partition(":")[2]
REVIEW_KIND: Final = GLASS_REVIEW.partition(":")[2]
#: No breaking, nor several in a row for one reason, lasts longer.
HOURS_MAX: Final = 3
HOURS: Final = 1
#: Within which it must be reviewed.
REVIEW_WITHIN: Final = timedelta(hours=72)
#: What a review may come to.
VERDICTS: Final = ("justified", "not_justified", "training", "referred")
#: A reason has this many letters, of so many kinds, in so many words.
LETTERS_LEAST: Final = 10
_KINDS_LEAST: Final = 5
_WORDS_LEAST: Final = 2


def says_why(reason: str) -> bool:
    """Whether a text can be a reason: two words and ten letters, and not one letter over and over."""
    letters = [letter for letter in reason.casefold() if letter.isalpha()]
    is_long = len(letters) >= LETTERS_LEAST and len(set(letters)) >= _KINDS_LEAST
    return is_long and len(_words(reason)) >= _WORDS_LEAST


def ends_at(begins: datetime, hours: int, reason: str, standing: Iterable[tuple[datetime, str]]) -> datetime:
    """When a breaking ends that begins now; ``standing`` are (beginning, reason) of the reader's that are still open.

    For a reason that was given before it adds nothing beyond the most there may be since the first of them.
    """
    end = begins + timedelta(hours=min(hours, HOURS_MAX))
    firsts = [began for began, given in standing if _words(given) == _words(reason)]
    return min(end, min(firsts) + timedelta(hours=HOURS_MAX)) if firsts else end


def review_due(broken_at: datetime) -> datetime:
    """The moment from which on a review is late."""
    return broken_at + REVIEW_WITHIN


def thing_of(agency: str, recorded_at: datetime) -> str:
    """What tells one breaking of a record from another, as questions name it."""
    return f"{agency}/{written_time(recorded_at)}"


def _words(reason: str) -> frozenset[str]:
    """The words alone: neither spaces, case, stops, order nor what nobody sees make another reason of it."""
    plain = unicodedata.normalize("NFKC", reason).casefold()
    seen = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    return frozenset("".join(letter if letter.isalnum() else " " for letter in seen).split())
