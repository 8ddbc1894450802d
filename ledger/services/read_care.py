"""Who had care of a child, where it slept, what was allowed and what was seen, over all its time, for one reader.

Every stretch that anybody holds is shown with its bounds, whether or not others say otherwise; what nobody speaks of is
a gap. What breaks an order, by the pack's own constraints, stands beside with the statements on both sides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.age import dates_of
from ledger.domain.care_timeline import Bound, Crossing, Gap, crossings, gaps_in
from ledger.domain.civil_day import civil_date
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.facts import Facts
from ledger.domain.pack import Pack
from ledger.domain.pack_views import WITHOUT_GAPS
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.row import Cell, Row
from ledger.domain.statement import BEGINNING
from ledger.services.past import open_past
from ledger.services.read_picture import Asked, draw_seen
from ledger.services.render_picture import Sheet, columns_of, render_row
from ledger.services.see import Reader, Sight
from ledger.services.seen_record import look_through
from ledger.services.word_dates import word_span
from ledger.services.word_picture import brief_finding, word_withheld
from ledger.services.word_text import capital
from ledger.store.people import Agency

#: What each lane is called.
_TITLES: Final[Mapping[str, str]] = {
    "care": "Who had care of the child",
    "nights": "Where the child was and slept",
    "orders": "Orders, conditions and plans in force",
    "sightings": "Who was there, and who was seen",
}
_OPEN: Final = {"care": "who had care of the child", "nights": "where the child was at night"}
_SORTS: Final = {
    "breach": "This goes against what is in force",
    "contradiction": "These cannot both be so",
    "strain": "These pull apart",
}
_BIRTH: Final = Topic("date_of_birth", CHILD)


def read_care(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: Asked,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency] | None = None,
    most: int | None = None,
) -> dict[str, Any]:
    """The timeline up to one moment, as this reader may see it. Writes the access record.

    ``most``: so many stretches of a row are told, the newest; gaps and what goes against what are those of all. A page
    for people gives it.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    Cost: that of reading the record once, and of the constraints between what is shown.
    """
    past = open_past(connection, reader, record_id, asked, what="care", chance=chance, known_by=asked.known_by)
    valid_at = asked.valid_at or past.moment
    seen = look_through(past, pack, directory)
    shown = {name for names in pack.views.care.values() for name in names}
    # Of what has gaps every stretch is needed, to tell them.
    newest = {name: most for lane in pack.views.care.keys() - WITHOUT_GAPS for name in pack.views.care[lane] if most}
    sheet = draw_seen(past, seen.seen, pack, valid_at, directory or {}, history=True, only=shown, newest=newest).sheet
    rows = {lane: _rows_of(lane, sheet, pack) for lane in pack.views.care}
    begins = _beginning(seen.facts, [row for found in rows.values() for row in found], valid_at)
    against = [_against(one, sheet) for one in crossings(seen.facts, pack, shown) if one.since <= valid_at]
    lanes = [_lane(lane, found, sheet, (begins, valid_at), most) for lane, found in rows.items()]
    named = {one for lane in lanes for row in lane["rows"] for one in row["findings"]}
    named |= {one for each in against for one in each["findings"]}
    return past.head() | {
        "valid_at": written_time(valid_at),
        "begins": written_time(begins),
        "pack": {"name": pack.name, "version": pack.version},
        "agencies": columns_of(sheet),
        "lanes": lanes,
        "against": against,
        "findings": [brief_finding(one) for one in sheet.findings if one["finding"] in named],
        "withheld": word_withheld(seen.standing, directory or {}, past.pseudonym),
        "erased": [entry_id(past.pseudonym, one.number) for one in seen.standing if one.sight is Sight.ERASED],
    }


def _rows_of(lane: str, sheet: Sheet, pack: Pack) -> list[Row]:
    """The rows of a lane. Care and nights are this child's: a brother's or sister's are not among them."""
    place = {name: number for number, name in enumerate(pack.views.care[lane])}
    found = [row for person in sheet.picture.people for row in person.rows if row.question.attribute in place]
    if lane in WITHOUT_GAPS:
        found = [row for row in found if row.question.counterpart is None]
    if lane == "nights":
        found = [row for row in found if row.question.about == CHILD]
    return sorted(found, key=lambda row: place[row.question.attribute])


