"""Claims in words: who said it, on what basis, and what it says. Words come from entries that the reader may see.

Labels of people, and who is one with whom, are taken from the bodies that are being rendered and from nowhere else, so
a name that stands only in an entry withheld from the reader can never appear.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.domain.act import ACTS, PREFIX
from ledger.domain.allows import SOMEBODY_ELSE, named_in
from ledger.domain.claim import ALLEGATION, DECISION, PERSON, RELIED_ON, Claim, observation_of
from ledger.domain.person import Links, link_facts
from ledger.domain.question import Question
from ledger.domain.vocabulary import Attribute
from ledger.services.see import Seen
from ledger.services.word_act import Act
from ledger.services.word_dates import word_observed, word_valid
from ledger.services.word_text import capital, listed, plain, shortened

_ROLES = {
    "child": "the child",
    "mother": "the mother",
    "father": "the father",
    "anonymous": "somebody who gave no name",
    SOMEBODY_ELSE: "somebody else",
}
_NOT_KNOWN = {
    "unknown": "not known",
    "not_asked": "not asked",
    "declined": "asked, and declined to say",
    "evaded": "asked, and the question was evaded",
}
_DEPTHS: Final = {
    "told": "Nobody was seen: told only",
    "remote": "By telephone, video or letter",
    "doorstep": "At the doorstep",
    "seen": "Seen",
    "seen_alone": "Seen alone",
    "examined": "Examined",
}
_OFFICE = "office:"
#: What must be known of a child and is no attribute: whose work it is.
_LEAD: Final = "lead"
#: What happens to somebody: asked for as whether it did.
_HAPPENED: Final = frozenset({"seen", "seen_alone", "heard", "examined"})
_UNNAMED: Final = "the person whom"
#: As a person: what an agency writes where there was no witness.
_NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Wording:
    """Names of agencies, and labels of the people whom visible entries introduce."""

    #: Agency id to name; an agency that is not there is called by its id.
    agencies: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    #: Who is one with whom, and which things are one, as visible entries say.
    links: Links = field(default_factory=Links)
    things: Links = field(default_factory=Links)

    def agency(self, agency_id: str) -> str:
        """An agency's name."""
        return self.agencies.get(agency_id, agency_id)

    def person(self, key: str) -> str:
        """Whom a person key means, for the middle of a sentence."""
        if key.startswith(_OFFICE):
            agency, _, role = key.removeprefix(_OFFICE).partition("/")
            return f"{plain(role)} at {self.agency(agency)}"
        name = self.links.name_of(key)
        if name in _ROLES:
            return _ROLES[name]
        called = next((one for one in (key, *sorted(self.links.keys_of(name))) if one in self.people), None)
        if called is not None:
            return self.people[called]
        agency, slash, ref = key.partition("/")
        if ref == _NOBODY:
            return _NOBODY
        return f"{_UNNAMED} {self.agency(agency)} calls {plain(ref)}" if slash else plain(key)

    def said(self, claim: Claim) -> str:
        """On what basis a claim rests, as a short sentence without its full stop."""
        office = (claim.office and plain(claim.office)) or self.agency(claim.agency)
        informant = self.person(claim.informant) if claim.informant else None
        match claim.basis:
            case _ if claim.statement == RELIED_ON:
                return f"Relied on by a decision of {self.agency(claim.agency)}"
            case "told":
                return f"Told by {informant or 'somebody who is not named'}"
            case "agency":
                first = f", who had it from {informant}" if informant else ""
                return f"Heard from {self.agency(claim.heard_from) if claim.heard_from else 'another agency'}{first}"
            case "seen" | "measured":
                return f"{plain(claim.basis).capitalize()} by the {office}" if claim.office else "Seen by the author"
            case "own_record":
                return f"From the own records of {self.agency(claim.agency)}"
            case "searched":
                return f"Records searched by {self.agency(claim.agency)}"
            case "judgement":
                return f"Judgement of the {office}" if claim.office else "The author’s judgement"
        return "From a document" if claim.basis == "document" else plain(claim.basis).capitalize()

    def contact(self, claim: Claim) -> str | None:
        """How near the contact came at which it was seen or said; None where that is not known."""
        depth = _DEPTHS.get(claim.depth or "")
        if claim.home_entered is None:
            return depth
        home = "in the home" if claim.home_entered else "the home was not entered"
        return f"{depth}, {home}" if depth else capital(home)

    def in_earshot(self, claim: Claim) -> str | None:
        """Who could hear it said; None where that is not known."""
        if claim.in_earshot is None:
            return None
        return listed([self.person(key) for key in claim.in_earshot]) or _NOBODY

    def thing(self, claim: Claim) -> str:
        """Which thing a claim is about, as its agency calls it; empty where it does not say."""
        return plain((claim.thing or "").partition("/")[2])

    def subject(self, claim: Claim) -> str:
        """Whose what a claim is about, for the middle of a sentence: the father’s presence."""
        match claim.attribute:
            case _ if claim.attribute in ACTS:
                return self._act(claim).subject()
            case _ if claim.attribute == PERSON:
                return f"who {self.person(claim.about)} is"
            case _ if claim.attribute == DECISION:
                return f"the decision “{plain(claim.item or '')}”"
            case _ if claim.attribute == ALLEGATION:
                return f"the allegation ({self.thing(claim)})" if claim.thing else "the allegation"
        more = f" with {self.person(claim.counterpart)}" if claim.counterpart else ""
        parts = [part for part in (plain(claim.item or ""), self.thing(claim)) if part]
        named = ", ".join(parts) or plain(claim.topic or "")
        return f"{self.held(claim)}{more}" + (f" ({named})" if named else "")

    def matter(self, claim: Claim, attribute: Attribute | None = None) -> str:
        """What a claim is about together with what it says of it, for the middle of a sentence."""
        subject = self.subject(claim)
        if claim.attribute.startswith(PREFIX) or claim.statement == RELIED_ON:
            return subject
        value = shortened(self.value(claim, attribute))
        return f"{subject[:-1]}: {value})" if subject.endswith(")") else f"{subject} ({value})"

    def _act(self, claim: Claim) -> Act:
        return Act(claim, self.agency, self.person)

    def lacking(self, question: Question) -> str:
        """Whose what a question asks for, for the middle of a sentence."""
        if question.attribute == _LEAD:
            return "who leads the work with the child"
        more = f" with {self.person(question.counterpart)}" if question.counterpart else ""
        item = f" ({plain(question.item)})" if question.item else ""
        if question.attribute in _HAPPENED:
            return f"whether {self.person(question.about)} was {plain(question.attribute)}{more}{item}"
        return f"{self._of(question.about, question.attribute)}{more}{item}"

    def held(self, claim: Claim) -> str:
        """Whose and which attribute, for the middle of a sentence."""
        return self._of(claim.about, claim.attribute)

    def _of(self, person: str, named: str) -> str:
        """Whose what; of somebody whom only a reference names, the other way round."""
        who, attribute = self.person(person), plain(named)
        if who.startswith(_UNNAMED):
            return f"the {attribute} of {who}"
        return f"{who}’ {attribute}" if who.endswith("s") else f"{who}’s {attribute}"

    def value(self, claim: Claim, attribute: Attribute | None = None) -> str:
        """A claim's value: people by what they are called, dates written out, measurements with their unit."""
        if claim.value is None or attribute is None:
            return word_value(claim)
        match attribute.type:
            case "person":
                named = named_in(claim, self.links)
                words = listed([self.person(name) for name in sorted(named.names)], "or") if named else ""
                return (f"not {words}" if named and named.is_none_of_them else words) or word_value(claim)
            case "date":
                return word_observed(claim.value) if "/" not in claim.value else word_valid(claim.value)
            case "quantity":
                return f"{claim.value} {attribute.unit}" if attribute.unit else claim.value
        return word_value(claim)

    def says(self, claim: Claim, attribute: Attribute | None = None) -> str:
        """What a claim says: whose what, and the value; of an act, what was done."""
        if claim.attribute in ACTS:
            return self._act(claim).says()
        if claim.attribute == DECISION:
            return capital(self.subject(claim))
        if claim.statement == RELIED_ON and claim.value is None:
            return capital(self.subject(claim))
        if claim.was_met:
            return f"{capital(self.person(claim.about))} was present at the contact on {word_observed(claim.observed)}"
        return f"{capital(self.subject(claim))}: {self.value(claim, attribute)}"


def wording_of(seen: Iterable[Seen], agencies: Mapping[str, str]) -> Wording:
    """The wording that these entries support, as their reader sees them."""
    whole = sorted((entry for entry in seen if entry.is_visible), key=lambda entry: entry.number)
    people = {key: called for entry in whole for key, called in called_in(entry).items()}
    facts = [fact for entry in whole for fact in link_facts(str(entry.kind), entry.agency, entry.body)]
    links, things = (Links.of(fact for fact in facts if fact.sort == sort) for sort in ("people", "things"))
    return Wording(agencies, people, links, things)


def called_in(entry: Seen) -> dict[str, str]:
    """What one entry calls the people whom it introduces, by their keys."""
    people: dict[str, str] = {}
    for person in _people_in(entry):
        ref = person.get("ref")
        called = person.get("name") or person.get("role") or person.get("description")
        if isinstance(ref, str) and isinstance(called, str):
            people[f"{entry.agency}/{ref}"] = plain(called)
    return people


def word_value(claim: Claim) -> str:
    """A claim's value, or why there is none; nothing for an act, which is put in words as a whole."""
    if claim.attribute in ACTS:
        return ""
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
