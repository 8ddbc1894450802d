"""An export's chronology, before it has a form: each entry as titled lines, and what became of findings and decisions.

What is said comes from the timeline as its reader sees it and from nowhere else. The page, the print and the table are
made of the same lines, so none of them says more than another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from ledger.domain.entry import written_time
from ledger.services.describe_entry import Names, describe
from ledger.services.export_entries import Exported, Shown
from ledger.services.name_child import name_child
from ledger.services.word_dates import word_moment, word_observed
from ledger.services.word_text import capital
from ledger.store.database import SYSTEM

#: What each way of being in an export means for whoever reads the chronology.
PROOF_WORDS: Final[Mapping[Shown, str]] = {
    Shown.WHOLE: "Provable from this export",
    Shown.PART: "Not provable from this export: its content was not given whole",
    Shown.WITHHELD: "Withheld: this export proves only that an entry was recorded then",
    Shown.ERASED: "Erased by order: this export proves only that an entry was recorded then",
}
#: How a line is set: as ordinary words, as somebody's own, as one of a list, as a label with what it names, or set off.
TEXT, QUOTE, ITEM, FACT, NOTICE, STRONG = "text", "quote", "item", "fact", "notice", "strong"


class Line(NamedTuple):
    """One line: how it is set, what it says, and before it a label or behind it what goes with it in small."""

    form: str
    words: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as the chronology has it."""

    number: int
    recorded_at: str
    recorded: str
    observed: str
    title: str
    who: str
    shown: str
    lines: Sequence[Line]
    kind: str = ""
    agency: str = ""

    def as_json(self) -> list[Any]:
        """It as it is kept on the way to its files."""
        return [getattr(self, name) for name in self.__slots__]

    @classmethod
    def from_json(cls, kept: list[Any]) -> "Told":
        """The same again."""
        told = cls(*kept)
        return cls(**{name: getattr(told, name) for name in cls.__slots__} | {"lines": [Line(*one) for one in kept[7]]})


def tell(one: Exported, names: Names) -> Told:
    """An entry in words; of one of which nothing is told, its number and time."""
    moment, number = one.half.recorded_at, one.half.number
    at, recorded = written_time(moment), word_moment(moment)
    if one.item is None:
        return Told(number, at, recorded, "", "", "", one.shown.value, ())
    return tell_item(one.item, names, one.shown.value)


def tell_item(item: Mapping[str, Any], names: Names, shown: str = "") -> Told:
    """An entry of a timeline in words; ``shown`` where it is part of what proves something."""
    told, at = describe(item, names), str(item["recorded_at"])
    who = ", ".join(str(part) for part in (told["who"], told["role"]) if part)
    if told["statement"]:
        who += f", as {told['statement']}"
    observed = word_observed(str(told["observed"])) if told["observed"] else ""
    lines = [*_lines(told)]
    recorded, agency = word_moment(datetime.fromisoformat(at)), told["agency"]
    return Told(item["number"], at, recorded, observed, told["title"], who, shown, lines, told["kind"] or "", agency)


def _lines(told: Mapping[str, Any]) -> Iterator[Line]:
    if told.get("withdrawn_by"):
        yield Line(NOTICE, f"Withdrawn by entry {_number(told['withdrawn_by'])}; kept here as it stood.")
    if told.get("notice") and told["kind"] != "notice":
        yield Line(NOTICE, str(told["notice"]))
    yield from _ring(told.get("ring") or ())
    if told["narrative"]:
        yield Line(QUOTE, str(told["narrative"]))
    for said in told.get("claims") or ():
        graded = f"; graded {said['grading_words']}" if said.get("grading_words") else ""
        yield Line(ITEM, said["words"], f"{said['said']}; {said['valid_words']}{graded}")
    for against in (*(told.get("disputes") or ()),):
        yield Line(NOTICE, against["words"])
    for warning in told.get("warnings") or ():
        yield Line(NOTICE, warning["detail"])
    if told["outcome"]:
        yield Line(TEXT, told["outcome"])
    for label, value in told["rows"]:
        yield Line(FACT, value, label)
    yield from _finding(told)
    yield from _of_the_ledger(told)


def _finding(told: Mapping[str, Any]) -> Iterator[Line]:
    finding = told.get("finding") or {}
    if told["kind"] != "finding_raised" or not finding.get("headline"):
        return
    yield Line(STRONG, headline(finding))
    because = finding.get("severity_because")
    if because:
        yield Line(TEXT, f"{capital(str(finding['severity']))} because {'; '.join(because)}.")
    for side in finding.get("sides") or ():
        said = [f"{one['words']} (entry {one['number']}, {one['agency_name']})" for one in side["statements"]]
        yield Line(ITEM, "; ".join(said))
    awaited = finding.get("awaited") or {}
    if awaited.get("words"):
        yield Line(FACT, str(awaited["words"]), "Awaited")
    if awaited.get("due_words"):
        yield Line(FACT, str(awaited["due_words"]), "Due by")
    if finding.get("withheld"):
        yield from _ring(finding.get("ring") or ())


