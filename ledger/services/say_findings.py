"""What detection has to say, made into entries and projections, in the order in which it was found.

Bodies hold references only: which claims of which entries, under which rule, by which step. Each entry's event id
follows from what it says, and no two of the ledger's entries may share one: a second worker, a crash or a replay cannot
say anything twice.

A finding of the queue, or one that interrupts, is brought to one accountable party: the lead, or the duty desk where
nobody leads. What only needs asking, and that a picture changed, is kept and brought to nobody.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.domain.entry import Chance, written_time
from ledger.domain.event import EntryStep, Event
from ledger.domain.finding import finding_id
from ledger.domain.fold import step_key, step_name
from ledger.domain.outcome import CheckFailed, Closed, Due, Joined, Notice, Outcome, Raised
from ledger.domain.pack import Pack
from ledger.domain.person import link_facts
from ledger.domain.question import digest_of
from ledger.domain.record_state import RecordState
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
    """An entry to be; whom an alert goes to is only known under the head's lock."""

    kind: str
    event_id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Receiver:
    """Who is accountable now."""

    agency: str
    person: str | None
    #: It is the duty desk, and has no part in the record yet.
    is_new: bool = False


class Sayings:
    """Gathers what steps say of one record, then gives each entry its place under the head's lock."""

    def __init__(self, reading: Reading, open_checks: Iterable[OpenFinding] = ()) -> None:
        self._record_id = reading.record_id
        self._said: list[_Said] = []
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
        for outcome in outcomes:
            self._add(outcome, name, event.at)
        self._follow(before, after, name)
        self._links += links_declared(self._record_id, event)
        moments = moments_asked(self._checks, event, after, pack, outcomes)
        self._tell_of_checks(event)
        return moments

    def add_failure(self, event: Event) -> None:
        """A step that cannot be run keeps the record where it is: say so."""
        self._checks.note_whole(event)
        self._tell_of_checks(event)

    def _add(self, outcome: Outcome, name: str, at: datetime) -> None:
        if isinstance(outcome, Raised):
            is_alerted = outcome.finding.tier != "prompt"
            self._open(as_projected(outcome.finding), "finding_raised", name, is_alerted=is_alerted)
        elif isinstance(outcome, Joined):
            finding = as_projected(outcome.finding)
            known = self._known[finding.finding_id]
            was_prompt = _is_prompt(known.finding)
            self._join(known, finding, name)
            if was_prompt and not _is_prompt(finding):
                self._alert(known, at)
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

    def _open(self, finding: OpenFinding, kind: str, name: str, *, is_alerted: bool) -> None:
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
        known = self._known[finding.finding_id] = _Known(finding)
        self._say(kind, f"{finding.finding_id}.opened", body)
        if is_alerted:
            self._alert(known, finding.raised_at)

    def _alert(self, known: _Known, at: datetime) -> None:
        """Bring a finding to whoever is accountable: when it is raised, or when it comes to be more than a prompt."""
        finding = known.finding.finding_id
        body = {"alert": alert_id(finding), "finding": finding, "raised_at": written_time(at)}
        self._say("alert_raised", f"{finding}.alert", body)

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
                self._open(finding, CHECK_FAILED, name, is_alerted=True)
            elif open_now and not failing:
                self._close(Closed(open_now[0].finding.finding_id, CHECK_RAN), step_name(event))

    # ── placing ──

    def place(self, locked: Locked, chance: Chance) -> tuple[list[tuple[Draft, Stored]], list[Statement]]:
        """Give every entry its place in the record; they, and the statements that move the projections on.

        `locked.answers` begins with those of `lead_of` and `duty_desk_of`.
        """
        head = locked.heads[self._record_id]
        placed: list[tuple[Draft, Stored]] = []
        entries: list[Told] = []

        def put(said: _Said) -> None:
            draft = own_draft(self._record_id, said.kind, said.event_id, said.body, chance)
            placed.append((draft, place(head, draft, locked.clock)))
            entries.append(Told.of(placed[-1][1], SYSTEM, said.kind, said.body))

        to = _receiver(locked)
        if to.is_new and any(said.kind == "alert_raised" for said in self._said):
            # Who is to act must be able to read.
            part = {"agency": to.agency, "role": "duty_desk", "reason": "no lead professional"}
            put(_Said("involvement", f"{self._record_id}.duty_desk.{head.number}", part))
        for said in self._said:
            if said.kind == "alert_raised":
                body = {**said.body, "to": {"agency": to.agency, "person": to.person}}
                said = _Said(said.kind, said.event_id, body)  # noqa: PLW2901 — the same, with its receiver
            put(said)
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


def alert_id(finding: str) -> str:
    """The name of the one alert that a finding has."""
    return hashlib.sha256(f"alert/{finding}".encode()).hexdigest()[:32]


def _is_prompt(finding: OpenFinding) -> bool:
    return finding.marks.get("tier") == "prompt"


def _receiver(locked: Locked) -> _Receiver:
    lead, desk = locked.answers[:2]
    if lead:
        return _Receiver(*lead[0])
    agency, is_involved = desk[0]
    return _Receiver(agency, None, is_new=not is_involved)


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
