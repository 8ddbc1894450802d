"""Agencies' webhooks: where they are sent, what signs, and how they go. Nothing here opens what is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from ledger.store.append import Driver, Statement
from ledger.store.trip import ask

#: So many endpoints an agency has at one time.
MOST: Final = 10
#: So many secrets of one endpoint sign at one time.
SIGNING_MOST: Final = 4

_ADD = """
    INSERT INTO ledger.webhooks (webhook_id, agency_id, url, signing, types, made_at) VALUES (%s, %s, %s, %s, %s, %s)"""
_KEEP = """
    INSERT INTO ledger.webhook_secrets (webhook_id, secret_id, sealed, public, made_at) VALUES (%s, %s, %b, %s, %s)"""
_RETIRE = """
    UPDATE ledger.webhook_secrets SET signs_until = least(coalesce(signs_until, %s), %s)
    WHERE webhook_id = %s AND (signs_until IS NULL OR signs_until > %s)"""
_FORGET = "DELETE FROM ledger.webhook_secrets WHERE webhook_id = %s AND signs_until <= clock_timestamp()"
_END = "UPDATE ledger.webhooks SET ended_at = %s, ended_why = %s WHERE webhook_id = %s AND ended_at IS NULL"
#: Asked under the lock of the partnership's record: (agency, url, agency) finds a row where one more may be added.
MAY_ADD: Final = f"""
    SELECT 1 WHERE NOT EXISTS (
        SELECT FROM ledger.webhooks WHERE agency_id = %s AND url = %s AND ended_at IS NULL)
    AND (SELECT count(*) FROM ledger.webhooks WHERE agency_id = %s AND ended_at IS NULL) < {MOST}"""  # noqa: S608 - a number of ours
#: (webhook): a row where it has not ended.
IS_OPEN: Final = "SELECT 1 FROM ledger.webhooks WHERE webhook_id = %s AND ended_at IS NULL"
#: (webhook): a row where it has not ended and one more secret may sign.
MAY_ROTATE: Final = f"""
    SELECT 1 FROM ledger.webhooks w WHERE webhook_id = %s AND ended_at IS NULL AND {SIGNING_MOST} > (
        SELECT count(*) FROM ledger.webhook_secrets s
        WHERE s.webhook_id = w.webhook_id AND coalesce(s.signs_until > clock_timestamp(), true))"""  # noqa: S608 - likewise

_LIST = text("""
    SELECT w.webhook_id, w.agency_id, w.url, w.signing, w.types, w.made_at, w.ended_at, w.ended_why, a.partnership_id
    FROM ledger.webhooks w JOIN ledger.agencies a USING (agency_id)
    WHERE a.partnership_id = :partnership AND (CAST(:agency AS text) IS NULL OR w.agency_id = :agency)
      AND (CAST(:webhook AS text) IS NULL OR w.webhook_id = :webhook)
    ORDER BY w.ended_at IS NOT NULL, w.made_at, w.webhook_id LIMIT 1000""")
_SECRETS = text("""
    SELECT webhook_id, public, made_at, signs_until FROM ledger.webhook_secrets
    WHERE webhook_id = ANY (:webhooks) AND coalesce(signs_until > clock_timestamp(), true)
    ORDER BY signs_until NULLS FIRST, made_at DESC""")
_WENT = text("""
    SELECT endpoint, count(sent_at) AS sent, count(dead_at) AS failed, max(sent_at) AS last_sent_at,
        count(*) FILTER (WHERE sent_at IS NULL AND dead_at IS NULL) AS waiting,
        (array_agg(fault ORDER BY made_at DESC) FILTER (WHERE fault IS NOT NULL AND sent_at IS NULL))[1] AS last_fault
    FROM ledger.deliveries
    WHERE channel = 'webhook' AND endpoint = ANY (:webhooks) AND made_at > clock_timestamp() - interval '30 days'
    GROUP BY endpoint""")
_HOSTS = text("SELECT hosts FROM ledger.webhook_hosts WHERE agency_id = :agency ORDER BY number DESC LIMIT 1")
_IS_DEMONSTRATION = text("SELECT demonstration FROM ledger.ledger_state")

# Whatever is read for one message, together: where it goes, what signs, which hosts may be named, when it happened.
_TO_SEND = """
    SELECT w.url, w.ended_at IS NOT NULL OR a.ended_number IS NOT NULL, p.record_id, st.demonstration,
        (SELECT h.hosts FROM ledger.webhook_hosts h WHERE h.agency_id = w.agency_id ORDER BY h.number DESC LIMIT 1),
        (SELECT f.at FROM ledger.feed_items f WHERE f.party = %s AND f.item_id = %s),
        w.signing,
        ARRAY(SELECT s.sealed FROM ledger.webhook_secrets s WHERE s.webhook_id = w.webhook_id
              AND coalesce(s.signs_until > clock_timestamp(), true) ORDER BY s.signs_until NULLS FIRST, s.made_at DESC)
    FROM ledger.webhooks w JOIN ledger.agencies a USING (agency_id) JOIN ledger.partnerships p USING (partnership_id),
        ledger.ledger_state st
    WHERE w.webhook_id = %s"""
_LISTENING = """
    SELECT webhook_id, agency_id, types FROM ledger.webhooks JOIN ledger.agencies USING (agency_id)
    WHERE agency_id = ANY (%s) AND ended_at IS NULL AND ended_number IS NULL
    ORDER BY made_at, webhook_id"""
_ADMINISTRATORS = """
    SELECT p.agency_id = %s, p.agency_id, r.person_id FROM ledger.person_roles r JOIN ledger.people p USING (person_id)
    JOIN ledger.agencies a USING (agency_id) JOIN ledger.agencies own USING (partnership_id)
    WHERE own.agency_id = %s AND r.role = 'administrator' AND r.taken_number IS NULL
    ORDER BY r.person_id"""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret as it is kept."""

    secret_id: str
    sealed: bytes = field(repr=False)
    public: str | None


