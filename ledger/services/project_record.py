"""What agencies' entries in a child's record do to the projections."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from ledger.domain.consent import Consent, purpose_of
from ledger.domain.edtf import observed_bounds, parse
from ledger.domain.glass import HOURS, ends_at, review_due
from ledger.domain.marking import changed_by
from ledger.domain.month import month_after
from ledger.domain.person import link_facts, person_key
from ledger.services.marks import held_back
from ledger.services.submission import identify_nhs, identify_reference
from ledger.services.told import Before, Projection, Told
from ledger.store.append import Statement
from ledger.store.database import SYSTEM
from ledger.store.disagreements import keep_move, keep_opened
from ledger.store.glass import insert_breaking, insert_review, involve_until
from ledger.store.landmarks import withdraw_landmarks
from ledger.store.markings import put_mark
from ledger.store.sharing import (
    conclude_rectification,
    keep_answer,
    keep_consent,
    keep_rectification,
    keep_request,
)

_DESCRIBE: Final = "INSERT INTO ledger.children (record_id, details, number) VALUES (%s, %s, %s)"
_CHANGE: Final = "UPDATE ledger.children SET details = details || %s, number = %s WHERE record_id = %s"
# One that this record holds already is held; one that another holds fails, and the append looks again.
_IDENTIFY: Final = """
    INSERT INTO ledger.identifiers (sought, record_id) SELECT t.sought, t.record_id
    FROM (VALUES (%s::text, %s::uuid)) AS t (sought, record_id)
    WHERE NOT EXISTS (SELECT FROM ledger.identifiers i WHERE i.sought = t.sought AND i.record_id = t.record_id)"""
_INVOLVE: Final = "INSERT INTO ledger.involvements (record_id, agency_id, number, until) VALUES (%s, %s, %s, %s)"
_LEAD: Final = (
    "INSERT INTO ledger.leads (record_id, number, agency_id, person, role, deputy) VALUES (%s, %s, %s, %s, %s, %s)"
)
_LEAD_ENDED: Final = "UPDATE ledger.leads SET ended_number = %s WHERE record_id = %s AND number = %s"
_LINK: Final = "INSERT INTO ledger.links (record_id, number, kind, members, is_unlink) VALUES (%s, %s, %s, %s, %s)"
_WITHDRAW: Final = "INSERT INTO ledger.withdrawals (record_id, number, by_number) VALUES (%s, %s, %s)"
_NOT_DETAILS: Final = ("event_id", "author", "reference", "changes")


def details_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a registration or a change of details says of the child itself."""
    return {name: value for name, value in body.items() if name not in _NOT_DETAILS}


def sought_in(body: Mapping[str, Any], agency: str) -> tuple[str | None, str | None]:
    """The identifiers that a registration or a change of details gives: the NHS number's, the agency's own."""
    nhs, reference = body.get("nhs_number"), body.get("reference")
    return identify_nhs(nhs) if nhs else None, identify_reference(agency, reference) if reference else None


def _child(told: Told, _before: Before) -> Iterable[Statement]:
    """The first registers the child; those that change its details say so; any other is one more registration of it."""
    if told.number == 1:
        yield _DESCRIBE, (told.record_id, Jsonb(details_of(told.body)), told.number)
    elif "changes" in told.body:
        yield _CHANGE, (Jsonb(details_of(told.body)), told.number, told.record_id)
    for sought in sought_in(told.body, told.agency):
        if sought is not None:
            yield _IDENTIFY, (sought, told.record_id)


