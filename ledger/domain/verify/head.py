"""Signed heads of the log: the export's checkpoint, those that bracket its entries, those that the checker kept."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ledger.domain.log.checkpoint import parse_checkpoint
from ledger.domain.log.note import BadSignature, opened, parse_note
from ledger.domain.verify.trust import Trust

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT_S = 253_402_300_799
_MONTH_WORDS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
#: What sorts before and after every time as envelopes write it.
BEFORE_ALL, AFTER_ALL = "0", "9~"


#: Shared by the many heads of which nobody asks who cosigned when.
NO_TIMES: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Head:
    """A size and root that the log's key signed; `seen` is since when and by when a quorum had seen it, in seconds."""

    size: int
    root: bytes
    #: In words, for a report.
    name: str
    seen: tuple[int, int] | None = None
    times: Mapping[str, int] = field(default_factory=lambda: NO_TIMES)
    #: Whether the checker kept it.
    is_kept: bool = False

    @property
    def is_outside(self) -> bool:
        """Whether somebody but the operator holds it: whoever checks, or a quorum of witnesses."""
        return self.is_kept or self.seen is not None


def read_head(text: str, origin: str, trust: Trust, name: str, *, is_kept: bool = False) -> Head:
    """The head that a signed checkpoint is; `ValueError` in words where it is not this log's or not signed rightly."""
    note = parse_note(text)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise ValueError("it is a checkpoint of another log")
    try:
        is_signed = bool(opened(note, trust.log_keys, trust.verify))
    except BadSignature:
        raise ValueError("the signature of the log's key does not fit it") from None
    if not is_signed:
        raise ValueError("it is not signed by the log key that you gave")
    try:
        times, first = trust.cosigned(note), trust.cosigned(note, first=True)
    except BadSignature as error:
        raise ValueError(f"the cosignature of {error.name} does not fit it") from None
    seen, by = trust.seen_between(times), trust.seen_between(first)
    # What came after it came after its last cosignatures; what it covers was there by its first ones.
    between = None if seen is None or by is None else (seen[0], by[1])
    return Head(checkpoint.size, checkpoint.root, name, between, times, is_kept)


def moment_text(seconds: int) -> str:
    """A moment as envelopes write it, whatever the number."""
    return (_EPOCH + timedelta(seconds=min(max(seconds, 0), _LAST_MOMENT_S))).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_words(seconds: int) -> str:
    """A moment as a person reads it."""
    moment = _EPOCH + timedelta(seconds=min(max(seconds, 0), _LAST_MOMENT_S))
    return f"{moment.day} {_MONTH_WORDS[moment.month - 1]} {moment:%Y %H:%M:%S} UTC"


@dataclass(frozen=True, slots=True)
class Bracket:
    """When an index came into the log, as witnesses say: after `low`, before `high`, in seconds; None is not known."""

    low: int | None
    high: int | None

    @property
    def words(self) -> str:
        """The bracket as a person reads it."""
        if self.low is None:
            return "at some time" if self.high is None else f"before {moment_words(self.high)}"
        after = moment_words(self.low)
        return f"after {after}" if self.high is None else f"between {after} and {moment_words(self.high)}"


class Brackets:
    """Between which cosigned heads each index came into the log; `skew_s` is allowed on either side."""

    def __init__(self, heads: Iterable[Head], skew_s: int) -> None:
        timed = sorted((head.size, *head.seen) for head in heads if head.seen is not None)
        self._sizes = [size for size, _, _ in timed]
        self._seen = [(low, high) for _, low, high in timed]
        self._skew_s = skew_s
        #: How many indexes lay between two cosigned heads, and the widest of these brackets.
        self.closed = 0
        self.widest: Bracket | None = None

    @property
    def is_empty(self) -> bool:
        return not self._sizes

    def of(self, index: int) -> Bracket:
        """The narrowest bracket of an index: the last head without it, the first with it."""
        at = bisect_right(self._sizes, index)
        low = self._seen[at - 1][0] if at else None
        return Bracket(low, self._seen[at][1] if at < len(self._seen) else None)

    def limits(self, bracket: Bracket) -> tuple[str, str]:
        """The first and the last time, as written, that an entry within the bracket may carry."""
        low = BEFORE_ALL if bracket.low is None else moment_text(bracket.low - self._skew_s)
        # A cosignature's time is in whole seconds: the one that it names runs to its end.
        return low, AFTER_ALL if bracket.high is None else moment_text(bracket.high + self._skew_s + 1)

    def count(self, bracket: Bracket, entries: int) -> None:
        """Note that so many entries lie in the bracket."""
        if bracket.low is None or bracket.high is None or not entries:
            return
        self.closed += entries
        if self.widest is None or bracket.high - bracket.low > _width(self.widest):
            self.widest = bracket


def _width(bracket: Bracket) -> int:
    return (bracket.high or 0) - (bracket.low or 0)


def why_outside(written: str, bracket: Bracket) -> str:
    """Why a time that an entry carries cannot be, in words."""
    side = "Back-dated" if bracket.low is not None and written < moment_text(bracket.low) else "Post-dated"
    return f"{side}: it says that it was recorded at {written}, but witnesses show that it was recorded {bracket.words}"
