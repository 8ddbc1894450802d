"""What two parts of one body have in common: each is the body with some of it left out."""

from collections.abc import Mapping
from typing import Any, Final

_GONE: Final = object()


def seen_together(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in both. Where an empty object marks a place in either, it marks it here too: places are kept."""
    found = {name: _both(one[name], other[name]) for name in one if name in other}
    return {name: value for name, value in found.items() if value is not _GONE}


def _both(one: Any, other: Any) -> Any:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return seen_together(one, other)
    if isinstance(one, list) and isinstance(other, list):
        if len(one) == len(other):
            pairs = (_both(left, right) for left, right in zip(one, other, strict=True))
            return [{} if both is _GONE else both for both in pairs]
        return [each for each in one if each in other]
    return one if one == other else _GONE
