"""Claims as rows of a form: one row a claim, its values offered as the vocabulary has them, and read back as a claim.

A row says nothing until its box is ticked: a suggestion that nobody confirms is never sent. How a thing is known and
who said it are one choice, as people think of it; a value and why there is none are another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.domain.edtf import EdtfError, parse
from ledger.domain.pack import Pack
from ledger.domain.suggestion import Suggestion
from ledger.domain.vocabulary import NOT_KNOWN, TEXT_CHARS_MAX, Attribute
from ledger.services.name_people import ANOTHERS
from ledger.services.word_text import capital, plain

#: Before a way of not knowing, among the values.
UNKNOWN: Final = "not_known:"
#: Before the key of a thing that one's own agency has named already.
OWN: Final = "own:"
TOLD, AGENCY = "told:", "agency:"
_NOT_KNOWN_WORDS: Final = {
    "unknown": "Not known: looked or asked, and it is not known",
    "not_asked": "Not asked",
    "declined": "Asked, and declined to say",
    "evaded": "Asked, and the question was evaded",
}
#: How something is known without anybody's word.
HOW_WORDS: Final = {
    "seen": "I saw it myself",
    "measured": "I measured it",
    "own_record": "From our own records",
    "document": "From a document",
    "searched": "We searched for it",
    "judgement": "My judgement",
}
WHEN_WORDS: Final = {
    "on": "On the day of the observation",
    "still": "Goes on (give since when, if known)",
    "ended": "Is over (give from when to when)",
}
#: What one row may say, each under the row's name and a hyphen.
PARTS: Final = (
    "attribute", "about", "value", "how", "when", "since", "until", "item", "with", "thing", "statement", "at", "use",
    "unknown", "of",
)  # fmt: skip
_NO_ABOUT, _NO_VALUE, _NO_HOW = "Choose whom it is about", "Choose or enter what is so", "Choose how it is known"
_NO_DATE: Final = "Give since when as a day, month or year: 2026-09-14, 2026-09 or 2026"
_ITEM: Final = "Say which one, in a few words"
_WITH: Final = "Choose the other person"
_ITEM_CHARS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One claim in a form. ``name`` begins the names of its fields; ``sent`` is what they hold."""

    name: str
    attribute: Attribute
    sent: Mapping[str, str]
    suggestion: Suggestion | None = None
    #: The words that it was read from, as they stand in the narrative.
    words: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    #: It is kept as it was sent, or left out, and cannot be changed here.
    is_fixed: bool = False

    @property
    def is_used(self) -> bool:
        """Whether its author ticked it."""
        return self.sent.get("use") == "yes"

    @property
    def is_complete(self) -> bool:
        """Whether all that a claim needs is filled in, so that a tick is enough."""
        needed = ["about", "how", *(["value"] if not self.sent.get("unknown") else [])]
        needed += ["item"] if self.attribute.item == "required" else []
        needed += ["with"] if self.attribute.counterpart == "required" else []
        return not self.errors and all(self.sent.get(part) for part in needed) and self.sent.get("when") != "ended"

    @property
    def meaning(self) -> str:
        """What the vocabulary says of the attribute, for people."""
        return self.attribute.meaning.replace("`", "")

    @property
    def title(self) -> str:
        """What it is about, for the heading of the row."""
        return capital(plain(self.attribute.name))

    @property
    def values(self) -> list[tuple[str, str]]:
        """The values to choose from; none where one is entered. A group of ways not to know it follows them."""
        if self.attribute.type == "text" or self.attribute.type in ("date", "place", "quantity", "person"):
            return []
        return [(value, capital(plain(value))) for value in self.attribute.values]


def sentence_of(row: Row, people: Mapping[str, str], agencies: Mapping[str, str]) -> str:
    """What a tick would record, in one line: whose what, its value, by whose word, and when."""
    sent = row.sent
    whom = people.get(sent.get("about", ""), "Somebody")
    item = f" ({plain(sent['item'])})" if sent.get("item") else ""
    value = sent.get("unknown") or sent.get("value", "")
    if value.startswith(UNKNOWN):
        said = _NOT_KNOWN_WORDS.get(value.removeprefix(UNKNOWN), "")
    elif row.attribute.type == "person":
        said = people.get(value, value)
    else:
        said = f"{plain(value)} {row.attribute.unit}" if row.attribute.unit else plain(value)
    when = {"still": "going on", "ended": "in the past"}.get(sent.get("when", ""), "that day")
    planned = f", as {sent['statement']}" if sent.get("statement") else ""
    parts = [_how_words(sent.get("how", ""), people, agencies), f"{when}{planned}"]
    return f"{whom}: {plain(row.attribute.name)}{item}: {said}. {'; '.join(part for part in parts if part)}"


