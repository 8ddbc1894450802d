import shutil
from pathlib import Path

import pytest

from ledger.services.load_pack import load_pack
from tests.small_pack import write_pack
from workers.packs import PacksAtHand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of packs with one in it."""
    return write_pack(tmp_path / "packs" / "given")


def changed(folder: Path, version: str) -> None:
    """Give the pack in this folder another version, and so another digest."""
    header = folder / "pack.yaml"
    header.write_text(
        "\n".join(
            f"version: {version}" if line.startswith("version:") else line for line in header.read_text().splitlines()
        )
    )


def test_the_pack_of_a_digest_is_given(folder: Path) -> None:
    """Each of several packs is found by its own digest, wherever it lies."""
    other = Path(shutil.copytree(folder, folder.parent / "older"))
    changed(other, "0.9.0")
    packs = PacksAtHand(folder)
    for place in (folder, other):
        digest = load_pack(place).digest
        assert packs(digest).digest == digest


def test_a_pack_that_was_changed_meanwhile_is_found(folder: Path) -> None:
    """What is put in force while a worker runs is used by it without a restart, and the old one still is."""
    packs = PacksAtHand(folder)
    before = load_pack(folder).digest
    changed(folder, "9.0.0")
    after = load_pack(folder).digest
    assert (packs(after).digest, packs(before).digest) == (after, before)


def test_a_pack_that_is_gone_is_replaced_by_the_one_at_hand(folder: Path) -> None:
    """Detection goes on with the pack that there is: its version stands in what it finds."""
    (folder.parent / "not-a-pack").mkdir()
    assert PacksAtHand(folder)("0" * 64).digest == load_pack(folder).digest
