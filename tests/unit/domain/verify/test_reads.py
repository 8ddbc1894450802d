import json

import pytest

from ledger.domain.verify.report import BROKEN, UNVOUCHED
from ledger.domain.verify.trust import Trust, keys_of
from tests.exports import ACCESS, Exported, Ledger, export_log, resealed, resigned
from tests.tampering import Case, checked, trusting


@pytest.fixture(scope="module")
def reads() -> Ledger:
    """A log of who read."""
    ledger = Ledger(3)
    ledger.kept.key = ACCESS
    for done in range(30):
        ledger.wait(20)
        ledger.read()
        if done % 9 == 0:
            ledger.sign()
    ledger.sign()
    return ledger


def trust() -> Trust:
    """The key of the log of reads."""
    base = trusting()
    return Trust(keys_of([ACCESS.vkey], "log key"), None, base.receipt_keys, (), (), base.verify)


def changed(files: Exported, **members: object) -> Case:
    lines = [json.loads(line) for line in files["reads.jsonl"].splitlines()]
    lines[1] |= members
    told = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return Case("", resealed({**files, "reads.jsonl": told}), trust())


def test_a_log_of_reads_is_checked(reads: Ledger) -> None:
    """Whole with the contents of all of its reads, of some, and of none."""
    for told in (range(30), (2, 5, 29), ()):
        report = checked(Case("", export_log(reads.kept, told), trust()))
        assert (report.exit_code, report.entries) == (UNVOUCHED, 30), report.faults


def test_a_read_that_is_told_otherwise_is_named(reads: Ledger) -> None:
    """Another reader, another time or another salt than the log committed to: the index is told."""
    files = export_log(reads.kept, (2, 5, 9))
    content = json.loads(reads.kept.contents[5][1])
    for members in (
        {"content": json.dumps(content | {"agency": "other"})},
        {"content": json.dumps(content | {"real_at": "2026-01-01T00:00:00.000000Z"})},
        {"salt": "00" * 32},
    ):
        report = checked(changed(files, **members))
        assert report.exit_code == BROKEN
        assert (report.faults[0].first, report.faults[0].last) == (5, 5)


@pytest.mark.parametrize("members", [{"index": 2}, {"index": 99}, {"content": "x"}, {"salt": "zz"}, {"content": 5}])
def test_lines_that_cannot_be_used_are_told(reads: Ledger, members: dict[str, object]) -> None:
    """Out of order, beyond the log's end or malformed: the file is named."""
    report = checked(changed(export_log(reads.kept, (2, 5, 9)), **members))
    assert "reads.jsonl" in {fault.file for fault in report.faults}


def test_a_leaf_that_is_no_read_is_named(reads: Ledger) -> None:
    """An entry in the log of reads does not pass."""
    kept = reads.kept.copy()
    kept.leaves[7] = b"{}"
    report = checked(Case("", export_log(resigned(kept)), trust()))
    assert (report.exit_code, report.faults[0].first) == (BROKEN, 7)
