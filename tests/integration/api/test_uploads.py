"""How an attachment comes in: the form, its limits, and what is refused before it is read."""

import io
import json
from typing import Any

import pytest

from ledger.api.limits import ATTACHMENT_BYTES_MAX, BODY_BYTES_MAX
from ledger.app import application
from tests.attaching import LETTER, entry_of, form, send
from tests.partnership import Partnership, stored
from tests.picture_files import pdf


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child of hv's."""
    return partnership.child()


class Untouched(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the upload was read")


def test_who_may_not_post_is_refused_before_the_upload_is_read(partnership: Partnership, child: str) -> None:
    """A key that does not hold cannot make the ledger take in ten megabytes."""
    answer = partnership.send(
        "POST",
        f"/children/{child}/attachments",
        key=partnership.keys["hv"][:-3] + "abc",
        input_stream=Untouched(bytes(ATTACHMENT_BYTES_MAX)),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 401


def test_the_largest_file_is_taken_and_one_byte_more_is_not(partnership: Partnership, child: str) -> None:
    """The limit is on the file; the setting moves it; what is announced beyond all limits is refused unread."""
    partnership.app = application(partnership.context, attachment_bytes=100_000)
    largest = pdf(b"x" * (100_000 - len(pdf(b""))))
    entry = entry_of("a-1", largest, media_type="application/pdf")
    answer = stored(send(partnership, child, entry, largest))
    with partnership.get(f"/attachments/{answer['id']}") as got:
        assert got.data == largest
    more = send(partnership, child, entry_of("a-2", largest + b"x", media_type="application/pdf"), largest + b"x")
    assert (more.status_code, "100,000" in more.get_json()["detail"]) == (413, True)
    long = send(partnership, child, entry_of("a-3", describes="x" * BODY_BYTES_MAX))
    assert long.status_code == 413
    huge = partnership.send(
        "POST", f"/children/{child}/attachments", content_type="multipart/form-data; boundary=x", data=b"x" * 400_000
    )
    assert huge.status_code == 413


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (form(("entry", b"{}")), 422, "invalid"),
        (form(("file", LETTER)), 422, "invalid"),
        (form(("entry", b"{}"), ("entry", b"{}")), 422, "invalid"),
        (form(("entry", b"{}"), ("other", b"x")), 422, "invalid"),
        (form(("entry", b"{}"), ("file", b"x"), ("file", b"x")), 400, "bad_request"),
        (form(("entry", b"[]"), ("file", b"x")), 422, "invalid"),
        (form(("entry", b'{"kind": NaN}'), ("file", b"x")), 400, "json_number"),
        (form(("entry", b'{"a": 1, "a": 2}'), ("file", b"x")), 400, "json_duplicate_name"),
        ({"data": b"x", "content_type": "multipart/form-data; boundary=y"}, 400, "bad_request"),
        ({"data": form(("file", LETTER))["data"][:-20], "content_type": form()["content_type"]}, 400, "bad_request"),
        ({"data": b"x", "content_type": "multipart/form-data"}, 415, "media_type"),
        ({"data": b"{}", "content_type": "application/json"}, 415, "media_type"),
    ],
)
def test_a_form_of_two_parts_and_nothing_else(
    partnership: Partnership, child: str, sent: dict[str, Any], status: int, code: str
) -> None:
    """Parts that are missing, twice, unknown or broken are refused, and JSON is as strict as everywhere."""
    answer = partnership.send("POST", f"/children/{child}/attachments", **sent)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_a_refusal_repeats_nothing(partnership: Partnership, child: str) -> None:
    """Neither a field's value, nor a part's name, nor a byte of the file stands in an answer that refuses."""
    canary = "Zebedee-Canary"
    bodies = [
        form(("entry", json.dumps(entry_of(canary, describes=canary, size=1)).encode()), ("file", canary.encode())),
        form((canary, b"x")),
        form(("entry", f'{{"{canary}": nan}}'.encode()), ("file", canary.encode())),
    ]
    for sent in bodies:
        answer = partnership.send("POST", f"/children/{child}/attachments", **sent)
        assert answer.status_code >= 400
        assert canary not in answer.get_data(as_text=True)
