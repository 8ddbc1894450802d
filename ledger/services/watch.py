"""Watch the machinery: say that this process lives, see what is wrong, and tell operators when it begins and ends.

Every process watches, so that whoever is alive tells. What has been told stands in the database: whoever notes first
that a trouble began or ended puts it into the operators' feed, in the same transaction, and into its own log. Mail is
written of it beside (`write_to_operators`).
"""

import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import Engine

from ledger.domain.feed import OPERATOR, Item
from ledger.domain.log.policy import Policy
from ledger.domain.machinery import PARTS, Judged, Limits, Readings, Trouble, judge
from ledger.services.read_audits import read_state
from ledger.services.release import release
from ledger.services.see_witnesses import see_witnesses
from ledger.services.word_trouble import word_trouble
from ledger.store import machinery
from ledger.store.append import Driver
from ledger.store.database import SYSTEM, driver_of
from ledger.store.log import closures, waiting
from ledger.store.party import ACT
from ledger.store.telling import put_items
from ledger.store.trip import ask

#: What an item of the operators' feed says.
BEGAN, OVER = "operation.began", "operation.over"

_log = structlog.get_logger("ledger.watch")


@dataclass(slots=True)
class Watching:
    """How one process watches. `party`: as whom; `policy`: whose cosignatures are asked for, as far as it knows."""

    part: str
    real_now: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    expected: frozenset[str] = frozenset(PARTS)
    party: str = SYSTEM
    policy: Policy | None = None
    _began: float = field(default_factory=time.monotonic)
    _has_beaten: bool = False

    @property
    def process(self) -> machinery.Process:
        """This process; asked for after any fork."""
        return machinery.Process(self.part, platform.node(), os.getpid(), release())

    @property
    def seconds(self) -> float:
        """For how long it has been watching."""
        return time.monotonic() - self._began

    @property
    def pace_s(self) -> float:
        """How often it is to look, so that a process that lives is heard several times before it is called silent."""
        return min(5.0, self.limits.silent_s / 4)

    def live_now(self, driver: Driver) -> None:
        """Say that this process lives; the first time, of those whose place it took that they are no more. Commits."""
        process = self.process
        if not self._has_beaten:
            gone = [pid for pid in machinery.beside(driver, process) if not _is_alive(pid)]
            ask(driver, *machinery.bury(process, gone))
        ask(driver, *machinery.beat(process))
        driver.commit()
        self._has_beaten = True


def be_heard(engine: Engine, watching: Watching) -> None:
    """Say that this process lives. Raises what a database that is away raises."""
    with driver_of(engine) as driver:
        watching.live_now(driver)


def leave(engine: Engine, watching: Watching) -> None:
    """Say that this process ends in good order."""
    with driver_of(engine) as driver:
        ask(driver, *machinery.leave(watching.process))
        driver.commit()


def watch(engine: Engine, watching: Watching) -> list[machinery.Changed]:
    """Look once: say that this process lives, judge what is read, and tell what began and what ended; which that was.

    `engine` acts as a worker, or as a process that serves with the party `live`. Raises what a database that is away
    raises.
    """
    with driver_of(engine) as driver:
        watching.live_now(driver)
    readings = _read(engine, watching)
    with driver_of(engine) as driver:
        ask(driver, ACT, (watching.party, ""))
        before = machinery.standing(driver)
        judged = judge(readings, watching.limits, before)
        changes = _tell(driver, judged, before)
        driver.commit()
        for one in changes:
            words = word_trouble(one.trouble.name, one.trouble.subject)
            say = _log.info if one.has_ended else _log.error
            say(f"over: {words}" if one.has_ended else words, part=watching.part)
    return changes


def _read(engine: Engine, watching: Watching) -> Readings:
    with engine.begin() as connection:
        now = watching.real_now()
        standing = closures(connection)
        unsealed = max(waiting(connection, log).seconds for log in ("entries", "access"))
        audit = read_state(connection, now)
        report = see_witnesses(connection, watching.policy, now)
    with driver_of(engine) as driver:
        ask(driver, ACT, (watching.party, ""))
        late = machinery.late(driver)
        processes = machinery.heard(driver)
        driver.commit()
    knows_policy = watching.policy is not None or watching.part == "web"
    return Readings(
        watching_s=watching.seconds,
        expected=watching.expected,
        processes=processes,
        detection_late_s=late.detection_s,
        telling_late_s=late.telling_s,
        unsent_s=late.unsent,
        dead=late.dead,
        parked=late.parked,
        unsealed_s=unsealed,
        is_closed=bool(standing),
        has_quorum=None if not knows_policy else report is None or report.has_quorum,
        audit_holds=None if audit is None else bool(audit["holds"]),
        audit_age_s=None if audit is None else float(audit["age_s"]),
    )


def _tell(driver: Driver, judged: Judged, before: Iterable[Trouble]) -> list[machinery.Changed]:
    """Note what began and what ended, and put it into the operators' feed, in the open transaction."""
    known = set(before)
    begun = {trouble: seconds for trouble, seconds in judged.wrong.items() if trouble not in known}
    changes = machinery.change(driver, begun, judged.over(known))
    put_items(driver, [_item(one) for one in changes])
    return changes


def _item(changed: machinery.Changed) -> Item:
    return Item(
        party=OPERATOR,
        agency=SYSTEM,
        type=OVER if changed.has_ended else BEGAN,
        item_id=name_of(changed.id, ended=changed.has_ended),
        at=changed.at,
        subject=changed.trouble.name,
    )


def name_of(number: int, *, ended: bool) -> str:
    """What is told of a trouble has one name in every feed and mail."""
    return f"trouble.{number}.{'over' if ended else 'began'}"


def _is_alive(pid: int) -> bool:
    """Whether a process of this machine is still there, stopped or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
