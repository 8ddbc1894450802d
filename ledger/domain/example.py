"""A rule's own worked examples: a few statements, and what they are to raise.

Examples are data of the pack. One that finds something shows what the rule is for; one that finds nothing
shows what it must leave alone. Every compared attribute has at least one of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

NOTHING: Final = "nothing"
OVERTAKEN: Final = "overtaken"


@dataclass(frozen=True, slots=True)
class Example:
    """``claims`` are claims as posted, each with the ``agency`` and ``observed`` of its own observation."""

    shows: str
    claims: tuple[Mapping[str, Any], ...]
    finds: str
