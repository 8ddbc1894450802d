"""What differs in one child's record between two points, for one reader: what came, what changed, what began and ended.

Both points are numbers, so the same two are answered with the same bytes for ever, but for what was marked or erased
since. What was held is compared of one and the same moment of the child's life: else time alone would change it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.edtf import parse
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.services.differing_beliefs import differing_beliefs
from ledger.services.find_as_of import PointAsked, find_point
from ledger.services.judge_record import judge_past
from ledger.services.past import Past, open_past
from ledger.services.read_expectations import MET_DAYS_MOST, expectations_in
from ledger.services.read_findings import Rendered
from ledger.services.read_picture import draw
from ledger.services.read_timeline import Reading
from ledger.services.refusal import RefusedError
from ledger.services.render_picture import render_people
from ledger.services.render_view import by_alert, finding_named
from ledger.services.see import Reader, Seen, Sight
from ledger.store.database import SYSTEM
from ledger.store.people import Agency
from ledger.store.timeline import of_all, page

_SHOWN: Final[Mapping[str, Any]] = {}
_BRIEF: Final = ("id", "number", "recorded_at", "agency", "sight", "kind")
_STEPS: Final[Mapping[str, str]] = {
    "finding_raised": "raised", "finding_joined": "joined", "finding_closed": "closed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Between:
    """From which point to which, and of which moment of the child's life what is held is compared.

    ``start_at`` and ``end_at``: at which moments clocks are read; None: those of the points.
    """

    start: PointAsked
    end: PointAsked
    valid_at: datetime | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None


def differences(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: Between,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency] | None = None,
) -> dict[str, Any]:
    """What differs between two points of a record. Writes the access record. Cost: that of reading it twice.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    What is for people passes a directory, by which findings name agencies; without one they do by their ids.
    """
    named = directory or {}
    later = open_past(connection, reader, record_id, asked.end, what="differences", chance=chance)
    point = find_point(connection, reader, record_id, asked.start)
    if point.number > later.point.number:
        raise RefusedError("points_run_back", "the first point is later than the second", "/from")
    earlier = replace(later, point=point, asked=asked.start, kept=_kept(asked.start_at))
    later = replace(later, kept=_kept(asked.end_at))
    valid_at = asked.valid_at or later.moment
    items = list(_added(Reading.of(later, pack, None, {}), point.number))
    return {
        "child": str(record_id),
        "from": earlier.point.as_json() | {"at": written_time(earlier.moment)},
        "to": later.point.as_json() | {"at": written_time(later.moment)},
        "valid_at": written_time(valid_at),
        "pack": {"name": pack.name, "version": pack.version},
        "entries": [{name: item[name] for name in _BRIEF} for item in items],
        "beliefs": differing_beliefs(
            *(render_people(draw(one, pack, valid_at, named).sheet) for one in (earlier, later))
        ),
        **_findings(later, items, pack, named),
        "leads": _leads(later, point.number),
        "involvements": _involvements(earlier, later),
        "expectations": _expectations(earlier, later, pack),
    }


def _kept(moment: datetime | None) -> dict[str, Any]:
    return {} if moment is None else {"moment": moment}


def _added(reading: Reading, after: int) -> Iterator[Mapping[str, Any]]:
    """Every entry after a number, as a timeline shows it: in brief where it tells of nothing that was found.

    Only what tells of a finding is rendered: whether its reader may know of it, nothing else can say.
    """
    past, alerts = reading.past, by_alert(reading.findings)
    number = past.point.number
    stored = page(past.connection, past.record_id, after=after, up_to=number, limit=max(number, 1))
    seen = [past.look(entry) for entry in stored]
    telling = {entry.number for entry in seen if entry.agency == SYSTEM or finding_named(entry, alerts) is not None}
    rendered = reading.rendered([entry for entry in stored if entry.number in telling])
    told = dict[int, Mapping[str, Any] | None].fromkeys(telling) | {item["number"]: item for item, _ in rendered}
    for entry in seen:
        if entry.sight is not Sight.NOTHING and (item := told.get(entry.number, _SHOWN)) is not None:
            yield item or _brief(past, entry)


def _brief(past: Past, entry: Seen) -> dict[str, Any]:
    return {
        "id": entry_id(past.pseudonym, entry.number),
        "number": entry.number,
        "recorded_at": written_time(entry.recorded_at),
        "agency": entry.agency,
        "sight": entry.shown_sight.value,
        "kind": entry.kind,
    }


def _findings(
    later: Past, items: Iterable[Mapping[str, Any]], pack: Pack, directory: Mapping[str, Agency]
) -> dict[str, Any]:
    """Findings and gaps that were raised, moved on or closed, each with the entry by which it was."""
    steps = [(_STEPS[str(item["kind"])], item) for item in items if item.get("kind") in _STEPS]
    named = {str(item["finding"]["finding"]) for _, item in steps}
    known = later.findings()
    chosen = [known[name] for name in sorted(named & known.keys())]
    rendered = {finding.finding_id: told for finding, told in Rendered.of(later, chosen, pack, directory).pairs}
    findings: dict[str, list[dict[str, Any]]] = {name: [] for name in _STEPS.values()}
    gaps: dict[str, list[dict[str, Any]]] = {"opened": [], "closed": []}
    for how, item in steps:
        finding = rendered.get(item["finding"]["finding"])
        if finding is None:
            continue
        told = {"entry": item["id"], "recorded_at": item["recorded_at"], "finding": finding}
        told |= {"why": item["why"]} if "why" in item else {}
        if finding["kind"] != "gap":
            findings[how].append(told)
        elif how != "joined":
            gaps["opened" if how == "raised" else "closed"].append(told)
    return {"findings": findings, "gaps": gaps}


def _leads(later: Past, after: int) -> dict[str, Any]:
    """Who led before and after, and each entry that named somebody."""
    named = [_lead(later, seen) for seen in _visible(later, ("lead",))]
    before = [one for one in named if one["number"] <= after]
    return {
        "before": before[-1] if before else None,
        "after": named[-1] if named else None,
        "named": named[len(before) :],
    }


def _lead(past: Past, seen: Seen) -> dict[str, Any]:
    return _placed(past, seen) | {name: seen.body.get(name) for name in ("agency", "person", "deputy")}


def _involvements(earlier: Past, later: Past) -> dict[str, Any]:
    """Which agencies' parts were recorded, and which ended, by an entry that says until when, or by that moment."""
    begun, ended = [], []
    for seen in _visible(later, ("involvement", "lead")):
        agency = str(seen.body.get("agency") or seen.agency)
        told = {**_placed(later, seen), "agency": agency, "until": seen.body.get("until")}
        if seen.number > earlier.point.number:
            begun.append(told)
        end = _end(seen.body.get("until"))
        if end is not None and max(earlier.moment, seen.recorded_at) < end <= later.moment:
            ended.append(told)
    return {"begun": begun, "ended": ended}


