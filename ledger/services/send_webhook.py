"""Send a webhook: signed, to an address that is checked as it is connected to, and what its receiver answered.

2xx is taken; 410 ends the endpoint; whatever else is tried again, redirects too, for they are never followed. Nothing
of what a receiver answers is kept or logged but the number.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Engine

from ledger.domain.entry import Chance
from ledger.domain.retry import WEBHOOK, Schedule
from ledger.domain.webhook import payload, read_retry_after
from ledger.domain.webhook_url import BadUrlError, WebhookUrl, read_url
from ledger.services.channel import Delivery, Gone, Outcome, Retry, Sent
from ledger.services.end_webhook import end_gone
from ledger.services.post_webhook import Egress, post_webhook
from ledger.services.register_webhook import purpose_of
from ledger.services.seal import SealBrokenError, Sealer
from ledger.services.sign_webhook import Secret, Signing, sign
from ledger.store.database import SYSTEM, driver_of
from ledger.store.party import ACT
from ledger.store.trip import ask
from ledger.store.webhooks import ToSend, to_send

_GONE: Final = 410
#: So many endpoints are sent to at the same time by one process.
AT_ONCE: Final = 8


class WebhookChannel:
    """The way out by webhook. `engine` is the worker's; `sealer` opens what signs."""

    def __init__(
        self,
        engine: Engine,
        sealer: Sealer | None,
        chance: Chance,
        real_now: Callable[[], datetime],
        egress: Egress | None = None,
    ) -> None:
        self._engine, self._sealer, self._chance, self._real_now = engine, sealer, chance, real_now
        self._egress = egress or Egress()

    @property
    def schedule(self) -> Schedule:
        """Ten tries over three days."""
        return WEBHOOK

    @property
    def at_once(self) -> int:
        """Each to another endpoint: one that is slow holds up no other."""
        return AT_ONCE

    def send(self, delivery: Delivery) -> Outcome:
        """Send one message; may be called by several threads at once. Raises what a database that is away raises."""
        [part] = delivery.parts
        found = self._read(delivery.endpoint, delivery.party, part.item_id)
        if found is None or found.has_ended:
            return Gone("ended")
        url, secrets = self._url(found), self._opened(delivery.endpoint, found)
        if url is None:
            return Retry("address_refused")  # its host is no longer on the list: until it is, or the tries end
        if not secrets:
            return Retry("no_secret")
        body = payload(part.type, found.at or part.made_at, part.item_id)
        now = self._real_now()
        answer = post_webhook(self._egress, url, sign(secrets, delivery.message, int(now.timestamp()), body), body)
        if isinstance(answer, str):
            return Retry(answer)
        if 200 <= answer.status < 300:
            return Sent()
        if answer.status == _GONE:
            self._end(delivery, found)
            return Gone()
        return Retry(f"status_{answer.status}", read_retry_after(answer.retry_after, now))

    def _read(self, webhook: str, party: str, item_id: str) -> ToSend | None:
        with driver_of(self._engine) as driver:
            ask(driver, ACT, (SYSTEM, ""))
            found = to_send(driver, webhook, party, item_id)
            driver.rollback()
        return found

    def _url(self, found: ToSend) -> WebhookUrl | None:
        loopback = self._egress.loopback and found.is_demonstration
        try:
            return read_url(found.url, allowed=found.hosts, loopback=loopback)
        except BadUrlError:
            return None

    def _opened(self, webhook: str, found: ToSend) -> list[Secret]:
        """What signs now, as far as this process has the key to open it."""
        if self._sealer is None:
            return []
        signing: Signing = "ed25519" if found.signing == "ed25519" else "hmac"
        opened = []
        for sealed in found.sealed:
            try:
                opened.append(Secret(signing, self._sealer.open(sealed, purpose_of(webhook))))
            except SealBrokenError:
                continue
        return opened

    def _end(self, delivery: Delivery, found: ToSend) -> None:
        end_gone(
            self._engine,
            self._chance,
            agency=delivery.agency,
            webhook=delivery.endpoint,
            record_id=found.partnership_record,
            now=self._real_now(),
        )
