"""Answer a post with what its sender could find out at its next contact: the few gaps that stood open before it.

They are looked up as the sender, in the first trip of the append, so they cost no further one. A prompt says nothing
that another agency wrote: what is asked, of whom by the part or the sender's own name for them, and counts and days.
So it is no reading of anybody's entry, and needs no access record.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from ledger.domain.asking import Answered, Candidate, OpenGap, candidates, item_told, to_ask
from ledger.domain.entry import written_time
from ledger.domain.pack import Pack
from ledger.services.submission import Prompt, Submission
from ledger.store.append import Statement
from ledger.store.gaps import open_gaps

_WHY: Final = {
    "missing": "Nobody has recorded it yet.",
    "stale": "It was known, and has not been confirmed for longer than it holds.",
    "unknown": "Somebody tried to find out, and does not know.",
    "not_asked": "It is recorded that nobody has asked.",
    "declined": "Whoever was asked would not say.",
    "evaded": "Whoever was asked spoke of something else.",
}
_ASK: Final = "Ask, and record what you learn; where you get no answer, record that you asked and what came of it."


class Prompts:
    """What is open in the records of one append. Made before any lock is taken; asked under it."""

    def __init__(self, submissions: Sequence[Submission], agency: str, pack: Pack) -> None:
        self._submissions, self._agency, self._pack = submissions, agency, pack
        self._open: dict[UUID, tuple[Candidate, ...]] = {}
        self._answered: dict[UUID, Answered] = {}

    def reads(self) -> list[Statement]:
        """The look-up."""
        names = list(dict.fromkeys(name for sent in self._submissions for name in sent.names))
        return [open_gaps(names)] if names else []

    def begin(self, answers: Sequence[Sequence[tuple[Any, ...]]], kind: str | None) -> None:
        """Take the look-up's answer, for an agency of this kind. An append that is tried again begins again."""
        pack = _Same(self._pack)
        self._answered = {}
        self._open = {
            record_id: _candidates(kept, self._agency, kind, pack) for rows in answers for record_id, kept in rows
        }

    def after(self, place: int, records: Iterable[UUID], at: datetime) -> dict[UUID, tuple[Prompt, ...]]:
        """What is still to ask once the submission at this place is stored in these records, and those before it."""
        submission, prompts = self._submissions[place], dict[UUID, tuple[Prompt, ...]]()
        for record_id in records:
            found = self._open.get(record_id)
            if not found:
                continue
            answered = self._answered.setdefault(record_id, Answered())
            answered.add(submission.kind, submission.body, self._agency)
            asked = to_ask(found, at=at, answered=answered)
            prompts[record_id] = tuple(self._render(one) for one in asked)
        return prompts

    def _render(self, candidate: Candidate) -> Prompt:
        if candidate.rendered is None:
            candidate.rendered = render_prompt(candidate.gap, self._agency, self._pack)
        return candidate.rendered


class _Same:
    """A pack as a key: the very same one is the same key."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.pack is self.pack


@lru_cache(maxsize=1024)
def _candidates(kept: str, agency: str, kind: str | None, pack: _Same) -> tuple[Candidate, ...]:
    """What an agency could close of what is kept of a record. A busy record is read once, not at each of its posts."""
    return candidates(json.loads(kept), agency=agency, kind=kind, pack=pack.pack)


def render_prompt(gap: OpenGap, agency: str, pack: Pack) -> dict[str, Any]:
    """One prompt as it is answered to this agency."""
    state, item, due = gap.state_for(agency), item_told(gap, pack), gap.due_for(agency)
    return {
        "gap": gap.id,
        "topic": gap.question.attribute,
        "about": gap.name_for(agency),
        **({"item": item} if item else {}),
        "state": state,
        "why": why(gap, state, pack),
        "ask": suggested(gap, pack),
        "asked_before": gap.asked_for(agency),
        "refused_before": gap.refused_for(agency),
        "since": written_time(gap.since),
        **({"enquiry": {"due": written_time(due)}} if due is not None else {}),
    }


def why(gap: OpenGap, state: str, pack: Pack) -> str:
    """Why it is asked: in what way it is not known, and what the pack's rule says of it."""
    rule = pack.rules.get(gap.basis.by)
    return " ".join(part for part in (_WHY[state], rule.meaning if rule else "") if part)


def suggested(gap: OpenGap, pack: Pack) -> str:
    """The words in which the pack suggests to ask."""
    rule, attribute = pack.rules.get(gap.asks_by), pack.attributes.get(gap.question.attribute)
    return (rule.ask if rule else None) or (attribute.ask if attribute else None) or _ASK
