"""What a rule pack says of the views over time: which words stand for what in them. No rule reads it.

The section ``views`` of a pack has two parts:

* ``engagement``: for each of `COLUMNS` the ``words`` that put somebody's use of a service there, by attribute, and the
  words for ``decisions`` that do. ``by_service``: of these words those that tell of the service's own doing, as a
  visit that it called off. ``of_who_posts``: attributes whose item names no service, so that whoever posts is meant.
  What else is said on these attributes is shown beside the columns and in none.
* ``care``: for each of `LANES` the attributes that are shown in it.

A partnership's own pack adds to any of these lists and takes nothing from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.domain.question import item_key
from ledger.domain.shape import Fault, Items, Named, Shape, Text, keys
from ledger.domain.vocabulary import EVENT_VALUES

#: How far somebody's use of a service got. None of them says what sort of person that makes anybody.
COLUMNS: Final = ("offered", "accepted", "active", "not_brought", "declined", "ended")
#: What is drawn side by side: who had care, where the child was at night, what was allowed, and what was seen.
LANES: Final = ("care", "nights", "orders", "sightings")
#: The lanes in which something is always so, though nobody may have said what: a stretch without a word is a gap.
WITHOUT_GAPS: Final = ("care", "nights")

_NAMES: Final = Items(Text(), least=1)
_WORDS: Final = Named(_NAMES)
VIEWS: Final[Shape] = keys(
    {
        "engagement": keys(
            {
                "words": keys(dict.fromkeys(COLUMNS, _WORDS)),
                "decisions": keys(dict.fromkeys(COLUMNS, _NAMES)),
                "by_service": _WORDS,
                "of_who_posts": _NAMES,
            },
            "words",
        ),
        "care": keys(dict.fromkeys(LANES, _NAMES)),
    }
)


@dataclass(frozen=True, slots=True)
class EngagementView:
    """By attribute and value the column of a word; by word that of a decision."""

    column_of: Mapping[tuple[str, str], str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    by_service: frozenset[tuple[str, str]] = frozenset()
    of_who_posts: frozenset[str] = frozenset()

    @property
    def attributes(self) -> frozenset[str]:
        """Whose claims are read."""
        return frozenset(attribute for attribute, _ in self.column_of)


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """What a pack says of views; of a pack that says nothing, nothing."""

    engagement: EngagementView = field(default_factory=EngagementView)
    #: The attributes of each lane.
    care: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def view_settings(written: Mapping[str, Any] | None) -> ViewSettings:
    """The section as conformed to `VIEWS`."""
    content = written or {}
    engagement = content.get("engagement", {})
    return ViewSettings(
        EngagementView(
            column_of={
                (attribute, value): column
                for column, words in engagement.get("words", {}).items()
                for attribute, value in _pairs(words)
            },
            decisions={
                item_key(word): column for column, words in engagement.get("decisions", {}).items() for word in words
            },
            by_service=frozenset(_pairs(engagement.get("by_service", {}))),
            of_who_posts=frozenset(engagement.get("of_who_posts", ())),
        ),
        care={lane: tuple(names) for lane, names in content.get("care", {}).items()},
    )


def view_faults(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """Words of no attribute, values that it does not have, and words that stand in two columns."""
    engagement = written.get("engagement", {})
    seen: dict[tuple[str, str], str] = {}
    for column, words in engagement.get("words", {}).items():
        path = ("views", "engagement", "words", column)
        for attribute, value, place in _places(words):
            yield from _unknown((*path, *place), attribute, value, vocabulary)
            if seen.setdefault((attribute, value), column) != column:
                yield (*path, *place), f"this stands under {seen[attribute, value]} already: a word has one column"
    for attribute, value, place in _places(engagement.get("by_service", {})):
        yield from _unknown(("views", "engagement", "by_service", *place), attribute, value, vocabulary)
    named = {("care", lane): names for lane, names in written.get("care", {}).items()}
    named["engagement", "of_who_posts"] = engagement.get("of_who_posts", ())
    for part, names in named.items():
        for number, attribute in enumerate(names):
            if attribute not in vocabulary:
                yield ("views", *part, number), "the vocabulary has no such attribute"


def _unknown(path: tuple[str | int, ...], attribute: str, value: str, vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    known = vocabulary.get(attribute)
    if known is None:
        yield path[:-1], "the vocabulary has no such attribute"
    elif value not in (EVENT_VALUES if known["type"] == "event" else known.get("values", ())):
        yield path, "this attribute has no such value"


def _pairs(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((attribute, value) for attribute, values in words.items() for value in values)


def _places(words: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, int]]]:
    for attribute, values in words.items():
        yield from ((attribute, value, (attribute, place)) for place, value in enumerate(values))
