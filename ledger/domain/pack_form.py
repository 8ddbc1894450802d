"""The written form of a rule pack: which keys an attribute may have, and how they must agree.

An attribute:

* ``about``: ``person``, ``child`` or ``anyone``; ``type``; ``meaning``, in words for whoever posts.
* ``states`` and ``values`` (of a ``state``): each value lists the states that it allows.
* ``compared``: whether detection sets statements against each other (states: yes unless said; others: no).
* ``holds_for``: from how long after it was last said a word that is carried is stale; left out: never.
* ``compare_within``: how long a word that is only carried still meets a new one (P60D unless said; P0D: only what
  both assert at one time; ``always``: what it states cannot change, so dates do not matter).
* ``only_forward``: its states are written in the order in which they are reached, and none is gone back from: an
  earlier one, set against a further one that is carried, is no change.
* ``critical``: a conflict is raised even where it may be a change. ``past_matters``: a difference about the past
  keeps a finding open.
* ``thing``, ``with``, ``item``: ``no``, ``optional`` or ``required``: what parts one question from another.
* ``owner`` of the fact, ``ask`` (what to ask), ``source`` of the rule, ``unit`` and ``tolerance`` of a quantity.
* ``examples``: ``shows`` in words, ``claims`` each with its ``agency`` and ``observed``, and what it ``finds``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.domain.duration import ALWAYS, DurationError, parse_duration
from ledger.domain.example import NOTHING, OVERTAKEN
from ledger.domain.shape import Anything, Fault, Items, Keys, Text, YesNo, keys, word
from ledger.domain.vocabulary import STATES_MAX


def _refuse_duration(text: str) -> str | None:
    try:
        parse_duration(text)
    except DurationError as error:
        return error.reason
    return None


def _refuse_holding(text: str) -> str | None:
    return (
        "a word holds for a length of time: leave it out for what never grows stale"
        if text == ALWAYS
        else (_refuse_duration(text))
    )


class _Named:
    """A mapping from names of the author's choosing to one shape."""

    def __init__(self, shape: Any) -> None:
        self._shape = shape

    def conform(self, value: object, path: tuple[str | int, ...], faults: list[Fault]) -> object:
        if not isinstance(value, dict) or not value:
            faults.append((path, "this must be a mapping with at least one name"))
            return {}
        faults.extend(
            ((*path, name), "names are lower case letters, digits and underscores")
            for name in value
            if not (name.isascii() and name.replace("_", "").isalnum() and name == name.lower())
        )
        return {name: self._shape.conform(below, (*path, name), faults) for name, below in value.items()}


_WORDS = Items(Text(), least=1)
_EXAMPLE = keys(
    {
        "shows": Text(),
        "claims": Items(_Named(Anything()), least=1),
        "finds": word(f"contradiction same_informant gap {OVERTAKEN} {NOTHING}"),
    },
    "shows claims finds",
)
ATTRIBUTE: Keys = keys(
    {
        "about": word("person child anyone"),
        "type": word("state person quantity date place event text"),
        "meaning": Text(),
        "states": _WORDS,
        "values": _Named(_WORDS),
        "compared": YesNo(),
        "holds_for": Text(_refuse_holding),
        "compare_within": Text(_refuse_duration),
        "only_forward": YesNo(),
        "critical": YesNo(),
        "past_matters": YesNo(),
        "thing": word("no optional required"),
        "with": word("no optional required"),
        "item": word("no optional required"),
        "owner": Text(),
        "ask": Text(),
        "source": Text(),
        "unit": Text(),
        "tolerance": Text(),
        "examples": Items(_EXAMPLE, least=1),
    },
    "about type meaning",
)
PACK: Keys = keys({"pack": Text(), "version": Text(), "attributes": _Named(ATTRIBUTE)}, "pack version attributes")


def faults_between(name: str, written: Mapping[str, Any]) -> Iterator[Fault]:
    """What no single key shows: states against values, and what each type needs."""
    path = ("attributes", name)
    type_, states, values = written["type"], written.get("states", []), written.get("values", {})
    if (type_ == "state") != bool(states) or (type_ == "state") != bool(values):
        yield path, "states and values belong together, to an attribute of type state and to no other"
        return
    if len(set(states)) != len(states) or len(states) > STATES_MAX:
        yield (*path, "states"), f"states differ from each other, and there are at most {STATES_MAX}"
    for word_, allowed in values.items():
        for place, state in enumerate(allowed):
            if state not in states:
                yield (*path, "values", word_, place), f"this is not one of the states: {', '.join(states)}"
    if (type_ == "quantity") != ("unit" in written and "tolerance" in written):
        yield path, "a quantity has a unit and a tolerance, and nothing else has"
    if type_ != "state" and written.get("only_forward") == "yes":
        yield (*path, "only_forward"), "only states come in an order: leave it out"
    if type_ != "state" and is_compared(written):
        yield (*path, "compared"), "only attributes of type state are compared"
    if is_compared(written):
        yield from _faults_of_rule(path, written)


def _faults_of_rule(path: tuple[str, ...], written: Mapping[str, Any]) -> Iterator[Fault]:
    finds = {example["finds"] for example in written.get("examples", ())}
    if "source" not in written:
        yield path, "what is compared names its source in guidance or a case review: add source"
    if not finds - {NOTHING}:
        yield path, "what is compared has a worked example that finds something: add one to examples"
    if NOTHING not in finds:
        yield path, "what is compared has a counter-example that finds nothing: add one to examples"
    if written.get("critical") == "yes" and "ask" not in written:
        yield path, "what is critical says what to ask: add ask"


def is_compared(written: Mapping[str, Any]) -> bool:
    """Whether detection compares statements on this attribute: states unless they say no, nothing else."""
    return bool(written.get("compared", "yes" if written["type"] == "state" else "no") == "yes")
