"""Memory as the kernel tells it."""

from pathlib import Path

from ledger.bench.memory import Usage, total, usage_of

ROLLUP = """\
55d0c0de0000-7ffe00000000 ---p 00000000 00:00 0                          [rollup]
Rss:               10240 kB
Pss:                5120 kB
Pss_Dirty:          1000 kB
Shared_Clean:       2048 kB
"""


def test_both_figures_are_read(tmp_path: Path) -> None:
    """Resident and proportional size, in bytes, of one process."""
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "smaps_rollup").write_text(ROLLUP)
    assert usage_of(7, tmp_path) == Usage(10240 * 1024, 5120 * 1024, 1)


def test_a_process_that_is_gone_uses_nothing(tmp_path: Path) -> None:
    """One that ended while it was looked at is not counted, and is no error."""
    assert usage_of(7, tmp_path) == Usage()


def test_parts_add_up() -> None:
    """The whole is the sum of its parts, processes too."""
    assert total({"a": Usage(1, 2, 1), "b": Usage(3, 4, 2)}) == Usage(4, 6, 3)
