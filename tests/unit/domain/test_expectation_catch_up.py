"""A worker that was away catches up: whenever it runs, the same is found and told, of the same moments."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.event import DueStep, Event
from ledger.domain.fold import run
from ledger.domain.outcome import Due, Outcome
from ledger.domain.record_state import RecordState, Surroundings
from tests.sizes import examples
from tests.unit.domain.awaiting import acts, pack_of, rules, steps
from tests.unit.domain.oracle_clocks import Act, Rule, moments

Said = list[tuple[Event, list[Outcome]]]


def caught_up(made: Sequence[Act], rule: Rule, wakes: Sequence[datetime]) -> Said:
    """What is said by a worker that runs at these moments only, each time up to then, and keeps what falls due."""
    state = RecordState("r", around=Surroundings(nation=rule.nation))  # type: ignore[arg-type] # the oracle's are nations
    entries, _ = steps(made)
    waiting: set[Due] = set()
    said: Said = []
    for wake in wakes:
        here = [entry for entry in entries if entry.at <= wake]
        entries = entries[len(here) :]
        for event, after, outcomes in run(state, here, pack_of(rule), due=waiting, until=wake):
            state = after
            waiting |= {one for one in outcomes if isinstance(one, Due)}
            if isinstance(event, DueStep):
                waiting.discard(Due(event.at, event.cause, event.number, event.index))
            said.append((event, outcomes))
    return said


@given(acts(most=9), rules(), st.lists(st.integers(0, 40 * 1440), max_size=6))
@settings(max_examples=3 * examples(), deadline=None)
def test_whenever_a_worker_runs_it_says_the_same_in_the_same_order(
    made: list[Act], rule: Rule, minutes: list[int]
) -> None:
    """Nothing is lost, doubled or put otherwise, and every finding has the id and the moment that it would have had."""
    when = moments(made, rule)
    end = when[-1] + timedelta(days=60)
    all_along = caught_up(made, rule, [*when, end])
    late = [when[0] + timedelta(minutes=minute) for minute in sorted(minutes)]
    assert caught_up(made, rule, [*late, end]) == all_along
    assert caught_up(made, rule, [end]) == all_along


@given(acts(most=9), rules())
@settings(max_examples=examples(), deadline=None)
def test_the_moments_that_are_stepped_are_all_different(made: list[Act], rule: Rule) -> None:
    """A moment that was asked for again before it came is one moment."""
    stepped = [event for event, _ in caught_up(made, rule, [moments(made, rule)[-1] + timedelta(days=60)])]
    assert len({(step.at, str(step)) for step in stepped}) == len(stepped)