def _beginning(facts: Facts, rows: Iterable[Row], at: datetime) -> datetime:
    """The child's birth, else the first moment of which anything here speaks."""
    births = [date.earliest_start for date in dates_of(facts.claims(_BIRTH))]
    starts = [hold.time.earliest_start for row in rows for cell in row.cells for hold in cell.holds]
    return min(births or [start for start in starts if start > BEGINNING] or [at], default=at)


def _lane(
    lane: str, rows: list[Row], sheet: Sheet, span: tuple[datetime, datetime], most: int | None
) -> dict[str, Any]:
    gaps = gaps_in(rows, *span) if lane in WITHOUT_GAPS else []
    return {
        "lane": lane,
        "title": _TITLES[lane],
        "rows": [_row(row, sheet) if most is None else _shortened(row, sheet, most) for row in rows],
        "gaps": [_gap(gap, lane) for gap in gaps],
    }


def _row(row: Row, sheet: Sheet, shown: Sequence[Cell] | None = None) -> dict[str, Any]:
    """A row of the picture, with its stretches in one list by the time at which they begin."""
    told = render_row(row, sheet, shown)
    cells = told.pop("cells")
    of_cell = ("agency", "agency_name", "source", "source_label", "own")
    stretches = [{name: cell[name] for name in of_cell} | hold for cell in cells for hold in cell["holds"]]
    return {
        "person": row.question.about,
        "person_label": sheet.names.label(row.question.about),
        **told,
        "stretches": sorted(stretches, key=_began),
        **{
            name: [
                {"agency": cell["agency"], "agency_name": cell["agency_name"]} | one
                for cell in cells
                for one in cell[name]
            ]
            for name in ("not_known", "also_said")
        },
    }


def _shortened(row: Row, sheet: Sheet, most: int) -> dict[str, Any]:
    """A row with no more of its stretches than the newest."""
    holds = [hold for cell in row.cells for hold in cell.holds]
    kept = {id(hold) for hold in sorted(holds, key=lambda hold: (hold.time.earliest_start, hold.claim.ref))[-most:]}
    cells = (replace(cell, holds=tuple(hold for hold in cell.holds if id(hold) in kept)) for cell in row.cells)
    there = [cell for cell in cells if cell.holds or cell.not_known or cell.also_said]
    return _row(row, sheet, there) | {"is_cut": len(holds) >= most}


def _began(stretch: Mapping[str, Any]) -> tuple[str, str, int]:
    since = stretch["since"]
    return since["earliest"] if since else "", stretch["entry"], stretch["index"]


def _gap(gap: Gap, lane: str) -> dict[str, Any]:
    first, last = civil_date(gap.since.latest), civil_date(gap.until.earliest - timedelta.resolution)
    when = capital(word_span(first, last))
    words = f"{when} nobody says {_OPEN[lane]}"
    if gap.is_presumed:
        words = f"{when} {_OPEN[lane]} is only presumed, from what was said before"
    return {
        "since": _bound(gap.since),
        "until": _bound(gap.until),
        "presumed": gap.is_presumed,
        "words": f"{words}.",
    }


def _bound(bound: Bound) -> dict[str, str]:
    return {"earliest": written_time(bound.earliest), "latest": written_time(bound.latest)}


def _against(one: Crossing, sheet: Sheet) -> dict[str, Any]:
    places = [[sheet.place(ref) for ref in side] for side in one.sides]
    wanted = {place for side in places for place in side}
    return {
        "rule": one.rule.name,
        "sort": one.sort,
        "words": f"{_SORTS[one.sort]}: {one.rule.meaning.strip()}",
        "ask": one.rule.ask,
        "why": one.rule.source,
        "since": None if one.since <= BEGINNING else written_time(one.since),
        "until": None if one.until is None else written_time(one.until),
        "certain": None
        if one.certain is None
        else {"since": written_time(one.certain[0]), "until": written_time(one.certain[1])},
        "sides": [[{"entry": entry, "index": index} for entry, index in side] for side in places],
        "findings": [finding["finding"] for finding in sheet.findings if _sets_apart(finding, wanted)],
    }


def _sets_apart(finding: Mapping[str, Any], wanted: set[tuple[str, int]]) -> bool:
    """Whether an open finding shows these statements, on its sides or among its evidence."""
    told = [*(one for side in finding["sides"] for one in side["statements"]), *finding["evidence"]]
    return wanted <= {(one["entry"], one.get("index", -1)) for one in told}
