"""The words that claims are made of: each attribute with its type, its values and how long a word on it holds.

A value of a ``state`` attribute is a mask: one bit for each state of the world that it allows. Masks are computed
from the pack when it is loaded and are never stored. Statements conflict exactly when the AND of their masks is empty.
What the values of the other types allow is told from all that is said on a question: see `ledger.domain.allows`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from ledger.domain.duration import ALWAYS
from ledger.domain.edtf import EdtfError, parse
from ledger.domain.example import Example
from ledger.domain.person import CHILD

AttributeType = Literal["state", "person", "quantity", "date", "place", "event", "text"]
Presence = Literal["no", "optional", "required"]
NOT_KNOWN = ("unknown", "not_asked", "declined", "evaded")
#: The states of an ``event``, and what its values allow: what nobody saw may have happened or not.
EVENT_STATES = ("happened", "did_not_happen")
EVENT_VALUES: Mapping[str, int] = {"happened": 0b01, "did_not_happen": 0b10, "not_seen": 0b11}
PERSON_FORMS = frozenset({"is", "is_not", "one_of"})
#: A number as text, so that it stays exact.
QUANTITY = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?\Z")
#: In `polarity` and `corroborate`, the key that means any value.
ANY_VALUE = ""
STATES_MAX = 32
TEXT_CHARS_MAX = 2000

#: Where in a claim something is wrong, and what to do about it.
Fault = tuple[tuple[str | int, ...], str]


@dataclass(frozen=True)
class Attribute:
    """One attribute of the pack. ``values`` maps each word of a state or an event to its mask.

    ``is_compared`` says whether detection sets statements on it against each other; the others are typed, kept
    and shown. ``compare_within`` may be ``always``: it cannot change, so statements meet whatever their dates.
    ``comes_and_goes``: it can be otherwise within a day, so what is seen at a time of day is said of that time alone.
    ``glimpses``: values that, where the author saw them on one day, show nothing of what is so for longer.

    ``topic`` is that of a claim which names none. ``polarity`` says which values are a concern or a reassurance,
    ``leans`` towards which states (as a mask) a value leans that allows others too, ``corroborate`` by when another
    source must have borne a value out: at_once, within_10wd, at_next_decision or never. ``finds`` is the kind of a
    finding of statements in conflict here, ``differs`` whether these exclude each other or only pull apart.
    """

    name: str
    about: Literal["person", "child", "anyone"]
    type: AttributeType
    meaning: str
    states: tuple[str, ...] = ()
    values: Mapping[str, int] = field(default_factory=dict)
    is_compared: bool = False
    holds_for: timedelta | None = None
    compare_within: timedelta | Literal["always"] = timedelta(days=60)
    only_forward: bool = False
    critical: bool = False
    binds: bool = False
    past_matters: bool = False
    thing: Presence = "no"
    counterpart: Presence = "no"
    item: Presence = "no"
    owner: str | None = None
    ask: str | None = None
    source: str | None = None
    unit: str | None = None
    tolerance: str | None = None
    topic: str | None = None
    polarity: Mapping[str, str] = field(default_factory=dict)
    leans: Mapping[str, int] = field(default_factory=dict)
    finds: Literal["contradiction", "identity", "explanation"] = "contradiction"
    differs: Literal["excludes", "strains"] = "excludes"
    corroborate: Mapping[str, str] = field(default_factory=dict)
    comes_and_goes: bool = False
    glimpses: frozenset[str] = frozenset()
    examples: tuple[Example, ...] = ()

    @property
    def is_unchanging(self) -> bool:
        """Whether what it states cannot change, so that the time of a statement does not matter."""
        return self.compare_within == ALWAYS

    def goes_back(self, earlier: int, later: int) -> bool:
        """Whether every state that ``later`` allows was left behind by all that ``earlier`` allows, which cannot be."""
        return self.only_forward and later < earlier & -earlier

    def polarity_of(self, value: str | None) -> str | None:
        """Whether a claim's value is a concern or a reassurance; None where it is neither, or there is no value."""
        return _of_value(self.polarity, value)

    def corroborate_of(self, value: str | None) -> str | None:
        """By when another source must have borne a claim's value out; None where the pack does not say."""
        return _of_value(self.corroborate, value)

    def states_in(self, mask: int) -> tuple[str, ...]:
        """The states that a mask allows, in the pack's order."""
        return tuple(state for place, state in enumerate(self.states) if mask >> place & 1)

    def check_claim(self, claim: Mapping[str, Any]) -> list[Fault]:
        """What is wrong with a claim on this attribute; no message repeats what was sent.

        A claim that does not say which thing it is about, though the attribute needs it, is about one of its own.
        """
        faults = [*self._check_about(claim), *self._check_value(claim)]
        for name, presence in (("thing", self.thing), ("with", self.counterpart), ("item", self.item)):
            if presence == "required" and name != "thing" and claim.get(name) is None:
                faults.append(((name,), f"{self.name} needs {name}: say which one it is about"))
            elif presence == "no" and claim.get(name) is not None:
                faults.append(((name,), f"{self.name} takes no {name}: leave it out"))
        return faults

    def _check_about(self, claim: Mapping[str, Any]) -> list[Fault]:
        is_child = claim.get("about") == CHILD
        if self.about == "child" and not is_child:
            return [(("about",), f"{self.name} is about the child: write child")]
        if self.about == "person" and is_child:
            return [(("about",), f"{self.name} is about an adult or another person, not about the child")]
        return []

    def _check_value(self, claim: Mapping[str, Any]) -> list[Fault]:
        value, not_known = claim.get("value"), claim.get("not_known")
        if (value is None) == (not_known is None):
            return [((), "give either a value, or not_known where it is not known")]
        if not_known is not None:
            known = isinstance(not_known, str) and not_known in NOT_KNOWN
            return [] if known else [(("not_known",), f"not_known is one of: {', '.join(NOT_KNOWN)}")]
        reason = self._refuse(value)
        return [] if reason is None else [(("value",), reason)]

    def _refuse(self, value: Any) -> str | None:
        if self.type in {"state", "event"}:
            if isinstance(value, str) and value in self.values:
                return None
            return f"{self.name} is one of: {', '.join(self.values)}"
        return _REFUSE[self.type](value, self)


