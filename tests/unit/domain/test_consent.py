"""Whether a consent still held: the last word of the same person on the same matter, by the time of the decision."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.consent import GIVEN, Consent, amiss, purpose_of
from ledger.domain.valid_time import Observed
from tests.unit.domain.claiming import AT

DAY = timedelta(days=1)


def said(number: int, day: int, answer: str = GIVEN, *, until: int | None = None, **more: object) -> Consent:
    values: dict[str, object] = {"person": "mother", "purpose": purpose_of("early help"), "replaces": None, **more}
    ends = None if until is None else AT + until * DAY
    return Consent(number, answer=answer, observed=AT + day * DAY, until=ends, **values)  # type: ignore[arg-type]


def on(day: int) -> Observed:
    return Observed(AT + day * DAY, AT + day * DAY)


def test_a_consent_holds_until_it_ends_or_is_taken_back() -> None:
    """It is well up to its end, and up to the day on which it was taken back, and not from then on."""
    ends, taken = [said(1, 0, until=5)], [said(1, 0), said(2, 5, "withdrawn")]
    assert [amiss(ends, 1, on(day)) for day in (4, 5)] == [None, ("consent_ended", (1,))]
    assert [amiss(taken, 1, on(day)) for day in (4, 6)] == [None, ("consent_withdrawn", (1, 2))]
    assert amiss([said(1, 0, "refused")], 1, on(9)) == ("consent_not_given", (1,))


def test_a_later_word_is_on_the_same_matter_by_words_or_by_name() -> None:
    """The same purpose however it is written, or the entry that it names; of another person or purpose it is not."""
    first = said(1, 0)
    for more, is_same in (
        ({"purpose": purpose_of(" Early   HELP ")}, True),
        ({"purpose": purpose_of("a police check")}, False),
        ({"purpose": purpose_of("a police check"), "replaces": 1}, True),
        ({"person": "father"}, False),
    ):
        found = amiss([first, said(2, 1, "withdrawn", **more)], 1, on(2))
        assert (found is not None) is is_same, more


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["given", "refused", "withdrawn"])), max_size=6),
    st.integers(0, 12),
)
def test_the_last_word_by_then_decides(later: list[tuple[int, str]], day: int) -> None:
    """Whatever the order in which they were recorded, what was said last before the decision counts."""
    words = [said(1, 0), *(said(number, when, answer) for number, (when, answer) in enumerate(later, 2))]
    by_then = [one for one in words if one.observed < AT + day * DAY] or [words[0]]
    last = max(by_then, key=lambda one: (one.observed, one.number))
    assert (amiss(words, 1, on(day)) is None) is (last.answer == GIVEN)
