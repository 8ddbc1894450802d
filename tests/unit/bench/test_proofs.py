"""The measurement of proofs: that it measures what it says, at a size at which it means nothing."""

import pytest

from ledger.bench import proofs
from ledger.bench.goal import Line
from ledger.bench.proofs import Verified, lines_of_proofs, prove, verify_log, verify_record


def test_both_trees_are_measured_at_each_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each act has its seconds at each size, and a line; what is not there to measure beside is said, not left out."""
    monkeypatch.setattr(proofs, "_PROOFS", 5)
    monkeypatch.setattr(proofs, "_peer", lambda: None)
    said: list[str] = []
    proving = prove((10, 50), said.append)
    assert "NOT measured" in said[0]
    assert all(proving.each("ledger", kind, size) > 0 for kind in proofs._KINDS for size in (10, 50))
    lines = lines_of_proofs(proving, [Verified("verifying", 1_000_000, 20.0, 2**30)])
    assert [line.is_met for line in lines if line.goal in (30.0, 1024.0)] == [True, True]
    assert [line.what for line in lines].count("  beside 10 leaves") == len(proofs._KINDS) - 1


def test_the_exports_that_are_measured_are_whole() -> None:
    """What is made for the measurement verifies, in a process of its own; its memory is told."""
    for made in (verify_log(600, lambda _text: None), verify_record(20, lambda _text: None)):
        assert made.seconds > 0
        assert 10 * 1024**2 < made.peak_bytes < 500 * 1024**2
        assert isinstance(lines_of_proofs(proofs.Proving({}, (), has_peer=False), [made])[0], Line)
