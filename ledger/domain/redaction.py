"""What is left of a body where claims or people of it are held back.

What is left keeps its place: an empty object stands where something was, and is read as nothing. With any of it go the
words in which the same may be said: the narrative, and the reason of a correction, a void or a decision. A contact that
names somebody who is held back goes whole, and so does every other entry that names them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.domain.claim import observation_of
from ledger.domain.entry import parse_entry_id
from ledger.domain.person import declared_roles, person_key

#: Where an entry says in words what it says besides in parts.
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "observation": frozenset({"narrative"}),
    "contact": frozenset({"narrative"}),
    "correction": frozenset({"reason"}),
    "void": frozenset({"reason"}),
    "decision": frozenset({"reason", "override"}),
}
#: What a contact says of who was there, where the contact is the whole entry; elsewhere it is one part of it.
_THERE: Final = ("present", "in_earshot", "by_whom")
#: Lists of which each item is a part of its own.
_PARTED: Final = frozenset({"claims", "people", "relies_on"})
_NO_NAMES: Final = frozenset({"event_id", "author"})


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left, and what went with the people: places, as `claims_of_entry` counts them, with the keys named there.

    ``whole`` are the keys of those for whose sake nothing of it may be seen.
    """

    body: Mapping[str, Any]
    gone: Mapping[int, Collection[str]] = field(default_factory=dict)
    whole: Collection[str] = ()


def cut(
    kind: str,
    body: Mapping[str, Any],
    agency: str,
    claims: Collection[int],
    people: Collection[str],
    *,
    wordless: bool = False,
) -> Cut:
    """A body without these claims, by their places, and these people, by their keys; ``wordless``: without words too.

    With nothing to take out it is the very body.
    """
    observation = observation_of(kind, body)
    if observation is not None:
        made = _Cutting(observation, agency, people).observation(kind, claims, wordless=wordless)
        if kind != "correction" or made.body is observation:
            return Cut(body, made.gone) if made.body is observation else made
        left = {name: value for name, value in body.items() if name not in _WORDS[kind]}
        return Cut({**left, "observation": made.body}, made.gone)
    if kind == "decision":
        return _Cutting(body, agency, people).decision(wordless=wordless)
    if kind == "child":
        return _Cutting(body, agency, people).details()
    named = {key for ref in _strings(body) for key in keys_of_ref(ref, agency, {})} if people else set()
    if whole := {key for key in named if key in people}:
        return Cut(body, whole=whole)
    return Cut(_unworded(kind, body)) if wordless else Cut(body)


#: The kinds of which `without_entries` may take something away: no body of another kind is cut for what it names.
NAMING_ENTRIES: Final = frozenset(
    {
        "information_request", "assessment_signed", "share", "information_answer", "assessment_reply", "concern",
        "concern_answer", "family_summary", "decision",
    }
)  # fmt: skip


def without_entries(
    kind: str, body: Mapping[str, Any], is_unknown: Callable[[int], bool], is_held: Callable[[int], bool]
) -> Mapping[str, Any]:
    """A body that names no entry, by its number in the record, of which the reader may not know.

    A belief on which a decision relies says again what the entry says that it names: where anything of that is held
    back from the reader the belief is too, in its place, and with it the decision's words.
    """
    match kind:
        case "information_request" if "claim" in body:
            # Which claim it names is told beside that claim, to whoever may see it: `services/read_corroboration.py`.
            return {name: value for name, value in body.items() if name != "claim"}
        case "assessment_signed" if _is_of(body.get("judgement"), is_unknown):
            return {name: value for name, value in body.items() if name != "judgement"}
        case "share" | "information_answer" | "assessment_reply" | "concern" | "concern_answer" | "family_summary" if (
            "entries" in body
        ):
            left = [one for one in body["entries"] if not _is_of(one, is_unknown)]
            return body if len(left) == len(body["entries"]) else {**body, "entries": left}
        case "decision":
            relied = [one for one in body.get("relies_on", ()) if isinstance(one, Mapping)]
            left = [{} if _is_of(one.get("entry"), is_held) else one for one in relied]
            if left != relied:
                return {**_unworded(kind, body), "relies_on": left}
    return body


