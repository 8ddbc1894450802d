import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[3] / "ledger" / "web" / "static"
VENDOR = STATIC / "vendor"
FILES = ("govuk-frontend.min.css", "govuk-frontend.min.js")


@pytest.mark.parametrize("name", FILES)
def test_vendored_files_are_those_on_record(name: str) -> None:
    """Each file has the sum that its README gives, so a change by hand shows."""
    readme = (VENDOR / "README.md").read_text()
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() in readme
    assert "The MIT License" in readme
    assert "6.6.0" in readme
    assert 'version="6.6.0"' in (VENDOR / "govuk-frontend.min.js").read_text()


def test_no_branding_is_shipped() -> None:
    """Neither font, crest, crown nor logo, nor any address that a page would fetch from."""
    css = (VENDOR / FILES[0]).read_text()
    for trace in ("@font-face", "GDS Transport", "url(", "crest", "crown"):
        assert trace not in css
    assert {path.suffix for path in STATIC.rglob("*") if path.is_file()} == {".css", ".js", ".svg", ".md"}


def test_own_files_fetch_nothing_from_elsewhere() -> None:
    """Own style and script name no other site."""
    for path in (STATIC / "ledger.css", STATIC / "start.js", STATIC / "live.js"):
        assert not re.search(r"https?:|//[a-z]", path.read_text())
