"""Reads JSON strictly (RFC 8259 as narrowed by RFC 7493), so that what is stored has one meaning for every reader.

Invariants: UTF-8 without a byte-order mark, no duplicate members, no lone surrogates, no NaN or infinities, no whole
number beyond 2^53 - 1, no nesting beyond the stated depth, nothing after the value. A refusal says where and what to
do instead and never repeats content. A good document costs little more than the plain parser: only a document in which
something may be amiss is walked, and only one that is amiss is read a second time to find the place.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ledger.api.limits import DEPTH_MAX, INTEGER_MAX
from ledger.api.pointers import Path, pointer_to

_DETAILS: Final = {
    "json_syntax": "This is not JSON.",
    "json_encoding": "The body is not valid UTF-8: send JSON encoded as UTF-8.",
    "json_byte_order_mark": "The body begins with a byte-order mark: send UTF-8 without one.",
    "json_duplicate_name": "An object has two members of one name: send each name once.",
    "json_lone_surrogate": "A string holds half of a surrogate pair: escape both halves or send the character itself.",
    "json_number": "NaN, Infinity and numbers too large to hold are not JSON numbers: leave the field out, or send an "
    "exact number as a string.",
    "json_integer": "A whole number is beyond 2^53 - 1 and would not be kept exactly: send exact numbers as strings.",
    "json_depth": f"Arrays and objects are nested more than {DEPTH_MAX} deep: send a flatter body.",
}

#: What the standard parser calls a mistake, by how its message begins, in words that say the fix.
_SYNTAX: Final = (
    ("Extra data", "there is something after the end of the JSON value: send one value only"),
    ("Unterminated string", "a string is not closed: the body may have broken off"),
    ("Invalid control character", "a control character stands in a string: escape it (a new line is \\n)"),
    ("Invalid \\", "a backslash begins no known escape: write \\\\ for a backslash"),
    ("Expecting property name", "a member's name in double quotes belongs here: is there a comma too many?"),
    ("Expecting ':'", "a colon belongs between a member's name and its value"),
    ("Expecting ','", "a comma or a closing bracket belongs here"),
    ("Illegal trailing comma", "a comma stands before a closing bracket: leave it out"),
    ("Expecting value", "a value belongs here: the body may be empty or have broken off"),
)

_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_SAFE_DIGITS = len(str(INTEGER_MAX)) - 1
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class BadJsonError(Exception):
    """A document that is refused: a stable code, words with the fix, and where as far as known.

    `pointer` names the place in the document for what parsed but may not stand; `line` and `column` (from 1) the place
    in the text for what did not parse.
    """

    def __init__(
        self, code: str, words: str = "", *, pointer: str = "", line: int | None = None, column: int | None = None
    ) -> None:
        self.code = code
        self.words = words or _DETAILS[code]
        self.pointer = pointer
        self.line = line
        self.column = column
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        if self.line is None:
            return self.words
        return f"{self.words} Line {self.line}" + (f", column {self.column}." if self.column is not None else ".")

    def on_line(self, line: int) -> "BadJsonError":
        """The same mistake, found on that line of a longer body."""
        return BadJsonError(self.code, self.words, pointer=self.pointer, line=line, column=self.column)


class _AmissError(Exception):
    """Raised inside the parser at the first thing that parses but may not stand."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Amiss:
    """Stands, in the second reading, where something amiss was found."""

    code: str


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _AmissError("json_duplicate_name")
    return members


def _integer(digits: str) -> int:
    if len(digits) > _SAFE_DIGITS and (len(digits) > _SAFE_DIGITS + 2 or abs(int(digits)) > INTEGER_MAX):
        raise _AmissError("json_integer")
    return int(digits)


def _fraction(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _AmissError("json_number")
    if abs(number) > INTEGER_MAX:
        # Every double of this size is whole, and would be stored and given back as digits that we refuse.
        raise _AmissError("json_integer")
    return number


def _constant(_name: str) -> float:
    raise _AmissError("json_number")


_decoder = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)


