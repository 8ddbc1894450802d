"""Why a disagreement, or what is said in one, would not be recorded as it was sent."""

from ledger.services.refusal import Refusal

DISAGREES_WITH_ITSELF = Refusal(
    "disagrees_with_itself",
    "This names your own agency. Name the agency, or agencies, whose view differs from yours.",
    "/with",
)
NO_PART_IN_IT = Refusal(
    "no_part_in_it",
    "An agency that this names has no part in this child's record, and had none. Refer to it, or ask it for what it "
    "holds, first.",
    "/with",
)
ABOUT_NOT_KNOWN = Refusal(
    "about_not_known",
    "This is not the id of an entry of an agency, a finding or an alert in this child's record that your agency can "
    "see.",
    "/about",
)
OTHERS_MUST_SEE = Refusal(
    "others_must_see",
    "An agency that this names may not read what it is about, so it could not answer. Disagree about something that "
    "both of you can read, or have its author share it first.",
    "/about",
)
SAY_WHO_MAY_READ = Refusal(
    "say_who_may_see",
    "What this finding rests on is held back from some: say in sharing that this is restricted, to the agencies that "
    "you name in with.",
    "/sharing",
)
DISAGREEMENT_NOT_YOURS = Refusal(
    "disagreement_not_yours",
    "This is not the id of a disagreement of your agency about this child. GET /api/v1/children/{id}/disagreements "
    "shows those that there are.",
    "/of",
)
NOT_ASKED = Refusal(
    "not_asked",
    "Your agency brought it to this stage, so the answer is for the others. Settle it, or take it up a stage.",
    "/of",
)
SETTLED_ALREADY = Refusal(
    "settled_already",
    "This was settled, and stands so. Where you disagree again, open another.",
    "/of",
)
LAST_STAGE = Refusal(
    "last_stage",
    "This is at the last stage of the partnership. Record how it was settled there.",
    "/of",
)
NOT_YOURS_TO_WITHDRAW = Refusal(
    "not_yours_to_withdraw",
    "Only the agency that opened it withdraws it. Say how it was settled.",
    "/outcome",
)
