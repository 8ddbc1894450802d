"""The people and things of a child's record as one reader may see them: who is one, by which links, and who may be.

As the timeline does, it answers as of one point of the record, with today's markings, and is itself recorded.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.claim import Claim
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.likeness import Likeness
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD, ONE_PERSON_ROLES, LinkFact, Links
from ledger.services.find_as_of import PointAsked
from ledger.services.gather_people import KINDS, SAYING_WHO, Gathered, Person, Thing, gather_people
from ledger.services.past import Past, open_past
from ledger.services.propose_people import propose_people, propose_things
from ledger.services.read_adults import known_elsewhere
from ledger.services.see import Reader, Seen
from ledger.store.timeline import of_all


def read_people(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: PointAsked,
    *,
    pack: Pack,
    chance: Chance,
    auditor: Engine | None = None,
) -> dict[str, Any]:
    """People, things and proposals of a record, and where else its people are known. Writes the access record.

    ``auditor`` looks up whom to ring about another record; without it the duty desk is rung.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="people", chance=chance)
    stored = of_all(connection, record_id, KINDS, past.point.number)
    found = gather_people((past.look(entry) for entry in stored), pack)
    return past.head() | render_gathered(past, found, pack, auditor)


def render_gathered(
    past: Past, found: Gathered, pack: Pack, auditor: Engine | None, *, firsts: bool = False
) -> dict[str, Any]:
    """What was gathered of a record's entries at a point: its people, things and proposals.

    ``firsts``: what an agency says of who somebody is again and again in the same words is told by the first.
    """
    elsewhere = known_elsewhere(past, found.people_links, pack, auditor)
    rendering = _Rendering(past.pseudonym, found, elsewhere, firsts=firsts)
    return {
        "people": rendering.people(),
        "things": [rendering.thing(found.things[name]) for name in sorted(found.things)],
        "proposals": [
            *(rendering.proposal("people", likeness) for likeness in propose_people(found, pack)),
            *(rendering.proposal("things", likeness) for likeness in propose_things(found, pack)),
        ],
    }


def render_people(past: Past, found: Gathered) -> list[dict[str, Any]]:
    """The people alone, as `render_gathered` has them with ``firsts``, and without where else they are known."""
    return _Rendering(past.pseudonym, found, {}, firsts=True).people()


def _rank(person: Person) -> tuple[bool, bool, str]:
    return person.name != CHILD, person.name not in ONE_PERSON_ROLES, person.name


class _Rendering:
    def __init__(
        self, pseudonym: str, found: Gathered, elsewhere: Mapping[str, list[dict[str, Any]]], *, firsts: bool
    ) -> None:
        self._pseudonym, self._found, self._elsewhere, self._firsts = pseudonym, found, elsewhere, firsts

    def people(self) -> list[dict[str, Any]]:
        return [self.person(person) for person in sorted(self._found.people.values(), key=_rank)]

    def person(self, person: Person) -> dict[str, Any]:
        declared = [
            {
                **self._place(one.entry),
                "key": one.key,
                **{part: one.sent[part] for part in SAYING_WHO if isinstance(one.sent.get(part), str)},
            }
            for one in (self._found.firsts_of(person.name) if self._firsts else person.declared)
        ]
        own_role = [person.name] if person.name in ONE_PERSON_ROLES else []
        return {
            "id": person.name,
            "keys": sorted(person.keys),
            "roles": list(dict.fromkeys([*own_role, *(one["role"] for one in declared if "role" in one)])),
            "declared": declared,
            **self._links("people", person.name, person.keys, self._found.people_links),
            **({"elsewhere": self._elsewhere[person.name]} if person.name in self._elsewhere else {}),
        }

    def thing(self, thing: Thing) -> dict[str, Any]:
        return {
            "id": thing.name,
            "keys": sorted(thing.keys),
            "said": [self._said(claim) for claim in thing.claims],
            **self._links("things", thing.name, thing.keys, self._found.thing_links),
        }

    def proposal(self, of: str, likeness: Likeness) -> dict[str, Any]:
        return {
            "of": of,
            "ids": [likeness.one, likeness.other],
            "level": likeness.level,
            "score": likeness.score,
            "why": list(likeness.why),
        }

    def _said(self, claim: Claim) -> dict[str, Any]:
        said = {
            "entry": entry_id(self._pseudonym, claim.number),
            "agency": claim.agency,
            "about": self._found.people_links.resolve(claim.about, claim.agency),
            "attribute": claim.attribute,
        }
        return said | ({"value": claim.value} if claim.value is not None else {"not_known": claim.not_known})

    def _links(self, sort: str, name: str, keys: Iterable[str], links: Links) -> dict[str, Any]:
        """The entries that joined it and still do, and those that took something of it apart."""
        joined, parted = [], []
        for entry, fact in self._found.facts_on(sort, set(keys)):
            if fact.is_unlink:
                parted.append(self._link(entry, fact))
            elif len({key for key in fact.keys if links.name_of(key) == name}) > 1:
                joined.append(self._link(entry, fact))
        return {"links": joined, "unlinks": parted}

    def _link(self, entry: Seen, fact: LinkFact) -> dict[str, Any]:
        is_link = entry.kind in ("link", "unlink")
        told = {"reason": entry.body["reason"]} if is_link and isinstance(entry.body.get("reason"), str) else {}
        how = str(entry.kind) if is_link else "declared_role"
        return {**self._place(entry), "how": how, "keys": list(fact.keys), **told}

    def _place(self, entry: Seen) -> dict[str, Any]:
        return {
            "entry": entry_id(self._pseudonym, entry.number),
            "agency": entry.agency,
            "recorded_at": written_time(entry.recorded_at),
        }
