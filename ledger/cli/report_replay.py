"""A replay, what an agency knew, and differences, as lines to read in a terminal.

Lines carry colours; where they are not shown on a terminal, whoever prints them leaves those out. Nothing that somebody
wrote steers the terminal.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import click

from ledger.services.describe_entry import Names, describe
from ledger.services.word_outcome import word_closing
from ledger.services.word_text import all_visible, capital, plain

_INDENT: Final = "      "
#: What is said of a finding of which nothing that may be shown is left.
_UNNAMED: Final = "A finding that rested on what is erased or not shown"
_SIGNS: Final = {"raised": ("+", "red"), "changed": ("~", "yellow"), "closed": ("-", "green")}


class Headlines:
    """Frames of one replay as lines, from its first on: a finding that moves on or closes is named as it was raised."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._raised: dict[str, str] = {}

    def frame_lines(self, told: Mapping[str, Any]) -> Iterator[str]:
        """One frame: what was recorded, or found; who then holds what; and how much is open."""
        frame, names = all_visible(told), self._names
        items = [frame["entry"]] if frame["entry"] else frame["found"]
        yield _heading(frame["number"], frame["at"], _title(items, names))
        for item in items if frame["entry"] else ():
            yield from _body(item, names)
        for how, (sign, colour) in _SIGNS.items():
            for finding in frame["findings"][how]:
                yield _INDENT + click.style(f"{sign} {self._moved(finding)}", fg=colour)
        for row in frame["held"]:
            yield from _row(row, names)
        if not frame["entry"]:
            yield _INDENT + click.style(f"{frame['open']} open", dim=True)

    def _moved(self, finding: Mapping[str, Any]) -> str:
        if "headline" in finding:
            self._raised[finding["finding"]] = finding["headline"]
            return _finding(finding)
        closing = word_closing(finding["why"]) if finding.get("why") else None
        return self._raised.get(finding["finding"], _UNNAMED) + (f": {closing}" if closing else "")


def known_lines(told: Mapping[str, Any], names: Names) -> Iterator[str]:
    """A page of what one agency knew: each entry, and by which of the three since when."""
    for item in all_visible(told)["entries"]:
        yield _heading(item["number"], item["recorded_at"], _title([item], names))
        yield from _body(item, names)
        how = ", ".join(f"{one['by']} {_minute(one['since'])}" for one in item["known"])
        yield _INDENT + click.style(how, fg="cyan")


def difference_lines(differing: Mapping[str, Any], names: Names) -> Iterator[str]:
    """What differs between two points, a heading for each sort of thing."""
    told = all_visible(differing)
    start, end = told["from"], told["to"]
    yield click.style(
        f"From {start['number']} ({_minute(start['at'])}) to {end['number']} ({_minute(end['at'])})", bold=True
    )
    yield from _part(
        "Recorded", (f"{one['number']} {names.agency(one['agency'])}: {_kind(one)}" for one in told["entries"])
    )
    yield from _part("Held", (one["words"] for one in told["beliefs"]))
    for how, found in told["findings"].items():
        yield from _part(f"Findings {how}", (_finding(one["finding"]) for one in found))
    for how, found in told["gaps"].items():
        yield from _part(f"Gaps {how}", (_finding(one["finding"]) for one in found))
    yield from _part(
        "Lead named",
        (f"{one['number']} {names.agency(one['agency'])}, {one['person']}" for one in told["leads"]["named"]),
    )
    for how, found in told["involvements"].items():
        yield from _part(f"Involvements {how}", (f"{one['number']} {names.agency(one['agency'])}" for one in found))
    for how, found in told["expectations"].items():
        yield from _part(f"Expectations {how}", (f"{plain(one['topic'])}, due {_minute(one['due'])}" for one in found))


def _part(title: str, found: Iterable[str]) -> Iterator[str]:
    listed = list(found)
    if listed:
        yield click.style(f"{title}:", bold=True)
        yield from (f"  {one}" for one in listed)


def _heading(number: int, at: str, title: str) -> str:
    return f"{click.style(f'{number:>5}', bold=True)} {click.style(_minute(at), dim=True)}  {title}"


def _title(items: Iterable[Mapping[str, Any]], names: Names) -> str:
    first = next(iter(items))
    if first["agency"] == "ledger":
        return click.style("Found by the ledger", fg="magenta")
    told = describe(first, names)
    return f"{click.style(told['who'], fg='blue')}: {told['title']}"


def _body(item: Mapping[str, Any], names: Names) -> Iterator[str]:
    told = describe(item, names)
    if item.get("withdrawn_by"):
        yield _INDENT + click.style(f"withdrawn by entry {item['withdrawn_by'].rsplit('.', 1)[-1]}", dim=True)
    if item.get("notice") and item.get("kind") is None:
        yield _INDENT + str(item["notice"])
    if told["narrative"]:
        yield _INDENT + str(told["narrative"])
    yield from (f"{_INDENT}{label}: {value}" for label, value in told["rows"])


def _row(row: Mapping[str, Any], names: Names) -> Iterator[str]:
    label = f"{row['person_label'] or row['person']}, {row['label'] or plain(row['attribute'])}"
    yield _INDENT + click.style(capital(label), underline=True)
    for cell in row["cells"]:
        whose = names.agency(cell["agency"]) + ("" if cell["own"] else f", by {cell['source_label']}")
        held = [f"“{hold['words']}” ({hold['state_words']})" for hold in cell["holds"]]
        held += [plain(one["not_known"]) for one in cell["not_known"]]
        yield f"{_INDENT}  {whose}: {'; '.join(held) or 'nothing of this time'}"
    if not row["cells"]:
        yield f"{_INDENT}  nobody holds anything"
    if row["conflict"]:
        yield _INDENT + "  " + click.style(row["conflict"], fg="red")


def _finding(finding: Mapping[str, Any]) -> str:
    severity = f" ({finding['severity']})" if finding.get("severity") else ""
    return f"{finding['headline']}{severity}"


def _kind(item: Mapping[str, Any]) -> str:
    return plain(item["kind"]) if item["kind"] else f"{item['sight']}"


def _minute(moment: str) -> str:
    return moment[:19].replace("T", " ")