def _involvement(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    # The ledger involves a duty desk; everybody else themselves.
    agency = body["agency"] if told.agency == SYSTEM else told.agency
    until = parse(body["until"]).latest_end if "until" in body else None
    yield _INVOLVE, (told.record_id, agency, told.number, until)


def _lead(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    deputy = body.get("deputy")
    name = str(deputy["person"]) if isinstance(deputy, dict) else deputy
    yield _LEAD, (*told.place, body["agency"], body["person"], body.get("role"), name)
    # Who leads must be able to read: being named lead is being involved.
    yield _INVOLVE, (told.record_id, body["agency"], told.number, None)


def _lead_ended(told: Told, _before: Before) -> Iterable[Statement]:
    number = told.named("of")
    if number is not None:
        yield _LEAD_ENDED, (told.number, told.record_id, number)


def _link(told: Told, _before: Before) -> Iterable[Statement]:
    (fact,) = link_facts(told.kind, told.agency, told.body)
    yield _LINK, (*told.place, fact.sort, list(fact.keys), fact.is_unlink)


def _withdraw(told: Told, _before: Before) -> Iterable[Statement]:
    number = told.named("corrects" if told.kind == "correction" else "voids")
    if number is not None:
        yield _WITHDRAW, (told.record_id, number, told.number)
        yield withdraw_landmarks(told.record_id, number, told.number)


def glass_until(told: Told, before: Before) -> datetime:
    """When a breaking of the glass ends."""
    return ends_at(told.recorded_at, told.body.get("hours", HOURS), told.body["reason"], before.standing)


def who_of(told: Told) -> tuple[str, UUID | None, str | None]:
    """Who broke or reviewed: the agency, and the person who was signed in or whom its system names."""
    person = told.body.get("person")
    if person is not None:
        return told.agency, UUID(str(person)), None
    return told.agency, None, str(told.body["author"]["ref"])


def _glass(told: Told, before: Before) -> Iterable[Statement]:
    who, until = who_of(told), glass_until(told, before)
    yield involve_until(told.place, told.agency, who[1], until)
    times = (told.recorded_at, until, review_due(told.recorded_at))
    yield insert_breaking(told.place, who, times, before.desk)


def _review(told: Told, _before: Before) -> Iterable[Statement]:
    number = told.named("of")
    if number is not None:
        yield insert_review(told.place, number, who_of(told), told.body["verdict"], told.recorded_at)


def _request(told: Told, _before: Before) -> Iterable[Statement]:
    yield keep_request(told.place, told.agency, told.body["to"])


def _answer(told: Told, _before: Before) -> Iterable[Statement]:
    number = told.named("of")
    if number is not None:
        yield keep_answer(told.record_id, number, told.body["answer"], told.number)


def _consent(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    consent = Consent(
        told.number,
        person_key(body["of"], told.agency),
        purpose_of(body["for"]),
        body["answer"],
        told.named("replaces"),
        observed_bounds(body["observed"]).start,
        observed_bounds(body["until"]).end if "until" in body else None,
    )
    is_hidden = bool(held_back(told.kind, body, told.agency))
    yield keep_consent(told.record_id, told.agency, consent, is_hidden=is_hidden)


def _rectification(told: Told, before: Before) -> Iterable[Statement]:
    number = told.named("of")
    if number is not None:
        due = month_after(observed_bounds(told.body["on"]).start)
        yield keep_rectification(told.place, number, before.agency, due)


def _outcome_of_rectification(told: Told, _before: Before) -> Iterable[Statement]:
    number = told.named("of")
    if number is not None:
        yield conclude_rectification(told.record_id, number, told.body["outcome"], told.number)


def _marking(told: Told, before: Before) -> Iterable[Statement]:
    # A person's mark is one that the entry carries itself.
    if "of" in told.body:
        place = (told.record_id, before.number)
        yield from put_mark(place, told.agency, changed_by(told.body, told.agency), by=told.number)


def _disagreement(told: Told, _before: Before) -> Iterable[Statement]:
    yield keep_opened(told.place, told.agency, told.body["with"], told.body.get("finding"))


def _in_disagreement(told: Told, _before: Before) -> Iterable[Statement]:
    number = told.named("of")
    if number is not None:
        yield keep_move(told.place, number, told.agency, told.kind.removeprefix("disagreement_"))


RECORD: Final[Mapping[str, Projection]] = {
    "child": _child,
    "involvement": _involvement,
    "lead": _lead,
    "lead_ended": _lead_ended,
    "link": _link,
    "unlink": _link,
    "correction": _withdraw,
    "void": _withdraw,
    "glass": _glass,
    "glass_review": _review,
    "information_request": _request,
    "information_answer": _answer,
    "consent": _consent,
    "rectification": _rectification,
    "rectification_outcome": _outcome_of_rectification,
    "marking": _marking,
    "disagreement": _disagreement,
    "disagreement_reply": _in_disagreement,
    "disagreement_step_up": _in_disagreement,
    "disagreement_settled": _in_disagreement,
}
