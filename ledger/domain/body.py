"""The bodies of entries as they are written in files: which fields each kind has, and the shape of each.

What a claim may say about an attribute is for the rule pack; whether an entry that is named exists is for whoever has
the record. The fields are those that are posted, less what a post adds: the child and the sender's event id.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ledger.domain.body_assessing import ASSESSING_BODIES
from ledger.domain.body_part import (
    AUTHOR,
    BEARS,
    CLAIM,
    CLAIM_FIELDS,
    CONSENT_ANSWERS,
    CONTACT_FIELDS,
    DECISIONS,
    INFORMATION_ANSWERS,
    LAWFUL_BASIS,
    NAMES,
    OBSERVED,
    PERSON,
    RECTIFICATION_OUTCOMES,
    STATEMENT,
    TEXT,
    VAGUE_DATE,
)
from ledger.domain.body_part import PARTY as _PARTY
from ledger.domain.body_part import SHARING as _SHARING
from ledger.domain.body_part import act as _act
from ledger.domain.disagreement import ANSWERS, KINDS, OUTCOMES
from ledger.domain.glass import HOURS_MAX, VERDICTS
from ledger.domain.shape import Count, Either, Items, Keys, Shape, YesNo, keys, word

_OBSERVATION_FIELDS: Final[Mapping[str, Shape]] = {
    "observed": OBSERVED,
    "statement": STATEMENT,
    "narrative": TEXT,
    "also": Items(Either(TEXT, keys({"id": TEXT, "nhs_number": TEXT, "reference": TEXT})), 1),
    "people": Items(PERSON),
    "claims": Items(CLAIM),
    "contact": keys(CONTACT_FIELDS),
    "sharing": _SHARING,
    "author": AUTHOR,
}
_OBSERVATION: Final = keys(_OBSERVATION_FIELDS, "observed statement")

_RELIED_ON: Final = Either(TEXT, keys({**CLAIM_FIELDS, "entry": TEXT, "index": Count(999)}))
_LISTS: Final = frozenset({"present", "in_earshot"})
_QUESTION: Final = keys(
    {"about": TEXT, "attribute": TEXT, "with": TEXT, "thing": TEXT, "item": TEXT}, "about attribute"
)
_STEP: Final = word(
    "made subject_heard child_heard withdrawn outcome substantiated unsubstantiated unfounded not_enquired"
)
_ALLEGATION_OUTCOME: Final = word("substantiated unsubstantiated unfounded not_enquired")


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
        {**CONTACT_FIELDS, "observed": OBSERVED, "narrative": TEXT, "people": Items(PERSON), "sharing": _SHARING},
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
    "decision_override": _act({"of": TEXT, "reason": TEXT, "second": _PARTY}, "of reason second"),
    "action": _act({"what": TEXT, "owner": _PARTY, "due": OBSERVED}, "what owner"),
    "done": _act({"of": TEXT}, "of"),
    "referral": _act({"to": TEXT, "reason": TEXT}, "to reason"),
    "handover": _act(
        {"of": word("lead work record"), "to": _PARTY, "due": OBSERVED, "what": TEXT, "entry": TEXT, "reason": TEXT},
        "of to",
    ),
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
            "claim": keys({"entry": TEXT, "index": Count(999)}, "entry index"),
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
            "bears": word(" ".join(BEARS)),
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
    **ASSESSING_BODIES,
    "family_summary": _act({"text": TEXT, "entries": NAMES}, "text"),
    "family_summary_answer": _act({"of": TEXT, "answer": word("confirmed disputed"), "says": TEXT}, "of answer"),
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
    "handover": "entry",
    **dict.fromkeys(
        (
            "done", "reply", "information_answer", "dispute", "rectification", "rectification_outcome", "glass_review",
            "lead_ended", "decision_override", "disagreement_reply", "disagreement_step_up", "disagreement_settled",
            "assessment_asked", "assessment_reply", "assessment_signed", "concern_answer", "family_summary_answer",
        ),
        "of",
    ),
}  # fmt: skip
