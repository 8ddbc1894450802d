"""Where a body names other entries of its record or its child, and the same body with them named otherwise.

A scenario names its entries by ids of its own, a ledger by the record's pseudonym and a number; a scenario may call its
child by a reference, a ledger asks for ``child``. Whoever runs or posts a scenario puts the one in the place of the
other, everywhere or nowhere.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.domain.body import NAMES_ENTRY
from ledger.domain.person import CHILD
from ledger.domain.shape import Path

#: Kinds that name one claim of an entry.
NAMES_CLAIM = frozenset({"information_request"})
_NAMES_PEOPLE = frozenset({"about", "with", "informant", "in_earshot", "present", "people"})


def entries_named(kind: str, body: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Each place in a body of this kind at which an entry is named, and the name."""
    field = NAMES_ENTRY.get(kind)
    if field is not None and isinstance(body.get(field), str):
        yield (field,), body[field]
    if kind in NAMES_CLAIM and isinstance(body.get("claim"), Mapping) and isinstance(body["claim"].get("entry"), str):
        yield ("claim", "entry"), body["claim"]["entry"]
    if kind == "decision":
        for place, relied_on in enumerate(body.get("relies_on", ())):
            if isinstance(relied_on, str):
                yield ("relies_on", place), relied_on
            elif isinstance(relied_on, Mapping) and isinstance(relied_on.get("entry"), str):
                yield ("relies_on", place, "entry"), relied_on["entry"]


def with_entries(kind: str, body: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The body with each entry that has a name among these called by it; any other stays as it is."""
    renamed = dict(body)
    field = NAMES_ENTRY.get(kind)
    if field is not None and isinstance(body.get(field), str):
        renamed[field] = names.get(body[field], body[field])
    if kind in NAMES_CLAIM and isinstance(body.get("claim"), Mapping):
        renamed["claim"] = _relied_on(body["claim"], names)
    if kind == "decision" and "relies_on" in body:
        renamed["relies_on"] = [_relied_on(item, names) for item in body["relies_on"]]
    return renamed


def _relied_on(item: Any, names: Mapping[str, str]) -> Any:
    if isinstance(item, str):
        return {"entry": names.get(item, item)}
    if isinstance(item, Mapping) and isinstance(item.get("entry"), str):
        return {**item, "entry": names.get(item["entry"], item["entry"])}
    return item


def with_child(body: Mapping[str, Any], ref: str) -> dict[str, Any]:
    """The body with the child called child wherever it is named by this reference."""
    return {key: _with_child(key, value, ref) for key, value in body.items()}


def _with_child(key: str, value: Any, ref: str) -> Any:
    if isinstance(value, Mapping):
        return with_child(value, ref)
    if isinstance(value, list):
        return [_with_child(key, part, ref) for part in value]
    return CHILD if value == ref and key in _NAMES_PEOPLE else value
