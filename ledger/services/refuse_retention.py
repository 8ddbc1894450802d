"""Why a class of retention, a hold or an order to erase would not be recorded as it was sent."""

from ledger.services.refusal import Refusal

REVIEW_TOO_EARLY = Refusal(
    "review_too_early",
    "This is before the day until which such a record is kept at the least. Leave review_on out, or give a later day.",
    "/review_on",
)
HOLD_NOT_KNOWN = Refusal(
    "hold_not_known", "This is not the id of a hold on this child's record: GET /api/v1/retention lists them.", "/of"
)
HOLD_NOT_YOURS = Refusal(
    "hold_not_yours", "Another agency placed this hold: a records officer of that agency lifts it.", "/of"
)
COUNTED_BEFORE_BIRTH = Refusal(
    "counted_before_birth",
    "The child was not born then: give the day from which the class counts, as docs/guides/records-officers.md says.",
    "/counted_from",
)
SECOND_AGENCY_NEEDED = Refusal(
    "second_agency_needed",
    "The order covers what other agencies recorded: a records officer of another agency than gave it approves it.",
    "/of",
)
HOLD_LIFTED = Refusal("hold_lifted", "This hold was lifted before.", "/of")
HELD = Refusal(
    "held",
    "A hold stands on this record: nothing in it is erased until the hold is lifted, by an entry that says why.",
)
ENTRY_NOT_OF_RECORD = Refusal(
    "entry_not_known", "This is not the id of an entry of this child's record that may be erased.", "/entries"
)
OTHERS_ENTRIES = Refusal(
    "not_your_entries",
    "On this ground an agency orders the erasure of its own entries alone. Ask the agency whose entries they are, or "
    "give the court's order as the ground.",
    "/entries",
)
WHOLE_NOT_ON_THIS_GROUND = Refusal(
    "whole_not_on_this_ground",
    "A whole record is erased by a court's order, when the period for which it is kept has ended, or where it is about "
    "the wrong child. Otherwise name the entries.",
    "/whole",
)
STILL_KEPT = Refusal(
    "still_kept",
    "The period for which this record is kept has not ended, or nobody has said which it is: "
    "POST /api/v1/children/{id}/retentions.",
    "/ground",
)
ORDER_NOT_KNOWN = Refusal(
    "order_not_known",
    "This is not the id of an order to erase in this child's record: GET /api/v1/retention lists them.",
    "/of",
)
ORDER_ANSWERED = Refusal("order_answered", "This order was answered before, and the answer stands.", "/of")
SECOND_PERSON_NEEDED = Refusal(
    "same_person", "Whoever gave the order does not approve it: a second records officer does.", "/of"
)
NOT_WHAT_WAS_ORDERED = Refusal(
    "not_what_was_ordered",
    "This is not what the order names. Approve just what it says: the same entries, or the whole record.",
    "/entries",
)
