"""When what was not taken is tried again."""

from datetime import timedelta
from itertools import accumulate

import pytest

from ledger.domain.retry import MAIL, PATIENCE, WEBHOOK, Schedule


def test_webhooks_are_tried_ten_times_in_three_days() -> None:
    """As Standard Webhooks asks: ten tries, the last one 75 hours and 35 minutes after the first (and five seconds)."""
    assert WEBHOOK.tries == 10
    assert sum(WEBHOOK.waits, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


def test_mail_outlasts_a_long_weekend() -> None:
    """A server may be away for four days (RFC 5321, section 4.5.4.1: four to five days), and waits only grow."""
    total = list(accumulate(MAIL.waits))[-1]
    assert timedelta(days=4) <= total <= timedelta(days=5)
    assert list(MAIL.waits) == sorted(MAIL.waits)


@pytest.mark.parametrize("schedule", [MAIL, WEBHOOK])
def test_chance_only_ever_makes_a_wait_longer(schedule: Schedule) -> None:
    """By up to the spread, so that what failed together does not come back together; and the tries end."""
    for failures in range(1, schedule.tries):
        least, most = schedule.wait(failures, 0.0), schedule.wait(failures, 1.0)
        assert least is not None
        assert most is not None
        assert least == schedule.waits[failures - 1]
        assert most == least * (1 + schedule.spread)
    assert schedule.wait(schedule.tries, 0.5) is None


def test_whoever_asks_for_time_gets_it_within_reason() -> None:
    """Nothing is tried sooner than was asked, and nobody keeps a message waiting for longer than a day by asking."""
    assert WEBHOOK.wait(1, 0.0, timedelta(minutes=3)) == timedelta(minutes=3)
    assert WEBHOOK.wait(4, 0.0, timedelta(minutes=3)) == timedelta(hours=2)
    assert WEBHOOK.wait(1, 0.0, timedelta(days=300)) == PATIENCE
