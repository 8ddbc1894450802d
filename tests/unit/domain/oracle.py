"""What is believed on one question, and which of it cannot all be so: by brute force over states and days.

Written from the design's words in the plainest way, to be set beside what detection computes; nothing is taken from
the code that it checks. Days are whole numbers. Each has three moments, so that what changes over within a day does not
meet on it: day d is 3d (morning), 3d + 1 (noon: a single day's word is about that) and 3d + 2 (evening).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

STRENGTH = {"seen": 4, "measured": 4, "own_record": 4, "searched": 4, "document": 4, "judgement": 3, "agency": 2}


@dataclass(frozen=True, eq=False)
class Word:
    """One statement: of a single day (``first`` is ``last``), of a period, or (``last`` is None) so ever since."""

    agency: str
    source: str
    basis: str
    states: frozenset[str]
    first: int
    last: int | None
    observed: int

    @property
    def until(self) -> int:
        """The last day that it asserts: nobody observes the future."""
        return self.observed if self.last is None else min(self.last, self.observed)

    @property
    def is_own(self) -> bool:
        return self.basis in STRENGTH and self.basis != "agency"

    def asserts(self, moment: int) -> bool:
        """A period runs from within its first day to within its last; what is so when observed, all that day."""
        if self.first == self.last:
            return moment == 3 * self.first + 1
        begins = 3 * self.first + (1 if self.first == self.observed and self.last != self.until else 2)
        return begins <= moment <= 3 * self.until + (0 if self.last == self.until else 2)

    def ends(self, earlier: "Word") -> bool:
        """A later word of the agency from that source, or its own on at least as strong a basis."""
        if self.agency != earlier.agency or self.observed <= earlier.observed:
            return False
        if self.first == self.last and earlier.first == earlier.last:  # a moment told of twice is two accounts
            return self.source == earlier.source and self.is_own
        is_as_well_known = self.is_own and STRENGTH.get(self.basis, 1) >= STRENGTH.get(earlier.basis, 1)
        return self.source == earlier.source or is_as_well_known

    def is_held(self, moment: int, words: Sequence["Word"]) -> bool:
        """Whether its agency believes it of that moment: asserted, or carried since, and not ended by then."""
        later = [word for word in words if word.ends(self)]
        day = moment // 3
        if day <= self.until:
            return self.asserts(moment) and not any(word.first <= day <= word.until for word in later)
        return self.last is None and not any(
            word.first <= day and word.until >= self.until and not self.is_repeated_by(word) for word in later
        )

    def is_repeated_by(self, word: "Word") -> bool:
        """Whether a word of a closed time says no other than this, if more or less precisely."""
        return word.last is not None and (word.states <= self.states or self.states <= word.states)


def conflicts(words: Sequence[Word], moment: int) -> Iterator[tuple[Word, ...]]:
    """Each least set of words held of a moment that leaves no state all allow, if one at least is asserted of it."""
    held, found = [word for word in words if word.is_held(moment, words)], list[frozenset[Word]]()
    for size in range(2, len(held) + 1):
        for some in combinations(held, size):
            if frozenset.intersection(*(word.states for word in some)) or any(less <= set(some) for less in found):
                continue
            found.append(frozenset(some))
            are_accounts = len({(word.agency, word.source) for word in some}) > 1 or not some[0].is_own
            if are_accounts and any(word.asserts(moment) for word in some):
                yield some
