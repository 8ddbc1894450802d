"""What an export says of itself: what it is, for whom, at which point, and how anybody can check it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ledger.services.export_entries import Shown
from ledger.services.word_text import counted, visible

#: How many there are in each way, and what that is worth.
_COUNTED: Final[Mapping[Shown, tuple[str, str]]] = {
    Shown.WHOLE: ("Whole", "that they say what was recorded then can be proved from this export"),
    Shown.PART: ("Told as far as may be shown", "what they say cannot be proved from this export"),
    Shown.WITHHELD: ("Withheld", "only that something was recorded at that place and time can be proved"),
    Shown.ERASED: ("Erased by order", "only that something was recorded at that place and time can be proved"),
}


#: A heading, what stands under it, and what is said where that is nothing.
Part = tuple[str, Sequence[str], str]


class Heading(Protocol):
    """What a printed chronology says of itself: of whom and for whom it is, how to read it, and what is at its foot."""

    @property
    def child(self) -> str: ...
    @property
    def facts(self) -> Iterable[tuple[str, str]]: ...
    @property
    def counted(self) -> Iterable[str]: ...
    @property
    def how(self) -> Sequence[str]: ...
    @property
    def footing(self) -> str: ...
    @property
    def before(self) -> Sequence[Part]: ...


@dataclass(frozen=True, slots=True)
class About:
    """What stands at the head of a record's export; hashes in hexadecimal, `keys` and sizes as they are checked by."""

    child: str
    record: str
    number: int
    point: str
    hash: str
    recipient: str
    origin: str
    log_key: str
    receipts_key: str
    size: int
    counts: Mapping[str, int]

    @property
    def facts(self) -> Iterator[tuple[str, str]]:
        """Labels and what they name, in order."""
        yield "As of", self.point
        yield "Hash of that entry", self.hash
        yield "Record", self.record
        yield "Given to", self.recipient
        yield "Ledger", self.origin
        yield "Size of the log", f"{self.size:,}"

    @property
    def how(self) -> tuple[str, ...]:
        """How it is to be read, and how to check it."""
        return (*HOW, f"{LACKED} The page chronology.html has it as it was written.")

    @property
    def footing(self) -> str:
        """What stands at the foot of each page."""
        return f"Confidential. Record {self.record}, as of its entry {self.number}"

    @property
    def before(self) -> tuple[Part, ...]:
        """What else stands before the entries."""
        return ()

    @property
    def counted(self) -> Iterator[str]:
        """How many entries there are in which way."""
        for shown, (way, worth) in _COUNTED.items():
            if self.counts.get(shown.value):
                yield f"{way}: {counted(self.counts[shown.value], 'entry', 'entries')}; {worth}."


LACKED: Final = "A character that this print has no letter for is written as its number in Unicode, as [U+4E2D]."
ORDER: Final = (
    "Order: entries stand in the order in which the ledger recorded them. “Recorded” is the database server’s clock, "
    "in London time; “Seen or said” and the times beside statements are what whoever wrote the entry said. A finding "
    "is worded as it stood at the end of this copy."
)
_CHECKING: Final = (
    "To check it: run the one file ledger_verify.py, which needs Python and nothing else, on this export, with the "
    "keys of the log and of receipts that you got from somebody other than whoever gave you the export, and with the "
    "policy, or an older checkpoint or receipt, of your own. It tells whether anything was changed, dropped, put in "
    "between or back-dated. Without the key of receipts it checks the entries alone, and not these pages."
)
_TRUST: Final = (
    "What counts as proof is entries.jsonl with the checkpoint; this is made from it to be read. The keys that "
    "come with an export are there to be compared with those that you know, and are no reason to trust it."
)
#: How to read a chronology, and how to check what it was made from.
HOW: Final = (ORDER, _CHECKING, _TRUST)

