"""What detection has to say, made into entries and projections, in the order in which it was found.

Bodies hold references only: which claims of which entries, under which rule, by which step. Each entry's event id
follows from what it says, and no two of the ledger's entries may share one: a second worker, a crash or a replay cannot
say anything twice.

A finding of the queue, or one that interrupts, is brought to one accountable party: the lead, or who stands in for
them (`bring_alerts`). What only needs asking, and that a picture changed, is kept and brought to nobody; and so is what
a rule in shadow finds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.domain.entry import Chance, written_time
from ledger.domain.event import EntryStep, Event
from ledger.domain.finding import Finding, finding_id
from ledger.domain.fold import step_key, step_name
from ledger.domain.interruption import alert_tier
from ledger.domain.outcome import CheckFailed, Closed, Due, Joined, Notice, Outcome, Raised
from ledger.domain.pack import Pack
from ledger.domain.person import link_facts
from ledger.domain.question import digest_of
from ledger.domain.record_state import RecordState
from ledger.domain.reraise import Why, why_reraised
from ledger.domain.shadow import speaks
from ledger.services.bring_alerts import Bringing, Wanted, bring_reads, involvement
from ledger.services.failed_checks import FailedChecks, check_key
from ledger.services.load_state import as_projected, place_of
from ledger.services.project import project_detected
from ledger.services.told import Told
from ledger.services.write_own import own_draft
from ledger.store.append import Draft, Locked, Statement, Stored, place
from ledger.store.database import SYSTEM
from ledger.store.detected import insert_link
from ledger.store.detection import DueMoment, FailedCheck, OpenFinding, Reading

#: The kind of the finding that tells a lead that a rule does not run on their record, and why it is closed.
CHECK_FAILED, CHECK_RAN = "check_failed", "check_ran"


@dataclass(slots=True)
class _Known:
    """One finding as the steps so far leave it, and as the entries said so far tell it."""

    finding: OpenFinding
    closed: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """An entry to be."""

    kind: str
    event_id: str
    body: Mapping[str, Any]


class Sayings:
    """Gathers what steps say of one record, then gives each entry its place under the head's lock."""

    def __init__(self, reading: Reading, open_checks: Iterable[OpenFinding] = ()) -> None:
        self._record_id = reading.record_id
        #: In order; whether anybody is brought what is wanted, and who, is only known under the head's lock.
        self._said: list[_Said | Wanted] = []
        self._known = {finding.finding_id: _Known(finding) for finding in open_checks}
        self._links: list[Statement] = []
        self._checks = FailedChecks(reading)

    def __bool__(self) -> bool:
        return bool(self._said)

    # ── gathering ──

    def add(
        self, event: Event, before: RecordState, after: RecordState, pack: Pack, outcomes: list[Outcome]
    ) -> list[DueMoment]:
        """Take up what one step said; the moments that it asks for."""
        name = step_name(event)
        for finding in before.findings.values():
            if finding.id not in self._known:
                self._known[finding.id] = _Known(as_projected(finding))
        was = {finding.id: finding for finding in before.findings.values()}
        for outcome in outcomes:
            self._add(outcome, name)
            if isinstance(outcome, Raised | Joined) and outcome.finding.tier != "prompt":
                known = was.get(outcome.finding.id) if isinstance(outcome, Joined) else None
                why = None if known is None else why_reraised(known, outcome.finding, event, before, after, pack)
                self._said.append(_wanted(outcome.finding, pack, event.at, name, why))
        self._follow(before, after, name)
        self._links += links_declared(self._record_id, event)
        moments = moments_asked(self._checks, event, after, pack, outcomes)
        self._tell_of_checks(event)
        return moments

    def add_failure(self, event: Event) -> None:
        """A step that cannot be run keeps the record where it is: say so."""
        self._checks.note_whole(event)
        self._tell_of_checks(event)

    def _add(self, outcome: Outcome, name: str) -> None:
        if isinstance(outcome, Raised):
            self._open(as_projected(outcome.finding), "finding_raised", name)
        elif isinstance(outcome, Joined):
            self._join(self._known[outcome.finding_id], as_projected(outcome.finding), name)
        elif isinstance(outcome, Closed):
            self._close(outcome, name)
        elif isinstance(outcome, Notice):
            notice = {
                "notice": outcome.kind,
                "rule": outcome.rule,
                "agency": outcome.agency,
                "question": outcome.question.digest,
                "held": place_of(outcome.held),
                "newer": place_of(outcome.newer),
                "step": name,
            }
            self._say("notice", f"{digest_of([str(self._record_id), notice])}.notice", notice)

    def _follow(self, before: RecordState, after: RecordState, name: str) -> None:
        """What is open now, as it is now: where links give a finding another key and no rule says so, it is said."""
        for key, finding in after.findings.items():
            if before.findings.get(key) is not finding:
                known, now = self._known[finding.id], as_projected(finding)
                if known.finding != now:
                    self._join(known, now, name)

    def _join(self, known: _Known, finding: OpenFinding, name: str) -> None:
        body = {
            "finding": finding.finding_id,
            "kind": finding.kind,
            "question": finding.key,
            **_rests_on(finding),
            "step": name,
        }
        self._say("finding_joined", f"{finding.finding_id}.joined.{name}", body)
        known.finding = finding

    def _open(self, finding: OpenFinding, kind: str, name: str) -> None:
        body = {
            "finding": finding.finding_id,
            "kind": finding.kind,
            "rule": finding.rule,
            "pack_version": finding.pack_version,
            "question": finding.key,
            **_rests_on(finding),
            "raised_at": written_time(finding.raised_at),
            "step": name,
        }
        self._known[finding.finding_id] = _Known(finding)
        self._say(kind, f"{finding.finding_id}.opened", body)

    def _close(self, outcome: Closed, name: str) -> None:
        finding = outcome.finding_id
        self._known[finding].closed = True
        body = {"finding": finding, "why": outcome.why, "step": name}
        if outcome.settled is not None:
            body["outcome"] = outcome.why
        self._say("finding_closed", f"{finding}.closed", body)

    def _say(self, kind: str, event_id: str, body: Mapping[str, Any]) -> None:
        self._said.append(_Said(kind, event_id, body))

    def _tell_of_checks(self, event: Event) -> None:
        for rule, failing in self._checks.of_rules().items():
            key = check_key(rule)
            open_now = [one for one in self._known.values() if one.finding.key == key and not one.closed]
            if failing and not open_now:
                name = step_name(event)
                finding = _of_check(finding_id(str(self._record_id), key, step_key(event)), key, failing[0], event)
                self._open(finding, CHECK_FAILED, name)
                wanted = Wanted(finding.finding_id, rule, "queue", event.at, name, always=True)
                self._said.append(wanted)
            elif open_now and not failing:
                self._close(Closed(open_now[0].finding.finding_id, CHECK_RAN), step_name(event))

    # ── placing ──

    def reads(self) -> list[Statement]:
        """The look-ups whose answers `place` takes: none where nobody would be brought anything."""
        return bring_reads(self._record_id) if any(isinstance(said, Wanted) for said in self._said) else []

    def place(
        self, locked: Locked, answers: Sequence[Any], pack: Pack | None, chance: Chance
    ) -> tuple[list[tuple[Draft, Stored]], list[Statement]]:
        """Give every entry its place in the record; they, and the statements that move the projections on.

        `answers` are those of `reads`; `pack` is the one in force now, whose clocks count.
        """
        head = locked.heads[self._record_id]
        bringing = Bringing(answers, pack) if answers else None
        placed: list[tuple[Draft, Stored]] = []
        entries: list[Told] = []

        def put(kind: str, event_id: str, body: Mapping[str, Any]) -> None:
            draft = own_draft(self._record_id, kind, event_id, body, chance)
            placed.append((draft, place(head, draft, locked.clock)))
            entries.append(Told.of(placed[-1][1], SYSTEM, kind, body))

        for said in self._said:
            if isinstance(said, _Said):
                put(said.kind, said.event_id, said.body)
                continue
            assert bringing is not None, "what is wanted was asked for"
            brought = bringing.bring(said, max(locked.clock, head.last_recorded_at))
            if brought is not None:
                if bringing.newly_involved(brought):
                    put(*involvement(self._record_id, brought, head.number))
                put(brought.kind, brought.event_id, brought.body)
        return placed, project_detected(entries)

    def statements(self) -> list[Statement]:
        """What moves on with the steps and not with what is said: links that entries declare, and failing checks."""
        return [*self._links, *self._checks.statements()]


