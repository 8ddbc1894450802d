"""The rows of requests for information, consents and rectifications: what an append keeps and looks up, and the feeds.

Row-level security gives a party the requests that it made or was asked, whether it is involved or not.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from ledger.domain.consent import Consent
from ledger.store.append import Statement
from ledger.store.tables import contents, entries, heads, information_requests, rectifications, ties

Place = tuple[UUID, int]

_ASK: Final = """
    INSERT INTO ledger.information_requests (record_id, number, agency_id, to_agency) VALUES (%s, %s, %s, %s)"""
_HELD_BACK: Final = """
    SELECT number FROM ledger.markings WHERE record_id = %s AND number = ANY (%s::bigint[]) AND index > -2
    AND agency_id = ledger.party() AND ended_number IS NULL AND marking <> 'shared' LIMIT 1"""
# Whether it names a claim is in its words, which the agency asked may read; not of one that is erased.
_ASKED: Final = """
    SELECT q.agency_id, q.to_agency, coalesce((
        SELECT convert_from(c.content, 'UTF8')::jsonb -> 'body' ? 'claim' FROM ledger.contents c
        WHERE c.record_id = q.record_id AND c.number = q.number), false)
    FROM ledger.information_requests q JOIN ledger.heads h USING (record_id)
    WHERE q.record_id = %s AND h.pseudonym = %s AND q.number = %s"""
_ANSWER: Final = """
    UPDATE ledger.information_requests SET answer = %s, answered_number = %s WHERE record_id = %s AND number = %s"""
_OWN: Final = """
    SELECT c.number FROM ledger.contents c WHERE c.record_id = %s AND c.number = ANY (%s::bigint[])
    AND c.agency_id = ledger.party() AND c.kind IN ('observation', 'contact', 'correction', 'attachment')"""
_CONSENT: Final = """
    INSERT INTO ledger.consents
        (record_id, number, agency_id, person, purpose_digest, answer, replaces, observed_at, until, is_hidden)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_CONSENTS: Final = """
    SELECT number, person, purpose_digest, answer, replaces, observed_at, until FROM ledger.consents
    WHERE record_id = %s ORDER BY number"""
_RECTIFY: Final = """
    INSERT INTO ledger.rectifications (record_id, number, of_number, agency_id, due_at) VALUES (%s, %s, %s, %s, %s)"""
_RECTIFIED: Final = """
    SELECT r.of_number, r.agency_id, r.outcome FROM ledger.rectifications r JOIN ledger.heads h USING (record_id)
    WHERE r.record_id = %s AND h.pseudonym = %s AND r.number = %s"""
_CONCLUDE: Final = """
    UPDATE ledger.rectifications SET outcome = %s, outcome_number = %s WHERE record_id = %s AND number = %s"""


@dataclass(frozen=True, slots=True)
class Request:
    """One request for information: where it stands, who asked whom, and the newest answer if there is one."""

    record_id: UUID
    number: int
    pseudonym: str
    recorded_at: datetime
    from_agency: str
    to_agency: str
    answer: str | None
    answered_number: int | None


@dataclass(frozen=True, slots=True)
class Rectification:
    """One request that an entry be put right, and by when its agency is to say what comes of it."""

    record_id: UUID
    number: int
    pseudonym: str
    of_number: int
    due_at: datetime
    outcome: str | None
    outcome_number: int | None


# ── what an append keeps and looks up ──


def own_held_back(record_id: UUID, numbers: Sequence[int]) -> Statement:
    """Which of these entries the party itself holds back from others, in whole or in part."""
    return _HELD_BACK, (record_id, list(numbers))


def keep_request(place: Place, agency: str, to: str) -> Statement:
    """That one agency asked another."""
    return _ASK, (*place, agency, to)


def request_named(record_id: UUID, named: tuple[str, int]) -> Statement:
    """Who asked whom by the request of this name, and whether about a claim: none where the party is neither."""
    return _ASKED, (record_id, *named)


def own_said(record_id: UUID, numbers: Sequence[int]) -> Statement:
    """Which of these entries are the party's own, in which it says what it knows."""
    return _OWN, (record_id, list(numbers))


def keep_answer(record_id: UUID, number: int, answer: str, by: int) -> Statement:
    """The newest answer to a request, by the agency asked."""
    return _ANSWER, (answer, by, record_id, number)


def keep_consent(record_id: UUID, agency: str, consent: Consent, *, is_hidden: bool) -> Statement:
    """One word on consent."""
    return _CONSENT, (
        record_id, consent.number, agency, consent.person, consent.purpose, consent.answer, consent.replaces,
        consent.observed, consent.until, is_hidden,
    )  # fmt: skip


def consents_of(record_id: UUID) -> Statement:
    """The consents of a record that the party may be judged by."""
    return _CONSENTS, (record_id,)


