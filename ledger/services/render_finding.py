"""A finding in words for one reader, from references, the entries as that reader sees them, and the rule pack.

Detection stores no words and no values, so everything here comes out of what `see` lets this reader see:

* A statement that is withheld or erased is left out. Where what is visible bears the finding out by itself
  (`bear_out`), it is shown as that makes it, and nothing tells that there is more.
* Otherwise the finding is a pointer: who holds something, and whom to ring. No kind, rule, attribute, severity, value
  or visible statement goes with it, because any of them would tell what the withheld one is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from ledger.domain.claim import Claim
from ledger.domain.entry import entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.pack_decisions import DecisionItem
from ledger.domain.record_state import Surroundings
from ledger.domain.rule import GLASS_BROKEN, RESERVED
from ledger.domain.vocabulary import Attribute
from ledger.domain.weight import weigh
from ledger.services.bear_out import Borne, bear_out
from ledger.services.render_awaited import Reading, render_awaited
from ledger.services.render_behaviours import render_behaviours
from ledger.services.render_failed_check import CHECK_FAILED, render_failed_check
from ledger.services.render_gap import render_gap
from ledger.services.render_statement import claims_by_place, render_statement
from ledger.services.see import Reader, Seen, Sight
from ledger.services.word_claim import Wording, wording_of
from ledger.services.word_decision import inner
from ledger.services.word_finding import first_sentence, word_headline, word_sides
from ledger.services.word_manner import Manner, Side, manner_of
from ledger.services.word_marks import COMPARED, word_certainty, word_change, word_marks, word_pack
from ledger.services.word_possible import Possible
from ledger.services.word_text import listed
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside a finding and its entries.

    ``around`` are further entries as the reader sees them, from which only who is who is taken. ``surroundings`` are
    the nation and the agencies' kinds by which a rule judges again. ``now`` is given where it is read as of now: only
    then is it said how long something is overdue.
    """

    around: Iterable[Seen] = ()
    surroundings: Surroundings = field(default_factory=Surroundings)
    now: datetime | None = None


def render_finding(
    finding: StoredFinding,
    seen: Mapping[int, Seen],
    pack: Pack,
    directory: Mapping[str, Agency],
    reader: Reader,
    pseudonym: str,
    *,
    beside: Beside | None = None,
) -> dict[str, Any] | None:
    """The finding as this reader may see it; None where they may not know that there is one.

    `seen` has every entry that the finding refers to, by number; others in it are not looked at. With an empty
    `directory` agencies are named by their ids and no contact is given: that form stays the same for ever. `beside` is
    what else is known to whoever renders it.
    """
    seen = {number: seen[number] for number in places_of(finding) if number in seen}
    base = {
        "finding": finding.finding_id,
        "raised_at": written_time(finding.raised_at),
        "closed": finding.closed_number is not None,
    }
    if finding.kind == CHECK_FAILED:
        return base | render_failed_check(finding)
    names = {agency.agency_id: agency.name for agency in directory.values()}
    beside = beside or Beside()
    wording = wording_of({entry.number: entry for entry in (*beside.around, *seen.values())}.values(), names)
    borne = bear_out(finding, seen, claims_by_place(seen.values()), pack, wording, beside.surroundings)
    if borne is None:
        if any(entry.sight is Sight.NOTHING or _is_cut(entry, finding) for entry in seen.values()):
            return None
        return base | _pointer(finding, seen, directory, reader)
    rendering = _Rendering(borne, finding, pack, wording, pseudonym)
    told = rendering.in_words()
    if borne.basis.kind == "expectation":
        now = None if base["closed"] else beside.now
        reading = Reading(pack.rules.get(finding.rule), wording, directory, pseudonym, now)
        told["awaited"] = render_awaited(borne, reading)
    elif borne.basis.kind == "gap":
        told["gap"] = render_gap(borne, pack, wording, directory, pseudonym)
    elif borne.basis.kind == "pattern":
        told["behaviours"] = render_behaviours(borne.sides, wording, pseudonym, pack)
    ring = _ring((entry for side in borne.sides for entry, _ in side), directory, reader, first=borne.basis.owed_by)
    return base | told | {"ring": ring}


