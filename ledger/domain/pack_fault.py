"""What is wrong between the parts of a pack that are each right: words that name nothing, and rules that show nothing.

Each fault has the path of its place in the pack and says what to do about it; none repeats what is written there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.domain.agency import faults_of_agencies
from ledger.domain.duration import refuse_duration
from ledger.domain.example import NOTHING
from ledger.domain.interruption import interrupt_faults
from ledger.domain.pack_alerts import alert_faults
from ledger.domain.pack_decisions import decision_faults
from ledger.domain.pack_form import is_compared
from ledger.domain.pack_views import view_faults
from ledger.domain.rule import RESERVED, Family
from ledger.domain.rule_fault import settings_faults
from ledger.domain.shape import Fault, Path
from ledger.domain.telling import telling_faults
from ledger.domain.vocabulary import EVENT_VALUES, QUANTITY, STATES_MAX


def faults_between(content: Mapping[str, Any], families: Mapping[str, Family]) -> Iterator[Fault]:
    """Every fault between the parts of a pack that conforms to its form."""
    topics = content.get("topics", {})
    yield from alert_faults(content.get("alerts", {}))
    yield from faults_of_agencies(("agencies",), content.get("agencies", {}))
    yield from view_faults(content.get("views", {}), content["attributes"])
    yield from decision_faults(content.get("decisions", {}), content["attributes"], content.get("rules", {}))
    for name, written in content["attributes"].items():
        yield from _faults_of_attribute(("attributes", name), written, topics)
    for name, written in content.get("rules", {}).items():
        yield from faults_of_rule(("rules", name), written, content, families[written["family"]])
        for below, message in telling_faults(name, written, content["rules"], families):
            yield ("rules", name, *below), message


def _faults_of_attribute(path: Path, written: Mapping[str, Any], topics: Mapping[str, Any]) -> Iterator[Fault]:
    type_, states, values = written["type"], written.get("states", []), written.get("values", {})
    if (type_ == "state") != bool(states) or (type_ == "state") != bool(values):
        yield path, "states and values belong together, to an attribute of type state and to no other"
        return
    if len(set(states)) != len(states) or len(states) > STATES_MAX:
        yield (*path, "states"), f"states differ from each other, and there are at most {STATES_MAX}"
    for word, allowed in values.items():
        for place, state in enumerate(allowed):
            if state not in states:
                yield (*path, "values", word, place), f"this is not one of the states: {', '.join(states)}"
    yield from _faults_of_type(path, written)
    yield from _unknown_topic(path, written, topics)
    yield from _faults_of_values(path, written)
    if is_compared(written):
        yield from _lacks_of_rule(path, written, "what is compared")


def _faults_of_type(path: Path, written: Mapping[str, Any]) -> Iterator[Fault]:
    """What goes with another type only."""
    type_, tolerance = written["type"], written.get("tolerance")
    if (type_ == "quantity") != ("unit" in written) or (type_ == "quantity" and tolerance is None):
        yield path, "a quantity has a unit and a tolerance, and nothing else has a unit"
    if tolerance is not None and type_ not in {"quantity", "date"}:
        yield (*path, "tolerance"), "only a quantity and a date have a tolerance: leave it out"
    elif type_ == "date" and tolerance is not None and refuse_duration(tolerance) is not None:
        yield (*path, "tolerance"), "the tolerance of a date is a length of time, as P3D"
    elif type_ == "quantity" and tolerance is not None and not QUANTITY.match(tolerance):
        yield (*path, "tolerance"), "the tolerance of a quantity is a number of its unit"
    for key in ("only_forward", "leans", "glimpses") if type_ != "state" else ():
        if written.get(key, "no") != "no":
            yield (*path, key), "only an attribute of type state has this: leave it out"
    if type_ == "text" and is_compared(written):
        yield (*path, "compared"), "text is never compared: leave it out, or give the attribute states"


def _faults_of_values(path: Path, written: Mapping[str, Any]) -> Iterator[Fault]:
    """What is said of values that the attribute does not have."""
    values = EVENT_VALUES if written["type"] == "event" else tuple(written.get("values", ()))
    known = f"there is no such value; there are: {', '.join(values)}" if values else "it has no values to name"
    for key in ("polarity", "leans", "corroborate"):
        said = written.get(key)
        for word in said if isinstance(said, Mapping) else ():
            if word not in values:
                yield (*path, key, word), known
    for place, word in enumerate(written.get("glimpses", ())):
        if word not in values:
            yield (*path, "glimpses", place), known
    if isinstance(written.get("polarity"), str) and written["type"] in {"state", "event"}:
        yield (*path, "polarity"), "say of each value which it is: a mapping from values to concern or reassurance"
    for word, state in written.get("leans", {}).items() if written["type"] == "state" else ():
        if word in values and state not in written["values"][word]:
            allowed = ", ".join(written["values"][word])
            yield (*path, "leans", word), f"a value leans towards a state that it allows: {allowed}"


def faults_of_rule(
    path: Path, written: Mapping[str, Any], content: Mapping[str, Any], family: Family
) -> Iterator[Fault]:
    """Every fault of one rule that conforms to its form; ``content`` is the pack, as written."""
    if path[-1] in RESERVED:
        yield path, "a rule of this name is always there: choose another name"
    if "finds" in written and family.kinds and written["finds"] not in family.kinds:
        yield (*path, "finds"), f"a rule of this family finds: {', '.join(sorted(family.kinds))}"
    if kind_of(written, family) is None:
        yield path, f"say what it finds, one of: {', '.join(sorted(family.kinds))}"
    attributes = content["attributes"]
    marked = interrupt_faults(written, attributes)
    for below, message in (*family.check(written, attributes), *settings_faults(written, family, content), *marked):
        yield (*path, *below), message
    yield from _unknown_topic(path, written, content.get("topics", {}))
    yield from _lacks_of_rule(path, written, "a rule")


def kind_of(written: Mapping[str, Any], family: Family) -> str | None:
    """The kind of finding that a rule raises: as it says, or as its family leaves no choice; None where it must say."""
    if "finds" in written or len(family.kinds) == 1:
        return str(written.get("finds") or min(family.kinds))
    return "contradiction" if "contradiction" in family.kinds else None


def _unknown_topic(path: Path, written: Mapping[str, Any], topics: Mapping[str, Any]) -> Iterator[Fault]:
    """Topics that are named, alone or as several, and are none."""
    known = ", ".join(topics)
    fix = f"there is no such topic; there are: {known}" if known else "this pack has no topics"
    if "topic" in written and written["topic"] not in topics:
        yield (*path, "topic"), fix
    several = written.get("topics", ())
    named = [(topic, topic) for topic in several] if isinstance(several, Mapping) else [*enumerate(several)]
    for place, topic in named:
        if topic not in topics:
            yield (*path, "topics", place), fix


def _lacks_of_rule(path: Path, written: Mapping[str, Any], what: str) -> Iterator[Fault]:
    finds = {example["finds"] for example in written.get("examples", ())}
    if "source" not in written:
        yield path, f"{what} names its source in guidance or a case review: add source"
    if not finds - {NOTHING}:
        yield path, f"{what} has a worked example that finds something: add one to examples"
    if NOTHING not in finds:
        yield path, f"{what} has a counter-example that finds nothing: add one to examples"
    if written.get("critical") == "yes" and "ask" not in written:
        yield path, "what is critical says what to ask: add ask"
