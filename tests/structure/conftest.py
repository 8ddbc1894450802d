"""What the structure tests look at: the files of the checkout, as they stand."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Other people's files, kept byte for byte; each is named with its origin in LICENSE.
VENDORED = ("ledger/web/static/vendor/", "ledger/api/static/", "tests/structure/data/")


def in_checkout() -> list[Path]:
    """Files that are committed or would be: what git lists, ignored ones left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in sorted(names) if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def ours() -> list[Path]:
    """Every file written here."""
    return [path for path in in_checkout() if not path.relative_to(ROOT).as_posix().startswith(VENDORED)]


@pytest.fixture(scope="session")
def modules(ours: list[Path]) -> list[Path]:
    """Every Python file written here."""
    return [path for path in ours if path.suffix == ".py"]
