"""Try an endpoint: a message that says nothing goes the way that all go, by feed, delivery and signature."""

from typing import Final

from ledger.services.context import Context
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.register_webhook import system
from ledger.services.write_own import Own, write_together
from ledger.store import webhooks
from ledger.store.append import Caller, Credential, Stored

KIND: Final = "webhook_tried"


def try_webhook(context: Context, who: Credential | Caller, webhook: str, reason: str) -> Stored:
    """By its own agency's system. Raises RefusedError where there is none in use by this id."""
    with context.engine.begin() as connection:
        caller, record_id = system(connection, who)
        found = webhooks.webhooks_of(connection, caller.partnership, agency=caller.agency, webhook=webhook)
    if not found:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    tried = Own(KIND, {"agency": caller.agency, "webhook": webhook, "reason": reason})
    only_if = ((webhooks.IS_OPEN, (webhook,)), NOT_KNOWN)
    return write_together(context.engine, record_id, [tried], context.chance, who=caller, only_if=only_if)[0]
