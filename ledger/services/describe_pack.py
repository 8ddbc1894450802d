"""The reference of a rule pack, in Markdown, for whoever writes claims or scenarios: every word of it, and its use.

All of it is taken from the pack; what holds for every pack, how a claim is written, stands before it and is the same
for all. The same pack gives the same text.
"""

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

from ledger.domain.body import BODIES
from ledger.domain.pack import Pack
from ledger.domain.rule import Rule
from ledger.domain.shape import Word
from ledger.domain.vocabulary import Attribute
from ledger.services.describe_attribute import (
    describe_attribute,
    examples_in_words,
    parts_in_words,
    table,
    type_in_words,
    words,
)
from ledger.services.describe_rule import family_in_a_line, settings_in_words
from ledger.services.load_pack import LoadedPack

#: How to write a claim and a scenario, whatever the pack.
GUIDE: Final = Path(__file__).with_name("claim_guide.md")

_ANSWERED: Final = {
    "told": "being told",
    "remote": "a call or a video call",
    "doorstep": "being seen at the door",
    "seen": "being seen",
    "seen_alone": "being seen alone",
    "examined": "being examined",
    "measured": "a measurement",
    "home_entered": "the home being entered",
    "owner_check": "a check with whoever owns the fact",
}
_SERVES: Final = {"child": "the child", "adult": "an adult’s own need", "both": "the child and its adults"}


def describe_pack(loaded: LoadedPack) -> str:
    """The whole reference; attributes are grouped as the pack's files group them."""
    return "\n".join(_lines(loaded)).rstrip() + "\n"


def _lines(loaded: LoadedPack) -> Iterator[str]:
    pack = loaded.pack
    yield f"# The vocabulary: {pack.name} {pack.version}"
    yield ""
    yield "<!-- Written by `ledger pack reference`; a change made here is lost. -->"
    yield ""
    yield from GUIDE.read_text(encoding="utf-8").rstrip().splitlines()
    yield from _bodies()
    if pack.topics:
        yield from _topics(pack)
    if pack.agencies:
        yield from _agencies(pack)
    groups: dict[str, list[Attribute]] = {}
    for name, attribute in pack.attributes.items():
        file, _ = loaded.place(("attributes", name))
        groups.setdefault(words(PurePath(file).stem), []).append(attribute)
    yield from ["", "## Attributes", ""]
    yield "Each has a section of its own below. A part in brackets may be left out."
    for group, attributes in groups.items():
        yield from ["", f"**{group.capitalize()}**", ""]
        rows = [
            (_link(one.name), one.about, type_in_words(one), parts_in_words(one), one.meaning) for one in attributes
        ]
        yield from table(("attribute", "about", "type", "parts", "meaning"), rows)
    for attribute in pack.attributes.values():
        yield from ["", *describe_attribute(attribute)]
    yield from _rules(pack)


def _bodies() -> Iterator[str]:
    yield from ["", "### What each entry holds", ""]
    yield "Every one may also have an `author` with `ref` and `role`."
    yield ""
    rows = []
    for kind, body in BODIES.items():
        named = {key: f"`{key}`{_words_of(shape)}" for key, shape in body.fields.items() if key != "author"}
        needed = [*body.required, *(" or ".join(f"`{key}`" for key in sorted(group)) for group in body.one_of)]
        grouped = {key for group in body.one_of for key in group}
        further = [told for key, told in named.items() if key not in body.required | grouped]
        rows.append((f"`{kind}`", ", ".join(named.get(key, key) for key in sorted(needed)), ", ".join(further)))
    yield from table(("entry", "must have", "may have"), rows)


def _words_of(shape: object) -> str:
    return f" ({', '.join(sorted(shape.words))})" if isinstance(shape, Word) else ""


def _topics(pack: Pack) -> Iterator[str]:
    yield from ["", "## Topics", ""]
    yield "What a claim bears on: the attribute's topic unless the claim gives another. A concern on a topic stays open"
    yield "until something that goes deep enough answers it; a thinner reassurance does not."
    yield ""
    rows = [
        (f"`{topic.name}`", topic.meaning, _ANSWERED[topic.answered_by], topic.source) for topic in pack.topics.values()
    ]
    yield from table(("topic", "about", "answered by", "source"), rows)


def _agencies(pack: Pack) -> Iterator[str]:
    yield from ["", "## Sorts of agencies", ""]
    yield "What rules call an agency, whatever it calls itself: a name is of the sort whose words end it."
    yield ""
    rows = [
        (f"`{kind.name}`", kind.meaning, ", ".join(kind.also), _SERVES[kind.serves]) for kind in pack.agencies.values()
    ]
    yield from table(("sort", "is", "also called", "there for"), rows)


def _rules(pack: Pack) -> Iterator[str]:
    written = [rule for rule in pack.rules.values() if rule.meaning]
    if not written and not pack.switched_off:
        return
    yield from ["", "## Rules", ""]
    yield "What is looked for besides statements on one attribute that cannot all be so."
    for rule in written:
        yield from ["", *_rule(rule)]
    if pack.switched_off:
        yield from ["", "### Switched off", ""]
        yield from (f"- `{name}`: {reason}" for name, reason in pack.switched_off.items())


def _rule(rule: Rule) -> Iterator[str]:
    yield from [f"### {rule.name}", "", rule.meaning, ""]
    yield f"- Raised as `{rule.finds}`{', critical' if rule.critical else ''}."
    yield f"- Family `{rule.family.name}`: {family_in_a_line(rule.family)}"
    yield from (f"- {line}" for line in settings_in_words(rule))
    if rule.ask:
        yield f"- Ask: {rule.ask}"
    yield f"- Source: {rule.source}."
    yield from examples_in_words(rule.examples)


def _link(name: str) -> str:
    return f"[`{name}`](#{name})"
