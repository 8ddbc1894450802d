"""Answer a post with who else is involved and has not seen it, and with what of it nobody else holds.

Both are looked up as the sender in the trips that the append makes, so they cost no further one; a sender who is not
involved is told neither. Of others' entries only what the sender may see counts: that nobody else involved holds a
claim is so as far as the sender may know. Of a batch, and of what goes into siblings' records, the first alone is told.

Posting is not seeing: whoever is involved has not seen what is stored now. A retry is answered as of then.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from ledger.domain.claim import Claim, claims_of_entry, observation_of
from ledger.domain.marking import RESTRICTED, SHARED
from ledger.domain.pack import Pack
from ledger.domain.person import LinkFact, Links, declared_roles
from ledger.domain.question import item_key
from ledger.domain.redaction import persons_in
from ledger.domain.reliance import is_material, says_as_much
from ledger.domain.statement import COMPARED
from ledger.services.submission import Prepared, Reach
from ledger.store.append import Statement, Stored
from ledger.store.parts import beside, involved_with, read_involved, spoken

#: On more attributes of more people than so many, nothing is said of who else holds what.
TOPICS_MOST: Final = 6
_KINDS: Final = frozenset({"observation", "contact", "correction"})
_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)

Topic = tuple[str, str]


class WhoHolds:
    """Who else has a part, and what they said, for one append. Made before any lock is taken; asked under it."""

    def __init__(self, prepared: Sequence[Prepared], agency: str, pack: Pack) -> None:
        self._agency, self._pack = agency, pack
        self._sent = [_Sent(one, agency, pack) for one in prepared]
        self._involved: dict[UUID, dict[str, int]] = {}
        #: Where others spoke of a topic: in which entry, at which place.
        self._places: dict[Topic, set[tuple[int, int]]] = {}
        self._record: UUID | None = None
        self._heard: _Heard | None = None

    @cached_property
    def _topics(self) -> Sequence[Topic]:
        """What is looked up of what others said: of one entry about one child."""
        if len(self._sent) != 1 or len(self._sent[0].names) != 1:
            return ()
        topics = self._sent[0].topics
        return topics if len(topics) <= TOPICS_MOST else ()

    def reads(self) -> list[Statement]:
        """The look-up of the first trip, where anything is sent that others could see."""
        if self._topics:
            return [beside(self._sent[0].names[0], self._agency, self._topics)]
        names = list(dict.fromkeys(name for sent in self._sent if sent.is_told for name in sent.names))
        return [involved_with(names)] if names else []

    def begin(self, answers: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        """Take the look-up's answer: none, or one. An append that is tried again begins again."""
        rows = [row for answer in answers for row in answer]
        self._involved, self._places = read_involved(row[:3] for row in rows), {}
        self._record, self._heard = (rows[0][0] if rows and self._topics else None), None
        for _record, _agency, _since, attribute, about, number, index in rows if self._topics else ():
            if attribute is not None:
                self._places.setdefault((attribute, about), set()).add((number, index))

    def more(self) -> list[Statement]:
        """The look-ups of the second trip, where anybody else spoke of the same."""
        numbers = sorted({number for places in self._places.values() for number, _ in places})
        is_involved = self._record is not None and self._agency in self._involved.get(self._record, ())
        return spoken(self._record, numbers) if numbers and is_involved and self._record is not None else []

    def hear(self, answers: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        """Take their answers, if there were any."""
        self._heard = _Heard(answers) if answers else None

    def of(self, place: int, entries: Sequence[Stored]) -> dict[UUID, Reach]:
        """What is told of the submission at this place, stored as these entries, by their records."""
        sent, found = self._sent[place], dict[UUID, Reach]()
        for entry in entries if sent.is_told else ():
            involved = self._involved.get(entry.record_id, {})
            if self._agency not in involved:
                continue
            others = [agency for agency, since in involved.items() if agency != self._agency and since < entry.number]
            alone = self._alone(sent) if self._topics else ()
            found[entry.record_id] = Reach(tuple(sent.shown_to(sorted(others))), tuple(sorted(alone)))
        return found

    def _alone(self, sent: "_Sent") -> set[int]:
        """The places of the claims that nobody else holds: of most nobody else ever spoke."""
        if not self._places or self._heard is None:
            return {index for _, index in sent.places}
        silent = {index for topic, index in sent.places if topic not in self._places}
        return silent | {one.index for one in sent.material if one.index not in silent and not self._is_held(one)}

    def _is_held(self, claim: Claim) -> bool:
        attribute, topic = self._pack.attributes[claim.attribute], (claim.attribute, claim.about)
        said = () if self._heard is None else self._heard.on(topic, self._places.get(topic, ()))
        return any(_is_on_the_same(claim, other) and says_as_much(claim, other, attribute) for other in said)


class _Sent:
    """One submission: whom it is about, and what of it matters."""

    def __init__(self, prepared: Prepared, agency: str, pack: Pack) -> None:
        self._submission, self._agency = prepared.submission, agency
        kind, body = self._submission.kind, self._submission.body
        self.is_told = kind in _KINDS
        #: Whom it is about.
        self.names = self._submission.names
        self._observation: Mapping[str, Any] = (observation_of(kind, body) or {}) if self.is_told else {}
        sent = self._observation.get("claims", ())
        #: Of the claims that matter the (attribute, person's key), and the place.
        self.places: Sequence[tuple[Topic, int]] = [
            ((attribute, about), index)
            for attribute, about, index, _ in (prepared.claims if sent else ())
            if index < len(sent) and _matters(sent[index], pack)
        ]
        self.topics: Sequence[Topic] = list(dict.fromkeys(topic for topic, _ in self.places))

    @cached_property
    def material(self) -> list[Claim]:
        """The claims that matter."""
        attributes = {attribute for attribute, _ in self.topics}
        claims = _claims(self._submission.kind, self._submission.body, self._agency, attributes)
        sent = len(self._observation.get("claims", ()))
        return [one for one in claims if one.index < sent and (one.attribute, one.about) in self.topics]

    def shown_to(self, others: Sequence[str]) -> Iterator[str]:
        """Of other agencies those from whom its own marking does not hold it back."""
        sharing = self._observation.get("sharing") or {}
        marking = sharing.get("marking", SHARED)
        for agency in others:
            if marking == SHARED or (marking == RESTRICTED and agency in sharing.get("to", ())):
                yield agency


class _Heard:
    """What others said, as far as the sender may see it.

    Claims that are marked, and entries, are no rows for the sender. What names somebody whom its agency holds back is
    left out here; and what corrects another entry where its agency holds a claim back, for it may say the same again.
    """

    def __init__(self, answers: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        contents, withdrawn, held, links = answers
        self._said = {number: (agency, kind, content) for number, agency, kind, content in contents}
        self._gone = {number for number, _ in withdrawn}
        self._correcting = {by for _, by in withdrawn}
        self._guarding = {agency for agency, index, _ in held if index >= 0}
        self._held = [(agency, person) for agency, index, person in held if index < 0]
        self._links = Links.of(LinkFact("people", is_unlink, tuple(members)) for members, is_unlink in links)

    def on(self, topic: Topic, places: Collection[tuple[int, int]]) -> Iterator[Claim]:
        """The claims at these places, which are on one topic, the newest first: read as far as they are asked for."""
        for number, index in sorted(places, reverse=True):
            if number not in self._said or number in self._gone:
                continue
            agency, kind, content = self._said[number]
            if number in self._correcting and agency in self._guarding:
                continue
            body = json.loads(content)["body"]
            observation = observation_of(kind, body) or {}
            claims = observation.get("claims", ())
            if index >= len(claims) or self._hides(
                agency, persons_in(claims[index], agency, declared_roles(observation))
            ):
                continue
            for claim in _claims(kind, body, agency, {topic[0]}):
                if claim.index == index and claim.about == topic[1]:
                    yield claim

    def _hides(self, agency: str, named: Collection[str]) -> bool:
        """Whether an agency holds back anybody who is named."""
        held = (person for whose, person in self._held if whose == agency)
        return any(key in named for one in held for key in (one, *self._links.keys_of(self._links.name_of(one))))


def _matters(sent: Mapping[str, Any], pack: Pack) -> bool:
    value = sent.get("value")
    text = value if isinstance(value, str) or value is None else json.dumps(value)
    return sent.get("statement", "fact") in COMPARED and is_material(pack.attributes.get(sent["attribute"]), text)


def _claims(kind: str, body: Mapping[str, Any], agency: str, on: Collection[str]) -> list[Claim]:
    # Number and time do not matter here: neither is compared.
    return claims_of_entry(kind, body, agency=agency, number=0, recorded_at=_ANY_TIME, on=on)


def _is_on_the_same(one: Claim, other: Claim) -> bool:
    """Whether two claims on one attribute of one person answer one question, as far as their names alone tell."""
    items = [None if claim.item is None else item_key(claim.item) for claim in (one, other)]
    return items[0] == items[1] and (one.counterpart, one.thing) == (other.counterpart, other.thing)
