"""What is brought beside the log's key: how far it is held against an export, and that nothing is claimed beyond."""

import hashlib
import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.domain.verify.fault import Fault, Faults
from ledger.domain.verify.report import BROKEN, UNVOUCHED, VOUCHED, Report
from ledger.domain.verify.words import report_lines
from tests.exports import (
    ORIGIN,
    Exported,
    Kept,
    Ledger,
    envelope_at,
    export_log,
    export_record,
    indexes_of,
    rechained,
    resigned,
)
from tests.tampering import QUORUM, TAMPERINGS, Case, checked, trusting


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """Two records of some twenty entries each, with heads among them."""
    grown = Ledger(21, records=2)
    grown.grow(40, heads=5)
    return grown


def forked(kept: Kept, record: str, number: int) -> Kept:
    """Another history of a record from some number on, under heads that the same key signed."""
    other = kept.copy()
    index = indexes_of(kept, record)[number - 1]
    other.leaves[index] = replace(envelope_at(kept, index), commitment=bytes(32)).to_bytes()
    rechained(other, record)
    return resigned(other)


def first_lines(report: Report) -> str:
    """What is said before the first blank line, in one line."""
    lines = report_lines(report)
    return " ".join(lines[: lines.index("")])


def report_of(files: Exported, **brought: object) -> Report:
    log = brought.pop("log", None)
    named = {"checkpoints": brought.get("checkpoints", ()), "receipts": brought.get("receipts", ())}
    trust = trusting(*brought.get("asked", ()), **named)  # type: ignore[misc, arg-type]
    return checked(Case("", files, trust, log=log))  # type: ignore[arg-type]


# ── who made the export ──


def with_another_chronology(files: Exported) -> Exported:
    """The chronology, its hash in export.json and the hash in export.note changed, the old signature left."""
    page = b"<!doctype html><p>Nothing was ever reported.\n"
    about = json.loads(files["export.json"])
    about["files"]["chronology.html"] = hashlib.sha256(page).hexdigest()
    data = json.dumps(about).encode()
    signatures = files["export.note"].decode().partition("\n\n")[2]
    note = f"{ORIGIN}/exports\n{hashlib.sha256(data).hexdigest()}\n\n{signatures}"
    return files | {"chronology.html": page, "export.json": data, "export.note": note.encode()}


def test_without_the_receipt_key_the_verdict_is_of_the_entries_alone(ledger: Ledger) -> None:
    """A chronology that anybody forged breaks the export under the receipt key; without, it is said to be unchecked."""
    kept = ledger.kept
    files = with_another_chronology(export_record(kept, ledger.records[0]))
    trust = trusting(QUORUM)
    report = checked(Case("", files, trust))
    assert [fault.file for fault in report.faults] == ["export.note"]
    report = checked(Case("", files, replace(trust, receipt_keys=[])))
    assert (report.exit_code, report.signed) == (VOUCHED, False)
    said = first_lines(report)
    assert said.startswith("ENTRIES WHOLE, AND VOUCHED FOR")
    assert "NOT CHECKED: the chronology (HTML and PDF), the table (CSV), READ-ME.txt and export.json." in said
    assert report.as_json()["signed"] is False


def test_with_the_receipt_key_the_verdict_is_of_the_whole(ledger: Ledger) -> None:
    """What the ledger signed is said to be whole, and nothing to be unchecked."""
    for files in (export_record(ledger.kept, ledger.records[0]), export_log(ledger.kept)):
        for asked, code in ((QUORUM, VOUCHED), ("", UNVOUCHED)):
            report = checked(Case("", files, trusting(asked)))
            assert (report.exit_code, report.signed) == (code, True)
            assert first_lines(report).startswith("WHOLE, ")
            assert "NOT CHECKED" not in first_lines(report)
        report = checked(Case("", files, replace(trusting(), receipt_keys=[])))
        assert first_lines(report).startswith("ENTRIES WHOLE, BUT NOT VOUCHED FOR.")
        assert "NOT CHECKED: " in first_lines(report)


# ── receipts beyond a record's end ──


