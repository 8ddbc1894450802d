"""The form in which a rule pack writes a pattern, and what is wrong with one: `ledger.domain.pattern` reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ledger.domain.act import FIELDS, GLASS, GLASS_REVIEW, PREFIX
from ledger.domain.body_part import BASIS, DEPTH, NAMES, NOT_KNOWN, STATEMENT, TEXT
from ledger.domain.claim import ALLEGATION, DECISION
from ledger.domain.matter import QUALITIES
from ledger.domain.person import CHILD, ONE_PERSON_ROLES
from ledger.domain.rule import ANYBODY
from ledger.domain.shape import Fault, Items, Path, Shape, keys, word

#: Words for agencies by their part in what is awaited.
PARTIES: Final = ("author", "receiver", "another")
#: What a claim and its trigger may have in common: parts of the question, whom they address, what they call it.
PARTS: Final = ("thing", "item", "with", "to", "matter")
#: Whom a pattern may be about; of the trigger's own person it is empty.
WHOM: Final[Mapping[str, str]] = {
    "same": "",
    "child": CHILD,
    "anyone": ANYBODY,
    **{role: role for role in ONE_PERSON_ROLES},
}
#: Fields that are lists, dates of their own or somebody's words, or that patterns have another meaning for.
_NOT_CHOSEN_BY: Final = frozenset(
    {"in_earshot", "present", "by", "on", "lawful_basis", "asks", "purpose", "entry", "second"}
)
#: The entries that a pattern may be of, and the fields by which it may choose among them.
ENTRIES: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        name: tuple(one for one in fields if one not in _NOT_CHOSEN_BY)
        for name, fields in FIELDS.items()
        # Who looked into a record is no word about the child: no rule of a pack may rest on it.
        if PREFIX + name not in {GLASS, GLASS_REVIEW}
    },
    "decision": ("kind", "to", "reason"),
    "allegation": ("step",),
}
#: The entries that name another, which they answer or end.
NAMING: Final = frozenset(
    {
        "done", "reply", "information_answer", "rectification_outcome",
        "disagreement_reply", "disagreement_step_up", "disagreement_settled",
        "assessment_asked", "assessment_reply", "assessment_signed", "concern_answer",
    }
)  # fmt: skip
#: The word by which a pattern means what names the trigger.
OF_TRIGGER: Final = "trigger"
#: Entries that are no acts of `ledger.domain.act`, each with the field that is its claim's value.
ITSELF: Final = {DECISION: "kind", ALLEGATION: "step"}
FIELD_NAMES: Final = sorted({name for fields in ENTRIES.values() for name in fields} - {"of", "about"})
_FORM: Final[Mapping[str, Shape]] = {
    "attribute": TEXT,
    "entry": word(" ".join(ENTRIES)),
    "about": word(" ".join(WHOM)),
    "values": NAMES,
    "not_known": Items(NOT_KNOWN, 1),
    "statements": Items(STATEMENT, 1),
    "bases": Items(BASIS, 1),
    "depths": Items(DEPTH, 1),
    "items": NAMES,
    "topics": NAMES,
    "by": NAMES,
    "same": Items(word(" ".join(PARTS)), 1),
    **dict.fromkeys(("has", "has_not", "gives", "lacks"), NAMES),
    "later": word("yes"),
    "of": word("trigger lead work"),
    **dict.fromkeys(FIELD_NAMES, NAMES),
}
#: A pattern as a pack writes it.
PATTERN: Final = keys(_FORM, "", ["attribute entry"])
PATTERNS: Final = Items(PATTERN, 1)


def pattern_faults(path: Path, written: Any, vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with a pattern, or with each of a list, beyond its form; paths are below ``path``."""
    if not isinstance(written, Mapping):
        for place, one in enumerate(written or ()):
            yield from pattern_faults((*path, place), one, vocabulary)
    elif "entry" in written:
        yield from _faults_of_act(path, written)
    else:
        yield from _faults_of_claim(path, written, vocabulary)


def _faults_of_act(path: Path, written: Mapping[str, Any]) -> Iterator[Fault]:
    entry = written["entry"]
    for name in FIELD_NAMES:
        if name in written and name not in ENTRIES[entry]:
            yield (*path, name), f"a {entry} has no such field; it has: {', '.join(ENTRIES[entry])}"
    for name in ("values", "not_known", "items", "topics", "statements"):
        if name in written:
            yield (*path, name), "an entry is chosen by its own fields: leave this out"
    yield from _faults_of_parts(path, written, (*(FIELDS.get(entry) or ENTRIES[entry]),))
    if written.get("of") == OF_TRIGGER and entry not in NAMING:
        yield (*path, "of"), f"only these name another entry: {', '.join(sorted(NAMING))}"


def _faults_of_claim(path: Path, written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for name in FIELD_NAMES:
        if name in written:
            yield (*path, name), "this chooses among entries: name an entry, or leave it out"
    yield from _faults_of_parts(path, written, QUALITIES)
    attribute = vocabulary.get(written["attribute"])
    if attribute is None:
        yield (*path, "attribute"), "the vocabulary has no such attribute"
        return
    known = _values_of(attribute)
    for place, value in enumerate(written.get("values", ())):
        if known and value not in known:
            yield (*path, "values", place), f"there is no such value; there are: {', '.join(known)}"


def _faults_of_parts(path: Path, written: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[Fault]:
    for key in ("gives", "lacks"):
        for place, name in enumerate(written.get(key, ())):
            if name not in known:
                yield (*path, key, place), f"it has no such part; it may have: {', '.join(known) or 'none'}"


def _values_of(attribute: Mapping[str, Any]) -> tuple[str, ...]:
    if attribute["type"] == "event":
        return ("happened", "did_not_happen", "not_seen")
    return tuple(attribute.get("values", ()))
