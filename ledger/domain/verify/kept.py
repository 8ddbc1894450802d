"""Receipts that somebody kept: each promises an entry, and the export must hold exactly that one."""

from datetime import datetime, timedelta

from ledger.domain.log.envelope import EnvelopeFields
from ledger.domain.log.note import BadSignature, opened, parse_note
from ledger.domain.log.receipt import ReceiptText, parse_receipt
from ledger.domain.verify.fault import Faults, UnreadableError
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

    def end_log(self, last_recorded_at: str, size: int) -> list[str]:
        """What to say of receipts that the log lacks; a fault where it goes on well after their time."""
        sentences = []
        before = _earlier(last_recorded_at) if last_recorded_at else ""
        for name, receipt in self._left():
            entry = receipt.fields
            if entry.recorded_at < before:
                why = f"the receipt {name} promises this entry, and the log goes on without it"
                self._faults.add(why, first=0, last=max(size - 1, 0), record=entry.record, number=entry.number)
            else:
                sentences.append(f"The receipt {name} is of an entry that this export is too old to hold.")
        return sentences

    def end_record(self, record: str, up_to: int) -> list[str]:
        """What to say of receipts that the export of a record does not bear on."""
        return [
            f"The receipt {name} is of an entry beyond number {up_to}, to which this export goes."
            if receipt.fields.record == record
            else f"The receipt {name} is of another record than this export."
            for name, receipt in self._left()
        ]

    def sentences(self) -> list[str]:
        """What the receipts that fit vouch for."""
        return [
            f"The receipt {name} promises entry {entry.record}.{entry.number}, and it is here as it was promised, with "
            "those before it in its record."
            for name, entry in self.met
        ]

    def _left(self) -> list[tuple[str, ReceiptText]]:
        return [item for items in self._waiting.values() for item in items]


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
