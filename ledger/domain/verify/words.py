"""A report in words that an auditor understands."""

from textwrap import wrap

from ledger.domain.verify.report import BROKEN, UNVOUCHED, Report

_INDENT, _WIDTH = 10, 100
_UNVOUCHED = (
    "Every entry is there and follows from the one before it, and the log's key signed it all. Whoever holds that key "
    "could have written another history and signed it as well. Give what stands outside the operator: the keys of "
    "witnesses or a policy (--witness, --policy), or an older checkpoint or receipt that somebody kept (--checkpoint, "
    "--receipt)."
)
_VOUCHED = "AND VOUCHED FOR from outside the operator. Below is by whom, and how far that goes."
_NOT_VOUCHED = "BUT NOT VOUCHED FOR. Nothing outside the operator vouches for this log."
#: Of an export whose description no receipt key that was given has signed.
_NOT_CHECKED = (
    "NOT CHECKED: {files}. Only {checked} and the log were: anybody who had this export in hand may have changed the "
    "rest. Give the ledger's receipt key (--receipt-key), from elsewhere than the export, to have every file checked."
)
_ITS_WORD = " (as it says itself)"
_FILES = {
    "record": {
        "files": "the chronology (HTML and PDF), the table (CSV), READ-ME.txt and export.json",
        "checked": "the entries",
    },
    "log": {"files": "READ-ME.txt, policy and export.json", "checked": "the entries"},
}
_SHOWN_WORDS = {
    "whole": "shown whole",
    "part": "shown in part, elsewhere",
    "withheld": "withheld from you",
    "erased": "erased by order",
}


def report_lines(report: Report) -> list[str]:
    """The report, line by line, without line ends."""
    lines = [*_verdict(report), ""]
    lines += _told("Export", _what(report))
    lines += _told(
        "Made", f"{_short(report.made_at)}, for {_short(report.recipient)}{'' if report.signed else _ITS_WORD}"
    )
    lines += _told("Checked", f"{report.entries:,} entries in {report.seconds:.1f} s")
    if report.shown:
        counts = [f"{report.shown[name]:,} {words}" for name, words in _SHOWN_WORDS.items() if report.shown.get(name)]
        lines += _told("Content", ", ".join(counts))
    # Of what is broken, nobody is said to vouch.
    vouched = [] if report.faults else report.vouched
    for title, sentences in (
        ("Vouched", vouched),
        ("Times", report.brackets),
        ("Notes", report.notes),
        ("It says", report.claims),
    ):
        for at, sentence in enumerate(sentences):
            lines += _told("" if at else title, sentence)
    return [_plain(line) for line in lines]


def _told(title: str, text: str) -> list[str]:
    """A title and a text beside it, as many lines as it takes."""
    return wrap(f"{title:<{_INDENT}}{text}", _WIDTH, subsequent_indent=" " * _INDENT, break_on_hyphens=False) or [title]


def _verdict(report: Report) -> list[str]:
    """The verdict, and all that must not be read without it."""
    told = [f"MIND: {warning}" for warning in report.warnings]
    if report.exit_code == BROKEN:
        lines = _broken(report)
    else:
        is_vouched, what = report.exit_code != UNVOUCHED, "WHOLE" if report.signed else "ENTRIES WHOLE"
        lines = [f"{what}, {_VOUCHED if is_vouched else _NOT_VOUCHED}"]
        told = [*([] if is_vouched else [_UNVOUCHED]), *told]
        told = [*([] if report.signed else [_NOT_CHECKED.format(**_FILES[report.kind])]), *told]
    return [*lines, *(line for sentence in told for line in wrap(sentence, _WIDTH, break_on_hyphens=False))]


def _broken(report: Report) -> list[str]:
    first, *others = report.faults
    lines = ["BROKEN. What this export says did not happen as it says, or the export is damaged.", ""]
    lines += [*_told("First", first.where or "the export as a whole"), *_told("", _sentence(first.why))]
    for at, fault in enumerate(others):
        lines += _told("" if at else "Further", f"{fault.where or 'the export'}: {fault.why}")
    return lines


def _what(report: Report) -> str:
    ledger = _short(report.origin)
    if report.kind == "record":
        record = _short(report.record or "")
        return f"of record {record} up to entry {report.up_to:,}, from {ledger}, log size {report.size:,}"
    what = "entries" if report.log == "entries" else "reads"
    return f"of the whole log of {what} of {ledger}, size {report.size:,}, {report.records:,} records"


def _sentence(why: str) -> str:
    return why[:1].upper() + why[1:] + "."


def _plain(text: str) -> str:
    """Text out of an export, so that nothing in it can steer a terminal."""
    return "".join(char if char.isprintable() else "�" for char in text)


def _short(text: str) -> str:
    return text[:200]
