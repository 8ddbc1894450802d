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
    lines += _told("Made", f"{_short(report.made_at)}, for {_short(report.recipient)}")
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
    if report.exit_code == BROKEN:
        return _broken(report)
    if report.exit_code == UNVOUCHED:
        return [
            "WHOLE, BUT NOT VOUCHED FOR. Nothing outside the operator vouches for this log.",
            *wrap(_UNVOUCHED, _WIDTH),
        ]
    return ["WHOLE, AND VOUCHED FOR from outside the operator. Below is by whom, and how far that goes."]


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
