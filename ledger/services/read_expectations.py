"""What must follow in a child's record: what is awaited, from whom, by when; what came, what lapsed, what was refused.

Worked out by the rules that detection runs, over the whole record. Each thing awaited is shown to whoever sees what
started it; that something came is told to them too, and what it was only to who sees it.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import Claim, Ref
from ledger.domain.entry import Chance, written_time
from ledger.domain.expectation import Awaited
from ledger.domain.facts import Facts
from ledger.domain.pack import Pack
from ledger.domain.question import Question
from ledger.domain.rule import Rule
from ledger.services.find_as_of import findings_as_of, open_by_key
from ledger.services.judge_record import AsOf, JudgedRecord, judge_record
from ledger.services.see import Reader

State = Literal["running", "warned", "lapsed", "refused", "met"]
STATES: tuple[State, ...] = ("running", "warned", "lapsed", "refused", "met")
#: For how many days what came is still shown, unless another number is asked for.
MET_DAYS, MET_DAYS_MOST = 30, 3_650

_Key = tuple[str, Ref, str]


def read_expectations(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: AsOf,
    *,
    pack: Pack,
    chance: Chance,
    met_days: int = MET_DAYS,
) -> dict[str, Any]:
    """What is awaited in a record, the soonest due first, and what came in the last `met_days`. Writes access.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    record = judge_record(connection, reader, record_id, asked, what="expectations", pack=pack, chance=chance)
    return record.head() | {"expectations": expectations_in(connection, record, met_days)}


def expectations_in(connection: Connection, record: JudgedRecord, met_days: int) -> list[dict[str, Any]]:
    """What is awaited in a record that is judged at some point, as its reader may see it."""
    standing = findings_as_of(connection, record.record_id, record.point.number).values()
    seen = list(_awaited(record, record.facts))
    open_now = open_by_key(standing, {rule.key(area) for rule, area, _ in seen})
    everything = {
        (rule.name, awaited.trigger.ref, awaited.topic): awaited
        for rule, _, awaited in _awaited(record, record.all_facts)
    }
    shown = []
    for rule, area, visible in seen:
        actual = everything.get((rule.name, visible.trigger.ref, visible.topic))
        if actual is None or not _is_recent(actual, record, met_days):
            continue
        standing_on = open_now.get(rule.key(area))
        finding = None if standing_on is None else standing_on.finding_id
        if _is_unknown(actual, record, finding):
            continue
        shown.append((actual.due, _render(rule, visible, actual, record) | {"finding": finding}))
    shown.sort(key=lambda pair: (pair[1]["state"] == "met", pair[0], pair[1]["trigger"]["entry"], pair[1]["rule"]))
    return [rendered for _, rendered in shown]


def _awaited(record: JudgedRecord, facts: Facts) -> Iterator[tuple[Rule, Question, Awaited]]:
    """All that is awaited of what the reader sees, each once, by these facts."""
    known: set[tuple[str, Question]] = set()
    for question in record.questions:
        for rule in record.pack.rules_on(question.attribute):
            if rule.family.awaits is None:
                continue
            for area in rule.family.areas(rule, question, facts):
                if (rule.name, area) in known:
                    continue
                known.add((rule.name, area))
                for awaited in rule.family.awaits(rule, area, facts, record.at):
                    if record.shows(awaited.trigger.ref):
                        yield rule, area, awaited


def _is_unknown(awaited: Awaited, record: JudgedRecord, finding: str | None) -> bool:
    """Whether it has come, or may have, in an entry of which the reader may not know: then nothing is told of it."""
    came = awaited.met or awaited.failed
    if came is not None:
        return record.is_unknown(came.ref)
    return awaited.is_lapsed(record.at) and finding is None and not record.is_judged_whole


def _is_recent(awaited: Awaited, record: JudgedRecord, met_days: int) -> bool:
    return awaited.met is None or awaited.met.recorded_at > record.at - timedelta(days=met_days)


def state_of(awaited: Awaited, record: JudgedRecord) -> State:
    """How it stands at the moment at which the record is read."""
    if awaited.met is not None:
        return "met"
    if awaited.failed is not None:
        return "refused"
    if awaited.is_lapsed(record.at):
        return "lapsed"
    return "warned" if awaited.warn is not None and awaited.warn <= record.at else "running"


def _render(rule: Rule, visible: Awaited, actual: Awaited, record: JudgedRecord) -> dict[str, Any]:
    trigger = visible.trigger
    return {
        "rule": rule.name,
        "topic": visible.topic,
        "state": state_of(actual, record),
        "about": record.name_of(record.visible.question_of(trigger).about),
        "trigger": {**record.place(trigger.number), "index": record.seen[trigger.number].shown_index(trigger.index)},
        "owed_by": visible.owed_by or None,
        "started": written_time(visible.starts),
        "warn": written_time(visible.warn) if visible.warn else None,
        "due": written_time(visible.due),
        "elapsed": _elapsed(actual, record),
        "met": _came(actual.met, record),
        "refused": _came(actual.failed, record),
        # The database does not hand over what is withheld, so nothing is worked out from it, for or against.
        "may_have_come": actual.met is None and actual.failed is None and record.points_elsewhere,
        "needs_two": visible.needs_two,
        "meaning": rule.meaning,
        "source": rule.source,
    }


def _elapsed(awaited: Awaited, record: JudgedRecord) -> float:
    """Which share of its time is over: 1 when it is due, and more once it is late."""
    until = record.at if awaited.met is None else awaited.met.recorded_at
    whole = (awaited.due - awaited.starts) / timedelta(seconds=1)
    return round((until - awaited.starts) / timedelta(seconds=1) / whole, 2) if whole > 0 else 1.0


def _came(claim: Claim | None, record: JudgedRecord) -> dict[str, Any] | None:
    """What came; where the reader does not see it, that it did."""
    if claim is None:
        return None
    return record.place(claim.number) if record.shows(claim.ref) else {"withheld": True}
