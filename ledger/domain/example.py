"""A rule's own worked examples: a few statements, and what they are to raise.

Examples are data of the pack. One that finds something shows what the rule is for; one that finds nothing
shows what it must leave alone. Every compared attribute and every rule has at least one of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

NOTHING: Final = "nothing"
OVERTAKEN: Final = "overtaken"


@dataclass(frozen=True, slots=True)
class Example:
    """``entries`` in the order in which they are recorded; ``until``: the last day on which something may fall due.

    An entry is a claim as posted, with the ``agency`` and ``observed`` of its own observation and, where it matters,
    that one's ``author``, ``contact``, ``people`` and the day on which it was ``recorded``; or, with a ``kind``, an
    entry of that kind with its ``body``.
    """

    shows: str
    entries: tuple[Mapping[str, Any], ...]
    finds: str
    until: str | None = None

    @property
    def is_counter_example(self) -> bool:
        """Whether it shows what is to be left alone."""
        return self.finds == NOTHING
