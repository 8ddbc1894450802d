"""Whom a form about a child may name: those that the reader sees named, and under which reference an agency does so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD, ONE_PERSON_ROLES
from ledger.services.find_as_of import PointAsked
from ledger.services.gather_people import gather_people
from ledger.services.past import Past, open_past
from ledger.services.read_people import render_people
from ledger.services.see import Reader
from ledger.services.word_text import capital, plain

#: Before the key of somebody whom only other agencies have named: naming them takes a reference of one's own, linked.
ANOTHERS: Final = "of:"
#: What the access records call it.
LOOK: Final = "people"
_ALWAYS: Final = (CHILD, *ONE_PERSON_ROLES)


@dataclass(frozen=True, slots=True)
class Nameable:
    """Somebody whom a form may name: the value to send, what they are called, and by which names and parts."""

    value: str
    words: str
    names: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


#: Whom every record knows.
ROLES: Final = tuple(Nameable(role, "The child" if role == CHILD else f"The {role}", parts=(role,)) for role in _ALWAYS)


def name_people(
    connection: Connection, reader: Reader, record_id: UUID, *, pack: Pack, chance: Chance
) -> list[Nameable]:
    """Everybody whom the reader sees named in a record, the child and the parents first. Writes the access record.

    Raises NotKnownError.
    """
    return people_in(open_past(connection, reader, record_id, PointAsked(), what=LOOK, chance=chance), pack)


def people_in(past: Past, pack: Pack) -> list[Nameable]:
    """The same of a record that was opened already."""
    reader = past.reader
    people = {one["id"]: one for one in render_people(past, gather_people(past.seen(), pack))}
    roles = [_role(one, people.get(one.value)) for one in ROLES]
    others = (_other(one, reader.agency) for name, one in people.items() if name not in _ALWAYS)
    return [*roles, *(one for one in others if one is not None)]


def _role(one: Nameable, told: Mapping[str, Any] | None) -> Nameable:
    names = _each("name", told["declared"]) if told else ()
    words = f"{one.words}, {names[-1]}" if names and one.value != CHILD else one.words
    return Nameable(one.value, words, names, (one.value,))


def _other(told: Mapping[str, Any], agency: str) -> Nameable | None:
    own = [key for key in told["keys"] if key.startswith(f"{agency}/")]
    named = _each("name", told["declared"])
    parts, described = tuple(told["roles"]), _each("description", told["declared"])
    said = [*named[-1:], *(plain(part) for part in parts[-1:])] or [one[:60] for one in described[-1:]]
    if not own and not said:
        return None
    value = own[0].partition("/")[2] if own else f"{ANOTHERS}{told['keys'][0]}"
    return Nameable(value, capital(", ".join(said) or plain(value)), named, parts)


def _each(part: str, declared: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one[part] for one in declared if isinstance(one.get(part), str)))
