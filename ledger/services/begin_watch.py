"""Make the watch of one process from its settings."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ledger.domain.machinery import Limits
from ledger.services.keep_watch import Watch
from ledger.services.mail_channel import MailSettings, mail_channel
from ledger.services.read_policy import PolicyFileError, read_policy
from ledger.services.watch import Watching
from ledger.services.write_to_operators import Post, letter_to_operators
from ledger.store.database import SYSTEM, connect_engine

#: One to look with and one to note what was mailed.
_CONNECTIONS = 2


class LimitSettings(Protocol):
    """Which sorts of processes there are to be, and how long is too long."""

    @property
    def expected(self) -> frozenset[str]: ...
    @property
    def silent_s(self) -> float: ...
    @property
    def late_s(self) -> float: ...


class LogSettings(Protocol):
    """Whose cosignatures are asked for."""

    @property
    def policy(self) -> Path | None: ...


class WatchSettings(Protocol):
    """What of the settings a watch needs."""

    @property
    def base_url(self) -> str: ...
    @property
    def mail(self) -> MailSettings: ...
    @property
    def watch(self) -> LimitSettings: ...
    @property
    def log(self) -> LogSettings: ...


def watch_of(
    part: str,
    settings: WatchSettings,
    database_url: str,
    role: str,
    real_now: Callable[[], datetime],
    *,
    party: str = SYSTEM,
) -> Watch:
    """The watch of a process of this part, to be begun after any fork. It connects as `role` when it begins."""
    said = settings.watch
    limits = Limits(late_s=said.late_s, silent_s=said.silent_s)
    try:
        policy = read_policy(settings.log.policy)
    except PolicyFileError:
        policy = None  # a file that this part cannot read; those that need it have said so
    watching = Watching(part, real_now, limits, said.expected, party, policy)
    post = _post(settings.mail, settings.base_url, real_now)
    return Watch(lambda: connect_engine(database_url, role, pool_size=_CONNECTIONS), watching, post=post)


def _post(said: MailSettings, base_url: str, real_now: Callable[[], datetime]) -> Post | None:
    """How operators are written to, where both are set: by what mail leaves, and their address."""
    if said.operator is None:
        return None
    channel = mail_channel(said, lambda one: letter_to_operators(one, base_url), real_now)
    return None if channel is None else Post(channel, said.operator)
