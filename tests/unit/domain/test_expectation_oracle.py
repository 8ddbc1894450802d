"""What must follow, at every moment, beside an oracle that reads the tables of the calendar and tries everything."""

from bisect import bisect_right
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.calendar import WorkingCalendar
from tests.sizes import examples
from tests.unit.domain.awaiting import acts, played, rules
from tests.unit.domain.oracle_clocks import INSTANT, NATIONS, TRYING, Act, Rule, due, moments, standing, warned


@given(acts(), rules())
@settings(max_examples=5 * examples(), deadline=None)
def test_what_stands_is_what_the_oracle_finds_at_every_moment(made: list[Act], rule: Rule) -> None:
    """At each moment at which anything may change, and just before it, the same triggers wait in vain."""
    when = moments(made, rule)
    found, _ = played(made, rule, when[-1] + timedelta(days=40))
    stepped = [at for at, _ in found]
    for moment in when:
        last = bisect_right(stepped, moment) - 1
        stands = found[last][1] if last >= 0 else set()
        assert stands == standing(made, rule, moment), moment


@given(acts(), rules())
@settings(max_examples=2 * examples(), deadline=None)
def test_whoever_owes_it_is_warned_once_each_time_it_becomes_soon_due(made: list[Act], rule: Rule) -> None:
    """Warnings come at the moments at which the oracle's begin, of the same triggers, and at no others."""
    when = moments(made, rule)
    _, told = played(made, rule, when[-1] + timedelta(days=40))
    expected = [
        (moment, place)
        for moment in when
        for place in sorted(warned(made, rule, moment) - warned(made, rule, moment - INSTANT))
    ]
    assert sorted(told) == expected


@given(st.sampled_from(TRYING), st.integers(-4 * 1440, 18 * 1440), st.integers(0, 25), st.sampled_from(NATIONS))
@settings(max_examples=10 * examples(), deadline=None)
def test_working_days_are_those_that_were_announced(middle: datetime, minutes: int, count: int, nation: str) -> None:
    """Each nation's clock runs out when the tables say, over its bank holidays and both changes of the clock."""
    start = middle + timedelta(minutes=minutes)
    calendar = WorkingCalendar(nation)  # type: ignore[arg-type] # the oracle's are nations
    assert calendar.add_working_days(start, count) == due(start, f"{count}wd", nation)


def test_the_oracle_is_tried_by_every_kind_of_moment() -> None:
    """The days around which clocks are tried have working days, days off and both changes among them."""
    random = Random(1)
    starts = [middle + timedelta(minutes=random.randint(-5760, 5760)) for middle in TRYING for _ in range(20)]
    lengths = {(due(start, "1wd", "england") - start) // timedelta(hours=1) for start in starts}
    assert {24, 71, 72, 73} <= lengths
    assert max(lengths) > 96
