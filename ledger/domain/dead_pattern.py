"""Patterns that mean nothing that could be said, and triggers that what they wait for, or what silences them, covers.

`ledger.domain.pattern` refuses names that there are not; this refuses what is well written and can never be. What a
pattern ``covers`` is told from the pattern alone: every statement that the other means is one that it means too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.domain.act import ASKED_OF, PREFIX
from ledger.domain.body import BODIES
from ledger.domain.expectation import GIVEN
from ledger.domain.pattern import Pattern, patterns
from ledger.domain.pattern_form import PARTIES
from ledger.domain.person import ONE_PERSON_ROLES
from ledger.domain.question import item_key
from ledger.domain.shape import Fault, Path, Word, YesNo
from ledger.domain.vocabulary import QUANTITY

#: What a pattern has in common with its trigger, and the key by which an attribute says whether it has that at all.
_PARTS: Final = ("thing", "with", "item")
#: The acts that may give a date by which they are due.
_DATED: Final = frozenset({"entry:action", "entry:handover", "entry:contact", "entry:information_request"})
#: The acts that are addressed to somebody, and the statements that tell of such.
_RECEIVED: Final = ASKED_OF | {
    f"{PREFIX}{kind}" for kind in ("referral", "action", "handover", "check", "information_request", "share")
}


def meaning_faults(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """What a pattern asks for that nothing can be, by its place below the pattern."""
    if "entry" in written:
        yield from _faults_of_fields(written)
    elif written.get("attribute") in vocabulary:
        yield from _faults_of_attribute(written, vocabulary[written["attribute"]])


def _faults_of_fields(written: Mapping[str, Any]) -> Iterator[Fault]:
    fields = BODIES[written["entry"]].fields
    for name in fields.keys() & written.keys():
        shape = fields[name]
        words = shape.words if isinstance(shape, Word) else {"yes", "no"} if isinstance(shape, YesNo) else None
        for place, said in enumerate(written[name] if isinstance(written[name], list) else ()):
            if words is not None and said not in words:
                yield (name, place), f"no {written['entry']} says this; it is one of: {', '.join(sorted(words))}"


def _faults_of_attribute(written: Mapping[str, Any], attribute: Mapping[str, Any]) -> Iterator[Fault]:
    if "items" in written and attribute.get("item", "no") == "no":
        yield ("items",), "the attribute takes no item, so nothing is said of these: leave this out"
    for place, part in enumerate(written.get("same", ())):
        if part in _PARTS and attribute.get(part, "no") == "no":
            yield ("same", place), f"the attribute takes no {part}: leave this out"
    about = written.get("about", "same")
    if (about == "child" and attribute["about"] == "person") or (
        about in ONE_PERSON_ROLES and attribute["about"] == "child"
    ):
        yield ("about",), f"the attribute is never about the {about}: name whom it can be about"
    for place, value in enumerate(written.get("values", ()) if attribute["type"] == "quantity" else ()):
        if not QUANTITY.match(value):
            yield ("values", place), "the attribute is a quantity: write a number"


#: What a pattern chooses among, where it says.
_CHOICES: Final = ("bases", "depths", "items", "topics", "has")


def covers(one: Pattern, other: Pattern) -> bool:
    """Whether every claim that ``other`` means, taken as a trigger, is one that ``one`` means too."""
    return (
        one.attribute == other.attribute
        and (not one.of or one.of == other.of)
        and (one.about in {"same", "anyone"} or one.about == other.about)
        and _says_covers(one, other)
        and other.statements <= one.statements
        and all(_within(getattr(other, name), getattr(one, name)) for name in _CHOICES)
        and one.has_not <= other.has_not
        and one.gives <= other.gives
        and one.lacks <= other.lacks
        and (other.is_later or not one.is_later)
        and all(_within(other.fields.get(name, frozenset()), wanted) for name, wanted in one.fields.items())
        and not one.is_later
        and _within(other.has, one.has)
        and one.has_not <= other.has_not
        and one.gives <= other.gives
        and one.lacks <= other.lacks
        and _by_covers(one, other)
    )


def _within(narrow: Collection[str], wide: Collection[str]) -> bool:
    """Whether what the one leaves is among what the other does; an empty choice leaves everything."""
    return not wide or (bool(narrow) and {*narrow} <= {*wide})


def _says_covers(one: Pattern, other: Pattern) -> bool:
    if not other.not_known <= one.not_known:
        return False
    if other.not_known and not other.values:
        return True
    return not (one.not_known and not one.values) and _within(other.values, one.values)


def _by_covers(one: Pattern, other: Pattern) -> bool:
    kinds, others = one.by - {*PARTIES}, other.by - {*PARTIES}
    if kinds:
        return bool(others) and others <= kinds
    return not one.by or "author" in one.by


@dataclass(frozen=True, slots=True)
class _Named:
    """Patterns of a rule's key, each with its place."""

    path: Path
    pattern: Pattern


