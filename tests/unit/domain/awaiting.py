"""Random acts with clocks among them, as the oracle reads them, as agencies send them, and as detection steps them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from ledger.domain.event import EntryStep
from ledger.domain.fold import run
from ledger.domain.outcome import Notice, Outcome
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from tests.unit.domain.oracle_clocks import DAY, NATIONS, TRYING, Act, Rule, wall

CLOCKS = {"1wd": "1wd", "3wd": "3wd", "10wd": "10wd", "24h": "PT24H", "5d": "P5D", "same_day": "same_day"}
_ATTRIBUTE = {"trigger": "asked", "answer": "answered", "refusal": "refused", "excuse": "not_needed", "death": "death"}
_NARROW = {"same": ["thing"]}
_EVENT: dict[str, Any] = {"about": "child", "type": "event", "meaning": "It was so.", "thing": "optional"}
_EXCUSE: dict[str, Any] = {
    "about": "child",
    "type": "state",
    "compared": "no",
    "meaning": "Whether an answer is needed.",
    "states": ["yes", "no"],
    "values": {"needed": ["yes"], "not_needed": ["no"]},
}
_ASKED: dict[str, Any] = {"agency": "csc", "observed": "2024-03-04", "attribute": "asked", "basis": "own_record"}
_EXAMPLES = [
    {"shows": "nothing came", "finds": "expectation", "claims": [{**_ASKED, "value": "happened"}]},
    {"shows": "nothing was asked", "finds": "nothing", "claims": [{**_ASKED, "value": "did_not_happen"}]},
]


@cache
def pack_of(rule: Rule) -> Pack:
    """A pack whose one rule is this."""
    settings: dict[str, Any] = {
        "family": "expects",
        "meaning": "What is asked is answered.",
        "source": "A guide",
        "when": [{"attribute": "asked", "values": ["happened"]}],
        "until": [{"attribute": "answered", "values": ["happened"], **_NARROW}],
        "fails": [{"attribute": "refused", "values": ["happened"], **_NARROW}],
        "unless": [{"attribute": "not_needed", "values": ["not_needed"]}],
        "awaits": "reply",
        "within": CLOCKS[rule.clock],
        "from": "author",
        "examples": _EXAMPLES,
    }
    if rule.is_at_once:
        settings["before"] = "queue"
    if rule.warn:
        settings["warn"] = f"PT{int(rule.warn.total_seconds()) // 3600}H"
    events = dict.fromkeys(("asked", "answered", "refused", "death"), _EVENT)
    attributes = {**events, "not_needed": _EXCUSE}
    return Pack.from_mapping({"pack": "t", "version": "1", "attributes": attributes, "rules": {"answered": settings}})


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A rule with one of the clocks, in one of the nations."""
    clock = draw(st.sampled_from([*CLOCKS]))
    hours = [0, 0, 3] if clock in {"1wd", "24h", "same_day"} else [0, 0, 3, 30]
    warn = timedelta(hours=draw(st.sampled_from(hours)))
    return Rule(clock, draw(st.sampled_from(NATIONS)), draw(st.booleans()), warn)


@st.composite
def acts(draw: st.DrawFn, most: int = 7) -> list[Act]:
    """Acts within some days of a moment at which clocks are easily wrong, entered in any order, late ones among them.

    No two are entered at one moment, for which of those counts first is the record's order and not the oracle's.
    """
    middle = draw(st.sampled_from(TRYING))
    minutes = draw(st.lists(st.integers(-4 * 1440, 18 * 1440), min_size=1, max_size=most, unique=True))
    made = []
    for minute in minutes:
        at = middle + timedelta(minutes=minute)
        ago = draw(st.sampled_from([0, 0, 0, 1, 3, 10, 60, 120]))
        taken_back = draw(st.sampled_from([None, None, None, 7, 1450, 6000]))
        made.append(
            Act(
                draw(st.sampled_from(["trigger"] * 4 + ["answer"] * 3 + ["refusal", "excuse", "death"])),
                draw(st.integers(0, 1)),
                wall(at).date() - ago * DAY,
                at,
                None if taken_back is None else at + timedelta(minutes=taken_back, seconds=minute % 59 + 1),
                draw(st.booleans()),
                draw(st.sampled_from(["csc", "csc", "hv"])),
            )
        )
    return made


def steps(made: Sequence[Act]) -> tuple[list[EntryStep], dict[int, int]]:
    """The acts and what takes them back as entries in the order of entering, and the place of each act's number."""
    ordered = sorted([(act.at, place, False) for place, act in enumerate(made)] + [*_taken_back(made)])
    number_of = {place: number for number, (_, place, is_void) in enumerate(ordered, 1) if not is_void}
    entries = []
    for number, (at, place, is_void) in enumerate(ordered, 1):
        if is_void:
            body: dict[str, Any] = {"reason": "Another child."}
            entries.append(EntryStep(number, at, "void", made[place].by, body, number_of[place]))
        else:
            entries.append(EntryStep(number, at, "observation", made[place].by, _body(made[place])))
    return entries, {number: place for place, number in number_of.items()}


def _taken_back(made: Sequence[Act]) -> Iterator[tuple[datetime, int, bool]]:
    for place, act in enumerate(made):
        if act.gone is not None:
            yield act.gone, place, True


def _body(act: Act) -> dict[str, Any]:
    value = "happened" if act.kind != "excuse" else "not_needed" if act.says else "needed"
    said = {"about": "child", "attribute": _ATTRIBUTE[act.kind], "value": value, "basis": "own_record"}
    if act.kind in {"trigger", "answer", "refusal"}:
        said["thing"] = f"csc/matter-{act.matter}"
    return {"observed": _written(act.day), "statement": "fact", "claims": [said]}


def _written(day: date) -> str:
    return day.isoformat()


def played(
    made: Sequence[Act], rule: Rule, until: datetime
) -> tuple[list[tuple[datetime, set[int]]], list[tuple[datetime, int]]]:
    """What detection makes of the acts: after each step, the places that are found; and the warnings, with places."""
    entries, places = steps(made)
    state = RecordState("r", around=Surroundings(nation=rule.nation))  # type: ignore[arg-type] # the oracle's are nations
    found: list[tuple[datetime, set[int]]] = []
    told: list[tuple[datetime, int]] = []
    for event, after, outcomes in run(state, entries, pack_of(rule), until=until):
        numbers = {ref.number for one in after.findings.values() for side in one.sides for ref in side}
        found.append((event.at, {places[n] for n in numbers if made[places[n]].kind == "trigger"}))
        told.extend((event.at, places[number]) for number in _warned(outcomes))
    return found, told


def _warned(outcomes: Sequence[Outcome]) -> Iterator[int]:
    for outcome in outcomes:
        if isinstance(outcome, Notice) and outcome.kind == "due_soon":
            yield outcome.held.number
