"""The dates of a record by which others are judged when they are sent: births, deaths, and when somewhere began.

A landmark is read from one body, without a pack and without links, so the landmarks of an entry are the same for ever.
What it says is kept as it was sent; `door` reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from ledger.domain.claim import observation_of
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.person import CHILD, declared_roles, person_key

Sort = Literal["birth", "weeks", "death", "registration", "enrolment"]

#: Statements that something was so; a plan is none.
ASSERTED: Final = frozenset({"fact", "finding", "admission"})
#: What says that somebody is on a list, and with which words.
_LISTS: Final[Mapping[str, tuple[Sort, frozenset[str]]]] = {
    "gp_registration": ("registration", frozenset({"registered"})),
    "school_enrolment": ("enrolment", frozenset({"on_roll"})),
    "school_roll": ("enrolment", frozenset({"on_roll"})),
}
#: Whoever keeps the list says from which day; of anybody else, the day of saying so is not the day on which it began.
_OF_RECORD: Final = frozenset({"own_record", "document"})


@dataclass(frozen=True, slots=True)
class Landmark:
    """One such date. ``about``: whose, by key. ``said``: the date as sent, or a number of weeks.

    ``at``: with which practice or at which school, '' where it is not named.
    """

    sort: Sort
    about: str
    said: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A landmark that stands in a record: the entry that gave it, and its agency with its kind."""

    landmark: Landmark
    number: int
    agency: str
    agency_kind: str | None = None


def landmarks_of(kind: str, body: Mapping[str, Any], agency: str) -> list[Landmark]:
    """The landmarks that a body of this kind gives, each once."""
    if kind == "child":
        return list(dict.fromkeys(_of_details(body, agency)))
    observation = observation_of(kind, body)
    return [] if observation is None else list(dict.fromkeys(_of_observation(observation, agency)))


def _of_details(body: Mapping[str, Any], agency: str) -> Iterator[Landmark]:
    if isinstance(body.get("born"), str):
        yield Landmark("birth", CHILD, body["born"])
    if body.get("gestation_weeks") is not None:
        yield Landmark("weeks", CHILD, str(body["gestation_weeks"]))
    mother = body.get("mother")
    if isinstance(mother, Mapping) and isinstance(mother.get("born"), str):
        yield Landmark("birth", "mother", mother["born"])
        if mother.get("ref"):
            yield Landmark("birth", person_key(mother["ref"], agency), mother["born"])


def _of_observation(observation: Mapping[str, Any], agency: str) -> Iterator[Landmark]:
    roles = declared_roles(observation)
    for person in observation.get("people", ()):
        if isinstance(person, Mapping) and person.get("ref") and isinstance(person.get("born"), str):
            yield Landmark("birth", person_key(person["ref"], agency, roles), person["born"])
    for claim in observation.get("claims", ()):
        about, value = claim.get("about"), claim.get("value")
        if isinstance(about, str) and isinstance(value, str) and _is_asserted(claim, observation):
            yield from _of_claim(claim, value, person_key(about, agency, roles), observation["observed"])


def _is_asserted(claim: Mapping[str, Any], observation: Mapping[str, Any]) -> bool:
    return claim.get("statement", observation.get("statement", "fact")) in ASSERTED


def _of_claim(claim: Mapping[str, Any], value: str, about: str, observed: str) -> Iterator[Landmark]:
    attribute, valid = str(claim.get("attribute")), claim.get("valid")
    if attribute == "date_of_birth":
        yield Landmark("birth", about, value)
    elif attribute == "gestation_weeks":
        yield Landmark("weeks", about, value)
    elif (attribute, value) in {("death", "happened"), ("presentation", "died")}:
        yield Landmark("death", about, valid or observed)
    elif attribute in _LISTS and isinstance(valid, str):
        sort, values = _LISTS[attribute]
        if value in values and claim.get("basis") != "told" and _says_since_when(claim, valid, observed):
            yield Landmark(sort, about, valid, str(claim.get("item", "")).strip().casefold())


def _says_since_when(claim: Mapping[str, Any], valid: str, observed: str) -> bool:
    try:
        return claim.get("basis") in _OF_RECORD or parse(valid).earliest_start < observed_bounds(observed).start
    except EdtfError:
        return False
