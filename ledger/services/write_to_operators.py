"""Write to operators of what is wrong: once when it begins and once when it is over, whichever process does it.

It goes from here and not by way of the workers, since that they have stopped is one of the things to tell. Each mail is
taken for a while and sent outside of any transaction; a crash before it is noted sends it again, under the same name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Engine

from ledger.domain.entry import written_time
from ledger.domain.feed import OPERATOR
from ledger.services.channel import Channel, Delivery, Part, Sent
from ledger.services.watch import BEGAN, OVER, name_of
from ledger.services.word_mail import Letter
from ledger.services.word_trouble import word_remedy, word_trouble
from ledger.store import machinery
from ledger.store.database import SYSTEM, driver_of
from ledger.store.trip import ask

_MOST: Final = 20

_log = structlog.get_logger("ledger.write_to_operators")


@dataclass(frozen=True, slots=True)
class Post:
    """How operators are written to: a channel whose letters say what they are given here, and their address."""

    channel: Channel
    to: str = field(repr=False)


def write_to_operators(engine: Engine, post: Post, real_now: Callable[[], datetime]) -> int:
    """Write of what nobody has written of yet; how many mails were taken. What was not is tried again later."""
    sent = 0
    for _ in range(_MOST):
        with driver_of(engine) as driver:
            one = machinery.take_unmailed(driver)
            driver.commit()
        if one is None:
            break
        ended = one.began_mailed
        outcome = post.channel.send(_delivery(one, post, ended=ended, at=real_now()))
        if not isinstance(outcome, Sent):
            _log.warning("operators could not be written to; trying again", reason=getattr(outcome, "fault", ""))
            continue
        with driver_of(engine) as driver:
            ask(driver, *machinery.mailed(one, ended=ended))
            driver.commit()
        sent += 1
    return sent


def _delivery(one: machinery.Unmailed, post: Post, *, ended: bool, at: datetime) -> Delivery:
    name = name_of(one.id, ended=ended)
    kind = OVER if ended else BEGAN
    part = Part(name, name, kind, None, f"{one.trouble.name} {one.trouble.subject}".strip(), None, 1, at)
    # It may have gone before: only who sends by a service that tells no two apart need ask.
    return Delivery(name, "mail", post.to, OPERATOR, SYSTEM, (part,), failures=0, taken=2)


def letter_to_operators(delivery: Delivery, base_url: str) -> Letter:
    """The mail of one trouble: what is wrong, what to do, and where it can be seen."""
    part = delivery.parts[0]
    name, _, subject = (part.subject or "").partition(" ")
    words = word_trouble(name, subject)
    if part.type == OVER:
        lines = [f"This is over: {words}."]
        title = f"Ledger: over: {words}"
    else:
        lines = [f"{words}.", word_remedy(name)]
        title = f"Ledger: {words}"
    where = f"{base_url}/operation"
    body = "\n\n".join([*lines, f"Said at {written_time(part.made_at)}.", where]) + "\n"
    return Letter(delivery.endpoint, _ascii(title), _ascii(body))


def _ascii(said: str) -> str:
    return said.replace("’", "'").encode("ascii", "replace").decode()
