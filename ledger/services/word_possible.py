"""What could still be so, in words: the states that each side of a finding allows, and those that all of them leave."""

import re
from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Any, Final

from ledger.domain.allows import Masks, masks_of
from ledger.domain.vocabulary import Attribute
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_observed
from ledger.services.word_finding import word_says, word_voice
from ledger.services.word_manner import Side
from ledger.services.word_text import listed, plain

_NOTHING_LEFT: Final = "Nothing would make all of it true at one time."
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
                voice, says = word_voice(side, self._wording), word_says(side, self._wording)
                said.append(f"Without what {voice} {says}: {listed(left, 'or')}.")
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
