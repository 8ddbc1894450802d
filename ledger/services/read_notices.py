"""A party's feed, page by page: what happened, and of each as much as the reader may see now.

A notice of a record in which the reader has no part any more says only that. Of any other the entry that it is about is
rendered as in a chronology, by way of the markings; that each record was looked at is recorded in the transaction that
looks. Asking for what follows a number confirms all up to it, and nothing else does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.asking import Candidate
from ledger.domain.entry import Chance
from ledger.domain.feed import FEED_TYPES, of_agency, of_person
from ledger.domain.pack import Pack
from ledger.domain.role import Right
from ledger.services.note_access import note_access
from ledger.services.prompt import render_prompt
from ledger.services.reach import reaches
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.render_entry import places_needed, render_entry
from ledger.services.render_view import View
from ledger.services.see import Reader, open_eyes
from ledger.services.word_claim import wording_of
from ledger.store.feeds import FeedItem, confirm, confirmed, items_after
from ledger.store.gaps import gaps_open
from ledger.store.party import AUDITOR
from ledger.store.people import directory, surroundings_of
from ledger.store.timeline import by_number, heads_of

LIMIT: Final = 50
LIMIT_MAX: Final = 200
BEYOND_THE_END: Final = Refusal(
    "bad_cursor",
    "after is beyond the last number of this feed, so it is not of this feed, or the ledger was put back to an earlier "
    "state. Nothing was confirmed. Leave after out: what is not confirmed yet is told.",
    "/after",
)
_PROMPT: Final = "prompt.opened"
#: What is of a finding, and told by that one's name.
_OF_FINDINGS: Final = frozenset({_PROMPT, "notice.lapsed", "decision.not_standing", "decision.questioned"})
NO_PART: Final = "This is about a record in which your agency has no part now."
#: What is addressed to an agency that may have no part in the record yet: it is told which record, so that it can take
#: one, and nothing of what is there.
_OFFERED: Final = frozenset(
    {"referral.offered", "handover.offered", "request.opened", "disagreement.opened", "assessment.asked"}
)
_TO_TAKE_PART: Final = (
    "Your agency has no part in this record now. To read what it is about, and answer, say what your part is: "
    "POST /api/v1/children/{child}/involvements."
)
#: Of a hand-over the offer itself is shown to whom it is made, also in another partnership.
_HANDED: Final = "handover.offered"
_TO_ANSWER: Final = (
    "Your agency has no part in this record now. GET /api/v1/work shows what is offered; answer it at "
    "POST /api/v1/children/{child}/replies. To take on the lead or work of a child of your own partnership, first say "
    "what your part is: POST /api/v1/children/{child}/involvements."
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a feed: events as CloudEvents has them, less what is the same in all; up to where it goes."""

    events: list[dict[str, Any]]
    last: int
    has_more: bool


def read_notices(
    connection: Connection, reader: Reader, *, after: int | None, limit: int, pack: Pack, chance: Chance
) -> Page:
    """What follows number `after`, which confirms all up to it; without one, what was not confirmed yet.

    An agency's system reads its agency's feed, a person their own; an auditor has none. The connection acts for them.
    Raises RefusedError for a number that the feed has not come to.
    """
    if reader.agency == AUDITOR:
        return Page([], after or 0, has_more=False)  # who reads as no agency is told of nothing
    party = of_agency(reader.agency) if reader.person_id is None else of_person(reader.person_id)
    read, last = confirmed(connection, party)
    if after is not None:
        if after > last:  # a number of another feed, or of a ledger that was put back: it confirms nothing
            raise RefusedError(BEYOND_THE_END.code, BEYOND_THE_END.detail, BEYOND_THE_END.pointer)
        confirm(connection, party, after)
    since = read if after is None else after
    found = items_after(connection, party, since, limit + 1)
    shown = found[:limit]
    sight = _Sight.of(connection, reader, shown, pack=pack, chance=chance)
    events = [_event(item, sight) for item in shown]
    return Page(events, shown[-1].seq if shown else since, len(found) > limit)


def _event(item: FeedItem, sight: "_Sight") -> dict[str, Any]:
    known = {"id": item.item_id, "type": item.type, "time": item.at, "sequence": str(item.seq)}
    meaning = FEED_TYPES[item.type].meaning if item.type in FEED_TYPES else ""
    data: dict[str, Any] = {"meaning": meaning, **({"tier": item.tier} if item.tier else {})}
    if item.record_id is None:
        return {**known, "data": data | ({"subject": item.subject} if item.subject else {})}
    if item.record_id not in sight.heads:
        return {**known, "data": {**data, **_no_part(item)}}
    told = {"child": str(item.record_id), **sight.told(item)}
    return {**known, **({"subject": item.subject} if item.subject else {}), "data": data | told}