def _under(written: Mapping[str, Any], key: str) -> list[_Named]:
    said = written.get(key)
    places: list[Path] = [(key,)] if isinstance(said, Mapping) else [(key, place) for place in range(len(said or ()))]
    return [_Named(path, pattern) for path, pattern in zip(places, patterns(said), strict=True)]


def never_faults(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """What keeps a rule that waits for something from ever finding anything, or from ever ending.

    ``written`` has the patterns ``when`` and ``until``, and may have ``unless``, ``only_if`` and ``fails``. An event
    can happen again and an act be done again, so one may wait for the next; a state that is said again is the same.
    """
    triggers, ends = _under(written, "when"), _under(written, "until")
    silencers = _under(written, "unless")
    if silencers and triggers and all(any(covers(each.pattern, one.pattern) for each in silencers) for one in triggers):
        yield ("unless",), "this covers all that the rule begins with, so it would never find anything: narrow it"
    for silencer in silencers:
        for needed in _under(written, "only_if"):
            if covers(silencer.pattern, needed.pattern):
                yield needed.path, "unless covers this, so the rule would never find anything: narrow one of them"
    for end in ends:
        if any(_is_said_again(one.pattern, vocabulary) and covers(end.pattern, one.pattern) for one in triggers):
            yield end.path, "what begins the rule ends it by itself: name something else, which comes after it"
        if end.pattern.by == {"receiver"} and not any(one.pattern.attribute in _RECEIVED for one in triggers):
            yield (*end.path, "by"), "nothing that begins the rule is addressed to anybody: name a sort of agency"
    for failing in _under(written, "fails"):
        if any(covers(end.pattern, failing.pattern) for end in ends):
            yield failing.path, "until covers this, so it counts as what is waited for: narrow one of them"


def _is_said_again(trigger: Pattern, vocabulary: Mapping[str, Any]) -> bool:
    return not trigger.is_act and vocabulary.get(trigger.attribute, {}).get("type") != "event"


def answered_faults(written: Mapping[str, Any]) -> Iterator[Fault]:
    """What makes it necessary to know something (``when``), where it says or shows just that: it never is not known.

    ``written`` has an ``attribute``, of one of ``items`` where it names some; values under ``missing`` answer nothing.
    What ``holds`` only for a time is asked for once it is old; with ``only_by``, nothing else answers.
    """
    missing, items = frozenset(written.get("missing", ())), {*map(item_key, written.get("items", ()))}
    is_open = "only_by" not in written
    known, others = _under(written, "knows" if is_open else "only_by"), _under(written, "unless")
    for one in _under(written, "when"):
        pattern = one.pattern
        says = bool(pattern.values - missing) if pattern.values else not (pattern.not_known or missing)
        is_same_item = not items or not pattern.items or not items.isdisjoint(pattern.items)
        is_of_same = pattern.about == written.get("about", "same")
        answers = is_open and pattern.attribute == written["attribute"] and says and is_same_item and is_of_same
        if "holds" not in written and (answers or any(covers(each.pattern, pattern) for each in known)):
            yield one.path, "what makes this necessary answers it, so it is never asked for: name what leaves it open"
        elif any(covers(each.pattern, pattern) for each in others):
            yield one.path, "unless covers this, so it is never asked for: narrow one of them"


def threshold_faults(written: Mapping[str, Any]) -> Iterator[Fault]:
    """More ``agencies`` asked for than sorts of them that ``when`` lets count."""
    sorts = [one.pattern.by - {*PARTIES} for one in _under(written, "when")]
    least = written.get("agencies")
    if isinstance(least, int) and sorts and all(sorts) and len(frozenset().union(*sorts)) < least:
        yield ("agencies",), "fewer sorts of agencies than this are named: name more of them, or ask for fewer"


def given_faults(written: Mapping[str, Any]) -> Iterator[Fault]:
    """A clock that its trigger is to give, where nothing that begins the rule has a date."""
    if written.get("within") != GIVEN or "otherwise" in written:
        return
    triggers = [one.pattern for one in _under(written, "when")]
    if all(one.is_act and one.attribute not in _DATED for one in triggers):
        yield ("within",), "nothing that begins the rule gives a date: write a length or working days, or add otherwise"
