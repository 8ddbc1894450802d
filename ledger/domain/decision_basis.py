"""On what a decision's body says that it rests: questions, or places in other entries; and that it is overridden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ledger.domain.entry import parse_entry_id


def is_stated(relied_on: Any) -> bool:
    """Whether a decision says what it relies on here, and not only which entry says so."""
    return isinstance(relied_on, Mapping) and "about" in relied_on and "attribute" in relied_on


def resting_of(body: Mapping[str, Any], key: Callable[[str], str]) -> dict[str, Any]:
    """What whoever weighs the decision must read for it; nothing where it says nothing. ``key`` gives a person's key.

    ``on``: attributes, each with whom they are about. ``entries``: numbers of entries, each with a place in it, or
    with None for all of it.
    """
    relied_on = [one for one in body.get("relies_on", ()) if one]
    on = [[one["attribute"], key(str(about))] for one in relied_on if is_stated(one) for about in _each(one["about"])]
    entries = [_place_in(one) for one in relied_on if not is_stated(one)]
    is_overridden = bool(body.get("override"))
    found = {"on": on, "entries": [one for one in entries if one[0]], "is_overridden": is_overridden}
    return {name: value for name, value in found.items() if value}


def _place_in(relied_on: Any) -> tuple[int, int | None]:
    sent = relied_on if isinstance(relied_on, Mapping) else {"entry": relied_on}
    named = parse_entry_id(str(sent.get("entry")))
    return (named[1] if named else 0, int(sent["index"]) if "index" in sent else None)


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
