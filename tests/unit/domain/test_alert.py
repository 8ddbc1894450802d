"""The state machine of an alert: what moves it, what stops its clock, and that the guide draws this very table."""

import re
from pathlib import Path

import pytest

from ledger.domain import alert
from ledger.domain.alert import MEANS, MOVES, State, after, moved_by

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "leads.md").read_text("utf-8")
#: How the guide names what happens.
WORDS = {
    "sent": alert.DISPATCH,
    "opened": alert.OPENED,
    "acknowledged": alert.ACKNOWLEDGED,
    "acted on": alert.ACTION,
    "concluded": alert.OUTCOME,
    "put off": alert.SNOOZE,
    "comes back": alert.WOKEN,
    "time runs out": alert.LAPSED,
    "moves": alert.MOVED,
    "raised again": alert.RERAISED,
    "finding closes": alert.CLOSED,
}


def test_every_state_is_reached_and_means_something() -> None:
    """From being raised each state can be come to, and each has words."""
    reached, waiting = {State.RAISED}, [State.RAISED]
    while waiting:
        here = waiting.pop()
        new = {to for (state, _), to in MOVES.items() if state is here} - reached
        reached |= new
        waiting += new
    assert reached == set(State) == MEANS.keys()


def test_nothing_moves_what_has_ended() -> None:
    """A finding that closed raises another alert when it is found anew: this one stays."""
    assert not [kind for (state, kind) in MOVES if state is State.RESOLVED]


@pytest.mark.parametrize("kind", [alert.OPENED, alert.ACKNOWLEDGED, alert.DISPATCH])
def test_knowing_is_not_acting(kind: str) -> None:
    """Being told, opening and acknowledging never bring an alert where no clock runs."""
    assert not set(moved_by(kind).values()) & {State.ACTED_ON, State.SNOOZED, State.RESOLVED}
    assert kind not in alert.STOPS


@pytest.mark.parametrize("kind", [alert.ACTION, alert.OUTCOME])
def test_an_action_stops_it_from_anywhere(kind: str) -> None:
    """Whatever state an open alert is in, what somebody did about it ends the waiting."""
    assert {after(state, kind) for state in State if state is not State.RESOLVED} == {State.ACTED_ON}


def test_whoever_has_it_next_begins_again() -> None:
    """Brought to another by a clock or a change of people, what waits is unopened; what rests rests on."""
    for state in (State.OPENED, State.ACKNOWLEDGED, State.SENT):
        assert (after(state, alert.LAPSED), after(state, alert.MOVED)) == (State.LAPSED, State.RAISED)
    assert after(State.SNOOZED, alert.MOVED) is State.SNOOZED
    assert after(State.ACTED_ON, alert.LAPSED) is State.ACTED_ON


def test_the_guide_draws_this_table() -> None:
    """The drawing in the guide has a row for each state and a column for each happening, and says what MOVES says."""
    rows = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in GUIDE.splitlines() if "|" in line]
    head = next(row for row in rows if row[0] == "it is")
    drawn = {}
    for row in rows[rows.index(head) + 2 :]:
        if row[0].replace(" ", "_") not in set(State):
            break
        for name, cell in zip(head[1:], row[1:], strict=True):
            if cell:
                drawn[State(row[0].replace(" ", "_")), WORDS[name]] = State(re.sub(" ", "_", cell))
    assert drawn == {place: to for place, to in MOVES.items() if place[0] is not to}
