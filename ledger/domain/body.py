"""The bodies of entries as they are written in files: which fields each kind has, and the shape of each.

What a claim may say about an attribute is for the rule pack; whether an entry that is named exists is for whoever has
the record. The fields are those that are posted, less what a post adds: the child and the sender's event id.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ledger.domain.disagreement import ANSWERS, KINDS, OUTCOMES
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.glass import HOURS_MAX, VERDICTS
from ledger.domain.lawful_basis import BASES
from ledger.domain.shape import Anything, Count, Either, Items, Keys, Shape, Text, YesNo, keys, word


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
CONSENT_ANSWERS: Final = ("given", "refused", "withdrawn")
#: What may come of a request that an entry be put right.
RECTIFICATION_OUTCOMES: Final = ("corrected", "erased", "kept_marked_inaccurate", "kept_dispute_noted")

LAWFUL_BASIS: Final = Either(word(" ".join(BASES)), Items(word(" ".join(BASES)), 1))

_AUTHOR: Final = keys({"ref": TEXT, "role": TEXT})
_OFFICE: Final = keys({"agency": TEXT, "role": TEXT}, "agency role")
_PARTY: Final = Either(TEXT, keys({"agency": TEXT, "person": TEXT, "role": TEXT}))

PERSON: Final = keys(
    {"ref": TEXT, "role": TEXT, "name": TEXT, "born": VAGUE_DATE, "description": TEXT},
    "ref",
)

_CLAIM_FIELDS: Final[Mapping[str, Shape]] = {
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
CLAIM: Final = keys(_CLAIM_FIELDS, "about attribute basis", ["value not_known"])

_CONTACT_FIELDS: Final[Mapping[str, Shape]] = {
    "depth": DEPTH,
    "home_entered": YesNo(),
    "present": NAME_OR_NAMES,
    "in_earshot": NAME_OR_NAMES,
    "outcome": OUTCOME,
    "by_whom": _PARTY,
    "planned": TEXT,
}
_SHARING: Final = keys({"lawful_basis": TEXT, "marking": TEXT, "to": Items(TEXT), "not_to": Items(TEXT)})
_OBSERVATION_FIELDS: Final[Mapping[str, Shape]] = {
    "observed": OBSERVED,
    "statement": STATEMENT,
    "narrative": TEXT,
    "also": Items(Either(TEXT, keys({"id": TEXT, "nhs_number": TEXT, "reference": TEXT})), 1),
    "people": Items(PERSON),
    "claims": Items(CLAIM),
    "contact": keys(_CONTACT_FIELDS),
    "sharing": _SHARING,
    "author": _AUTHOR,
}
_OBSERVATION: Final = keys(_OBSERVATION_FIELDS, "observed statement")

_RELIED_ON: Final = Either(TEXT, keys({**_CLAIM_FIELDS, "entry": TEXT}))
_LISTS: Final = frozenset({"present", "in_earshot"})
_QUESTION: Final = keys(
    {"about": TEXT, "attribute": TEXT, "with": TEXT, "thing": TEXT, "item": TEXT}, "about attribute"
)
_STEP: Final = word(
    "made subject_heard child_heard withdrawn outcome substantiated unsubstantiated unfounded not_enquired"
)
_ALLEGATION_OUTCOME: Final = word("substantiated unsubstantiated unfounded not_enquired")


def _act(fields: Mapping[str, Shape], required: str = "", *one_of: str) -> Keys:
    return keys({**fields, "author": _AUTHOR}, required, one_of)


_LINK: Final = _act({"people": Items(TEXT, 2), "things": Items(TEXT, 2), "reason": TEXT}, "reason", "people things")

BODIES: Final[Mapping[str, Keys]] = {
    "child": _act(
        {
            "born": VAGUE_DATE,
            "expected": VAGUE_DATE,
            "gestation_weeks": Count(45),
            "name": TEXT,
            "nhs_number": TEXT,
            "mother": Either(TEXT, keys({"ref": TEXT, "name": TEXT, "born": VAGUE_DATE, "nhs_number": TEXT})),
            "reference": TEXT,
        }
    ),
    "observation": _OBSERVATION,
    "contact": _act(
        {**_CONTACT_FIELDS, "observed": OBSERVED, "narrative": TEXT, "people": Items(PERSON), "sharing": _SHARING},
        "observed",
    ),
    "correction": _act({"corrects": TEXT, "reason": TEXT, "observation": _OBSERVATION}, "corrects reason observation"),
    "void": _act({"voids": TEXT, "reason": TEXT}, "voids reason"),
    "decision": _act(
        {
            "kind": TEXT,
            "to": TEXT,
            "reason": TEXT,
            "relies_on": Items(_RELIED_ON),
            "override": keys({"reason": TEXT, "second": _PARTY}, "reason second"),
        },
        "kind",
    ),
    "action": _act({"what": TEXT, "owner": _PARTY, "due": OBSERVED}, "what owner"),
    "done": _act({"of": TEXT}, "of"),
    "referral": _act({"to": TEXT, "reason": TEXT}, "to reason"),
    "handover": _act({"of": word("lead work"), "to": _PARTY, "due": OBSERVED}, "of to"),
    "reply": _act(
        {
            "of": TEXT,
            "answer": word("acknowledged accepted declined"),
            "reason": TEXT,
            "person": TEXT,
            "role": TEXT,
            "deputy": _PARTY,
        },
        "of answer",
    ),
    "lead": _act({"agency": TEXT, "person": TEXT, "role": TEXT, "deputy": _PARTY}, "agency person"),
    "lead_ended": _act(
        {"of": TEXT, "agency": TEXT, "person": TEXT, "why": word("left"), "deputy": TEXT}, "of agency person why"
    ),
    "check": _act({"with": _PARTY, "about": TEXT, "asked": TEXT, "answered": TEXT, "result": TEXT}, "with"),
    "position": _act(
        {"about": Either(TEXT, _QUESTION), "stance": word("for against for_if"), "condition": TEXT}, "about stance"
    ),
    "allegation": _act({"step": _STEP, "thing": TEXT, "outcome": _ALLEGATION_OUTCOME}, "step"),
    "link": _LINK,
    "unlink": _LINK,
    "involvement": _act({"role": TEXT, "reason": TEXT, "lawful_basis": TEXT, "until": OBSERVED}, "role"),
    "glass": _act({"reason": TEXT, "hours": Count(HOURS_MAX)}, "reason"),
    "glass_review": _act({"of": TEXT, "verdict": word(" ".join(VERDICTS)), "reason": TEXT}, "of verdict reason"),
    "disagreement": _act(
        {
            "with": NAMES,
            "about": TEXT,
            "kind": word(" ".join(KINDS)),
            "view": TEXT,
            "wants": TEXT,
            "sharing": _SHARING,
        },
        "with kind view",
    ),
    "disagreement_reply": _act({"of": TEXT, "answer": word(" ".join(ANSWERS)), "view": TEXT}, "of answer view"),
    "disagreement_step_up": _act({"of": TEXT, "reason": TEXT}, "of reason"),
    "disagreement_settled": _act(
        {"of": TEXT, "outcome": word(" ".join(OUTCOMES)), "what": TEXT, "by": _PARTY}, "of outcome what"
    ),
    "share": _act(
        {
            "with": Either(TEXT, keys({"body": TEXT}, "body")),
            "what": TEXT,
            "entries": NAMES,
            "decision": word(" ".join(DECISIONS)),
            "lawful_basis": LAWFUL_BASIS,
            "reason": TEXT,
            "consent": TEXT,
            "views_sought": YesNo(),
            "views_not_sought_because": TEXT,
            "on": OBSERVED,
            "sharing": _SHARING,
        },
        "with decision lawful_basis",
    ),
    "information_request": _act(
        {
            "to": TEXT,
            "about": TEXT,
            "asks": TEXT,
            "purpose": TEXT,
            "lawful_basis": LAWFUL_BASIS,
            "by": OBSERVED,
            "sharing": _SHARING,
        },
        "to asks purpose lawful_basis",
    ),
    "information_answer": _act(
        {
            "of": TEXT,
            "answer": word(" ".join(INFORMATION_ANSWERS)),
            "lawful_basis": LAWFUL_BASIS,
            "reason": TEXT,
            "entries": NAMES,
            "sharing": _SHARING,
        },
        "of answer lawful_basis",
    ),
    "consent": _act(
        {
            "of": TEXT,
            "for": TEXT,
            "answer": word(" ".join(CONSENT_ANSWERS)),
            "how": TEXT,
            "observed": OBSERVED,
            "until": OBSERVED,
            "replaces": TEXT,
            "sharing": _SHARING,
        },
        "of for answer how observed",
    ),
    "dispute": _act({"of": TEXT, "by": TEXT, "says": TEXT, "on": OBSERVED}, "of by says on"),
    "rectification": _act({"of": TEXT, "asked_by": TEXT, "says": TEXT, "on": OBSERVED}, "of asked_by says on"),
    "rectification_outcome": _act(
        {
            "of": TEXT,
            "outcome": word(" ".join(RECTIFICATION_OUTCOMES)),
            "reason": TEXT,
            "correction": TEXT,
            "second": TEXT,
        },
        "of outcome reason second",
    ),
}


def as_posted(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body in the one form in which it is posted: a claim about several people, or with several, is one of each."""
    posted = {key: _as_list(value) if key in _LISTS else value for key, value in body.items()}
    if "claims" in body:
        posted["claims"] = [claim for written in body["claims"] for claim in _claims_posted(written)]
    for part in {"observation", "contact"} & body.keys():
        posted[part] = as_posted(body[part])
    return posted


def _claims_posted(claim: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    posted = {key: _as_list(value) if key in _LISTS else value for key, value in claim.items()}
    for person in _as_list(claim["about"]):
        for counterpart in _as_list(claim.get("with")):
            yield posted | {"about": person} | ({} if counterpart is None else {"with": counterpart})


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


#: The fields by which one entry names another.
NAMES_ENTRY: Final[Mapping[str, str]] = {
    "correction": "corrects",
    "void": "voids",
    "disagreement": "about",
    **dict.fromkeys(
        (
            "done", "reply", "information_answer", "dispute", "rectification", "rectification_outcome", "glass_review",
            "lead_ended", "disagreement_reply", "disagreement_step_up", "disagreement_settled",
        ),
        "of",
    ),
}  # fmt: skip
