"""Detection: one step makes of a record's state, and an entry or a due moment, the next state and what to say.

`step` is pure and deterministic: its only now is the event's time, its rules those of the pack it is given. So five
runs or one, a worker that was away for a day, a backtest and a replay give the same findings with the same ids.

Invariants:

* One open finding for a key. What opened it gives its id; new evidence joins it; when it no longer stands it is
  closed, and what stands again later is another finding.
* A rule that fails on a question leaves its finding as it was, is said, and runs again at the next step on that
  question; the other rules run meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any

from ledger.domain.claim import Ref
from ledger.domain.entry import written_time
from ledger.domain.event import DueStep, EntryStep, Event
from ledger.domain.facts import Facts
from ledger.domain.finding import TIERS, Basis, Finding, finding_id
from ledger.domain.need import Judged, areas_of, look_ahead, needed
from ledger.domain.outcome import MERGED, CheckFailed, Closed, Due, Joined, Notice, Outcome, Raised
from ledger.domain.pack import Pack
from ledger.domain.question import Question
from ledger.domain.record_state import RecordState, StateIncompleteError
from ledger.domain.rule import GLASS_BROKEN, Rule, Verdict, View

#: Entries that detection reads: all that agencies send. They move a record's due number.
DETECTION_READS = frozenset(
    {
        "child", "involvement", "lead", "lead_ended",
        "observation", "contact", "correction", "void",
        "decision", "decision_override", "action", "done", "referral", "handover", "reply",
        "check", "position", "allegation", "link", "unlink", "outcome",
        "record_moved", "share", "information_request", "information_answer", "rectification", "rectification_outcome",
        "glass", "glass_review", "marking", "erasure_answer",
        "disagreement", "disagreement_reply", "disagreement_step_up", "disagreement_settled",
        "assessment", "assessment_asked", "assessment_reply", "assessment_signed", "concern", "concern_answer",
    }
)  # fmt: skip
#: Entries that the ledger itself writes of what steps say and of what people then do; detection reads none of them.
SYSTEM_KINDS = frozenset(
    {
        "finding_raised", "finding_joined", "finding_closed", "check_failed", "notice",
        "alert_raised", "alert_reraised", "alert_lapsed", "alert_moved", "alert_woken",
        "alert_opened", "acknowledgement", "alert_action", "alert_snooze", "dispatch",
    }
)  # fmt: skip


def step(state: RecordState, event: Event, pack: Pack) -> tuple[RecordState, list[Outcome]]:
    """The state after ``event``, and what detection has to say about it. Raises StateIncompleteError."""
    if needed(state, event, pack):
        raise StateIncompleteError("load what `needed` names before this step")
    state = state.under(pack)
    outcomes: list[Outcome] = []
    if isinstance(event, EntryStep) and event.kind == "outcome":
        return _settled(state, event, pack)
    after, bearing = look_ahead(state, event, pack)
    if (after.people, after.things) == (state.people, state.things):
        areas = bearing.areas_on(bearing.changed)
    else:
        after, merged, renamed = after.rekeyed(pack)
        outcomes.extend(Closed(finding.id, MERGED) for finding in merged)
        areas = areas_of(bearing.changed | renamed, bearing.facts)
    change = _Change(state, after, event, bearing.facts)
    for judged in areas:
        outcomes.extend(change.check(judged))
    return change.after, outcomes


def _settled(state: RecordState, event: EntryStep, pack: Pack) -> tuple[RecordState, list[Outcome]]:
    """A person's outcome closes a finding, and is remembered with what the finding rested on.

    Where a rule asks for two people, the first has signed and the second, another, closes it.
    """
    finding = next((one for one in state.findings.values() if one.id == event.body.get("finding")), None)
    if finding is None:
        return state, []
    if finding.rule == GLASS_BROKEN:
        return state, []  # its review alone ends it
    rule, person = pack.rules.get(finding.rule), signatory(event.agency, event.body)
    if rule is not None and rule.needs_two and not set(finding.basis.signed) - {person}:
        if finding.basis.signed:
            return state, []
        signed = replace(finding, basis=replace(finding.basis, signed=(person,)))
        return replace(state, findings={**state.findings, finding.key: signed}), [Joined(signed)]
    findings = {key: kept for key, kept in state.findings.items() if kept is not finding}
    after = replace(state, findings=findings, settled=(*state.settled, finding))
    return after, [Closed(finding.id, str(event.body["outcome"]), settled=finding)]


def run(
    state: RecordState,
    entries: Iterable[EntryStep],
    pack: Pack,
    *,
    due: Iterable[Due] = (),
    until: datetime | None = None,
) -> Iterator[tuple[Event, RecordState, list[Outcome]]]:
    """Step through entries, and what falls due meanwhile and then up to ``until``, in order of time and number.

    What is still due after that is not stepped: it is in the outcomes, for whoever goes on.
    """
    known = {(moment.at, moment.number, moment.index, moment.cause) for moment in due}
    waiting = [*known]
    heapify(waiting)

    def stepped(event: Event) -> tuple[Event, RecordState, list[Outcome]]:
        nonlocal state
        state, outcomes = step(state, event, pack)
        for outcome in outcomes:
            if not isinstance(outcome, Due):
                continue
            moment = (outcome.at, outcome.number, outcome.index, outcome.cause)
            if moment not in known:  # asked for again before it came: it comes once
                known.add(moment)
                heappush(waiting, moment)
        return event, state, outcomes

    for entry in entries:
        while waiting and waiting[0][:2] < (entry.at, entry.number):
            yield stepped(_due_step(heappop(waiting)))
        yield stepped(entry)
    while waiting and until is not None and waiting[0][0] <= until:
        yield stepped(_due_step(heappop(waiting)))


def _due_step(waiting: tuple[datetime, int, int, str]) -> DueStep:
    at, number, index, cause = waiting
    return DueStep(at=at, cause=cause, number=number, index=index)


def step_key(event: Event) -> str:
    """What names a step in the ids of the findings that it opens.

    By time and not by number: what the ledger itself wrote between two entries of others, sooner or later, moves their
    numbers, and must not change what is found.
    """
    return f"{'entry' if isinstance(event, EntryStep) else event.cause}:{written_time(event.at)}"


def step_name(event: Event) -> str:
    """What names a step for ever within its record: its entry, or its moment."""
    if isinstance(event, EntryStep):
        return f"entry:{event.number}"
    return f"due:{event.cause}:{event.number}.{event.index}:{written_time(event.at)}"


def signatory(agency: str, body: Mapping[str, Any]) -> str:
    """Who says an outcome, as far as the agency names them: the person who was signed in, or the author it gives."""
    return f"{agency}/{body.get('person') or (body.get('author') or {}).get('ref') or ''}"


class _Change:
    """One event's work: the areas it touches are judged, and the findings of ``after`` move on."""

    def __init__(self, before: RecordState, after: RecordState, event: Event, facts: Facts) -> None:
        self.before, self.after = before, after
        self.facts = facts
        self._facts_before = facts if isinstance(event, DueStep) else Facts(before, facts.pack, facts)
        self._event, self._pack = event, facts.pack
        self._known = {finding.id: finding for finding in before.findings.values()}

    def check(self, judged: Judged) -> Iterator[Outcome]:
        """What one rule says about one area."""
        rule, area, through = judged
        try:
            verdict = self._judge(rule, area, self.facts)
            earlier = self._earlier(rule, area, verdict)
        except StateIncompleteError:
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with one rule, the others run and it is said
            yield CheckFailed(rule.name, area, max((c.ref for c in self.after.claims_on(through)), default=None))
            return
        yield from self._settle(rule, area, verdict.basis)
        yield from self._announce(rule, area, verdict, earlier)

    def _judge(self, rule: Rule, area: Question, facts: Facts) -> Verdict:
        return rule.family.judge(View(rule, area, self._pack, self._event.at, facts))

    def _earlier(self, rule: Rule, area: Question, verdict: Verdict) -> Verdict:
        """What the rule says without this event: only what is new is announced.

        A moment changes nothing but the time: without it, it is just before.
        """
        if not (verdict.overtaken or verdict.due or verdict.told):
            return verdict
        if self.facts is self._facts_before:
            before = self._event.at - timedelta.resolution
            return rule.family.judge(View(rule, area, self._pack, before, self.facts))
        return self._judge(rule, area, self._facts_before)

    def _settle(self, rule: Rule, area: Question, basis: Basis | None) -> Iterator[Outcome]:
        """Open, carry on or close the one finding of this rule in this area."""
        key = rule.key(area)
        finding = self.after.findings.get(key)
        if basis is not None and self._is_remembered(key, basis):
            basis = None
        if basis is None:
            if finding is not None:
                self._keep(key, None)
                yield Closed(finding.id, rule.family.closes_as)
        elif finding is None:
            finding = Finding(
                id=finding_id(self.after.record, key, step_key(self._event)),
                key=key,
                question=area,
                rule=rule.name,
                pack_version=self._pack.version,
                basis=basis,
                raised_at=self._event.at,
                step=step_name(self._event),
            )
            self._keep(key, finding)
            yield Raised(finding)
        else:
            # What people were alerted to stays an alert, though less of it is left; who has signed has signed.
            tier = max(finding.tier, basis.tier, key=TIERS.index)
            finding = replace(finding, basis=replace(basis, tier=tier, signed=finding.basis.signed))
            if finding != self._known.get(finding.id):
                self._keep(key, finding)
                yield Joined(finding)

    def _is_remembered(self, key: str, basis: Basis) -> bool:
        """Whether a person settled all that it rests on: only new evidence raises it again."""
        settled = self.after.settled_on(key)
        return bool(settled) and all(ref in settled for refs in (*basis.sides, basis.evidence) for ref in refs)

    def _keep(self, key: str, finding: Finding | None) -> None:
        findings = {known: kept for known, kept in self.after.findings.items() if known != key}
        if finding is not None:
            findings[key] = finding
        self.after = replace(self.after, findings=findings)

    def _announce(self, rule: Rule, area: Question, verdict: Verdict, earlier: Verdict) -> Iterator[Outcome]:
        """New notices, and moments that were not due before."""
        for ref, overtaken in sorted(verdict.overtaken.items()):
            if ref not in earlier.overtaken:
                yield Notice("overtaken", overtaken.agency, area, held=ref, newer=overtaken.newer, rule=rule.name)
        for told in sorted(verdict.told - earlier.told) if self._is_first(rule, earlier) else ():
            yield Notice(told.kind, told.agency, area, held=told.held, newer=told.newer, rule=rule.name)
        for ref, at in sorted(verdict.due.items()):
            if earlier.due.get(ref) != at:
                yield Due(at, rule.name, ref.number, ref.index)

    def _is_first(self, rule: Rule, earlier: Verdict) -> bool:
        """Whether it is for this step to tell what is new: of moments of one time in one area the first does, alone."""
        if not isinstance(self._event, DueStep):
            return True
        now = [ref for ref, at in earlier.due.items() if at == self._event.at]
        return self._event.cause == rule.name and Ref(self._event.number, self._event.index) == min(now, default=None)
