"""Each record's chain: numbers without a gap, each entry naming the one before it, time not running backwards."""

from dataclasses import dataclass

from ledger.domain.log.envelope import GENESIS_HEX, EnvelopeFields, parse_envelope
from ledger.domain.verify.fault import Faults


@dataclass(frozen=True, slots=True)
class End:
    """The last entry of a record that was met: its number, its hash in hexadecimal, its time as written."""

    record: str
    number: int
    hash: str
    recorded_at: str


class Chains:
    """The last entry of every record that was met: number, hash in hexadecimal, time as written, index in the log."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._last: dict[str, tuple[int, str, str, int]] = {}

    @property
    def records(self) -> int:
        return len(self._last)

    def end(self, record: str) -> End | None:
        """The last entry met of a record; None where none was."""
        known = self._last.get(record)
        return End(record, *known[:3]) if known else None

    def follow(self, leaf: bytes, leaf_hash: bytes, index: int) -> EnvelopeFields | None:
        """The entry at an index, noted as its record's last, with faults; None where the bytes are no entry."""
        try:
            entry = parse_envelope(leaf)
        except ValueError:
            self._faults.add("its bytes are not those of an entry's envelope", first=index, last=index)
            return None
        record, number = entry.record, entry.number
        known = self._last.get(record)
        # Noted before it is judged, so that one fault is told once and not again at each entry that follows.
        self._last[record] = (number, leaf_hash.hex(), entry.recorded_at, index)
        if known is None:
            known = (0, GENESIS_HEX, "", -1)
        if number != known[0] + 1 or entry.previous != known[1] or entry.recorded_at < known[2]:
            self._tell(entry, known, index)
        return entry

    def _tell(self, entry: EnvelopeFields, known: tuple[int, str, str, int], index: int) -> None:
        number, before = known[0], max(known[3], 0)
        if entry.number > number + 1:
            # The first that fails is the first that is not there.
            why = f"it is missing: the record goes on with number {entry.number}"
            where = {"record": entry.record, "number": number + 1}
            self._faults.add(why, first=known[3] + 1, last=index, **where)
            return
        if entry.number <= number:
            why = "its number was there before, in the same record"
        elif entry.previous != known[1]:
            why = "it does not follow the entry before it in the record: one of the two was changed"
        else:
            why = f"it says that it was recorded at {entry.recorded_at}, and the entry before it at {known[2]}"
        self._faults.add(why, first=before, last=index, record=entry.record, number=entry.number)
