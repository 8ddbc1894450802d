"""Look for words in a child's record: in what its reader would be shown of each entry, and in nothing else.

The words are looked for as they stand: nothing of them is kept, logged or recorded. That there was a look is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.services.describe_entry import describe
from ledger.services.find_as_of import Point
from ledger.services.names_in_entries import names_in_entries
from ledger.services.read_chronology import PAGE, Asked, open_chronology
from ledger.services.see import Reader
from ledger.store.people import Agency

#: What the access record says was read.
LOOK: Final = "search"
WORDS_CHARS_MAX: Final = 100
#: So many entries are put in words at a time.
_AT_ONCE: Final = 200
#: What is shown of an entry in words, and of the lists in it what of each one.
_SHOWN: Final = ("title", "who", "role", "statement", "narrative", "outcome", "words", "closing", "notice", "addressee")
_LISTED: Final = {"claims": ("words", "said", "valid_words"), "disputes": ("words",), "warnings": ("detail",)}


@dataclass(frozen=True, slots=True)
class Sought:
    """Which words are looked for, in what was known when and by whom; after which of what is found a page begins."""

    asked: Asked
    words: str
    after: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of one page that have the words, how many there are in all, and how many stand before these."""

    point: Point
    items: Sequence[Mapping[str, Any]]
    total: int
    before: int

    @property
    def following(self) -> int | None:
        """The number after which the next page begins."""
        return self.items[-1]["number"] if self.items and self.before + len(self.items) < self.total else None


def search_chronology(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    sought: Sought,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency],
) -> Found:
    """Every entry that has all of the words in it, whatever their case, a page at a time. Writes the access record.

    No words find nothing. The connection acts for the reader's agency. Raises NotKnownError.
    Cost: rendering every entry that the reader sees.
    """
    opened = open_chronology(
        connection, reader, record_id, sought.asked, pack=pack, chance=chance, directory=directory, what=LOOK
    )
    words = sought.words.casefold().split()
    numbers = [row.number for row in opened.rows] if words else []
    hits = list[Mapping[str, Any]]()
    for start in range(0, len(numbers), _AT_ONCE):
        items = opened.reading.at(numbers[start : start + _AT_ONCE])
        known = names_in_entries(connection, items, directory)
        hits += [item for item in items if _has(words, describe(item, known))]
    later = [item for item in hits if item["number"] > sought.after]
    return Found(opened.reading.past.point, later[:PAGE], len(hits), len(hits) - len(later))


def _has(words: Sequence[str], told: Mapping[str, Any]) -> bool:
    text = " ".join(_texts(told)).casefold()
    return all(word in text for word in words)


def _texts(told: Mapping[str, Any]) -> Iterator[str]:
    """Every word that the page shows of an entry, and none that it does not: of a finding no narrative it rests on."""
    yield from (str(told[name]) for name in _SHOWN if told.get(name))
    for name, parts in _LISTED.items():
        yield from (str(one[part]) for one in told.get(name) or () for part in parts if one.get(part))
    yield from (text for row in told["rows"] for text in row)
    finding = told.get("finding") or {}
    if finding.get("headline") and told["kind"] == "finding_raised":
        yield str(finding["headline"])
        yield from (str(said["words"]) for side in finding["sides"] for said in side["statements"] if said["words"])
