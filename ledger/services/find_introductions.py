"""The entries, as one reader sees them, that say who the people and things of some statements are.

A finding names people by agencies' references; what they are called, and who is one with whom, stands in other entries
of the record. Of those only such as bear on these references are read, and each is looked at with the reader's eyes.
"""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.allows import named_in
from ledger.domain.claim import Claim
from ledger.domain.person import Links
from ledger.services.see import Eyes, Seen
from ledger.store.introductions import LinkPlace, declaring, linking
from ledger.store.timeline import by_number


def find_introductions(
    connection: Connection, eyes: Eyes, claims: Mapping[UUID, Collection[Claim]]
) -> dict[UUID, list[Seen]]:
    """For each record, the entries that declare or link whom or what these claims name."""
    keys = {record: {key for claim in of for key in keys_in(claim)} for record, of in claims.items()}
    places = set()
    for record, link in _reached(keys, linking(connection, list(keys))):
        keys[record] |= set(link.members)
        places.add((record, link.number))
    found: dict[UUID, list[Seen]] = {record: [] for record in keys}
    for entry in by_number(connection, places | declaring(connection, keys)):
        found[entry.record_id].append(eyes.look(entry))
    return found


def keys_in(claim: Claim) -> set[str]:
    """The people and things that a claim names: about whom, with whom, by whom, and in its value."""
    named = named_in(claim, Links())
    parts = {claim.about, claim.counterpart, claim.informant, claim.thing, *(claim.in_earshot or ())}
    return {part for part in parts if part} | (named.names if named else frozenset())


def _reached(keys: Mapping[UUID, set[str]], links: Iterable[LinkPlace]) -> list[tuple[UUID, LinkPlace]]:
    """The links that bear on these keys, also by way of each other."""
    left, reached = list(links), list[tuple[UUID, LinkPlace]]()
    known = {record: set(of) for record, of in keys.items()}
    while near := [link for link in left if known[link.record_id].intersection(link.members)]:
        for link in near:
            known[link.record_id] |= set(link.members)
            reached.append((link.record_id, link))
        left = [link for link in left if link not in near]
    return reached
