"""Whom a body names, where in it, and whom it says who they are.

A name is as it was sent; `person_key` makes a key of it. Those whom a body declares (in ``people``, or the mother in a
child's details) may be named from that entry on.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any, Final, NamedTuple

from ledger.domain.claim import ANONYMOUS, observation_of
from ledger.domain.person import CHILD, ONE_PERSON_ROLES

#: Under this attribute the projection of claims keeps by which names of its own an entry declares people.
DECLARED: Final = "entry:ref"
#: A value that is a person may be this word: it names no one.
NOBODY: Final = "nobody"
#: Whom every record knows.
ALWAYS_KNOWN: Final = frozenset({CHILD, *ONE_PERSON_ROLES})


class Mention(NamedTuple):
    """A name of a person, and where it stands: an RFC 6901 pointer into the body."""

    pointer: str
    ref: str


def declared_in(kind: str, body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The people of whom an entry says who they are, each as sent, with its ``ref``."""
    if kind == "child":
        mother = body.get("mother")
        return [{**mother, "role": "mother"}] if isinstance(mother, Mapping) and mother.get("ref") else []
    observation = observation_of(kind, body) or {}
    return [person for person in observation.get("people", ()) if isinstance(person, Mapping) and person.get("ref")]


def mentions_in(kind: str, body: Mapping[str, Any], person_attributes: Container[str]) -> Iterator[Mention]:
    """Every person whom the claims and the contact of an observation, a contact or a correction name, in order.

    The values of ``person_attributes`` are people too.
    """
    observation = observation_of(kind, body)
    if observation is None:
        return
    within = "/observation" if kind == "correction" else ""
    for place, claim in enumerate(observation.get("claims", ())):
        yield from _in_claim(f"{within}/claims/{place}", claim, claim.get("attribute") in person_attributes)
    contact, at = (
        (observation, within) if kind == "contact" else (observation.get("contact") or {}, f"{within}/contact")
    )
    for part in ("present", "in_earshot"):
        yield from _named(f"{at}/{part}", contact.get(part))


def _in_claim(at: str, claim: Mapping[str, Any], is_value_a_person: bool) -> Iterator[Mention]:  # noqa: FBT001
    yield from _named(f"{at}/about", claim.get("about"))
    yield from _named(f"{at}/with", claim.get("with"))
    if claim.get("informant") != ANONYMOUS:
        yield from _named(f"{at}/informant", claim.get("informant"))
    yield from _named(f"{at}/in_earshot", claim.get("in_earshot"))
    if is_value_a_person:
        value = claim.get("value")
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        for form, named in parts:
            where = f"{at}/value/{form}" if form else f"{at}/value"
            yield from (mention for mention in _named(where, named) if mention.ref != NOBODY)


def _named(at: str, value: Any) -> Iterator[Mention]:
    """One name or a list of them; an office, which is an object, names nobody of the record."""
    if isinstance(value, str):
        yield Mention(at, value)
    elif isinstance(value, list):
        for place, ref in enumerate(value):
            if isinstance(ref, str):
                yield Mention(f"{at}/{place}", ref)
