"""One attribute of a rule pack in words, for the reference: what it takes, what that leaves possible, what it finds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from ledger.domain.duration import ALWAYS
from ledger.domain.example import NOTHING, OVERTAKEN, Example
from ledger.domain.vocabulary import ANY_VALUE, Attribute
from ledger.services.describe_rule import as_written

_ABOUT: Final = {
    "person": "`about` a person: `mother`, `father` or a reference; not the child",
    "child": "`about: child`",
    "anyone": "`about` anyone: `child`, `mother`, `father` or a reference",
}
_NAMES: Final = {
    "thing": "the key of the injury, incident or other thing it is about; all that is said of that uses the same key",
    "with": "the other person: towards, with or from whom",
    "item": "which one of many: say it in a few words, and the same words each time",
}
_CORROBORATED: Final = {
    "at_once": "at once",
    "within_10wd": "within 10 working days",
    "at_next_decision": "when a decision is next taken",
    "never": "never",
}
_HEARD: Final = "A word from somebody with an interest in it is checked with somebody else"


def describe_attribute(attribute: Attribute) -> Iterator[str]:
    """One attribute's section, a line at a time."""
    yield from [f"### {attribute.name}", "", attribute.meaning, ""]
    yield f"- {_ABOUT[attribute.about]}."
    yield from (f"- {line}" for line in _needs(attribute))
    if attribute.type != "state":
        yield f"- {_value(attribute)}."
    yield from (f"- {line}" for line in _comparing(attribute))
    if attribute.topic:
        polarity = attribute.polarity.get(ANY_VALUE)
        yield f"- Topic: `{attribute.topic}`{f'; each is a {polarity}' if polarity else ''}."
    if attribute.owner:
        yield f"- Who would know: {words(attribute.owner)}."
    if attribute.corroborate.get(ANY_VALUE, "never") != "never":
        yield f"- {_HEARD} {_CORROBORATED[attribute.corroborate[ANY_VALUE]]}."
    if attribute.ask:
        yield f"- Ask: {attribute.ask}"
    if attribute.source:
        yield f"- Source: {attribute.source}."
    yield f"- For example: `{as_written(sample(attribute))}`"
    if attribute.type in {"state", "event"}:
        yield from ["", *_values(attribute)]
    yield from examples_in_words(attribute.examples)


def sample(attribute: Attribute) -> dict[str, object]:
    """A claim on this attribute that the vocabulary takes, as short as it can be."""
    values: Mapping[str, object] = {
        "state": next(iter(attribute.values), ""),
        "event": "happened",
        "person": "father",
        "quantity": "3.42" if attribute.unit == "kg" else "12",
        "date": "2024-03-09",
        "place": "At his mother’s.",
        "text": "In a few words.",
    }
    parts = {"thing": "left-arm", "with": "mother", "item": "which one"}
    return {
        "about": "child" if attribute.about == "child" else "father",
        "attribute": attribute.name,
        **{part: shown for part, shown in parts.items() if _presence(attribute)[part] == "required"},
        "value": values[attribute.type],
        "basis": "seen" if attribute.type != "quantity" else "measured",
    }


def _presence(attribute: Attribute) -> Mapping[str, str]:
    return {"thing": attribute.thing, "with": attribute.counterpart, "item": attribute.item}


def _needs(attribute: Attribute) -> Iterator[str]:
    for part, presence in _presence(attribute).items():
        if presence != "no":
            needed = "needed" if presence == "required" else "may be given"
            if (part, presence) == ("thing", "required"):
                needed = "needed; a claim without one is about a thing of its own"
            yield f"`{part}` ({needed}): {_NAMES[part]}."


def _value(attribute: Attribute) -> str:
    return {
        "person": "`value`: a person’s reference, or `{is: …}`, `{is_not: …}`, `{one_of: […]}` of references",
        "quantity": f"`value`: a number of {attribute.unit}, as text; up to {attribute.tolerance} apart is the same",
        "date": "`value`: a day, a month or a year, as well as it is known",
        "place": "`value`: the place, in words; a place within another agrees with it",
        "event": "`value`: `happened`, `did_not_happen` or `not_seen`",
        "text": "`value`: words; kept and shown, and set against nothing",
    }[attribute.type]


