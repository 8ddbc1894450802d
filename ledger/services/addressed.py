"""To whom an entry is addressed: the agency that is asked, told, named or handed something by it."""

from collections.abc import Mapping
from typing import Any, Final

from ledger.domain.alert import BRINGS, WOKEN
from ledger.domain.entry import parse_entry_id
from ledger.services.see import Seen
from ledger.store.timeline import StoredEntry

#: The kinds that can be for somebody.
ADDRESSED: Final = frozenset(BRINGS) | {
    WOKEN, "handover", "notice", "lead", "assessment_asked", "information_request", "referral", "information_answer",
    "assessment", "assessment_reply", "concern_answer", "action", "check", "share",
}  # fmt: skip


def addressed_to(entry: Seen, agency: str, entries: Mapping[int, StoredEntry], pseudonym: str) -> bool:
    """Whether an entry, as it is seen, is for this agency. `entries` are the record's, by number."""
    to = _addressee(entry, entries, pseudonym)
    return agency in to if isinstance(to, list) else bool(to == agency)


def _addressee(entry: Seen, entries: Mapping[int, StoredEntry], pseudonym: str) -> Any:
    """The agency, or None where it is for nobody, or for a body that is no agency here."""
    body, to = entry.body, None
    match entry.kind:
        case kind if kind in BRINGS or kind in (WOKEN, "handover"):
            to = _agency_in(body.get("to"))
        case "notice" | "lead" | "assessment_asked":
            to = body.get("agency")
        case "information_request" | "referral":
            to = body.get("to")
        case "information_answer":
            asked = entries.get(_number(body.get("of"), pseudonym) or 0)
            to = None if asked is None else asked.agency
        case "assessment":
            to = body.get("asks")
        case "assessment_reply" | "concern_answer":
            answered = entries.get(_number(body.get("of"), pseudonym) or 0)
            to = None if answered is None else answered.agency
        case "action":
            to = _agency_in(body.get("owner"))
        case "check":
            to = body.get("with")
        case "share":
            to = body.get("with") if body.get("decision") == "shared" else None
    return to


def named_in_share(entry: Seen, pseudonym: str) -> set[int]:
    """The entries of this record that a share gives with it."""
    if entry.kind != "share":
        return set()
    named = entry.body.get("entries", ())
    return {number for one in named if (number := _number(one, pseudonym)) is not None}


def _agency_in(value: Any) -> Any:
    return value.get("agency") if isinstance(value, Mapping) else None


def _number(value: Any, pseudonym: str) -> int | None:
    named = parse_entry_id(str(value))
    return named[1] if named is not None and named[0] == pseudonym else None
