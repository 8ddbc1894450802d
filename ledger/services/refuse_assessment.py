"""Why an assessment, a concern, or what is said in one, would not be recorded as it was sent."""

from ledger.services.refusal import Refusal

ASSESSOR_UNNAMED = Refusal(
    "assessor_unnamed",
    "Name in author.ref who writes this assessment: whoever signs it is somebody else, and that must be told apart.",
    "/author/ref",
)
ASSESSMENT_NOT_KNOWN = Refusal(
    "assessment_not_known",
    "This is not the id of an assessment in this child's record that your agency can see. "
    "GET /api/v1/children/{id}/assessments shows those that there are.",
    "/of",
)
ASSESSES_ITSELF = Refusal(
    "asked_itself", "This names the agency whose assessment it is: it asks others for what they hold.", "/asks"
)
NOT_YOURS_TO_ASK = Refusal(
    "not_yours_to_ask",
    "Another agency assesses. It asks others for what they hold, or whoever leads does: ring either of them.",
    "/of",
)
ASKED_MUST_SEE = Refusal(
    "asked_must_see",
    "The assessment is kept from this agency, so it could not answer. Open one that it may see, and ask it there.",
    "/agency",
)
ASKED_ALREADY = Refusal(
    "asked_already", "This agency was asked for this assessment already. Ring it, if its answer is late.", "/agency"
)
NEVER_ASKED = Refusal(
    "assessment_never_asked",
    "This did not ask your agency. Answer the entry that did: the assessment, or the later asking that names your "
    "agency. What you hold you can post at any time.",
    "/of",
)
NOT_YOURS_TO_SIGN = Refusal("not_yours_to_sign", "Another agency assesses, and a second person there signs it.", "/of")
SIGNER_UNNAMED = Refusal(
    "signer_unnamed",
    "Name who signs: in author.ref the professional on whose behalf your system sends this, or somebody in second.",
    "/author/ref",
)
SIGNER_ELSEWHERE = Refusal(
    "signer_elsewhere",
    "The second person is one of the agency that assesses: nobody else can say who that is.",
    "/second",
)
SIGNS_OWN = Refusal(
    "signs_own_assessment",
    "Whoever wrote an assessment does not sign it, and does not send its signature. A second person does.",
    "/author/ref",
)
HISTORY_NOT_OPENED = Refusal(
    "history_not_opened",
    "Since this assessment was opened neither who wrote it nor who signs it has opened the child's history: "
    "GET /api/v1/children/{id}/history-pack. Read it, then sign.",
    "/of",
)
SIGNED_ALREADY = Refusal("signed_already", "This assessment was signed, and stands so. Open another.", "/of")
JUDGEMENT_NOT_KNOWN = Refusal(
    "judgement_not_known",
    "This is not the id of an entry in this child's record that your agency can see.",
    "/judgement",
)
TOPIC_NOT_KNOWN = Refusal("topic_not_known", "The rule pack has no such topic. Leave it out where none fits.", "/topic")
CONCERN_NOT_KNOWN = Refusal(
    "concern_not_known",
    "This is not the id of a concern in this child's record that your agency can see. "
    "GET /api/v1/children/{id}/concerns shows those that there are.",
    "/of",
)
NOT_YOURS_TO_TAKE_BACK = Refusal(
    "not_yours_to_take_back", "Only the agency that raised a concern takes it back. Say what you found out.", "/answer"
)
GOES_LESS_DEEP = Refusal(
    "goes_less_deep",
    "What answers a concern on this topic goes deeper than this. Say in_part: it is kept, and the concern stays open "
    "until somebody finds out.",
    "/how",
)
