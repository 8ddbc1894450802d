"""Reads what the tests of the documents need out of Markdown: links, headings, code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:^    \S.*\n(?:(?:    .*)?\n)*)+", re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of code, and the line of text that leads to it."""

    language: str
    text: str
    before: str


def documents() -> list[Path]:
    """Every document for people; notes beside other people's files are not ours."""
    top = sorted(ROOT.glob("*.md"))
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks, in order, each with the last paragraph before it."""
    for fence in _FENCE.finditer(text):
        yield Block(fence[1], fence[2], text[: fence.start()].rstrip().rpartition("\n\n")[2])


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of the same level."""
    level = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert level, f"there is no heading {heading}"
    rest = text[level.end() :]
    following = re.search(rf"^#{{1,{len(level[1])}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def code(text: str) -> Iterator[str]:
    """Everything that is set as code: fenced, indented, or within a line."""
    for fence in _FENCE.finditer(text):
        yield fence[2]
    prose = _FENCE.sub("", text)
    for indented in _INDENTED.finditer(prose):
        yield indented[0]
    for span in _SPAN.finditer(prose):
        yield span[1]


def links(text: str) -> Iterator[str]:
    """The targets of links and pictures."""
    for link in _LINK.finditer(_FENCE.sub("", text)):
        yield link[1]


def anchors(text: str) -> set[str]:
    """The names by which headings are linked to, as GitHub makes them."""
    return {_anchor(heading[1]) for heading in _HEADING.finditer(_FENCE.sub("", text))}


def rows(text: str) -> list[list[str]]:
    """The cells of every table's rows but the heading and the rule below it."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = {place for place, row in enumerate(cells) if all(set(cell) <= set("-:") and cell for cell in row)}
    return [row for place, row in enumerate(cells) if place not in rules and place + 1 not in rules]


def _anchor(heading: str) -> str:
    plain = re.sub(r"[^\w\- ]", "", heading.lower())
    return plain.replace(" ", "-")
