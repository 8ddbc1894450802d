"""What a fold leaves, in words that two runs can be compared by, and what one look over the whole record finds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ledger.domain.event import DueStep, EntryStep, Event, claims_in
from ledger.domain.facts import Facts
from ledger.domain.finding import Basis, Finding
from ledger.domain.fold import run, step
from ledger.domain.need import areas_of, needed
from ledger.domain.pack import Pack
from ledger.domain.person import link_facts
from ledger.domain.record_state import RecordState, Surroundings
from ledger.domain.rule import ANYBODY, View
from ledger.domain.weight import weigh

Gist = frozenset[tuple[Any, ...]]


def gist(state: RecordState, names: Mapping[int, int], pack: Pack) -> Gist:
    """What is open, whenever and by whichever step it was raised; ``names`` are the entries by what they say."""
    return frozenset(
        (
            f.key,
            f.rule,
            f.question,
            weigh(f.basis, f.question.attribute, f.rule, pack).severity,
            *renamed(f.basis, names),
        )
        for f in state.findings.values()
    )


def renamed(basis: Basis, names: Mapping[int, int]) -> tuple[Any, ...]:
    """A basis by claims that have the same name in whatever order they came."""
    sides = frozenset(frozenset((names[ref.number], ref.index) for ref in side) for side in basis.sides)
    evidence = frozenset((names[ref.number], ref.index) for ref in basis.evidence)
    return (basis.kind, sides, evidence, basis.certain, basis.change_since, basis.is_stale, basis.is_strain)


def without_ties(gist_: Gist) -> Gist:
    """Findings without which of equal statements they show: ties in all but arrival are told apart by number alone."""
    return frozenset((*one[:5], *one[7:]) for one in gist_)


def all_of(entries: Sequence[EntryStep], pack: Pack, around: Surroundings | None = None) -> RecordState:
    """The state that holds all of these entries, with nothing judged."""
    state = RecordState("r", around=around or Surroundings()).under(pack)
    for entry in entries:
        state, _ = state.after(entry)
    return state


def loaded(
    entries: Sequence[EntryStep],
    event: Event,
    findings: Sequence[Finding],
    pack: Pack,
    around: Surroundings | None = None,
) -> RecordState:
    """The state before ``event`` of which only what it needs was loaded, as from a store."""
    before = [one for one in entries if (one.at, one.number) < (event.at, event.number)]
    if isinstance(event, DueStep):
        before = [one for one in entries if (one.at, one.number) <= (event.at, event.number)]
    full = all_of(before, pack, around)
    facts = [fact for one in before for fact in link_facts(one.kind, one.agency, one.body)]
    live = [claim for claims in full.claims.values() for claim in claims]
    keys = frozenset(finding.key for finding in findings)
    state = RecordState.partial("r", facts, around, keys).with_findings(findings)
    while need := needed(state, event, pack):
        if need.everything:
            state = state.with_everything(live)
        for number in need.entries:
            claims = [claim for one in before if one.number == number for claim in claims_in(one)]
            state = state.with_entry(number, claims, full.withdrawn.get(number))
        asked = {(scope.topic.attribute, key) for scope in need.scopes for key in scope.keys}
        wanted = [one for one in live if {(one.attribute, one.about), (one.attribute, ANYBODY)} & asked]
        state = state.with_scopes(need.scopes, wanted)
    return state


def parts_suffice(
    entries: Sequence[EntryStep], pack: Pack, around: Surroundings | None = None, until: datetime | None = None
) -> bool:
    """Whether every step, of an entry or a moment, says the same of the whole record and of only what it asked for."""
    findings: list[Finding] = []
    for event, after, expected in run(RecordState("r", around=around or Surroundings()), entries, pack, until=until):
        _, outcomes = step(loaded(entries, event, findings, pack, around), event, pack)
        if outcomes != expected:
            return False
        findings = list(after.findings.values())
    return True


def at_once(
    entries: Sequence[EntryStep], at: datetime, pack: Pack, around: Surroundings | None = None
) -> dict[str, Basis]:
    """What every rule says of the whole record, each area judged a single time."""
    state = all_of(entries, pack, around)
    facts = Facts(state, pack)
    questions = {state.question_of(claim) for claims in state.claims.values() for claim in claims}
    verdicts = {
        rule.key(area): rule.family.judge(View(rule, area, pack, at, facts))
        for rule, area, _ in areas_of(questions, facts)
    }
    return {key: verdict.basis for key, verdict in verdicts.items() if verdict.basis is not None}
