"""Sorts of agencies: what a rule pack calls them, and which sort an agency is that enrolled under a name of its own.

An agency says in its own words what it is: ``primary school``, ``health_visiting_team``, ``Drug and Alcohol Service``.
A rule says ``school``. A pack's section ``agencies`` has for each sort its ``meaning``, other words for it (``also``),
whether it serves the child, an adult or both (``for``), and what may be asked of it (``ask``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ledger.domain.owner import words_of
from ledger.domain.shape import Fault, Items, Path, Text, keys, word

Serves = Literal["child", "adult", "both"]
AGENCY: Final = keys(
    {"meaning": Text(), "also": Items(Text(), least=1), "for": word("child adult both"), "ask": Text()}, "meaning for"
)


@dataclass(frozen=True, slots=True)
class AgencyWord(Text):
    """In a rule's form: a sort of agency as the pack calls it, or one of the ``parts`` that an agency has there."""

    parts: frozenset[str] = frozenset()


#: What ends many a name and says nothing of the sort: left off where the whole name is not known.
_COMMON_ENDINGS: Final = frozenset({
    "service", "services", "team", "teams", "department", "trust", "unit", "office", "nhs", "foundation",
    "agency",
})  # fmt: skip
_REMEMBERED_MAX: Final = 4096


@dataclass(frozen=True, slots=True)
class AgencyKind:
    """One sort of agency. ``serves``: for whom it is there; ``both`` where it sees parents for a child's sake too."""

    name: str
    meaning: str
    serves: Serves
    also: tuple[str, ...] = ()
    ask: str | None = None


@dataclass(frozen=True, slots=True)
class AgencyKinds:
    """The sorts of agencies of a pack, by every name that they go by."""

    by_words: Mapping[tuple[str, ...], str]
    _remembered: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, kinds: Iterable[AgencyKind]) -> AgencyKinds:
        """The names of all these; the first kind keeps a name that two claim, which no pack that was checked has."""
        by_words: dict[tuple[str, ...], str] = {}
        for kind in kinds:
            for name in (kind.name, *kind.also):
                by_words.setdefault(words_of(name), kind.name)
        return cls(by_words)

    def kind_of(self, written: str | None) -> str:
        """The sort that goes by this name, or by the longest of those that end it; "" where none does.

        A primary school is a school and a school nurse is none; a team or service of a sort is of that sort.
        """
        if not written:
            return ""
        known = self._remembered.get(written)
        if known is None:
            if len(self._remembered) >= _REMEMBERED_MAX:
                self._remembered.clear()
            known = self._remembered[written] = self._found(words_of(written))
        return known

    def _found(self, words: tuple[str, ...]) -> str:
        """Whatever name begins earliest in the words; as they stand before without their ending."""
        found, earliest = "", len(words)
        while words:
            for start in range(min(earliest, len(words))):
                if words[start:] in self.by_words:
                    found, earliest = self.by_words[words[start:]], start
                    break
            if words[-1] not in _COMMON_ENDINGS:
                break
            words = words[:-1]
        return found


def agency_kinds(written: Mapping[str, Any]) -> dict[str, AgencyKind]:
    """The sorts of agencies as a pack's section has them, by name."""
    return {
        name: AgencyKind(name, said["meaning"], said["for"], tuple(said.get("also", ())), said.get("ask"))
        for name, said in written.items()
    }


def faults_of_agencies(path: Path, written: Mapping[str, Any]) -> Iterator[Fault]:
    """Names that two sorts of agencies go by, or that have no letter in them, at the later of the two."""
    goes_by: dict[tuple[str, ...], str] = {words_of(name): name for name in written}
    for name, said in written.items():
        for place, other in enumerate(said.get("also", ())):
            words = words_of(other)
            if not words:
                yield (*path, name, "also", place), "this names nothing: write what such an agency is called"
            elif goes_by.setdefault(words, name) != name:
                yield (*path, name, "also", place), f"{goes_by[words]} goes by this already: a name means one sort"