def read_consents(rows: Iterable[Sequence[Any]]) -> list[Consent]:
    """What that look-up answered."""
    return [Consent(*row) for row in rows]


def keep_rectification(place: Place, of: int, agency: str, due: datetime) -> Statement:
    """That somebody asks this agency to put an entry of its right."""
    return _RECTIFY, (*place, of, agency, due)


def rectification_named(record_id: UUID, named: tuple[str, int]) -> Statement:
    """Of which entry, of which agency, a rectification is, and what came of it: none where it is not the party's."""
    return _RECTIFIED, (record_id, *named)


def conclude_rectification(record_id: UUID, number: int, outcome: str, by: int) -> Statement:
    """What came of it."""
    return _CONCLUDE, (outcome, by, record_id, number)


# ── the feeds ──


def place_of_request(connection: Connection, agency: str, *, side: str, named: tuple[str, int]) -> Place | None:
    """Where a request put ``to`` an agency, or made ``by`` it, stands, by the public name of its entry."""
    table, (pseudonym, number) = information_requests.c, named
    query = (
        select(table.record_id, table.number)
        .join_from(information_requests, heads, heads.c.record_id == table.record_id)
        .where(heads.c.pseudonym == pseudonym, table.number == number)
        .where((table.to_agency if side == "to" else table.agency_id) == agency)
    )
    found = connection.execute(query).one_or_none()
    return None if found is None else (found.record_id, found.number)


def requests_of(
    connection: Connection, agency: str, *, side: str, is_open: bool | None, before: Place | None, limit: int
) -> list[Request]:
    """Requests put ``to`` an agency, or made ``by`` it, the newest first; open ones, answered ones or (None) both."""
    table = information_requests.c
    query = (
        select(
            table.record_id, table.number, heads.c.pseudonym, entries.c.recorded_at, table.agency_id, table.to_agency,
            table.answer, table.answered_number,
        )
        .join_from(information_requests, heads, heads.c.record_id == table.record_id)
        .join(entries, and_(entries.c.record_id == table.record_id, entries.c.number == table.number))
        .where((table.to_agency if side == "to" else table.agency_id) == agency)
        .order_by(entries.c.recorded_at.desc(), table.record_id, table.number)
        .limit(limit)
    )  # fmt: skip
    if is_open is not None:
        query = query.where(table.answer.is_(None) if is_open else table.answer.is_not(None))
    if before is not None:
        at = (
            select(entries.c.recorded_at)
            .where(entries.c.record_id == before[0], entries.c.number == before[1])
            .scalar_subquery()
        )
        later = and_(entries.c.recorded_at == at, table.record_id > before[0])
        query = query.where(or_(entries.c.recorded_at < at, later))
    return [Request(*row) for row in connection.execute(query)]


def rectifications_of(connection: Connection, agency: str, limit: int) -> list[Rectification]:
    """What an agency still has to answer, the first due first."""
    table = rectifications.c
    query = (
        select(
            table.record_id, table.number, heads.c.pseudonym, table.of_number, table.due_at, table.outcome,
            table.outcome_number,
        )
        .join_from(rectifications, heads, heads.c.record_id == table.record_id)
        .where(table.agency_id == agency, table.outcome.is_(None))
        .order_by(table.due_at, table.record_id, table.number)
        .limit(limit)
    )  # fmt: skip
    return [Rectification(*row) for row in connection.execute(query)]


def speaking_of(
    connection: Connection, record_id: UUID, numbers: Collection[int], kinds: Collection[str], up_to: int
) -> list[tuple[int, int]]:
    """(number, the number of the entry that it speaks of) of entries of these kinds, as far as the party sees rows."""
    query = (
        select(ties.c.number, ties.c.of_number)
        .join_from(ties, contents, and_(contents.c.record_id == ties.c.record_id, contents.c.number == ties.c.number))
        .where(
            ties.c.record_id == record_id,
            ties.c.of_number.in_(numbers),
            ties.c.number <= up_to,
            contents.c.kind.in_(kinds),
        )
        .order_by(ties.c.number)
    )
    return [(row.number, row.of_number) for row in connection.execute(query)]


def disclosed_to(connection: Connection, agency: str, event_id: str) -> Mapping[str, Any]:
    """What an agency gave under this event id, so that sending it again gives the same; empty where it gave nothing."""
    query = (
        select(contents.c.content)
        .join(entries, and_(entries.c.record_id == contents.c.record_id, entries.c.number == contents.c.number))
        .where(entries.c.agency_id == agency, entries.c.event_id == event_id, contents.c.kind == "disclosure")
    )
    content = connection.scalar(query)
    given = json.loads(content)["body"].get("given", {}) if content is not None else {}
    return given if isinstance(given, Mapping) else {}
