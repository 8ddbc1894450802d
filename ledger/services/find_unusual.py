"""Access that an auditor should look at, in words: what was done, and beside it what others do or the same person did.

Nobody is scored and nothing is concluded: each of these has a good reason most of the time. Names are never compared,
a family's or anybody's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.unusual import SOON, USUAL_DAYS, Opening, odd_hours
from ledger.services.note_access import note_access
from ledger.services.see import Reader
from ledger.services.word_awaited import word_due, word_stretch
from ledger.services.word_text import counted
from ledger.services.word_verdict import VERDICT_WORDS
from ledger.store import audit
from ledger.store.clock import now
from ledger.store.glass import Breaking, Told, breakings
from ledger.store.people import directory, names

#: How far back is looked where nobody says.
DAYS: Final = 28
DAYS_MAX: Final = 366
#: So many children opened within one hour are told, if nobody else of the agency opened half as many.
_MANY: Final = 10
_TIMES_OTHERS: Final = 2
#: So many refusals of one day.
_DENIALS: Final = 3
#: After so many days something should have been recorded.
_SETTLED: Final = timedelta(days=14)
#: So many children opened of whom nothing was recorded, by one person.
_IDLE: Final = 3
#: At most so many children are listed, and so many breakings.
_CHILDREN_MOST: Final = 50
_BREAKINGS_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class _Odd:
    """One thing to look at; `is_urgent` stands at the top."""

    kind: str
    words: str
    agency: str
    person_id: UUID | None
    since: datetime
    until: datetime
    children: tuple[UUID, ...] = ()
    author: str | None = None
    entry: str | None = None
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose partnership, and which stretch of real time."""

    connection: Connection
    home: str
    since: datetime
    until: datetime
    now: datetime
    agencies: Mapping[str, str] = field(default_factory=dict)

    @property
    def span(self) -> tuple[datetime, datetime]:
        return self.since, self.until


def find_unusual(
    connection: Connection, reader: Reader, *, since: datetime | None, until: datetime, chance: Chance
) -> dict[str, Any]:
    """What is unusual between two moments of real time, what is overdue first, then the newest. It is recorded.

    Runs as the auditors' role, for an auditor. `since` is four weeks before `until` where it is left out.
    """
    home = reader.home or reader.agency
    known = directory(connection)
    asked = _Asked(
        connection,
        home,
        max(since or until - timedelta(days=DAYS), until - timedelta(days=DAYS_MAX)),
        until,
        now(connection),
        {name: agency.name for name, agency in known.items()},
    )
    note_access(connection, reader, {audit.record_of_partnership(connection, home): 0}, "unusual access", chance)
    found = [*_glass(asked), *_taken(asked), *_many(asked), *_refused(asked), *_hours(asked), *_idle(asked)]
    people = names(connection, {one.person_id for one in found if one.person_id is not None})
    ordered = sorted(found, key=lambda one: (not one.is_urgent, -one.until.timestamp()))
    return {
        "since": written_time(asked.since),
        "until": written_time(asked.until),
        "unusual": [_rendered(one, asked, people) for one in ordered],
    }


def _glass(asked: _Asked) -> Iterator[_Odd]:
    """Every breaking that is not reviewed, and those of the stretch that are."""
    told = Told(asked.home, is_everybody=True)
    for one in breakings(asked.connection, asked.home, told, is_open=None, limit=_BREAKINGS_MOST):
        if one.review_number is not None and not asked.since <= one.broken_at < asked.until:
            continue
        is_overdue = one.review_number is None and one.due_at <= asked.now
        yield _Odd(
            "glass_not_reviewed" if one.review_number is None else "glass",
            f"Opened a child’s record without a part in it, by breaking the glass. {_reviewed(one, asked.now)}",
            one.agency,
            one.person_id,
            one.broken_at,
            one.until,
            (one.record_id,),
            one.author,
            entry_id(one.pseudonym, one.number),
            is_urgent=is_overdue,
        )


