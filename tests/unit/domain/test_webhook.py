import json
from datetime import UTC, datetime, timedelta

import pytest

from ledger.domain.retry import WEBHOOK
from ledger.domain.webhook import payload, read_retry_after

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_a_message_is_an_id_and_a_type() -> None:
    """Nothing else, and the same bytes each time."""
    body = payload("alert.raised", NOW, "abc.7")
    assert json.loads(body) == {
        "type": "alert.raised", "timestamp": "2026-11-22T08:00:00.000000Z", "data": {"id": "abc.7"},
    }  # fmt: skip
    assert body == payload("alert.raised", NOW, "abc.7")


def test_ten_tries_over_seventy_five_hours() -> None:
    """As the specification has them; each wait longer by chance, and never shorter."""
    assert WEBHOOK.tries == 10
    assert sum(WEBHOOK.waits, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    for failures in range(1, 10):
        least, most = WEBHOOK.wait(failures, 0.0), WEBHOOK.wait(failures, 1.0)
        assert least is not None
        assert most is not None
        assert least == WEBHOOK.waits[failures - 1] < most
    assert WEBHOOK.wait(10, 0.5) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120), (" 0 ", 0), ("Sun, 22 Nov 2026 08:02:00 GMT", 120), ("Sun, 22 Nov 2026 07:00:00 GMT", 0),
        ("", None), (None, None), ("soon", None), ("-5", None), ("1.5", None), ("9" * 40, None),
        ("Sun, 22 Nov 2026 08:02:00", None), ("Sun, 99 Nov 2026 08:02:00 GMT", None),
    ],
)  # fmt: skip
def test_when_a_receiver_wants_to_be_asked_again(text: str | None, seconds: int | None) -> None:
    """In seconds or as a date; whatever else it says is nothing."""
    assert read_retry_after(text, NOW) == (None if seconds is None else timedelta(seconds=seconds))
