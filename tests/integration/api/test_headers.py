import re
from pathlib import Path

import pytest

from ledger.app import application
from ledger.web.headers import CONTENT_POLICY
from tests.partnership import Partnership

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("/", "/sign-in", "/sign-in/nonsense", "/nowhere", "/assets/ledger.css", "/assets/start.js")
DATA = ("/api/v1/entries", "/api/v1/nowhere", "/api/v1/attachments/nonsense", "/health/live", "/api/v1/openapi.json")
DOCS = ("/api/v1/docs", "/api/v1/docs/problems", "/api/v1/docs/init.js")


@pytest.mark.parametrize("path", [*PAGES, *DATA, *DOCS])
@pytest.mark.parametrize("is_signed", [True, False])
def test_every_answer_is_protected(partnership: Partnership, path: str, is_signed: bool) -> None:
    """Whatever is answered, page or data, good or refused: no sniffing, no frame around it, nothing from elsewhere."""
    headers = {"Authorization": f"Bearer {partnership.keys['hv']}"} if is_signed else {}
    with partnership.app.test_client().get(path, headers=headers) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Server" not in answer.headers
        assert "X-Powered-By" not in answer.headers


@pytest.mark.parametrize("path", [*PAGES[:4], *DATA])
def test_nothing_said_of_anybody_is_kept(partnership: Partnership, path: str) -> None:
    """No browser and no proxy keeps a page or an answer; only static files may be."""
    with partnership.app.test_client().get(path) as answer:
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/entries"])
def test_browsers_are_kept_to_https_where_there_is_https(partnership: Partnership, path: str) -> None:
    """Where people reach the ledger by https, every answer says that there is no other way; else none does."""
    plain = partnership.app.test_client()
    assert "Strict-Transport-Security" not in plain.get(path).headers
    by_scheme = plain.get(path, base_url="https://ledger.example")
    by_setting = application(partnership.context, is_secure=True).test_client().get(path)
    for answer in (by_scheme, by_setting):
        assert answer.headers["Strict-Transport-Security"] == "max-age=63072000"


def test_no_page_has_anything_inline() -> None:
    """No template writes a style, a handler or a script but the one whose hash the policy names."""
    assert CONTENT_POLICY.count("'sha256-") == 1
    for template in (ROOT / "ledger" / "web" / "templates").glob("*.html"):
        text = template.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), template.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), template.name
