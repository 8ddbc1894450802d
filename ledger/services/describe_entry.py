"""An entry of a timeline in words: a title, what stands beside it, and rows of the rest; for the page and exports."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from ledger.domain.grading import word_grading
from ledger.services.word_alert import OF_ALERTS, word_step
from ledger.services.word_dates import word_valid
from ledger.services.word_outcome import word_closing
from ledger.services.word_text import capital, plain

_TITLES = {
    "child": "Child registered",
    "correction": "Correction",
    "void": "Withdrawn as wrong",
    "action": "Action agreed",
    "done": "Action done",
    "handover": "Hand-over",
    "lead": "Lead professional named",
    "lead_ended": "Lead professional left",
    "record_moved": "Record taken over by another partnership",
    "agency_ended": "Agency ended",
    "person_left": "Somebody left their agency",
    "person_returned": "Somebody is at their agency again",
    "absence": "Somebody is away",
    "absence_ended": "Somebody is back",
    "team_set": "Team",
    "ladder_set": "Who is above",
    "hours_set": "Working hours",
    "reach_set": "How somebody is reached",
    "position": "Professional’s position",
    "decision_override": "Decision taken all the same",
    "link": "Named as one and the same",
    "unlink": "Named as not the same",
    "adult_link": "Known in another child’s record",
    "adult_apart": "Not the one in another child’s record",
    "adult_unlink": "A word on another child’s record taken back",
    "involvement": "Agency involved",
    "marking": "Who may see it changed",
    "share": "Sharing decided",
    "information_request": "Information asked for",
    "information_answer": "Answer to a request for information",
    "dispute": "Entry disputed",
    "rectification": "Asked to put an entry right",
    "rectification_outcome": "What came of asking to put an entry right",
    "disclosure": "Disclosed to the family",
    "export": "Copy of the record taken",
    "glass": "Glass broken",
    "glass_review": "Breaking of the glass reviewed",
    "disagreement": "Disagreement between agencies",
    "disagreement_reply": "Answer in a disagreement",
    "disagreement_step_up": "Disagreement taken to the next stage",
    "disagreement_settled": "Disagreement settled",
    "assessment": "Assessment opened",
    "assessment_asked": "Agency asked for an assessment",
    "assessment_reply": "Answer for an assessment",
    "assessment_signed": "Assessment signed",
    "supervision": "Supervision",
    "concern": "Concern to be answered",
    "concern_answer": "Answer to a concern",
    "family_summary": "Family summary",
    "family_summary_answer": "Answer to a family summary",
    "retention": "How long the record is kept",
    "hold": "Held: nothing is erased",
    "hold_lifting": "Hold lifted",
    "erasure_order": "Erasure ordered",
    "erasure_answer": "Order to erase answered",
    "erased": "Erased by order",
    "finding_joined": "New evidence joined a finding",
    "notice": "The picture changed",
    "alert_reraised": "Alert raised again",
    "alert_lapsed": "Nobody acted on an alert in time",
    "alert_moved": "Alert went to somebody else",
    "alert_woken": "Alert came back",
    "alert_opened": "Alert opened",
    "dispatch": "Alert sent",
    "acknowledgement": "Alert acknowledged",
    "alert_action": "Alert acted on",
    "alert_snooze": "Alert put off",
    "finding_closed": "Finding closed",
}
_NOTICES = {"due_soon": "Soon due", "enquiry": "Enquiry"}
#: Shown in places of their own, or for programs only.
_NOT_ROWS = frozenset(
    {"event_id", "author", "claims", "narrative", "observed", "statement", "people", "child", "observation", "also"}
)
#: What acknowledging carries besides its note, and an outcome besides what it came to and why, is ids.
_IDS = {
    "acknowledgement": frozenset({"of", "person"}),
    "alert_opened": frozenset({"alert", "person"}),
    # What was done, and with whom, is its sentence.
    "alert_action": frozenset({"alert", "person", "action", "whom"}),
    "alert_snooze": frozenset({"alert", "person", "until", "owner"}),
    "outcome": frozenset({"of", "person", "finding", "outcome"}),
    "glass": frozenset({"person"}),
    "export": frozenset({"sha256"}),
    "attachment": frozenset({"kind", "sha256", "size", "media_type", "location_kept", "describes"}),
    "glass_review": frozenset({"person"}),
    **dict.fromkeys(("retention", "hold", "hold_lifting", "erasure_order", "erasure_answer"), frozenset({"person"})),
}
_NAMES_ENTRY = frozenset(
    {"corrects", "voids", "of", "entries", "entry", "consent", "replaces", "correction", "approval", "judgement"}
)
_NAMES_AGENCY = frozenset({"agency", "to", "with", "from", "owner", "by_whom", "asks"})
_NAMES_PERSON = frozenset({"person", "deputy"})
#: Where a body names a professional, by reference and agency.
_PARTIES = ("to", "owner", "deputy", "whom", "second")
_IS_DATE = frozenset({"born", "expected", "due", "until", "on"})
_LABELS = {"nhs_number": "NHS number"}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of agencies by id, and of professionals by agency and reference."""

    agencies: Mapping[str, str]
    people: Mapping[tuple[str, str], str]
    #: Of those who acted in these pages, by their ids.
    signed_in: Mapping[str, str] = field(default_factory=dict)

    def agency(self, agency_id: str) -> str:
        """An agency's name, or what was written where no agency has that id."""
        if agency_id == "ledger":
            return "The ledger"
        return self.agencies.get(agency_id, plain(agency_id))

    def person(self, agency_id: str, ref: str) -> str:
        """A professional's name, or the reference where nobody signs in under it."""
        return self.people.get((agency_id, ref), ref)

    def party(self, party: Mapping[str, Any]) -> str:
        """A professional at an agency, or the agency's desk; or a body that is no agency here."""
        if party.get("body"):
            return str(party["body"])
        agency_id, ref = str(party.get("agency") or ""), party.get("person")
        parts = [self.person(agency_id, str(ref))] if ref else []
        return ", ".join([*parts, self.agency(agency_id)] if agency_id else parts)


