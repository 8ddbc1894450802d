from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log.policy import is_met, parse_policy
from ledger.domain.verify.fault import Fault, Faults, TooManyFaultsError, UnreadableError
from ledger.domain.verify.head import AFTER_ALL, BEFORE_ALL, Bracket, Brackets, Head, moment_text, why_outside
from ledger.domain.verify.trust import asked_policy
from tests import sizes
from tests.exports import POLICY, WITNESSES
from tests.tampering import QUORUM, trusting, witness_key

NAMES = ("police", "health", "school")


@settings(max_examples=sizes.examples())
@given(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 50)))
def test_a_quorums_times_hold_if_one_of_it_is_honest(times: dict[str, int]) -> None:
    """There are bounds where there is a quorum, and no single liar moves them beyond what honest witnesses said."""
    seen = trusting(QUORUM).seen_between(times)
    policy = parse_policy(POLICY)
    quorums = [set(some) for count in range(4) for some in combinations(times, count) if is_met(policy, some)]
    assert (seen is None) is (not quorums)
    if seen is not None:
        assert min(times.values()) <= seen[0] <= seen[1] <= max(times.values())
        for liar in times:
            honest = [at for name, at in times.items() if name != liar]
            if is_met(policy, [name for name in times if name != liar]):
                assert min(honest) <= seen[1]
                assert seen[0] <= max(honest)


@settings(max_examples=sizes.examples())
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 100)), max_size=6), st.integers(0, 30))
def test_an_index_lies_between_the_last_head_without_and_the_first_with_it(
    heads: list[tuple[int, int]], index: int
) -> None:
    """The bracket is that of the nearest cosigned heads on either side; heads that nobody cosigned bound nothing."""
    known = [Head(size, bytes(32), "", (at, at)) for size, at in heads]
    bracket = Brackets([*known, Head(index + 1, bytes(32), "")], 60).of(index)
    below = sorted((size, at) for size, at in heads if size <= index)
    above = sorted((size, at) for size, at in heads if size > index)
    assert bracket.low == (below[-1][1] if below else None)
    assert bracket.high == (above[0][1] if above else None)


def test_the_skew_is_allowed_on_either_side() -> None:
    """A minute early and a minute late is within; a microsecond more is not. Unknown bounds bound nothing."""
    low, high = Brackets([], 60).limits(Bracket(1_000_000_000, 1_000_000_100))
    assert (low, high) == ("2001-09-09T01:45:40.000000Z", "2001-09-09T01:49:21.000000Z")
    assert Brackets([], 60).limits(Bracket(None, None)) == (BEFORE_ALL, AFTER_ALL)
    assert BEFORE_ALL < moment_text(0) < moment_text(2**62) < AFTER_ALL
    assert "Back-dated" in why_outside("2001-01-01", Bracket(1_000_000_000, None))
    assert "Post-dated" in why_outside("2101-01-01", Bracket(None, 1_000_000_000))
    assert Bracket(None, None).words == "at some time"
    assert Bracket(5, None).words == "after 1 January 1970 00:00:05 UTC"


@settings(max_examples=sizes.examples())
@given(st.integers(-(2**70), 2**70))
def test_any_number_of_seconds_is_some_moment(seconds: int) -> None:
    """A witness may sign any number; the text is that of a day that exists."""
    assert datetime.fromisoformat(moment_text(seconds)).tzinfo == UTC


def test_witnesses_besides_a_policy_are_all_asked_for() -> None:
    """The policy's quorum and each further witness must have cosigned; one of the policy's goes by its name there."""
    extra = witness_key("other.example/w", 99)
    policy = asked_policy(POLICY, [extra.vkey, WITNESSES[0].vkey])
    assert policy is not None
    assert is_met(policy, ["police", "health", "other.example/w"])
    assert not is_met(policy, ["health", "school", "other.example/w"])
    assert not is_met(policy, ["police", "health"])
    assert asked_policy(None, []) is None
    with pytest.raises(UnreadableError, match="same name"):
        asked_policy(None, [extra.vkey, witness_key("other.example/w", 98).vkey])


def test_the_first_fault_is_the_one_that_surely_holds_one_first() -> None:
    """Faults are ranges that hold a bad entry: the one that ends first, and of those the narrowest; files come last."""
    faults = Faults()
    for first, last in ((0, 90), (40, 50), (50, 50), (60, 60)):
        faults.add("x", first=first, last=last)
    faults.add("y", file="a")
    assert [(fault.first, fault.last) for fault in faults.in_order()] == [
        (50, 50), (40, 50), (60, 60), (0, 90), (None, None),
    ]  # fmt: skip
    assert faults.first == Fault("x", 50, 50)


def test_faults_have_an_end() -> None:
    """Twenty entries that fail are enough; files are told up to ten and counted on."""
    faults = Faults()
    for at in range(15):
        faults.add("x", file=str(at))
    assert (len(faults.found), faults.files_untold) == (10, 5)
    for at in range(19):
        faults.add("x", first=at, last=at)
    with pytest.raises(TooManyFaultsError):
        faults.add("x", first=19, last=19)
    assert len(faults.found) == 30
