"""What one agency says in one observation, claim by claim, as it was sent.

A claim is immutable and complete in itself: its names are keys (a role that one person holds, or
``agency/ref``), its times are the text that was sent, and nothing in it depends on links or on the rule
pack, so the claims of an entry are the same for ever.

What an entry says outside its claims and detection must know of is read as claims too: who a person is
(``entry:person``), when the child was born or is expected, what a decision relies on (statement ``relied_on``, which
is compared with nothing), the decision itself (``entry:decision``) and a step of an allegation (``entry:allegation``).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ledger.domain.civil_day import civil_date
from ledger.domain.entry import canonical
from ledger.domain.person import CHILD, declared_roles, person_key, thing_key

ANONYMOUS = "anonymous"
OFFICE_PREFIX = "office:"
#: Attributes of what is read as a claim and was not sent as one.
PERSON: Final = "entry:person"
DECISION: Final = "entry:decision"
ALLEGATION: Final = "entry:allegation"
#: The statement of what a decision relies on.
RELIED_ON: Final = "relied_on"
_CHILD_DETAILS: Final = {"born": "date_of_birth", "expected": "expected_date", "gestation_weeks": "gestation_weeks"}
_OF_PERSON: Final = ("role", "name", "born", "description")


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Where a claim stands: its entry's number in the record and its place in that entry."""

    number: int
    index: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One structured statement. ``value`` is text as sent; a value of any other shape is its canonical JSON."""

    number: int
    index: int
    agency: str
    office: str | None
    recorded_at: datetime
    observed: str
    about: str
    attribute: str
    value: str | None
    not_known: str | None
    valid: str | None
    basis: str
    informant: str | None
    heard_from: str | None
    statement: str
    thing: str | None
    counterpart: str | None
    item: str | None
    topic: str | None
    #: How deep the contact was at which it was seen or said, and whether the home was entered; None: not said.
    depth: str | None = None
    home_entered: bool | None = None
    #: Who could hear it said, by their keys; None: not said.
    in_earshot: tuple[str, ...] | None = None
    kind: str = "observation"

    @property
    def ref(self) -> Ref:
        return Ref(self.number, self.index)


def observation_of(kind: str, body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The observation within a body of this kind, if there is one."""
    if kind in {"observation", "contact"}:
        return body
    if kind == "correction":
        observation = body.get("observation")
        return observation if isinstance(observation, Mapping) else None
    return None


def firsts(introductions: Iterable[Claim]) -> list[Claim]:
    """Of claims that say who people are, the first that says so in the same words for the same agency."""
    found: dict[tuple[str, str, str | None], Claim] = {}
    for claim in sorted(introductions, key=lambda claim: claim.ref):
        found.setdefault((claim.agency, claim.about, claim.value), claim)
    return list(found.values())


def claims_of_entry(
    kind: str,
    body: Mapping[str, Any],
    *,
    agency: str,
    number: int,
    recorded_at: datetime,
    on: Container[str] | None = None,
) -> list[Claim]:
    """Every claim that an entry of this kind makes, and what is read as one.

    ``on``: no other attributes are asked for, so that claims on others may be left out.
    """
    match kind:
        case "observation" | "contact" | "correction":
            entry = _Entry(kind, observation_of(kind, body) or {}, agency, number, recorded_at)
            people = _people_in(entry, len(entry.body.get("claims", ()))) if on is None or PERSON in on else ()
            return [*entry.sent(on), *people]
        case "child" | "decision" | "allegation":
            entry = _Entry(kind, body, agency, number, recorded_at)
            return [*_READ[kind](entry)]
    return []


def claims_of(body: Mapping[str, Any], *, agency: str, number: int, recorded_at: datetime) -> list[Claim]:
    """The claims of an observation, a contact or a correction's observation, in the order sent."""
    return [*_Entry("observation", body, agency, number, recorded_at).sent()]


