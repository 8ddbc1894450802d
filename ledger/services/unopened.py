"""The body of a content that its reader sees whole, not opened until it is asked for.

Of a long record most bodies never are: what views take from them is kept (`ledger.services.kept_words`).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ledger.domain.redaction import NAMING_ENTRIES

Body = Mapping[str, Any]


def may_carry_mark(kind: str | None, content: bytes | None) -> bool:
    """Whether an entry may itself carry a mark, or name entries that are to be named to nobody.

    Contents are canonical bytes, in which a name has one spelling: one that carries a mark has this one.
    """
    return kind == "marking" or kind in NAMING_ENTRIES or b'"sharing"' in (content or b"")


class Unopened(Mapping[str, Any]):
    """A body, which ``open_it`` makes of the content's bytes once."""

    __slots__ = ("_body", "_bytes", "_open")

    def __init__(self, content: bytes, open_it: Callable[[bytes], Body]) -> None:
        self._bytes, self._open = content, open_it
        self._body: Body | None = None

    def _read(self) -> Body:
        if self._body is None:
            self._body = self._open(self._bytes)
        return self._body

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __contains__(self, name: object) -> bool:
        return name in self._read()

    def __bool__(self) -> bool:
        return bool(self._read())

    def __repr__(self) -> str:
        return "Unopened()"  # what it says goes into no log

    def get(self, name: str, default: Any = None) -> Any:
        """What stands under a name."""
        return self._read().get(name, default)
