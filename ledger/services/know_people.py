"""Whether the records of an append know whom its bodies name.

A record knows the child, the mother and the father; and of an agency's own references those that it declared in
`people`, in this entry or an earlier one, or that a link names. What is not among these is looked up by one statement
for all bodies, in the append's first trip; bodies that name nobody else cost nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from ledger.domain.mention import ALWAYS_KNOWN, DECLARED, declared_in, mentions_in
from ledger.domain.pack import Pack
from ledger.domain.person import person_key
from ledger.services.refusal import PERSON_NOT_KNOWN, Refusal
from ledger.services.submission import Submission
from ledger.store.append import Statement

# A child may be named by an identifier, which is resolved in the same trip: so both ways to a record stand here.
_RECORDS: Final = (
    "record_id = ANY (%s::uuid[] || ARRAY(SELECT record_id FROM ledger.identifiers WHERE sought = ANY (%s::text[])))"
)
_KNOWN: Final = f"""
    SELECT record_id, about FROM ledger.claims
    WHERE {_RECORDS} AND attribute = '{DECLARED}' AND about = ANY (%s::text[])
    UNION
    SELECT record_id, member FROM ledger.links CROSS JOIN LATERAL unnest(members) AS member
    WHERE {_RECORDS} AND kind = 'people' AND member = ANY (%s::text[])"""  # noqa: S608 - made of constants alone

_Named = tuple[str, str]


class KnownPeople:
    """Whom the submissions of one append name. Made before any lock is taken; asked under it."""

    def __init__(self, submissions: Sequence[Submission], agency: str, pack: Pack) -> None:
        self._agency = agency
        people = _PersonAttributes(pack)
        self._strangers = [_strangers(submission, agency, people) for submission in submissions]
        self._submissions = submissions
        self._known: set[tuple[UUID, str]] = set()

    def reads(self) -> list[Statement]:
        """The look-up, where there is anybody to look up."""
        keys = sorted({key for named in self._strangers for _pointer, key in named})
        if not keys:
            return []
        names = [name for submission in self._submissions for name in submission.names]
        records = [name for name in names if isinstance(name, UUID)]
        sought = [name for name in names if isinstance(name, str)]
        return [(_KNOWN, (records, sought, keys, records, sought, keys))]

    def begin(self, answers: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        """Take the look-up's answer: none, or one. An append that is tried again begins again."""
        self._known = {(record_id, key) for rows in answers for record_id, key in rows}

    def refuse(self, place: int, records: Iterable[UUID | None]) -> Refusal | None:
        """Why the submission at this place cannot be stored in these records: it names somebody one does not know."""
        strangers = self._strangers[place]
        if not strangers:
            return None
        places = list(records)
        missing = [pointer for pointer, key in strangers if any((record, key) not in self._known for record in places)]
        return PERSON_NOT_KNOWN.at(missing) if missing else None

    def learn(self, place: int, records: Iterable[UUID | None]) -> None:
        """The submission at this place is stored in these records: later ones may name whom it declares."""
        submission = self._submissions[place]
        keys = [person_key(person["ref"], self._agency) for person in declared_in(submission.kind, submission.body)]
        self._known |= {(record, key) for record in records if record is not None for key in keys}


class _PersonAttributes:
    """The attributes whose values are people: asked for one at a time, for an append names few of all there are."""

    def __init__(self, pack: Pack) -> None:
        self._attributes = pack.attributes

    def __contains__(self, name: object) -> bool:
        attribute = self._attributes.get(name) if isinstance(name, str) else None
        return attribute is not None and attribute.type == "person"


def _strangers(submission: Submission, agency: str, person_attributes: _PersonAttributes) -> list[_Named]:
    """Whom a body names that it does not declare itself: where, and by which key."""
    body = submission.body
    declared = {person["ref"] for person in declared_in(submission.kind, body)}
    return [
        (pointer, person_key(ref, agency))
        for pointer, ref in mentions_in(submission.kind, body, person_attributes)
        if ref not in ALWAYS_KNOWN and ref not in declared
    ]
