"""What a rule pack says of decisions: their kinds, what each always relies on, and what then ends them.

The section ``decisions`` of a pack has ``kinds`` and ``items``. A kind: the ``words`` by which agencies call such a
decision, the ``items`` that it always relies on beside those that ``any`` decision does (none of those where it
``protects``), and ``ended_by``, the kinds of decisions after which it no longer stands. A word of no kind is judged on
what the decision states alone. An item: its ``meaning``, in words that say what
is relied on; what to ``ask`` where that does not hold; its ``source``. What opens it is one or more of:

* ``words``: values of attributes, each until a later word among ``answered`` is said of the same thing, or else of the
  same person (``reassured``: or a reassurance on its topic by somebody who saw, searched or judges). ``another``: only
  said by agencies other than the one that decides. ``by_itself``: only the agency that said it can answer it.
  ``topics``: only what is on these.
* ``questions``: attributes on which statements cannot all be so.
* ``rules``: rules of the pack that found something when the decision was made; of those with clocks, that await
  something, late or not.
* ``positions``: stances that professionals of other agencies took on it, until they take another one.
* ``unseen``: that nobody has seen the child, at one of these depths, since any of its ``words`` was said.

``state`` is what is then wrong with it: ``open`` unless it says. ``grave``: no decision stands at once while it is so.
``later``: what comes up after the decision opens it, too; else only what was so before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from ledger.domain.question import item_key
from ledger.domain.rules.spoken import WORDS, unknown_words
from ledger.domain.shape import Fault, Items, Named, Shape, Text, YesNo, keys, word

State = Literal["contested", "stale", "unasked", "uncorroborated", "open"]
_NAMES: Final = Items(Text(), least=1)
_OPENS: Final = ("words", "questions", "rules", "positions", "unseen")
_FLAGS: Final = ("grave", "later", "another", "by_itself", "reassured")
DECISIONS: Final[Shape] = keys(
    {
        "any": _NAMES,
        "kinds": Named(keys({"words": _NAMES, "items": _NAMES, "ended_by": _NAMES, "protects": YesNo()}, "words")),
        "items": Named(
            keys(
                {
                    "meaning": Text(),
                    "ask": Text(),
                    "source": Text(),
                    "state": word("contested unasked open"),
                    "words": WORDS,
                    "answered": WORDS,
                    "questions": _NAMES,
                    "rules": _NAMES,
                    "topics": _NAMES,
                    "positions": Items(word("against for_if"), least=1),
                    "unseen": _NAMES,
                    **dict.fromkeys(_FLAGS, YesNo()),
                },
                "meaning ask source",
            )
        ),
    },
    "kinds items",
)


@dataclass(frozen=True, slots=True)
class DecisionItem:
    """One thing that decisions of some kinds always rely on: see the section's description for each part."""

    name: str
    meaning: str
    ask: str
    source: str
    state: State = "open"
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    answered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    positions: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    grave: bool = False
    later: bool = False
    another: bool = False
    by_itself: bool = False
    reassured: bool = False


@dataclass(frozen=True, slots=True)
class DecisionKind:
    """One kind of decision: the words for it, the names of what it always relies on, the kinds that end it."""

    name: str
    words: frozenset[str]
    items: tuple[str, ...] = ()
    ended_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DecisionSettings:
    """What a pack says of decisions; of a pack that says nothing, nothing."""

    kinds: Mapping[str, DecisionKind] = field(default_factory=dict)
    items: Mapping[str, DecisionItem] = field(default_factory=dict)

    def kind_of(self, written: str) -> DecisionKind | None:
        """The kind of decision that goes by this word; None where the pack lists none."""
        said = item_key(written)
        return next((kind for kind in self.kinds.values() if said in kind.words), None)

    def name_of(self, written: str) -> str:
        """The kind's name, else the word itself as it is compared."""
        kind = self.kind_of(written)
        return item_key(written) if kind is None else kind.name

    def items_of(self, written: str) -> list[DecisionItem]:
        """What a decision called so always relies on."""
        kind = self.kind_of(written)
        return [] if kind is None else [self.items[name] for name in kind.items]


def decision_settings(written: Mapping[str, Any] | None) -> DecisionSettings:
    """The section as conformed to `DECISIONS`."""
    content = written or {}
    always = tuple(content.get("any", ()))
    return DecisionSettings(
        kinds={
            name: DecisionKind(
                name,
                words=frozenset(map(item_key, (name, *one["words"]))),
                items=tuple(dict.fromkeys((*one.get("items", ()), *(() if one.get("protects") == "yes" else always)))),
                ended_by=frozenset(one.get("ended_by", ())),
            )
            for name, one in content.get("kinds", {}).items()
        },
        items={name: _item(name, one) for name, one in content.get("items", {}).items()},
    )


def _item(name: str, one: Mapping[str, Any]) -> DecisionItem:
    return DecisionItem(
        name,
        one["meaning"],
        one["ask"],
        one["source"],
        state=cast("State", one.get("state", "open")),
        words=one.get("words", {}),
        answered=one.get("answered", {}),
        questions=tuple(one.get("questions", ())),
        rules=tuple(one.get("rules", ())),
        topics=frozenset(one.get("topics", ())),
        positions=frozenset(one.get("positions", ())),
        unseen=frozenset(one.get("unseen", ())),
        **{flag: one.get(flag) == "yes" for flag in _FLAGS},
    )


def decision_faults(
    written: Mapping[str, Any], attributes: Mapping[str, Any], rules: Mapping[str, Any]
) -> Iterator[Fault]:
    """What a pack's section names and does not have, by place in the pack."""
    yield from _faults_of_kinds(written.get("kinds", {}), written.get("items", {}))
    for place, one in enumerate(written.get("any", ())):
        if one not in written["items"]:
            yield ("decisions", "any", place), "there is no such item"
    for name, item in written.get("items", {}).items():
        for below, message in _faults_of_item(item, attributes, rules):
            yield ("decisions", "items", name, *below), message


def _faults_of_kinds(kinds: Mapping[str, Any], items: Mapping[str, Any]) -> Iterator[Fault]:
    heard: set[str] = set()
    for name, kind in kinds.items():
        path = ("decisions", "kinds", name)
        for key, known in (("items", items), ("ended_by", kinds)):
            for place, one in enumerate(kind.get(key, ())):
                if one not in known:
                    yield (*path, key, place), f"there is none of this name: name one of {', '.join(known)}"
        words = {item_key(one) for one in (name, *kind["words"])}
        if words & heard:
            yield (*path, "words"), "a word of this kind is one of another kind, too"
        heard |= words


def _faults_of_item(
    item: Mapping[str, Any], attributes: Mapping[str, Any], rules: Mapping[str, Any]
) -> Iterator[Fault]:
    for key in ("words", "answered"):
        yield from unknown_words((key,), item.get(key, {}), attributes)
    for key, known in (("questions", attributes), ("rules", rules)):
        for place, one in enumerate(item.get(key, ())):
            if one not in known:
                yield (key, place), "the pack has none of this name"
    if not any(key in item for key in _OPENS):
        yield (), f"say what opens it: one of {', '.join(_OPENS)}"
    if "unseen" in item and "words" not in item:
        yield ("unseen",), "say since which words the child is to be seen: add words"
