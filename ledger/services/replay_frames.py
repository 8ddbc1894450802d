"""The frames of a replay: each entry of an agency, and each run of entries by which the ledger said what a step found.

A frame tells how things stood once its last entry was recorded, and nothing of what came later: it is the same whatever
was recorded since, but for markings and erasures, which count as now where that is stricter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from ledger.domain.alert import OF_THE_KEEPER
from ledger.domain.entry import written_time
from ledger.domain.pack import Pack
from ledger.domain.question import Question
from ledger.domain.record_state import Surroundings
from ledger.services.bring_alerts import alert_id
from ledger.services.find_as_of import apply_step
from ledger.services.gather_disputes import with_disputes
from ledger.services.held_rows import HeldRows
from ledger.services.past import Past, names_in
from ledger.services.render_entry import places_needed, render_entry
from ledger.services.render_finding import places_of
from ledger.services.render_view import View, finding_named
from ledger.services.see import Eyes, Reader, Seen, Sight
from ledger.services.warn import with_warnings
from ledger.services.word_claim import wording_of
from ledger.store.database import SYSTEM
from ledger.store.findings import StoredFinding
from ledger.store.markings import remarked
from ledger.store.people import Agency
from ledger.store.timeline import StoredEntry, by_number, of_agencies

#: How the kinds of what the ledger writes of a finding are called in a frame.
_MOVES: Final[Mapping[str, str]] = {
    "finding_raised": "raised", "finding_joined": "changed", "finding_closed": "closed",
}  # fmt: skip
_STEPS: Final = frozenset({*_MOVES, "notice"})


@dataclass
class Group:
    """Entries in a row that are one frame: one of an agency's, or all that the ledger wrote of one step."""

    is_own: bool
    #: It tells of a clock, or of whose an alert is: no step's, but a moment's of its own.
    is_kept: bool = False
    #: Which step the ledger's own are of, once one of them says so.
    step: str | None = None
    number: int = 0
    hash: bytes = b""
    at: str = ""
    #: What is shown, rendered as each stood when it was recorded; and how many findings were open after the last.
    items: list[dict[str, Any]] = field(default_factory=list)
    open: int = 0
    held: list[dict[str, Any]] = field(default_factory=list)

    def goes_on(self, entry: StoredEntry, step: str | None) -> bool:
        """Whether an entry is of this frame: the ledger's own, of the same step or, as alerts, of none."""
        is_kept = entry.kind in OF_THE_KEEPER or self.is_kept
        return self.is_own and entry.agency == SYSTEM and not is_kept and (step is None or self.step in (None, step))


