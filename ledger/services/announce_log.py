"""Say in each partnership's own record by which keys the log and the receipts are checked, and under what policy.

So a key cannot be exchanged unseen: what was announced is an entry among the others, in the chain, in the log, and at
the witnesses. It is written when anything of it differs from what was announced last. Each announcement has a number,
and its event id says which, so that the newest is found by an index however long the record is.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, select, text

from ledger.domain.entry import Chance
from ledger.domain.log.note import vkey_of
from ledger.domain.log.policy import Policy, text_of
from ledger.domain.log.receipt import receipt_name
from ledger.services.refusal import RefusedError
from ledger.services.sign_log import origin_of_log
from ledger.services.write_own import own_draft
from ledger.store.append import Driver, append_with, lock, place, release, write
from ledger.store.database import SYSTEM, transaction
from ledger.store.tables import partnerships

KIND: Final = "log_announced"
#: Keys are changed in years, and a policy when witnesses come and go.
_MOST: Final = 1_000
_TOLD: Final = """
    SELECT e.event_id, c.content FROM ledger.entries e JOIN ledger.contents c USING (record_id, number)
    WHERE e.agency_id = 'ledger' AND e.event_id = ANY (%s)"""
_TOLD_ANYWHERE: Final = text(_TOLD.replace("%s", ":names"))


@dataclass(frozen=True, slots=True)
class Announcement:
    """By what this ledger's log is known: its origin, verifier keys (c2sp.org/signed-note), and its policy's digest."""

    origin: str
    #: Of the log of entries, and of the log of who read: one key under two names.
    log: str
    access: str
    receipts: str
    #: SHA-256 in hexadecimal of the policy (c2sp.org/tlog-policy) as `/log/policy` gives it; None where there is none.
    policy_sha256: str | None

    @property
    def body(self) -> Mapping[str, str | None]:
        """What the entry says."""
        return {
            "origin": self.origin,
            "log": self.log,
            "access": self.access,
            "receipts": self.receipts,
            "policy_sha256": self.policy_sha256,
        }


def announcement_of(origin: str, log_key: bytes, receipt_key: bytes, policy: Policy | None) -> Announcement:
    """What is to be announced of a ledger, by its public keys, 32 bytes each, and its policy, as it is served."""
    return Announcement(
        origin,
        log=vkey_of(origin_of_log(origin, "entries"), log_key),
        access=vkey_of(origin_of_log(origin, "access"), log_key),
        receipts=vkey_of(receipt_name(origin), receipt_key),
        policy_sha256=None if policy is None else hashlib.sha256(text_of(policy).encode()).hexdigest(),
    )


def public_of(seed: bytes) -> bytes:
    """The public key, 32 bytes, of an Ed25519 key's seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def announce_log(engine: Engine, chance: Chance, announcement: Announcement) -> list[str]:
    """Write it into the record of each partnership that was told otherwise, or nothing yet; the partnerships told.

    Runs as the role that administers. Raises RefusedError where it was announced more often than can be meant.
    """
    with transaction(engine, party=SYSTEM) as connection:
        rows = connection.execute(
            select(partnerships.c.partnership_id, partnerships.c.record_id).order_by(partnerships.c.partnership_id)
        ).all()
    return [ref for ref, record_id in rows if _announce(engine, chance, ref, record_id, announcement)]


def read_announced(connection: Connection) -> Announcement | None:
    """What was announced last, by a connection that acts as the auditors; None where nothing was."""
    refs = connection.scalars(select(partnerships.c.partnership_id).order_by(partnerships.c.partnership_id).limit(1))
    ref = refs.one_or_none()
    if ref is None:
        return None
    rows = connection.execute(_TOLD_ANYWHERE, {"names": _names(ref)})
    told = _newest({event_id: bytes(content) for event_id, content in rows}, ref)
    return None if told is None else Announcement(**told)


def _announce(engine: Engine, chance: Chance, ref: str, record_id: UUID, announcement: Announcement) -> bool:
    names, body = _names(ref), announcement.body

    def act(driver: Driver) -> bool:
        locked = lock(driver, SYSTEM, records=[record_id], reads=[(_TOLD, (names,))])
        told = {event_id: bytes(content) for event_id, content in locked.answers[0]}
        if _newest(told, ref) == body:
            release(driver)
            return False
        if len(told) == len(names):
            raise RefusedError("announced_too_often", f"the log's keys were announced {_MOST} times: that is a mistake")
        draft = own_draft(record_id, KIND, names[len(told)], body, chance)
        write(driver, locked.heads, [(draft, place(locked.heads[record_id], draft, locked.clock))])
        return True

    return append_with(engine, act)


def _names(ref: str) -> list[str]:
    return [f"{KIND}.{ref}.{number}" for number in range(1, _MOST + 1)]


def _newest(told: Mapping[str, bytes], ref: str) -> dict[str, Any] | None:
    if not told:
        return None
    body: dict[str, Any] = json.loads(told[f"{KIND}.{ref}.{len(told)}"])["body"]
    return body
