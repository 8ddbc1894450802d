"""Requests that name a claim: another agency is asked to bear it out, or to say what it holds that speaks against it.

The claim must be one that whoever asks sees, and stands. What an answer says of it is that agency's word; detection
weighs the entries that the answer names, as it weighs any others, and nothing decides by the word alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.domain.claim import observation_of
from ledger.domain.entry import parse_entry_id
from ledger.domain.marking import RESTRICTED
from ledger.services.name_entry import NamedEntry
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.refuse_corroboration import (
    ASKED_ITS_OWN,
    CLAIM_NOT_KNOWN,
    NAMES_NO_CLAIM,
    NOT_YOUR_WORD,
    SAY_WHAT_IT_BEARS,
    SAY_WHO_MAY_READ,
)
from ledger.services.see import Seen
from ledger.store.append import Caller, Statement
from ledger.store.disagreements import marked

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NamedClaim:
    """The claim that a request names, looked up in the trip of its append."""

    entry: NamedEntry
    record_id: UUID
    number: int
    body: Body

    @classmethod
    def of(cls, record_id: UUID, body: Body) -> "NamedClaim | None":
        """The claim that a body names; None where it names none. Raises RefusedError where that is no entry's id."""
        if "claim" not in body:
            return None
        named = parse_entry_id(body["claim"]["entry"])
        if named is None:
            raise _error(CLAIM_NOT_KNOWN)
        return cls(NamedEntry(record_id, named), record_id, named[1], body)

    def reads(self) -> list[Statement]:
        """What must be known under the lock; the entry's markings first."""
        return [marked(self.record_id, {self.number}), *self.entry.reads()]

    def check(self, caller: Caller, answers: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        """Raise RefusedError unless the sender sees it, it stands, and asking about it tells nobody of what they may
        not know.
        """
        marks, named = answers[0], answers[1:]
        seen = self.entry.seen(caller.agency, named)
        if seen is None or seen.withdrawn_by is not None or true_place(seen, self.body["claim"]["index"]) is None:
            raise _error(CLAIM_NOT_KNOWN)
        if marks and self.body.get("sharing", {}).get("marking") != RESTRICTED:
            raise _error(SAY_WHO_MAY_READ)
        if self.body["to"] == seen.agency:
            raise _error(ASKED_ITS_OWN)


def true_place(seen: Seen, shown: int) -> int | None:
    """The place in its entry of the claim that a reader knows by this place; None where they see none there."""
    claims = (observation_of(seen.kind or "", seen.body) or {}).get("claims", ())
    places = [place for place, claim in enumerate(claims) if claim and seen.shows(place)]
    return places[shown] if 0 <= shown < len(places) else None


def check_bearing(body: Body, *, names_claim: bool, own: Collection[bool]) -> None:
    """Raise RefusedError where an answer bears on nothing, does not say what it bears, or rests on others' entries.

    ``own`` says of each entry that it names whether it is one of the sender's own in this record.
    """
    if "bears" in body and not names_claim:
        raise _error(NAMES_NO_CLAIM)
    if names_claim and "bears" not in body and body["answer"] in {"answered", "in_part"}:
        raise _error(SAY_WHAT_IT_BEARS)
    if "bears" in body and not all(own):
        raise _error(NOT_YOUR_WORD)


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
