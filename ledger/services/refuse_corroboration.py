"""Why a request to bear a claim out, or an answer to one, would not be recorded as it was sent."""

from ledger.services.refusal import Refusal

CLAIM_NOT_KNOWN = Refusal(
    "claim_not_known",
    "There is no such claim in this child's record that your agency can see: entry is an entry's id, and index the "
    "claim's place in it, from 0, as the timeline shows it. Of an entry that was corrected name the correction.",
    "/claim",
)
SAY_WHO_MAY_READ = Refusal(
    "say_who_may_see",
    "The entry that this names is held back from others, and asking about it would tell them of it: restrict the "
    "request, in sharing, to those who may know.",
    "/sharing",
)
ASKED_ITS_OWN = Refusal(
    "asked_itself",
    "This claim is that agency's own: it cannot bear itself out. Name an agency that may know it from elsewhere.",
    "/to",
)
NAMES_NO_CLAIM = Refusal(
    "names_no_claim",
    "The request that this answers names no claim, so nothing is borne out by it: leave bears out.",
    "/bears",
)
SAY_WHAT_IT_BEARS = Refusal(
    "needs_bears",
    "The request names a claim: say in bears whether your entries bear it out or speak against it, or that you cannot "
    "say.",
    "/bears",
)
NOT_YOUR_WORD = Refusal(
    "entry_not_yours",
    "Each of these must be an observation, a contact or an attachment of your own about this child: what another "
    "agency holds, it says itself.",
    "/entries",
)
