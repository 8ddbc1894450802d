"""The lawful bases on which information is shared, or not shared: a closed list, each in plain words.

Six are those of Article 6(1) of the UK GDPR. What concerns health, race, sex life, religion or suspected crimes needs a
condition beside one of them: the last is the one on which safeguarding mostly rests. The Department for Education's
advice for practitioners (2024) is that consent is rarely the right one where a child may be at risk: it can be refused
and taken back, and it was never free where refusing it would have changed nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class LawfulBasis:
    """One basis: where it stands in the law, and what it means to whoever is asked or told."""

    law: str
    means: str


CONSENT: Final = "consent"
SAFEGUARDING: Final = "safeguarding_condition"
BASES: Final[Mapping[str, LawfulBasis]] = {
    "public_task": LawfulBasis(
        "UK GDPR Article 6(1)(e)", "the law gives us the task of keeping children safe, and we need this to do it"
    ),
    "legal_obligation": LawfulBasis("UK GDPR Article 6(1)(c)", "the law says that we must"),
    "vital_interests": LawfulBasis("UK GDPR Article 6(1)(d)", "somebody’s life may be in danger"),
    "legitimate_interests": LawfulBasis(
        "UK GDPR Article 6(1)(f)", "there is a good reason for it, which we weighed against what it means for you"
    ),
    "contract": LawfulBasis("UK GDPR Article 6(1)(b)", "we need it to do what we agreed with you"),
    CONSENT: LawfulBasis("UK GDPR Article 6(1)(a)", "you said that we may, and you can take that back"),
    SAFEGUARDING: LawfulBasis(
        "Data Protection Act 2018, Schedule 1, paragraph 18",
        "it is needed to keep a child, or an adult at risk, safe from harm",
    ),
}
#: What concerns special matters needs both a basis and a condition, so several may be named.
BASES_MOST: Final = 3


def bases_of(written: Any) -> tuple[str, ...]:
    """The bases that a body names, one or a list of them, as they were written."""
    if written is None:
        return ()
    return tuple(str(one) for one in written) if isinstance(written, list | tuple) else (str(written),)


def rests_on_consent(written: Any) -> bool:
    """Whether consent is among them."""
    return CONSENT in bases_of(written)


def in_words(written: Any) -> str:
    """The bases as their names read, with a comma between; what is none of the list as it was written."""
    return ", ".join(name.replace("_", " ") for name in bases_of(written))
