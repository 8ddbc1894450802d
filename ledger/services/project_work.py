"""What referrals, actions, hand-overs and what comes of them do to the projections of work and of a record's moves."""

from collections.abc import Iterable, Mapping
from typing import Final

from ledger.domain.work import OWED, Act, opened
from ledger.services.told import Before, Projection, Told
from ledger.store.append import Statement
from ledger.store.work import keep_item, keep_move, move_on


def act_of(told: Told) -> Act:
    """An entry as items of work take it."""
    return Act(told.number, told.recorded_at, told.agency, told.kind, told.body, told.named("of"), told.named("entry"))


def _asked(told: Told, _before: Before) -> Iterable[Statement]:
    yield keep_item(told.record_id, opened(act_of(told)))


def _moved_on(told: Told, _before: Before) -> Iterable[Statement]:
    number = told.named("of")
    if number is not None:
        yield from move_on(told.place, number, told.agency, "done" if told.kind == "done" else told.body["answer"])


def _record_moved(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    yield keep_move(told.place, told.recorded_at, body["from"]["partnership"], body["to"]["partnership"])


WORK: Final[Mapping[str, Projection]] = {
    **dict.fromkeys(OWED, _asked),
    "reply": _moved_on,
    "done": _moved_on,
    "record_moved": _record_moved,
}