class _Entry:
    """One entry's body, from which its claims are read."""

    def __init__(self, kind: str, body: Mapping[str, Any], agency: str, number: int, recorded_at: datetime) -> None:
        self.body = body
        self._kind, self._agency, self._number, self._recorded_at = kind, agency, number, recorded_at
        self._roles = declared_roles(body)
        self._office = (body.get("author") or {}).get("role")
        contact = body if kind == "contact" else body.get("contact") or {}
        self._depth = contact.get("depth")
        self._home_entered = _yes_no(contact.get("home_entered"))
        self._earshot = contact.get("in_earshot")

    def sent(self, on: Container[str] | None = None) -> Iterator[Claim]:
        """The claims as they were sent, or those on some attributes alone."""
        for index, sent in enumerate(self.body.get("claims", ())):
            if on is None or sent["attribute"] in on:
                yield from self.claims(index, sent)

    def claims(self, index: int, sent: Mapping[str, Any]) -> Iterator[Claim]:
        """One claim as sent; of one about several people, or with several, one for each."""
        for about in _each(sent["about"]):
            for counterpart in _each(sent.get("with")):
                yield self._claim(index, sent, about, counterpart)

    def claim(self, index: int, attribute: str, value: str, about: str = CHILD, **more: Any) -> Claim:
        """What is read as a claim: the agency's own record, of the day on which it was recorded."""
        read = {"attribute": attribute, "value": value, "basis": "own_record", "statement": "fact", **more}
        return self._claim(index, read, about, None)

    def key(self, ref: str) -> str:
        """The key of a person to whom the body refers."""
        return person_key(ref, self._agency, self._roles)

    def _claim(self, index: int, sent: Mapping[str, Any], about: str, counterpart: str | None) -> Claim:
        thing, earshot = sent.get("thing"), sent.get("in_earshot", self._earshot)
        return Claim(
            number=self._number,
            index=index,
            agency=self._agency,
            office=self._office,
            recorded_at=self._recorded_at,
            observed=self.body.get("observed") or civil_date(self._recorded_at).isoformat(),
            about=self.key(about),
            attribute=sent["attribute"],
            value=_as_text(sent.get("value")),
            not_known=sent.get("not_known"),
            valid=sent.get("valid"),
            basis=sent["basis"],
            informant=_informant_key(self._agency, sent.get("informant"), self._roles),
            heard_from=sent.get("from"),
            statement=sent.get("statement") or self.body.get("statement", "fact"),
            thing=None if thing is None else thing_key(thing, self._agency),
            counterpart=None if counterpart is None else self.key(counterpart),
            item=sent.get("item"),
            topic=sent.get("topic"),
            depth=self._depth,
            home_entered=self._home_entered,
            in_earshot=None if earshot is None else tuple(self.key(one) for one in _each(earshot)),
            kind=self._kind,
        )


def _people_in(entry: _Entry, first: int) -> Iterator[Claim]:
    people = [one for one in entry.body.get("people", ()) if isinstance(one, Mapping) and one.get("ref")]
    for index, person in enumerate(people, first):
        known = {part: person[part] for part in _OF_PERSON if person.get(part)}
        yield entry.claim(index, PERSON, canonical(known).decode(), person["ref"])


def _child_details(entry: _Entry) -> Iterator[Claim]:
    for index, (detail, attribute) in enumerate(_CHILD_DETAILS.items()):
        if entry.body.get(detail) is not None:
            yield entry.claim(index, attribute, str(entry.body[detail]))


def _decision(entry: _Entry) -> Iterator[Claim]:
    relied_on = entry.body.get("relies_on", ())
    for index, sent in enumerate(relied_on):
        if isinstance(sent, Mapping) and "about" in sent and "attribute" in sent:
            yield from entry.claims(index, {"basis": "own_record", **sent, "statement": RELIED_ON})
    kind = str(entry.body.get("kind", ""))
    yield entry.claim(len(relied_on), DECISION, kind, item=kind)


def _allegation(entry: _Entry) -> Iterator[Claim]:
    yield entry.claim(0, ALLEGATION, str(entry.body.get("step", "")), thing=entry.body.get("thing"))


_READ: Final = {"child": _child_details, "decision": _decision, "allegation": _allegation}


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _yes_no(value: Any) -> bool | None:
    """Yes and no as JSON and as files write them."""
    return None if value is None else value in {True, "yes", "true"}


def _informant_key(agency: str, informant: Any, roles: Mapping[str, str]) -> str | None:
    if informant is None:
        return None
    if isinstance(informant, Mapping):
        return f"{OFFICE_PREFIX}{informant.get('agency', agency)}/{informant.get('role', '')}"
    return ANONYMOUS if informant == ANONYMOUS else person_key(informant, agency, roles)


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return canonical(value).decode()
