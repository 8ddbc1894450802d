"""A chronology to be printed for a conference or a court: a PDF of what its reader may see, as known on a day.

It proves nothing and says so: a copy that anybody can check is an export. What a filter leaves out is said on it. That
it was taken is recorded as a reading, before any of it is made; who took it, and when, stands at the foot of each page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.services.child_told import child_told
from ledger.services.export_chronology import Summary, Told, tell_item, word_as_of
from ledger.services.export_words import LACKED, ORDER, Part
from ledger.services.lanes import Lanes, lanes_of, word_silence
from ledger.services.name_child import name_child
from ledger.services.names_in_entries import names_in_entries
from ledger.services.past import Past
from ledger.services.read_chronology import Asked, Opened, Wanted, open_chronology
from ledger.services.see import NotKnownError, Reader
from ledger.services.word_dates import word_moment
from ledger.services.word_text import counted
from ledger.store.access import known_to
from ledger.store.people import Agency
from ledger.store.timeline import by_number

#: What the access record says was read.
LOOK: Final = "print"
_AT_ONCE: Final = 200
_SILENT: Final = "When agencies recorded nothing"
_PROVES_NOTHING: Final = (
    "This is a print to be read, and proves nothing. For a copy that anybody can check against the ledger’s log, ask "
    "for an export of the record."
)
_SILENCE: Final = (
    "That an agency recorded nothing does not say that nothing happened, or that nothing was known. It is counted of "
    "what whoever printed this may see."
)


@dataclass(frozen=True, slots=True)
class Printing:
    """Which entries are printed, in what words the filter and the point are said, by whom and when."""

    wanted: Wanted
    days_min: int
    left_out: Sequence[str]
    known: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Heading:
    child: str
    facts: Sequence[tuple[str, str]]
    counted: Sequence[str]
    footing: str
    before: Sequence[Part]
    how: Sequence[str] = (ORDER, _PROVES_NOTHING, _SILENCE, LACKED)


def print_chronology(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: Asked,
    printing: Printing,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency],
) -> tuple[str, bytes]:
    """The record's public name, and the PDF. Writes the access record. Cost: rendering every entry.

    The connection acts for the reader's agency. Raises NotKnownError, also to who has only broken the glass: that opens
    for reading, for some hours, and nothing is taken away by it; and RefusedError for a point that is not there.
    """
    known = known_to(connection, reader.home or reader.agency, reader.person_id, [record_id])
    if record_id in known.by_glass:
        raise NotKnownError(record_id)
    opened = open_chronology(
        connection, reader, record_id, asked, pack=pack, chance=chance, directory=directory, what=LOOK
    )
    summary, told = Summary(), list[Told]()
    chosen = [row for row in opened.rows if printing.wanted.takes(row)]
    printed = {row.number for row in chosen}
    # What came of a finding is told of all that there is, whatever is left out below: else one would seem to be open.
    for item, one in _told(opened, [row.number for row in opened.rows], directory):
        summary.take_item(item, one)
        if one.number in printed:
            told.append(one)
    lanes = lanes_of(opened.with_page(chosen, 0, ()), printing.wanted, printing.days_min)
    details = child_told(connection, opened.reading.past.eyes, [record_id]).get(record_id, {})
    heading = _heading(opened, name_child(details), printing, len(chosen), _silences(lanes, directory))
    from ledger.services.export_pdf import write_pdf  # noqa: PLC0415 — 20 MB, for those who print alone

    made = bytearray()
    write_pdf(heading, summary, told, printing.at, made.extend)
    return opened.reading.past.pseudonym, bytes(made)


def _told(
    opened: Opened, numbers: Sequence[int], directory: Mapping[str, Agency]
) -> Iterator[tuple[dict[str, Any], Told]]:
    for start in range(0, len(numbers), _AT_ONCE):
        items = opened.reading.at(numbers[start : start + _AT_ONCE])
        names = names_in_entries(opened.reading.past.connection, items, directory)
        for item in items:
            yield item, tell_item(item, names)


def _heading(opened: Opened, child: str, printing: Printing, count: int, silent: Sequence[str]) -> _Heading:
    past, of = opened.reading.past, len(opened.rows)
    printed = f"Printed by {printing.by}, {word_moment(printing.at)}"
    facts = [
        ("As of", _as_of(past, printing)),
        ("Record", past.pseudonym),
        ("Printed by", f"{printing.by}: what they may see"),
        ("Printed", word_moment(printing.at)),
    ]
    said = [f"{counted(count, 'entry', 'entries')} of {of:,} that may be shown."]
    said += [f"Left out: {one}." for one in printing.left_out]
    return _Heading(
        child,
        facts,
        said,
        f"Confidential. Record {past.pseudonym}, entry {past.point.number}. {printed}",
        _part(silent),
    )


def _as_of(past: Past, printing: Printing) -> str:
    number = past.point.number
    if number == 0:
        return "Before anything was recorded"
    last = by_number(past.connection, [(past.record_id, number)])[0]
    return f"{printing.known}. {word_as_of(number, last.recorded_at)}"


def _part(silent: Sequence[str]) -> tuple[Part]:
    return ((_SILENT, silent, "No such time that may be told of here."),)


def _silences(lanes: Lanes | None, directory: Mapping[str, Agency]) -> list[str]:
    """Each silence in words, agency by agency; first those of all agencies together."""
    if lanes is None:
        return []
    found = [word_silence(one) for one in lanes.nobody]
    for lane in lanes.lanes:
        name = directory[lane.agency].name if lane.agency in directory else lane.agency
        found += [word_silence(one, name) for one in lane.silences]
    return found
