"""What agencies do, read as claims: contacts, referrals, actions, hand-overs and what answers them.

An act is about the child, or about whom it names, and is a question of its own: two referrals are two. Its fields are
the claim's value, as canonical JSON, with people by their keys and another entry by its number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.entry import parse_entry_id

if TYPE_CHECKING:
    from ledger.domain.claim import Claim

PREFIX: Final = "entry:"
CONTACT: Final = "entry:contact"
#: That somebody was there at a contact, and (its value) whether alone but for the child: of each of them, so that who
#: asks of one person need not go through all contacts of a record.
MET: Final = "entry:met"
ALONE: Final = "alone"
LEAD: Final = "entry:lead"
#: That whoever led has left, and nobody has taken over.
LEAD_ENDED: Final = "entry:lead_ended"
#: Somebody without a part in the record opened it; somebody else looked at that.
GLASS: Final = "entry:glass"
GLASS_REVIEW: Final = "entry:glass_review"
#: That a decision which does not stand is taken all the same, by a second person.
OVERRIDE: Final = "entry:decision_override"
#: That agencies disagree; and what is then said in it: an answer, that it goes up a stage, that it is settled.
DISAGREEMENT: Final = "entry:disagreement"
DISAGREEING: Final = ("entry:disagreement_reply", "entry:disagreement_step_up", "entry:disagreement_settled")
#: That an assessment was opened, with whom it asks; and what is then said in it: who else is asked, what each answers,
#: and that it is signed.
ASSESSMENT: Final = "entry:assessment"
ASSESSING: Final = ("entry:assessment_asked", "entry:assessment_reply", "entry:assessment_signed")
#: A concern that is to be answered, and an answer to it.
CONCERN: Final = "entry:concern"
CONCERN_ANSWER: Final = "entry:concern_answer"
#: The fields of each kind of entry that is read as an act.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "contact": ("outcome", "depth", "home_entered", "present", "in_earshot", "by_whom", "planned"),
    "referral": ("to", "reason"),
    "action": ("what", "owner", "due"),
    "done": ("of",),
    "handover": ("of", "to", "due", "entry"),
    "reply": ("of", "answer", "reason"),
    "lead": ("agency", "person", "role", "deputy"),
    "lead_ended": ("of", "agency", "person", "deputy"),
    "check": ("with", "asked", "answered", "result"),
    "decision_override": ("of", "reason", "second"),
    "position": ("about", "stance", "condition"),
    "involvement": ("role", "reason", "until"),
    "share": ("with", "what", "decision", "lawful_basis", "reason"),
    "information_request": ("to", "asks", "purpose", "by"),
    "information_answer": ("of", "answer", "lawful_basis", "reason", "bears"),
    "rectification": ("of", "on"),
    "rectification_outcome": ("of", "outcome"),
    "glass": ("reason", "hours"),
    "glass_review": ("of", "verdict", "reason"),
    "disagreement": ("with", "kind"),
    "disagreement_reply": ("of", "answer"),
    "disagreement_step_up": ("of", "reason"),
    "disagreement_settled": ("of", "outcome"),
    "assessment": ("kind", "asks", "due", "reason"),
    "assessment_asked": ("of", "agency"),
    "assessment_reply": ("of", "answer", "reason"),
    "assessment_signed": ("of",),
    "concern": ("what", "topic"),
    "concern_answer": ("of", "answer", "how", "reason"),
}
#: The attributes under which acts are read.
ACTS: Final = frozenset(PREFIX + name for name in FIELDS)
_NAMES_ENTRY: Final = frozenset(
    {
        "done", "reply", "information_answer", "rectification", "rectification_outcome", "glass_review", "lead_ended",
        "decision_override", *(name.removeprefix(PREFIX) for name in (*DISAGREEING, *ASSESSING, CONCERN_ANSWER)),
    }
)  # fmt: skip
_PEOPLE: Final = frozenset({"present", "in_earshot"})
#: Where an act says to whom it is addressed.
_ADDRESSED: Final = ("to", "owner", "with")
#: Statements that an agency was asked for something: their item says which.
ASKED_OF: Final = frozenset({"checks", "information_request"})


def fields_in(kind: str, body: Mapping[str, Any], key: Callable[[str], str]) -> dict[str, Any]:
    """The fields of an act as its claim keeps them; ``key`` gives a person's key."""
    kept = {name: _as_written(body[name]) for name in FIELDS[kind] if body.get(name) is not None}
    for name in _PEOPLE & kept.keys():
        named = kept[name] if isinstance(kept[name], list | tuple) else [kept[name]]
        kept[name] = [key(str(one)) for one in named]
    if kind in _NAMES_ENTRY:
        named_entry = parse_entry_id(str(kept.get("of", "")))
        kept["of"] = named_entry[1] if named_entry else 0
    if kind == "handover" and "entry" in kept:
        about = parse_entry_id(str(kept["entry"]))
        kept["entry"] = about[1] if about else 0
    return kept


def _as_written(value: Any) -> Any:
    """Yes and no as files write them, for interfaces send true and false."""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def fields_of(claim: Claim) -> Mapping[str, Any]:
    """What an act or a decision says, by the names of its body's fields; nothing of what is neither."""
    return _parsed((claim.value if claim.attribute in ACTS else claim.details) or "{}")


@lru_cache(maxsize=4096)
def _parsed(value: str) -> Mapping[str, Any]:
    return MappingProxyType(json.loads(value))


def named_by(claim: Claim) -> int | None:
    """The number of the entry that an act answers or ends; None where it names none."""
    named = fields_of(claim).get("of") if claim.attribute in ACTS else None
    return named if isinstance(named, int) and named else None


def receiver_of(claim: Claim) -> str:
    """To whom an act is addressed, as it was written: an agency, mostly; empty where it does not say.

    Also who was asked, where a statement tells of that.
    """
    if claim.attribute in ASKED_OF:
        return claim.item or ""
    fields = fields_of(claim)
    for place in _ADDRESSED:
        party = fields.get(place)
        if isinstance(party, Mapping):
            return str(party.get("agency", ""))
        if isinstance(party, list | tuple):
            return str(party[0]) if len(party) == 1 else ""  # several: no one of them
        if party:
            return str(party)
    return ""