def links_declared(record_id: UUID, event: Event) -> list[Statement]:
    """The links that an entry makes by declaring who holds a role; those of links themselves are their entries'."""
    if not isinstance(event, EntryStep) or event.kind in {"link", "unlink"}:
        return []
    facts = enumerate(link_facts(event.kind, event.agency, event.body))
    return [insert_link(record_id, event.number, i, fact.sort, fact.keys) for i, fact in facts]


def moments_asked(
    checks: FailedChecks, event: Event, after: RecordState, pack: Pack, outcomes: Iterable[Outcome]
) -> list[DueMoment]:
    """The moments that one step asks for, those at which failing checks are tried again among them."""
    outcomes = list(outcomes)
    failures = [outcome for outcome in outcomes if isinstance(outcome, CheckFailed)]
    moments = [DueMoment(one.at, one.number, one.index, one.cause) for one in outcomes if isinstance(one, Due)]
    return moments + checks.note(event, after, pack, failures)


def _wanted(finding: Finding, pack: Pack, at: datetime, name: str, why: Why | None) -> Wanted:
    """What is to be brought of a finding that is more than a prompt."""
    rule, tier = speaks(finding.rule, finding.basis.by), alert_tier(finding.basis, finding.rule, pack)
    return Wanted(finding.id, rule, tier, at, name, why)


def _rests_on(finding: OpenFinding) -> dict[str, Any]:
    return {
        "sides": finding.sides,
        "evidence": finding.evidence,
        "certain": finding.certain,
        "change_since": finding.change_since.isoformat() if finding.change_since else None,
        **({"is_stale": True} if finding.is_stale else {}),
        **({"marks": finding.marks} if finding.marks else {}),
    }


def _of_check(finding: str, key: str, failed: FailedCheck, event: Event) -> OpenFinding:
    return OpenFinding(
        finding_id=finding,
        key=key,
        kind=CHECK_FAILED,
        rule=failed.rule,
        pack_version="",
        sides=[[[failed.number, failed.index]]],
        evidence=[],
        certain=True,
        change_since=None,
        is_stale=False,
        marks={},
        raised_at=event.at,
    )
