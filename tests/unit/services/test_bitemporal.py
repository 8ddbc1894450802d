"""What was held of each moment at each point, by the functions that pictures and timelines are made with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from ledger.domain.civil_day import day_stretch
from ledger.domain.entry import content_bytes
from ledger.domain.person import Links
from ledger.domain.picture import Frame, picture
from ledger.services.hold_at import claims_held
from ledger.services.read_picture import claims_seen
from ledger.services.see import Eyes, Reader, Seen, eyes_over
from ledger.store.timeline import StoredEntry
from tests.bitemporal import History, body_of, kind_of
from tests.shipped import shipped_pack
from tests.sizes import bitemporal_histories

RECORD = UUID(int=7)
_NAME = "a" * 26


def made(seed: int) -> tuple[History, list[StoredEntry]]:
    """A history of some dozen entries, and the entries as they are stored."""
    random, history, stored = Random(seed), History(), list[StoredEntry]()
    at = datetime(2024, 6, 1, tzinfo=UTC)
    for number in range(1, random.randrange(8, 16)):
        at += timedelta(microseconds=random.choice((0, 1, 10**9)))  # two may be recorded at one moment
        told = replace(history.draw(random), number=number, recorded=at)
        history.told.append(told)
        sealed = content_bytes(kind_of(told), told.agency, f"e{number}", body_of(told, f"{_NAME}.{told.withdraws}"))
        stored.append(StoredEntry(RECORD, number, at, told.agency, f"e{number}", b"", kind_of(told), sealed))
    return history, stored


def seen_at(history: History, stored: list[StoredEntry], known: datetime) -> list[Seen]:
    """The entries as a reader sees them who asks what was known at a moment."""
    pairs = [(RECORD, one.withdraws, one.number) for one in history.told if one.withdraws is not None]
    eyes: Eyes = eyes_over(Reader("police"), pairs, stored)
    up_to = max((one.number for one in stored if one.recorded_at <= known), default=0)
    return [eyes.look(entry, up_to=up_to) for entry in stored if entry.number <= up_to]


def noon(day: date) -> datetime:
    """The middle of a day."""
    start, end = day_stretch(day)
    return start + (end - start) / 2


def held_in_picture(seen: list[Seen], moment: datetime) -> Iterator[tuple[tuple[str, str], tuple[int, str]]]:
    """What is said of this very moment by each source of each agency."""
    claims = claims_seen(entry for entry in seen if entry.withdrawn_by is None)
    drawn = picture(claims, Frame(Links(), Links(), shipped_pack()), moment)
    for person in drawn.people:
        for row in person.rows:
            for cell in row.cells:
                for hold in cell.holds:
                    if hold.state == "asserted":
                        source = "own" if cell.source.is_own else str(cell.source.person)
                        yield (cell.agency, source), (hold.claim.number, str(hold.claim.value))


@pytest.mark.parametrize("seed", range(bitemporal_histories()))
def test_every_cell_is_what_going_through_the_list_gives(seed: int) -> None:
    """In each cell of (known, valid) the picture holds, and the timeline shows, what the brute-force oracle says."""
    history, stored = made(seed)
    for known, day in history.cells(Random(seed), 6):
        seen, moment = seen_at(history, stored, known), noon(day)
        found = list(held_in_picture(seen, moment))
        assert len(found) == len(dict(found))
        assert dict(found) == history.held(known, day), (known, day)
        shown = {
            entry.number: entry.withdrawn_by for entry in seen if entry.kind == "void" or claims_held(entry, moment)
        }
        assert shown == history.shown(known, day), (known, day)
