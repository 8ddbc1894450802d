"""Why a family summary, or an answer to one, would not be recorded as it was sent."""

from ledger.services.refusal import Refusal

SUMMARY_NOT_KNOWN = Refusal(
    "summary_not_known",
    "This is not the id of a family summary of this child that your agency can see. "
    "GET /api/v1/children/{id}/family-summary shows the newest and those before it.",
    "/of",
)
OWN_SUMMARY = Refusal(
    "own_summary",
    "This summary is your own agency’s: the others confirm or dispute it. Post a new version where it is to say "
    "something else.",
    "/of",
)
SUMMED_UP_NOT_KNOWN = Refusal(
    "entry_not_known",
    "This is not the id of an entry of an agency in this child's record that yours can see.",
    "/entries",
)
