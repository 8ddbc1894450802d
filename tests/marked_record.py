"""Random entries of one child, each part with a canary, as they are observed, corrected and withdrawn."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from random import Random
from typing import Any

from werkzeug.test import TestResponse

from tests.partnership import DUTY_DESK, Partnership, stored

AGENCIES = ("hv", "csc", "gp", "police")
WHOLE = -1
_TEXTS = ("background", "disclosure", "own_account", "risk_history", "police_action", "intelligence")
_PRESENCE = ("lives_here", "absent", "stays_overnight", "visits")


@dataclass
class Part:
    """Something that is said in an entry. `names` are the keys of those whom it names."""

    sort: str
    canaries: set[str]
    names: set[str] = field(default_factory=set)
    index: int = 0
    attribute: str = ""
    about: str = ""
    #: Of a belief on which a decision relies, the number of the entry that it says over again.
    rests_on: int | None = None


@dataclass
class Sent:
    """One entry as it was sent; marks on it (`WHOLE`) or on its claims, the newest last, as (number, sharing)."""

    number: int
    entry_id: str
    agency: str
    kind: str
    parts: list[Part]
    event: str
    marks: dict[int, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    withdraws: int | None = None
    of: int | None = None
    body: dict[str, Any] = field(default_factory=dict)


@dataclass
class MarkedRecord:
    """What was sent of one child. With `hides`, what is restricted to nobody is not sent at all."""

    partnership: Partnership
    random: Random
    involved: tuple[str, ...] = ("hv", "csc", "gp", "police", DUTY_DESK)
    has_lead: bool = True
    entries: list[Sent] = field(default_factory=list)
    people: dict[str, list[str]] = field(default_factory=dict)
    #: Of each agency's mark on a person, by their key: as (number, sharing).
    on_people: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    #: Keys that are one person.
    joined: list[set[str]] = field(default_factory=list)
    #: Every answer to a post: which agency's, and the text.
    answers: list[tuple[str, str]] = field(default_factory=list)
    child: str = ""

    def __post_init__(self) -> None:
        self._count = itertools.count(self.random.randrange(36**3, 36**4))
        self.child = self.partnership.child(involve=self.involved)
        if self.has_lead:
            lead = {"event_id": self.partnership.event(), "agency": "csc", "person": "sw1", "deputy": "sw2"}
            stored(self.partnership.post(f"/children/{self.child}/leads", lead, "csc"))
        for agency in self.involved:
            self.people[agency] = [self.canary(), self.canary(), "father", "mother"]

    # ── words ──

    def canary(self) -> str:
        """A word that stands nowhere else."""
        number, word = next(self._count), ""
        while number:
            number, digit = divmod(number, 36)
            word += "0123456789abcdefghijklmnopqrstuvwxyz"[digit]
        return f"cnry{word}{self.random.randrange(36**2, 36**3)}z"

    def key(self, agency: str, ref: str) -> str:
        """How a reference is known in the record."""
        return ref if ref in {"child", "mother", "father"} else f"{agency}/{ref}"

    def sharing(self) -> dict[str, Any]:
        """A marking, mostly one that holds something back."""
        marking = self.random.choice(["restricted", "restricted", "restricted", "pointer", "shared"])
        sharing: dict[str, Any] = {"marking": marking, "lawful_basis": "public task"}
        if marking == "restricted":
            sharing["to"] = self.random.sample(AGENCIES, self.random.choice([0, 0, 1, 2]))
        if self.random.random() < 0.2:
            sharing["not_to"] = ["father"]
        return sharing

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    # ── sending ──

    def _send(self, path: str, body: dict[str, Any], agency: str) -> TestResponse:
        answer = self.partnership.post(path, body, agency)
        self.answers.append((agency, answer.get_data(as_text=True)))
        return answer

    def _record(
        self, collection: str, kind: str, agency: str, body: dict[str, Any], parts: list[Part], **more: Any
    ) -> Sent | None:
        """Send a body and remember it; None where it was refused, as what names another's hidden entry may be."""
        event = self.canary()
        path = "/observations" if collection == "observations" else f"/children/{self.child}/{collection}"
        body = {"event_id": event, **body}
        if collection == "observations":
            body["child"] = {"id": self.child}
        answer = self._send(path, body, agency)
        if answer.status_code != 201:
            assert answer.status_code in {404, 409, 422}, answer.get_data(as_text=True)
            return None
        told = answer.get_json()
        sent = Sent(told["number"], told["id"], agency, kind, parts, event, body=body, **more)
        self.entries.append(sent)
        return sent

    def _author(self) -> str:
        return self.random.choice([one for one in self.involved if one != DUTY_DESK])

    def _person(self, agency: str) -> str:
        return self.random.choice(self.people[agency])

    def _ref_canaries(self, *refs: str) -> set[str]:
        return {ref for ref in refs if ref.startswith("cnry")}

    def _observed(self, agency: str) -> tuple[dict[str, Any], list[Part], dict[int, dict[str, Any]], list[Any]]:
        """An observation's fields, its parts, the marks on its claims, and those on people."""
        body: dict[str, Any] = {"observed": f"2023-10-{self.random.randrange(10, 28)}", "statement": "fact"}
        parts, marks, named, people = [], dict[int, dict[str, Any]](), list[str](), []
        claims = []
        for index in range(self.random.randrange(4)):
            claim, part = self._claim(agency, index)
            named += [claim["about"], *([claim["informant"]] if "informant" in claim else [])]
            if self.maybe(0.35):
                claim["sharing"] = marks[index] = self.sharing()
            claims.append(claim)
            parts.append(part)
        for ref in {one for one in named if one.startswith("cnry")}:
            name = self.canary()
            person: dict[str, Any] = {"ref": ref, "name": f"Ms {name}"}
            if self.maybe(0.2):
                person["role"] = "mother"
                self.join({self.key(agency, ref), "mother"})
            if self.maybe(0.2):
                person["sharing"] = self.sharing()
            body.setdefault("people", []).append(person)
            people.append(person)
            parts.append(Part("person", {name, ref}, {self.key(agency, ref)}))
        if claims:
            body["claims"] = claims
        if not claims or self.maybe(0.6):
            word = self.canary()
            body["narrative"] = f"It was {word}."
            parts.append(Part("words", {word}))
        if self.maybe(0.3) and named:
            ref = named[0]
            body["contact"] = {
                "depth": "seen",
                "home_entered": True,
                "present": list({ref, "child"}),
                "outcome": "held",
            }
            parts.append(Part("contact", self._ref_canaries(ref), {self.key(agency, ref)}))
        return body, parts, marks, people

    def _claim(self, agency: str, index: int) -> tuple[dict[str, Any], Part]:
        about, word = self._person(agency), self.canary()
        names, canaries = {self.key(agency, about)}, self._ref_canaries(about)
        if self.maybe(0.5):
            claim: dict[str, Any] = {
                "about": about, "attribute": "presence", "value": self.random.choice(_PRESENCE), "basis": "told",
                "informant": self._person(agency), "valid": "2023-10-01/..",
            }  # fmt: skip
            canaries |= self._ref_canaries(claim["informant"])
            names.add(self.key(agency, claim["informant"]))
        elif self.maybe(0.3):
            claim = {"about": "child", "attribute": "injury", "value": "bruise", "thing": word, "basis": "seen"}
            names, canaries = {"child"}, {word}
        else:
            claim = {"about": about, "attribute": self.random.choice(_TEXTS), "value": f"so {word}", "basis": "seen"}
            canaries.add(word)
        return claim, Part("claim", canaries, names, index, claim["attribute"], self.key(agency, claim["about"]))

    def join(self, keys: set[str]) -> None:
        """These are one person from now on."""
        for group in [one for one in self.joined if one & keys]:
            self.joined.remove(group)
            keys |= group
        self.joined.append(keys)

    def _remember_marks(self, sent: Sent, marks: dict[int, dict[str, Any]], people: list[Any]) -> None:
        for index, sharing in marks.items():
            sent.marks.setdefault(index, []).append((sent.number, sharing))
        for person in people:
            if "sharing" in person:
                self._mark_key(sent.agency, person["ref"], sent.number, person["sharing"])

    def _mark_key(self, agency: str, ref: str, number: int, sharing: dict[str, Any]) -> None:
        self.on_people.setdefault((agency, self.key(agency, ref)), []).append((number, sharing))

    def observe(self) -> None:
        agency = self._author()
        body, parts, marks, people = self._observed(agency)
        if self.maybe(0.25):
            body["sharing"] = marks[WHOLE] = self.sharing()
        sent = self._record("observations", "observation", agency, body, parts)
        assert sent is not None, self.answers[-1]
        self._remember_marks(sent, marks, people)

    def contact(self) -> None:
        agency = self._author()
        ref, word = self._known(agency), self.canary()
        body = {"observed": "2023-10-12", "outcome": "refused", "by_whom": ref, "narrative": f"Door, {word}."}
        key = {self.key(agency, ref)}
        parts = [Part("contact", self._ref_canaries(ref), key), Part("words", {word})]
        self._record("contacts", "contact", agency, body, parts)

    def _known(self, agency: str) -> str:
        """Somebody whom the agency has declared, or the father."""
        declared: set[str] = {
            person["ref"]
            for one in self.entries
            if one.agency == agency and one.kind == "observation"
            for person in one.body.get("people", ())
        }
        return self.random.choice([*sorted(declared), "father"])

    def _standing(self, agency: str) -> list[Sent]:
        gone = {one.withdraws for one in self.entries}
        kinds = {"observation", "contact", "correction"}
        return [one for one in self.entries if one.agency == agency and one.kind in kinds and one.number not in gone]

    def correct(self) -> None:
        agency = self._author()
        if not (mine := self._standing(agency)):
            return
        old = self.random.choice(mine)
        body, parts, marks, people = self._observed(agency)
        if self.maybe(0.5):  # mostly, what is put right is said again
            again = old.body.get("observation", old.body)
            body = {name: again[name] for name in ("observed", "statement", "claims", "people") if name in again}
            body = {"statement": "fact"} | body
            body["claims"] = [{k: v for k, v in one.items() if k != "sharing"} for one in body.get("claims", ())]
            body["people"] = [{k: v for k, v in one.items() if k != "sharing"} for one in body.get("people", ())]
            word = self.canary()
            body["narrative"] = f"Put right: {word}."
            parts = [part for part in old.parts if part.sort in {"claim", "person"}] + [Part("words", {word})]
            marks, people = {}, []
        reason = self.canary()
        parts = [*parts, Part("words", {reason})]
        body = {"corrects": old.entry_id, "reason": f"Because {reason}", "observation": body}
        sent = self._record("corrections", "correction", agency, body, parts, withdraws=old.number)
        if sent is not None:
            self._remember_marks(sent, marks, people)

    def void(self) -> None:
        agency = self._author()
        if not (mine := self._standing(agency)) or self.maybe(0.5):
            return
        old, word = self.random.choice(mine), self.canary()
        body = {"voids": old.entry_id, "reason": f"Wrong: {word}"}
        self._record("voids", "void", agency, body, [Part("words", {word})], withdraws=old.number)
