"""Who was seen in the child's home at a contact: evidence, though nobody wrote it down as a claim.

A contact at which the home was entered and that names who was there shows each of them to have been present that day.
Left out are the child; whoever came as a professional, by the role that the entry gives them or that their reference
says, and its author; and everybody where it may have been another home: one adult alone, without the child, may have
been called on at their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ledger.domain.person import CHILD

#: What is claimed of whoever was there.
PRESENCE: Final = "presence"
PRESENT: Final = "present"
_NOT_HELD: Final = frozenset({"no_access", "refused", "cancelled", "not_brought"})
_FROM_OUTSIDE: Final = frozenset({"told", "remote", "doorstep"})
_PROFESSIONAL: Final = re.compile(
    r"\b(?:professional|worker|officer|nurse|doctor|gp|midwife|health visitor|teacher|practitioner|paediatrician|"
    r"consultant|therapist|psychologist|psychiatrist|paramedic|interpreter|solicitor|advocate|manager|assessor|"
    r"reviewer|inspector|constable|sergeant|assistant|student|police|social work|clinician|probation|"
    r"guardian ad litem|childrens guardian|family support|outreach)s?\b"
)


def is_home_visit(contact: Mapping[str, Any], *, is_entered: bool) -> bool:
    """Whether a contact went into the home, by all that it says of itself."""
    return is_entered and contact.get("outcome") not in _NOT_HELD and contact.get("depth") not in _FROM_OUTSIDE


def seen_there(present: Mapping[str, str], body: Mapping[str, Any], told_of: Iterable[str]) -> list[str]:
    """The references of those present, given by their keys, whom a visit to the home shows there.

    ``told_of``: the keys of those of whose presence the entry says something itself.
    """
    if CHILD not in present and len(present) < 2:
        return []
    roles = {
        str(person["ref"]): str(person.get("role") or "")
        for person in body.get("people", ())
        if isinstance(person, Mapping) and person.get("ref")
    }
    author = (body.get("author") or {}).get("ref")
    left_out = {CHILD, *told_of}
    return [
        ref
        for key, ref in present.items()
        if key not in left_out and ref != author and not is_professional(roles.get(ref) or ref)
    ]


def is_professional(role: str) -> bool:
    """Whether a role, or a reference that says one, is that of somebody who comes to the home in their work."""
    return _PROFESSIONAL.search(re.sub(r"[^a-z]+", " ", role.casefold().replace("'", "").replace("’", ""))) is not None
