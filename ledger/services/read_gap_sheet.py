"""What a page on gaps shows: each open one with its words and what an answer must name, and those that were answered.

The open ones are those of `read_gaps`; words, who tried, and what became of a closed one are rendered as for a finding,
from what the reader sees.
"""

from collections.abc import Mapping
from typing import Any, Final

from ledger.domain.entry import Chance, written_time
from ledger.domain.pack import Pack
from ledger.services.past import Past, look_again
from ledger.services.read_findings import Rendered
from ledger.services.read_gaps import gaps_in
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency
from ledger.store.timeline import by_number

_GAP: Final = "gap"
#: So many that were answered are shown, the newest first.
CLOSED_MOST: Final = 30


def read_gap_sheet(past: Past, *, pack: Pack, chance: Chance, directory: Mapping[str, Agency]) -> dict[str, Any]:
    """The open gaps, those that weigh most first, and the newest closed ones.

    ``past`` was opened to look at gaps. Writes the access record of looking at findings.
    """
    told = gaps_in(past, pack)
    look_again(past, "findings", chance)
    stored = [one for one in past.findings().values() if one.kind == _GAP]
    open_now = [one for one in stored if one.closed_number is None]
    closed = sorted((one for one in stored if one.closed_number is not None), key=_as_closed)[:CLOSED_MOST]
    words = {one.finding_id: rendered for one, rendered in Rendered.of(past, open_now, pack, directory).pairs}
    return told | {
        "gaps": [one | {"words": (words.get(one["gap"]) or {}).get("gap")} for one in told["gaps"]],
        "answered": _answered(past, closed, pack, directory),
    }


def _answered(
    past: Past, closed: list[StoredFinding], pack: Pack, directory: Mapping[str, Agency]
) -> list[dict[str, Any]]:
    """Of each gap that closed what it asked, who tried before, and since when it is closed."""
    places = {(past.record_id, one.closed_number) for one in closed if one.closed_number is not None}
    at = {entry.number: entry.recorded_at for entry in by_number(past.connection, places)}
    return [
        {
            "gap": one.finding_id,
            "what": rendered["gap"]["what_words"],
            "attempts": rendered["gap"]["attempts"],
            "raised_at": written_time(one.raised_at),
            "closed_at": written_time(at[one.closed_number]) if one.closed_number in at else None,
        }
        for one, rendered in Rendered.of(past, closed, pack, directory).pairs
        if rendered.get("gap") and rendered["gap"]["what_words"]
    ]


def _as_closed(finding: StoredFinding) -> tuple[int, str]:
    return -(finding.closed_number or 0), finding.finding_id
