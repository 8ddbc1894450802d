"""What is sent, made ready: its content, salts and commitments are computed before any lock is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from ledger.domain.claim import PERSON, Claim, claims_of_entry
from ledger.domain.door import DoorWarning
from ledger.domain.entry import Chance, commitment_of, content_bytes
from ledger.domain.mention import DECLARED, declared_in
from ledger.domain.person import person_key
from ledger.domain.question import digest_of
from ledger.services.refusal import AUTHOR_IS_ANOTHER, CONTENT_ERASED, EVENT_ID_REUSED, Refusal, RefusedError
from ledger.store.append import Caller, Credential, Draft, Locked, Stored

#: How a sender names a child: the record's id, or an identifier as `identify` writes it.
Name = UUID | str
#: One thing to ask at the next contact, as JSON.
Prompt = Mapping[str, Any]
#: A claim's attribute, whom it is about, its place in the entry, and the gist of what it says, if that is kept.
Place = tuple[str, str, int, str | None]
_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Submission:
    """One body on its way in, checked for form already. `names[0]` is the child; the rest get copies (`also`)."""

    kind: str
    event_id: str
    body: Mapping[str, Any]
    names: tuple[Name, ...]
    observed_from: datetime | None = None
    is_due: bool = True


@dataclass(frozen=True, slots=True)
class Reach:
    """Of one entry: the involved agencies that had not seen it, and the places of claims that nobody else holds."""

    not_seen_by: tuple[str, ...] = ()
    held_only_here: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What an answer says of it: nothing where there is nothing to say."""
        told = {"not_seen_by": [*self.not_seen_by], "held_only_here": [*self.held_only_here]}
        return {name: listed for name, listed in told.items() if listed}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was stored, now or at an earlier call. `copies` are the entries that `also` made."""

    entry: Stored
    is_new: bool
    copies: tuple[Stored, ...] = ()
    #: What did not fit the dates that are held, by the record in which the entry stands.
    warnings: Mapping[UUID, tuple[DoorWarning, ...]] = field(default_factory=dict)
    #: What is open in those records and the sender could close at its next contact, as it is answered.
    prompts: Mapping[UUID, tuple[Prompt, ...]] = field(default_factory=dict)
    #: What waits in the sender's feed, as it is answered; None where nothing does.
    notices: Mapping[str, Any] | None = None
    #: Of an observation, by the record in which it stands: who had not seen it when it was stored, and what of it no
    #: other agency holds; nothing where its sender is not involved.
    reach: Mapping[UUID, Reach] = field(default_factory=dict)
    #: Of an outcome that takes two people: how many have signed with it; None where it takes one.
    signed: int | None = None
    #: What its kind is answered with besides.
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[Stored, ...]:
        """It and its copies."""
        return self.entry, *self.copies


Outcome = Recorded | Refusal


def identify_nhs(number: str) -> str:
    """An NHS number as the identifiers know it."""
    return f"nhs:{number.replace(' ', '').replace('-', '')}"


def identify_reference(agency: str, reference: str) -> str:
    """An agency's own reference to a child as the identifiers know it."""
    return f"ref:{agency}/{reference}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission with everything computed that needs no lock; a salt and a commitment for each record."""

    submission: Submission
    agency: str
    content: bytes
    salts: tuple[bytes, ...]
    commitments: tuple[bytes, ...]
    #: What it claims, as the projection keeps it.
    claims: tuple[Place, ...] = ()

    def draft(self, record_id: UUID, copy: int = 0) -> Draft:
        """The entry of one record; `copy` counts through the names."""
        submission = self.submission
        return Draft(
            record_id,
            self.agency,
            submission.event_id,
            submission.kind,
            self.content,
            self.salts[copy],
            self.commitments[copy],
            is_copy=copy > 0,
            is_due=submission.is_due,
            claims=[*self.claims, *declared_places(submission.kind, submission.body, self.agency)],
        )


def signed_by(who: Credential | Caller, submission: Submission) -> Submission:
    """What a person sends is signed with their own reference; nobody who is signed in writes in another's name.

    Raises RefusedError where the body names another author.
    """
    body = submission.body
    if not isinstance(who, Caller) or who.person_ref is None:
        return submission  # a system answers for its authors
    author: Mapping[str, Any] = body.get("author", {})
    if author.get("ref", who.person_ref) != who.person_ref:
        raise RefusedError(AUTHOR_IS_ANOTHER.code, AUTHOR_IS_ANOTHER.detail, AUTHOR_IS_ANOTHER.pointer)
    if body.get("person") == str(who.person_id):
        return submission  # what says by itself who was signed in
    return replace(submission, body={**body, "author": {**author, "ref": who.person_ref}})


def prepare(submission: Submission, agency: str, chance: Chance) -> Prepared:
    """Compute what an entry commits to."""
    content = content_bytes(submission.kind, agency, submission.event_id, submission.body)
    salts = tuple(chance(32) for _ in submission.names)
    commitments = tuple(commitment_of(salt, content) for salt in salts)
    claims = claim_places(submission.kind, submission.body, agency)
    return Prepared(submission, agency, content, salts, commitments, claims)


def claim_places(kind: str, body: Mapping[str, Any], agency: str) -> tuple[Place, ...]:
    """What the claims projection keeps of each claim: its attribute, whom it is about, its place in the entry.

    Of who a person is also the gist, a digest of what is said: systems send it with each entry, and it is read once.
    """
    # Number and time do not matter here: neither is part of what is kept.
    claims = claims_of_entry(kind, body, agency=agency, number=0, recorded_at=_ANY_TIME)
    return tuple(dict.fromkeys((claim.attribute, claim.about, claim.index, _gist(claim)) for claim in claims))


def _gist(claim: Claim) -> str | None:
    return digest_of(claim.value) if claim.attribute == PERSON else None


def declared_places(kind: str, body: Mapping[str, Any], agency: str) -> list[Place]:
    """By which of its own names an entry declares people, for those who name them later: beside its claims."""
    people = declared_in(kind, body)
    return [(DECLARED, person_key(person["ref"], agency), index, None) for index, person in enumerate(people)]


def known(item: Prepared, locked: Locked) -> Outcome | None:
    """What an earlier call under the same event id means for this one; None where there was none."""
    stored = locked.known.get(item.submission.event_id)
    if not stored:
        return None
    if stored[0].salt is None:
        return CONTENT_ERASED
    records = [record_of(name, locked) for name in item.submission.names]
    # A child named by the address is no part of the body: the same body about another is another submission.
    is_elsewhere = isinstance(item.submission.names[0], UUID) and records[0] != stored[0].record_id
    if is_elsewhere or not stored[0].holds(item.content):
        return EVENT_ID_REUSED
    copies = sorted(stored[1:], key=lambda copy: records.index(copy.record_id))
    return Recorded(stored[0], is_new=False, copies=tuple(copies))


def record_of(name: Name, locked: Locked) -> UUID | None:
    """The record that a name stands for, None where it stands for none; an id is taken at its word."""
    return locked.found.get(name) if isinstance(name, str) else name


def named(caller: Caller) -> dict[str, str]:
    """What names a person in a body of their own."""
    return {} if caller.person_id is None else {"person": str(caller.person_id)}
