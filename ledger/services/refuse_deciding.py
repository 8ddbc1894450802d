"""Why an override of a decision would not be recorded as it was sent; a decision itself always is."""

from ledger.services.refusal import Refusal

OVERRIDE_NEEDS_AUTHOR = Refusal(
    "author_needed",
    "Two different people override a decision: name in author.ref the professional who takes it.",
    "/author/ref",
)
SECOND_UNNAMED = Refusal(
    "second_unnamed",
    "Nobody is named here: say in person who the second is, by name or reference.",
    "/second",
)
SECOND_OF_NOBODY = Refusal(
    "agency_not_known",
    "No agency of this ledger that has not ended has this id: name the agency that the second person works for.",
    "/second/agency",
)
SECOND_IS_FIRST = Refusal(
    "second_is_first",
    "Two different people override a decision, and this is the one who takes it. Ask a second to look and to agree.",
    "/second",
)
SECOND_DECIDED = Refusal(
    "second_is_first",
    "Two different people override a decision, and this is the one who took it. Ask a second to look and to agree.",
    "/second",
)
NO_SUCH_DECISION = Refusal(
    "no_such_decision",
    "This is not the id of a decision in this child’s record that your agency can see. "
    "GET /api/v1/children/{id}/decisions shows those that there are.",
    "/of",
)
STANDS_ALREADY = Refusal(
    "stands_already",
    "This decision stands, and by what your agency can see nothing has been raised against it since: there is nothing "
    "to override.",
    "/of",
)
DECISION_ENDED = Refusal(
    "decision_ended",
    "Another decision has taken the place of this one, or it was withdrawn: there is nothing to override.",
    "/of",
)
RELIED_ON_NOT_KNOWN = Refusal(
    "relied_on_not_known",
    "This names no statement in this child’s record that your agency can see, as <entry id>:<place in it>.",
    "/relies_on",
)
NOT_YOURS_TO_OVERRIDE = Refusal(
    "not_yours_to_override",
    "A decision is overridden by the agency that took it, or by the one that leads. Say where you stand on it by a "
    "position, or disagree.",
    "/of",
)
