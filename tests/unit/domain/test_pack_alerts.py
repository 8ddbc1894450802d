"""What a pack may say of alerts, what it may not, and what holds where it says nothing."""

from copy import deepcopy
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.domain.duration import WorkingDays
from ledger.domain.pack import Pack, PackError
from ledger.domain.pack_alerts import DEFAULTS, ByTier, alert_settings
from tests.shipped import shipped_pack

#: The least that is a pack.
_LEAST = {
    "pack": "least",
    "version": "1",
    "attributes": {"seen": {"about": "child", "type": "text", "meaning": "Seen."}},
}


def faults(alerts: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    """What is wrong with a pack that says this of alerts."""
    try:
        Pack.from_mapping({**deepcopy(_LEAST), "alerts": alerts})
    except PackError as error:
        return error.faults
    return []


def test_what_ships_is_what_holds_without() -> None:
    """A pack from before this section and the pack that ships treat alerts alike."""
    assert shipped_pack().alerts == alert_settings() == alert_settings({})


def test_a_pack_says_only_what_it_changes() -> None:
    """Keys that are left out are as they ship."""
    said = alert_settings({"digest": "07:15", "act_within": {"interrupt": "PT2H", "queue": "PT6H"}})
    assert said.digest == time(7, 15)
    assert said.act_within == ByTier(timedelta(hours=2), timedelta(hours=6))
    assert said.snooze_at_most == ByTier(timedelta(hours=24), WorkingDays(10))
    assert said.shadow.floor == Decimal("0.25")
    assert [step.to for step in said.ladder] == ["deputy", "manager", "senior", "chair"]


@pytest.mark.parametrize(
    ("alerts", "path"),
    [
        ({"digest": "8"}, ("alerts", "digest")),
        ({"act_within": {"interrupt": "PT4H"}}, ("alerts", "act_within")),
        ({"act_within": {"interrupt": "soon", "queue": "2wd"}}, ("alerts", "act_within", "interrupt")),
        ({"act_within": {"interrupt": "PT0S", "queue": "2wd"}}, ("alerts", "act_within", "interrupt")),
        ({"act_within": {"interrupt": "PT4H", "queue": "0wd"}}, ("alerts", "act_within", "queue")),
        ({"ladder": []}, ("alerts", "ladder")),
        ({"ladder": [{"to": "lead", "within": {"interrupt": "PT4H", "queue": "2wd"}}]}, ("alerts", "ladder", 0, "to")),
        ({"ladder": [DEFAULTS["ladder"][1], DEFAULTS["ladder"][0]]}, ("alerts", "ladder", 1, "to")),
        ({"ladder": [DEFAULTS["ladder"][1], DEFAULTS["ladder"][1]]}, ("alerts", "ladder", 1, "to")),
        ({"shadow": {"floor": "1.5", "of_at_least": "20", "over": "P180D"}}, ("alerts", "shadow", "floor")),
        ({"shadow": {"floor": "0.5", "of_at_least": "0", "over": "P180D"}}, ("alerts", "shadow", "of_at_least")),
        ({"shadow": {"floor": "0.5", "of_at_least": "20", "over": "10wd"}}, ("alerts", "shadow", "over")),
        ({"wake": "09:00"}, ("alerts", "wake")),
    ],
)
def test_what_is_wrong_is_said_at_its_place(alerts: dict[str, Any], path: tuple[str | int, ...]) -> None:
    """No clock of nothing, no ladder that goes down, no share above one, and no key that nobody reads."""
    assert [where for where, _ in faults(deepcopy(alerts))] == [path]
