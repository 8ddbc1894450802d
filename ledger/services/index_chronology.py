"""What a chronology has, an entry a row, without its words: when, by whom, of what kind, and why it stands out.

From it pages draw, count, filter and page. It has a row for exactly what its reader may know of at the point: what a
rendering would leave out has none, so no count, no mark and no silence tells of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from ledger.domain.civil_day import civil_date
from ledger.domain.claim import RELIED_ON, Claim
from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.domain.pack import Pack
from ledger.domain.significance import Significance, significance
from ledger.services.hold_at import claims_held, was_observed_at
from ledger.services.kept_words import KEPT
from ledger.services.read_timeline import Reading
from ledger.services.render_view import by_alert, finding_named
from ledger.services.see import Seen, Sight, open_eyes
from ledger.store.database import SYSTEM
from ledger.store.timeline import StoredEntry

_PLAIN: Final = frozenset({Sight.FULL, Sight.ERASED})
_SHOWN: Final[Mapping[str, Any]] = {}
_NOTHING: Final = frozenset[str]()
_OBSERVED: Final = frozenset({"observation", "contact", "correction"})


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. ``seen_on``: the day on which it was seen or said, or recorded where nothing else is said.

    ``kind`` is None where the reader sees only that it is there. ``about`` are attributes and topics of the pack.
    """

    number: int
    recorded_on: date
    seen_on: date
    agency: str
    kind: str | None
    about: frozenset[str] = frozenset()
    stands_out: tuple[Significance, ...] = ()
    holds: bool = True
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """``rows`` are those up to the point, in order; ``days`` all on which anything was recorded, after it too."""

    rows: Sequence[Row]
    days: Sequence[tuple[date, int]]


def index_chronology(reading: Reading, stored: Sequence[StoredEntry]) -> tuple[Index, Sequence[Seen]]:
    """The index of all of a record's entries, as of the point of a reading, and what it was made of.

    Cost: opening each entry once.
    """
    past = reading.past
    point, eyes = past.point.number, past.eyes
    if past.knowledge is not None:  # which knows of nothing after the point
        eyes = open_eyes(past.connection, past.reader, [past.record_id])
    looked = [past.look(entry) if entry.number <= point else eyes.look(entry) for entry in stored]
    told = _told(reading, looked, stored)
    shown = [one for one in looked if one.sight is not Sight.NOTHING and told.get(one.number, _SHOWN) is not None]
    then = [entry for entry in shown if entry.number <= point]
    return Index([_row(entry, reading, told.get(entry.number)) for entry in then], _days(shown)), then


def _told(
    reading: Reading, looked: Sequence[Seen], stored: Sequence[StoredEntry]
) -> Mapping[int, Mapping[str, Any] | None]:
    """Of entries that may tell of something of which the reader may not know, what is shown, or None: only a rendering
    knows. None are asked about where all is seen whole.

    Of what came after the point there is no rendering here: what the ledger made of anything counts as not shown.
    """
    if all(entry.sight in _PLAIN for entry in looked):
        return {}
    point, alerts = reading.past.point.number, by_alert(reading.findings)
    asked = {entry.number for entry in looked if entry.agency == SYSTEM or finding_named(entry, alerts) is not None}
    rendered = reading.rendered([one for one in stored if one.number in asked and one.number <= point])
    return dict.fromkeys(asked) | {item["number"]: item for item, _ in rendered}


def _row(entry: Seen, reading: Reading, told: Mapping[str, Any] | None) -> Row:
    recorded = civil_date(entry.recorded_at)
    gist = KEPT.gist_of(entry)
    if not entry.is_visible:
        return Row(entry.number, recorded, recorded, entry.agency, None)
    claims = [one for one in gist.claims if _is_said(one) and one.attribute in reading.pack.attributes]
    is_withdrawn = entry.withdrawn_by is not None
    return Row(
        entry.number,
        recorded,
        _day_of(gist.observed) or recorded,
        entry.agency,
        entry.kind,
        _about(claims, reading.pack) if claims else _NOTHING,
        () if is_withdrawn else significance(entry.kind, claims, reading.pack, _found(entry, told)),
        reading.valid_at is None or _holds(entry, reading),
        is_withdrawn,
    )


def _is_said(claim: Claim) -> bool:
    """Whether the entry says it in so many words."""
    return claim.statement != RELIED_ON and not claim.was_met


def _found(entry: Seen, told: Mapping[str, Any] | None) -> object:
    """Of a finding its kind as its reader is told of it: of one that only points none, and nothing of what it is of."""
    if entry.kind != "finding_raised":
        return None
    finding = (told or {}).get("finding") or {}
    return finding["kind"] if "withheld" in finding else entry.body.get("kind")


@lru_cache(maxsize=4096)
def _day_of(observed: str | None) -> date | None:
    """The day of a date or a time as it was sent: of dates and nothing else is anything kept here."""
    if observed is None:
        return None
    try:
        return civil_date(observed_bounds(observed).start)
    except EdtfError:
        return None


def _about(claims: Iterable[Claim], pack: Pack) -> frozenset[str]:
    names = {claim.attribute for claim in claims}
    topics = {claim.topic or pack.attributes[claim.attribute].topic for claim in claims}
    return frozenset(names | {topic for topic in topics if topic is not None})


def _holds(entry: Seen, reading: Reading) -> bool:
    """Whether it says anything of the moment that was asked for, if one was; entries of other kinds do."""
    if reading.valid_at is None or entry.kind not in _OBSERVED:
        return True
    return bool(claims_held(entry, reading.valid_at)) or was_observed_at(entry, reading.valid_at)


def _days(shown: Iterable[Seen]) -> list[tuple[date, int]]:
    counted: dict[date, int] = {}
    for entry in shown:
        day = civil_date(entry.recorded_at)
        counted[day] = counted.get(day, 0) + 1
    return sorted(counted.items())