def without_places(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A body that was cut, as it is shown: nothing stands where something was."""
    observation = observation_of(kind, body)
    told = body if observation is None else observation
    left = {
        name: [one for one in value if one] if name in _PARTED and isinstance(value, list) else value
        for name, value in told.items()
    }
    left = {name: value for name, value in left.items() if name not in _PARTED or value}
    return {**body, "observation": left} if kind == "correction" and observation is not None else left


def says_something(kind: str, body: Mapping[str, Any]) -> bool:
    """Whether what is left of a body still says anything: a narrative, a claim, a contact."""
    observation = observation_of(kind, body)
    if observation is None or kind == "contact":
        return True
    return bool(observation.get("narrative") or observation.get("contact") or any(observation.get("claims", ())))


def persons_in(part: Mapping[str, Any], agency: str, roles: Mapping[str, str]) -> set[str]:
    """The keys of all whom a claim may name: about whom, with whom, by whom, in earshot, and whatever its value is."""
    value = part.get("value")
    named = [*value.values()] if isinstance(value, Mapping) else [value]
    named += [part.get(name) for name in ("about", "with", "informant", "in_earshot")]
    return _keys(named, agency, roles)


def keys_of_ref(ref: str, agency: str, roles: Mapping[str, str]) -> set[str]:
    """The keys by which somebody may be known: by the agency's own reference, and by the role that a body declares."""
    return {person_key(ref, agency), person_key(ref, agency, roles)}


def _keys(named: object, agency: str, roles: Mapping[str, str]) -> set[str]:
    if isinstance(named, str):
        return keys_of_ref(named, agency, roles)
    if isinstance(named, list | tuple):
        return {key for one in named for key in _keys(one, agency, roles)}
    return set()


def _is_of(named: object, is_unknown: Callable[[int], bool]) -> bool:
    place = parse_entry_id(named) if isinstance(named, str) else None
    return place is not None and is_unknown(place[1])


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, below in value.items():
            if name not in _NO_NAMES:
                yield from _strings(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _strings(below)


def _unworded(kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    words = _WORDS.get(kind, frozenset())
    return body if words.isdisjoint(body) else {name: value for name, value in body.items() if name not in words}


class _Cutting:
    """One observation, decision or a child's details, from which something is taken out."""

    def __init__(self, body: Mapping[str, Any], agency: str, people: Collection[str]) -> None:
        self._body, self._agency, self._people = body, agency, people
        self._roles = declared_roles(body)

    def observation(self, kind: str, claims: Collection[int], *, wordless: bool) -> Cut:
        """What an observation, a contact or what a correction holds is without these claims and the people."""
        sent, listed = self._body.get("claims", ()), self._body.get("people", ())
        out = set(claims) | {
            place
            for place, claim in enumerate(sent)
            if isinstance(claim, Mapping) and self._named(persons_in(claim, self._agency, self._roles))
        }
        gone = {place: self._named_in_claim(sent[place]) for place in out if place < len(sent)}
        for place, one in enumerate(listed, len(sent)):
            if isinstance(one, Mapping) and (keys := self._named(self._keys(one.get("ref")))):
                gone[place] = keys
        contact = self._body if kind == "contact" else self._body.get("contact")
        there = self._keys([contact.get(part) for part in _THERE]) if isinstance(contact, Mapping) else set()
        named = self._named(there)
        if named:
            after = len(sent) + len(listed)
            gone |= dict.fromkeys(range(after, after + 1 + len(there)), named)
        if not gone and not wordless:
            return Cut(self._body)
        left = dict(_unworded("observation", self._body))
        if isinstance(grading := left.get("grading"), Mapping):  # what it is worth is told, not what was said of it
            left["grading"] = {name: value for name, value in grading.items() if name != "conditions"}
        if "claims" in left:
            left["claims"] = [{} if place in gone else self._unnamed(claim) for place, claim in enumerate(sent)]
        if "people" in left:
            left["people"] = [
                {} if place in gone else self._unnamed(one) for place, one in enumerate(listed, len(sent))
            ]
        if named:
            parts = _THERE if kind == "contact" else ("contact",)
            left = {name: value for name, value in left.items() if name not in parts}
        left = dict(self._unnamed(left))
        return Cut(self._body if left == self._body else left, gone)

    def decision(self, *, wordless: bool) -> Cut:
        """What a decision is without what it relies on of these people, and the words that go with it."""
        sent = self._body.get("relies_on", ())
        gone = {place: keys for place, one in enumerate(sent) if (keys := self._named_in_claim(one))}
        if not gone and not wordless:
            return Cut(self._body)
        left = dict(_unworded("decision", self._body))
        if gone:
            left["relies_on"] = [{} if place in gone else one for place, one in enumerate(sent)]
        return Cut(self._body if left == self._body else left, gone)

    def details(self) -> Cut:
        """What a child's details are without the mother."""
        mother = self._body.get("mother")
        refs = ["mother", *([mother.get("ref")] if isinstance(mother, Mapping) else [])]
        if mother is None or not self._named(self._keys(refs)):
            return Cut(self._body)
        return Cut({name: value for name, value in self._body.items() if name != "mother"})

    def _keys(self, named: object) -> set[str]:
        return _keys(named, self._agency, self._roles)

    def _named(self, keys: set[str]) -> set[str]:
        return {key for key in keys if key in self._people}  # of many who are marked an entry names few

    def _named_in_claim(self, claim: object) -> set[str]:
        return self._named(persons_in(claim, self._agency, self._roles)) if isinstance(claim, Mapping) else set()

    def _unnamed(self, part: Any) -> Any:
        """A part whose sharing names none of them: whom it must not reach tells who they are."""
        sharing = part.get("sharing") if isinstance(part, Mapping) else None
        if not isinstance(sharing, Mapping) or not self._named(self._keys(sharing.get("not_to"))):
            return part
        return {**part, "sharing": {name: value for name, value in sharing.items() if name != "not_to"}}
