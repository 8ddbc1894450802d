"""A finding's headline, and what could still be so, in words: what its visible statements bear out, and no more.

A headline says who differs about what. It never says who is right, and calls nobody anything.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Final

from ledger.domain.allows import Masks, masks_of
from ledger.domain.claim import Claim
from ledger.domain.vocabulary import Attribute
from ledger.services.see import Seen
from ledger.services.word_claim import Wording, capital, listed, plain
from ledger.services.word_dates import word_observed

Side = list[tuple[Seen, Claim | None]]

_HEARD = ("told", "agency")
_NOTHING_LEFT: Final = "Nothing would make all of it true at one time."
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Manner:
    """What a headline needs of a finding besides its statements."""

    is_certain: bool = True
    is_strain: bool = False
    #: The family of the rule that found it; empty where the pack at hand has no such rule.
    family: str = ""
    #: What is disputed is which person it is.
    is_of_person: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """The parts of a headline: for each side its voice and its subject, and which agencies hold it."""

    claim: Claim
    voices: Sequence[str]
    subjects: Sequence[str]
    agencies: Sequence[str]
    teller: str | None
    wording: Wording
    manner: Manner

    @property
    def subject(self) -> str:
        return self.subjects[0]

    @property
    def is_of_one(self) -> bool:
        """Whether all sides are about one matter."""
        return len(set(self.subjects)) == 1

    def all_subjects(self) -> str:
        return listed(list(dict.fromkeys(self.subjects)))

    def cannot(self) -> str:
        """How far the sides exclude each other, in words."""
        together = "both" if len(self.voices) == 2 else "all"
        if self.manner.is_strain:
            return "pull apart"
        return f"cannot {together} be so" if self.manner.is_certain else f"may not {together} be so"


def word_headline(kind: str, sides: Sequence[Side], wording: Wording, manner: Manner | None = None) -> str:
    """What has been found, in one line."""
    told = _told([side for side in sides if side], wording, manner or Manner())
    if told is None:
        return "Entries of this record need to be read together"
    return capital(_HEADLINES.get(kind, _needs_a_look)(told))


def _told(sides: Sequence[Side], wording: Wording, manner: Manner) -> _Told | None:
    firsts = [next((claim for _, claim in side if claim is not None), None) for side in sides]
    claims = [claim for claim in firsts if claim is not None]
    if not claims:
        return None
    tellers = {_teller(claim, wording) for side in sides for _, claim in side if claim is not None}
    return _Told(
        claims[0],
        [_voice(side, wording) for side in sides],
        [wording.subject(claim) for claim in claims],
        [_agencies(side, wording) for side in sides],
        next(iter(tellers)) if len(tellers) == 1 else None,
        wording,
        manner,
    )


def _teller(claim: Claim, wording: Wording) -> str | None:
    return wording.person(claim.informant) if claim.basis in _HEARD and claim.informant else None


def _agencies(side: Side, wording: Wording) -> str:
    return listed(list(dict.fromkeys(wording.agency(entry.agency) for entry, _ in side)))


def _voice(side: Side, wording: Wording) -> str:
    """Whose word a side is: one informant's, with whom they told, else that of the agencies that recorded it."""
    tellers = {None if claim is None else _teller(claim, wording) for _, claim in side}
    agencies = _agencies(side, wording)
    teller = next(iter(tellers)) if len(tellers) == 1 else None
    return f"{teller} (to {agencies})" if teller else agencies


def _contradiction(told: _Told) -> str:
    voices = list(dict.fromkeys(told.voices))
    if not told.is_of_one:
        parts = [f"what {voice} says of {subject}" for voice, subject in zip(told.voices, told.subjects, strict=False)]
        return f"{listed(parts)} {told.cannot()}"
    if len(voices) == 1:
        return f"statements of {voices[0]} about {told.subject} {told.cannot()}"
    if len(voices) < len(told.voices) or len(voices) > 2 or told.manner.is_strain:
        return f"what {listed(voices)} say about {told.subject} {told.cannot()}"
    return f"{listed(voices)} {'disagree' if told.manner.is_certain else 'may disagree'} about {told.subject}"


def _same_informant(told: _Told) -> str:
    if told.teller is None:
        return _contradiction(told)
    agencies = list(dict.fromkeys(told.agencies))
    differ = "two different things" if len(agencies) == 1 and len(told.voices) == 2 else "different things"
    gave = "told" if told.manner.is_certain else "may have told"
    return f"{told.teller} {gave} {listed(agencies)} {differ} about {told.all_subjects()}"


def _identity(told: _Told) -> str:
    voices = list(dict.fromkeys(told.voices))
    if not (told.manner.is_of_person and told.is_of_one):
        return _contradiction(told)
    name = "name different people" if len(voices) > 1 else "names different people"
    return f"{listed(voices)} {name} as {told.subject}"


def _explanation(told: _Told) -> str:
    thing = told.wording.thing(told.claim)
    of = f"{told.wording.person(told.claim.about)}" + (f" ({thing})" if thing else "")
    voices = list(dict.fromkeys(told.voices))
    who = listed(voices)
    return f"explanations about {of} {told.cannot()}: what {who} {'say' if len(voices) > 1 else 'says'}"


def _concern(told: _Told) -> str:
    if len(told.voices) < 2:
        return f"a worry about {told.subject} is not answered"
    answer = "does not answer" if told.manner.is_certain else "may not answer"
    return f"what {told.voices[1]} says {answer} the worry of {told.voices[0]} about {told.subject}"


