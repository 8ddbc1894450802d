"""The written form of a rule on unanswered concerns: its settings, and what they may name of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ledger.domain.duration import refuse_duration
from ledger.domain.rules.concern_depth import LADDER
from ledger.domain.rules.concern_reading import GENERAL
from ledger.domain.shape import Either, Fault, Items, Named, Path, Shape, Text, word
from ledger.domain.vocabulary import EVENT_VALUES

_VALUES: Final = Named(Items(Text()))
_DEPTH: Final = word(" ".join((*LADDER, "measured", "home_entered", "owner_check")))
FORM: Final[Mapping[str, Shape]] = {
    "topics": Items(Text(), least=1),
    "before": Text(refuse_duration),
    "lapses_after": Text(refuse_duration),
    "any_topic": Items(Text()),
    "usual_topic": Named(Text()),
    "of_anything": _VALUES,
    GENERAL: _DEPTH,
    "broad": Items(Text()),
    "apart": Items(Text()),
    "lasting": Items(Text()),
    "passing": Items(Text()),
    "changing": Items(Text()),
    "moments": Items(Text()),
    "passes": Items(Text()),
    "reassures": _VALUES,
    "aside": _VALUES,
    "raises": Named(_VALUES),
    "calms": Named(_VALUES),
    "lesser": Named(Either(word("lower"), Items(Text(), least=1))),
    "ordinary": _VALUES,
    "ordinary_beside": _VALUES,
    "ordinary_from": Text(refuse_duration),
    "depth_from": Named(Named(word(" ".join(LADDER)))),
    "shown_by": _VALUES,
    "eased": Named(Named(_DEPTH)),
    "replies": _VALUES,
    "examiners": Text(),
    "may_examine": Text(),
    "clinical": Items(Text()),
    "whose_turn": Text(),
}
#: Settings that name attributes, as a list or as the keys of a mapping; and those of which the values are the pack's.
_OF_ATTRIBUTES: Final = ("any_topic", "broad", "apart", "passing", "moments", "clinical", "usual_topic")
_BY_ATTRIBUTE: Final = (
    "of_anything",
    "reassures",
    "aside",
    "lesser",
    "ordinary",
    "ordinary_beside",
    "depth_from",
    "replies",
)


def check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """Attributes and values that the vocabulary does not have, and settings that lack their other half."""
    unknown = "the vocabulary has no such attribute"
    for key in _OF_ATTRIBUTES:
        named = written.get(key, ())
        places = named if isinstance(named, Mapping) else range(len(named))
        yield from (((key, at), unknown) for at, name in zip(places, named, strict=True) if name not in vocabulary)
    for key in _BY_ATTRIBUTE:
        for name, said in written.get(key, {}).items():
            if name not in vocabulary:
                yield (key, name), unknown
            elif not isinstance(said, str):
                yield from _unknown_values((key, name), said, vocabulary[name])
    for path, name in _of_other_topics(written):
        if name not in vocabulary:
            yield path, unknown
        elif path[0] != "eased" and "topic" in vocabulary[name] and name not in written.get("any_topic", ()):
            yield path, "this has a topic of its own: name it under any_topic too"
    yield from _lacking_their_half(written)


def _lacking_their_half(written: Mapping[str, Any]) -> Iterator[Fault]:
    if ("ordinary" in written) != ("ordinary_from" in written):
        yield (), "ordinary and ordinary_from belong together"
    if "ordinary_beside" in written and "ordinary" not in written:
        yield ("ordinary_beside",), "it adds to ordinary: write that too"


def _of_other_topics(written: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The attributes that settings name by topic, and where."""
    for key in ("shown_by", "raises", "calms", "eased"):
        for topic, names in written.get(key, {}).items():
            for place, name in enumerate(names):
                yield (key, topic, place if isinstance(names, list) else name), name


def _unknown_values(path: Path, said: Iterable[str], attribute: Mapping[str, Any]) -> Iterator[Fault]:
    if attribute["type"] not in {"state", "event"}:
        return
    known = attribute["values"] if attribute["type"] == "state" else tuple(EVENT_VALUES)
    for place, value in enumerate(said):
        if value not in known:
            yield (*path, place if isinstance(said, list) else value), f"it has the values: {', '.join(known)}"
