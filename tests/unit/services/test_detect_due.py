from uuid import UUID

from ledger.services.detect_due import Setbacks

ONE, OTHER = UUID(int=1), UUID(int=2)


class Hands:
    """A clock of the test's own."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_record_at_which_the_server_fails_is_left_alone_longer_each_time_and_never_for_good() -> None:
    """The rest doubles with each failure in a row, up to a longest one; then the record is tried again."""
    hands = Hands()
    setbacks = Setbacks(hands)
    rests = []
    for _ in range(14):
        setbacks.add(ONE)
        began = hands.at
        while ONE in setbacks.now():
            hands.at += 0.5
        rests.append(hands.at - began)
    assert rests[:5] == [1, 2, 4, 8, 16]
    assert rests[-3:] == [300, 300, 300]


def test_a_setback_is_one_records_own() -> None:
    """Others are not held up by it, and how often it failed is counted for it alone."""
    setbacks = Setbacks(Hands())
    assert [setbacks.add(ONE), setbacks.add(ONE), setbacks.add(OTHER)] == [1, 2, 1]
    setbacks.clear(OTHER)
    assert setbacks.now() == {ONE}


def test_a_record_that_went_well_starts_again() -> None:
    """What failed before does not count any more once it has gone well."""
    setbacks = Setbacks(Hands())
    setbacks.add(ONE)
    setbacks.clear(ONE)
    assert setbacks.now() == set()
    assert setbacks.add(ONE) == 1
