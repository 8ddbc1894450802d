"""Which entries are one chain: each corrects, voids or is corrected by another of it."""

from collections.abc import Iterable
from uuid import UUID

Place = tuple[UUID, int]


def chains(pairs: Iterable[tuple[UUID, int, int]]) -> dict[Place, set[Place]]:
    """Of each entry that corrects or is corrected, all that it is so tied to, through however many steps."""
    found: dict[Place, set[Place]] = {}
    for record, one, other in pairs:
        joined = found.get((record, one), {(record, one)}) | found.get((record, other), {(record, other)})
        for place in joined:
            found[place] = joined
    return found
