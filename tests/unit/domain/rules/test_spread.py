"""Which of many claims a pattern shows, and which lie close enough together."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.claim import Claim
from ledger.domain.event import claims_in
from ledger.domain.rules.spread import Occasion, moment_of, pattern, within
from tests.saying import steps
from tests.unit.domain.rules.passing import FIRST
from tests.unit.domain.rules.patterning import visit


def claims(*agencies: str) -> list[Claim]:
    """One claim of each, a day apart."""
    made = steps(*(visit(agency, on, "no_access") for on, agency in enumerate(agencies)))
    return [claim for entry in made for claim in claims_in(entry) if claim.attribute == "visit_outcome"]


def test_at_most_eight_entries_are_shown_and_the_rest_is_evidence() -> None:
    """The newest eight stand on the one side, and what is older beside them."""
    basis = pattern(claims(*["hv"] * 11))
    assert [ref.number for ref in basis.sides[0]] == list(range(4, 12))
    assert [ref.number for ref in basis.evidence] == [1, 2, 3]


def test_every_agency_is_shown_at_least_once() -> None:
    """One agency's single entry is not crowded out by the newer ones of another."""
    basis = pattern(claims("gp", *["hv"] * 10))
    assert [ref.number for ref in basis.sides[0]] == [1, *range(5, 12)]


@given(st.permutations(range(11)))
def test_what_is_shown_does_not_hang_on_the_order_given(places: list[int]) -> None:
    """The same claims in any order give the same finding."""
    told = claims("gp", *["hv"] * 10)
    assert pattern(told[place] for place in places) == pattern(told)


@given(st.lists(st.integers(0, 400), max_size=12), st.integers(1, 120), st.integers(2, 4))
def test_close_together_is_as_counting_every_stretch_has_it(days: list[int], length: int, times: int) -> None:
    """An occasion is kept exactly when some stretch of that length around it holds enough."""
    occasions = [Occasion(FIRST + timedelta(days=on), str(place), ()) for place, on in enumerate(days)]

    def enough(some: Sequence[Occasion]) -> bool:
        return len(some) >= times

    def is_close(on: int) -> bool:
        starts = [one for one in days if one <= on <= one + length]
        return any(sum(one <= other <= one + length for other in days) >= times for one in starts)

    kept = within(occasions, timedelta(days=length), enough)
    assert [one.when for one in kept] == sorted(FIRST + timedelta(days=on) for on in days if is_close(on))


def test_what_goes_on_is_as_of_when_it_was_said() -> None:
    """A word of a stretch that is over stands at its end, one that goes on at the day on which it was heard."""
    over, going_on = (
        claim
        for valid in ("2021-11/2021-12", "2021-11/..")
        for claim in claims_in(steps(visit("hv", 1, "no_access", valid=valid))[0])
        if claim.attribute == "visit_outcome"
    )
    assert (moment_of(over).year, moment_of(over).month) == (2022, 1)
    assert moment_of(going_on) > FIRST
