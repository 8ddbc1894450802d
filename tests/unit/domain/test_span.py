"""Sets of moments against sets of days."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.span import SpanSet

FIRST = datetime(2022, 1, 1, tzinfo=UTC)
pairs = st.tuples(st.integers(0, 30), st.integers(0, 30))


def day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


@given(st.lists(pairs, max_size=8), pairs)
def test_spans_are_a_set_of_moments(added: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    """What is outside, and what comes next, is what a set of days says."""
    spans, days = SpanSet(), set()
    for start, end in added:
        spans.add(day(start), day(end))
        days |= set(range(start, end))
    start, end = asked
    outside = [(d - FIRST).days for s, e in spans.outside(day(start), day(end)) for d in (s, e)]
    covered = {d for s, e in zip(outside[::2], outside[1::2], strict=True) for d in range(s, e)}
    assert covered == set(range(start, end)) - days
    following = min((d for d in days if d >= start), default=None)
    assert spans.next_from(day(start)) == (None if following is None else day(following))
