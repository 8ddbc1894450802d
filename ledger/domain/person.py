"""Who is one person, and what is one thing.

Links join keys into one person, in the order of the record; an unlink takes them apart again, and nothing is
ever merged: the same links always give the same people. The same class joins the keys of things.

* A role that one person holds (``mother``, ``father``) is one person for all agencies until an unlink names an
  agency's own use of it (``agency/father``), which from then on is that agency's own person.
* An unlink of several keys takes away what joins them directly; where a third key still joins two of them, the
  later named one leaves the group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any, Literal, NamedTuple

CHILD = "child"
#: Roles that one person holds, the same person for every agency of a record until unlinked.
ONE_PERSON_ROLES = ("mother", "father")


def person_key(ref: str, agency: str, roles: Mapping[str, str] | None = None) -> str:
    """The key of a person as ``agency`` refers to them; ``roles`` gives the role it declared for a reference.

    A reference with a slash names another agency's reference, and is a key already.
    """
    role = (roles or {}).get(ref, ref)
    if role == CHILD or role in ONE_PERSON_ROLES or "/" in role:
        return role
    return f"{agency}/{role}"


def thing_key(ref: str, agency: str) -> str:
    """The key of a thing as ``agency`` refers to it."""
    return ref if "/" in ref else f"{agency}/{ref}"


def declared_roles(body: Mapping[str, Any]) -> dict[str, str]:
    """The references that a body declares to be the mother or the father."""
    return {
        person["ref"]: person["role"]
        for person in body.get("people", ())
        if isinstance(person, Mapping) and person.get("ref") and person.get("role") in ONE_PERSON_ROLES
    }


class LinkFact(NamedTuple):
    """What an entry says about who (or what) is one: its keys are joined, or taken apart."""

    sort: Literal["people", "things"]
    is_unlink: bool
    keys: tuple[str, ...]


def link_facts(kind: str, agency: str, body: Mapping[str, Any]) -> list[LinkFact]:
    """The link facts of an entry: of a link or unlink, and of the roles that an observation or details declare."""
    if kind in {"link", "unlink"}:
        facts = []
        if body.get("people"):
            keys = tuple(person_key(ref, agency) for ref in body["people"])
            facts.append(LinkFact("people", kind == "unlink", keys))
        if body.get("things"):
            keys = tuple(thing_key(ref, agency) for ref in body["things"])
            facts.append(LinkFact("things", kind == "unlink", keys))
        return facts
    if kind == "child":
        mother = body.get("mother")
        own = person_key(mother["ref"], agency) if isinstance(mother, Mapping) and mother.get("ref") else "mother"
        return [] if own == "mother" else [LinkFact("people", is_unlink=False, keys=("mother", own))]
    observation = body.get("observation") if kind == "correction" else body
    return [
        LinkFact("people", is_unlink=False, keys=(role, person_key(ref, agency)))
        for ref, role in declared_roles(observation or {}).items()
        if person_key(ref, agency) != role
    ]


@dataclass(frozen=True)
class Links:
    """The links that stand: pairs of keys, and the agencies' uses of a role that are no longer the role's person."""

    pairs: frozenset[tuple[str, str]] = frozenset()
    detached: frozenset[str] = frozenset()

    @classmethod
    def of(cls, facts: Iterable[LinkFact]) -> Links:
        """The links that stand after these facts, in their order."""
        links = cls()
        for fact in facts:
            links = links.after(fact)
        return links

    def after(self, fact: LinkFact) -> Links:
        """The links once ``fact`` is recorded; these very links when it changes nothing."""
        after = self._unlinked(fact.keys) if fact.is_unlink else self._linked(fact.keys)
        return self if after == self else after

    def resolve(self, key: str, agency: str) -> str:
        """The name by which ``key``, as ``agency`` uses it, is compared: of all joined keys the role, or the least."""
        own = f"{agency}/{key}"
        if key in ONE_PERSON_ROLES and own in self.detached:
            key = own
        return self._names.get(key, key)

    def name_of(self, key: str) -> str:
        """The name by which a person is compared whom a key names in full: ``agency/father`` as that agency's."""
        role = _role_in(key)
        return self.resolve(key if role is None or key in self.detached else role, "")

    def part(self, keys: Iterable[str]) -> bool:
        """Whether an unlink of these keys would take anything apart: any two of them are one."""
        keys = set(keys)
        return len({self.name_of(key) for key in keys}) < len(keys)

    def keys_of(self, name: str) -> frozenset[str]:
        """Every key under which claims about the person named ``name`` may have been sent."""
        keys = self._groups.get(name, frozenset({name}))
        return keys | {key.partition("/")[2] for key in keys & self.detached}

    @property
    def names(self) -> frozenset[str]:
        """The names of all whom links join."""
        return frozenset(self._groups)

    @cached_property
    def _groups(self) -> dict[str, frozenset[str]]:
        joined: dict[str, set[str]] = {}
        for one, other in sorted(self.pairs):
            group = joined.get(one, {one}) | joined.get(other, {other})
            for key in group:
                joined[key] = group
        groups = {min(group, key=_rank_of_name): frozenset(group) for group in joined.values()}
        return dict(sorted(groups.items()))

    @cached_property
    def _names(self) -> dict[str, str]:
        return {key: name for name, group in self._groups.items() for key in group}

    def _linked(self, keys: tuple[str, ...]) -> Links:
        detached = self.detached - {key for key in keys if _role_in(key) in keys}
        names = dict.fromkeys(key if key in detached else _role_in(key) or key for key in keys)
        return Links(self.pairs | {_pair(one, other) for one, other in combinations(names, 2)}, detached)

    def _unlinked(self, keys: tuple[str, ...]) -> Links:
        apart = {_pair(one, other) for one, other in combinations(dict.fromkeys(keys), 2)}
        leaving = _roles_left(keys)
        links = replace(self, pairs=self.pairs - apart, detached=self.detached | leaving)
        for stays, leaves in combinations(dict.fromkeys(keys), 2):
            if links.resolve(stays, "") == links.resolve(leaves, ""):
                links = replace(links, pairs=frozenset(pair for pair in links.pairs if leaves not in pair))
        return links


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _rank_of_name(key: str) -> tuple[bool, bool, str]:
    return (key != CHILD, key not in ONE_PERSON_ROLES, key)


def _role_in(key: str) -> str | None:
    """The role that an agency's use of a role names: ``father`` for ``agency/father``."""
    role = key.partition("/")[2]
    return role if role in ONE_PERSON_ROLES else None


def _roles_left(keys: tuple[str, ...]) -> set[str]:
    """The agencies' uses of a role that an unlink of ``keys`` takes out of the role: all but the one that stays."""
    uses: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        role = _role_in(key)
        if role is not None:
            uses[role].append(key)
    return {
        key
        for role, named in uses.items()
        for place, key in enumerate(named)
        if place > 0 or role in keys or len(keys) > len(named)
    }
