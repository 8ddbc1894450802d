"""The bodies of assessments, supervision and concerns as they are written in files, and the words of their answers."""

from collections.abc import Mapping
from typing import Final

from ledger.domain.body_part import NAMES, OBSERVED, PARTY, SHARING, TEXT, act
from ledger.domain.shape import Items, Keys, word

#: What an agency answers that an assessment asked.
ASSESSMENT_ANSWERS: Final = ("replied", "nothing_held", "refused")
#: What an answer to a concern may be, and how whoever gives it knows.
CONCERN_ANSWERS: Final = ("answered", "in_part", "cannot_say", "withdrawn")
CONCERN_KNOWN_BY: Final = (
    "told", "remote", "doorstep", "seen", "seen_alone", "examined", "measured", "home_entered", "owner_check",
)  # fmt: skip

ASSESSING_BODIES: Final[Mapping[str, Keys]] = {
    "assessment": act({"kind": TEXT, "asks": NAMES, "due": OBSERVED, "reason": TEXT, "sharing": SHARING}, "kind"),
    "assessment_asked": act({"of": TEXT, "agency": TEXT}, "of agency"),
    "assessment_reply": act(
        {
            "of": TEXT,
            "answer": word(" ".join(ASSESSMENT_ANSWERS)),
            "entries": NAMES,
            "reason": TEXT,
            "sharing": SHARING,
        },
        "of answer",
    ),
    "assessment_signed": act({"of": TEXT, "judgement": TEXT, "second": PARTY, "reason": TEXT}, "of"),
    "supervision": act({"with": PARTY, "about": TEXT, "notes": TEXT, "sharing": SHARING}, "with"),
    "concern": act({"what": TEXT, "topic": TEXT, "entries": NAMES, "sharing": SHARING}, "what"),
    "concern_answer": act(
        {
            "of": TEXT,
            "answer": word(" ".join(CONCERN_ANSWERS)),
            "how": Items(word(" ".join(CONCERN_KNOWN_BY)), 1),
            "entries": NAMES,
            "reason": TEXT,
            "sharing": SHARING,
        },
        "of answer reason",
    ),
}
