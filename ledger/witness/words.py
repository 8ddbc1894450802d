"""What a witness kept against a log, in words that somebody can take away, print and have checked by others."""

from collections.abc import Mapping
from datetime import UTC, datetime

from ledger.witness.store import Evidence
from ledger.witness.weigh import Kind

TITLES: Mapping[Kind, str] = {
    Kind.SAME_SIZE: "Proof that this log has shown two different histories",
    Kind.REWRITTEN: "Proof that this log was rewritten",
    Kind.NOT_SHOWN: "A checkpoint that was not shown to continue this log",
}
_SAYS: Mapping[Kind, str] = {
    Kind.SAME_SIZE: """\
The log signed both checkpoints below. They are of the same size (the second line) and have different roots (the
third line). A log that only grows has one root at each size, so at least one entry differs between the two, or
stands in another place. Whoever holds the log's key made both.""",
    Kind.REWRITTEN: """\
The log signed both checkpoints below. The proof, which came with the second one, leads to its root (the third line),
and shows that the tree of the second one had another root at the size of the first one than the first one says. So
the second log does not begin with the first: entries were changed, taken away or put in. Whoever holds the log's key
made both.""",
    Kind.NOT_SHOWN: """\
The log signed both checkpoints below. The second one came with a proof that does not show it to continue the first
one, so it was not cosigned. Anybody can send a wrong proof with a true checkpoint: by itself this shows nothing
against the log. Ask the log's operator for a consistency proof from the first to the second, or make it from the
log's public tiles. A log that has none was rewritten.""",
}
_CHECKS: Mapping[Kind, str] = {
    Kind.SAME_SIZE: """\
To check it, check the signatures of both with the log's key (c2sp.org/signed-note), and compare the third lines.""",
    Kind.REWRITTEN: """\
To check it, check the signatures of both with the log's key (c2sp.org/signed-note), and run the proof through RFC 9162
section 2.1.4.2: it comes to the second root, and not to the first.""",
    Kind.NOT_SHOWN: """\
To check what is here, check the signatures of both with the log's key (c2sp.org/signed-note).""",
}


def evidence_text(evidence: Evidence, vkeys: tuple[str, ...]) -> str:
    """One contradiction as a page of text: what it is, both notes, the proof, and how anybody checks it."""
    found = datetime.fromtimestamp(evidence.found_at, UTC)
    proof = "".join(f"{line}\n" for line in evidence.proof)
    return (
        f"{TITLES[evidence.kind]}\n\n"
        f"Log: {evidence.origin}\n"
        f"Key of the log: {' or '.join(vkeys) or 'not configured here any more'}\n"
        f"Found: {found:%Y-%m-%d %H:%M:%S} UTC, by this witness's clock\n\n"
        f"{_SAYS[evidence.kind]}\n\n{_CHECKS[evidence.kind]}\n\n"
        f"{_framed('first checkpoint', evidence.older)}\n{_framed('second checkpoint', evidence.newer)}"
        + (f"\n{_framed(f'proof that came with it, {len(evidence.proof)} lines', proof)}" if proof else "")
    )


def _framed(name: str, text: str) -> str:
    return f"----- begin {name} -----\n{text}----- end {name} -----\n"
