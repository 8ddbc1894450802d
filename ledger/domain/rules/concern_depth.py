"""How deep somebody looked before they said something: what a claim can answer, and what it cannot.

A claim's depth is that of the contact at which it was made, else what its basis tells: who was told knows what they
were told, who saw has seen. Where neither says, it lies between two bounds, and a claim that may be deep enough
neither answers a concern nor leaves it unanswered. Whoever owns a fact, and a court, knows it as well as anybody can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ledger.domain.claim import OFFICE_PREFIX, Claim
from ledger.domain.owner import owns
from ledger.domain.source import HEARD

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.vocabulary import Attribute

#: Whether a claim goes as deep as what it takes, does not, or may.
Reach = Literal["deep", "unsure", "shallow"]

LADDER: Final[Mapping[str, int]] = {
    depth: place for place, depth in enumerate(("told", "remote", "doorstep", "seen", "seen_alone", "examined"))
}
_TOLD, _DOORSTEP, _SEEN, _TOP = (LADDER[depth] for depth in ("told", "doorstep", "seen", "examined"))
#: What the basis of an agency's own word says of how deep it looked, where the contact says nothing.
_BY_BASIS: Final[Mapping[str, tuple[int, int]]] = {
    "seen": (_SEEN, _SEEN),
    "measured": (_SEEN, _TOP),
    "own_record": (_SEEN, _SEEN),
    "judgement": (_TOLD, _SEEN),
    "document": (_TOLD, _SEEN),
    "searched": (_TOLD, _SEEN),
}


@dataclass(frozen=True, slots=True)
class Skills:
    """Who examines: the offices whose own word is an examination, and the agencies where it may be one."""

    examiners: str | None
    may_examine: str | None
    #: Attributes that only whoever examined can speak to, and words for anything, which need not rest on a look.
    clinical: tuple[str, ...] = ()
    general: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Depth:
    """How deep a claim goes: rungs of the ladder that it reaches at least and at most, and what else it takes.

    ``speaker`` is the sort of agency and the office whose word it is; ``is_own`` that they said it themselves.
    ``is_final``: it answers whatever it is about.
    """

    least: int
    most: int
    measured: Reach
    home: Reach
    is_own: bool
    is_final: bool
    speaker: tuple[str | None, str | None]

    def reach(self, needed: str, owner: str | None) -> Reach:
        """Whether it goes as deep as ``needed``; ``owner`` is whose fact the concern is."""
        if self.is_final:
            return "deep"
        if needed == "measured":
            return self.measured
        if needed == "home_entered":
            return self.home
        if owns(owner, *self.speaker):
            return "deep" if self.is_own else "unsure"
        if needed == "owner_check":
            return "shallow"
        rung = LADDER[needed]
        return "deep" if self.least >= rung else "unsure" if self.most >= rung else "shallow"


def depth_of(
    claim: Claim, attribute: Attribute | None, at_contact: str | None, skills: Skills, facts: Facts, *, is_answer: bool
) -> Depth:
    """How deep a claim goes. ``at_contact`` is how deep its contact went, if that is known otherwise than from it.

    ``is_answer``: the vocabulary says that a claim of this value is the outcome of an enquiry, or an owner's reply.
    """
    is_own = claim.basis not in HEARD
    kind, office = speaker = _speaker(claim, facts)
    given = max((LADDER[depth] for depth in (claim.depth, at_contact) if depth is not None), default=None)
    least, most = _rungs(claim, given, speaker, skills)
    owner = attribute.owner if attribute else None
    by_person = claim.basis == "told" and office is None
    return Depth(
        least=least,
        most=most,
        measured="deep"
        if (is_own and claim.basis == "measured") or least >= _TOP
        else "unsure"
        if most >= _TOP
        else "shallow",
        home=_home(claim, given, is_own=is_own, is_of_topic=attribute is not None and attribute.topic is not None),
        is_own=is_own,
        is_final=claim.statement == "finding"
        or (is_own and owns(owner, kind, office))
        or (is_answer and not by_person and (is_own or claim.basis == "agency")),
        speaker=speaker,
    )


def _speaker(claim: Claim, facts: Facts) -> tuple[str | None, str | None]:
    """What sort of agency, and which office, a claim is the word of; neither where it is a member of the public's."""
    is_letter = claim.basis == "document" and claim.heard_from is not None
    if claim.basis not in HEARD and not is_letter:
        return facts.agency_kind(claim.agency), claim.office
    if claim.informant is not None and claim.informant.startswith(OFFICE_PREFIX):
        agency, _, office = claim.informant.removeprefix(OFFICE_PREFIX).partition("/")
        return facts.agency_kind(agency), office or agency
    if claim.informant is None and claim.heard_from is not None:
        return facts.agency_kind(claim.heard_from), claim.heard_from
    return None, None


def _rungs(claim: Claim, given: int | None, speaker: tuple[str | None, str | None], skills: Skills) -> tuple[int, int]:
    is_examiner = owns(skills.examiners, None, speaker[1])
    may_examine = is_examiner or owns(skills.may_examine, *speaker)
    is_clinical = claim.attribute in skills.clinical
    is_letter = claim.basis == "document" and claim.heard_from is not None
    if may_examine and is_clinical and (is_letter or claim.basis == "agency"):
        return _TOP, _TOP  # an examination is as deep as it was, whoever passes on what was found at it
    if claim.basis in HEARD or (is_letter and may_examine):
        # Words stay words wherever they are heard; but whoever heard them at a deep contact could look, and what a
        # clinician said may rest on an examination. That they have no concerns need not: nobody may have looked.
        return _TOLD, _TOP if may_examine and claim.attribute not in skills.general else given or _TOLD
    if given is not None:
        return given, given
    if claim.basis == "document" and is_clinical:
        return _TOLD, _TOP  # somebody's letter of what only an examiner finds, and nobody says whose
    least, most = _BY_BASIS.get(claim.basis, (_TOLD, _SEEN))
    if is_examiner and claim.basis in {"seen", "measured", "judgement"}:
        return _TOP, _TOP
    return least, _TOP if may_examine else most


def _home(claim: Claim, given: int | None, *, is_own: bool, is_of_topic: bool) -> Reach:
    """Whether the home was seen from inside."""
    if claim.home_entered is not None:
        return "shallow" if not claim.home_entered else "deep" if is_own else "unsure"
    if not is_own or (given is not None and given <= _DOORSTEP):
        return "shallow"
    return "deep" if is_of_topic and claim.basis in {"seen", "measured"} else "unsure"