class Frames:
    """Makes frames of one record's entries, given in order. Keeps claims and findings' references, and no words."""

    def __init__(
        self,
        past: Past,
        pack: Pack,
        around: Surroundings,
        valid_at: datetime | None,
        directory: Mapping[str, Agency],
    ) -> None:
        self._directory, self._names = directory, names_in(directory)
        self._past, self._pack, self._around, self._valid_at = past, pack, around, valid_at
        self._standing: dict[str, StoredFinding] = {}
        self._alerts: dict[str, str] = {}
        self._open = set[str]()
        self._touched = set[Question]()
        self._rows = HeldRows((past.record_id, past.pseudonym), pack, around.agency_kinds, self._names)
        self._group: Group | None = None
        self._count = 0
        self._system = Eyes(Reader(SYSTEM))

    def reading_by(self, past: Past) -> None:
        """Go on in another transaction."""
        self._past = past
        self._withdrawing: dict[int, list[int]] = {}
        for (record, number), by in past.eyes.withdrawals.items():
            if record == past.record_id:
                self._withdrawing.setdefault(by, []).append(number)
        self._remarked = remarked(past.connection, past.record_id)

    def take(self, entries: Iterable[StoredEntry]) -> Iterator[dict[str, Any]]:
        """The frames that are complete once these entries, the next in order, are read."""
        for entry in entries:
            step, own = self._step_of(entry), entry.agency == SYSTEM
            if self._group is None or not self._group.goes_on(entry, step):
                yield from self.finish()
                self._group = Group(own, is_kept=own and entry.kind in OF_THE_KEEPER)
            group = self._group
            group.step = step or group.step
            group.number, group.hash, group.at = entry.number, entry.hash, written_time(entry.recorded_at)
            if own:
                self._follow(entry)
            seen = self._past.eyes.look(entry, up_to=entry.number)
            item = None if seen.sight is Sight.NOTHING else self._shown(seen)
            group.items += [] if item is None else [item]
            if not own:
                self._touched |= self._rows.take(seen, self._withdrawing.get(entry.number, ()))
                if entry.number in self._remarked:
                    self._look_again(entry.number)
                if item is not None:
                    group.held = self._rows.rows(self._touched, self._valid_at or entry.recorded_at)
                    self._touched = set()
            group.open = len(self._open)

    def finish(self) -> Iterator[dict[str, Any]]:
        """The frame that was being made, where its reader sees anything of it."""
        group, self._group = self._group, None
        if group is None or not group.items:
            return
        self._count += 1
        yield {
            "frame": self._count,
            "number": group.number,
            "hash": group.hash.hex(),
            "at": group.at,
            "entry": None if group.is_own else group.items[0],
            "found": group.items if group.is_own else [],
            "findings": _moves(group.items if group.is_own else ()),
            "open": group.open,
            "held": group.held,
        }

    def with_warnings(self, frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """These frames with what was warned of their entries, in one look-up."""
        items = [frame["entry"] for frame in frames if frame["entry"] is not None]
        whole = {item["number"] for item in items if item["sight"] == Sight.FULL.value}
        past = self._past
        warned = iter(with_warnings(past.connection, past.record_id, past.eyes, items, whole))
        return [frame | ({"entry": next(warned)} if frame["entry"] is not None else {}) for frame in frames]

    def _step_of(self, entry: StoredEntry) -> str | None:
        """By which step the ledger wrote an entry; None of an agency's, and where it says none."""
        if entry.agency != SYSTEM or entry.kind not in _STEPS:
            return None
        return str(self._system.look(entry).body.get("step", ""))

    def _follow(self, entry: StoredEntry) -> None:
        """Move the findings on by what the ledger wrote, as far back as it may be asked for: to the entry before."""
        seen = self._system.look(entry)
        name = str(seen.body.get("finding"))
        if seen.sight is not Sight.FULL or entry.kind not in _MOVES:
            return
        apply_step(self._standing, seen)
        finding = self._standing.get(name)
        if finding is None:
            return
        before = {at: replace(one, before={}) for at, one in finding.before.items() if at == entry.number}
        self._standing[name] = replace(finding, before=before)
        self._alerts[alert_id(name)] = name

    def _look_again(self, up_to: int) -> None:
        """Once something is marked anew, what its reader sees of all before may be another: more, or less."""
        past = self._past
        stored = of_agencies(past.connection, past.record_id, up_to)
        self._touched |= self._rows.again(past.eyes.look(entry, up_to=up_to) for entry in stored)
        open_now = [name for name, finding in self._standing.items() if finding.closed_number is None]
        self._open = {name for name in open_now if self._is_known(self._standing[name], up_to)}

    def _shown(self, seen: Seen) -> dict[str, Any] | None:
        """One entry as a timeline up to it shows it."""
        up_to = seen.number
        name = finding_named(seen, self._alerts) or ""
        findings = {name: self._standing[name]} if name in self._standing else {}
        needed = places_needed([seen], findings) - {up_to}
        view = self._view(findings, needed, up_to, {seen.number: seen})
        item = render_entry(seen, view)
        if name in findings and seen.kind in _MOVES:
            is_open = findings[name].closed_number is None and view.rendered(findings[name]) is not None
            (self._open.add if is_open else self._open.discard)(name)
        return item

    def _is_known(self, finding: StoredFinding, up_to: int) -> bool:
        view = self._view({finding.finding_id: finding}, places_of(finding), up_to, {})
        return view.rendered(finding) is not None

    def _view(
        self, findings: Mapping[str, StoredFinding], needed: Collection[int], up_to: int, glimpses: dict[int, Seen]
    ) -> View:
        """What an entry, or a finding, is rendered from as things stood at a number."""
        past = self._past
        if needed:
            stored = by_number(past.connection, {(past.record_id, number) for number in needed})
            looked = [past.eyes.look(entry, up_to=up_to) for entry in stored]
            glimpses |= with_disputes(past.connection, past.eyes, past.record_id, past.pseudonym, looked, up_to)
        return View(
            past.reader, past.pseudonym, None, self._pack, self._directory, findings, glimpses,
            wording_of(glimpses.values(), self._names), self._around,
        )  # fmt: skip


def _moves(items: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Which findings these entries raised, moved on or closed."""
    found: dict[str, list[Any]] = {name: [] for name in _MOVES.values()}
    for item in items:
        how = _MOVES.get(str(item.get("kind")))
        if how is not None:
            found[how].append(item["finding"] | ({"why": item.get("why")} if how == "closed" else {}))
    return found
