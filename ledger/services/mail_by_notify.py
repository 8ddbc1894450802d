"""Mail by GOV.UK Notify, with its own client: the extra `notify`.

The message's name is its `reference`. Notify keeps no two apart by it, so before a message goes a second time it is
asked whether it has one of that name. Its template needs two places: ((subject)) and ((body)).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.domain.retry import MAIL, Schedule
from ledger.services.channel import SECONDS, Dead, Delivery, Outcome, Retry, Sent
from ledger.services.word_mail import Letter

_BAD_REQUEST: Final = 400
_FAULTS: Final = {401: "sign_in_refused", 403: "sign_in_refused", 429: "too_many"}


@dataclass(frozen=True, slots=True)
class Service:
    """A service of Notify, and which of its templates is filled in."""

    key: str = field(repr=False)
    template: str
    base_url: str


@dataclass(frozen=True, slots=True)
class NotifyChannel:
    """``letter_of`` gives the mail of a message, or None where it cannot be addressed; it ends its own transaction."""

    service: Service
    letter_of: Callable[[Delivery], Letter | None]
    schedule: Schedule = MAIL
    at_once: int = 4
    seconds: float = SECONDS

    def send(self, delivery: Delivery) -> Outcome:
        """Hand one mail to Notify."""
        from notifications_python_client.errors import APIError, HTTPError  # noqa: PLC0415 — an extra

        letter = self.letter_of(delivery)
        if letter is None:
            return Dead("no_address")
        try:
            client = self._client()
            if delivery.taken > 1 and _has(client, delivery.message):
                return Sent()
            client.send_email_notification(
                letter.to,
                self.service.template,
                personalisation={"subject": letter.subject, "body": letter.body},
                reference=delivery.message,
            )
        except HTTPError as error:
            code = error.status_code
            return Dead("refused") if code == _BAD_REQUEST else Retry(_FAULTS.get(code, "unreachable"))
        except APIError:
            return Retry("dropped")  # an answer that cannot be read: it may have it
        return Sent()

    def _client(self) -> Any:
        """A client of this message alone: it is not made for several threads."""
        from notifications_python_client.notifications import NotificationsAPIClient  # noqa: PLC0415 — an extra

        # It would log what Notify answers, in words that are not ours.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
        made: Any = NotificationsAPIClient  # whose arguments have no types
        return made(self.service.key, base_url=self.service.base_url, timeout=self.seconds / 2)


def _has(client: Any, reference: str) -> bool:
    found = client.get_all_notifications(reference=reference)
    return isinstance(found, dict) and bool(found.get("notifications"))
