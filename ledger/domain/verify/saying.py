"""What follows from the heads and brackets that fitted: who vouches, up to where, and for which times."""

from collections.abc import Sequence

from ledger.domain.verify.check_log import why_forked
from ledger.domain.verify.fault import Faults
from ledger.domain.verify.head import Bracket, Brackets, Head, moment_text, moment_words
from ledger.domain.verify.report import Report
from ledger.domain.verify.trust import Trust


def compare_kept(kept: Sequence[Head], known: Sequence[Head], faults: Faults) -> list[Head]:
    """Those of the kept heads that are among the known ones; a fault where one of a size has another root."""
    roots = {head.size: head.root for head in known if not head.is_kept}
    for head in kept:
        if roots.get(head.size, head.root) != head.root:
            faults.add(why_forked(head), first=0, last=max(head.size - 1, 0))
    return [head for head in kept if roots.get(head.size) == head.root]


def find_shrunk(report: Report, kept: Sequence[Head], last: Head, skew_s: int, faults: Faults) -> None:
    """A fault for a head that witnesses saw before this export was made, and that it does not reach."""
    for head in kept:
        if head.size > last.size and head.seen is not None and moment_text(head.seen[1] + skew_s) < report.made_at:
            why = (
                f"witnesses saw {head.name}, of size {head.size:,}, by {moment_words(head.seen[1])}; this export was "
                f"made later and ends at size {last.size:,}: the end of the log is missing"
            )
            faults.add(why, first=last.size, last=head.size - 1)


def say_kept(report: Report, kept: Sequence[Head], fitted: Sequence[Head], size: int) -> None:
    """What each checkpoint that was kept shows, or why it shows nothing, of a log that was looked at up to a size."""
    for head in kept:
        name = head.name[:1].upper() + head.name[1:]
        if head in fitted and head.size:
            report.vouched.append(
                f"{name}, of size {head.size:,}, is a head of this very log: up to there nothing was changed since."
            )
        elif head.size > size:
            report.warnings.append(
                f"{name}, signed by the log's key, is of size {head.size:,}, and what was checked here ends at size "
                f"{size:,}. This export was made before that head was signed, or the end of the log is kept from you; "
                "and nothing was compared with that head."
            )
        elif head not in fitted and report.kind == "record":
            report.notes.append(
                f"{name}, of size {head.size:,}, could not be compared with this export; an export of the log beside "
                "it (--log) makes it comparable."
            )


def say_quorum(report: Report, trust: Trust, head: Head, brackets: Sequence[Head], faults: Faults) -> None:
    """Who of those asked for cosigned the checkpoint; a fault where they are too few."""
    if not trust.asks_for_witnesses:
        return
    if head.seen is not None:
        who = " and ".join(f"{name} ({moment_words(at)})" for name, at in sorted(head.times.items()))
        report.vouched.append(f"The quorum that you asked for cosigned the checkpoint of size {head.size:,}: {who}.")
        return
    since = max((bracket.size for bracket in brackets if bracket.seen is not None), default=0)
    who = f"only {', '.join(sorted(head.times))} did" if head.times else "none of them did"
    why = f"the witnesses that you asked for have not cosigned the checkpoint: {who}"
    where = {"first": since, "last": head.size - 1} if since < head.size else {}
    faults.add(why, file="checkpoint", **where)


def say_brackets(report: Report, brackets: Brackets, first: Bracket | None = None, last: Bracket | None = None) -> None:
    """Between which times witnesses place the entries."""
    said = report.brackets
    if brackets.is_empty:
        said.append("No time is vouched for: that takes the keys of witnesses, or a policy that names them.")
        return
    if first is not None and last is not None:
        said.append(f"Entry 1 was recorded {first.words}, by the clocks of the witnesses.")
        said.append(f"Entry {report.entries:,} was recorded {last.words}.")
    said.append(f"Of {report.entries:,} entries, {brackets.closed:,} lie between two cosigned checkpoints.")
    if brackets.widest is not None:
        said.append(f"The widest bracket: recorded {brackets.widest.words}.")