def _of_value(said: Mapping[str, str], value: str | None) -> str | None:
    return None if value is None else said.get(value, said.get(ANY_VALUE))


def _refuse_person(value: Any, attribute: Attribute) -> str | None:
    fix = f"{attribute.name} is a person's reference, or one of is, is_not and one_of with references"
    takes_several = False
    if isinstance(value, Mapping):
        if len(value) != 1 or not value.keys() <= PERSON_FORMS:
            return fix
        takes_several = "is" not in value
        (value,) = value.values()
    refs = value if takes_several and isinstance(value, list) else [value]
    return None if refs and all(isinstance(ref, str) and ref.strip() for ref in refs) else fix


def _refuse_quantity(value: Any, attribute: Attribute) -> str | None:
    if isinstance(value, str) and QUANTITY.match(value):
        return None
    return f"{attribute.name} is a number in {attribute.unit}, written as text so that it stays exact: 3.42"


def _refuse_date(value: Any, attribute: Attribute) -> str | None:
    try:
        if isinstance(value, str):
            parse(value)
            return None
    except EdtfError as error:
        return error.reason
    return f"{attribute.name} is a date, as 2024-03-09, or a month or year"


def _refuse_text(value: Any, attribute: Attribute) -> str | None:
    if isinstance(value, str) and value.strip() and len(value) <= TEXT_CHARS_MAX:
        return None
    return f"{attribute.name} is text of at most {TEXT_CHARS_MAX} characters"


_REFUSE: Mapping[str, Callable[[Any, Attribute], str | None]] = {
    "person": _refuse_person,
    "quantity": _refuse_quantity,
    "date": _refuse_date,
    "place": _refuse_text,
    "text": _refuse_text,
}
