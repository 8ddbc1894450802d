"""Bodies that are right, one or more of every kind, for tests to send and to spoil."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from ledger.api.schemas.attachments import AttachmentSchema
from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.children import ChildSchema
from ledger.api.schemas.family import FamilyNoticeSchema, SubjectAccessSchema
from ledger.api.schemas.glass import NamedGlassSchema
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.api.schemas.observations import ObservationSchema
from ledger.api.schemas.outcomes import AcknowledgementSchema, AlertActionSchema, AlertSnoozeSchema, OutcomeSchema

#: A name that stands for content; no answer may hold it.
CANARY: Final = "Canary-Perkins 7, Rookery Close"

RECORD_ID: Final = "0b9c8d5e-1f7a-4a43-9a0e-3b1d7c2f9a10"
ENTRY_ID: Final = "abcdefghijklmnopqrstuvwxyz.17"

OBSERVATION: Final[Mapping[str, Any]] = {
    "event_id": "hv-2023-000123",
    "child": {"nhs_number": "999 000 0018"},
    "observed": "2023-10-05",
    "author": {"ref": "hv17", "role": "health visitor"},
    "statement": "fact",
    "narrative": "Mother says he lives ten minutes away and comes often, some nights too.",
    "also": [{"reference": "sister"}, {"id": RECORD_ID}],
    "people": [
        {"ref": "gran", "role": "grandmother", "name": "Ada", "born": "1951~", "description": "mother's mother"}
    ],
    "claims": [
        {
            "about": "father",
            "attribute": "presence",
            "value": "stays_overnight",
            "valid": "2023-10/..",
            "basis": "told",
            "informant": "mother",
        },
        {"about": "father", "attribute": "presence", "not_known": "not_asked", "basis": "agency", "from": "gp"},
        {
            "about": "child",
            "attribute": "contact",
            "value": {"one_of": ["gran", "mother"]},
            "basis": "told",
            "informant": {"agency": "school", "role": "teacher"},
            "statement": "opinion",
            "thing": "bruise-1",
            "with": "gran",
            "item": "the plan of March",
            "topic": "harm",
            "in_earshot": ["mother"],
        },
    ],
    "contact": {
        "depth": "seen",
        "home_entered": True,
        "present": ["mother", "child"],
        "in_earshot": "mother",
        "outcome": "held",
        "by_whom": {"agency": "csc", "role": "social worker"},
        "planned": "yes",
    },
    "sharing": {"lawful_basis": "public task", "marking": "restricted", "to": ["csc"], "not_to": ["father"]},
}

_LEAST_OBSERVATION: Final[dict[str, Any]] = {
    "event_id": "e1",
    "child": {"reference": "baby"},
    "observed": "2023-10-05T09:30Z",
    "statement": "fact",
    "narrative": "Seen.",
}

_OF_A_CHILD: Final[list[tuple[str, dict[str, Any]]]] = [
    ("details", {"born": "2022-09-01", "gestation_weeks": "38+4", "mother": "Jo"}),
    ("details", {"gestation_weeks": 38}),
    ("involvements", {"role": "school", "reason": "on roll", "lawful_basis": "task", "until": "2030"}),
    ("leads", {"agency": "csc", "person": "sw1", "role": "social worker", "deputy": "sw2"}),
    ("links", {"things": ["bruise-1", "hospital/inj.4"], "reason": "one bruise"}),
    ("unlinks", {"things": ["bruise-1", "hospital/inj.4"], "reason": "two bruises"}),
    (
        "adult-links",
        {
            "person": "p-9",
            "other": {"child": RECORD_ID, "person": "csc/4411"},
            "reason": "He gave the same date of birth and address.",
            "sharing": {"lawful_basis": "public task", "marking": "restricted", "to": ["csc"], "not_to": ["father"]},
        },
    ),
    (
        "adults-apart",
        {"person": "father", "other": {"child": RECORD_ID, "person": "father"}, "reason": "Father and son."},
    ),
    ("adult-unlinks", {"of": ENTRY_ID, "reason": "Two men of one name."}),
    (
        "corrections",
        {
            "corrects": ENTRY_ID,
            "reason": "wrong day",
            "observation": {name: OBSERVATION[name] for name in ("observed", "statement", "claims", "author")},
        },
    ),
    ("voids", {"voids": ENTRY_ID, "reason": "wrong child"}),
    (
        "decisions",
        {
            "kind": "step_down",
            "to": "early_help",
            "reason": "father gone",
            "relies_on": [
                {"about": "father", "attribute": "presence", "value": "absent", "entry": ENTRY_ID, "index": 0}
            ],
            "override": {"reason": "asked", "second": {"agency": "csc", "person": "manager"}},
        },
    ),
    (
        "decision-overrides",
        {
            "of": ENTRY_ID,
            "reason": "She was seen at home today.",
            "second": {"agency": "csc", "person": "manager"},
            "author": {"ref": "sw1"},
        },
    ),
    ("actions", {"what": "weigh", "owner": {"agency": "hv", "person": "hv17"}, "due": "2023-11-01"}),
    ("done", {"of": ENTRY_ID}),
    ("referrals", {"to": "csc", "reason": "bruise"}),
    ("handovers", {"of": "record", "to": {"agency": "csc"}, "due": "2023-11-01", "reason": "They have moved."}),
    ("handovers", {"of": "work", "to": {"agency": "csc"}, "entry": ENTRY_ID, "what": "The weekly weighing."}),
    ("handovers", {"of": "lead", "to": {"agency": "csc"}, "due": "2023-11-01T12:00:00+00:00"}),
    ("replies", {"of": ENTRY_ID, "answer": "declined", "reason": "not met"}),
    ("checks", {"with": "police", "about": "father", "asked": "2023-10-05", "result": "nothing held"}),
    ("positions", {"about": "return home", "stance": "for_if", "condition": "supervised"}),
    ("positions", {"about": {"about": "father", "attribute": "presence"}, "stance": "against"}),
    ("allegations", {"step": "outcome", "thing": "al1", "outcome": "unfounded"}),
    ("contacts", {"observed": "2023-10-05", "outcome": "no_access", "by_whom": "mother"}),
    (
        "markings",
        {
            "of": ENTRY_ID,
            "claim": 0,
            "sharing": {"marking": "restricted", "to": ["csc"], "lawful_basis": "public task", "not_to": ["father"]},
            "reason": "She has moved to a refuge.",
        },
    ),
    (
        "shares",
        {
            "with": "csc",
            "what": "The bruise and what was said of it.",
            "entries": [ENTRY_ID],
            "decision": "in_part",
            "lawful_basis": ["public_task", "safeguarding_condition"],
            "reason": "What she said of her own childhood is not needed.",
            "views_sought": "no",
            "views_not_sought_because": "It could put the child in danger.",
            "on": "2023-10-05",
            "sharing": {"lawful_basis": "public task", "marking": "shared", "not_to": ["father"]},
        },
    ),
    (
        "shares",
        {"with": {"body": "Cafcass"}, "what": "All of it.", "decision": "shared", "lawful_basis": "public_task"},
    ),
    (
        "information-requests",
        {
            "to": "police",
            "about": "father",
            "asks": "What do you hold of Robin Example, born 1 May 1990?",
            "purpose": "A check before he stays overnight.",
            "lawful_basis": "public_task",
            "by": "2023-10-12",
            "claim": {"entry": ENTRY_ID, "index": 0},
        },
    ),
    (
        "information-requests",
        {"to": "police", "asks": "What is held of him?", "purpose": "A check.", "lawful_basis": "public_task"},
    ),
    (
        "disagreements",
        {
            "with": ["csc"],
            "about": ENTRY_ID,
            "kind": "threshold",
            "view": "It was closed before anybody had seen the child at home.",
            "wants": "A visit, and an assessment.",
            "sharing": {"lawful_basis": "public_task", "marking": "restricted", "to": ["csc"]},
        },
    ),
    (
        "disagreement-replies",
        {"of": ENTRY_ID, "answer": "agreed_in_part", "view": "We visit; what it comes to is open."},
    ),
    ("family-summaries", {"text": "She lives with her mother and a brother.", "entries": [ENTRY_ID]}),
    ("family-summaries", {"text": "She lives with her mother."}),
    ("family-summary-answers", {"of": ENTRY_ID, "answer": "disputed", "says": "There is no brother."}),
    ("disagreement-step-ups", {"of": ENTRY_ID, "reason": "We still differ on the assessment."}),
    (
        "disagreement-settlements",
        {"of": ENTRY_ID, "outcome": "decided", "what": "It is assessed.", "by": {"agency": "csc", "role": "manager"}},
    ),
    (
        "assessments",
        {
            "kind": "child_and_family",
            "asks": ["gp", "hv"],
            "due": "2023-12-01",
            "reason": "The bruise, and what was said of it.",
            "sharing": {"lawful_basis": "public_task", "marking": "restricted", "to": ["gp", "hv"]},
        },
    ),
    ("assessment-requests", {"of": ENTRY_ID, "agency": "police"}),
    (
        "assessment-replies",
        {
            "of": ENTRY_ID,
            "answer": "replied",
            "entries": [ENTRY_ID],
            "reason": "What we hold since 2021.",
            "sharing": {"lawful_basis": "public_task", "marking": "shared"},
        },
    ),
    ("assessment-replies", {"of": ENTRY_ID, "answer": "refused", "reason": "A trial is running."}),
    (
        "assessment-signatures",
        {"of": ENTRY_ID, "judgement": ENTRY_ID, "second": {"agency": "csc", "person": "mgr1"}, "reason": "Read whole."},
    ),
    (
        "supervisions",
        {
            "with": {"agency": "csc", "person": "mgr1", "role": "team manager"},
            "about": "The bruise.",
            "notes": "Ask the practice before Friday.",
            "sharing": {"lawful_basis": "public_task", "marking": "restricted", "to": []},
        },
    ),
    (
        "concerns",
        {
            "what": "He flinches when he is touched.",
            "topic": "harm",
            "entries": [ENTRY_ID],
            "sharing": {"lawful_basis": "public_task", "marking": "shared"},
        },
    ),
    (
        "concern-answers",
        {
            "of": ENTRY_ID,
            "answer": "answered",
            "how": ["examined"],
            "reason": "Examined today: no injury.",
            "entries": [ENTRY_ID],
            "sharing": {"lawful_basis": "public_task", "marking": "shared"},
        },
    ),
    (
        "information-answers",
        {
            "of": ENTRY_ID,
            "answer": "in_part",
            "lawful_basis": ["legal_obligation"],
            "reason": "A trial is running.",
            "entries": [ENTRY_ID],
            "bears": "against",
            "sharing": {"lawful_basis": "public task", "marking": "restricted", "to": ["csc"]},
        },
    ),
    (
        "consents",
        {
            "of": "mother",
            "for": "early help",
            "answer": "given",
            "how": "By word of mouth, alone with me.",
            "observed": "2023-10-05",
            "until": "2024-04-05",
            "sharing": {"lawful_basis": "public task", "marking": "shared"},
        },
    ),
    ("disputes", {"of": ENTRY_ID, "by": "mother", "says": "I never said so.", "on": "2023-10-06"}),
    ("rectifications", {"of": ENTRY_ID, "asked_by": "mother", "says": "It was Tuesday.", "on": "2023-10-06"}),
    (
        "rectification-outcomes",
        {
            "of": ENTRY_ID,
            "outcome": "corrected",
            "reason": "She is right.",
            "correction": ENTRY_ID,
            "second": "mgr1",
        },
    ),
    ("glass-breakings", {"reason": "She is at our desk, unwell and alone", "hours": 2, "author": {"ref": "dr1"}}),
    (
        "retentions",
        {
            "class": "child_protection",
            "counted_from": "2024-03-01",
            "review_on": "2060-03-01",
            "reason": "The plan ended and the case was closed.",
        },
    ),
    ("holds", {"asked_by": "HM Coroner", "review_on": "2025-03-01", "reason": "An inquest was opened."}),
    ("hold-liftings", {"of": ENTRY_ID, "reason": "The inquest has ended."}),
    (
        "erasure-orders",
        {"entries": [ENTRY_ID], "ground": "court_order", "order": "FD23 P 1", "reason": "As ordered."},
    ),
    ("erasure-orders", {"whole": "yes", "ground": "wrong_record", "order": "IG-7", "reason": "Registered twice."}),
    ("erasure-answers", {"of": ENTRY_ID, "answer": "approve", "entries": [ENTRY_ID], "reason": "Read and agreed."}),
    ("glass-reviews", {"of": ENTRY_ID, "verdict": "justified", "reason": "The child was there and nobody else was."}),
]

_BODIES: Final[list[tuple[type[BodySchema], dict[str, Any]]]] = [
    (ObservationSchema, dict(OBSERVATION)),
    (ObservationSchema, _LEAST_OBSERVATION),
    (ChildSchema, {"born": "2022-09-01", "name": "Robin", "nhs_number": "9990000018", "reference": "baby"}),
    (ChildSchema, {"expected": "2022-09", "mother": {"ref": "m1", "nhs_number": "999 000 0026"}}),
    (AcknowledgementSchema, {"note": "Ringing the health visitor."}),
    (AlertActionSchema, {"action": "rang", "whom": {"agency": "hv", "person": "hv1"}, "note": "She will visit."}),
    (AlertActionSchema, {"action": "no_action", "reason": "He moved out in March, and all of us know."}),
    (AlertSnoozeSchema, {"reason": "The GP rings back.", "until": "2024-03-05T09:00Z", "owner": {"agency": "csc"}}),
    (NamedGlassSchema, {"child": {"nhs_number": "9990000018"}, "reason": "Carried in, and nobody knows her."}),
    (
        AttachmentSchema,
        {
            "kind": "photograph",
            "of": ENTRY_ID,
            "media_type": "image/jpeg",
            "sha256": "0f" * 32,
            "size": 48_213,
            "describes": "Left cheek, a brown mark of two centimetres.",
            "taken_by": "Dr Example, paediatrician",
            "taken_at": "2023-10-05T09:30Z",
            "authority": "Mother's consent, written on the form.",
            "photograph_policy": "PHOTO-2024-2",
            "location_kept": True,
            "sharing": {"lawful_basis": "public task", "marking": "pointer"},
        },
    ),
    (
        SubjectAccessSchema,
        {
            "for": ["mother"],
            "on_behalf_of": "child",
            "read": [ENTRY_ID],
            "relationship": "mother",
            "reason": "Parental responsibility; passport seen.",
        },
    ),
    (FamilyNoticeSchema, {"for": "mother", "decision": "given"}),
    (FamilyNoticeSchema, {"decision": "withheld", "reason": "It would put the child in danger."}),
    (OutcomeSchema, {"outcome": "explained_by_change", "reason": "He moved back in May; both had it right."}),
]

RIGHT: Final = tuple(
    (schema, {"event_id": f"e-{place}", **body})
    for place, (schema, body) in enumerate(
        [*_BODIES, *((OF_A_CHILD[collection][1], body) for collection, body in _OF_A_CHILD)]
    )
)


def observation(**changes: Any) -> dict[str, Any]:
    """The full observation with some fields changed."""
    return {**copy.deepcopy(dict(OBSERVATION)), **changes}


class FakePack:
    """A rule pack of one attribute."""

    def check_claim(self, claim: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
        if claim["attribute"] not in {"presence", "contact"}:
            return [(("attribute",), "no such attribute; there are: presence, contact")]
        if claim["attribute"] == "presence" and claim.get("value", "absent") not in ["absent", "stays_overnight"]:
            return [(("value",), "presence is one of: absent, stays_overnight")]
        return []
