"""Why an alert is not acted on, or put off, by whoever asks."""

from ledger.services.refusal import Refusal

NOT_IN_LINE = Refusal(
    "not_in_line",
    "This alert is not yours to act on: whoever holds it does, who held it before and still is in the line, or their "
    "manager or duty desk. Ring whoever holds it; record what you know or did in the child's record all the same, as "
    "an observation or a contact.",
)
HAS_LEFT = Refusal(
    "has_left",
    "Whoever acts here is recorded as having left the agency, so no alert is theirs. If that is wrong, your "
    "administrator records their return; else name in author.ref whoever holds the alert now.",
    "/author/ref",
)
ALERT_ENDED = Refusal(
    "alert_ended",
    "This alert has ended: its finding has closed. Read it again: it says why. There is nothing to put off.",
)
SNOOZED_ALREADY = Refusal(
    "snoozed_already",
    "This alert is put off already. Act on it, or wait until that ends.",
)
PUT_OFF_BEFORE = Refusal(
    "snoozed_before",
    "This alert was put off and has come back: whoever it is brought to may do that once. Act on it: ring, ask, or say "
    "why nothing need be done.",
)
NO_CLOCK_RUNS = Refusal(
    "no_clock_runs",
    "Somebody has acted on this alert, so no clock runs and there is nothing to put off. New evidence starts it again.",
)
SNOOZE_IN_PAST = Refusal(
    "snooze_in_past",
    "The end of a snooze must be later than the ledger's clock. Give the moment at which the alert is to come back.",
    "/until",
)
SNOOZE_TOO_LONG = Refusal(
    "snooze_too_long",
    "The rule pack lets an alert rest for less than this (alerts.snooze_at_most). Give an earlier end, or act on it.",
    "/until",
)
OWNER_NOT_IN_LINE = Refusal(
    "owner_not_in_line",
    "Whoever owns a snooze must be at the agency that holds the alert, or in the child's line. Name one of those.",
    "/owner",
)
