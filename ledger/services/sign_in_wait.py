"""Who must wait after failures: a lockout that nobody can turn against somebody else.

After OWASP's device cookies. Tries from devices on which the person has never signed in are counted together; each
device on which they have is counted by itself. So a stranger can make strangers wait, and never the person at their own
desk; and a one-time link is never counted. References that exist and that do not are counted alike.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from ledger.services.context import Context
from ledger.services.rates import network_of
from ledger.services.sign_in import hash_of, is_token
from ledger.services.sign_in_rules import SignInRules
from ledger.store.database import transaction
from ledger.store.tries import clear_tries, count_try, forget_tries, give_back_try
from ledger.store.ways_in import is_known_device

TRIES, WINDOW = 5, timedelta(minutes=15)
WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=1)
#: Tries from one network address, whomever they are for, on devices that are not known. A whole office may share one.
ADDRESS_TRIES = 100
#: After so long without a try a bucket is forgotten, and how long its waits had grown with it.
FORGOTTEN_AFTER = timedelta(days=1)
#: How long a device on which somebody signed in stays known without being used.
DEVICE_LASTS = timedelta(days=180)


class WaitError(Exception):
    """This bucket waits; nothing was checked."""

    def __init__(self, wait_for: timedelta) -> None:
        super().__init__()
        self.minutes = max(1, -(-int(wait_for.total_seconds()) // 60))


@dataclass(frozen=True, slots=True)
class Device:
    """From where somebody tries: the browser's device token, empty where it has none, and the network's address."""

    token: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was let through; counted already. Cleared if it succeeds."""

    bucket: bytes
    #: The network address's, where that is counted too.
    address: bytes | None = None


def begin_try(context: Context, what: str, whom: str, person_id: UUID | None, device: Device) -> Try:
    """Count a try of `what` (password, code) for `whom`, before anything is checked. Raises WaitError.

    `person_id` is None where nobody goes by that reference: it is counted all the same.
    """
    rules, now = context.sign_in, context.real_now()
    with transaction(context.engine, party=None) as connection:
        is_known = (
            person_id is not None
            and is_token(device.token)
            and is_known_device(connection, hash_of(device.token), person_id, now - DEVICE_LASTS)
        )
        counted = [(_bucket(rules, what, whom, device.token if is_known else ""), TRIES)]
        if not is_known and device.address:
            counted.append((_bucket(rules, "address", network_of(device.address), ""), ADDRESS_TRIES))
        waits = [
            count_try(
                connection,
                name,
                now,
                most=most,
                window=WINDOW,
                wait=WAIT,
                longest=LONGEST_WAIT,
                forgotten_after=FORGOTTEN_AFTER,
            )
            for name, most in counted
        ]
        forget_tries(connection, now - FORGOTTEN_AFTER)
    longest = max((until for until in waits if until is not None), default=None)
    if longest is not None:
        raise WaitError(longest - now)
    return Try(*(name for name, _ in counted))


def try_succeeded(context: Context, done: Try) -> None:
    """Let its bucket begin anew, and count it no more against its address: that counts failures."""
    with transaction(context.engine, party=None) as connection:
        clear_tries(connection, done.bucket)
        if done.address is not None:
            give_back_try(connection, done.address)


def _bucket(rules: SignInRules, what: str, whom: str, device: str) -> bytes:
    """A bucket's name, from which nobody reads whose it is; an address least of all, where there is a key."""
    text = f"{what}\0{whom}\0{device}".encode()
    return rules.sealer.name(text) if rules.sealer else hashlib.sha256(text).digest()
