"""The command that checks an export: `ledger verify`, and the single file that imports nothing of the project."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import NoReturn, TextIO

from ledger.domain.log.proof import parse_proof
from ledger.domain.verify.check import check_export
from ledger.domain.verify.fault import UnreadableError
from ledger.domain.verify.manifest import LARGEST_TEXT
from ledger.domain.verify.progress import ProgressLine
from ledger.domain.verify.report import UNREADABLE
from ledger.domain.verify.signatures import best_verify
from ledger.domain.verify.source import open_source
from ledger.domain.verify.strict_json import strict_object
from ledger.domain.verify.trust import SKEW_S, Kept, Trust, asked_policy, keys_of
from ledger.domain.verify.words import report_lines

_ABOUT = """\
Check an export of the ledger, offline and without trusting whoever made it.

Exit codes: 0 whole, and vouched for from outside the operator; 1 broken: the first entry that fails is named;
2 the export or the request cannot be read; 3 whole, but nothing outside the operator vouches for this log.
Without --receipt-key they speak of the entries and the log alone: not of a chronology, and not of export.json."""
_TEXT_BYTES = LARGEST_TEXT
_INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in a line and exits as a request that cannot be read does."""

    def format_help(self) -> str:
        # Capitals as the project's other commands have them.
        return super().format_help().replace("usage: ", "Usage: ", 1)

    def error(self, message: str) -> NoReturn:
        self.exit(UNREADABLE, f"{self.prog}: {message}\n")


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=prog, description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", metavar="EXPORT", help="a folder, or a zip of it")
    add = parser.add_argument
    add(
        "--key",
        action="append",
        default=[],
        metavar="VKEY",
        help="the log's key, as name+id+key; not out of the export",
    )
    add("--policy", metavar="FILE", help="which witnesses must have cosigned (c2sp.org/tlog-policy)")
    add(
        "--witness",
        action="append",
        default=[],
        metavar="VKEY",
        help="a witness that must have cosigned; may be repeated",
    )
    add("--receipt", action="append", default=[], metavar="FILE", help="a receipt that somebody kept; may be repeated")
    add("--receipt-key", action="append", default=[], metavar="VKEY", help="the key that signs receipts and exports")
    add(
        "--checkpoint",
        action="append",
        default=[],
        metavar="FILE",
        help="an older checkpoint that somebody kept, or a .tlog-proof with one",
    )
    add("--log", metavar="EXPORT", help="with a record: the log's export, to see that the record does not go on")
    add("--skew", type=int, default=SKEW_S, metavar="SECONDS", help=f"how far clocks may differ (default {SKEW_S})")
    add("--json", action="store_true", help="print the report as JSON")
    return parser


def run(arguments: Sequence[str], out: TextIO, err: TextIO, prog: str = "ledger verify") -> int:
    """Check as the arguments ask; prints the report to `out`, progress to `err`; returns the exit code."""
    asked = _parser(prog).parse_args(list(arguments))
    line, began = ProgressLine(err, time.monotonic), time.monotonic()
    try:
        with open_source(asked.export) as source, nullcontext() if asked.log is None else open_source(asked.log) as log:
            report = check_export(source, _trust_of(asked), line.of, log)
    except UnreadableError as error:
        line.clear()
        if asked.json:
            out.write(json.dumps({"result": "unreadable", "exit": UNREADABLE, "why": str(error)}) + "\n")
        err.write(f"CANNOT BE READ: {error}.\n")
        return UNREADABLE
    line.clear()
    report.seconds = round(time.monotonic() - began, 3)
    text = json.dumps(report.as_json(), indent=1) if asked.json else "\n".join(report_lines(report))
    out.write(text + "\n")
    return report.exit_code


def _trust_of(asked: argparse.Namespace) -> Trust:
    policy = asked_policy(None if asked.policy is None else _text(asked.policy, "policy"), asked.witness)
    log_keys = keys_of(asked.key, "log key")
    if not log_keys and policy is not None:
        log_keys = [verifier for verifier, _ in policy.logs]
    if not log_keys:
        raise UnreadableError(
            "without the log's key nothing can be checked: give it with --key, from elsewhere than the export"
        )
    if (
        policy is not None
        and policy.logs
        and not {key.public for key in log_keys} & {log.public for log, _ in policy.logs}
    ):
        raise UnreadableError("the policy is for another log than the key that you gave")
    if asked.receipt and not asked.receipt_key:
        raise UnreadableError("a receipt is checked by the receipt key: give it with --receipt-key")
    if asked.skew < 0:
        raise UnreadableError("a skew is not negative")
    receipts = [Kept(_name(path), _text(path, "receipt")) for path in asked.receipt]
    checkpoints = [_checkpoint(Kept(_name(path), _text(path, "checkpoint"))) for path in asked.checkpoint]
    checkpoints += [kept for receipt in receipts for kept in _checkpoint_within(receipt)]
    return Trust(
        log_keys=log_keys,
        policy=policy,
        receipt_keys=keys_of(asked.receipt_key, "receipt key"),
        checkpoints=checkpoints,
        receipts=receipts,
        verify=best_verify(),
        skew_s=asked.skew,
    )


def _checkpoint(kept: Kept) -> Kept:
    """The checkpoint itself, where an offline proof was given that holds one."""
    try:
        return Kept(kept.name, parse_proof(kept.text).checkpoint)
    except ValueError:
        return kept


def _checkpoint_within(receipt: Kept) -> list[Kept]:
    """The checkpoint in the proof that the API's answer has beside a receipt, where there is one."""
    try:
        return [Kept(f"in {receipt.name}", parse_proof(strict_object(receipt.text.encode())["proof"]).checkpoint)]
    except (ValueError, KeyError, AttributeError):
        return []


def _name(path: str) -> str:
    return Path(path).name or path


def _text(path: str, what: str) -> str:
    try:
        with Path(path).open("rb") as opened:
            text = opened.read(_TEXT_BYTES + 1).decode()
    except (OSError, ValueError):
        raise UnreadableError(f"the file of the {what} cannot be read, or is not text") from None
    if len(text) > _TEXT_BYTES:
        raise UnreadableError(f"the file of the {what} is longer than any {what} is")
    return text


def main(arguments: Sequence[str] | None = None, prog: str | None = None) -> NoReturn:
    """Run with these arguments, by default the process's, and end the process with the exit code."""
    asked, name = sys.argv[1:] if arguments is None else arguments, prog or Path(sys.argv[0]).name
    try:
        sys.exit(run(asked, sys.stdout, sys.stderr, name))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the report has gone; what is left of it must not fail once more at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNREADABLE)
    except (MemoryError, RecursionError, OSError):
        sys.stderr.write("CANNOT BE READ: this machine gave up on it; nothing is said about the ledger.\n")
        sys.exit(UNREADABLE)
