"""End an endpoint for good: its agency removes it, an administrator disables it, or its receiver says that it is gone.

What waits for it is not sent. Each is an entry in the partnership's record.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine

from ledger.domain.entry import Chance
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.refusal import NOT_HERE, NOT_KNOWN, RefusedError
from ledger.services.register_webhook import system
from ledger.services.write_own import Own, write_own, write_together
from ledger.store import administration, webhooks
from ledger.store.append import Caller, Credential, Stored

KIND: Final = "webhook_ended"


def remove_webhook(context: Context, who: Credential | Caller, webhook: str) -> Stored:
    """By its own agency's system. Raises RefusedError where there is none in use by this id."""
    with context.engine.begin() as connection:
        caller, record_id = system(connection, who)
        found = webhooks.webhooks_of(connection, caller.partnership, agency=caller.agency, webhook=webhook)
    if not found:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    return _end(context, caller, record_id, webhook, _body(caller.agency, webhook, "removed"))


def disable_webhook(context: Context, who: Credential | Caller, webhook: str, reason: str) -> Stored:
    """By an administrator of the partnership. Raises RefusedError where it has none in use by this id."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        record_id = administration.partnership_record(connection, caller.partnership)
        found = webhooks.webhooks_of(connection, caller.partnership, webhook=webhook)
    if not found:
        raise RefusedError(NOT_HERE.code, NOT_HERE.detail)
    said = {**_body(found[0].agency_id, webhook, "disabled"), "by": str(caller.person_id), "reason": reason}
    return _end(context, caller, record_id, webhook, said)


def end_gone(engine: Engine, chance: Chance, *, agency: str, webhook: str, record_id: UUID, now: datetime) -> None:
    """Its receiver answered 410 Gone; the ledger says so, once. `engine` is the worker's."""
    statement = webhooks.ending(webhook, "gone", now)
    only_if = ((webhooks.IS_OPEN, (webhook,)), NOT_HERE)
    try:
        write_own(engine, record_id, KIND, _body(agency, webhook, "gone"), chance, [statement], only_if=only_if)
    except RefusedError:
        return  # it has ended meanwhile, which was all that was to be done


def _end(context: Context, caller: Caller, record_id: UUID, webhook: str, body: Mapping[str, Any]) -> Stored:
    now = context.real_now()
    statements = [webhooks.ending(webhook, body["why"], now)]
    if body["why"] == "removed":
        statements += webhooks.retiring(webhook, now, now)  # nobody needs what signed
    ended = Own(KIND, body, statements)
    only_if = ((webhooks.IS_OPEN, (webhook,)), NOT_HERE)
    return write_together(context.engine, record_id, [ended], context.chance, who=caller, only_if=only_if)[0]


def _body(agency: str, webhook: str, why: str) -> dict[str, Any]:
    return {"agency": agency, "webhook": webhook, "why": why}
