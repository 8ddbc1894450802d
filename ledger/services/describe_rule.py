"""Rules and their families in words, for the references: what a family does comes from its module's own docstring."""

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ledger.domain.agency import AgencyWord
from ledger.domain.duration import refuse_clock
from ledger.domain.expectation import refuse_expectation_clock
from ledger.domain.pattern_form import PATTERN
from ledger.domain.rule import Family, Rule
from ledger.domain.shape import Count, Either, Items, Keys, Named, Shape, Text, Word, YesNo

_PLAIN = re.compile(r"[^\s,:\[\]{}#&*!|>'\"%@`-][^,:\[\]{}#\"]*\Z")


def describe_families(families: Mapping[str, Family]) -> str:
    """Every family with its keys, in Markdown; families of one module are told together."""
    of_module: dict[str, list[Family]] = {}
    for family in families.values():
        of_module.setdefault(_docstring(family), []).append(family)
    return "\n".join(line for doc, told in of_module.items() for line in _together(doc, told)).rstrip() + "\n"


def family_in_a_line(family: Family) -> str:
    """The opening sentence of what a family says of itself."""
    opening = _docstring(family).partition("\n\n")[0]
    return " ".join(opening.split())


def settings_in_words(rule: Rule) -> Iterator[str]:
    """A rule's own settings, each as its pack writes it."""
    for key, value in rule.settings.items():
        yield f"`{key}: {as_written(value)}`"


def as_written(value: Any) -> str:
    """A value as a pack or a scenario would write it on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {as_written(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_written(below) for below in value) + "]"
    text = str(value)
    return text if _PLAIN.match(text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _together(doc: str, families: list[Family]) -> Iterator[str]:
    yield from [f"### {', '.join(family.name for family in families)}", "", doc, ""]
    family = families[0]
    if family.form:
        yield from ["| key | |", "|---|---|"]
        for key, shape in family.form.items():
            needed = "; required" if key in family.required.split() else ""
            yield f"| `{key}` | {_shape_in_words(shape)}{needed} |"
        yield ""
    yield from [f"Finds: {', '.join(f'`{kind}`' for kind in sorted(family.kinds))}.", ""]


def _shape_in_words(shape: Shape) -> str:  # noqa: PLR0911 - one line for each shape
    match shape:
        case _ if shape is PATTERN:
            return "a [pattern](#patterns)"
        case Word(words=words):
            return "one of " + ", ".join(f"`{word}`" for word in sorted(words))
        case YesNo():
            return "`yes` or `no`"
        case Count(most=most, least=least):
            return f"a whole number from {least} to {most}"
        case Items(item=item):
            return f"a list, each {_shape_in_words(item)}"
        case Keys(fields=fields, required=required):
            return "a mapping: " + ", ".join(f"`{key}`" + ("" if key in required else " (optional)") for key in fields)
        case Named(below=below):
            return f"a mapping from names, each to {_shape_in_words(below)}"
        case Either(text=text, other=other):
            return f"{_shape_in_words(text)}, or {_shape_in_words(other)}"
        case Text():
            return _text_in_words(shape)
    return "text"


def _text_in_words(shape: Text) -> str:
    if isinstance(shape, AgencyWord):
        parts = ", ".join(f"`{part}`" for part in sorted(shape.parts))
        return f"a sort of agency, or {parts}" if parts else "a sort of agency"
    if shape.refuse in {refuse_clock, refuse_expectation_clock}:
        return "a [clock](#clocks)"
    if shape.refuse is not None:
        return "a length of time"
    return "text"


def _docstring(family: Family) -> str:
    speaks = family.meets or family.judge
    return (sys.modules[speaks.__module__].__doc__ or "").strip().replace("``", "`")
