"""What one agency says in one observation, claim by claim, as it was sent.

A claim is immutable and complete in itself: its names are keys (a role that one person holds, or
``agency/ref``), its times are the text that was sent, and nothing in it depends on links or on the rule
pack, so the claims of an entry are the same for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.domain.entry import canonical
from ledger.domain.person import declared_roles, person_key, thing_key

ANONYMOUS = "anonymous"
OFFICE_PREFIX = "office:"


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


def claims_of(body: Mapping[str, Any], *, agency: str, number: int, recorded_at: datetime) -> list[Claim]:
    """The claims of an observation, a contact or a correction's observation, in the order sent."""
    roles = declared_roles(body)
    office = (body.get("author") or {}).get("role")
    claims = []
    for index, sent in enumerate(body.get("claims", ())):
        counterpart, thing = sent.get("with"), sent.get("thing")
        claims.append(
            Claim(
                number=number,
                index=index,
                agency=agency,
                office=office,
                recorded_at=recorded_at,
                observed=body["observed"],
                about=person_key(sent["about"], agency, roles),
                attribute=sent["attribute"],
                value=_as_text(sent.get("value")),
                not_known=sent.get("not_known"),
                valid=sent.get("valid"),
                basis=sent["basis"],
                informant=_informant_key(agency, sent.get("informant"), roles),
                heard_from=sent.get("from"),
                statement=sent.get("statement") or body["statement"],
                thing=None if thing is None else thing_key(thing, agency),
                counterpart=None if counterpart is None else person_key(counterpart, agency, roles),
                item=sent.get("item"),
                topic=sent.get("topic"),
            )
        )
    return claims


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