def places_of(finding: StoredFinding) -> set[int]:
    """The numbers of the entries that rendering this finding needs."""
    return {ref[0] for side in (*finding.sides, finding.evidence) for ref in side}


def _is_cut(entry: Seen, finding: StoredFinding) -> bool:
    """Whether the finding rests on a claim of this entry of which the reader may not know that it is there."""
    refs = (ref for side in (*finding.sides, finding.evidence) for ref in side if ref[0] == entry.number)
    return any(ref[1] in entry.unknown for ref in refs)


def _pointer(
    finding: StoredFinding, seen: Mapping[int, Seen], directory: Mapping[str, Agency], reader: Reader
) -> dict[str, Any]:
    hidden = [seen[number] for number in sorted(places_of(finding)) if number in seen]
    holders = [
        entry for entry in hidden if entry.sight is Sight.WITHHELD or (entry.sight is Sight.PART and entry.points)
    ]
    ring = _ring(holders, directory, reader)
    names = listed([str(one["name"]) for one in ring])
    headline = f"Information held by {names} bears on this: ring them" if ring else "What this rested on was erased"
    return {
        "withheld": True,
        "kind": None,
        "severity": None,
        "severity_because": [],
        "headline": headline,
        "sides": [],
        "evidence": [],
        "ring": ring,
        "why": None,
        "ask": None,
    }


class _Reasons(NamedTuple):
    """Why something is looked at, and what to ask."""

    meaning: str | None
    source: str | None
    ask: str | None