def test_a_receipt_is_held_against_the_log_beside_a_record(ledger: Ledger) -> None:
    """A fork behind the record's end shows by a receipt, as it does in the log alone; an honest log is vouched for."""
    kept, record = ledger.kept, ledger.records[0]
    promised = kept.leaves[indexes_of(kept, record)[9]]
    fork = forked(kept, record, 8)
    report = report_of(export_record(fork, record, 9), receipts=[promised], log=export_log(fork))
    wanted = [(10, "the export leaves them out"), (10, "the ledger signed two different entries")]
    assert all(any(fault.number == at and why in fault.why for fault in report.faults) for at, why in wanted)
    # Where the record's export is as old as its end, nothing but the receipt is against it.
    ledger = Ledger(24, records=1)
    ledger.grow(8)
    old, size = ledger.kept.copy(), len(ledger.kept.leaves)
    ledger.grow(6)
    [record] = ledger.records
    fork = forked(ledger.kept, record, size + 1)
    files = export_record(old, record)
    honest, other = (kept.leaves[size + 2] for kept in (ledger.kept, fork))
    assert report_of(files, receipts=[honest], log=export_log(ledger.kept)).exit_code == VOUCHED
    report = report_of(files, receipts=[other], log=export_log(ledger.kept))
    assert [(fault.number, fault.first) for fault in report.faults] == [(size + 3, size + 2)]
    report = report_of(files, receipts=[honest], log=export_log(fork))
    assert [(fault.number, fault.first) for fault in report.faults] == [(size + 3, size + 2)]


def test_a_later_receipt_vouches_by_the_log_beside_a_record() -> None:
    """Of an entry that came after the record's export: it is in the log, and the entries before it stand under it."""
    ledger = Ledger(22, records=2)
    ledger.grow(30)
    record = ledger.records[0]
    files = export_record(ledger.kept, record)
    ledger.grow(10)
    kept = ledger.kept
    receipts = [kept.leaves[indexes_of(kept, one)[-1]] for one in ledger.records]
    alone, beside = report_of(files, receipts=receipts), report_of(files, receipts=receipts, log=export_log(kept))
    assert (alone.exit_code, alone.faults) == (UNVOUCHED, [])
    assert (beside.exit_code, beside.faults) == (VOUCHED, [])
    [sentence] = beside.vouched
    assert f"promises entry {record}." in sentence
    assert "it is in the export of the log as it was promised" in sentence
    assert any(f"promises entry {ledger.records[1]}." in note for note in beside.notes)
    # A log that ends before the receipt's entry, by the same rule as when it is checked alone.
    lost = kept.copy()
    at = indexes_of(kept, record)[-1]
    del lost.leaves[at:], lost.contents[at:]
    report = report_of(files, receipts=receipts[:1], log=export_log(resigned(lost)))
    assert "is of an entry that the export of the log is too old to hold." in " ".join(report.notes)


def test_a_receipt_that_cannot_follow_the_records_end_is_a_fork(ledger: Ledger) -> None:
    """It names another entry before it, or a time before the last one's: two histories were signed."""
    kept, record = ledger.kept, ledger.records[0]
    indexes = indexes_of(kept, record)
    own, other = export_record(kept, record, 8), forked(kept, record, 5)
    report = report_of(own, receipts=[other.leaves[indexes[8]]])
    assert [(fault.number, fault.record) for fault in report.faults] == [(9, record)]
    assert "after another entry 8 than the one that is here" in report.faults[0].why
    entry = envelope_at(kept, indexes[11])
    early = replace(entry, recorded_at=envelope_at(kept, indexes[7]).recorded_at - timedelta(seconds=1)).to_bytes()
    report = report_of(own, receipts=[early])
    assert "the ledger signed two histories" in report.faults[0].why
    # The log's own export, ending where the record does, says the same.
    short = kept.copy()
    del short.leaves[indexes[7] + 1 :], short.contents[indexes[7] + 1 :]
    report = report_of(export_log(resigned(short)), receipts=[other.leaves[indexes[8]]])
    assert report.exit_code == BROKEN
    assert checked(Case("", own, trusting(receipts=[early]), log=export_log(kept))).exit_code == BROKEN


