"""What may go to a family of what an agency holds: gathered once, as those who get it may see it.

The entries are looked at twice: as the officer's agency sees them, and as they are seen by who could pass them on to
those who get them (`Reader.audience`). What differs is kept back for `not_to`, and no word that is given may hold it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import PERSON, Claim, claims_of_entry
from ledger.domain.mention import declared_in
from ledger.domain.person import CHILD, Links, person_key
from ledger.domain.third_party import Unsaid, Whose, unsaid, values_said
from ledger.services.gather_disputes import with_disputes
from ledger.services.refusal import PERSON_NOT_KNOWN, RefusedError
from ledger.services.see import Reader, Seen, Sight, open_eyes
from ledger.services.word_claim import Wording, wording_of
from ledger.store.database import SYSTEM
from ledger.store.markings import marks_of, people_links
from ledger.store.people import Agency, directory
from ledger.store.timeline import StoredEntry, heads_of, of_agencies

#: Nobody's agency: what it may see is what is shared with everybody involved.
_ANYBODY = "-"
#: Whom everybody means by these words.
_SURE = frozenset({CHILD, "mother", "father"})


@dataclass(frozen=True, slots=True)
class Material:
    """All that a bundle or a notice is made of."""

    agency: str
    record_id: UUID
    whose: Whose
    up_to: int
    directory: Mapping[str, Agency]
    #: Entries of the officer's agency, as those who get them may see them.
    own: Mapping[int, Seen]
    #: Of these those that everybody involved may see, each with the places of the claims that they may not.
    shared: Mapping[int, frozenset[int]]
    #: Of others' entries those that everybody involved, and those who get it, may see.
    others: Mapping[int, Seen]
    #: Own entries, and claims of them, that those who get it may not see: by number, None for the whole.
    hidden: Mapping[int, frozenset[int] | None]
    wording: Wording
    unsaid: Unsaid
    #: Agencies of which those who get it could be told nothing but that they take part, though they hold more.
    silent: frozenset[str] = frozenset()

    def name(self, agency: str) -> str:
        """An agency's name."""
        return self.directory[agency].name if agency in self.directory else agency


def gather(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    *,
    audience: Collection[str] | None,
    subjects: Collection[str] = (),
    up_to: int | None = None,
) -> Material:
    """What there is for these people, by the officer's own references; `audience` None: for all whom any marking names.

    The connection acts for the reader's agency, which is involved. Raises RefusedError where the record does not know
    one of them.
    """
    pseudonym, head = heads_of(connection, [record_id])[record_id]
    point = head if up_to is None else up_to
    links = people_links(connection, [record_id]).get(record_id, Links())
    keys = {person_key(ref, reader.agency) for ref in audience or ()}
    if audience is None:
        keys = {key for row in marks_of(connection, [record_id]) for key in row.mark.sharing.not_to} or {CHILD}
    stored = of_agencies(connection, record_id, point)
    plain = open_eyes(connection, replace(reader, audience=frozenset()), [record_id])
    reached = frozenset(keys)
    if not all(_is_sure(key, links) for key in keys):
        # Nobody has said who that is of those whom a marking names: it may be any of them.
        reached |= {key for row in marks_of(connection, [record_id]) for key in row.mark.sharing.not_to}
    eyes = replace(plain, reader=replace(reader, audience=reached))
    if keys:
        eyes = open_eyes(connection, replace(reader, audience=reached), [record_id])
    anybody = replace(eyes, reader=Reader(_ANYBODY, audience=reached))
    before = {one.number: plain.look(one, up_to=point) for one in stored}
    after = {one.number: eyes.look(one, up_to=point) for one in stored}
    everybody = {one.number: anybody.look(one, up_to=point) for one in stored}
    told = {number for number, one in everybody.items() if one.sight is Sight.FULL}
    own = {number: one for number, one in after.items() if one.agency == reader.agency and one.is_visible}
    own = with_disputes(connection, eyes, record_id, pseudonym, own.values(), point)
    others = {
        number: one for number, one in after.items() if one.agency not in {reader.agency, SYSTEM} and number in told
    }
    agencies = directory(connection)
    silent = _silent(stored, told & {number for number, one in after.items() if one.is_visible})
    whose = Whose(
        frozenset(keys),
        frozenset(person_key(ref, reader.agency) for ref in subjects) or frozenset(keys),
        links,
        frozenset(claim.about for one in before.values() for claim in _claims(one) if claim.attribute == PERSON),
    )
    _check_known(audience or (), reader.agency, whose)
    return Material(
        reader.agency,
        record_id,
        whose,
        point,
        agencies,
        own,
        {number: everybody[number].hidden for number in own if everybody[number].is_visible},
        others,
        _hidden(before, after, reader.agency),
        wording_of(own.values(), {name: one.name for name, one in agencies.items()}),
        _unsaid(before, after, whose, [agencies[name].name for name in silent - {reader.agency} if name in agencies]),
        silent,
    )


def _is_sure(key: str, links: Links) -> bool:
    """Whether it is known who somebody is: the child, the mother or the father."""
    return links.name_of(key) in {links.name_of(one) for one in _SURE}


def _check_known(audience: Collection[str], agency: str, whose: Whose) -> None:
    """Raise RefusedError where somebody is to get it whom the record does not know: a slip, and it reaches anybody."""
    known = whose.known | _SURE | {key for pair in whose.links.pairs for key in pair}
    for place, ref in enumerate(audience):
        if person_key(ref, agency) not in known:
            raise RefusedError(PERSON_NOT_KNOWN.code, PERSON_NOT_KNOWN.detail, f"/for/{place}")


def _silent(stored: Collection[StoredEntry], told: Collection[int]) -> frozenset[str]:
    speaking = {one.agency for one in stored if one.number in told and one.kind != "involvement"}
    return frozenset(one.agency for one in stored if one.number not in told) - speaking


def _hidden(before: Mapping[int, Seen], after: Mapping[int, Seen], agency: str) -> dict[int, frozenset[int] | None]:
    """What of an agency's own entries those who get it may not see."""
    found: dict[int, frozenset[int] | None] = {}
    for number, one in after.items():
        if one.agency != agency or not before[number].is_visible:
            continue
        if not one.is_visible:
            found[number] = None
        elif one.sight is Sight.PART:
            found[number] = one.hidden
    return found


def _unsaid(
    before: Mapping[int, Seen], after: Mapping[int, Seen], whose: Whose, silent: Collection[str] = ()
) -> Unsaid:
    """`silent`: the names of agencies that those who get it are not to hear of, as of a refuge."""
    names: set[str] = set()
    own: set[str] = set()
    secrets: set[str] = set(silent)
    for number, one in before.items():
        if not one.is_visible:
            continue
        for person in declared_in(one.kind or "", one.body):
            key = person_key(str(person["ref"]), one.agency, _roles(person))
            said = [str(person[part]) for part in ("name", "description") if person.get(part)]
            (own if whose.allows(key, one.agency) else names).update(said[:1])
        names_of_child = [str(one.body["name"])] if one.kind == "child" and one.body.get("name") else []
        own.update(names_of_child)
        later = after[number]
        if later.sight is one.sight and later.hidden == one.hidden:
            continue
        gone = None if not later.is_visible else later.hidden
        secrets.update(values_said(_claims(one), gone))
    return unsaid(names, own, secrets)


def _roles(person: Mapping[str, object]) -> dict[str, str]:
    role = person.get("role")
    return {str(person["ref"]): str(role)} if role in ("mother", "father") else {}


def _claims(entry: Seen) -> list[Claim]:
    return claims_of_entry(
        entry.kind or "", entry.body, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at
    )
