"""What an agency is told that is no finding, and how an open finding moved on, in words for a chronology."""

from collections.abc import Mapping
from typing import Any, Final

from ledger.domain.claim import Claim
from ledger.domain.rule import Rule
from ledger.services.word_awaited import word_awaited
from ledger.services.word_claim import Wording
from ledger.services.word_text import capital

_HIDDEN: Final[Mapping[str, str]] = {
    "due_soon": "Something that they are to do is soon due.",
    "enquiry": "They are asked to find out something that is not known.",
}


def word_notice(kind: str, held: Claim | None, rule: Rule | None, wording: Wording) -> str | None:
    """What the agency is told; ``held`` is what it is about, where the reader sees it. None for what is overtaken."""
    if kind not in _HIDDEN:
        return None
    if held is None:
        return _HIDDEN[kind]
    if kind == "due_soon":
        topic = str(rule.settings.get("awaits", "")) if rule is not None else ""
        return f"Soon due from them: {word_awaited(topic, is_alone=False)}, after {wording.matter(held)}."
    return f"{capital(wording.held(held))} is not known, and they are asked to find out."


def word_joined(body: Mapping[str, Any]) -> str | None:
    """How a finding moved on, where it is more than that new evidence joined it; for who sees all that it rests on."""
    marks = body.get("marks", {})
    if marks.get("is_met"):
        return "What was awaited has come. People have still to look at it."
    if marks.get("signed"):
        return "One person has recorded an outcome. A second, another, is needed to close it."
    if str(body.get("step", "")).startswith("due:") and marks.get("is_lapsed"):
        return "The time for it has run out."
    return None
