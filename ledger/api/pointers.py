"""Says which fields were refused, by JSON pointer (RFC 6901), from the nested messages that marshmallow makes.

Invariants: a message never contains a submitted value, and a member's name appears in a pointer only where it is
shaped like a name, so that content put in its place by mistake is not repeated.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from marshmallow.exceptions import SCHEMA

Path = tuple[str | int, ...]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
_UNKNOWN_FIELD = "unknown_field"


class Refusal(str):
    """Why something is refused and what would be taken, with a stable code; the words never hold what was sent."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, words: str, code: str = "invalid") -> Self:
        refusal = super().__new__(cls, words)
        refusal.code = code
        return refusal

    def format(self, *_args: object, **_kwargs: object) -> "Refusal":
        """Itself: marshmallow formats messages, and a formatted one would have lost its code."""
        return self


def sentence(reason: str) -> str:
    """A reason from elsewhere, written as the messages here are."""
    return reason[:1].upper() + reason[1:] + ("" if reason.endswith(".") else ".")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that failed: where, why, and a code that programs may rely on."""

    pointer: str
    detail: str
    code: str

    def as_json(self) -> dict[str, str]:
        return {"pointer": self.pointer, "detail": self.detail, "code": self.code}


def pointer_to(path: Iterable[str | int]) -> str:
    """The pointer to a path, cut at the first member whose name is not shaped like one."""
    parts: list[str] = []
    for part in path:
        if isinstance(part, str) and not _NAME.fullmatch(part):
            break
        parts.append(str(part))
    return "".join(f"/{part}" for part in parts)


def nested(refusals: Iterable[tuple[Path, str]]) -> dict[str | int, Any]:
    """Refusals at their paths, as the nested messages that marshmallow merges."""
    messages: dict[str | int, Any] = {}
    for path, refusal in refusals:
        node = messages
        for part in path:
            node = node.setdefault(part, {})
        node.setdefault(SCHEMA, []).append(refusal)
    return messages


def errors_of(messages: object, prefix: Path = ()) -> list[FieldError]:
    """Flatten marshmallow's messages into one error a failing field, dropping repeats."""
    return list(dict.fromkeys(_walk(messages, prefix)))


def _walk(messages: object, path: Path) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from _member(key, below, path)
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from _walk(message, path)
    else:
        yield FieldError(pointer_to(path), str(messages), getattr(messages, "code", "invalid"))


def _member(key: object, below: object, path: Path) -> Iterator[FieldError]:
    """Messages under one key. marshmallow's own key for a whole object may also be the name of a field sent to us."""
    if key != SCHEMA:
        yield from _walk(below, (*path, key if isinstance(key, int) else str(key)))
        return
    for error in _walk(below, path):
        is_member = error.code == _UNKNOWN_FIELD and error.pointer == pointer_to(path)
        yield FieldError(pointer_to((*path, SCHEMA)), error.detail, error.code) if is_member else error
