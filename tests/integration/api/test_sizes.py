import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from ledger.api.limits import ATTACHMENT_BYTES_MAX, BATCH_BYTES_MAX, BODY_BYTES_MAX, MULTIPART_BYTES_MAX
from tests.partnership import Partnership

#: What a route takes beyond the usual, in bytes, and as which media type.
LARGER = {
    "observations.post_batch": (BATCH_BYTES_MAX, "application/json"),
    "attachments.post_attachment": (
        ATTACHMENT_BYTES_MAX + BODY_BYTES_MAX + MULTIPART_BYTES_MAX,
        "multipart/form-data; boundary=x",
    ),
}
RECORD = "00000000-0000-4000-8000-000000000000"


def posting(app: Flask, prefix: str) -> Iterator[tuple[Rule, str]]:
    """Every route that takes a body, below a prefix or not, with an address of its form."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.rule.startswith("/api/") is (prefix == "/api/"):
            yield rule, re.sub(r"<uuid:\w+>", RECORD, re.sub(r"<(?!uuid)[^>]+>", "nonsense", rule.rule))


@pytest.mark.parametrize("is_announced", [True, False], ids=["announced", "not announced"])
def test_every_route_of_the_interface_has_a_limit(partnership: Partnership, is_announced: bool) -> None:
    """A body beyond the limit of its route is refused with 413, whether its length is said before or not."""
    met = set()
    for rule, address in posting(partnership.app, "/api/"):
        most, media_type = LARGER.get(rule.endpoint, (BODY_BYTES_MAX, "application/json"))
        environ = {} if is_announced else {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
        answer = partnership.send(
            "POST",
            address.removeprefix("/api/v1"),
            data=b"x" * (most + 1),
            content_type=media_type,
            environ_overrides=environ,
            headers={} if is_announced else {"Transfer-Encoding": "chunked"},
        )
        assert answer.status_code == 413, (rule.rule, answer.status_code, answer.get_data(as_text=True)[:200])
        met.add(rule.endpoint)
    assert met > LARGER.keys()


def test_every_form_of_the_pages_has_a_limit(partnership: Partnership) -> None:
    """A form that is too large is never read whole: the pages refuse it, or need nothing of it."""
    for rule, address in posting(partnership.app, ""):
        answer = partnership.app.test_client().post(
            address,
            data=b"csrf=" + b"x" * BODY_BYTES_MAX,
            content_type="application/x-www-form-urlencoded",
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code in (303, 400, 401, 403, 404, 405, 410, 413), rule.rule
    assert partnership.app.config["MAX_CONTENT_LENGTH"] == BODY_BYTES_MAX
