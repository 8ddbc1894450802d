"""The shapes of which the bodies of entries are made: dates, names, parties, claims, contacts, markings."""

from collections.abc import Callable, Mapping
from typing import Final

from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.lawful_basis import BASES
from ledger.domain.shape import Anything, Either, Items, Keys, Shape, Text, YesNo, keys, word


def _observed(text: str) -> str | None:
    return _reason(lambda: observed_bounds(text))


def _valid(text: str) -> str | None:
    return _reason(lambda: parse(text))


def _vague_date(text: str) -> str | None:
    if "/" in text:
        return "this is one date, as well as it is known: a day, a month or a year"
    return _valid(text)


def _reason(read: Callable[[], object]) -> str | None:
    try:
        read()
    except EdtfError as error:
        return error.reason
    return None


TEXT: Final = Text()
OBSERVED: Final = Text(_observed)
VAGUE_DATE: Final = Text(_vague_date)
NAMES: Final = Items(TEXT, 1)
NAME_OR_NAMES: Final = Either(TEXT, NAMES)

STATEMENT: Final = word("fact opinion allegation admission finding plan intention omission")
BASIS: Final = word("seen measured own_record document searched judgement agency told")
NOT_KNOWN: Final = word("unknown not_asked declined evaded")
DEPTH: Final = word("told remote doorstep seen seen_alone examined")
OUTCOME: Final = word("held no_access refused cancelled not_brought")
#: What is decided of information; what comes back where it was asked for; what is said of consent.
DECISIONS: Final = ("shared", "refused", "in_part")
INFORMATION_ANSWERS: Final = ("answered", "in_part", "refused", "nothing_held")
#: What an answer's entries are to the claim that the request names.
BEARS: Final = ("out", "against", "cannot_say")
CONSENT_ANSWERS: Final = ("given", "refused", "withdrawn")
#: What may come of a request that an entry be put right.
RECTIFICATION_OUTCOMES: Final = ("corrected", "erased", "kept_marked_inaccurate", "kept_dispute_noted")

LAWFUL_BASIS: Final = Either(word(" ".join(BASES)), Items(word(" ".join(BASES)), 1))

AUTHOR: Final = keys({"ref": TEXT, "role": TEXT})
_OFFICE: Final = keys({"agency": TEXT, "role": TEXT}, "agency role")
PARTY: Final = Either(TEXT, keys({"agency": TEXT, "person": TEXT, "role": TEXT}))

PERSON: Final = keys(
    {"ref": TEXT, "role": TEXT, "name": TEXT, "born": VAGUE_DATE, "description": TEXT},
    "ref",
)

CLAIM_FIELDS: Final[Mapping[str, Shape]] = {
    "about": NAME_OR_NAMES,
    "attribute": TEXT,
    "value": Anything(),
    "not_known": NOT_KNOWN,
    "valid": Text(_valid),
    "basis": BASIS,
    "informant": Either(TEXT, _OFFICE),
    "from": TEXT,
    "statement": STATEMENT,
    "thing": TEXT,
    "with": NAME_OR_NAMES,
    "item": TEXT,
    "topic": TEXT,
    "in_earshot": NAME_OR_NAMES,
}
CLAIM: Final = keys(CLAIM_FIELDS, "about attribute basis", ["value not_known"])

CONTACT_FIELDS: Final[Mapping[str, Shape]] = {
    "depth": DEPTH,
    "home_entered": YesNo(),
    "present": NAME_OR_NAMES,
    "in_earshot": NAME_OR_NAMES,
    "outcome": OUTCOME,
    "by_whom": PARTY,
    "planned": TEXT,
}
SHARING: Final = keys({"lawful_basis": TEXT, "marking": TEXT, "to": Items(TEXT), "not_to": Items(TEXT)})


def act(fields: Mapping[str, Shape], required: str = "", *one_of: str) -> Keys:
    """A body with these fields and whoever wrote it."""
    return keys({**fields, "author": AUTHOR}, required, one_of)
