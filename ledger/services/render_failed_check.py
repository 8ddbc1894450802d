"""What a lead reads when checks on their child do not run."""

from typing import Any, Final

from ledger.services.failed_checks import WHOLE
from ledger.services.word_dates import word_moment
from ledger.store.findings import StoredFinding

CHECK_FAILED: Final = "check_failed"


def render_failed_check(finding: StoredFinding) -> dict[str, Any]:
    """The same for every reader: which rule and at which statement is for whoever mends it."""
    since = word_moment(finding.raised_at)
    if finding.rule == WHOLE:
        headline = f"The checks on this child are not running: what was recorded since {since} has not been checked"
        if finding.closed_number is not None:
            headline = f"The checks on this child run again: what was recorded since {since} has been checked"
        why = (
            "They met a fault of the ledger’s own again and again. Whoever runs the ledger has been told. They are "
            "tried again when the fault is mended, and this closes when they run."
        )
    else:
        headline = "One of the checks on this child is not running"
        why = "A check met a fault of the ledger’s own. It is tried again, and this closes when it runs."
    return {
        "withheld": False,
        "kind": CHECK_FAILED,
        "severity": "high",
        "severity_because": [],
        "headline": headline,
        "sides": [],
        "evidence": [],
        "ring": [],
        "why": why,
        "ask": "Until then read the chronology yourself: what it would have found, nobody is told of.",
    }
