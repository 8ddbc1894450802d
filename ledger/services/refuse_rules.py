"""Why a rule is not put into shadow, or brought live."""

from typing import Final

from ledger.services.refusal import Refusal

RULE_ALWAYS_LIVE: Final = Refusal(
    "rule_always_live",
    "This rule tells whoever leads a record that somebody opened it. It is never put into shadow.",
)
RULE_IS_SO: Final = Refusal(
    "rule_is_so", "The rule is in that state already. GET /api/v1/rules says since when, and why."
)


def brings_others(findings: int) -> Refusal:
    """That coming live brings another number of findings than was said: the number is told, and can be sent."""
    brought = "1 open finding" if findings == 1 else f"{findings} open findings"
    return Refusal(
        "rule_brings_others",
        f"Coming live, the rule brings {brought} to those who are accountable for them. Send 'findings': {findings} "
        "to say that you know.",
        "/findings",
    )
