"""An agency's system says where it is to be told: it registers an endpoint, and rotates what signs.

Both are entries of the agency's in the partnership's record, with where the endpoint listens and without its path,
which may be a secret of the receiver's. A secret is shown once, in the answer, and kept sealed.
"""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance, written_time
from ledger.domain.role import Right
from ledger.domain.webhook_url import BadUrlError, WebhookUrl, read_url
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.reach import check_right
from ledger.services.refusal import NOT_KNOWN, Refusal, RefusedError
from ledger.services.seal import Sealer
from ledger.services.sign_webhook import Secret, Signing, new_secret
from ledger.services.webhook_rules import WEBHOOKS_NOT_HERE
from ledger.services.write_own import Own, write_together
from ledger.store import administration, webhooks
from ledger.store.append import Caller, Credential, TakenError

#: For so long what signed before signs beside the new one, so that no message is refused while a receiver changes.
OVERLAP: Final = timedelta(hours=24)
_STANDS = Refusal(
    "webhook_stands",
    "Your agency has an endpoint with this address already, or has as many as it may "
    f"({webhooks.MOST}): GET /api/v1/webhooks. To have another secret, rotate it; to begin anew, end it first.",
    "/url",
)
_ROTATED_OFTEN = Refusal(
    "webhook_rotated_often",
    "As many secrets as may are signing still. Wait until one ends, or send old_ends: at_once.",
)


def register_webhook(context: Context, who: Credential | Caller, body: Mapping[str, Any]) -> dict[str, Any]:
    """Register an endpoint; what is answered holds its secret, or its public key. Raises RefusedError."""
    sealer = sealer_of(context)
    with context.engine.begin() as connection:
        caller, record_id = system(connection, who)
        url = _checked(context, connection, caller.agency, body["url"])
    now, signing = context.real_now(), body["signing"]
    webhook = "wh_" + base64.b32encode(context.chance(10)).decode().lower()
    types = sorted(body["types"]) if "types" in body else None
    secret, kept = _new_secret(sealer, webhook, signing, context.chance)
    said: dict[str, Any] = {"agency": caller.agency, "webhook": webhook, "origin": url.origin, "signing": signing}
    if types is not None:
        said["types"] = types
    besides = [
        *webhooks.adding(webhook, agency=caller.agency, url=url.text, signing=signing, types=types, at=now),
        *webhooks.keeping(webhook, kept, now),
    ]
    may_add = (webhooks.MAY_ADD, (caller.agency, url.text, caller.agency))
    added = Own("webhook_added", said, besides)
    try:
        write_together(context.engine, record_id, [added], context.chance, who=caller, only_if=(may_add, _STANDS))
    except TakenError:  # the same at the same moment
        raise _error(_STANDS) from None
    return {"webhook": webhook, "url": url.text, "signing": signing, "types": types, **_shown(secret)}


def rotate_webhook(context: Context, who: Credential | Caller, webhook: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Let another secret sign; the old one signs beside it for a day, or ends at once. Raises RefusedError."""
    sealer = sealer_of(context)
    with context.engine.begin() as connection:
        caller, record_id = system(connection, who)
        found = webhooks.webhooks_of(connection, caller.partnership, agency=caller.agency, webhook=webhook)
    if not found or found[0].ended_at is not None:
        raise _error(NOT_KNOWN)
    now = context.real_now()
    is_at_once = body.get("old_ends") == "at_once"
    until = now if is_at_once else now + OVERLAP
    secret, kept = _new_secret(sealer, webhook, found[0].signing, context.chance)
    told = {
        "agency": caller.agency,
        "webhook": webhook,
        "old_signs_until": written_time(until),
        "reason": body["reason"],
    }
    besides = [*webhooks.retiring(webhook, until, now), *webhooks.keeping(webhook, kept, now)]
    may = webhooks.IS_OPEN if is_at_once else webhooks.MAY_ROTATE
    rotated = Own("webhook_rotated", told, besides)
    only_if = ((may, (webhook,)), _ROTATED_OFTEN)
    write_together(context.engine, record_id, [rotated], context.chance, who=caller, only_if=only_if)
    return {"webhook": webhook, "old_signs_until": written_time(until), **_shown(secret)}


def system(connection: Connection, who: Credential | Caller) -> tuple[Caller, UUID]:
    """An agency's system that may have webhooks, and its partnership's record. Raises RefusedError."""
    caller = authenticate(connection, who, Right.WORK)
    check_right(caller, Right.HEAR)
    return caller, administration.partnership_record(connection, caller.partnership)


def sealer_of(context: Context) -> Sealer:
    """What seals secrets. Raises RefusedError where this installation has no key for it."""
    if context.webhooks.sealer is None:
        raise _error(WEBHOOKS_NOT_HERE)
    return context.webhooks.sealer


def purpose_of(webhook: str) -> bytes:
    """What a secret is sealed for: moved to another endpoint it does not open."""
    return f"webhook {webhook}".encode()


def _checked(context: Context, connection: Connection, agency: str, text: str) -> WebhookUrl:
    loopback = context.webhooks.loopback and webhooks.is_demonstration(connection)
    try:
        return read_url(text, allowed=webhooks.hosts_of(connection, agency), loopback=loopback)
    except BadUrlError as error:
        raise RefusedError("webhook_url_refused", f"url: {error}.", "/url") from None


def _new_secret(sealer: Sealer, webhook: str, signing: Signing, chance: Chance) -> tuple[Secret, webhooks.Secret]:
    secret = new_secret(signing, chance)
    sealed = sealer.seal(secret.raw, purpose_of(webhook), chance)
    return secret, webhooks.Secret(chance(8).hex(), sealed, secret.public)


def _shown(secret: Secret) -> dict[str, Any]:
    return {"secret": secret.text} if secret.public is None else {"public_key": secret.public}


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)


def written(moment: datetime | None) -> str | None:
    """A moment as answers have it."""
    return None if moment is None else written_time(moment)