class _Rendering:
    """The words of one finding as what is visible bears it out."""

    def __init__(self, borne: Borne, finding: StoredFinding, pack: Pack, wording: Wording, pseudonym: str) -> None:
        self._borne, self._finding, self._pack = borne, finding, pack
        self._wording, self._pseudonym = wording, pseudonym
        self._first = next((claim for side in borne.sides for _, claim in side if claim is not None), None)
        self._attribute = self._attribute_of()

    def in_words(self) -> dict[str, Any]:
        """All that is said of it but whom to ring."""
        basis, first = self._borne.basis, self._first
        names = word_sides(basis.kind, len(basis.sides))
        weight = weigh(basis, self._attribute.name if self._attribute else "", self._finding.rule, self._pack)
        reasons = self._reasons()
        compared = self._attribute if basis.kind in COMPARED else None
        possible = Possible(self._borne.sides, compared, self._wording)
        return {
            "withheld": False,
            "kind": basis.kind,
            "rule": self._finding.rule,
            "constraint": basis.by or None,
            "pack_version": self._finding.pack_version,
            "pack_words": word_pack(self._finding.pack_version, self._finding.rule, self._pack),
            "severity": weight.severity,
            "severity_because": list(weight.reasons),
            "certain": basis.certain,
            "certainty": "certain" if basis.certain else "possible",
            "certainty_words": word_certainty(basis),
            "headline": word_headline(basis.kind, self._borne.sides, self._wording, self._manner()),
            "about": first.about if first else None,
            "attribute": first.attribute if first else None,
            "change_since": basis.change_since.isoformat() if basis.change_since else None,
            "change_words": word_change(basis),
            "stale": basis.is_stale,
            "strain": basis.is_strain,
            "pending": basis.is_pending,
            "answered_by": self._answered_by(),
            "marks_words": word_marks(basis, self._answer(), self._wording),
            "meaning": reasons.meaning,
            "why": reasons.source,
            "ask": reasons.ask,
            "possible": possible.together(),
            "sides": [
                {
                    "name": names[place],
                    "statements": self._statements(side),
                    "allows": possible.allowed_by(place),
                    "held_since": _held_since(side, self._wording),
                }
                for place, side in enumerate(self._borne.sides)
            ],
            "evidence": self._statements(self._borne.evidence),
        }

    def _attribute_of(self) -> Attribute | None:
        """The attribute that the finding is about as a whole, else that of what is shown first."""
        area, attributes = self._borne.area, self._pack.attributes
        if area is not None and area.attribute in attributes:
            return attributes[area.attribute]
        return attributes.get(self._first.attribute) if self._first else None

    def _reasons(self) -> _Reasons:
        """From the rule that speaks, a constraint or the pack's own; else from what the statements are about."""
        rules, attribute = self._pack.rules, self._attribute
        basis, name = self._borne.basis, self._finding.rule
        is_of_words = name in RESERVED and name != GLASS_BROKEN
        rule = rules.get(basis.by) or (None if is_of_words else rules.get(name))
        ask = attribute.ask if attribute else None
        item = self._rests_on()
        if item is not None:
            return _Reasons(rule.meaning if rule is not None else None, item.source, item.ask)
        if rule is not None and basis.kind == "decision_basis":
            return _Reasons(rule.meaning, rule.source, ask or rule.ask)
        if rule is not None:
            return _Reasons(rule.meaning, rule.source, rule.ask or ask)
        if attribute is None:
            return _Reasons(None, None, None)
        return _Reasons(first_sentence(attribute.meaning) + ".", attribute.source, ask)

    def _rests_on(self) -> DecisionItem | None:
        """Of a finding about a decision, what it rests on that is the gravest in question, where the pack names it."""
        basis = self._borne.basis
        return self._pack.decisions.items.get(basis.topic) if basis.kind == "decision_basis" else None

    def _manner(self) -> Manner:
        basis, attribute, item = self._borne.basis, self._attribute, self._rests_on()
        return manner_of(
            basis,
            self._pack.rules.get(self._finding.rule),
            self._borne.area,
            self._wording,
            self._pack.attributes,
            is_of_person=attribute is not None and attribute.type == "person" and not basis.by,
            resting="" if item is None else inner(item.meaning),
        )

    def _statements(self, side: Side) -> list[dict[str, Any]]:
        return [
            render_statement(entry, claim, self._wording, self._pseudonym, self._attribute_on(claim))
            for entry, claim in side
        ]

    def _attribute_on(self, claim: Claim | None) -> Attribute | None:
        return None if claim is None else self._pack.attributes.get(claim.attribute)

    def _answer(self) -> Seen | None:
        answered = self._borne.basis.answered
        entries = (entry for side in self._borne.sides for entry, _ in side)
        return next((entry for entry in entries if answered is not None and entry.number == answered.number), None)

    def _answered_by(self) -> dict[str, Any] | None:
        answer, answered = self._answer(), self._borne.basis.answered
        if answer is None or answered is None:
            return None
        return {"entry": entry_id(self._pseudonym, answer.number), "index": answer.shown_index(answered.index)}


def _held_since(side: Side, wording: Wording) -> list[dict[str, str]]:
    since: dict[str, str] = {}
    for entry, _ in sorted(side, key=lambda pair: pair[0].number):
        since.setdefault(entry.agency, written_time(entry.recorded_at))
    return [
        {"agency": agency, "agency_name": wording.agency(agency), "since": moment} for agency, moment in since.items()
    ]


def _ring(
    entries: Iterable[Seen], directory: Mapping[str, Agency], reader: Reader, first: str = ""
) -> list[dict[str, str | None]]:
    """Whom to ring: who owes something first, then in the order in which they recorded; not the reader's own agency."""
    recorded = (entry.agency for entry in sorted(entries, key=lambda entry: entry.number))
    ordered = dict.fromkeys([*([first] if first else []), *recorded])
    return [
        {
            "agency": agency,
            "name": directory[agency].name if agency in directory else agency,
            "contact": directory[agency].contact if agency in directory else None,
        }
        for agency in ordered
        if agency != reader.agency
    ]
