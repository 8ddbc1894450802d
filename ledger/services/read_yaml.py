"""Reading YAML and JSON files of the project's own kinds: every scalar is text, and every place has its line.

Nothing is guessed: no dates, no numbers, no yes and no, no base sixty. Aliases, anchors, tags, keys given twice, a
second document and anything deeper or larger than its limit are refused with the line, and without repeating content.
A JSON file is read by the same reader, since JSON is YAML.

Text is parsed by libyaml, fifty times as fast as Python: each process reads the rule pack when it starts. What libyaml
refuses is given to the other parser, which knows YAML 1.2 and has the last word, on what is wrong and where.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from sys import intern
from typing import Any, Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

BYTES_MAX = 4_000_000
DEPTH_MAX = 32

Path = tuple[str | int, ...]
#: Of either parser: their events are alike, and bear the same names.
Event = Any
_NODES: Final = frozenset({"AliasEvent", "ScalarEvent", "SequenceStartEvent", "MappingStartEvent"})
_C_LOADER: Final = getattr(yaml, "CSafeLoader", None)


class ReadError(ValueError):
    """A file that cannot be read; ``line`` counts from 1, and the message names the fix."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Document:
    """A file's content as plain dicts, lists and text, and the line on which each part of it begins.

    The lines are looked for when one is asked for: a file without a fault is read without them.
    """

    content: object
    text: str

    @cached_property
    def lines(self) -> Mapping[Path, int]:
        lines: dict[Path, int] = {}
        _Reader(_events(self.text), lines).content()
        return lines

    def line(self, path: Path) -> int:
        """The line of this place, or of the nearest one around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str) -> Document:
    """The one document in this text. Raises ReadError."""
    if len(text.encode("utf-8", "replace")) > BYTES_MAX:
        raise ReadError(1, f"the file is larger than {BYTES_MAX} bytes: split it")
    try:
        return Document(_Reader(_events(text)).content(), text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ReadError(
            mark.line + 1 if mark else 1, "this is not YAML: look at indents, quotes and brackets"
        ) from None
    except YAMLError:
        raise ReadError(1, "this is not YAML: look for control characters and the file's encoding") from None


def _events(text: str) -> Iterator[Event]:
    if _C_LOADER is not None:
        try:
            return iter(list(yaml.parse(text, Loader=_C_LOADER)))
        except (yaml.YAMLError, ValueError):
            pass  # the other parser reads it, or says what is wrong
    return iter(YAML(typ="safe", pure=True).parse(text))


def _is(event: Event, name: str) -> bool:
    return type(event).__name__ == name


class _Reader:
    def __init__(self, events: Iterator[Event], lines: dict[Path, int] | None = None) -> None:
        self._events = events
        self._lines = lines

    def content(self) -> object:
        """What the one document says; its lines are noted where anybody wants them."""
        content: object = None
        documents = 0
        for event in self._events:
            if _is(event, "DocumentStartEvent"):
                documents += 1
                if documents > 1:
                    raise ReadError(event.start_mark.line + 1, "one file holds one document: make a file of each")
            elif type(event).__name__ in _NODES:
                content = self._node(event, ())
        if documents == 0:
            raise ReadError(1, "the file is empty")
        return content

    def _node(self, event: Event, path: Path) -> object:
        line = event.start_mark.line + 1
        if self._lines is not None:
            self._lines.setdefault(path, line)
        if _is(event, "AliasEvent") or getattr(event, "anchor", None) is not None:
            raise ReadError(line, "anchors and aliases are not read: write it out again")
        if getattr(event, "tag", None) is not None:
            raise ReadError(line, "tags are not read: every value is text, as it stands")
        if len(path) > DEPTH_MAX:
            raise ReadError(line, f"nested more than {DEPTH_MAX} deep")
        if _is(event, "ScalarEvent"):
            return _text(event.value, line)
        return self._mapping(path) if _is(event, "MappingStartEvent") else self._sequence(path)

    def _mapping(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for event in self._events:
            if _is(event, "MappingEndEvent"):
                break
            line = event.start_mark.line + 1
            if not _is(event, "ScalarEvent") or event.anchor is not None:
                raise ReadError(line, "a key is plain text")
            key = _text(event.value, line)
            if key in found:
                raise ReadError(line, "this key is here twice: give it once")
            if self._lines is not None:
                self._lines[*path, key] = line
            found[key] = self._node(next(self._events), (*path, key))
        return found

    def _sequence(self, path: Path) -> list[object]:
        found: list[object] = []
        for event in self._events:
            if _is(event, "SequenceEndEvent"):
                break
            found.append(self._node(event, (*path, len(found))))
        return found


def _text(value: str, line: int) -> str:
    """JSON writes a character outside the first plane as two halves: put them together.

    The same word is one text wherever it stands: a rule pack says most of its words many times.
    """
    if value.isascii():
        return intern(value)
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise ReadError(line, "this text holds half a character: save the file as UTF-8") from None
