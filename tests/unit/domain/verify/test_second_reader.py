"""Two readers of the same exports, written apart from each other: what one passes the other passes, and the same where
they refuse. Where they did not agree, one of the two had the format wrong.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.domain.log.note import Verifier, parse_vkey, vkey_of
from ledger.domain.verify.fault import Fault, UnreadableError
from tests import sizes
from tests.exports import (
    ACCESS,
    WITNESSES,
    Exported,
    Ledger,
    envelope_at,
    export_log,
    export_record,
    indexes_of,
    rechained,
    resealed,
    resigned,
    write_folder,
)
from tests.independent_notes import Read, RefusedError
from tests.independent_reader import Brought, read
from tests.tampering import QUORUM, TAMPERINGS, Case, checked, honest, trusting, with_the_log_key_and_nothing_outside

pytestmark = pytest.mark.timeout(3_600)


def vkey(key: Verifier) -> str:
    return vkey_of(key.name, key.public, key.kind)


def brought(case: Case, log: Path | None) -> Brought:
    """What the case's checker has in hand, as the second reader takes it."""
    trust = case.trust
    return Brought(
        key=vkey(trust.log_keys[0]),
        receipts_key=vkey(trust.receipt_keys[0]),
        # The tests' policy: two of these three.
        witnesses=() if trust.policy is None else tuple(key.vkey for key in WITNESSES),
        quorum=0 if trust.policy is None else 2,
        checkpoints=tuple(kept.text for kept in trust.checkpoints),
        receipts=tuple(kept.text for kept in trust.receipts),
        log=log,
        skew_s=trust.skew_s,
    )


def second(case: Case, folder: Path) -> Read | RefusedError:
    """What the second reader makes of a case."""
    log = None if case.log is None else write_folder(case.log, folder / "log")
    try:
        return read(write_folder(case.files, folder / "export"), brought(case, log))
    except RefusedError as refused:
        return refused


def first(case: Case) -> list[Fault]:
    """What the program's own checker finds wrong."""
    try:
        return checked(case).faults
    except UnreadableError as error:
        return [Fault(str(error))]


def disagreement(case: Case, folder: Path) -> str:
    """How the two differ on a case; empty where they agree, on the verdict and on where it is wrong."""
    faults, told = first(case), second(case, folder)
    if isinstance(told, Read):
        return f"{case.name}: only the first refuses: {faults[0].why}" if faults else ""
    if not faults:
        return f"{case.name}: only the second refuses: {told}"
    placed = [fault for fault in faults if fault.first is not None and fault.last is not None]
    if told.index is None or not placed or len(placed) > 15:
        return ""
    if any((one.first or 0) <= told.index <= (one.last or 0) for one in placed):
        return ""
    return f"{case.name}: not at the same place: {told}, {faults[0].where}: {faults[0].why}"


def disagreements(cases: Iterator[Case], tmp_path: Path) -> list[tuple[int, str]]:
    found = ((at, disagreement(case, tmp_path / str(at))) for at, case in enumerate(cases))
    return [(at, words) for at, words in found if words]


def test_both_refuse_what_was_tampered_with(tmp_path: Path) -> None:
    """Whatever was changed, by whoever holds which key: each of the two finds it, with the same things in hand."""
    cases = (TAMPERINGS[seed % len(TAMPERINGS)](random.Random(seed)) for seed in range(sizes.tamperings()))
    assert disagreements(cases, tmp_path) == []


