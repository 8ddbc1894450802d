"""A subject access bundle, and beside it, for the officer alone, what is not in it and why.

What is kept back leaves no trace in the bundle: no number, no gap, no mark. Entries stand by their dates, and what says
nothing any more is left out. Free words are given only of entries that the officer has read; even then none is that
names anybody else or holds what a marking keeps from those who get it. Everything given passes `Unsaid` once more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.domain.act import ACTS
from ledger.domain.civil_day import civil_date
from ledger.domain.claim import ALLEGATION, DECISION, PERSON, Claim, claims_of_entry, observation_of
from ledger.domain.entry import parse_entry_id
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD, declared_roles, person_key
from ledger.domain.third_party import CATEGORIES, Category
from ledger.services.gather_disclosure import Material
from ledger.services.render_shared import agencies_in, shared_in
from ledger.services.see import Seen
from ledger.services.word_act import ANSWER_WORDS
from ledger.services.word_dates import word_observed, word_valid
from ledger.services.word_text import capital, plain

#: What is about the record and not about anybody, or stands beside another entry.
_OF_THE_RECORD: Final = frozenset(
    {
        "link", "unlink", "void", "marking", "glass", "glass_review", "disclosure", "lead", "handover", "reply", "done",
        "dispute", "rectification", "rectification_outcome", "acknowledgement", "outcome",
        "alert_opened", "alert_action", "alert_snooze",
    }
)  # fmt: skip
_OBSERVED: Final = frozenset({"observation", "contact", "correction"})
#: Of other kinds: what is said of each in words of the ledger's, and which fields are somebody's own words.
_WORDS_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "decision": ("to", "reason"),
    "action": ("what",),
    "referral": ("reason",),
    "involvement": ("role", "reason"),
    "information_request": ("asks", "purpose"),
    "information_answer": ("reason",),
    "consent": ("for",),
    "check": ("result",),
    "child": (),
}
_CONTACTS: Final = {
    "held": "We met, or spoke",
    "no_access": "We came, and could not come in",
    "refused": "A contact was refused",
    "cancelled": "A contact was cancelled",
    "not_brought": "The child was not brought",
}
_READ_AS: Final = ACTS | {PERSON, DECISION, ALLEGATION, "entry:met"}


@dataclass(slots=True)
class Review:
    """What is not in the bundle: of which entry, which part of it, and why."""

    withheld: list[tuple[int, str, Category]] = field(default_factory=list)

    def note(self, number: int, part: str, why: Category) -> None:
        self.withheld.append((number, part, why))

    def counts(self) -> dict[str, int]:
        """How much is kept back, by why."""
        return {why: sum(one[2] == why for one in self.withheld) for why in CATEGORIES}


def render_bundle(
    material: Material, pack: Pack, *, read: frozenset[int], made_on: str
) -> tuple[dict[str, Any], Review]:
    """The bundle as it is given, and the review of it. `read`: numbers of entries whose every word the officer read."""
    return _Bundle(material, pack, read).made(made_on)


class _Bundle:
    def __init__(self, material: Material, pack: Pack, read: frozenset[int]) -> None:
        self._material, self._pack, self._read = material, pack, read
        self._whose, self.review = material.whose, Review()

    def made(self, made_on: str) -> tuple[dict[str, Any], Review]:
        material = self._material
        for number, gone in material.hidden.items():
            for part in ("entry",) if gone is None else tuple(f"claims/{index}" for index in sorted(gone)):
                self.review.note(number, part, "not_to")
        entries = [item for number in sorted(material.own) if (item := self._item(material.own[number])) is not None]
        here = material.directory.get(material.agency)
        bundle = {
            "made_on": made_on,
            "agency": {"name": material.name(material.agency), "contact": here.contact if here else ""},
            "entries": sorted(entries, key=lambda item: str(item["date"])),
            "shared": shared_in(material, self._own_words, self.review.note),
            "agencies": agencies_in(material),
        }
        return bundle, self.review

    # ── one entry ──

    def _item(self, entry: Seen) -> dict[str, Any] | None:
        kind = entry.kind or ""
        if kind in _OF_THE_RECORD or kind == "share":
            return None
        if entry.number not in self._material.shared and entry.number not in self._read:
            self.review.note(entry.number, "entry", "restricted")
            return None
        if kind in _OBSERVED:
            item = self._observed(entry)
        elif kind in _WORDS_IN:
            item = self._of_other_kind(entry)
        else:
            self.review.note(entry.number, "entry", "to_be_read")
            return None
        if item is None:
            return None
        against = [
            {"on": one["on"], "says": one["says"]}
            for one in entry.disputes
            if self._whose.gets(str(one["by"]), str(one["agency"])) and self._is_free(str(one["says"]))
        ]
        return item | ({"disputes": against} if against else {})

    def _observed(self, entry: Seen) -> dict[str, Any] | None:
        body = observation_of(entry.kind or "", entry.body) or {}
        claims = claims_of_entry(
            entry.kind or "", entry.body, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at
        )
        sent = [claim for claim in claims if claim.attribute not in _READ_AS and not claim.was_met]
        kept = [one for claim in sent if (one := self._claim(entry, claim)) is not None]
        contact = body if entry.kind == "contact" else body.get("contact") or {}
        outcome = _CONTACTS.get(str(contact.get("outcome", "")))
        words = self._narrative(entry, body, is_whole=len(kept) == len(sent))
        if not kept and words is None and (outcome is None or not self._is_about(CHILD)):
            return None
        return {
            "date": str(body.get("observed")),
            "on": word_observed(str(body.get("observed"))),
            "title": capital(plain(str(body.get("statement") or "contact"))),
            "claims": kept,
            **({"contact": outcome} if outcome and self._is_about(CHILD) else {}),
            **({"words": words} if words is not None else {}),
            **({"withdrawn": True} if entry.withdrawn_by is not None else {}),
        }

    def _claim(self, entry: Seen, claim: Claim) -> dict[str, str] | None:
        part = f"claims/{claim.index}"
        held_back = claim.index in self._material.shared.get(entry.number, ())
        why: Category | None = "restricted" if held_back and entry.number not in self._read else None
        why = why or self._whose.keeps_back(claim)
        if why is not None:
            self.review.note(entry.number, part, why)
            return None
        wording = self._material.wording
        attribute = self._pack.attributes.get(claim.attribute)
        said = {"words": wording.says(claim, attribute), "said": wording.said(claim), "when": word_valid(claim.valid)}
        if not all(self._is_free(text) for text in said.values()):
            self.review.note(entry.number, part, "third_party")
            return None
        return said

    def _narrative(self, entry: Seen, body: Mapping[str, Any], *, is_whole: bool) -> str | None:
        said = body.get("narrative")
        if not isinstance(said, str):
            return None
        roles = declared_roles(body)
        people = [person_key(str(one["ref"]), entry.agency, roles) for one in body.get("people", ()) if one.get("ref")]
        is_theirs = all(self._whose.allows(key, entry.agency) for key in people)
        return self._own_words(entry, "narrative", said, is_theirs=is_whole and is_theirs)

    def _own_words(self, entry: Seen, part: str, said: str, *, is_theirs: bool = True) -> str | None:
        """Somebody's own words, where the officer has read them and nothing in them is known to be another's."""
        if not is_theirs or not self._is_free(said):
            self.review.note(entry.number, part, "third_party")
            return None
        if entry.number not in self._read:
            self.review.note(entry.number, part, "to_be_read")
            return None
        return said

    def _is_free(self, text: str) -> bool:
        return not self._material.unsaid.is_in(text)

    def _is_about(self, key: str) -> bool:
        return self._whose.allows(key, self._material.agency)

    def _of_other_kind(self, entry: Seen) -> dict[str, Any] | None:
        kind, body = entry.kind or "", entry.body
        about = body.get("about") if kind in ("check", "information_request") else body.get("of")
        whom = str(about) if about is not None and kind in ("check", "information_request", "consent") else CHILD
        if not self._is_about(person_key(whom, entry.agency)):
            self.review.note(entry.number, "entry", "third_party")
            return None
        title = _TITLES[kind](body, self._material)
        if not self._is_free(title) or (kind == "information_answer" and not self._knows_of_request(body)):
            self.review.note(entry.number, "entry", "third_party")
            return None
        words = [
            said
            for name in _WORDS_IN[kind]
            if isinstance(body.get(name), str) and (said := self._own_words(entry, name, body[name])) is not None
        ]
        day = str(body.get("observed") or civil_date(entry.recorded_at).isoformat())
        item = {"date": day, "on": word_observed(day), "title": title, "claims": [*self._details(kind, body)]}
        return item | ({"words": " ".join(words)} if words else {})

    def _knows_of_request(self, body: Mapping[str, Any]) -> bool:
        """Whether the request that was answered was about somebody whose information this is."""
        named = parse_entry_id(str(body.get("of")))
        asked = None if named is None else self._material.others.get(named[1])
        about = str(asked.body.get("about") or CHILD) if asked is not None else ""
        return asked is not None and self._whose.allows(person_key(about, asked.agency), asked.agency)

    def _details(self, kind: str, body: Mapping[str, Any]) -> Iterator[dict[str, str]]:
        if kind == "child":
            for name in ("name", "born", "expected", "gestation_weeks", "nhs_number"):
                if body.get(name) is not None:
                    yield {"words": f"{_DETAILS[name]}: {_detail(name, body[name])}", "said": "From our own records"}


_DETAILS: Final = {
    "name": "Name",
    "born": "Born",
    "expected": "Expected",
    "gestation_weeks": "Weeks of gestation at birth",
    "nhs_number": "NHS number",
}


def _detail(name: str, value: Any) -> str:
    return word_valid(str(value)) if name in ("born", "expected") else str(value)


_TITLES: Final[Mapping[str, Callable[[Mapping[str, Any], Material], str]]] = {
    "child": lambda _body, _material: "The child’s details",
    "decision": lambda body, _: f"Decided: {plain(str(body.get('kind')))}",
    "action": lambda body, material: f"Agreed, to be done by {material.name(str(body['owner'].get('agency')))}",
    "referral": lambda body, material: f"Referred to {material.name(str(body.get('to')))}",
    "involvement": lambda _body, _material: "We began to work with the child",
    "information_request": lambda body, material: f"Asked {material.name(str(body.get('to')))} for information",
    "information_answer": lambda body, _: (
        f"We were asked for information: {ANSWER_WORDS.get(str(body.get('answer')), 'answered')}"
    ),
    "consent": lambda body, _: f"Asked for consent: {plain(str(body.get('answer')))}",
    "check": lambda body, material: f"Check with {material.name(str(body.get('with')))}",
}
