"""The content policy in a real browser: what somebody got into a page does not run there."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response, request
from playwright.sync_api import Page

from ledger.web import add_pages
from tests.e2e.serving import served
from tests.scene import Scene

pytestmark = pytest.mark.xdist_group("browser")  # one browser, and the scene told once

#: Each tries to change the page's title, by which it is seen whether it ran.
HOSTILE = {
    "inline script": "<script>document.title = 'ran'</script>",
    "handler": "<img src='/nowhere.png' onerror=\"document.title = 'ran'\">",
    "script address": "<a id='go' href=\"javascript:document.title = 'ran'\">go</a>",
    "script as data": "<script src=\"data:text/javascript,document.title = 'ran'\"></script>",
    "script of elsewhere": "<script src='http://localhost:{port}/hostile.js'></script>",
    "frame": "<iframe srcdoc=\"<script>parent.document.title = 'ran'</script>\"></iframe>",
    "object": "<object data='/hostile.js' type='text/html'></object>",
}


@pytest.fixture
def hostile_site(scene: Scene) -> Iterator[str]:
    """The pages, and beside them pages that somebody got something hostile into, answered with the same headers."""
    app = Flask("ledger", static_folder=None)
    app.extensions["ledger"] = scene.context

    @app.get("/hostile/<name>")
    def hostile(name: str) -> str:
        inside = HOSTILE[name].replace("{port}", request.host.rpartition(":")[2])
        return f"<!doctype html><title>safe</title><body>{inside}<p style='font-size: 99px'>words</p></body>"

    @app.get("/hostile.js")
    def script() -> Response:
        return Response("document.title = 'ran'", mimetype="text/javascript")

    add_pages(app)
    with served(app) as address:
        yield address


@pytest.mark.parametrize("name", HOSTILE)
def test_what_got_into_a_page_does_not_run(page: Page, hostile_site: str, complaints: list[str], name: str) -> None:
    """No script in a page, in an attribute, in an address or from elsewhere runs, and no inline style counts."""
    page.goto(f"{hostile_site}/hostile/{name}")
    if name == "script address":
        page.evaluate("document.querySelector('#go').click()")
    assert page.title() == "safe"
    assert page.evaluate("getComputedStyle(document.querySelector('p')).fontSize") != "99px"
    assert any("Content Security Policy" in told for told in complaints)
    complaints.clear()