def _no_part(item: FeedItem) -> dict[str, Any]:
    if item.type in _OFFERED:
        words = _TO_ANSWER if item.type == _HANDED else _TO_TAKE_PART
        return {"child": str(item.record_id), "no_part": True, "words": words.format(child=item.record_id)}
    return {"no_part": True, "words": NO_PART}


@dataclass(frozen=True, slots=True)
class _Sight:
    """What the reader may see of the records of one page: each with its public name, and a view where one is needed."""

    gaps: Mapping[tuple[UUID, str], Mapping[str, Any]]
    reader: Reader
    pack: Pack
    heads: Mapping[UUID, tuple[str, int]]
    views: Mapping[UUID, View]

    @classmethod
    def of(
        cls, connection: Connection, reader: Reader, items: Sequence[FeedItem], *, pack: Pack, chance: Chance
    ) -> "_Sight":
        """What is needed for these items, read once. Writes the access records."""
        named = {item.record_id for item in items if item.record_id is not None}
        heads = heads_of(connection, [one for one in sorted(named) if reaches(connection, reader, one, Right.READ)])
        places = {
            (item.record_id, item.number)
            for item in items
            if item.record_id in heads and item.number is not None and not _is_bare(item)
        }
        asked = {item.record_id for item in items if item.record_id in heads and item.type == _PROMPT}
        seen_to = {record: max(number for of, number in places if of == record) for record, _ in places}
        # A prompt says what is known of somebody in the record, and since when: up to its last entry.
        seen_to |= {record: heads[record][1] for record in asked}
        note_access(connection, reader, seen_to, "notices", chance)
        views = _views(connection, reader, places, heads, pack) if places else {}
        return cls(gaps_open(connection, asked), reader, pack, heads, views)

    def told(self, item: FeedItem) -> dict[str, Any]:
        """What one item is about, as the reader may see it."""
        if item.type.startswith("alert."):
            return {"alert": item.subject}
        if item.type == _PROMPT:
            return self._prompt(item)
        if _is_bare(item):
            return {"finding": item.subject}
        return self._entry(item)

    def _prompt(self, item: FeedItem) -> dict[str, Any]:
        """The prompt as a post would be answered with it now; of one that has ended, that."""
        kept = None if item.record_id is None else self.gaps.get((item.record_id, str(item.subject)))
        asked = None if kept is None else Candidate(kept, self.reader.agency, self.pack)
        if asked is None or not asked.can_be_told:
            return {"ended": True}
        return {"prompt": render_prompt(asked.gap, self.reader.agency, self.pack)}

    def _entry(self, item: FeedItem) -> dict[str, Any]:
        view = self.views.get(item.record_id) if item.record_id is not None else None
        looked = None if view is None or item.number is None else view.glimpses.get(item.number)
        if view is None or looked is None:
            return {}
        rendered = render_entry(looked, view)
        # Whoever is told may not see what it is about: that it is there, and no more.
        return {"withheld": True} if rendered is None else {"entry": rendered}


def _views(
    connection: Connection,
    reader: Reader,
    places: Collection[tuple[UUID, int]],
    heads: Mapping[UUID, tuple[str, int]],
    pack: Pack,
) -> dict[UUID, View]:
    """What the entries of each record are rendered from, with those that they refer to."""
    records = sorted({record for record, _ in places})
    eyes = open_eyes(connection, reader, records)
    looked = {(entry.record_id, entry.number): eyes.look(entry) for entry in by_number(connection, places)}
    needed = {(one.record_id, number) for one in looked.values() for number in places_needed([one], {})}
    looked |= {(one.record_id, one.number): eyes.look(one) for one in by_number(connection, needed - looked.keys())}
    agencies, around = directory(connection), surroundings_of(connection, records)
    names = {agency.agency_id: agency.name for agency in agencies.values()}
    views = {}
    for record in records:
        glimpses = {number: one for (of, number), one in looked.items() if of == record}
        wording = wording_of(glimpses.values(), names)
        views[record] = View(
            reader, heads[record][0], None, pack, agencies, {}, glimpses, wording, around[record]
        )  # fmt: skip
    return views


def _is_bare(item: FeedItem) -> bool:
    """Of what is told by name alone: it has an address of its own, where the reader is shown what they may see."""
    return item.type.startswith("alert.") or item.type in _OF_FINDINGS
