"""Bodies that are right, one or more of every kind, for tests to send and to spoil."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.children import ChildSchema
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.api.schemas.observations import ObservationSchema
from ledger.api.schemas.outcomes import AcknowledgementSchema, OutcomeSchema

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
            "relies_on": [{"about": "father", "attribute": "presence", "value": "absent"}],
            "override": {"reason": "asked", "second": {"agency": "csc", "person": "manager"}},
        },
    ),
    ("actions", {"what": "weigh", "owner": {"agency": "hv", "person": "hv17"}, "due": "2023-11-01"}),
    ("done", {"of": ENTRY_ID}),
    ("referrals", {"to": "csc", "reason": "bruise"}),
    ("handovers", {"of": "lead", "to": {"agency": "csc"}, "due": "2023-11-01T12:00:00+00:00"}),
    ("replies", {"of": ENTRY_ID, "answer": "declined", "reason": "not met"}),
    ("checks", {"with": "police", "about": "father", "asked": "2023-10-05", "result": "nothing held"}),
    ("positions", {"about": "return home", "stance": "for_if", "condition": "supervised"}),
    ("positions", {"about": {"about": "father", "attribute": "presence"}, "stance": "against"}),
    ("allegations", {"step": "outcome", "thing": "al1", "outcome": "unfounded"}),
    ("contacts", {"observed": "2023-10-05", "outcome": "no_access", "by_whom": "mother"}),
]

_BODIES: Final[list[tuple[type[BodySchema], dict[str, Any]]]] = [
    (ObservationSchema, dict(OBSERVATION)),
    (ObservationSchema, _LEAST_OBSERVATION),
    (ChildSchema, {"born": "2022-09-01", "name": "Robin", "nhs_number": "9990000018", "reference": "baby"}),
    (ChildSchema, {"expected": "2022-09", "mother": {"ref": "m1", "nhs_number": "999 000 0026"}}),
    (AcknowledgementSchema, {"note": "Ringing the health visitor."}),
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
