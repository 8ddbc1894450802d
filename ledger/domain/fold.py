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

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Literal

from ledger.domain.belief import Beliefs
from ledger.domain.entry import written_time
from ledger.domain.event import DueStep, EntryStep, Event
from ledger.domain.finding import Basis, Finding, finding_id
from ledger.domain.outcome import MERGED, CheckFailed, Closed, Due, Joined, Notice, Outcome, Raised
from ledger.domain.pack import Pack
from ledger.domain.question import Question
from ledger.domain.record_state import RecordState
from ledger.domain.rule import RULES, Rule, Verdict, View
from ledger.domain.statement import statements_of
from ledger.domain.vocabulary import Attribute

#: Entries that detection reads: all that agencies send. They move a record's due number.
DETECTION_READS = frozenset(
    {
        "child", "involvement", "lead",
        "observation", "contact", "correction", "void",
        "decision", "action", "done", "referral", "handover", "reply",
        "check", "position", "allegation", "link", "unlink",
    }
)  # fmt: skip
#: Entries that the ledger itself writes of what steps say and of what people then do; detection reads none of them.
SYSTEM_KINDS = frozenset(
    {
        "finding_raised", "finding_joined", "finding_closed", "check_failed", "notice",
        "alert_raised", "acknowledgement",
    }
)  # fmt: skip


class StateIncompleteError(Exception):
    """A step was asked of a state that lacks what `questions_needed` names."""


def step(state: RecordState, event: Event, pack: Pack) -> tuple[RecordState, list[Outcome]]:
    """The state after ``event``, and what detection has to say about it. Raises StateIncompleteError."""
    if state.questions_needed(event):
        raise StateIncompleteError("load what questions_needed names before this step")
    outcomes: list[Outcome] = []
    if isinstance(event, DueStep):
        after, touched = state, state.questions_of(event.number, event.index)
    else:
        after, touched = state.after(event)
    if (after.people, after.things) != (state.people, state.things):
        after, merged, renamed = after.rekeyed()
        outcomes.extend(Closed(finding.id, MERGED) for finding in merged)
        touched |= renamed
    change = _Change(state, after, event, pack)
    for question in sorted(touched, key=lambda question: question.sort_key):
        outcomes.extend(change.check(question))
    return change.after, outcomes


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
    waiting = [(moment.at, moment.number, moment.index, moment.cause) for moment in due]
    heapify(waiting)

    def stepped(event: Event) -> tuple[Event, RecordState, list[Outcome]]:
        nonlocal state
        state, outcomes = step(state, event, pack)
        for outcome in outcomes:
            if isinstance(outcome, Due):
                heappush(waiting, (outcome.at, outcome.number, outcome.index, outcome.cause))
        return event, state, outcomes

    for entry in entries:
        while waiting and waiting[0][:2] < (entry.at, entry.number):
            yield stepped(_due_step(heappop(waiting)))
        yield stepped(entry)
    while waiting and until is not None and waiting[0][0] <= until:
        yield stepped(_due_step(heappop(waiting)))


def _due_step(waiting: tuple[datetime, int, int, Literal["stale"]]) -> DueStep:
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


class _Change:
    """One event's work: the questions it touches are judged, and the findings of ``after`` move on."""

    def __init__(self, before: RecordState, after: RecordState, event: Event, pack: Pack) -> None:
        self.before, self.after = before, after
        self._event, self._pack = event, pack
        self._known = {finding.id: finding for finding in before.findings.values()}
        self._beliefs: dict[tuple[bool, Question], Beliefs] = {}

    def check(self, question: Question) -> Iterator[Outcome]:
        """What every rule says about one question."""
        attribute = self._pack.attributes.get(question.attribute)
        if attribute is None or not attribute.is_compared:
            return
        for rule in RULES:
            try:
                verdict = self._judge(rule, question, attribute, self.after)
                earlier = self._earlier(rule, question, attribute, verdict)
            except Exception:  # noqa: BLE001 - whatever is wrong with one rule, the others run and it is said
                yield CheckFailed(rule.name, question)
                continue
            yield from self._settle(rule, question, verdict.basis)
            yield from self._announce(question, verdict, earlier)

    def _judge(self, rule: Rule, question: Question, attribute: Attribute, state: RecordState) -> Verdict:
        key = (state is self.before, question)
        if key not in self._beliefs:
            self._beliefs[key] = Beliefs(statements_of(state.claims_on(question), attribute, state.people))
        return rule.judge(View(question, attribute, self._beliefs[key], self._event.at))

    def _earlier(self, rule: Rule, question: Question, attribute: Attribute, verdict: Verdict) -> Verdict:
        """What the rule says without this event: only what is new is announced."""
        if self.after is self.before or not (verdict.overtaken or verdict.due):
            return verdict
        return self._judge(rule, question, attribute, self.before)

    def _settle(self, rule: Rule, question: Question, basis: Basis | None) -> Iterator[Outcome]:
        """Open, carry on or close the one finding of this rule on this question."""
        key = rule.key(question)
        finding = self.after.findings.get(key)
        if basis is None:
            if finding is not None:
                self._keep(key, None)
                yield Closed(finding.id, rule.closes_as)
        elif finding is None:
            name = step_name(self._event)
            finding = Finding(
                id=finding_id(self.after.record, key, step_key(self._event)),
                key=key,
                question=question,
                rule=rule.name,
                pack_version=self._pack.version,
                basis=basis,
                raised_at=self._event.at,
                step=name,
            )
            self._keep(key, finding)
            yield Raised(finding)
        else:
            finding = replace(finding, basis=basis)
            if finding != self._known.get(finding.id):
                self._keep(key, finding)
                yield Joined(finding)

    def _keep(self, key: str, finding: Finding | None) -> None:
        findings = {known: kept for known, kept in self.after.findings.items() if known != key}
        if finding is not None:
            findings[key] = finding
        self.after = replace(self.after, findings=findings)

    def _announce(self, question: Question, verdict: Verdict, earlier: Verdict) -> Iterator[Outcome]:
        """New notices, and moments that were not due before."""
        for ref, overtaken in sorted(verdict.overtaken.items()):
            if ref not in earlier.overtaken:
                yield Notice("overtaken", overtaken.agency, question, held=ref, newer=overtaken.newer)
        for ref, at in sorted(verdict.due.items()):
            if earlier.due.get(ref) != at:
                yield Due(at, "stale", ref.number, ref.index)