def _passing_on(told: _Told) -> str:
    agencies = list(dict.fromkeys(told.agencies))
    match told.manner.family:
        case "late_entry":
            return f"what {agencies[0]} knew of {told.subject} was entered late"
        case "own_not_known":
            return f"{agencies[-1]} says that it does not know {told.subject}, and holds an entry on it"
        case "not_received" if len(agencies) > 1:
            return f"what {agencies[0]} holds of {told.subject} as sent or done is not in the record of {agencies[-1]}"
        case "not_passed_on" if len(told.voices) > 1:
            return f"what {agencies[0]} holds about {told.subject} was not passed on, by the word of {told.voices[1]}"
    if len(agencies) < 2:
        return f"what {agencies[0]} holds about {told.subject} was not passed on whole, or not in time"
    return f"what {agencies[0]} holds about {told.subject} did not reach {listed(agencies[1:])} whole"


def _uncorroborated(told: _Told) -> str:
    whose = f"the word of {told.teller}" if told.teller else "the word of people with an interest"
    return f"what is held about {told.subject} rests on {whose} alone"


def _overtaken(told: _Told) -> str:
    if len(told.voices) < 2:
        return f"what is held about {told.subject} may have been overtaken"
    return f"what {told.agencies[0]} holds about {told.subject} may be overtaken by what {told.voices[1]} says"


def _gap(told: _Told) -> str:
    if told.manner.family == "stale_belief":
        return f"nobody has confirmed {told.subject} for too long"
    return f"{told.subject}: this is not known, or not known well enough"


def _expectation(told: _Told) -> str:
    if told.manner.family == "allegation_outcome":
        return f"{told.subject} was withdrawn, and nobody has recorded what came of it"
    return f"what should have followed {told.subject} is not in the record"


def _needs_a_look(told: _Told) -> str:
    return f"what is held about {told.subject} needs a look"


_HEADLINES: Final[Mapping[str, Callable[[_Told], str]]] = {
    "contradiction": _contradiction,
    "same_informant": _same_informant,
    "identity": _identity,
    "explanation": _explanation,
    "concern": _concern,
    "passing_on": _passing_on,
    "uncorroborated": _uncorroborated,
    "overtaken": _overtaken,
    "gap": _gap,
    "expectation": _expectation,
    "pattern": lambda told: f"entries about {told.subject} need to be read together",
    "decision_basis": lambda told: f"a decision relies on {told.subject}, which is open to question",
}


_SIDES: Final[Mapping[str, tuple[str, str]]] = {
    "concern": ("The worry", "What was said to it"),
    "passing_on": ("What is held", "What was passed on"),
    "overtaken": ("What is held", "What was said since"),
}


def first_sentence(meaning: str) -> str:
    """What a pack says in one line, without its full stop: what follows is for whoever sends claims."""
    return meaning.partition(". ")[0].rstrip(".")


def word_sides(kind: str, count: int) -> list[str]:
    """What to call each side of a finding of this kind."""
    if count == 1:
        return ["What is held"]
    if count == 2:
        return list(_SIDES.get(kind, ("On one side", "On the other")))
    return [f"Side {number}" for number in range(1, count + 1)]


# ── what could still be so ──


class Possible:
    """What each side allows, and what they all leave, for statements on one attribute; nothing for any others."""

    def __init__(self, sides: Sequence[Side], attribute: Attribute | None, wording: Wording) -> None:
        claims = [claim for side in sides for _, claim in side if claim is not None]
        is_one = attribute is not None and all(claim.attribute == attribute.name for claim in claims)
        self._attribute, self._wording, self._sides = attribute, wording, sides
        self._masks = masks_of(claims, attribute, wording.links) if attribute and is_one else Masks({}, ())
        self._by_side = [self._mask(side) for side in sides]

    def allowed_by(self, place: int) -> list[str]:
        """The states that one side allows; none where it says nothing that can be compared."""
        mask = self._by_side[place]
        return [] if mask is None else self._words(mask)

    def together(self) -> dict[str, Any]:
        """What could still be true of everything that is said together, and of more than two sides without each."""
        masks = [mask for mask in self._by_side if mask is not None]
        if len(masks) < 2 or len(masks) != len(self._sides):
            return {"together": [], "words": None}
        left = self._words(reduce(and_, masks))
        if left:
            return {"together": left, "words": f"All of it can be so together only as: {listed(left, 'or')}."}
        return {"together": [], "words": " ".join([_NOTHING_LEFT, *self._without_each(masks)])}

    def _without_each(self, masks: Sequence[int]) -> list[str]:
        if len(masks) < 3:
            return []
        said = []
        for place, side in enumerate(self._sides):
            left = self._words(reduce(and_, (mask for at, mask in enumerate(masks) if at != place)))
            if left:
                said.append(f"Without what {_voice(side, self._wording)} says: {listed(left, 'or')}.")
        return said

    def _mask(self, side: Side) -> int | None:
        by_ref = self._masks.by_ref
        masks = [by_ref[claim.ref] for _, claim in side if claim is not None and claim.ref in by_ref]
        return reduce(and_, masks) if masks else None

    def _words(self, mask: int) -> list[str]:
        """The states of a mask as people say them: people by what they are called, dates written out."""
        states = self._masks.states_in(mask)
        match self._attribute.type if self._attribute else "":
            case "person":
                return list(dict.fromkeys(self._wording.person(state) for state in states))
            case "date":
                return [_DAY.sub(lambda day: word_observed(day.group()), state) for state in states]
            case "quantity" if self._attribute and self._attribute.unit:
                return [f"{state} {self._attribute.unit}" for state in states]
            case "place":
                return list(states)
        return [plain(state) for state in states]