def refs_in(entries: Iterable[Mapping[str, Any]]) -> set[str]:
    """The references to professionals that these entries of a timeline name."""
    entries = list(entries)
    bodies = [part for entry in entries for part in (entry.get("body"), entry.get("to")) if part]
    parties = [body.get(name) for body in bodies for name in _PARTIES] + bodies
    parties += [entry.get("from") for entry in entries]
    found = {party.get("person") for party in parties if isinstance(party, Mapping)}
    found |= {body.get("deputy") for body in bodies}
    return {ref for ref in found if isinstance(ref, str)}


def ids_in(entries: Iterable[Mapping[str, Any]]) -> set[UUID]:
    """The ids of the professionals who acknowledged or concluded something in these entries of a timeline."""
    found = set[UUID]()
    for entry in entries:
        if entry["kind"] in _IDS:
            with contextlib.suppress(KeyError, TypeError, ValueError):
                found.add(UUID(entry["body"]["person"]))
    return found


def describe(entry: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """What the page shows of one entry of a timeline."""
    kind, body = entry["kind"], entry.get("body", {})
    told = body.get("observation", body) if kind == "correction" else body
    author = body.get("author") or told.get("author") or {}
    return {
        **entry,
        "title": _title(entry),
        "who": names.agency(entry["agency"]),
        "role": names.signed_in.get(str(body.get("person"))) or author.get("role"),
        "observed": told.get("observed"),
        "statement": told.get("statement"),
        "narrative": told.get("describes" if kind == "attachment" else "narrative"),
        "rows": _rows(kind, body, names),
        "closing": word_closing(entry["why"], entry.get("was")) if entry.get("why") else None,
        "outcome": word_closing(str(body.get("outcome", ""))) if kind == "outcome" else None,
        "file": str(entry["id"]) if kind == "attachment" and entry["sight"] == "full" else None,
        "addressee": names.party(entry["to"]) if entry.get("to") else None,
        **_of_an_alert(entry, names),
    }


def _of_an_alert(entry: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Of an entry about an alert, who was told or what was done, as a sentence; it stands for the addressee too."""
    if entry["kind"] not in OF_ALERTS or entry["sight"] != "full":
        return {}
    said = entry.get("body", entry)
    told = word_step(str(entry["kind"]), said, names.party) if said else None
    return {"words": told, "addressee": None, "closing": None} if told else {}


def _title(entry: Mapping[str, Any]) -> str:
    if entry["sight"] == "withheld":
        return "Information held"
    if entry["sight"] == "erased":
        return "Erased"
    if entry["kind"] == "attachment":
        return capital(plain(str(entry.get("body", {}).get("kind", "attachment"))))
    if entry["kind"] == "outcome":
        return "What a finding came to"
    if entry["kind"] == "child" and entry["number"] > 1:
        return "Child’s details"
    if entry["kind"] == "notice":
        return _NOTICES.get(str(entry.get("notice")), _TITLES["notice"])
    if entry["kind"] == "finding_joined" and entry.get("words"):
        return "A finding moved on"
    return word_kind(entry["kind"] or "entry")


def word_kind(kind: str) -> str:
    """What entries of a kind are called."""
    return _TITLES.get(kind, capital(plain(kind)))


def _rows(kind: str | None, body: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    hidden = _NOT_ROWS | _IDS.get(str(kind), frozenset())
    if kind in ("link", "unlink"):
        hidden -= {"people"}  # whom a link is about is all that it says
    agency_id = str(body.get("agency", ""))
    return [
        (_LABELS.get(name, capital(plain(name))), _value(name, value, names, agency_id))
        for name, value in body.items()
        if name not in hidden and value not in (None, "", [], {})
    ]


def _value(name: str, value: Any, names: Names, agency_id: str) -> str:
    if isinstance(value, list):
        return "; ".join(_value(name, each, names, agency_id) for each in value)
    if name == "grading":
        return word_grading(value) or ""
    if isinstance(value, Mapping):
        return _mapping(name, value, names, agency_id)
    text = str(value)
    if name in _NAMES_ENTRY and "." in text:
        return f"entry {text.rsplit('.', 1)[-1]}"
    if name in _NAMES_AGENCY:
        return names.agency(text)
    if name in _NAMES_PERSON:
        return names.person(agency_id, text)
    return word_valid(text) if name in _IS_DATE else plain(text)


def _mapping(name: str, value: Mapping[str, Any], names: Names, agency_id: str) -> str:
    if "agency" in value or name in _NAMES_AGENCY | _NAMES_PERSON:
        return names.party(value)
    if "attribute" in value:
        said = value.get("value", value.get("not_known", ""))
        of = f"{plain(str(value.get('about', '')))}, " if value.get("about") else ""
        return f"{of}{plain(str(value['attribute']))}" + (f": {plain(str(said))}" if said else "")
    return "; ".join(f"{plain(inner)}: {_value(inner, below, names, agency_id)}" for inner, below in value.items())
