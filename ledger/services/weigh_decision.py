"""Whether a decision stands, as one reader may see the record: what it rests on, by what was known when it was made.

A decision stands at once when nothing grave is open against its basis, as far as the reader sees it, and nothing that
detection raised at the decision's own step, of which the reader may know, bars it. Else it stands when it is overridden
by two people. Whatever cannot be worked out is said to be so: no decision is lost over it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import structlog

from ledger.domain.claim import DECISION, Claim
from ledger.domain.decision import Assumption, Deciding, assumptions, deciding_of, stands_at_once
from ledger.domain.entry import parse_entry_id
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.record_state import Surroundings
from ledger.services.past import Past
from ledger.services.read_findings import Rendered
from ledger.services.see import Seen
from ledger.services.seen_record import SeenRecord, look_over
from ledger.services.word_decision import Standing
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency, surroundings_of
from ledger.store.timeline import StoredEntry, of_agencies

OVERRIDE: Final = "decision_override"
BASIS: Final = "decision_basis"
#: What says something against a decision by being said, and not by time going by.
_SAID: Final = frozenset({"contested", "unasked", "uncorroborated", "open"})

_log = structlog.get_logger("ledger.weigh_decision")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A decision with what it rests on; ``found`` is None where that could not be worked out."""

    deciding: Deciding
    found: Sequence[Assumption] | None
    seen: SeenRecord

    @property
    def is_barred(self) -> bool:
        """Whether something grave is open against its basis."""
        return self.found is not None and not stands_at_once(self.found)


def weigh(deciding: Deciding, seen: SeenRecord, at: datetime) -> Weighed:
    """What a decision rests on by what is seen of the record, at a moment."""
    try:
        found: Sequence[Assumption] | None = assumptions(deciding, seen.facts, at)
    except Exception as error:  # noqa: BLE001 - a decision is kept and shown, whatever is wrong with the weighing
        _log.error("a decision could not be weighed", record=str(seen.past.record_id), error=type(error).__name__)
        found = None
    return Weighed(deciding, found, seen)


@dataclass(frozen=True)
class Deliberations:
    """The decisions of a record, at one point. Made by `deliberate`."""

    past: Past
    pack: Pack
    directory: Mapping[str, Agency]
    stored: Sequence[StoredEntry]
    around: Surroundings
    #: The record as it is seen at the point.
    newest: SeenRecord
    #: What was found of decisions, as the reader may see it.
    findings: Sequence[tuple[StoredFinding, dict[str, Any]]]
    kept: dict[int, SeenRecord] = field(default_factory=dict, repr=False)

    def at(self, number: int, moment: datetime) -> SeenRecord:
        """The record as it was seen when it had come to a number."""
        if number not in self.kept:
            point = replace(self.past.point, number=number)
            past = replace(self.past, point=point, kept={"moment": moment})
            self.kept[number] = look_over(past, self.stored, self.around, self.pack, self.directory)
        return self.kept[number]

    @property
    def decisions(self) -> list[Seen]:
        """All that the reader sees, those that were withdrawn too, in order."""
        return [entry for entry in self.newest.seen if entry.kind == "decision"]

    def one(self, entry: Seen) -> "Deliberation":
        """One of these, with how it stood and stands."""
        return Deliberation(self, entry)

    def deciding(self, entry: Seen) -> Deciding:
        """What it states. Cost: that of reading the record up to it."""
        then = self.at(entry.number, entry.recorded_at)
        claim = next((one for one in _decisions_in(then) if one.number == entry.number), None)
        if claim is None:  # it was withdrawn by the time at which it is looked at, or says nothing
            return Deciding(str(entry.body.get("kind", "")), entry.agency, entry.recorded_at, entry.number)
        return deciding_of(claim, then.facts)


