"""The life of an alert: one state machine, as a table of moves, and what its clock does at each.

An alert is one finding brought to one accountable person. Its state says how far it has come with whoever holds it now:
brought to the next in line, it begins again. Opening and acknowledging say that somebody knows; only a recorded action,
or an outcome, stops the clock: acknowledged is not acted on. What moves it is always an entry of
the child's record, so its state is a function of the entries alone; `ledger.services.project_alerts` makes the
projection's statements from this very table, and docs/guides/leads.md draws it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """How far an alert has come with whoever holds it."""

    #: It stands on their list.
    RAISED = "raised"
    #: It has left for them by another channel too.
    SENT = "sent"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    #: Somebody recorded what they did, or what it came to: no clock runs.
    ACTED_ON = "acted_on"
    #: Put off by somebody, for a reason, to a moment at which it wakes.
    SNOOZED = "snoozed"
    #: Nobody acted in time: it went on to the next in line, or stays with the last.
    LAPSED = "lapsed"
    #: Its finding has closed.
    RESOLVED = "resolved"


#: What each state is, in the words of the guide.
MEANS: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.RAISED: "it stands on the list of whoever it was brought to",
        State.SENT: "it has gone out to them by mail or webhook as well",
        State.OPENED: "they have opened its page",
        State.ACKNOWLEDGED: "they have said that they take it on",
        State.ACTED_ON: "somebody recorded what they did, or what it came to: the clock has stopped",
        State.SNOOZED: "somebody put it off, for a reason, until a stated moment",
        State.LAPSED: "nobody acted in time, so it went on to the next in line",
        State.RESOLVED: "its finding has closed",
    }
)

#: What people record that they did, in the order in which it is offered.
ACTIONS: Final = ("rang", "wrote", "visited", "booked", "met", "referred", "corrected", "asked", "no_action")
#: The one that says that nothing need be done: it takes a reason.
NO_ACTION: Final = "no_action"

RAISED, RERAISED, LAPSED, MOVED, WOKEN = (
    "alert_raised", "alert_reraised", "alert_lapsed", "alert_moved", "alert_woken",
)  # fmt: skip
OPENED, ACKNOWLEDGED, ACTION, SNOOZE = "alert_opened", "acknowledgement", "alert_action", "alert_snooze"
DISPATCH, OUTCOME, CLOSED = "dispatch", "outcome", "finding_closed"

#: Entries by which the ledger says who holds an alert from then on; each names them in ``to``.
BRINGS: Final = frozenset({RAISED, RERAISED, LAPSED, MOVED})
#: Entries about one alert by the ledger, beside that it was raised.
OF_THE_KEEPER: Final = frozenset({LAPSED, MOVED, WOKEN})
#: Entries about one alert by people, by the field that names it.
BY_PEOPLE: Final[Mapping[str, str]] = MappingProxyType(
    {OPENED: "alert", ACTION: "alert", SNOOZE: "alert", ACKNOWLEDGED: "of", OUTCOME: "of"}
)
#: After these no clock runs.
STOPS: Final = frozenset({ACTION, OUTCOME, CLOSED})

_UNREAD: Final = (State.RAISED, State.SENT, State.LAPSED)
_WAITING: Final = (*_UNREAD, State.OPENED, State.ACKNOWLEDGED)


def _moves() -> Iterator[tuple[tuple[State, str], State]]:
    for state in (State.RAISED, State.LAPSED):
        yield (state, DISPATCH), State.SENT
    for state in _UNREAD:
        yield (state, OPENED), State.OPENED
    for state in (*_UNREAD, State.OPENED):
        yield (state, ACKNOWLEDGED), State.ACKNOWLEDGED
    for state in _WAITING:
        yield (state, SNOOZE), State.SNOOZED
        yield (state, LAPSED), State.LAPSED
        yield (state, MOVED), State.RAISED
    for state in (State.ACTED_ON, State.SNOOZED):
        yield (state, MOVED), state
    for state in (*_WAITING, State.SNOOZED):
        for kind in (ACTION, OUTCOME):
            yield (state, kind), State.ACTED_ON
    yield (State.SNOOZED, WOKEN), State.RAISED
    for state in (*_WAITING, State.SNOOZED, State.ACTED_ON):
        yield (state, RERAISED), State.RAISED
        yield (state, CLOSED), State.RESOLVED


#: From a state, by a kind of entry, to a state. What is not here moves nothing; the entry stands all the same.
MOVES: Final[Mapping[tuple[State, str], State]] = MappingProxyType(dict(_moves()))


def after(state: State, kind: str) -> State:
    """The state of an alert once an entry of this kind about it is recorded."""
    return MOVES.get((state, kind), state)


def moved_by(kind: str) -> Mapping[State, State]:
    """From which states an entry of this kind moves an alert, and where to."""
    return {state: to for (state, named), to in MOVES.items() if named == kind}