def parse(data: bytes, *, depth_max: int = DEPTH_MAX) -> object:
    """The value of a JSON document; raises BadJsonError and nothing else for any bytes whatever."""
    text = _decoded(data)
    try:
        value = _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise _syntax(error) from None
    except RecursionError:
        raise BadJsonError("json_depth") from None
    except _AmissError as amiss:
        raise _located(text, amiss.code) from None
    if data.count(b"[") + data.count(b"{") > depth_max and _is_deeper(data, depth_max):
        raise BadJsonError("json_depth", pointer=_deep_pointer(value, depth_max))
    if _SURROGATE_ESCAPE.search(data) is not None:
        _refuse_lone_surrogates(value)
    return value


def parse_lines(data: bytes) -> Iterator[object]:
    """The values of newline-delimited JSON in order, a BadJsonError standing in the place of each line that is none.

    Blank lines are passed over. A line number in an error counts from the start of the body.
    """
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip(b" \t\r"):
            continue
        try:
            yield parse(line)
        except BadJsonError as bad:
            yield bad.on_line(number)


def _decoded(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise BadJsonError("json_byte_order_mark")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise BadJsonError("json_encoding", line=before.count(b"\n") + 1, column=column) from None


def _syntax(error: json.JSONDecodeError) -> BadJsonError:
    fitting = (words for beginning, words in _SYNTAX if error.msg.startswith(beginning))
    words = next(fitting, "the text stops being JSON here")
    return BadJsonError("json_syntax", f"This is not JSON: {words}.", line=error.lineno, column=error.colno)


def _is_deeper(data: bytes, depth_max: int) -> bool:
    """Whether a document known to parse nests deeper, without walking it.

    What is left after escapes and strings are taken out is structure. Each pass takes out the innermost pairs of
    brackets, so as many passes as the greatest depth allowed leave nothing unless the document is deeper.
    """
    if b"\\" in data:
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = b"".join(data.split(b'"')[::2]).translate(_BRACKETS, _NOT_BRACKETS)
    for _ in range(depth_max):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _deep_pointer(value: object, depth_max: int) -> str:
    """Where the nesting first goes beyond the greatest depth."""
    for path, found in _walked(value):
        if len(path) >= depth_max and isinstance(found, dict | list):
            return pointer_to(path)
    return ""


def _refuse_lone_surrogates(value: object) -> None:
    """Refuse a string that no UTF-8 text can hold. Only called when the document has escapes that might make one."""
    if _is_encodable(json.dumps(value, ensure_ascii=False)):
        return
    for path, found in _walked(value):
        texts = (found, *path[-1:]) if isinstance(found, str) else path[-1:]
        if any(isinstance(text, str) and not _is_encodable(text) for text in texts):
            raise BadJsonError("json_lone_surrogate", pointer=pointer_to(path))


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _located(text: str, code: str) -> BadJsonError:
    """Read a document again with markers in place of what is amiss, to say where the first of them stands."""

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        seen: dict[str, object] = {}
        for name, value in pairs:
            seen[name] = _Amiss("json_duplicate_name") if name in seen else value
        return seen

    def marked(reading: Callable[[str], float]) -> Callable[[str], float | _Amiss]:
        def read(written: str) -> float | _Amiss:
            try:
                return reading(written)
            except _AmissError as amiss:
                return _Amiss(amiss.code)

        return read

    marking = json.JSONDecoder(
        object_pairs_hook=members,
        parse_int=marked(_integer),
        parse_float=marked(_fraction),
        parse_constant=marked(_constant),
    )
    try:
        document = marking.decode(text)
    except (json.JSONDecodeError, RecursionError):
        return BadJsonError(code)
    for path, found in _walked(document):
        if isinstance(found, _Amiss):
            return BadJsonError(found.code, pointer=pointer_to(path))
    return BadJsonError(code)


def _walked(value: object) -> Iterator[tuple[Path, object]]:
    """Every value of a document with its path, in document order, without recursion and holding one path at a time."""
    waiting: list[Iterator[tuple[Path, object]]] = [iter([((), value)])]
    while waiting:
        step = next(waiting[-1], None)
        if step is None:
            waiting.pop()
            continue
        yield step
        waiting.append(_below(*step))


def _below(path: Path, value: object) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict):
        return (((*path, name), below) for name, below in value.items())
    if isinstance(value, list):
        return (((*path, index), below) for index, below in enumerate(value))
    return iter(())
