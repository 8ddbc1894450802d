"""Checking one export from end to end: what it says of itself, its signed heads, its entries, its other files."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ledger.domain.verify.bracketing import read_brackets
from ledger.domain.verify.check_log import LogWatch, Progress, check_entries, check_reads
from ledger.domain.verify.check_record import RecordWatch, check_record
from ledger.domain.verify.fault import Fault, Faults, FileFaultError, TooManyFaultsError, UnreadableError
from ledger.domain.verify.head import Brackets, Head, read_head
from ledger.domain.verify.kept import KeptReceipts
from ledger.domain.verify.manifest import LARGEST_TEXT, check_files, check_manifest_note, claims_of, read_manifest
from ledger.domain.verify.report import Report
from ledger.domain.verify.saying import compare_kept, find_shrunk, say_brackets, say_kept, say_quorum
from ledger.domain.verify.source import Source
from ledger.domain.verify.trust import Trust

CHECKPOINT = "checkpoint"


def check_export(
    source: Source, trust: Trust, progress: Callable[[str], Progress], log: Source | None = None
) -> Report:
    """Check an export, and with that of a record the export of the log where one is given.

    UnreadableError where it is no export, or what was brought does not belong to it. `progress` is given a word for
    what is checked, and returns what is told how much of it is done.
    """
    check = _Check(source, trust, progress)
    beside = None if log is None else _Beside(log, trust, progress)
    return check.run(beside)


class _Check:
    """One export that is being checked."""

    def __init__(self, source: Source, trust: Trust, progress: Callable[[str], Progress]) -> None:
        self.source, self.trust, self.progress = source, trust, progress
        self.manifest = manifest = read_manifest(source)
        self.faults = Faults()
        if manifest.log_origin not in {key.name for key in trust.log_keys}:
            raise UnreadableError("the log key that you gave is of another log than the one in this export")
        self.receipts = KeptReceipts(trust, manifest.origin, self.faults)
        self.kept = [self._kept_head(kept.name, kept.text) for kept in trust.checkpoints]
        self.report = Report(
            kind=manifest.kind,
            log=manifest.log,
            origin=manifest.origin,
            recipient=manifest.recipient,
            made_at=manifest.made_at,
            size=manifest.size,
            record=manifest.record,
            up_to=manifest.up_to,
        )

    def _kept_head(self, name: str, text: str) -> Head:
        try:
            return read_head(text, self.manifest.log_origin, self.trust, f"the checkpoint {name}", is_kept=True)
        except ValueError as error:
            raise UnreadableError(f"the checkpoint {name} cannot be used: {error}") from None

    def run(self, beside: "_Beside | None") -> Report:
        """Check it all."""
        if beside is not None and self.manifest.kind != "record":
            raise UnreadableError("an export of the log is given beside that of a record, not of another log")
        self.guarded(lambda: self._check_all(beside))
        self.report.faults = self.faults.in_order()
        if self.faults.files_untold:
            self.report.notes.append(
                f"{self.faults.files_untold:,} more files are missing, damaged or not as described."
            )
        return self.report

    def guarded(self, act: Callable[[], None]) -> None:
        """Do something until too much is wrong, or a file that it needs is missing."""
        try:
            act()
        except TooManyFaultsError:
            self.report.notes.append("So much is wrong that checking went no further.")
        except FileFaultError as error:
            self.faults.found.append(Fault(error.why, file=error.name))

    def _check_all(self, beside: "_Beside | None") -> None:
        text, head = self.checkpoint()
        if head is not None:
            brackets = self.brackets(head)
            if self.manifest.kind == "record":
                self._check_record(text, head, brackets, beside)
            else:
                self._check_log(head, brackets)
            say_quorum(self.report, self.trust, head, brackets, self.faults)
        self._check_note()
        self.report.claims += claims_of(self.source, self.manifest)
        check_files(self.source, self.manifest, self.faults)

    def checkpoint(self) -> tuple[str, Head | None]:
        """The export's own checkpoint; None, with a fault, where it is not what it must be."""
        text = self.source.text(CHECKPOINT, LARGEST_TEXT)
        try:
            head = read_head(text, self.manifest.log_origin, self.trust, "the checkpoint of the export")
        except ValueError as error:
            self.faults.add(str(error), file=CHECKPOINT)
            return text, None
        if head.size != self.manifest.size:
            why = f"it is of size {head.size:,}, and export.json says {self.manifest.size:,}"
            self.faults.add(why, file=CHECKPOINT)
            return text, None
        return text, head

    def brackets(self, head: Head) -> list[Head]:
        """The heads that bracket entries."""
        progress = self.progress("bytes of earlier checkpoints")
        return [*read_brackets(self.source, self.manifest, head, self.trust, self.faults, progress)]

    def watch(self, head: Head, brackets: Sequence[Head]) -> LogWatch:
        """What to look out for in the pass over a log."""
        heads = [*brackets, head, *self.kept]
        return LogWatch(heads, Brackets((*brackets, head), self.trust.skew_s), self.receipts)

    def _check_log(self, head: Head, brackets: Sequence[Head]) -> None:
        watch = self.watch(head, brackets)
        check = check_entries if self.manifest.log == "entries" else check_reads
        check(self.source, head.size, watch, self.faults, self.progress("entries of the log"))
        self.report.entries, self.report.records = head.size, watch.records
        self.end_log(watch, head, "this export")
        say_kept(self.report, self.kept, watch.fitted, head.size)
        self.report.vouched += self.receipts.sentences()
        say_brackets(self.report, watch.brackets)

    def end_log(self, watch: LogWatch, head: Head, what: str) -> None:
        """What is brought and lies beyond the end of a log, `what` being its export in words."""
        end_of = (lambda _: None) if watch.chains is None else watch.chains.end
        self.report.notes += self.receipts.end_log(watch.latest, head.size, end_of, what)
        find_shrunk(self.report, self.kept, head, self.trust.skew_s, self.faults)

    def _check_record(self, text: str, head: Head, brackets: Sequence[Head], beside: "_Beside | None") -> None:
        watch = RecordWatch(head, text, Brackets((*brackets, head), self.trust.skew_s), self.receipts)
        progress = self.progress("entries of the record")
        self.report.entries = check_record(self.source, self.manifest, watch, self.faults, progress)
        self.report.records, self.report.shown = 1, dict(watch.shown)
        fitted, size = [head, *brackets], head.size
        if beside is None:
            loud, notes = self.receipts.end_record(head, watch.end, self.manifest, self.trust.skew_s)
            self.report.warnings += loud
            self.report.notes += notes
        else:
            self.receipts.judge(head.size, lambda name: watch.end if name == self.manifest.record else None)
            fitted += beside.run_beside(self, fitted, watch)
            size = max(size, beside.manifest.size)
        fitted += compare_kept(self.kept, fitted, self.faults)
        find_shrunk(self.report, self.kept, head, self.trust.skew_s, self.faults)
        say_kept(self.report, self.kept, fitted, size)
        self.report.vouched += self.receipts.sentences()
        say_brackets(self.report, watch.brackets, watch.first, watch.last)
        if beside is None:
            self.report.notes.append(
                "An export of a record shows that nothing is missing up to its last number. Whether the record went on "
                "is shown by an export of the log beside it: --log."
            )

    def _check_note(self) -> None:
        keys = [*self.trust.receipt_keys]
        is_signed = check_manifest_note(self.source, self.manifest, keys, self.trust.verify, self.faults)
        self.report.signed = is_signed
        if not keys:
            self.report.notes.append("Who made this export was not checked: it takes the receipt key, --receipt-key.")
        elif is_signed:
            self.report.notes.append("The ledger signed this export as it is, file by file.")


