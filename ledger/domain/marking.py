"""How far something is shared: the markings of an entry, of a claim in it, and of a person, and what each lets be seen.

Three levels (`Level`): seen whole, seen as a pointer (that something is held, and whom to ring), not seen at all.

* ``shared``: whole, to every agency involved.
* ``restricted``: whole to the agencies named, a pointer to whoever leads (and to whoever holds an alert that rests on
  it, while they do), nothing to anybody else.
* ``pointer``: a pointer to every agency involved.
* ``not_to`` names people. It holds nothing back from agencies: it binds whatever could reach those people.

An agency always sees its own entries whole. A marking that cannot be read is taken as restricted to nobody: a fault may
hide something, and must not show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from ledger.domain.claim import observation_of
from ledger.domain.glass import KIND as GLASS
from ledger.domain.glass import REVIEW_KIND as GLASS_REVIEW
from ledger.domain.person import declared_roles, person_key
from ledger.domain.redaction import keys_of_ref

SHARED: Final = "shared"
RESTRICTED: Final = "restricted"
POINTER: Final = "pointer"
MARKINGS: Final = (SHARED, RESTRICTED, POINTER)
#: Instead of a claim's place in its entry: the mark is on the whole entry, or on a person.
WHOLE: Final = -1
PERSON: Final = -2
#: Who comes to see a record, by what, and who leads it: told to everybody involved, and marked by nobody.
NEVER_MARKED: Final = frozenset({GLASS, GLASS_REVIEW, "involvement", "lead", "lead_ended", "record_moved"})
#: Entries that speak of another entry, and are seen no further than it is: by the field that names it.
TIED: Final[Mapping[str, str]] = {
    "dispute": "of",
    "rectification": "of",
    "rectification_outcome": "of",
    "attachment": "of",
    "reply": "of",
    "done": "of",
    "information_answer": "of",
    "marking": "of",
    "decision_override": "of",
    "handover": "entry",
    "disagreement": "about",
    "disagreement_reply": "of",
    "disagreement_step_up": "of",
    "disagreement_settled": "of",
    "assessment_asked": "of",
    "assessment_reply": "of",
    "assessment_signed": "of",
    "concern_answer": "of",
    "family_summary_answer": "of",
}


class Level(IntEnum):
    """How much of something is seen: the greater, the less."""

    FULL = 0
    POINTER = 1
    NOTHING = 2


@dataclass(frozen=True, slots=True)
class Sharing:
    """One marking as it was sent. ``to`` are agencies' ids; ``not_to`` are people's keys."""

    marking: str = SHARED
    to: frozenset[str] = frozenset()
    not_to: frozenset[str] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Whether it holds nothing back, from anybody."""
        return self.marking == SHARED and not self.not_to

    def and_(self, other: Sharing) -> Sharing:
        """What holds where one body says both of the same: no more than each of them leaves."""
        marks = [one for one in (self, other) if one.marking != SHARED]
        to = frozenset.intersection(*(one.to for one in marks)) if marks else frozenset()
        marking = RESTRICTED if any(one.marking == RESTRICTED for one in marks) else (POINTER if marks else SHARED)
        return Sharing(marking, to, self.not_to | other.not_to)

    def level(self, agency: str, *, leads: bool) -> Level:
        """What it leaves to an involved agency that is not the author's; ``leads``: it is that of whoever leads."""
        if self.marking == SHARED:
            return Level.FULL
        if self.marking == POINTER:
            return Level.POINTER
        if agency in self.to:
            return Level.FULL
        return Level.POINTER if leads else Level.NOTHING


@dataclass(frozen=True, slots=True)
class Mark:
    """A marking on a target: the whole entry, a claim by its index, or a person by their key."""

    index: int
    sharing: Sharing
    person: str = ""


def sharing_of(sent: object, agency: str, roles: Mapping[str, str] | None = None) -> Sharing:
    """A ``sharing`` as an agency sent it; of what is not one, restricted to nobody."""
    if not isinstance(sent, Mapping):
        return Sharing(RESTRICTED)
    marking, to, not_to = sent.get("marking", SHARED), sent.get("to", ()), sent.get("not_to", ())
    if marking not in MARKINGS or not isinstance(to, list | tuple) or isinstance(not_to, Mapping):
        return Sharing(RESTRICTED)
    named = [not_to] if isinstance(not_to, str) else not_to
    return Sharing(
        str(marking),
        frozenset(str(one) for one in to),
        frozenset(key for one in named for key in keys_of_ref(str(one), agency, roles or {})),
    )


def marks_in(kind: str, body: Mapping[str, Any], agency: str) -> list[Mark]:
    """The marks that an entry carries on itself, its claims and the people whom it mentions, in order.

    Those that a ``marking`` entry makes on another entry are not among them (`changed_by`).
    """
    observation = observation_of(kind, body) or {}
    roles = declared_roles(observation)
    found = [
        Mark(WHOLE, sharing_of(part["sharing"], agency, roles))
        for part in ([body, observation] if observation is not body else [body])
        if part.get("sharing") is not None
    ]
    for index, claim in enumerate(observation.get("claims", ())):
        if isinstance(claim, Mapping) and claim.get("sharing") is not None:
            found.append(Mark(index, sharing_of(claim["sharing"], agency, roles)))
    for person in observation.get("people", ()):
        if isinstance(person, Mapping) and person.get("sharing") is not None and person.get("ref"):
            # By the agency's own reference, so that a later mark takes its place; links join the role to it.
            key = person_key(str(person["ref"]), agency)
            found.append(Mark(PERSON, sharing_of(person["sharing"], agency, roles), key))
    if kind == "marking" and body.get("person"):
        found.append(Mark(PERSON, sharing_of(body.get("sharing"), agency), person_key(str(body["person"]), agency)))
    together: dict[tuple[int, str], Mark] = {}
    for mark in found:
        target = (mark.index, mark.person)
        both = mark.sharing if target not in together else together[target].sharing.and_(mark.sharing)
        together[target] = Mark(mark.index, both, mark.person)
    return list(together.values())


def changed_by(body: Mapping[str, Any], agency: str) -> Mark:
    """What a ``marking`` entry that names another entry (``of``) makes of it, or of one of its claims."""
    return Mark(int(body.get("claim", WHOLE)), sharing_of(body.get("sharing"), agency))
