"""What the environment says of watching."""

import pytest

from config.watch_settings import PARTS, WatchSettings, WatchSettingsError
from ledger.domain.machinery import PARTS as KNOWN


def test_everything_has_a_default() -> None:
    """Each sort of process is expected, and half a minute is too long."""
    said = WatchSettings.from_env({})
    assert (said.expected, said.silent_s, said.late_s) == (frozenset(PARTS), 30.0, 30.0)
    assert set(PARTS) == set(KNOWN)


def test_what_is_expected_can_be_said() -> None:
    """Some of the sorts, or none at all."""
    assert WatchSettings.from_env({"LEDGER_EXPECTED_PARTS": "worker, web"}).expected == {"worker", "web"}
    assert WatchSettings.from_env({"LEDGER_EXPECTED_PARTS": ""}).expected == frozenset()


@pytest.mark.parametrize(
    ("name", "value"),
    [("LEDGER_EXPECTED_PARTS", "worker,baker"), ("LEDGER_SILENT_SECONDS", "0.5"), ("LEDGER_SILENT_SECONDS", "soon"),
     ("LEDGER_LATE_SECONDS", "601")],
)  # fmt: skip
def test_what_is_wrong_is_refused(name: str, value: str) -> None:
    """By the name of the setting, without what was set."""
    with pytest.raises(WatchSettingsError, match=name) as refused:
        WatchSettings.from_env({name: value})
    assert value not in str(refused.value)