def _how_words(how: str, people: Mapping[str, str], agencies: Mapping[str, str]) -> str:
    sort, colon, whom = how.partition(":")
    if not colon:
        return HOW_WORDS.get(how, "Say how it is known")
    if f"{sort}:" == AGENCY:
        return f"{agencies.get(whom, whom)} said it"
    return f"{people.get(whom, 'Somebody who gave no name')} said it"


def unknown_values() -> list[tuple[str, str]]:
    """The ways not to know something, as values."""
    return [(f"{UNKNOWN}{state}", _NOT_KNOWN_WORDS[state]) for state in NOT_KNOWN]


def claim_of(row: Row, token: str, pack: Pack) -> tuple[dict[str, Any], dict[str, str]]:
    """A ticked row as a claim, and what is wrong with it by field."""
    sent, attribute, errors = row.sent, row.attribute, dict[str, str]()
    claim: dict[str, Any] = {"about": sent.get("about") or "", "attribute": attribute.name}
    if not claim["about"]:
        errors["about"] = _NO_ABOUT
    value = sent.get("unknown") or sent.get("value", "")
    if value.startswith(UNKNOWN):
        claim["not_known"] = value.removeprefix(UNKNOWN)
    elif value:
        claim["value"] = value[:TEXT_CHARS_MAX]
    else:
        errors["value"] = _NO_VALUE
    claim |= _how(sent.get("how", ""), errors)
    valid = _valid(sent, errors)
    claim |= {"valid": valid} if valid else {}
    claim |= _named(row, token, errors)
    if sent.get("statement"):
        claim["statement"] = sent["statement"]
    if row.is_fixed:
        return {}, {}
    if not errors:
        for path, words in pack.check_claim(claim):
            place = str(path[0]) if path else "value"
            errors[{"not_known": "value"}.get(place, place)] = capital(words)
    return claim, errors


def _how(how: str, errors: dict[str, str]) -> dict[str, str]:
    if how.startswith(TOLD):
        return {"basis": "told", "informant": how.removeprefix(TOLD)}
    if how.startswith(AGENCY):
        return {"basis": "agency", "from": how.removeprefix(AGENCY)}
    if how not in HOW_WORDS:
        errors["how"] = _NO_HOW
    return {"basis": how}


def _valid(sent: Mapping[str, str], errors: dict[str, str]) -> str | None:
    """When it was so, as valid time is written; None: on the day observed."""
    since, until, when = sent.get("since", ""), sent.get("until", ""), sent.get("when", "on")
    if when == "still":
        written = f"{since or sent.get('day', '')}/.."
    elif when == "ended" and since and until and since != until:
        written = f"{since}/{until}"
    else:
        written = since or until
        if not written:
            if when == "ended":
                errors["since"] = _NO_DATE
            return None
    try:
        parse(written)
    except EdtfError:
        errors["since"] = _NO_DATE
    return written


def _named(row: Row, token: str, errors: dict[str, str]) -> dict[str, str]:
    """Which one it is, and of whom besides."""
    sent, attribute, named = row.sent, row.attribute, dict[str, str]()
    if attribute.thing != "no" and (sent.get("thing") or attribute.thing == "required"):
        kept = sent.get("thing", "")
        is_key = kept.startswith((ANOTHERS, OWN))
        named["thing"] = kept.removeprefix(OWN) if is_key else f"{kept or attribute.name}-{token[:8]}"
    if attribute.counterpart != "no" and sent.get("with"):
        named["with"] = sent["with"]
    elif attribute.counterpart == "required":
        errors["with"] = _WITH
    if attribute.item != "no" and sent.get("item"):
        named["item"] = sent["item"][:_ITEM_CHARS_MAX]
    elif attribute.item == "required":
        errors["item"] = _ITEM
    return named


def attributes_by_topic(pack: Pack) -> Iterator[tuple[str, Sequence[Attribute]]]:
    """The attributes to choose from, as groups: those of adults, of the child, and of anybody."""
    groups = {"About an adult": "person", "About the child": "child", "About anybody": "anyone"}
    for words, about in groups.items():
        yield words, sorted((one for one in pack.attributes.values() if one.about == about), key=lambda one: one.name)
