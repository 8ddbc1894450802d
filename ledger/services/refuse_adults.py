"""Why what somebody says of an adult in two records would not be recorded as it was sent."""

from ledger.services.refusal import Refusal

OTHER_CHILD_NOT_KNOWN = Refusal(
    "other_child_not_known",
    "This is not the id of another child's record that your agency is involved with. Only who works with both children "
    "can say that an adult is in both records: have your agency's involvement recorded first, or ring whoever leads.",
    "/other/child",
)
ADULT_NOT_KNOWN = Refusal(
    "adult_not_known",
    "A record knows nobody by this name. Name somebody whom the record declares, by your own reference, as "
    "agency/reference, or as mother or father; GET /api/v1/children/{id}/people shows them.",
    "/person",
)
LINKED_ALREADY = Refusal(
    "linked_already",
    "These two are linked already. GET /api/v1/children/{id}/adults shows by which entry.",
    "/other",
)
SAID_TO_BE_TWO = Refusal(
    "said_to_be_two",
    "Somebody said of these two that they are two people. If that is wrong, take it back first: POST "
    "/api/v1/children/{id}/adult-unlinks.",
    "/other",
)
TAKE_BACK_FIRST = Refusal(
    "take_back_first",
    "These two are linked. Take the link back instead: POST /api/v1/children/{id}/adult-unlinks; they are not proposed "
    "again then.",
    "/other",
)
SAYS_NOTHING_OF_ADULTS = Refusal(
    "not_of_an_adult",
    "This is not the id of an entry in this child's record that says of an adult that they are in another one too, or "
    "are not, or your agency is not involved with that other child.",
    "/of",
)
TAKEN_BACK_ALREADY = Refusal("taken_back_already", "What this entry says was taken back before.", "/of")
