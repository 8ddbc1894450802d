"""How the police grade intelligence: its source, itself, and how it may be handled (3x5x2), in words.

Source: College of Policing, Authorised Professional Practice, Intelligence report. A grading says how much a statement
is worth and how it may be passed on. Detection does not read it.
"""

from collections.abc import Mapping
from typing import Any, Final

SOURCES: Final[Mapping[int, str]] = {1: "reliable", 2: "untested", 3: "not reliable"}
INTELLIGENCE: Final[Mapping[str, str]] = {
    "A": "known directly to the source",
    "B": "known indirectly to the source, and corroborated",
    "C": "known indirectly to the source",
    "D": "not known",
    "E": "suspected to be false",
}
#: The code of what may be passed on under conditions alone.
CONDITIONS: Final = "C"
HANDLING: Final[Mapping[str, str]] = {
    "P": "may lawfully be shared",
    CONDITIONS: "may be shared under conditions",
}


def word_grading(sent: object) -> str | None:
    """A grading in words; None of what is none."""
    if not isinstance(sent, Mapping):
        return None
    source, intelligence = SOURCES.get(_whole(sent.get("source"))), INTELLIGENCE.get(str(sent.get("intelligence")))
    handling = HANDLING.get(str(sent.get("handling")))
    if source is None or intelligence is None or handling is None:
        return None
    code = f"{sent['source']}{sent['intelligence']}{sent['handling']}"
    conditions = f": {sent['conditions']}" if sent.get("conditions") else ""
    return f"{code}: source {source}; {intelligence}; {handling}{conditions}"


def _whole(value: Any) -> int:
    return value if type(value) is int else 0