_FILES: Final = """\
export.json       what this is, with the SHA-256 of every other file
export.note       the same, signed by the ledger's key for receipts
checkpoint        the head of the log that every proof here leads to, with the witnesses who cosigned it
policy            whom the operator asks to cosign (for you to compare, not to trust)
brackets.jsonl    cosigned checkpoints from before and after, which tell between what times something was recorded
"""
_RECORD_FILES: Final = """\
entries.jsonl     every entry: its envelope, its place in the log, its proof, and what it says where all may be seen
proofs/           the same proofs one by one, as c2sp.org/tlog-proof has them
chronology.html   the record to be read; opens in any browser, needs no network
chronology.pdf    the same to be printed
entries.csv       the same as a table, one row an entry
"""
_LOG_FILES: Final = """\
tile/             the log: its entries (tile/entries) and its hashes, as c2sp.org/tlog-tiles has them
"""
_READS_FILE: Final = """\
reads.jsonl       who read what: the content of each read of your partnership's records, with its salt
"""
_CHECK: Final = """\
How to check it
---------------
You need Python 3.11 or newer and the file ledger_verify.py, which is part of the ledger's source and imports nothing.
Get it, and the keys below, from somebody else than whoever gave you this export.

    python3 ledger_verify.py THIS-FOLDER-OR-ZIP --key '{log_key}' \\
        --receipt-key '{receipts_key}'

The keys that stand here are what the ledger says that its keys are. They only help you if they are the keys that you
know. The programme tells you plainly where nothing outside the operator vouches for the log. Then give it what does:
a policy with witnesses that you trust (--policy FILE), a receipt that somebody kept (--receipt FILE), or a checkpoint
of an earlier day (--checkpoint FILE{beside}).

Keep this as it is. Checked with both keys, a single byte that is changed in any of these files shows. Without
--receipt-key {checked}.
"""
_CHECK_RECORD: Final = {
    "beside": "; to compare it with a record takes a copy of the\nlog as well, --log FOLDER-OR-ZIP",
    "checked": "only the entries and their place in the log are checked: not the chronology, the PDF or the table",
}
_CHECK_LOG: Final = {"beside": "", "checked": "only the log itself is checked"}


def read_me_of_record(about: About) -> str:
    """What a record's export is, in plain words."""
    facts = "".join(f"{label:<28}{visible(value)}\n" for label, value in about.facts)
    check = _CHECK.format(log_key=about.log_key, receipts_key=about.receipts_key, **_CHECK_RECORD)
    counted_lines = "".join(f"- {line}\n" for line in about.counted)
    return (
        f"A copy of a child's record\n{'=' * 26}\n\n{facts}{'Key of the log':<28}{about.log_key}\n"
        f"{'Key of receipts':<28}{about.receipts_key}\n\nThis holds confidential information about a child and others. "
        f"Handle it as such.\n\nWhat is in it\n-------------\n{counted_lines}\n"
        "It has what whoever it was given to may see. Of an entry that they may not see all of the envelope is there:\n"
        "number, time and two hashes. So nobody can drop one unseen, and nothing of it is given away.\n"
        "Files that were attached to entries (photographs, letters) are not in it; the entries hold their SHA-256.\n"
        f"\nThe files\n---------\n{_FILES}{_RECORD_FILES}\n{check}"
    )


def read_me_of_log(origin: str, log: str, size: int, keys: tuple[str, str], recipient: str) -> str:
    """What an export of a whole log is, in plain words; `keys` are the log's own and that of receipts."""
    what = "entries" if log == "entries" else "reads"
    log_key, receipts_key = keys
    about = (("Ledger", origin), ("Log of", what), ("Size", f"{size:,}"), ("Given to", recipient))
    facts = (*about, ("Key of the log", log_key), ("Key of receipts", receipts_key))
    lines = "".join(f"{label:<28}{visible(value)}\n" for label, value in facts)
    said = (
        "It holds no content: of each entry the pseudonym of its record, its number, its time and two hashes.\n"
        if log == "entries"
        else "It says of each read when it was. What was read, by whom and why is in reads.jsonl, for the records of\n"
        "the partnership of whoever it was given to; of others it stays a hash.\n"
    )
    check = _CHECK.format(log_key=log_key, receipts_key=receipts_key, **_CHECK_LOG)
    files = _FILES + _LOG_FILES + (_READS_FILE if log == "access" else "")
    return (
        f"A copy of the ledger's log of {what}\n{'=' * (29 + len(what))}\n\n{lines}\n{said}\nThe files\n---------\n"
        f"{files}\n{check}"
    )
