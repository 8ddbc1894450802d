"""A finding in words for one reader, from references, the entries as that reader sees them, and the rule pack.

Detection stores no words and no values, so everything here comes out of what `see` lets this reader see:

* A statement that is withheld or erased is left out. Where each side still has one that is visible, and these by
  themselves cannot all be so, the finding is shown as they make it, and nothing tells that there is more.
* Otherwise the finding is a pointer: who holds something, and whom to ring. No kind, rule, attribute, severity, value
  or visible statement goes with it, because any of them would tell what the withheld one is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any, cast

from ledger.domain.claim import Claim
from ledger.domain.entry import written_time
from ledger.domain.finding import Basis, Finding, Kind, severity
from ledger.domain.pack import Pack
from ledger.domain.question import Question
from ledger.domain.vocabulary import Attribute
from ledger.services.render_statement import Ref, claims_by_place, render_statement
from ledger.services.see import Reader, Seen, Sight
from ledger.services.word_claim import Wording, wording_of
from ledger.services.word_dates import word_day
from ledger.services.word_finding import (
    Side,
    kind_of_visible,
    listed,
    word_headline,
    word_possible,
    word_states,
)
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency

CHECK_FAILED = "check_failed"


def render_finding(
    finding: StoredFinding,
    seen: Mapping[int, Seen],
    pack: Pack,
    directory: Mapping[str, Agency],
    reader: Reader,
    pseudonym: str,
) -> dict[str, Any]:
    """The finding as this reader may see it.

    `seen` has every entry that the finding refers to, by number; others in it are not looked at. With an empty
    `directory` agencies are named by their ids and no contact is given: that form stays the same for ever.
    """
    seen = {number: seen[number] for number in places_of(finding) if number in seen}
    claims = claims_by_place(seen.values())
    sides = [_visible(side, seen, claims) for side in finding.sides]
    base = {
        "finding": finding.finding_id,
        "raised_at": written_time(finding.raised_at),
        "closed": finding.closed_number is not None,
    }
    if finding.kind == CHECK_FAILED:
        return base | _failed_check()
    is_whole = all(len(side) == len(refs) for side, refs in zip(sides, finding.sides, strict=True))
    if not sides or not all(sides) or not (is_whole or _stands(sides, pack)):
        return base | _pointer(finding, seen, directory, reader)
    wording = wording_of(seen.values(), {agency.agency_id: agency.name for agency in directory.values()})
    return (
        base
        | _in_words(finding, sides, pack, wording, pseudonym, is_whole=is_whole)
        | {
            "evidence": [
                render_statement(entry, claim, wording, pseudonym)
                for entry, claim in _visible(finding.evidence, seen, claims)
            ],
            "ring": _ring((entry for side in sides for entry, _ in side), directory, reader),
        }
    )


def places_of(finding: StoredFinding) -> set[int]:
    """The numbers of the entries that rendering this finding needs."""
    return {ref[0] for side in (*finding.sides, finding.evidence) for ref in side}


def _visible(refs: Iterable[Sequence[int]], seen: Mapping[int, Seen], claims: Mapping[Ref, Sequence[Claim]]) -> Side:
    side: Side = []
    for number, index in refs:
        entry = seen.get(number)
        if entry is not None and entry.sight is Sight.FULL:
            found = claims.get((number, index), ())
            side.append((entry, found[0] if found else None))
    return side


def _failed_check() -> dict[str, Any]:
    """The same for every reader: which rule and at which statement is for whoever mends it."""
    return {
        "withheld": False,
        "kind": CHECK_FAILED,
        "severity": "high",
        "headline": "One of the checks on this child is not running",
        "sides": [],
        "evidence": [],
        "ring": [],
        "why": "A check met a fault of the ledger’s own. It is tried again, and this closes when it runs.",
        "ask": "Until then read the chronology yourself: what it would have found, nobody is told of.",
    }


def _pointer(
    finding: StoredFinding, seen: Mapping[int, Seen], directory: Mapping[str, Agency], reader: Reader
) -> dict[str, Any]:
    hidden = [seen[number] for number in sorted(places_of(finding)) if number in seen]
    holders = [entry for entry in hidden if entry.sight is Sight.WITHHELD]
    ring = _ring(holders, directory, reader)
    names = listed([str(one["name"]) for one in ring])
    headline = f"Information held by {names} bears on this: ring them" if ring else "What this rested on was erased"
    return {
        "withheld": True,
        "kind": None,
        "severity": None,
        "headline": headline,
        "sides": [],
        "evidence": [],
        "ring": ring,
        "why": None,
        "ask": None,
    }


def _in_words(
    finding: StoredFinding, sides: Sequence[Side], pack: Pack, wording: Wording, pseudonym: str, *, is_whole: bool
) -> dict[str, Any]:
    kind = finding.kind if is_whole else kind_of_visible(finding.kind, sides)
    first = next((claim for side in sides for _, claim in side if claim is not None), None)
    attribute = pack.attributes.get(first.attribute) if first else None
    masks = [_mask(side, attribute) for side in sides]
    return {
        "withheld": False,
        "kind": kind,
        "rule": finding.rule if kind == finding.kind else None,
        "pack_version": finding.pack_version,
        "severity": _severity(finding, kind, attribute),
        "certain": finding.certain,
        "certainty": "certain" if finding.certain else "possible",
        "headline": word_headline(kind, sides, wording),
        "about": first.about if first else None,
        "attribute": first.attribute if first else None,
        "change_since": finding.change_since.isoformat() if finding.change_since else None,
        "change_words": _word_change(finding),
        "meaning": attribute.meaning if attribute else None,
        "why": attribute.source if attribute else None,
        "ask": attribute.ask if attribute else None,
        "possible": word_possible(attribute, [mask for mask in masks if mask is not None]),
        "sides": [
            {
                "statements": [render_statement(entry, claim, wording, pseudonym) for entry, claim in side],
                "allows": word_states(attribute, mask) if attribute and mask is not None else [],
                "held_since": _held_since(side, wording),
            }
            for side, mask in zip(sides, masks, strict=True)
        ],
    }


def _stands(sides: Sequence[Side], pack: Pack) -> bool:
    """Whether the visible statements alone leave no state in which all of them are so."""
    if len(sides) < 2:
        return True
    first = next((claim for side in sides for _, claim in side if claim is not None), None)
    attribute = pack.attributes.get(first.attribute) if first else None
    masks = [mask for side in sides if (mask := _mask(side, attribute)) is not None]
    return len(masks) == len(sides) and not reduce(and_, masks)


def _mask(side: Side, attribute: Attribute | None) -> int | None:
    if attribute is None or attribute.type != "state":
        return None
    said = {claim.value for _, claim in side if claim is not None and claim.value is not None}
    masks = [attribute.values[value] for value in said if value in attribute.values]
    return reduce(and_, masks) if masks else None


def _severity(finding: StoredFinding, kind: str, attribute: Attribute | None) -> str | None:
    if attribute is None:
        return None
    basis = Basis(
        cast("Kind", kind), (), certain=finding.certain, change_since=finding.change_since, is_stale=finding.is_stale
    )
    question = Question(attribute.name, "")
    name = finding.finding_id
    return severity(
        Finding(name, name, question, finding.rule, finding.pack_version, basis, finding.raised_at, ""), attribute
    )


def _word_change(finding: StoredFinding) -> str | None:
    return f"This may be a change since {word_day(finding.change_since)}." if finding.change_since else None


def _held_since(side: Side, wording: Wording) -> list[dict[str, str]]:
    since: dict[str, str] = {}
    for entry, _ in sorted(side, key=lambda pair: pair[0].number):
        since.setdefault(entry.agency, written_time(entry.recorded_at))
    return [
        {"agency": agency, "agency_name": wording.agency(agency), "since": moment} for agency, moment in since.items()
    ]


def _ring(entries: Iterable[Seen], directory: Mapping[str, Agency], reader: Reader) -> list[dict[str, str | None]]:
    """Whom to ring, in the order in which they recorded: not the reader's own agency."""
    ordered = dict.fromkeys(entry.agency for entry in sorted(entries, key=lambda entry: entry.number))
    return [
        {
            "agency": agency,
            "name": directory[agency].name if agency in directory else agency,
            "contact": directory[agency].contact if agency in directory else None,
        }
        for agency in ordered
        if agency != reader.agency
    ]
