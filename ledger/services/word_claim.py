"""Claims in words: who said it, on what basis, and what it says. Words come from entries that the reader may see.

Labels of people are taken from the bodies that are being rendered and from nowhere else, so a name that stands only in
an entry withheld from the reader can never appear.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.domain.claim import Claim, observation_of
from ledger.services.see import Seen, Sight

_ROLES = {
    "child": "the child",
    "mother": "the mother",
    "father": "the father",
    "anonymous": "somebody who gave no name",
}
_NOT_KNOWN = {
    "unknown": "not known",
    "not_asked": "not asked",
    "declined": "asked, and declined to say",
    "evaded": "asked, and the question was evaded",
}
_OFFICE = "office:"


@dataclass(frozen=True, slots=True)
class Wording:
    """Names of agencies, and labels of the people whom visible entries introduce."""

    #: Agency id to name; an agency that is not there is called by its id.
    agencies: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def agency(self, agency_id: str) -> str:
        """An agency's name."""
        return self.agencies.get(agency_id, agency_id)

    def person(self, key: str) -> str:
        """Whom a person key means, for the middle of a sentence."""
        if key in _ROLES:
            return _ROLES[key]
        if key in self.people:
            return self.people[key]
        if key.startswith(_OFFICE):
            agency, _, role = key.removeprefix(_OFFICE).partition("/")
            return f"{plain(role)} at {self.agency(agency)}"
        agency, slash, ref = key.partition("/")
        return f"the person whom {self.agency(agency)} calls {plain(ref)}" if slash else plain(key)

    def said(self, claim: Claim) -> str:
        """On what basis a claim rests, as a short sentence without its full stop."""
        office = (claim.office and plain(claim.office)) or self.agency(claim.agency)
        informant = self.person(claim.informant) if claim.informant else None
        match claim.basis:
            case "told":
                return f"Told by {informant or 'somebody who is not named'}"
            case "agency":
                first = f", who had it from {informant}" if informant else ""
                return f"Heard from {self.agency(claim.heard_from) if claim.heard_from else 'another agency'}{first}"
            case "seen" | "measured":
                return f"{plain(claim.basis).capitalize()} by the {office}" if claim.office else "Seen by the author"
            case "own_record":
                return f"From the own records of {self.agency(claim.agency)}"
            case "document":
                return "From a document"
            case "searched":
                return f"Records searched by {self.agency(claim.agency)}"
            case "judgement":
                return f"Judgement of the {office}" if claim.office else "The author’s judgement"
        return plain(claim.basis).capitalize()

    def subject(self, claim: Claim) -> str:
        """Whose what a claim is about, for the middle of a sentence: the father’s presence."""
        who = self.person(claim.about)
        of = f"{who}’" if who.endswith("s") else f"{who}’s"
        more = f" with {self.person(claim.counterpart)}" if claim.counterpart else ""
        topic = f" ({plain(claim.topic or claim.item or '')})" if claim.topic or claim.item else ""
        return f"{of} {plain(claim.attribute)}{more}{topic}"

    def says(self, claim: Claim) -> str:
        """What a claim says: whose what, and the value."""
        return f"{capital(self.subject(claim))}: {word_value(claim)}"


def wording_of(seen: Iterable[Seen], agencies: Mapping[str, str]) -> Wording:
    """The wording that these entries support, as their reader sees them."""
    people: dict[str, str] = {}
    for entry in seen:
        if entry.sight is Sight.FULL:
            for person in _people_in(entry):
                ref = person.get("ref")
                called = person.get("name") or person.get("description") or person.get("role")
                if isinstance(ref, str) and isinstance(called, str):
                    people[f"{entry.agency}/{ref}"] = plain(called)
    return Wording(agencies, people)


def word_value(claim: Claim) -> str:
    """A claim's value, or why there is none."""
    if claim.not_known is not None:
        return _NOT_KNOWN.get(claim.not_known, plain(claim.not_known))
    return _word_json(claim.value or "")


def _word_json(value: str) -> str:
    try:
        parsed = json.loads(value)
    except ValueError:
        return plain(value)
    if isinstance(parsed, Mapping):
        return ", ".join(f"{plain(str(name))} {plain(str(part))}" for name, part in parsed.items())
    if isinstance(parsed, list):
        return ", ".join(plain(str(part)) for part in parsed)
    return plain(str(parsed))


def _people_in(entry: Seen) -> list[Mapping[str, Any]]:
    body = observation_of(entry.kind or "", entry.body) or {}
    listed = body.get("people")
    return [person for person in listed if isinstance(person, Mapping)] if isinstance(listed, list) else []


def capital(sentence: str) -> str:
    """A sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]


def plain(text: str) -> str:
    """A name from the vocabulary as ordinary words."""
    return text.replace("_", " ")