def _reviewed(one: Breaking, at: datetime) -> str:
    if one.review_number is not None:
        return f"Reviewed: {VERDICT_WORDS.get(str(one.verdict), str(one.verdict)).lower()}."
    if one.due_at <= at:
        return f"Nobody has reviewed it, and that is overdue by {word_stretch(at - one.due_at)}."
    return f"It is to be reviewed by {word_due(one.due_at)}."


def _taken(asked: _Asked) -> Iterator[_Odd]:
    for agency, person, child, pseudonym, number, after, at in audit.taken_and_opened(
        asked.connection, *_place(asked), SOON
    ):
        words = (
            f"The agency recorded its part in a child’s record, and opened it {word_stretch(after)} later; it "
            "had recorded nothing of the child before that day."
        )
        yield _Odd("part_then_opened", words, agency, person, at, at, (child,), entry=entry_id(pseudonym, number))


def _many(asked: _Asked) -> Iterator[_Odd]:
    for agency, person, hour, children, others in audit.busiest_hours(asked.connection, *_place(asked), _MANY):
        if person is None or (others is not None and children < _TIMES_OTHERS * others):
            continue  # a system opens for many people; what it opens is held by its agency's cap
        beside = f"others of this agency at most {others} in any hour" if others else "nobody else of this agency any"
        words = f"Opened the records of {children} children in an hour; {beside} of this time."
        yield _Odd("many_children", words, agency, person, hour, hour + timedelta(hours=1))


def _refused(asked: _Asked) -> Iterator[_Odd]:
    for agency, person, first, last, times, children, why in audit.refusals(asked.connection, *_place(asked), _DENIALS):
        if why == "too_many_children":
            words = f"Was stopped {counted(times, 'time')} from opening more children’s records than is allowed."
        else:
            words = (
                f"Was refused {counted(times, 'time')} in a day, at the records of "
                f"{counted(children, 'child', 'children')} whom they have no part with."
            )
        yield _Odd("cap_reached" if why == "too_many_children" else "refused_often", words, agency, person, first, last)


def _hours(asked: _Asked) -> Iterator[_Odd]:
    span = (asked.since - timedelta(days=USUAL_DAYS), asked.until)
    rows = audit.openings(asked.connection, asked.home, span)
    for (agency, person), of_one in groupby(rows, key=lambda row: (row[0], row[1])):
        for odd in odd_hours([Opening(*row[2:]) for row in of_one], asked.since):
            first, last = odd.openings[0], odd.openings[-1]
            children = tuple(dict.fromkeys(one.child for one in odd.openings))
            words = (
                f"Opened the records of {counted(len(children), 'child', 'children')} between {first.wall:%H}:00 and "
                f"{(last.wall.hour + 1) % 24:02}:00; in the {USUAL_DAYS} days before, always between "
                f"{odd.usual[0]:02}:00 and {odd.usual[1]:02}:00."
            )
            yield _Odd("unusual_hours", words, agency, person, first.at, last.at, children)


def _idle(asked: _Asked) -> Iterator[_Odd]:
    settled = asked.until - _SETTLED
    for agency, person, first, last, children in audit.opened_for_nothing(asked.connection, *_place(asked), settled):
        if person is None or len(children) < _IDLE:
            continue
        words = (
            f"Opened the records of {counted(len(children), 'child', 'children')} of whom their agency "
            f"recorded nothing, before or since, nor of a brother or sister; all more than {_SETTLED.days} days ago."
        )
        yield _Odd("nothing_recorded", words, agency, person, first, last, tuple(children))


def _place(asked: _Asked) -> tuple[str, tuple[datetime, datetime]]:
    return asked.home, asked.span


def _rendered(one: _Odd, asked: _Asked, people: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "words": one.words,
        "urgent": one.is_urgent,
        "agency": one.agency,
        "agency_name": asked.agencies.get(one.agency, one.agency),
        "person": {"id": str(one.person_id), "name": people.get(one.person_id)} if one.person_id else None,
        "author": one.author,
        "since": written_time(one.since),
        "until": written_time(one.until),
        "children": [str(child) for child in one.children[:_CHILDREN_MOST]],
        "entry": one.entry,
    }
