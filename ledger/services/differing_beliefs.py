"""Two pictures of one moment of a child's life, set beside each other cell by cell: who held what before and after."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ledger.services.word_text import listed

#: What names a row, and what names a cell in it.
_OF_ROW: Final = ("attribute", "thing", "with", "item")
_OF_CELL: Final = ("agency", "source")
_NOTHING: Final = "nothing"

_Cells = Mapping[tuple[Any, ...], tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]]


def differing_beliefs(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The cells that differ between two pictures' rendered people; first those that the later one has, in its order."""
    old, new = _cells(before), _cells(after)
    return [
        told for name in dict.fromkeys([*new, *old]) if (told := _difference(old.get(name), new.get(name))) is not None
    ]


def _cells(people: Sequence[Mapping[str, Any]]) -> _Cells:
    return {
        (person["person"], *(row[name] for name in _OF_ROW), *(cell[name] for name in _OF_CELL)): (person, row, cell)
        for person in people
        for row in person["attributes"]
        for cell in row["cells"]
    }


def _difference(old: Any, new: Any) -> dict[str, Any] | None:
    was, now = (_held(one[2]) if one else [] for one in (old, new))
    if [_gist(one) for one in was] == [_gist(one) for one in now]:
        return None
    person, row, cell = new or old
    whose = f"{cell['agency_name']}, by {cell['source_label']}," if not cell["own"] else cell["agency_name"]
    return {
        "person": person["person"],
        "label": person["label"],
        **{name: row[name] for name in _OF_ROW},
        "question": row["label"],
        "agency": cell["agency"],
        "source": cell["source"],
        "before": was,
        "after": now,
        "words": f"Of {person['label']}, {row['label']}: {whose} held {_words(was)} before, and {_words(now)} after.",
    }


def _held(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a cell has: what is held, what is not known, and what else is said."""
    found = [{"how": hold["state"], **_said(hold), "state_words": hold["state_words"]} for hold in cell["holds"]]
    found += [{"how": "not_known", **_said(one)} for one in cell["not_known"]]
    return found + [{"how": "said", **_said(one)} for one in cell["also_said"]]


def _said(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("entry", "index", "value", "words", "said", "valid")}


def _gist(one: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes it the same: how people are called may change without anything being held otherwise."""
    return tuple(one.get(name) for name in ("how", "entry", "index", "value", "valid"))


def _words(held: Sequence[Mapping[str, Any]]) -> str:
    return listed([f"“{one['words']}”" for one in held]) or _NOTHING