def _end(until: object) -> datetime | None:
    return parse(until).latest_end if isinstance(until, str) else None


def _visible(past: Past, kinds: Sequence[str]) -> list[Seen]:
    stored = of_all(past.connection, past.record_id, kinds, past.point.number)
    return [seen for entry in stored if (seen := past.look(entry)).is_visible]


def _placed(past: Past, seen: Seen) -> dict[str, Any]:
    return {
        "entry": entry_id(past.pseudonym, seen.number),
        "number": seen.number,
        "recorded_at": written_time(seen.recorded_at),
        "by": seen.agency,
    }


def _expectations(earlier: Past, later: Past, pack: Pack) -> dict[str, list[dict[str, Any]]]:
    """What came to be awaited, and of what is awaited what became late, was refused or came."""
    before, after = (
        {_awaited(one): one for one in expectations_in(past.connection, judge_past(past, pack), MET_DAYS_MOST)}
        for past in (earlier, later)
    )
    found: dict[str, list[dict[str, Any]]] = {"started": [], "lapsed": [], "refused": [], "fulfilled": []}
    for name, one in after.items():
        was = before[name]["state"] if name in before else None
        if was is None:
            found["started"].append(one)
        if one["state"] != was and one["state"] in ("lapsed", "refused", "met"):
            found["fulfilled" if one["state"] == "met" else one["state"]].append(one)
    return found


def _awaited(one: Mapping[str, Any]) -> tuple[Any, ...]:
    trigger = one["trigger"]
    return one["rule"], trigger["entry"], trigger["index"], one["topic"], one["about"]