class _Beside(_Check):
    """An export of the log, checked for what it says of a record that was exported alone."""

    def run_beside(self, record: _Check, heads: Sequence[Head], watch: RecordWatch) -> list[Head]:
        """Check the log, and that it has of the record what the record's export has, and no more.

        `heads` are the record's own. What was kept of receipts and checkpoints is held against the log as well. Faults
        go to the record's check. Returns the heads that the log's entries made.
        """
        if self.manifest.kind != "log" or self.manifest.log_origin != record.manifest.log_origin:
            raise UnreadableError("what was given as the log is not an export of this record's log")
        fitted: list[Head] = []

        def check() -> None:
            _, own = self.checkpoint()
            if own is not None:
                log = self.watch(own, self.brackets(own))
                theirs = (replace(head, name=f"{head.name}, of the record's export") for head in heads[1:])
                log.heads = [*log.heads, replace(heads[0], name="the checkpoint of the record's export"), *theirs]
                log.record = record.manifest.record
                check_entries(self.source, own.size, log, self.faults, self.progress("entries of the log"))
                fitted.extend(log.fitted)
                _compare(log, own, watch, record)
                self.end_log(log, own, "the export of the log")
                _say_receipts(record, self)
            check_files(self.source, self.manifest, self.faults)

        self.guarded(check)
        found = self.faults.in_order()
        record.report.notes += self.report.notes
        record.faults.found += [replace(fault, why=f"in the export of the log, {fault.why}") for fault in found]
        return fitted


def _say_receipts(record: _Check, log: _Check) -> None:
    """What receipts show that the record's export does not have and the log has."""
    name = record.manifest.record or ""
    for of, sentence in log.receipts.sentences_beside(record.receipts):
        (record.report.vouched if of == name else record.report.notes).append(sentence)


def _compare(log: LogWatch, own: Head, watch: RecordWatch, record: _Check) -> None:
    """Compare what the log has of a record with what the record's export has."""
    name, size, withheld = record.manifest.record, watch.head.size, []
    for number, (index, leaf) in sorted(log.entries_of_record.items()):
        told = watch.entries.get(number)
        if told is not None and told != (index, leaf):
            why = "the log has another entry under this number than the export"
            record.faults.add(why, first=index, last=index, record=name, number=number)
        elif told is None and index < size and number > record.report.entries:
            withheld.append((number, index))
    if withheld:
        (number, index), (last, _) = withheld[0], withheld[-1]
        why = f"the log has entries {number} to {last} of this record, and the export leaves them out"
        record.faults.add(why, first=index, last=index, record=name, number=number)
    if own.size < size:
        record.report.warnings.append(
            f"The export of the log ends at size {own.size:,}, before the checkpoint of the record's export at "
            f"{size:,}: what came between was not looked at."
        )