@dataclass(frozen=True)
class Deliberation:
    """One decision of a record."""

    among: Deliberations
    entry: Seen

    @cached_property
    def deciding(self) -> Deciding:
        """What it states that it relies on, and of which kind it is."""
        return self.among.deciding(self.entry)

    @property
    def then(self) -> Weighed:
        """What it rested on when it was recorded."""
        return weigh(self.deciding, self.among.at(self.entry.number, self.entry.recorded_at), self.entry.recorded_at)

    @property
    def now(self) -> Weighed:
        """The same by all that is known at the point, or was when another decision took its place."""
        end = self.ended_by
        if end is not None:
            return weigh(self.deciding, self.among.at(end.number, end.recorded_at), end.recorded_at)
        return weigh(self.deciding, self.among.newest, self.among.past.moment)

    @property
    def overrides(self) -> list[Seen]:
        """The entries by which it is overridden: its own, where it says so itself, and later ones."""
        own = [self.entry] if self.entry.body.get("override") else []
        later = (entry for entry in self.among.newest.standing if entry.kind == OVERRIDE)
        return [*own, *(entry for entry in later if _named_in(entry) == self.entry.number)]

    @property
    def findings(self) -> list[tuple[StoredFinding, dict[str, Any]]]:
        """What detection found of it, of which the reader may know."""
        number = self.entry.number
        return [pair for pair in self.among.findings if any(ref[0] == number for side in pair[0].sides for ref in side)]

    def standing(self, then: Weighed) -> Standing:
        """Whether it stood at once, stands by override, or does not."""
        barred = then.is_barred or any(
            bars(finding) and finding.raised_at == self.entry.recorded_at for finding, _ in self.findings
        )
        if not barred:
            return "standing"
        return "overridden" if self.overrides else "not_standing"

    def since(self, then: Weighed, now: Weighed) -> list[Assumption]:
        """What was said against its basis since it was recorded, or last overridden."""
        anchor = max([self.entry.number, *(entry.number for entry in self.overrides)])
        return _worse(then.found or (), now.found or (), anchor)

    def is_questioned(self, since: Sequence[Assumption]) -> bool:
        """Whether something grave came up since, by what is known or by what detection has raised."""
        after = max([self.entry.recorded_at, *(entry.recorded_at for entry in self.overrides)])
        raised = (one for one, _ in self.findings if bars(one) and one.closed_number is None)
        return any(one.grave for one in since) or any(one.raised_at > after for one in raised)

    @property
    def ended_by(self) -> Seen | None:
        """The decision that took its place: one of the kinds that end it, or the same by the same agency.

        Found without weighing it.
        """
        settings, called = self.among.pack.decisions, str(self.entry.body.get("kind", ""))
        kind = settings.kind_of(called)
        for later in self.among.newest.standing:
            if later.kind != "decision" or later.number <= self.entry.number:
                continue
            other = settings.kind_of(str(later.body.get("kind", "")))
            if kind is not None and other is not None and other.name in kind.ended_by:
                return later
            is_same = other is kind if kind is not None else later.body.get("kind") == called
            if is_same and later.agency == self.entry.agency:
                return later
        return None


def deliberate(
    past: Past, pack: Pack, directory: Mapping[str, Agency] | None = None, newest: SeenRecord | None = None
) -> Deliberations:
    """The decisions of a record at the point that ``past`` was opened at. Cost: reading the record once, unless it was
    (``newest``), and again up to each decision that is weighed.
    """
    connection, record_id = past.connection, past.record_id
    stored = of_agencies(connection, record_id, past.point.number)
    around = surroundings_of(connection, [record_id])[record_id]
    newest = newest or look_over(past, stored, around, pack, directory)
    found = sorted((one for one in past.findings().values() if one.kind == BASIS), key=lambda one: one.opened_number)
    told = Rendered.of(past, found, pack, directory).pairs
    return Deliberations(past, pack, directory or {}, stored, around, newest, told)


def bars(finding: StoredFinding) -> bool:
    """Whether a finding alerts somebody: what only needs asking bars no decision."""
    return bool(finding.marks.get("tier", "queue") != "prompt")


def _decisions_in(seen: SeenRecord) -> list[Claim]:
    return seen.facts.claims(Topic(DECISION, CHILD))


def _named_in(entry: Seen) -> int | None:
    named = parse_entry_id(str(entry.body.get("of", "")))
    return None if named is None else named[1]


def _worse(then: Iterable[Assumption], now: Iterable[Assumption], anchor: int) -> list[Assumption]:
    """What was not so, or not for the same reasons; that a word has grown stale meanwhile is none."""
    before = {(one.item, one.question, one.relied_on): one.states for one in then}
    return [
        one
        for one in now
        if (one.states & _SAID) - before.get((one.item, one.question, one.relied_on), frozenset())
        or (one.states & _SAID and any(ref.number > anchor for ref in one.against))
    ]