def test_an_honest_receipt_beyond_the_end_is_told_loudly_or_proves_the_end_withheld(ledger: Ledger) -> None:
    """Made later than the receipt, an export may have been asked for as of earlier, which is said at once; where
    witnesses saw its log well after the receipt, it is a fault as the log beside it would show.
    """
    kept, record = ledger.kept, ledger.records[0]
    cut = export_record(kept, record, 5)
    receipt = kept.leaves[indexes_of(kept, record)[5]]
    report = report_of(cut, receipts=[receipt])
    assert (report.exit_code, report.faults) == (UNVOUCHED, [])
    assert "MIND: The receipt receipt-0 is of entry 6, recorded at " in first_lines(report)
    report = report_of(cut, receipts=[receipt], asked=(QUORUM,))
    assert [fault.number for fault in report.faults] == [6]
    assert "it leaves the entry out" in report.faults[0].why
    # One that was recorded after the export was made says nothing against it.
    late = replace(envelope_at(kept, indexes_of(kept, record)[5]), recorded_at=ledger.now + timedelta(days=400))
    report = report_of(cut, receipts=[late.to_bytes()], asked=(QUORUM,))
    assert (report.exit_code, report.warnings) == (VOUCHED, [])
    assert "beyond number 5, to which this export goes" in " ".join(report.notes)


# ── kept checkpoints beyond the end ──


def test_a_kept_checkpoint_of_a_larger_log_stands_beside_the_verdict() -> None:
    """Of a record and of a log, in the first lines; a log beside the record that reaches it is compared with it."""
    ledger = Ledger(23, records=1)
    ledger.grow(10)
    record, log = export_record(ledger.kept, ledger.records[0]), export_log(ledger.kept)
    ledger.grow(8)
    later = [ledger.kept.heads[-1].note]
    for files in (record, log):
        report = report_of(files, checkpoints=later)
        assert report.exit_code == UNVOUCHED
        assert "is of size 18, and what was checked here ends at size 10." in first_lines(report)
    report = report_of(record, checkpoints=later, log=log)
    assert "is of size 18, and what was checked here ends at size 10." in first_lines(report)
    report = report_of(record, checkpoints=later, log=export_log(ledger.kept))
    assert (report.exit_code, report.warnings) == (VOUCHED, [])
    # Witnesses saw it before that log was exported: its end is missing, beside a record as alone.
    report = report_of(record, checkpoints=later, log=log, asked=(QUORUM,))
    assert any("the end of the log is missing" in fault.why for fault in report.faults)


def test_a_kept_checkpoint_of_a_fork_is_found_by_the_log_beside_a_record(ledger: Ledger) -> None:
    """A head that the record's export knows nothing of is one of the log's."""
    kept, record = ledger.kept, ledger.records[0]
    other = forked(kept, record, 8)
    report = report_of(export_record(kept, record), checkpoints=[other.heads[-2].note], log=export_log(kept))
    assert report.exit_code == BROKEN


# ── places ──


def test_no_range_is_upside_down() -> None:
    """Whatever is tampered with: of a range of indexes the lower one is told first."""
    faults = Faults()
    faults.add("entries swapped in a record", first=74, last=72, record="r", number=3)
    assert faults.found == [Fault("entries swapped in a record", 72, 74, "r", 3)]
    assert faults.found[0].where.endswith("somewhere from index 72 to 74 of the log")
    for seed in range(21):
        for fault in checked(TAMPERINGS[seed % len(TAMPERINGS)](random.Random(seed))).faults:
            assert fault.first is None or fault.last is None or fault.first <= fault.last


def test_two_heads_of_one_size_part_somewhere_before_it(ledger: Ledger) -> None:
    """Where one of two signed heads of a size fits, the other is told from the first entry on, within the log."""
    kept = ledger.kept
    other = forked(kept, ledger.records[0], 1)
    report = report_of(export_log(kept), checkpoints=[kept.heads[-1].note, other.heads[-1].note])
    assert [(fault.first, fault.last) for fault in report.faults] == [(0, 39)]