def test_both_pass_what_is_honest(tmp_path: Path) -> None:
    """Honest exports of either kind, and with them logs rewritten with their own key that nothing outside speaks of."""
    cases = [honest(random.Random(seed)) for seed in range(sizes.honest_logs())]
    cases += [with_the_log_key_and_nothing_outside(random.Random(seed)) for seed in range(sizes.honest_logs() // 5)]
    for at, case in enumerate(cases):
        told = second(case, tmp_path / str(at))
        assert isinstance(told, Read), (at, case.name, told)
        assert checked(case).entries == told.leaves
        assert first(case) == []


def beyond_the_end(chance: random.Random) -> Case:
    """A record cut short, of this log or of a fork, with receipts of later entries, and the log beside it or not."""
    ledger = Ledger(chance.randrange(2**32), records=2)
    ledger.grow(chance.randrange(10, 40))
    record = max(ledger.records, key=lambda one: len(indexes_of(ledger.kept, one)))
    kept, places = ledger.kept, indexes_of(ledger.kept, record)
    other = kept.copy()
    forked = chance.choice(places)
    other.leaves[forked] = replace(envelope_at(kept, forked), commitment=bytes(32)).to_bytes()
    rechained(other, record)
    up_to = chance.randrange(1, len(places))
    receipts = [chance.choice((kept, other)).leaves[chance.choice(places[up_to:])]]
    asked = chance.choice(((), (QUORUM,)))
    log = chance.choice((None, export_log(kept), export_log(resigned(other))))
    return Case("beyond the end", export_record(kept, record, up_to), trusting(*asked, receipts=receipts), log=log)


def test_both_judge_receipts_beyond_a_records_end_alike(tmp_path: Path) -> None:
    """Whether alone, where witnesses or the last entry speak against them, or beside the log."""
    cases = [beyond_the_end(random.Random(seed)) for seed in range(sizes.tamperings() // 5)]
    assert disagreements(iter(cases), tmp_path) == []
    assert len({bool(first(case)) for case in cases}) == 2


@pytest.fixture(scope="module")
def exports() -> dict[str, Exported]:
    """A record, the log of entries and that of reads."""
    ledger = Ledger(5, records=2)
    ledger.grow(40)
    reads = Ledger(6)
    reads.kept.key = ACCESS
    for _ in range(300):
        reads.wait(30)
        reads.read()
    reads.sign()
    record = export_record(ledger.kept, ledger.records[0])
    return {"record": record, "log": export_log(ledger.kept), "reads": export_log(reads.kept, reads=(0, 7, 299))}


def case_of(name: str, files: Exported) -> Case:
    """Files and the key of their log."""
    trust = trusting()
    return Case(name, files, trust if name != "reads" else replace(trust, log_keys=[parse_vkey(ACCESS.vkey)]))


@pytest.mark.parametrize("name", ["record", "log", "reads"])
def test_both_pass_it_whole(exports: dict[str, Exported], name: str, tmp_path: Path) -> None:
    """Of both logs and of a record."""
    case = case_of(name, exports[name])
    assert first(case) == []
    told = second(case, tmp_path)
    assert isinstance(told, Read), told
    assert told.leaves == checked(case).entries > 10


@pytest.mark.parametrize("name", ["record", "log", "reads"])
def test_both_miss_each_file(exports: dict[str, Exported], name: str, tmp_path: Path) -> None:
    """Without any one of its files, with one more, or with one that is empty, an export is refused by both; and where
    what describes the files was made anew, both refuse it or neither does: by a guide to the reader nothing is proved.
    """
    files, wrong = exports[name], []
    for at, one in enumerate([*files, "more"]):
        for changed in ({**files, one: b""}, {other: data for other, data in files.items() if other != one}):
            if changed == files:
                continue
            for made in (changed, *([resealed(changed)] if changed.get("export.json") else [])):
                words = disagreement(case_of(name, made), tmp_path / f"{at}-{len(changed)}-{made is changed}")
                wrong += [(one, made is changed, words)] if words else []
    assert wrong == []


@pytest.mark.parametrize("name", ["record", "log", "reads"])
def test_both_notice_each_bit(exports: dict[str, Exported], name: str, tmp_path: Path) -> None:
    """Bits flipped in any file, described and signed anew or not."""
    chance, wrong = random.Random(3), []
    folder, whole = write_folder(exports[name], tmp_path / "export"), exports[name]
    for one, data in whole.items():
        for at in chance.sample(range(len(data)), min(len(data), sizes.flips())):
            changed = bytearray(data)
            changed[at] ^= 1 << chance.randrange(8)
            files = {**whole, one: bytes(changed)}
            if chance.random() < 0.5 and not one.startswith("export."):
                files = resealed(files)
            touched = (one, "export.json", "export.note")
            write_folder({put: files[put] for put in touched}, folder)
            faults = first(case_of(name, files))
            if refuses(case_of(name, files), folder) != bool(faults):
                wrong.append((one, at, faults[:1]))
            write_folder({put: whole[put] for put in touched}, folder)
    assert wrong == []


def refuses(case: Case, folder: Path) -> bool:
    try:
        read(folder, brought(case, None))
    except RefusedError:
        return True
    return False
