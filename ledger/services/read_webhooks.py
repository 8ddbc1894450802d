"""What an agency's system sees of its webhooks, and administrators of their partnership's: never what signs."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Row

from ledger.domain.role import Right
from ledger.domain.webhook_url import read_origin
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.register_webhook import system, written
from ledger.store import webhooks
from ledger.store.append import Caller, Credential


def read_webhooks(context: Context, who: Credential | Caller) -> dict[str, Any]:
    """An agency's own endpoints, those in use first: where, what for, what signs now, and how its messages went."""
    with context.engine.begin() as connection:
        caller, _ = system(connection, who)
        found = webhooks.webhooks_of(connection, caller.partnership, agency=caller.agency)
        ids = [row.webhook_id for row in found]
        signing, went = defaultdict[str, list[dict[str, Any]]](list), webhooks.went(connection, ids)
        for row in webhooks.secrets_of(connection, ids):
            public = {} if row.public is None else {"public_key": row.public}
            since_until = {"since": written(row.made_at), "until": written(row.signs_until)}
            signing[row.webhook_id].append({**since_until, **public})
    told = [
        {**_told(row), "url": row.url, "signs": signing[row.webhook_id], "messages": _went(went.get(row.webhook_id))}
        for row in found
    ]
    return {"webhooks": told}


def read_partnership_webhooks(context: Context, who: Credential | Caller) -> dict[str, Any]:
    """The endpoints of all the partnership's agencies, for its administrators: where each listens, without its path."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        found = webhooks.webhooks_of(connection, caller.partnership)
    return {"webhooks": [{**_told(row), "agency": row.agency_id, "origin": read_origin(row.url)} for row in found]}


def _told(row: Row[Any]) -> dict[str, Any]:
    return {
        "webhook": row.webhook_id,
        "signing": row.signing,
        "types": row.types,
        "made_at": written(row.made_at),
        "ended_at": written(row.ended_at),
        "ended_why": row.ended_why,
    }


def _went(row: Row[Any] | None) -> dict[str, Any]:
    """In counts; the fault is a word of the ledger's own."""
    if row is None:
        return {"sent": 0, "waiting": 0, "failed": 0, "last_sent_at": None, "last_fault": None}
    counts = {"sent": row.sent, "waiting": row.waiting, "failed": row.failed}
    return {**counts, "last_sent_at": written(row.last_sent_at), "last_fault": row.last_fault}
