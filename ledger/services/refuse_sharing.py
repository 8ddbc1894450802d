"""Why what is shared, asked for, disputed or to be put right would not be recorded as it was sent."""

from ledger.services.refusal import Refusal

ASKED_ITSELF = Refusal(
    "asked_itself",
    "This asks your own agency. Name the agency that may hold what you need.",
    "/to",
)
REQUEST_NOT_YOURS = Refusal(
    "request_not_yours",
    "This is not the id of a request that was put to your agency about this child. Only the agency that was asked "
    "answers: GET /api/v1/requests shows what was asked of yours.",
    "/of",
)
ASKER_MUST_SEE = Refusal(
    "asker_must_see",
    "Whoever asked must be able to read the answer: share it, or restrict it to agencies that include theirs.",
    "/sharing/to",
)
SAY_WHO_MAY_SEE = Refusal(
    "say_who_may_see",
    "An entry of yours that this names is held back from others, and naming it would tell them of it: say in sharing "
    "who may see this.",
    "/sharing",
)
CONSENT_NOT_KNOWN = Refusal(
    "consent_not_known",
    "This is not the id of an entry about consent in this child's record. Record what was said of consent at "
    "POST /api/v1/children/{id}/consents, and name that entry.",
    "/consent",
)
ENTRY_NOT_KNOWN = Refusal(
    "entry_not_known",
    "This is not the id of an entry about this child that your agency can see and that somebody can dispute.",
    "/of",
)
RECTIFICATION_NOT_YOURS = Refusal(
    "rectification_not_yours",
    "This is not the id of a request to put an entry of your agency right. Only the agency whose entry it is decides: "
    "GET /api/v1/rectifications shows what it still has to answer.",
    "/of",
)
DECIDED_ALREADY = Refusal(
    "decided_already",
    "What comes of this request was decided before, and stands. A new request can be made.",
    "/of",
)
CORRECTION_NOT_KNOWN = Refusal(
    "correction_not_known",
    "This is not a correction of the entry that the request is about. Correct it first, at "
    "POST /api/v1/children/{id}/corrections, and name that entry.",
    "/correction",
)
OFFICER_NEEDED = Refusal(
    "role_missing",
    "A records officer of the agency does this, signed in as themselves; a key does not.",
)
SECOND_SAME = Refusal(
    "same_person",
    "Two different people decide this: name in second somebody else of your agency.",
    "/second",
)
SECOND_NOT_KNOWN = Refusal(
    "second_not_known",
    "Nobody of your agency signs in by this reference as a records officer or a manager. Name somebody who does.",
    "/second",
)
