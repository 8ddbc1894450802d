"""Why the ledger records no such hand-over, referral, action or reply."""

from ledger.services.refusal import Refusal

NEVER_ASKED = Refusal(
    "never_asked",
    "Nothing by this id was asked for in this record: a reply answers a referral, an action, a check or a hand-over. "
    "Send the id of the entry by which it was asked for.",
    "/of",
)
ANSWERED_FINALLY = Refusal(
    "answered_finally",
    "This was accepted, declined or done before, and the first answer stands. Where things have changed, have it asked "
    "for anew.",
    "/of",
)
OFFER_LAPSED = Refusal(
    "offer_lapsed",
    "This record was to be taken by a day that is over, and nothing was handed over. Have it offered anew.",
    "/of",
)
AGENCY_ENDED = Refusal(
    "agency_ended",
    "This agency has ended: nobody there would see what is sent to it. Name the one that took over its work, or the "
    "duty desk.",
    "/to",
)
AGENCY_ELSEWHERE = Refusal(
    "agency_elsewhere",
    "This agency is of another partnership and has no part in this record: nobody there would be told of it. Ask one "
    "of this partnership, or offer the record itself.",
    "/to",
)
LEAD_ELSEWHERE = Refusal(
    "agency_elsewhere",
    "This agency is of another partnership than the record: whoever leads is of the same. Offer the record itself: "
    "POST /api/v1/children/{id}/handovers with of: record.",
    "/to/agency",
)
NOTHING_TO_DO = Refusal(
    "never_asked",
    "Nothing by this id was asked for in this record that can be done: send the id of a referral or of an agreed "
    "action. What else was done is an observation.",
    "/of",
)
DONE_BY_OTHERS = Refusal(
    "not_yours_to_settle",
    "This was asked by another agency of another: one of the two says that it is done. Say what you know of it in an "
    "observation.",
    "/of",
)
RECEIVER_NOT_KNOWN = Refusal(
    "agency_not_known",
    "No agency of this ledger has this id. A record is offered to one: the other area's duty desk, where you know no "
    "better.",
    "/to/agency",
)
OFFERED_TO_ITSELF = Refusal(
    "offered_to_itself",
    "This offers your own agency what it has. To have another of its people lead, name them: POST "
    "/api/v1/children/{id}/leads.",
    "/to/agency",
)
NOT_WORK = Refusal(
    "not_work",
    "What is handed over is a referral or an action that your agency has, in this record and not done yet. Send its "
    "entry, or leave entry out.",
    "/entry",
)
RECORD_NOT_YOURS = Refusal(
    "not_yours_to_offer",
    "Whoever leads this record hands it over, or its duty desk. Ask one of them to.",
    "/of",
)
LEAD_NOT_OFFERED = Refusal(
    "lead_not_offered",
    "Somebody leads, and they are accountable until another agency has accepted it. Offer the lead: POST "
    "/api/v1/children/{id}/handovers. Only the duty desk names somebody of another agency at once.",
    "/agency",
)
DESK_STAYS = Refusal(
    "desk_stays",
    "This is the duty desk of its partnership, to whom everything comes that nobody else has. It cannot end.",
)
ENDED_ALREADY = Refusal("ended_already", "This agency has ended already.")
