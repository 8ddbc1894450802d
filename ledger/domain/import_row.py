"""One row of an imported file as the observation that it becomes, and where in the row each part of that stands.

A row is one observation with up to three claims and the contact at which it was made. What its cells may hold is said
here once: the page that explains the columns, the template and the reader all go by this table.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.domain.question import digest_of

#: Columns of a claim come again, ending in _2 and _3.
CLAIMS_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, what a cell of the template's row says, and whether each row needs it."""

    name: str
    says: str
    example: str = ""
    needed: bool = False


OF_ROW: Final = (
    Column("nhs_number", "The child’s NHS number; or leave it empty and give your own reference.", "999 000 0018"),
    Column("reference", "Your agency’s own reference for the child, as it was registered."),
    Column("observed", "The day on which it was seen or said: 2026-03-09 or 09/03/2026.", "2026-03-09", needed=True),
    Column("statement", "What sort of statement it is: fact, opinion, allegation, plan …", "fact", needed=True),
    Column("narrative", "What was seen or said, in words.", "Came in late and hungry; said that nobody was at home."),
)
OF_CLAIM: Final = (
    Column("about", "Whom the claim is about: child, mother, father, or your own reference for a person.", "child"),
    Column("attribute", "What it says something of: a word of the vocabulary.", "school_attendance"),
    Column("value", "What it says: one of the attribute’s values.", "late_often"),
    Column("not_known", "Instead of a value, why there is none: unknown, not_asked, declined, evaded."),
    Column("valid", "When it was so, where that is not the day observed: 2026-03, 2026-03-01/.. for from then on."),
    Column("basis", "How the author knows: seen, told, own_record, document, judgement …", "own_record"),
    Column("informant", "Who said it, where the basis is told: child, mother, father, anonymous, a reference."),
    Column("with", "The other person, where the attribute has one."),
    Column("thing", "Your own key for the injury or incident, the same in every row about it."),
    Column("item", "Which one of many: a plan, a service, a condition."),
    Column("topic", "What it bears on, where that is not the attribute’s own topic."),
)
OF_CONTACT: Final = (
    Column("depth", "How deep the contact went: told, remote, doorstep, seen, seen_alone, examined.", "seen"),
    Column("outcome", "What came of it: held, no_access, refused, cancelled, not_brought.", "held"),
    Column("home_entered", "Whether the home was entered: yes or no."),
    Column("present", "Who was there: child, mother, father, references; commas between."),
)
COLUMNS: Final = (*OF_ROW, *OF_CLAIM, *OF_CONTACT)

_CONTACT: Final = frozenset(column.name for column in OF_CONTACT)
_CLAIM: Final = tuple(column.name for column in OF_CLAIM)
_BRITISH: Final = re.compile(r"([0-3]?[0-9])/([01]?[0-9])/([12][0-9]{3})")
_AGAIN: Final = re.compile(r"(.+)_([2-9])")


def is_column(name: str) -> bool:
    """Whether a file may have a column of this name."""
    again = _AGAIN.fullmatch(name)
    if again is None:
        return any(column.name == name for column in COLUMNS)
    return again[1] in _CLAIM and int(again[2]) <= CLAIMS_MOST


def lacking(names: Sequence[str]) -> list[str]:
    """What no row could be without, and the file has no column for."""
    absent = [column.name for column in COLUMNS if column.needed and column.name not in names]
    return absent if {"nhs_number", "reference"} & set(names) else ["nhs_number or reference", *absent]


def body_of(cells: Mapping[str, str], agency: str) -> dict[str, Any]:
    """The observation of a row: only cells with something in them are said.

    Its event id follows from all that it says and from the agency, so the same row is the same entry however often and
    in whichever file it comes.
    """
    said = {name: text for name, text in cells.items() if text}
    body: dict[str, Any] = {"child": {name: said[name] for name in ("nhs_number", "reference") if name in said}}
    if "observed" in said:
        body["observed"] = _day(said["observed"])
    body |= {name: said[name] for name in ("statement", "narrative") if name in said}
    claims = [{name: said[key] for name, key in keys} for _, keys in _claims(said)]
    if claims:
        body["claims"] = claims
    contact: dict[str, Any] = {name: said[name] for name in _CONTACT & said.keys()}
    if "present" in contact:
        contact["present"] = [name.strip() for name in contact["present"].split(",") if name.strip()]
    if contact:
        body["contact"] = dict(sorted(contact.items()))
    return {"event_id": f"import.{digest_of([agency, body])}"[:64], **body}


def column_of(pointer: str, cells: Mapping[str, str]) -> str | None:
    """In which column to put right what a pointer into the row's body names; None where it is the row as a whole."""
    part, *rest = pointer.strip("/").split("/")
    if part == "claims" and rest:
        places = [place for place, _ in _claims({name: text for name, text in cells.items() if text})]
        place = places[int(rest[0])] if rest[0].isdigit() and int(rest[0]) < len(places) else 1
        name = rest[1] if len(rest) > 1 and rest[1] in _CLAIM else "about"
        return name if place == 1 else f"{name}_{place}"
    if part == "child":
        return rest[0] if rest and is_column(rest[0]) else "nhs_number"
    if part == "contact":
        return rest[0] if rest and rest[0] in _CONTACT else "depth"
    return part if is_column(part) else None


def _claims(said: Mapping[str, str]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Each claim of a row: which it is, and of each of its parts the name and the column."""
    for place in range(1, CLAIMS_MOST + 1):
        ending = "" if place == 1 else f"_{place}"
        keys = [(name, f"{name}{ending}") for name in _CLAIM if f"{name}{ending}" in said]
        if keys:
            yield place, keys


def _day(text: str) -> str:
    """A day as it is written here, also where it was written as people write it; anything else as it stands."""
    british = _BRITISH.fullmatch(text)
    return f"{british[3]}-{int(british[2]):02}-{int(british[1]):02}" if british else text
