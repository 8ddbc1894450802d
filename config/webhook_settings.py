"""What the environment says of webhooks: by which proxy they leave, and whether this machine itself may be sent to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

#: The one thing that LEDGER_WEBHOOK_LOOPBACK may be: whoever writes it knows what it is for.
_CHOICE: Final = "demonstration"
_PROXY: Final = re.compile(r"http://(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\]):[0-9]{1,5}\Z")


class WebhookSettingsError(ValueError):
    """A setting is wrong; the text names the variable and what it should be, and repeats nothing."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """How webhooks leave. `proxy`: http://host:port of one that is asked to connect (CONNECT), None: straight.

    `loopback`: agencies may name 127.0.0.1; of no effect where the ledger is no demonstration.
    """

    proxy: str | None = None
    loopback: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings; everything has a default. Raises WebhookSettingsError."""
        proxy, loopback = env.get("LEDGER_WEBHOOK_PROXY") or None, env.get("LEDGER_WEBHOOK_LOOPBACK") or ""
        if proxy is not None and not _PROXY.match(proxy):
            raise WebhookSettingsError("LEDGER_WEBHOOK_PROXY must be http://, a host, a colon and a port")
        if loopback not in ("", _CHOICE):
            raise WebhookSettingsError(f"LEDGER_WEBHOOK_LOOPBACK must be {_CHOICE}, or not set")
        return cls(proxy, loopback == _CHOICE)