def _of_the_ledger(told: Mapping[str, Any]) -> Iterator[Line]:
    to = f"To {told['addressee']}." if told["addressee"] else ""
    if told["kind"] == "notice":
        yield Line(TEXT, f"{to} {told.get('words') or _overtaken(told)}".strip())
    elif told.get("words"):
        yield Line(TEXT, str(told["words"]))
    if told["closing"]:
        yield Line(TEXT, str(told["closing"]))


def _overtaken(told: Mapping[str, Any]) -> str:
    if not told.get("held"):
        return "They hold something that has been said otherwise since."
    held, newer = _number(told["held"]), _number(told["newer"])
    return f"They hold what they were told in entry {held}; entry {newer} says otherwise since."


def _ring(people: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    for one in people:
        yield Line(ITEM, f"Ring {one['name']}" + (f": {one['contact']}" if one.get("contact") else ""))


def headline(finding: Mapping[str, Any]) -> str:
    """A finding's headline, with how grave it is."""
    severity = finding.get("severity")
    return f"{capital(str(severity))}: {finding['headline']}" if severity else str(finding["headline"])


def _number(entry: object) -> str:
    return str(entry).rsplit(".", 1)[-1]


@dataclass(slots=True)
class _Traced:
    raised: int
    headline: str
    steps: list[str] = field(default_factory=list)
    is_closed: bool = False


@dataclass(slots=True)
class Summary:
    """What stands before the entries: who the child is, what was found and what became of it, what was decided."""

    _details: dict[str, Any] = field(default_factory=dict)
    _findings: dict[str, _Traced] = field(default_factory=dict)
    _alerts: dict[str, str] = field(default_factory=dict)
    decisions: list[Line] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {shown.value: 0 for shown in Shown})

    @property
    def child(self) -> str:
        """What the child is called in what the reader sees."""
        return name_child(self._details)

    def take(self, one: Exported, told: Told) -> None:
        """Go on by one entry."""
        self.counts[one.shown.value] += 1
        if one.item is not None:
            self.take_item(one.item, told)

    def take_item(self, item: Mapping[str, Any], told: Told) -> None:
        """The same by what a timeline shows of it."""
        kind, body = item.get("kind"), item.get("body") or {}
        if kind == "child":
            self._details |= body
        elif kind == "decision":
            said = "; ".join(f"{line.beside}: {line.words}" for line in told.lines if line.form == FACT)
            self.decisions.append(Line(ITEM, f"Entry {told.number}, {told.recorded}, {told.who}.", said))
        else:
            self._trace(str(kind), item, told)

    def _trace(self, kind: str, item: Mapping[str, Any], told: Told) -> None:
        finding = item.get("finding") or {}
        name = str(finding.get("finding") or body_of(item).get("finding") or "")
        if kind == "finding_raised" and finding.get("headline"):
            self._findings.setdefault(name, _Traced(told.number, headline(finding)))
            return
        if kind == "alert_raised":
            self._alerts[str(item.get("alert"))] = name
        of = body_of(item).get("of") or body_of(item).get("alert") or item.get("alert")
        traced = self._findings.get(name) or self._findings.get(self._alerts.get(str(of), ""))
        if traced is None or kind not in _STEPS:
            return
        traced.is_closed = traced.is_closed or kind == "finding_closed"
        more = " ".join(line.words for line in told.lines if line.form == TEXT)
        by = "" if item.get("agency") == SYSTEM else f" by {told.who}"
        traced.steps.append(f"Entry {told.number}, {told.recorded}: {_STEPS[kind]}{by}." + (f" {more}" if more else ""))

    def findings(self) -> Iterator[tuple[Line, Sequence[Line]]]:
        """Each finding, and what became of it."""
        for one in self._findings.values():
            after = [Line(TEXT, step) for step in one.steps]
            if not one.is_closed:
                after.append(Line(TEXT, "Open at the end of this copy."))
            yield Line(STRONG, one.headline, f"raised in entry {one.raised}"), after


_STEPS: Final = {
    "alert_raised": "alert raised",
    "alert_reraised": "alert raised again",
    "alert_lapsed": "nobody acted in time",
    "alert_moved": "the alert went to somebody else",
    "alert_woken": "the alert came back",
    "alert_opened": "opened",
    "acknowledgement": "acknowledged",
    "alert_action": "acted on",
    "alert_snooze": "put off",
    "outcome": "concluded",
    "finding_joined": "more evidence joined it",
    "finding_closed": "closed",
}


def body_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an item of a timeline says, where it says anything."""
    body = item.get("body")
    return body if isinstance(body, Mapping) else {}


def word_as_of(number: int, recorded_at: datetime) -> str:
    """Which point of the record it is."""
    return f"The record as it stood at its entry {number}, recorded on {word_moment(recorded_at)}"
