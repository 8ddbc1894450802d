"""What one agency alone holds, and what rests on one person's word alone, as one reader may see it.

Both are worked out of the claims that the reader sees, as of one point. That nobody else holds a claim is so as far as
they may know; who holds something that they may not see is said beside it, and nothing about what.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import Claim
from ledger.domain.entry import Chance, entry_id
from ledger.domain.pack import Pack
from ledger.domain.reliance import HeldAlone, OneWord, OnTopic, held_alone, one_words
from ledger.services.find_as_of import PointAsked
from ledger.services.past import Past, open_past
from ledger.services.see import Reader
from ledger.services.seen_record import SeenRecord, look_through
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_observed
from ledger.services.word_picture import word_withheld
from ledger.store.people import Agency, directory

_STANDING = {
    "interested": "has an interest in being believed",
    "free": "has no interest in it that is known",
    "unknown": "it is not known who they are to the child",
}


def read_sources(
    connection: Connection, reader: Reader, record_id: UUID, asked: PointAsked, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """What rests on little. Writes the access record. Cost: that of reading the record once.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="sources", chance=chance)
    return past.head() | resting_on_little(past, pack, directory(connection))


def resting_on_little(past: Past, pack: Pack, names: Mapping[str, Agency]) -> dict[str, Any]:
    """What one agency alone holds, and what rests on one person's word alone."""
    record = look_through(past, pack, names)
    telling, facts = _Telling(record, pack, names), record.facts
    return {
        "held_by_one": [telling.alone(one) for one in facts.once("held alone", partial(held_alone, facts))],
        "one_word": [telling.topic(one) for one in facts.once("one words", partial(one_words, facts))],
        "withheld": word_withheld(record.standing, names, past.pseudonym),
    }


class _Telling:
    def __init__(self, record: SeenRecord, pack: Pack, names: Mapping[str, Agency]) -> None:
        self._record, self._pack, self._names = record, pack, names

    @property
    def _wording(self) -> Wording:
        return self._record.wording

    def alone(self, one: HeldAlone) -> dict[str, Any]:
        """What one agency alone holds."""
        return {
            **self.place(one.claim),
            "agency_name": self._wording.agency(one.claim.agency),
            "contact": self._names[one.claim.agency].contact if one.claim.agency in self._names else None,
            "attribute": one.question.attribute,
            "about": one.question.about,
            **self._said(one.claim),
            "critical": self._pack.attributes[one.question.attribute].critical,
            "denied_by": [*one.denied_by],
        }

    def topic(self, one: OnTopic) -> dict[str, Any]:
        """What is said on a topic, and what of it rests on one person's word."""
        topic = self._pack.topics.get(one.topic)
        return {
            "topic": one.topic,
            "meaning": topic.meaning if topic else self._pack.attributes[one.topic].meaning,
            "said": one.said,
            "alone": len(one.alone),
            "share": round(len(one.alone) / one.said, 2),
            "statements": [self._word(each) for each in one.alone],
        }

    def _word(self, one: OneWord) -> dict[str, Any]:
        first = one.claims[0]
        return {
            "attribute": one.question.attribute,
            "about": one.question.about,
            **self._said(first),
            "whose": self._wording.person(one.person),
            "standing": one.standing,
            "standing_words": _STANDING[one.standing],
            "check_by": self._pack.attributes[one.question.attribute].corroborate_of(first.value),
            "told": [self.place(claim) for claim in one.claims],
            "denied_by": [*one.denied_by],
        }

    def _said(self, claim: Claim) -> dict[str, Any]:
        attribute = self._pack.attributes.get(claim.attribute)
        return {
            "words": self._wording.says(claim, attribute),
            "said": self._wording.said(claim),
            "observed": word_observed(claim.observed),
        }

    def place(self, claim: Claim) -> dict[str, Any]:
        """Where a claim stands, and whose it is."""
        return {
            "entry": entry_id(self._record.past.pseudonym, claim.number),
            "index": claim.index,
            "agency": claim.agency,
        }
