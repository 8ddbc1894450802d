"""How a finding closed, or is about to: why, by whom, when and with what reason, as one reader may see it.

The reason is the outcome's, which is an entry like any other: whoever may not see that entry is told who holds it, and
neither the outcome nor the reason. Of a finding that is a pointer to its reader, only an outcome is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.domain.entry import entry_id, written_time
from ledger.domain.fold import signatory
from ledger.domain.outcome import OUTCOMES
from ledger.services.see import Seen, Sight
from ledger.services.word_outcome import word_closing
from ledger.store.people import Agency

_STEP = "entry:"


@dataclass(frozen=True, slots=True)
class Regard:
    """What the reader knows of the finding, and who reads.

    ``is_pointer``: it is no more than a pointer to them. ``kind``: its kind, where they may know it; outcomes are told
    in words that fit. ``needs_two``: it takes two people to close it.
    """

    is_pointer: bool = False
    kind: str | None = None
    needs_two: bool = False
    reader: UUID | None = None


def render_closing(
    closing: Seen | None,
    outcomes: Iterable[Seen],
    pseudonym: str,
    directory: Mapping[str, Agency],
    people: Mapping[UUID, str],
    regard: Regard,
) -> dict[str, Any] | None:
    """`closing` is the entry that closed the finding, None while it is open; `outcomes` are those of the finding.

    None where nobody has concluded anything and the finding is open. Of one that takes two people it is told, while it
    is open, whether a second is awaited, and whether the person who reads has recorded an outcome already.
    """
    recorded = sorted(outcomes, key=lambda entry: entry.number)
    if closing is None:
        if not recorded:
            return None
        first = _concluded(recorded[0], pseudonym, directory, people, regard.kind)
        if not regard.needs_two:
            return first
        is_second_awaited = len({signatory(entry.agency, entry.body) for entry in recorded}) < 2
        yours = regard.reader is not None and any(by_whom(entry) == regard.reader for entry in recorded)
        return first | {"second_awaited": is_second_awaited, "yours": yours}
    told: dict[str, Any] = {"closed_at": written_time(closing.recorded_at)}
    why, number = str(closing.body.get("why", "")), _number_in(closing)
    concluded = next((entry for entry in recorded if entry.number == number), None)
    if concluded is not None:
        return told | _concluded(concluded, pseudonym, directory, people, regard.kind)
    if why in OUTCOMES or regard.is_pointer:
        return told | {"why": None, "words": None}
    return told | {"why": why, "words": word_closing(why, regard.kind)}


def why_closed(closing: Seen, outcomes: Mapping[int, Seen], *, is_pointer: bool) -> str | None:
    """The word for why a finding closed, where its reader may have it."""
    why = str(closing.body.get("why", ""))
    if why not in OUTCOMES:
        return None if is_pointer else why
    concluded = outcomes.get(_number_in(closing) or 0)
    return why if concluded is not None and concluded.sight is Sight.FULL else None


def outcome_places(closings: Iterable[Seen]) -> set[int]:
    """The entries by which people closed findings, as the entries that closed them name them."""
    return {
        number
        for closing in closings
        if closing.body.get("why") in OUTCOMES and (number := _number_in(closing)) is not None
    }


def by_whom(entry: Seen) -> UUID | None:
    """The professional who acknowledged or concluded, where a signed-in person did."""
    try:
        return UUID(entry.body["person"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _number_in(closing: Seen) -> int | None:
    """Which entry's step closed it; None where a moment did."""
    step = str(closing.body.get("step", ""))
    number = step.removeprefix(_STEP)
    return int(number) if step.startswith(_STEP) and number.isdecimal() else None


def _concluded(
    entry: Seen, pseudonym: str, directory: Mapping[str, Agency], people: Mapping[UUID, str], kind: str | None
) -> dict[str, Any]:
    agency, person = directory.get(entry.agency), by_whom(entry)
    told: dict[str, Any] = {
        "entry": entry_id(pseudonym, entry.number),
        "at": written_time(entry.recorded_at),
        "agency": entry.agency,
        "agency_name": agency.name if agency else entry.agency,
    }
    if entry.sight is not Sight.FULL:
        return told | {"why": None, "words": None}
    why = str(entry.body.get("outcome", ""))
    author = entry.body.get("author")
    return told | {
        "why": why,
        "words": word_closing(why, kind),
        "person": people.get(person) if person else None,
        "author_role": author.get("role") if isinstance(author, Mapping) else None,
        "reason": entry.body.get("reason"),
    }
