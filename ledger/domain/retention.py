"""For how long records are kept at the least, and what of them an order may erase.

Records of safeguarding are mostly kept, and for long: no single period is law for all of them, so each record is given
a class by whoever answers for records, with the day from which it counts. The period is a floor: on the day that it
ends the record comes up for review, and nothing is ever deleted because of it alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from ledger.domain.entry import parse_entry_id


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """A category of records: what it is, from what day it counts, for how many years, and who says so."""

    what: str
    counts_from: str
    years: int
    source: str
    #: It counts from something in the life of somebody else than the child.
    is_of_another: bool = False


#: By their names. The periods are those that are most often set; a partnership's own policy may ask for more.
CLASSES: Final[Mapping[str, RetentionClass]] = MappingProxyType(
    {
        "looked_after": RetentionClass(
            "a child who was looked after",
            "the child's birth",
            75,
            "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 50",
        ),
        "adopted": RetentionClass(
            "a child who was adopted",
            "the adoption order",
            100,
            "Disclosure of Adoption Information (Post-Commencement Adoptions) Regulations 2005, regulation 6",
        ),
        "child_protection": RetentionClass(
            "child protection enquiries and plans",
            "the closure of the case",
            35,
            "R (C) v Northumberland County Council [2015] EWHC 2134 (Admin)",
        ),
        "child_in_need": RetentionClass(
            "a child in need, early help, assessments that led to no plan",
            "the child's eighteenth birthday",
            3,
            "local authorities' published schedules",
        ),
        "allegation_in_work": RetentionClass(
            "an allegation against somebody who works with children",
            "the birth of whom it was made against",
            100,
            "local authorities' published schedules",
            is_of_another=True,
        ),
    }
)

#: On what ground content is erased.
GROUNDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "court_order": "a court ordered it",
        "right_to_erasure": "somebody's right to erasure, which the controller found to apply",
        "unlawful": "it should never have been processed",
        "wrong_record": "it was recorded about the wrong child",
        "retention_ended": "the period for which it is kept has ended, and its review found no reason to keep it",
    }
)
#: The whole of a record goes on these alone.
WHOLE_GROUNDS: Final = frozenset({"court_order", "retention_ended", "wrong_record"})

#: What is kept whatever is erased: it says that, by whom and on what ground something was held, erased, given out or
#: opened. Whoever broke the glass must not be able to have their reason erased.
KEPT_KINDS: Final = frozenset(
    {
        "retention", "hold", "hold_lifting", "erasure_order", "erasure_answer", "erased",
        "export", "disclosure", "glass", "glass_review",
    }
)  # fmt: skip


def review_on(name: str, counted_from: date) -> date:
    """The day on which a record of this class comes up for review at the earliest; of a leap day, the first of March.

    Raises KeyError for a class that there is not, ValueError for a year beyond the calendar's end.
    """
    year = counted_from.year + CLASSES[name].years
    try:
        return counted_from.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def numbers_erased(kind: str, body: Mapping[str, Any]) -> frozenset[int]:
    """The entries that an approval of an order to erase takes away; none for whatever else.

    An approval names what it approves, entry by entry; one of a whole record says so (`erases_whole`).
    """
    if kind != "erasure_answer" or body.get("answer") != "approve":
        return frozenset()
    named = (parse_entry_id(entry) for entry in body.get("entries", ()))
    return frozenset(one[1] for one in named if one is not None)


def erases_whole(kind: str, body: Mapping[str, Any]) -> bool:
    """Whether it approves that all that the record holds before it is erased."""
    return kind == "erasure_answer" and body.get("answer") == "approve" and body.get("whole") == "yes"
