"""When new evidence brings an open finding to somebody anew: it is heavier now, or somebody else bears it out.

Each repeat of an alert costs attention, so that most of what joins a finding is kept and brought to nobody. It is
brought again when it weighs more, or interrupts where it waited (`severity`); and when the entry that joins it is the
word of a source on whom it did not rest (`informant`). Whose word a claim is says `ledger.domain.source`: three
agencies that repeat one parent are one source, and what one agency passes on of another is that one's word. Of callers
without a name nobody can say that two are two: only the first counts.

A pure function of the state before and after one step, of nothing but the claims on which the finding rests: whether
all of a record is at hand or only what the step needs, and in however many runs, it says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from ledger.domain.claim import ANONYMOUS, OFFICE_PREFIX, Claim, Ref
from ledger.domain.event import EntryStep, Event
from ledger.domain.finding import Finding
from ledger.domain.interruption import ALERT_TIERS, alert_tier
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.domain.source import source_of
from ledger.domain.weight import SEVERITIES, weigh

Why = Literal["severity", "informant"]
_AGENCY, _REGISTER, _ANONYMOUS = "agency:", "register:", f"{ANONYMOUS}:"
#: What takes the place of an entry of the same agency: whoever speaks in it instead of another is no further one.
_REPLACES: Final = frozenset({"correction"})


def why_reraised(
    was: Finding, now: Finding, event: Event, before: RecordState, after: RecordState, pack: Pack
) -> Why | None:
    """Why what joined a finding at this step is brought to somebody; None where it is not.

    ``was`` is the finding as ``before`` has it, ``now`` as it is once the step is taken; both are weighed by ``pack``.
    """
    if _weight(now, pack) > _weight(was, pack) or _tier(now, pack) > _tier(was, pack):
        return "severity"
    return "informant" if _is_borne_out(was, now, event, before, after) else None


def _weight(finding: Finding, pack: Pack) -> int:
    return SEVERITIES.index(weigh(finding.basis, finding.question.attribute, finding.rule, pack).severity)


def _tier(finding: Finding, pack: Pack) -> int:
    return ALERT_TIERS.index(alert_tier(finding.basis, finding.rule, pack))


def _is_borne_out(was: Finding, now: Finding, event: Event, before: RecordState, after: RecordState) -> bool:
    """Whether the entry of this step puts somebody's word to the finding who had no part in it."""
    if not isinstance(event, EntryStep):
        return False
    new = [ref for ref in _refs(now) if ref.number == event.number]
    if not new:
        return False
    # By the links that stand now: two names that this very entry joins are one person's.
    known = {*_sources(_refs(was), before, after), *_sources(set(_refs(now)).difference(new), after, after)}
    fresh = {source for source in _sources(new, after, after) if not _is_known(source, known)}
    if event.kind in _REPLACES:
        return bool(fresh) and len({*_sources(_refs(now), after, after)}) > len({*_sources(_refs(was), before, after)})
    return bool(fresh)


def _refs(finding: Finding) -> Iterator[Ref]:
    for side in finding.sides:
        yield from side
    yield from finding.evidence


def _sources(refs: Iterable[Ref], state: RecordState, after: RecordState) -> Iterator[str]:
    """Whose words these are, of the claims in ``state``, by the links of ``after``."""
    for ref in refs:
        for claim in state.claims_at(ref):
            yield _source(claim, after)


def _source(claim: Claim, after: RecordState) -> str:
    key = source_of(claim, after.people).key
    return _ANONYMOUS if key.startswith(_ANONYMOUS) else key


def _is_known(source: str, known: set[str]) -> bool:
    """Whether it is the word of one who spoke, or may be: of an agency's hearsay nobody knows which of its people."""
    if source in known:
        return True
    agency = _agency_of(source)
    if agency is None:
        return False
    if source.startswith(_AGENCY):
        return any(_agency_of(one) == agency for one in known)
    return f"{_AGENCY}{agency}" in known


def _agency_of(source: str) -> str | None:
    """The agency whose word, register or office this is; None for a person's."""
    for prefix in (_AGENCY, _REGISTER, OFFICE_PREFIX):
        if source.startswith(prefix):
            return source.removeprefix(prefix).partition("/")[0]
    return None
