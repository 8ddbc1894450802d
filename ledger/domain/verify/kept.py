"""Receipts that somebody kept: each promises an entry, and the export must hold exactly that one."""

from collections.abc import Callable
from datetime import datetime, timedelta

from ledger.domain.log.envelope import EnvelopeFields
from ledger.domain.log.note import BadSignature, opened, parse_note
from ledger.domain.log.receipt import ReceiptText, parse_receipt
from ledger.domain.verify.chain import End
from ledger.domain.verify.fault import Faults, UnreadableError
from ledger.domain.verify.head import Head, moment_text, moment_words
from ledger.domain.verify.manifest import Manifest
from ledger.domain.verify.strict_json import strict_object
from ledger.domain.verify.trust import Kept, Trust

#: A log that goes on for this long beyond a receipt's time has had the entry to seal.
_SEALED_WITHIN_S = 60


class KeptReceipts:
    """The receipts by record and number, what became of them, and those that this export cannot speak of."""

    def __init__(self, trust: Trust, origin: str, faults: Faults) -> None:
        self._faults = faults
        self._waiting: dict[tuple[str, int], list[tuple[str, ReceiptText]]] = {}
        for kept in trust.receipts:
            receipt = _read_receipt(kept, trust, origin)
            key = (receipt.fields.record, receipt.fields.number)
            self._waiting.setdefault(key, []).append((kept.name, receipt))
        #: Where each receipt that fits came from, with its entry.
        self.met: list[tuple[str, EnvelopeFields]] = []

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    def meet(self, entry: EnvelopeFields, leaf: bytes, index: int) -> None:
        """Compare an entry with the receipts for its number."""
        for name, receipt in self._waiting.pop((entry.record, entry.number), ()):
            if receipt.envelope == leaf:
                self.met.append((name, entry))
                continue
            why = (
                f"it is not the entry that the receipt {name} promises under this number: the ledger signed two "
                "different entries, and the receipt proves it"
            )
            self._faults.add(why, first=index, last=index, record=entry.record, number=entry.number)

    def end_log(self, latest: str, size: int, end_of: Callable[[str], End | None], what: str) -> list[str]:
        """What to say of receipts that the log lacks, `what` being its export.

        A fault where the log goes on well after their time, or they contradict what it has last of their record.
        """
        sentences = []
        before = _earlier(latest) if latest else ""
        for name, entry in self.judge(size, end_of):
            if entry.recorded_at < before:
                why = f"the receipt {name} promises this entry, and the log goes on without it"
                self._add(why, entry, size)
            else:
                sentences.append(f"The receipt {name} is of an entry that {what} is too old to hold.")
        return sentences

    def end_record(self, head: Head, end: End | None, about: Manifest, skew_s: int) -> tuple[list[str], list[str]]:
        """What to say of receipts that a record's export lacks: loudly, where it may leave them out, and as notes.

        A fault where they contradict the record's last entry, or where witnesses saw the log that the export is of well
        after their time. That an export was made later proves nothing: making it takes as long as it takes.
        """
        loud, notes = list[str](), list[str]()
        number = 0 if end is None else end.number
        seen = None if head.seen is None else head.seen[0]
        for name, entry in self.judge(head.size, lambda record: end if record == about.record else None):
            if entry.record != about.record:
                notes.append(f"The receipt {name} is of another record than this export.")
            elif seen is not None and entry.recorded_at < moment_text(seen - skew_s - _SEALED_WITHIN_S):
                why = (
                    f"the receipt {name} promises this entry, and the export ends at number {number}, though witnesses "
                    f"saw its log as late as {moment_words(seen)}: it was asked for as of an earlier time, or it "
                    "leaves the entry out"
                )
                self._add(why, entry, head.size)
            elif entry.recorded_at < about.made_at:
                loud.append(
                    f"The receipt {name} is of entry {entry.number}, recorded at {entry.recorded_at}. This export was "
                    f"made later, at {about.made_at[:40]}, and ends at number {number}: it was asked for as of an "
                    "earlier time, or it leaves entries out. An export of the log beside it (--log) shows which "
                    "entries there are."
                )
            else:
                notes.append(f"The receipt {name} is of an entry beyond number {number}, to which this export goes.")
        return loud, notes

    def judge(self, size: int, end_of: Callable[[str], End | None]) -> list[tuple[str, EnvelopeFields]]:
        """The receipts of entries that were not met; a fault for each that contradicts its record's last entry."""
        left = []
        for name, receipt in [item for items in self._waiting.values() for item in items]:
            why = _why_contradicted(name, receipt.fields, end_of(receipt.fields.record))
            if why is None:
                left.append((name, receipt.fields))
            else:
                self._add(why, receipt.fields, size)
        return left

    def _add(self, why: str, entry: EnvelopeFields, size: int) -> None:
        self._faults.add(why, first=0, last=max(size - 1, 0), record=entry.record, number=entry.number)

    def sentences(self) -> list[str]:
        """What the receipts that fit vouch for."""
        return [_promised(name, entry, "here") for name, entry in self.met]

    def sentences_beside(self, record: "KeptReceipts") -> list[tuple[str, str]]:
        """The same of a log beside a record, of those that the record does not have: of which record, and what."""
        return [
            (entry.record, _promised(name, entry, "in the export of the log"))
            for name, entry in self.met
            if (name, entry) not in record.met
        ]


def _promised(name: str, entry: EnvelopeFields, where: str) -> str:
    return (
        f"The receipt {name} promises entry {entry.record}.{entry.number}, and it is {where} as it was promised, with "
        "those before it in its record."
    )


def _why_contradicted(name: str, entry: EnvelopeFields, end: End | None) -> str | None:
    """Why a receipt's entry cannot come after the last one that is there of its record; None where it can."""
    if end is None or entry.number <= end.number:
        return None
    if entry.number == end.number + 1 and entry.previous != end.hash:
        return (
            f"the receipt {name} promises this entry after another entry {end.number} than the one that is here: the "
            "ledger signed two histories, and the receipt proves it"
        )
    if entry.recorded_at < end.recorded_at:
        return (
            f"the receipt {name} promises it as recorded at {entry.recorded_at}, and entry {end.number}, which came "
            f"before it, was recorded at {end.recorded_at} here: the ledger signed two histories, and the receipt "
            "proves it"
        )
    return None


def _earlier(written: str) -> str:
    moment = datetime.fromisoformat(written) - timedelta(seconds=_SEALED_WITHIN_S)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _read_receipt(kept: Kept, trust: Trust, origin: str) -> ReceiptText:
    """The receipt in a text, alone or within the API's answer; UnreadableError where there is none."""
    text = kept.text
    try:
        if text.lstrip().startswith("{"):
            text = strict_object(text.encode())["receipt"]
        note = parse_note(text)
        is_signed = bool(opened(note, trust.receipt_keys, trust.verify))
        receipt = parse_receipt(note.text)
    except BadSignature:
        raise UnreadableError(f"the receipt {kept.name}: the signature of the receipt key does not fit it") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"the receipt {kept.name} cannot be used: {error}") from None
    if not is_signed:
        raise UnreadableError(f"the receipt {kept.name} is not signed by a receipt key that you gave")
    if receipt.origin != origin:
        raise UnreadableError(f"the receipt {kept.name} is of another ledger")
    return receipt
