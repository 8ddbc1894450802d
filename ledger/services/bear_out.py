"""What a finding comes to for a reader who may not see all that it rests on.

Where everything is visible it is shown as detection found it. Else its rule judges again what is visible, by itself:
what it then finds is what the visible statements bear out, with its own kind, constraint, dates and marks, and nothing
in it tells that there is more. What that leaves of it may be nothing; then the reader gets a pointer.

Of what must follow, that it is not in the record is said only while it is not: where it has come, in an entry that this
reader does not see, the reader gets a pointer as well.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from ledger.domain.claim import RELIED_ON, Claim
from ledger.domain.claim import Ref as ClaimRef
from ledger.domain.expectation import Awaited
from ledger.domain.facts import Facts
from ledger.domain.finding import Basis, Kind, read_marks
from ledger.domain.pack import Pack
from ledger.domain.question import Question
from ledger.domain.record_state import RecordState, Surroundings
from ledger.domain.rule import STATES, Rule, View
from ledger.services.see import Seen
from ledger.services.word_claim import Wording
from ledger.services.word_manner import Side
from ledger.store.findings import StoredFinding

Ref = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Borne:
    """A finding as what is visible bears it out. ``area`` is None where its rule is not in the pack at hand."""

    basis: Basis
    sides: Sequence[Side]
    evidence: Side
    area: Question | None
    #: What is awaited, as far as the visible claims tell; of the other families nothing.
    awaited: Sequence[Awaited] = ()


def bear_out(
    finding: StoredFinding,
    seen: Mapping[int, Seen],
    claims: Mapping[Ref, Sequence[Claim]],
    pack: Pack,
    wording: Wording,
    around: Surroundings,
) -> Borne | None:
    """What the reader is shown of a finding; None where only a pointer may be."""
    judging = _Judging(finding, [each for group in claims.values() for each in group], pack, wording, around)
    hidden = {ref for ref in _refs(finding) if not _is_seen(ref, seen)}
    basis, area = _on_its_sides(finding, hidden), judging.area()
    if basis is None and not _as_found(finding).is_met:
        basis, area = judging.again() or (None, None)
        basis = basis and replace(basis, signed=_as_found(finding).signed)
    if basis is None:
        return None
    showing = _Showing(seen, claims, area)
    sides = [showing.side(side) for side in basis.sides]
    if not sides or not all(sides):
        return None
    evidence = showing.side(basis.evidence)
    # Only a decision that the reader sees is spoken of.
    relied_on = any(claim and claim.statement == RELIED_ON for side in (*sides, evidence) for _, claim in side)
    basis = replace(basis, is_pending=basis.is_pending and relied_on)
    return Borne(basis, sides, evidence, area, judging.awaited(area))


def _refs(finding: StoredFinding) -> list[Ref]:
    return [(ref[0], ref[1]) for side in (*finding.sides, finding.evidence) for ref in side]


def _is_seen(ref: Ref, seen: Mapping[int, Seen]) -> bool:
    return ref[0] in seen and seen[ref[0]].shows(ref[1])


def _as_found(finding: StoredFinding) -> Basis:
    return Basis(
        cast("Kind", finding.kind),
        tuple(tuple(ClaimRef(*ref) for ref in side) for side in finding.sides),
        tuple(ClaimRef(*ref) for ref in finding.evidence),
        certain=finding.certain,
        change_since=finding.change_since,
        is_stale=finding.is_stale,
        **read_marks(finding.marks),
    )


def _on_its_sides(finding: StoredFinding, hidden: set[Ref]) -> Basis | None:
    """A conflict of statements on one question is all in its sides: what else is hidden made no difference to it."""
    basis = _as_found(finding)
    if not hidden:
        return basis
    if finding.rule != STATES or basis.by or basis.kind == "overtaken":
        return None
    in_sides = {(ref.number, ref.index) for side in basis.sides for ref in side}
    if in_sides & hidden:
        return None
    evidence = tuple(ref for ref in basis.evidence if (ref.number, ref.index) not in hidden)
    return replace(basis, evidence=evidence)


class _Judging:
    """The finding's rule, on the claims of the finding that are visible and on nothing else."""

    def __init__(
        self,
        finding: StoredFinding,
        claims: Sequence[Claim],
        pack: Pack,
        wording: Wording,
        around: Surroundings,
    ) -> None:
        self._finding, self._pack = finding, pack
        self._rule: Rule | None = pack.rules.get(finding.rule)
        state = RecordState(str(finding.record_id), around, people=wording.links, things=wording.things)
        self._state = state.under(pack).adding(claims)
        self._facts = Facts(self._state, pack)
        moments = [claim.recorded_at for claim in claims]
        self._at = max([finding.raised_at, *moments])

    def area(self) -> Question | None:
        """What the finding is about as a whole, as far as the visible claims tell."""
        return next((area for area in self._areas() if self._key(area) == self._finding.key), None)

    def again(self) -> tuple[Basis, Question] | None:
        """What the rule finds in what is visible: in the finding's own area, or in one where it finds no more than it.

        Links that the reader does not see can give the area another name.
        """
        found = [(basis, area) for area in self._areas() if (basis := self._judge(area)) is not None]
        own = [(basis, area) for basis, area in found if self._key(area) == self._finding.key]
        refs = set(_refs(self._finding))
        alike = [
            (basis, area)
            for basis, area in found
            if {(ref.number, ref.index) for side in basis.sides for ref in side} <= refs
        ]
        return own[0] if own else alike[0] if len(alike) == 1 else None

    def awaited(self, area: Question | None) -> list[Awaited]:
        """What the rule awaits of the finding's own statements, come or not."""
        rule = self._rule
        if rule is None or area is None or rule.family.awaits is None:
            return []
        own = {(ref[0], ref[1]) for side in self._finding.sides for ref in side}
        try:
            found = list(rule.family.awaits(rule, area, self._facts, self._at))
        except Exception:  # noqa: BLE001 - as below: it is shown with less
            return []
        return [one for one in found if (one.trigger.number, one.trigger.index) in own]

    def _key(self, area: Question) -> str | None:
        return None if self._rule is None else self._rule.key(area)

    def _areas(self) -> list[Question]:
        rule = self._rule
        if rule is None:
            return []
        heard = rule.family.listens(rule, self._pack)
        claims = [claim for group in self._state.claims.values() for claim in group]
        questions = {self._state.question_of(claim) for claim in claims if claim.attribute in heard}
        try:
            areas = {area for question in questions for area in rule.family.areas(rule, question, self._facts)}
        except Exception:  # noqa: BLE001 - a rule that cannot be run here leaves a pointer, and stops nothing else
            return []
        return sorted(areas, key=lambda area: area.sort_key)

    def _judge(self, area: Question) -> Basis | None:
        assert self._rule is not None, "without a rule there is no area"
        try:
            return self._rule.family.judge(View(self._rule, area, self._pack, self._at, self._facts)).basis
        except Exception:  # noqa: BLE001 - as above
            return None


class _Showing:
    """The visible statements of a finding; of a claim about several people, the one about whom the finding is."""

    def __init__(self, seen: Mapping[int, Seen], claims: Mapping[Ref, Sequence[Claim]], area: Question | None) -> None:
        self._seen, self._claims, self._area = seen, claims, area
        self._often = Counter(
            claim.about for group in claims.values() for claim in {c.about: c for c in group}.values()
        )

    def side(self, refs: Iterable[ClaimRef]) -> Side:
        found: Side = []
        for ref in refs:
            entry = self._seen.get(ref.number)
            if entry is not None and entry.shows(ref.index):
                group = self._claims.get((ref.number, ref.index), ())
                found.append((entry, max(group, key=self._fit, default=None)))
        return found

    def _fit(self, claim: Claim) -> tuple[bool, bool, int]:
        area = self._area
        return (
            area is not None and claim.about == area.about,
            area is not None and claim.counterpart == area.counterpart,
            self._often[claim.about],
        )
