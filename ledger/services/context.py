"""What every service is handed by the edge that runs it: nothing here is found by a global name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from ledger.domain.cap import CAPS, Caps
from ledger.domain.entry import Chance
from ledger.domain.log.policy import Policy
from ledger.domain.pack import Pack
from ledger.services.receive import ReceiptSigner
from ledger.services.sign_in_rules import LINKS_ALONE, SignInRules
from ledger.services.webhook_rules import NO_WEBHOOKS, WebhookRules


class Bell(Protocol):
    """Wakes whoever detects; never waits and never fails (a sweep finds what a lost ring did not announce)."""

    def ring(self) -> None:
        """Say that something is due."""


@dataclass(frozen=True, slots=True)
class Context:
    """An engine of one role, the rule pack, and the two things that no code below the edge may reach for itself."""

    engine: Engine
    pack: Pack
    chance: Chance
    #: The real clock, aware: sign-in, expiry and leases. Recorded time is the ledger's own clock (store.clock).
    real_now: Callable[[], datetime]
    bell: Bell
    #: How long agencies' tokens are good.
    token_lifetime: timedelta = timedelta(minutes=15)
    #: Whether a request's Client-Cert header is believed: what stands before the ledger must then set or remove it.
    reads_client_certificates: bool = False
    #: For auditors alone, as the role that sees every record and writes only that they looked; None: no auditor reads.
    auditor: Engine | None = None
    #: For what administrators give, as the role of the command line; None, or a login that may not: nothing is given.
    admin: Engine | None = None
    #: For what operators do to what failed, as the role of workers; None, or a login that may not: nothing is done.
    worker: Engine | None = None
    #: Where rule packs lie, each in a folder: those that may be put in force; None: none are looked for.
    packs: Path | None = None
    #: How many children may be opened by one person, and by one agency.
    caps: Caps = CAPS
    #: How people sign in, besides by one-time links.
    sign_in: SignInRules = LINKS_ALONE
    #: Signs what answers to posts say was taken in; None: no receipts are given, which no process that serves does.
    receipts: ReceiptSigner | None = None
    #: Who must have cosigned a checkpoint before it is shown; None: nobody.
    log_policy: Policy | None = None
    #: Whether agencies may have webhooks here.
    webhooks: WebhookRules = NO_WEBHOOKS
