"""What is not known and should be: in what way, who tried to find out and how, and who is asked next.

A gap is a question of a record: of one attribute and one person, and one thing or item where there are several. It is
**missing** (nobody said anything of it), **stale** (it was known, and not confirmed for longer than it holds),
**unknown** (somebody looked or asked, and does not know), **not_asked** (somebody says that nobody asked),
**declined** (whoever was asked would not say) or **evaded** (they were asked, and spoke of something else). An answer
ends it, and nothing else does; a refusal is asked again later, and after so many as the pack says another agency is
asked. All of this follows from what was said, from the rule and from the moment at which it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from ledger.domain.claim import Claim, Ref
from ledger.domain.edtf import observed_bounds
from ledger.domain.finding import Basis, Finding

if TYPE_CHECKING:
    from ledger.domain.pack import Pack

State = Literal["missing", "stale", "unknown", "not_asked", "declined", "evaded"]
MISSING: Final = "missing"
STALE: Final = "stale"
STATES_OF_GAP: Final[tuple[State, ...]] = ("missing", "stale", "unknown", "not_asked", "declined", "evaded")
#: Ways of not knowing in which somebody was asked and gave no answer.
REFUSED: Final = frozenset({"declined", "evaded"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to find out. ``observed`` is when it was made, as its agency wrote it; ``how`` its basis or depth.

    ``asked_of`` is the key of whoever was asked; None where nobody is named.
    """

    ref: Ref
    agency: str
    observed: str
    recorded_at: datetime
    state: State
    how: str
    asked_of: str | None = None


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What became of a question that was refused too often: the agency asked, empty where none is left, and by when."""

    agency: str
    since: datetime
    due: datetime

    def is_overdue(self, at: datetime) -> bool:
        return self.due <= at


@dataclass(frozen=True, slots=True)
class Gap:
    """One open gap.

    ``asks`` are the kinds of agency that can find out at their next contact, as the pack calls them; all where it is
    empty. ``again`` says, of each agency that tried, from when on it is asked again; ``since`` is when it was raised.
    """

    state: State
    since: datetime
    attempts: tuple[Attempt, ...] = ()
    refusals: int = 0
    asks: frozenset[str] = frozenset()
    enquiry: Enquiry | None = None
    again: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def ask_again_at(self) -> datetime:
        """From when on anybody may ask: the earliest moment of those that tried, or when it was raised."""
        return min(self.again.values(), default=self.since)

    def may_ask(self, agency: str, at: datetime) -> bool:
        """Whether an agency that could find out should ask at a contact at this time."""
        return at >= self.again.get(agency, self.since)


def gap_of(finding: Finding, claims: Iterable[Claim], pack: Pack) -> Gap:
    """An open gap from its finding; ``claims`` are those of its sides and evidence, or as many as are at hand.

    The state, the refusals, the enquiry and when to ask again are in the finding: without claims only the attempts
    are missing.
    """
    basis = finding.basis
    shown = {ref for refs in (*basis.sides, basis.evidence) for ref in refs}
    words = missing_words(basis.by, pack)
    tried = (attempt for claim in claims if claim.ref in shown and (attempt := attempt_of(claim, words)) is not None)
    return Gap(
        state=state_of(basis),
        since=finding.raised_at,
        attempts=tuple(sorted(tried, key=lambda one: (one.recorded_at, one.ref))),
        refusals=basis.refusals,
        asks=asks_of(basis.by, pack),
        enquiry=enquiry_of(finding),
        again=dict(basis.tried),
    )


def state_of(basis: Basis) -> State:
    """In what way it is not known. A word that only grew stale needs no mark."""
    return next((state for state in STATES_OF_GAP if state == basis.state), STALE)


def enquiry_of(finding: Finding) -> Enquiry | None:
    """The enquiry that a gap has become, if it has."""
    basis = finding.basis
    if finding.kind != "gap" or basis.due is None:
        return None
    return Enquiry(basis.owed_by, finding.raised_at, basis.due)


def asks_of(rule: str, pack: Pack) -> frozenset[str]:
    """The kinds of agency that can close what this rule asks for at their next contact; all of them where empty."""
    asked = pack.rules.get(rule)
    return frozenset() if asked is None else frozenset(asked.settings.get("asks", ()))


def missing_words(rule: str, pack: Pack) -> Mapping[str, State]:
    """By this rule, the values that say themselves that something is not known, and what they amount to."""
    asked = pack.rules.get(rule)
    found: Mapping[str, State] = {} if asked is None else asked.settings.get("missing", {})
    return found


def attempt_of(claim: Claim, words: Mapping[str, State]) -> Attempt | None:
    """The attempt that a claim tells of; None where it tells of none."""
    state = way_of(claim, words)
    if state is None and claim.attribute == "entry:check":
        state = "unknown"
    if state is None:
        return None
    how = claim.depth or claim.basis
    return Attempt(claim.ref, claim.agency, claim.observed, claim.recorded_at, state, how, claim.informant)


def way_of(claim: Claim, words: Mapping[str, State]) -> State | None:
    """In what way a claim says that something is not known; None where it says something of it."""
    if claim.not_known is not None:
        return next((state for state in STATES_OF_GAP if state == claim.not_known), None)
    return words.get(claim.value or "")


def refusals_in(tries: Sequence[Claim], words: Mapping[str, State]) -> list[Claim]:
    """Each time that somebody was asked and gave no answer, in the order in which it was recorded: one for an entry."""
    refused: dict[int, Claim] = {}
    for claim in sorted(tries, key=lambda one: (one.recorded_at, one.observed, one.agency, one.ref)):
        if way_of(claim, words) in REFUSED:
            refused.setdefault(claim.number, claim)
    return list(refused.values())


def again_after(
    tries: Iterable[Claim], words: Mapping[str, State], ask_again: timedelta
) -> tuple[tuple[str, datetime], ...]:
    """Of each agency that tried, from when on it is asked again: at once where it says that nobody asked."""
    again: dict[str, datetime] = {}
    for claim in tries:
        wait = timedelta() if way_of(claim, words) in {"not_asked", MISSING} else ask_again
        moment = max(observed_bounds(claim.observed).start, claim.recorded_at) + wait
        again[claim.agency] = max(moment, again.get(claim.agency, moment))
    return tuple(sorted(again.items()))
