"""One entry of a timeline for one reader: whole, withheld, erased, or of the ledger's own making.

What detection wrote is rendered from its references by way of what the reader sees; its stored body is never shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ledger.domain.entry import entry_id, written_time
from ledger.services.hold_at import claims_held, was_observed_at
from ledger.services.render_closing import outcome_places
from ledger.services.render_finding import places_of
from ledger.services.render_statement import claims_sent, render_statement
from ledger.services.render_step import places_in_notice, render_step
from ledger.services.render_view import View, by_alert, finding_named
from ledger.services.see import Seen, Sight
from ledger.services.word_dispute import word_disputes
from ledger.store.database import SYSTEM
from ledger.store.findings import StoredFinding

_OBSERVED = ("observation", "contact", "correction")


def places_needed(shown: Sequence[Seen], findings: Mapping[str, StoredFinding]) -> set[int]:
    """The entries that those shown refer to."""
    needed: set[int] = set()
    alerts = by_alert(findings)
    for entry in shown:
        named = finding_named(entry, alerts) or ""
        if named in findings:
            needed |= places_of(findings[named])
            for before in findings[named].before.values():
                needed |= places_of(before)
            if entry.kind == "finding_closed":
                needed |= outcome_places([entry])
        elif entry.agency == SYSTEM and entry.kind == "notice":
            needed |= set(places_in_notice(entry))
    return needed


def render_entry(entry: Seen, view: View) -> dict[str, Any] | None:
    """One entry; None where it says nothing of the moment that was asked for, or the reader may not know of it."""
    if entry.sight is Sight.NOTHING:
        return None
    item: dict[str, Any] = {
        "id": entry_id(view.pseudonym, entry.number),
        "number": entry.number,
        "hash": entry.hash.hex(),
        "recorded_at": written_time(entry.recorded_at),
        "agency": entry.agency,
        "sight": entry.shown_sight.value,
    }
    if entry.withdrawn_by is not None:
        item["withdrawn_by"] = entry_id(view.pseudonym, entry.withdrawn_by)
    if entry.sight is Sight.ERASED:
        return item | {"kind": None, "notice": "The content of this entry was erased by order; the entry stands."}
    if entry.sight is Sight.WITHHELD or entry.points:
        item["notice"] = f"Information held by {view.name(entry.agency)} bears on this; ring them."
        if entry.agency in view.directory:
            held_by = view.directory[entry.agency]
            item["ring"] = [{"agency": entry.agency, "name": held_by.name, "contact": held_by.contact}]
    if entry.sight is Sight.WITHHELD:
        return item | {"kind": None}
    item["kind"] = entry.kind
    if entry.disputes:
        item["disputes"] = word_disputes(entry.disputes, view.wording)
    told = render_step(entry, view) if entry.agency == SYSTEM else _of_an_agency(entry, view)
    return None if told is None else item | told


def _of_an_agency(entry: Seen, view: View) -> dict[str, Any] | None:
    finding = view.finding_of(entry)
    if finding is not None and entry.agency != view.reader.agency:
        rendered = view.rendered(finding)
        if rendered is None:
            return None
        if rendered["withheld"]:  # what somebody wrote of it may say what it is about
            return {"body": {}, "notice": rendered["headline"]}
    told: dict[str, Any] = {"event_id": entry.event_id} if entry.event_id else {}
    if view.valid_at is not None and entry.kind in _OBSERVED:
        held = claims_held(entry, view.valid_at)
        if not held and not was_observed_at(entry, view.valid_at):
            return None
        told["holds"] = held
    if view.directory:
        told["claims"] = _claims_in_words(entry, view)
    return told | {"body": entry.shown_body}


def _claims_in_words(entry: Seen, view: View) -> list[dict[str, Any]]:
    """For pages: the words of an entry's claims; of those alone that hold at the moment asked for."""
    held = {each["index"]: each["holds"] for each in claims_held(entry, view.valid_at)} if view.valid_at else None
    return [
        render_statement(entry, claim, view.wording, view.pseudonym, view.pack.attributes.get(claim.attribute))
        | {"holds": held[entry.shown_index(claim.index)] if held else None}
        for claim in claims_sent(entry)
        if held is None or entry.shown_index(claim.index) in held
    ]
