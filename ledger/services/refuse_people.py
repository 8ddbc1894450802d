"""Why the ledger records no such lead, deputy, absence, cover or hand-over of the lead."""

from ledger.services.refusal import Refusal

LEAD_STANDS = Refusal(
    "lead_stands",
    "Another agency leads. It names who leads from now on, or the duty desk does: ring whoever leads.",
    "/agency",
)
PERSON_LEFT = Refusal(
    "person_left",
    "This person has left their agency, and nobody would see what is brought to them. Name somebody who is there.",
    "/person",
)
PERSON_NOT_THERE = Refusal(
    "person_not_there",
    "Your agency has nobody by this reference who signs in here. Add them first: ledger person add.",
    "/person",
)
DEPUTY_ELSEWHERE = Refusal(
    "deputy_elsewhere", "A deputy is a person of the lead's own agency, by its reference: name one, or none.", "/deputy"
)
COVER_ELSEWHERE = Refusal(
    "cover_elsewhere",
    "Whoever covers sees what the one who is away holds, so it is somebody of the same agency. To have another agency "
    "lead, hand the lead over.",
    "/cover/agency",
)
COVERS_FOR_SELF = Refusal(
    "covers_for_self", "Nobody covers for themselves. Name somebody else, or leave cover out.", "/cover/person"
)
ABSENCE_RUNS_BACK = Refusal(
    "absence_runs_back", "This absence ends before it begins, or has ended by now. Send days that lie ahead.", "/until"
)
OFFER_NOT_YOURS = Refusal(
    "offer_not_yours",
    "This was not offered to your agency, or to you, nor asked of it, in this record. Answer the entry by which that "
    "was done.",
    "/of",
)
OFFER_OVERTAKEN = Refusal(
    "offer_overtaken",
    "Somebody has been named lead since this was offered, so it hands over what is no longer theirs. Have it offered "
    "anew by whoever leads now.",
    "/of",
)
OFFER_ANSWERED = Refusal(
    "offer_answered", "This hand-over was accepted or declined before. Have it offered anew.", "/of"
)
LEAD_UNNAMED = Refusal(
    "lead_unnamed",
    "The lead was offered to your agency and to nobody by name. Say who leads from now on: one person.",
    "/person",
)
NOT_THE_ONE_OFFERED = Refusal(
    "not_the_one_offered",
    "The lead was offered to another person of your agency. Have it offered to this one, or let the other accept.",
    "/person",
)
NOT_YOURS_TO_OFFER = Refusal(
    "not_yours_to_offer",
    "Another agency leads this record: only it, or the duty desk, hands the lead over. Ask it to.",
    "/of",
)
