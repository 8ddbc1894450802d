"""Published test vectors, where a folder of them lies beside this checkout; our own are in `tests/vectors`."""

import json
from pathlib import Path
from typing import Any

import pytest

_CHECKOUT = Path(__file__).parent.parent
STANDARD = _CHECKOUT.parent / "shared" / "vectors"
OWN = _CHECKOUT / "tests" / "vectors"


def standard_path(name: str) -> Path:
    """Where a published file of vectors lies; the test is skipped where they are not at hand."""
    path = STANDARD / name
    if not path.exists():
        pytest.skip(f"the published vectors are not beside this checkout: {name}")
    return path


def standard(name: str) -> Any:
    """A published JSON file of vectors; the test is skipped where they are not at hand."""
    return json.loads(standard_path(name).read_text())


def own(name: str) -> Any:
    """A JSON file of the project's own vectors."""
    return json.loads((OWN / name).read_text())