@dataclass(frozen=True, slots=True)
class ToSend:
    """What one message needs."""

    url: str
    has_ended: bool
    partnership_record: UUID
    is_demonstration: bool
    hosts: tuple[str, ...]
    at: datetime | None
    signing: str
    sealed: tuple[bytes, ...] = field(repr=False)


def adding(
    webhook: str, *, agency: str, url: str, signing: str, types: Sequence[str] | None, at: datetime
) -> list[Statement]:
    """What adds an endpoint; its secret is kept by `keeping`."""
    return [(_ADD, (webhook, agency, url, signing, None if types is None else list(types), at))]


def keeping(webhook: str, secret: Secret, at: datetime) -> list[Statement]:
    """What keeps a secret, which signs from now on."""
    return [(_KEEP, (webhook, secret.secret_id, secret.sealed, secret.public, at))]


def retiring(webhook: str, until: datetime, now: datetime) -> list[Statement]:
    """What lets the secrets that sign end by then at the latest, and forgets those that have."""
    return [(_RETIRE, (until, until, webhook, now)), (_FORGET, (webhook,))]


def ending(webhook: str, why: str, at: datetime) -> Statement:
    """What ends an endpoint for good."""
    return _END, (at, why, webhook)


def webhooks_of(
    connection: Connection, partnership: str, *, agency: str | None = None, webhook: str | None = None
) -> Sequence[Row[Any]]:
    """Endpoints of a partnership, those in use first: of one agency, or one of them, where it is named."""
    return connection.execute(_LIST, {"partnership": partnership, "agency": agency, "webhook": webhook}).all()


def secrets_of(connection: Connection, webhooks: Sequence[str]) -> Sequence[Row[Any]]:
    """Of each secret that signs now when it was made, until when it signs and its public half: the newest first."""
    return connection.execute(_SECRETS, {"webhooks": list(webhooks)}).all()


def went(connection: Connection, webhooks: Sequence[str]) -> dict[str, Row[Any]]:
    """How the messages to each endpoint went within thirty days, where there were any."""
    return {row.endpoint: row for row in connection.execute(_WENT, {"webhooks": list(webhooks)})}


def hosts_of(connection: Connection, agency: str) -> tuple[str, ...]:
    """Which hosts an agency may name."""
    return tuple(connection.scalar(_HOSTS, {"agency": agency}) or ())


def is_demonstration(connection: Connection) -> bool:
    """Whether this is a demonstration ledger."""
    return bool(connection.scalar(_IS_DEMONSTRATION))


def to_send(driver: Driver, webhook: str, party: str, item_id: str) -> ToSend | None:
    """What a message to an endpoint needs; None where there is no such endpoint. As the worker's role."""
    rows = ask(driver, _TO_SEND, (party, item_id, webhook))
    if not rows:
        return None
    [(url, has_ended, record_id, is_demo, hosts, at, signing, sealed)] = rows
    return ToSend(url, has_ended, record_id, is_demo, tuple(hosts or ()), at, signing, tuple(map(bytes, sealed)))


def listening(driver: Driver, agencies: Sequence[str]) -> list[tuple[str, str, frozenset[str] | None]]:
    """(endpoint, agency, types or None for all) of these agencies. As the worker's role."""
    return [(one, agency, None if types is None else frozenset(types)) for one, agency, types in ask(
        driver, _LISTENING, (list(agencies),)
    )]  # fmt: skip


def administrators(driver: Driver, agency: str) -> list[tuple[str, UUID]]:
    """(agency, person) of who looks after an agency's access: its own administrators, else the partnership's."""
    rows = ask(driver, _ADMINISTRATORS, (agency, agency))
    own = [row for row in rows if row[0]]
    return [(of, person) for _, of, person in own or rows]
