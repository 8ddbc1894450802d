"""What one agency says in one observation, claim by claim, as it was sent.

A claim is immutable and complete in itself: its names are keys (a role that one person holds, or
``agency/ref``), its times are the text that was sent, and nothing in it depends on links or on the rule
pack, so the claims of an entry are the same for ever.

What an entry says outside its claims and detection must know of is read as claims too: who a person is
(``entry:person``), when the child was born or is expected, what a decision relies on (statement ``relied_on``, which
is compared with nothing), the decision itself (``entry:decision``), a step of an allegation (``entry:allegation``) and
what agencies do (`ledger.domain.act`), with who was met at a contact (``entry:met``). Who was seen in the home at
one is read as a claim on their ``presence`` (`ledger.domain.seen_there`), as good as if it had been sent.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from ledger.domain.act import ALONE, FIELDS, MET, PREFIX, fields_in
from ledger.domain.civil_day import civil_date
from ledger.domain.decision_basis import is_stated, resting_of
from ledger.domain.entry import canonical
from ledger.domain.person import CHILD, declared_roles, person_key, thing_key
from ledger.domain.seen_there import PRESENCE, PRESENT, is_home_visit, seen_there

ANONYMOUS = "anonymous"
OFFICE_PREFIX = "office:"
#: Attributes of what is read as a claim and was not sent as one.
PERSON: Final = "entry:person"
DECISION: Final = "entry:decision"
ALLEGATION: Final = "entry:allegation"
#: The attribute that says that somebody died: it ends a child's clocks.
DEATH: Final = "death"
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
    #: It was read from who was there at a contact; the entry does not claim it in so many words.
    was_met: bool = False
    #: Of what is no observation and says more than its value: its fields, as canonical JSON.
    details: str | None = None
    #: Its number and index, made once: it is asked for time and again.
    ref: Ref = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ref", Ref(self.number, self.index))


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
            first = len(entry.body.get("claims", ()))
            people = _people_in(entry, first) if on is None or PERSON in on else ()
            after = first + len(entry.body.get("people", ()))
            contact = [one for one in _contact_in(entry, after) if on is None or one.attribute in on]
            return [*entry.sent(on), *people, *contact]
        case "child" | "decision" | "allegation":
            entry = _Entry(kind, body, agency, number, recorded_at)
            return [*_READ[kind](entry)]
        case _ if kind in FIELDS:
            entry = _Entry(kind, body, agency, number, recorded_at)
            return [_act(entry, kind, body, 0)]
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
        self.contact: Mapping[str, Any] = body if kind == "contact" else body.get("contact") or {}
        self._depth = self.contact.get("depth")
        self.home_entered = _yes_no(self.contact.get("home_entered"))
        self._earshot = self.contact.get("in_earshot")

    def sent(self, on: Container[str] | None = None) -> Iterator[Claim]:
        """The claims as they were sent, or those on some attributes alone."""
        for index, sent in enumerate(self.body.get("claims", ())):
            if sent and (on is None or sent["attribute"] in on):  # an empty one stands where a reader may not look
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
            home_entered=self.home_entered,
            in_earshot=None if earshot is None else tuple(self.key(one) for one in _each(earshot)),
            kind=self._kind,
        )


def _people_in(entry: _Entry, first: int) -> Iterator[Claim]:
    for index, person in enumerate(entry.body.get("people", ()), first):
        if not isinstance(person, Mapping) or not person.get("ref"):
            continue
        known = {part: person[part] for part in _OF_PERSON if person.get(part)}
        yield entry.claim(index, PERSON, _text_of(tuple(known.items())), person["ref"])


@lru_cache(maxsize=1024)
def _text_of(known: tuple[tuple[str, str], ...]) -> str:
    """Who somebody is, as text: of most people nothing is said but a role, in the same words."""
    return canonical(dict(known)).decode()


def _contact_in(entry: _Entry, index: int) -> Iterator[Claim]:
    if not entry.contact:
        return
    yield _act(entry, "contact", entry.contact, index)
    there = {entry.key(str(one)): str(one) for one in _each(entry.contact.get("present") or ())}
    met = {key: one for key, one in there.items() if key != CHILD}
    for one in met.values():
        yield entry.claim(index, MET, ALONE if len(met) == 1 else "", one)
    yield from _seen_in_home(entry, there, index + 1)


def _seen_in_home(entry: _Entry, there: Mapping[str, str], index: int) -> Iterator[Claim]:
    """That somebody was in the home that day, of each whom the visit shows there: as if the entry had claimed it."""
    if not is_home_visit(entry.contact, is_entered=entry.home_entered is True):
        return
    sent = (claim for claim in entry.body.get("claims", ()) if claim.get("attribute") == PRESENCE)
    told_of = {entry.key(about) for claim in sent for about in _each(claim.get("about"))}
    for place, one in enumerate(seen_there(there, entry.body, told_of), index):
        yield replace(entry.claim(place, PRESENCE, PRESENT, one, basis="seen"), was_met=True)


def _act(entry: _Entry, kind: str, body: Mapping[str, Any], index: int) -> Claim:
    fields = fields_in(kind, body, entry.key)
    about = body.get("about") if kind in {"check", "information_request"} else None
    return entry.claim(index, PREFIX + kind, canonical(fields).decode(), str(about or CHILD))


def _child_details(entry: _Entry) -> Iterator[Claim]:
    for index, (detail, attribute) in enumerate(_CHILD_DETAILS.items()):
        if entry.body.get(detail) is not None:
            yield entry.claim(index, attribute, str(entry.body[detail]))


def _decision(entry: _Entry) -> Iterator[Claim]:
    relied_on = entry.body.get("relies_on", ())
    for index, sent in enumerate(relied_on):
        if is_stated(sent):
            yield from entry.claims(index, {"basis": "own_record", **sent, "statement": RELIED_ON})
    kind = str(entry.body.get("kind", ""))
    said = {name: entry.body[name] for name in ("kind", "to", "reason") if entry.body.get(name)}
    said |= resting_of(entry.body, entry.key)
    yield replace(entry.claim(len(relied_on), DECISION, kind, item=kind), details=canonical(said).decode())


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
