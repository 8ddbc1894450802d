import hashlib
import io
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from ledger.services.export_files import Folder, Parcel, Zip, put, spool

FILES = {"b.txt": [b"one", b"two"], "a/c": [b""], "a/d/e.bin": [bytes(range(256)) * 100]}


def filled(parcel: Parcel) -> dict[str, str]:
    for path, parts in FILES.items():
        put(parcel, path, parts)
    parcel.close()
    return parcel.hashes


def test_a_folder_and_a_zip_hold_the_same(tmp_path: Path) -> None:
    """The same files, the same hashes; each is what its parts are together."""
    to = io.BytesIO()
    hashes = filled(Zip(to))
    assert hashes == filled(Folder(tmp_path / "made"))
    assert hashes == {path: hashlib.sha256(b"".join(parts)).hexdigest() for path, parts in FILES.items()}
    with zipfile.ZipFile(to) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == {
            path: (tmp_path / "made" / path).read_bytes() for path in FILES
        }


def test_a_zip_is_the_same_bytes_each_time() -> None:
    """No time, order or right of the machine stands in it."""
    made = [io.BytesIO(), io.BytesIO()]
    for to in made:
        filled(Zip(to))
    assert made[0].getvalue() == made[1].getvalue()


def test_what_is_put_by_is_read_again_in_order_as_often_as_wanted() -> None:
    """Also while more is added, and beyond what memory holds."""
    with spool() as kept:
        values = [[number, "é" * 50_000] for number in range(60)]
        for value in values[:30]:
            kept.put(value)
        reading = iter(kept)
        assert [next(reading) for _ in range(10)] == values[:10]
        for value in values[30:]:
            kept.put(value)
        assert [*reading] == values[10:]
        assert [*kept] == values


def test_a_zip_that_was_broken_off_is_closed_quietly() -> None:
    """An error within a file leaves nothing open."""
    to = io.BytesIO()
    with pytest.raises(ZeroDivisionError), closing(Zip(to)) as parcel, parcel.file("a") as write:
        write(bytes([1 // 0]))
    assert "a" not in parcel.hashes