def _comparing(attribute: Attribute) -> Iterator[str]:
    if not attribute.is_compared:
        return
    found = f" (`{attribute.finds}`)" if attribute.finds != "contradiction" else ""
    yield (
        f"Compared: statements that pull apart are found{found}, one tier lower."
        if attribute.differs == "strains"
        else f"Compared: statements that cannot all be so are found{found}."
    )
    if attribute.critical:
        yield "Critical: it is raised even where it may be a change, and weighs more."
    if attribute.binds:
        yield "It binds: what a constraint sets against it goes against an order, bail or a condition."
    if attribute.past_matters:
        yield "The past matters: it stays open though all agree about the present."
    if attribute.compare_within == ALWAYS:
        yield "It cannot change: statements meet whatever their dates."
    elif isinstance(attribute.compare_within, timedelta):
        days = _length(attribute.compare_within)
        yield (
            f"A word that goes on (`/..`) meets a newer one for {days} after it was last said; then it may be a change."
            if attribute.compare_within
            else "Only what both assert of one time meets; else it is a change."
        )
    yield from _over_time(attribute)


def _over_time(attribute: Attribute) -> Iterator[str]:
    if attribute.comes_and_goes:
        yield "It comes and goes within a day: give the time of day at which it was seen."
    if attribute.glimpses:
        named = " or ".join(f"`{value}`" for value in attribute.values if value in attribute.glimpses)
        yield f"Seen by the author on one day, {named} shows nothing of what is so for longer."
    if attribute.only_forward:
        yield "Its states are reached in the order given, and none is gone back from."
    if attribute.holds_for is not None:
        yield f"A word that goes on is stale when nobody has said it again for {_length(attribute.holds_for)}."


def _values(attribute: Attribute) -> Iterator[str]:
    polarity, leans, clocks = attribute.polarity, attribute.leans, attribute.corroborate
    headings = {
        "value": True,
        "leaves possible": bool(attribute.states),
        "says": bool(polarity),
        "leans to": bool(leans),
    }
    headings["checked"] = bool(clocks)
    rows = []
    for value, mask in attribute.values.items():
        cells = (
            f"`{value}`",
            " or ".join(words(state) for state in attribute.states_in(mask)),
            polarity.get(value, ""),
            " or ".join(words(state) for state in attribute.states_in(leans.get(value, 0))),
            _CORROBORATED[clocks[value]] if value in clocks else "",
        )
        rows.append(tuple(cell for cell, shown in zip(cells, headings.values(), strict=True) if shown))
    yield from table([heading for heading, shown in headings.items() if shown], rows)


def type_in_words(attribute: Attribute) -> str:
    """Its type, and whether it is compared."""
    return f"{attribute.type}, compared" if attribute.is_compared else attribute.type


def parts_in_words(attribute: Attribute) -> str:
    """The parts that it takes beside its value; those that may be left out in brackets."""
    named = [
        part if presence == "required" else f"({part})"
        for part, presence in _presence(attribute).items()
        if presence != "no"
    ]
    return " ".join(named)


def examples_in_words(examples: tuple[Example, ...]) -> Iterator[str]:
    """What raises it and what does not, from its examples."""
    told = "told to the holder, and no finding"
    raised = [one for one in examples if one.finds != NOTHING]
    if raised:
        yield from ["", "Raised when:", ""]
        for one in raised:
            kind = told if one.finds == OVERTAKEN else f"`{one.finds}`"
            yield f"- {one.shows} ({kind})"
    left = [one for one in examples if one.finds == NOTHING]
    if left:
        yield from ["", "Left alone:", "", *(f"- {one.shows}" for one in left)]


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table; no cell breaks it."""
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    yield from (f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)


def words(name: str) -> str:
    """A name of the pack as a person reads it."""
    return name.replace("_", " ")


def _length(length: timedelta) -> str:
    if length.seconds:
        return f"{length.total_seconds() / 3600:g} hours"
    return "1 day" if length.days == 1 else f"{length.days} days"
