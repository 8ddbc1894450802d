"""The list beside a genogram: everybody by generation, each with the ties that are drawn."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from ledger.domain.person import CHILD

_GENERATIONS: Final[Mapping[int, str]] = {
    3: "Great-grandparents’ generation",
    2: "Grandparents’ generation",
    1: "Parents’ generation",
    0: "The child’s generation",
    -1: "Children’s generation",
}
_OTHERS: Final = "Others, whose place in the family is not said"


def group_people(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The people of a family as it is told, from the oldest generation to the youngest, then those beside it."""
    ties: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for tie in told["ties"]:
        ties[tie["one"]].append(tie)
        ties[tie["other"]].append(tie)
    missing: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in told["missing"]:
        missing[one["of"]].append(one)
    rows: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for person in told["people"]:
        name = person["person"]
        rows[person["generation"]].append(
            {**person, "ties": ties[name], "missing": missing[name], "child": name == CHILD}
        )
    known = sorted((one for one in rows if one is not None), reverse=True)
    groups = [{"title": _GENERATIONS.get(one, "Further generations"), "people": rows[one]} for one in known]
    return [*groups, *([{"title": _OTHERS, "people": rows[None]}] if None in rows else [])]
