"""One entry of a timeline for one reader: whole, withheld, erased, or of the ledger's own making.

What detection wrote is rendered from its references by way of what the reader sees; its stored body is never shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger.domain.claim import Claim
from ledger.domain.entry import entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.record_state import Surroundings
from ledger.services.hold_at import claims_held, was_observed_at
from ledger.services.render_closing import outcome_places, why_closed
from ledger.services.render_finding import Beside, places_of, render_finding
from ledger.services.render_statement import claims_by_place, claims_sent, render_statement
from ledger.services.see import Reader, Seen, Sight
from ledger.services.word_claim import Wording
from ledger.services.word_notice import word_joined, word_notice
from ledger.store.database import SYSTEM
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency

_OBSERVED = ("observation", "contact", "correction")
_OF_A_FINDING = ("finding_raised", "finding_joined", "finding_closed")


@dataclass(frozen=True, slots=True)
class View:
    """What the entries of one answer are rendered from, as their reader sees it at one point of the record."""

    reader: Reader
    pseudonym: str
    valid_at: datetime | None
    pack: Pack
    directory: Mapping[str, Agency]
    findings: Mapping[str, StoredFinding]
    #: Every entry shown or referred to, by number.
    glimpses: Mapping[int, Seen]
    wording: Wording
    surroundings: Surroundings = field(default_factory=Surroundings)


def places_needed(shown: Sequence[Seen], findings: Mapping[str, StoredFinding]) -> set[int]:
    """The entries that those shown refer to."""
    needed: set[int] = set()
    for entry in shown:
        if entry.agency == SYSTEM and entry.kind in _OF_A_FINDING and entry.body["finding"] in findings:
            needed |= places_of(findings[entry.body["finding"]])
            if entry.kind == "finding_closed":
                needed |= outcome_places([entry])
        elif entry.agency == SYSTEM and entry.kind == "notice":
            needed |= set(_places_in_notice(entry))
    return needed


def render_entry(entry: Seen, view: View) -> dict[str, Any] | None:
    """One entry, or None where it says nothing of the moment that was asked for."""
    item: dict[str, Any] = {
        "id": entry_id(view.pseudonym, entry.number),
        "number": entry.number,
        "hash": entry.hash.hex(),
        "recorded_at": written_time(entry.recorded_at),
        "agency": entry.agency,
        "sight": entry.sight.value,
    }
    if entry.withdrawn_by is not None:
        item["withdrawn_by"] = entry_id(view.pseudonym, entry.withdrawn_by)
    if entry.sight is Sight.ERASED:
        return item | {"kind": None, "notice": "The content of this entry was erased by order; the entry stands."}
    if entry.sight is Sight.WITHHELD:
        return item | {"kind": None, "notice": f"Information held by {_name(entry, view)} bears on this; ring them."}
    item["kind"] = entry.kind
    if entry.agency == SYSTEM:
        return item | _of_the_ledger(entry, view)
    item |= {"event_id": entry.event_id} if entry.event_id else {}
    if view.valid_at is not None and entry.kind in _OBSERVED:
        held = claims_held(entry, view.valid_at)
        if not held and not was_observed_at(entry, view.valid_at):
            return None
        item["holds"] = held
    if view.directory:
        item["claims"] = _claims_in_words(entry, view)
    return item | {"body": dict(entry.body)}


def _claims_in_words(entry: Seen, view: View) -> list[dict[str, Any]]:
    """For pages: the words of an entry's claims; of those alone that hold at the moment asked for."""
    held = {each["index"]: each["holds"] for each in claims_held(entry, view.valid_at)} if view.valid_at else None
    return [
        render_statement(entry, claim, view.wording, view.pseudonym, view.pack.attributes.get(claim.attribute))
        | {"holds": held[claim.index] if held else None}
        for claim in claims_sent(entry)
        if held is None or claim.index in held
    ]


def _of_the_ledger(entry: Seen, view: View) -> dict[str, Any]:
    """An entry that detection wrote: rendered for this reader, its stored references never shown as they are."""
    if entry.kind in _OF_A_FINDING:
        finding = view.findings.get(entry.body["finding"])
        told: dict[str, Any] = {"finding": {"finding": entry.body["finding"]}}
        if finding is None:
            return told
        if entry.kind == "finding_joined":
            return told | _joined(entry, finding, view)
        beside = Beside(surroundings=view.surroundings)
        rendered = render_finding(
            finding, view.glimpses, view.pack, view.directory, view.reader, view.pseudonym, beside=beside
        )
        if entry.kind == "finding_raised":
            told["finding"] = rendered
        else:
            told["why"] = why_closed(entry, view.glimpses, is_pointer=bool(rendered["withheld"]))
            if view.directory:
                told["was"] = rendered["kind"]
        return told
    if entry.kind == "alert_raised":
        named = {"finding": entry.body.get("finding")}
        return {"alert": entry.body.get("alert"), "finding": named, "to": entry.body.get("to")}
    if entry.kind == "notice":
        return _notice(entry, view)
    if entry.kind == "involvement":
        return {"body": dict(entry.body)}
    return {}


def _notice(entry: Seen, view: View) -> dict[str, Any]:
    """That the picture changed for an agency; which entries those are only to who sees both in full."""
    told: dict[str, Any] = {"notice": entry.body.get("notice"), "to": {"agency": entry.body.get("agency")}}
    places = _places_in_notice(entry)
    claims: Sequence[Claim] = ()
    if places and all(number in view.glimpses and view.glimpses[number].sight is Sight.FULL for number in places):
        held, newer = (entry_id(view.pseudonym, number) for number in places)
        told |= {"held": held, "newer": newer}
        claims = claims_by_place([view.glimpses[places[0]]]).get((places[0], entry.body["held"][1]), ())
    if view.directory and (words := _words_of(entry, next(iter(claims), None), view)):
        told["words"] = words
    return told


def _words_of(entry: Seen, held: Claim | None, view: View) -> str | None:
    rule = view.pack.rules.get(str(entry.body.get("rule", "")))
    return word_notice(str(entry.body.get("notice", "")), held, rule, view.wording)


def _joined(entry: Seen, finding: StoredFinding, view: View) -> dict[str, Any]:
    """For pages: how an open finding moved on, to who sees all that it rests on."""
    places = [view.glimpses.get(number) for number in places_of(finding)]
    if not view.directory or not all(place is not None and place.sight is Sight.FULL for place in places):
        return {}
    words = word_joined(entry.body)
    return {"words": words} if words else {}


def _places_in_notice(entry: Seen) -> tuple[int, ...]:
    return tuple(entry.body[name][0] for name in ("held", "newer") if name in entry.body)


def _name(entry: Seen, view: View) -> str:
    return view.directory[entry.agency].name if entry.agency in view.directory else entry.agency
