import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.partnership import NHS_NUMBERS, Partnership, observation, refused, stored
from tests.unit.api.examples import CANARY

JSON = "application/json"
#: Stands for the child's id in the bodies below, which are made before there is one.
CHILD = "0b9c8d5e-1f7a-4a43-9a0e-3b1d7c2f9a10"


def body(**changes: Any) -> dict[str, Any]:
    """A good body, spoilt."""
    return observation("spoilt", CHILD, **changes)


def claim(**changes: Any) -> dict[str, Any]:
    """A good body with one claim, spoilt. A field given as None is left out."""
    made = {"about": "father", "attribute": "presence", "value": "absent", "basis": "seen", **changes}
    return body(claims=[{name: value for name, value in made.items() if value is not None}])


def raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


#: Bodies that are not the JSON we take: what was sent, the code of the refusal, where it points.
NOT_JSON: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "json_syntax", ""),
    "broken off": (raw(json.dumps(body(narrative=CANARY)))[:-40], "json_syntax", ""),
    "a comma too many": (raw(f'{{"narrative": "{CANARY}",}}'), "json_syntax", ""),
    "single quotes": (raw(f"{{'narrative': '{CANARY}'}}"), "json_syntax", ""),
    "two documents": (raw(f'{{"a": 1}} {{"narrative": "{CANARY}"}}'), "json_syntax", ""),
    "NaN": (raw(f'{{"narrative": "{CANARY}", "x": NaN}}'), "json_number", "/x"),
    "Infinity": (b'{"claims": [{"value": -Infinity}]}', "json_number", "/claims/0/value"),
    "a number beyond doubles": (b'{"x": 1e999}', "json_number", "/x"),
    "an inexact number": (b'{"x": {"y": 9007199254740993}}', "json_integer", "/x/y"),
    "duplicate keys": (raw(f'{{"narrative": "x", "narrative": "{CANARY}"}}'), "json_duplicate_name", "/narrative"),
    "duplicate keys inside": (b'{"claims": [{"about": 1, "about": 2}]}', "json_duplicate_name", "/claims/0/about"),
    "a lone surrogate": (raw('{"narrative": "' + CANARY + ' \\ud83d"}'), "json_lone_surrogate", "/narrative"),
    "a lone surrogate as a name": (b'{"\\ude00": 1}', "json_lone_surrogate", ""),
    "a raw surrogate": (raw('{"narrative": "\ud83d"}'), "json_encoding", ""),
    "Latin-1": ('{"narrative": "père"}'.encode("latin-1"), "json_encoding", ""),
    "UTF-16": (json.dumps({"narrative": CANARY}).encode("utf-16"), "json_encoding", ""),
    "a byte-order mark": (b"\xef\xbb\xbf{}", "json_byte_order_mark", ""),
    "10,000 nested arrays": (b'{"claims": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "json_depth", ""),
    "10,000 open arrays": (b"[" * 10_000, "json_", ""),
    "10,000 nested objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "json_depth", ""),
    "a null byte": (b'{"narrative": "a\x00b"}', "json_syntax", ""),
}  # fmt: skip

#: Bodies of which a field is refused: the body, and the field.
REFUSED: dict[str, tuple[Any, str]] = {
    "an unknown field": (body(narative=CANARY), "/narative"),
    "an unknown field inside": (body(author={"role": "hv", "surname": CANARY}), "/author/surname"),
    "an unknown field of a claim": (claim(valu=CANARY), "/claims/0/valu"),
    "an unknown attribute": (claim(attribute="paternal_charm"), "/claims/0/attribute"),
    "a value outside the vocabulary": (claim(value=CANARY), "/claims/0/value"),
    "a value of another shape": (claim(value={"deep": [CANARY]}), "/claims/0/value"),
    "value and not_known": (claim(not_known="unknown"), "/claims/0/not_known"),
    "neither value nor not_known": (claim(value=None), "/claims/0/value"),
    "told by nobody": (claim(basis="told"), "/claims/0/informant"),
    "an unknown basis": (claim(basis=CANARY), "/claims/0/basis"),
    "about nobody": (claim(about=""), "/claims/0/about"),
    "no statement": ({k: v for k, v in body().items() if k != "statement"}, "/statement"),
    "an unknown statement": (body(statement="hearsay"), "/statement"),
    "a naive time": (body(observed="2023-10-05T09:30"), "/observed"),
    "a naive valid time": (claim(valid="2023-10-05T09:30/2023-10-06"), "/claims/0/valid"),
    "an inverted period": (claim(valid="2023-10-05/2023-10-01"), "/claims/0/valid"),
    "no date": (body(observed=CANARY), "/observed"),
    "a day that is not": (body(observed="2023-02-29"), "/observed"),
    "an hour that is not": (body(observed="2023-02-28T24:30Z"), "/observed"),
    "observed in the future": (body(observed="2190-01-01"), "/observed"),
    "observed as a number": (body(observed=20231005), "/observed"),
    "an NHS number with a wrong digit": (body(child={"nhs_number": "9434765918"}), "/child/nhs_number"),
    "an NHS number too short": (body(child={"nhs_number": "943476591"}), "/child/nhs_number"),
    "an NHS number in other digits": (body(child={"nhs_number": "٩٤٣٤٧٦٥٩١٩"}), "/child/nhs_number"),
    "an NHS number as a number": (body(child={"nhs_number": 9434765919}), "/child/nhs_number"),
    "a child named twice": (body(child={"id": CHILD, "nhs_number": NHS_NUMBERS[0]}), "/child"),
    "a child not named": (body(child={}), "/child"),
    "an id in capitals": (body(child={"id": CHILD.upper()}), "/child/id"),
    "no event id": ({k: v for k, v in body().items() if k != "event_id"}, "/event_id"),
    "an event id with spaces": (body() | {"event_id": CANARY}, "/event_id"),
    "an event id too long": (body() | {"event_id": "e" * 65}, "/event_id"),
    "an event id with a line end": (body() | {"event_id": "e1\n"}, "/event_id"),
    "a narrative of spaces": (body(narrative=" \n\t"), "/narrative"),
    "a narrative too long": (body(narrative="n" * 20_001), "/narrative"),
    "a null narrative": (body(narrative=None), "/narrative"),
    "nothing said": ({k: v for k, v in body().items() if k not in {"narrative", "claims"}}, "/narrative"),
    "too many claims": (body(claims=body()["claims"] * 51), "/claims"),
    "claims that are no list": (body(claims={"0": CANARY}), "/claims"),
    "restricted to nobody named": (body(sharing={"lawful_basis": "x", "marking": "restricted"}), "/sharing/to"),
    "an array": ([CANARY], ""),
    "a string": (CANARY, ""),
    "null": (None, ""),
}  # fmt: skip


@pytest.fixture
def quiet(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Everything that was logged or printed so far."""
    caplog.set_level("DEBUG")

    def logged() -> str:
        printed = capfd.readouterr()
        return printed.out + printed.err + caplog.text

    return logged


def test_what_is_not_json_is_refused(partnership: Partnership, quiet: Callable[[], str]) -> None:
    """Each says what is amiss and where; nothing is stored, and no content shows in an answer or a log."""
    rows = partnership.rows()
    for name, (data, code, pointer) in NOT_JSON.items():
        for path in ("/observations", "/observations/batch", "/children", f"/children/{CHILD}/decisions"):
            response = partnership.send("POST", path, data=data, content_type=JSON)
            problem = refused(response, 400)
            assert problem["code"].startswith(code), (name, path, problem)
            pointers = [error["pointer"] for error in problem["errors"]]
            assert pointers == [pointer] or (not pointer and len(pointers) == 1), (name, path, problem)
            assert CANARY not in response.get_data(as_text=True), name
    assert partnership.rows() == rows
    assert CANARY not in quiet()


def test_a_field_that_cannot_stand_is_refused(partnership: Partnership, quiet: Callable[[], str]) -> None:
    """Each names the failing field and why, alone and in a batch; nothing is stored, answered back or logged."""
    child = partnership.child()
    rows = partnership.rows()
    for name, (spoilt, pointer) in REFUSED.items():
        data = json.dumps(spoilt).replace(CHILD, child)
        response = partnership.send("POST", "/observations", data=data, content_type=JSON)
        problem = refused(response, 422, pointer=pointer)
        assert all(error["detail"] and error["code"] for error in problem["errors"]), name
        assert CANARY not in response.get_data(as_text=True), name
        response = partnership.send("POST", "/observations/batch", data=f"[{data}]", content_type=JSON)
        (result,) = stored(response)["results"]
        assert result["status"] == 422, name
        assert pointer in {error["pointer"] for error in result["errors"]}, name
        assert CANARY not in response.get_data(as_text=True), name
    assert partnership.rows() == rows
    assert CANARY not in quiet()


def test_every_failing_field_is_named_at_once(partnership: Partnership) -> None:
    """A body with many faults is answered once with all of them."""
    spoilt = body(observed="never", statement="hearsay", extra=1, author={"ref": "no spaces"}) | {
        "claims": [{"about": "father"}, {"attribute": "presence", "about": "x y", "value": "absent", "basis": "seen"}]
    }
    problem = refused(partnership.post("/observations", spoilt), 422, "invalid")
    assert {error["pointer"] for error in problem["errors"]} >= {
        "/observed", "/statement", "/extra", "/author/ref", "/claims/0/attribute", "/claims/0/basis", "/claims/1/about",
    }  # fmt: skip


def test_a_body_too_large_is_refused(partnership: Partnership, quiet: Callable[[], str]) -> None:
    """Two megabytes, and one byte more than may be, are refused with the limit, announced or not."""
    child = partnership.child()
    whole = json.dumps(partnership.observation(child, narrative=CANARY)).encode()
    for size in (2 * 1024 * 1024, 128 * 1024 + 1):
        check_too_large(partnership, child, whole[:-1] + b" " * (size - len(whole)) + b"}")
    assert CANARY not in quiet()


def check_too_large(partnership: Partnership, child: str, data: bytes) -> None:
    rows = partnership.rows()
    for path in ("/observations", "/children", f"/children/{child}/decisions"):
        problem = refused(partnership.send("POST", path, data=data, content_type=JSON), 413, "too_large")
        assert "131,072" in problem["detail"]
    without_length = partnership.send(
        "POST", "/observations", data=data, content_type=JSON,
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
    )  # fmt: skip
    assert 400 <= without_length.status_code < 500
    assert partnership.rows() == rows


def test_the_largest_body_is_taken(partnership: Partnership) -> None:
    """A body of just the greatest size is stored."""
    child = partnership.child()
    whole = json.dumps(partnership.observation(child)).encode()
    data = whole[:-1] + b" " * (128 * 1024 - len(whole)) + b"}"
    stored(partnership.send("POST", "/observations", data=data, content_type=JSON))


def test_only_json_is_taken(partnership: Partnership) -> None:
    """Any other media type is refused, so that no browser's form can post."""
    for content_type in ("text/plain", "application/xml", "", "multipart/form-data", "text/json"):
        response = partnership.send("POST", "/observations", data=json.dumps(body()), content_type=content_type)
        refused(response, 415, "media_type")


def test_a_body_that_breaks_off_is_refused(partnership: Partnership) -> None:
    """When a connection ends before all that was announced arrived, nothing is stored, be it whole JSON."""
    child = partnership.child()
    rows = partnership.rows()
    data = json.dumps(partnership.observation(child))
    announced = {"CONTENT_LENGTH": str(len(data) + 1)}
    response = partnership.send("POST", "/observations", data=data, content_type=JSON, environ_overrides=announced)
    refused(response, 400, "body_incomplete")
    assert partnership.rows() == rows


def test_a_registration_that_cannot_stand_is_refused(partnership: Partnership, quiet: Callable[[], str]) -> None:
    """Bad dates, numbers and references of a child are each named, and no record is begun."""
    rows = partnership.rows()
    cases: list[tuple[dict[str, Any], str]] = [
        ({"born": "2022-13-01"}, "/born"),
        ({"born": "2022-09-01", "expected": "2022-09"}, "/expected"),
        ({}, "/born"),
        ({"expected": "2022-09/2022-10"}, "/expected"),
        ({"born": "2022-09-01", "nhs_number": "9434765918"}, "/nhs_number"),
        ({"born": "2022-09-01", "nhs_number": CANARY}, "/nhs_number"),
        ({"born": "2022-09-01", "reference": CANARY}, "/reference"),
        ({"born": "2022-09-01", "gestation_weeks": 60}, "/gestation_weeks"),
        ({"born": "2022-09-01", "mother": {"nhs_number": "1"}}, "/mother"),
    ]
    for spoilt, pointer in cases:
        response = partnership.post("/children", {"event_id": "r1", **spoilt})
        refused(response, 422, pointer=pointer)
        assert CANARY not in response.get_data(as_text=True)
    assert CANARY not in quiet()
    assert partnership.rows() == rows


def test_a_fault_of_our_own_tells_no_content(
    partnership: Partnership, quiet: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When something nobody expected quotes a body, answer and log have an incident's number and no word of it."""
    child = partnership.child()

    def fail(_moment: datetime) -> str:
        raise ValueError(CANARY)

    monkeypatch.setattr("ledger.api.answers.written_time", fail)
    response = partnership.post("/observations", partnership.observation(child, narrative=CANARY))
    problem = refused(response, 500, "unexpected")
    assert CANARY not in response.get_data(as_text=True)
    logged = quiet()
    assert problem["incident"] in logged
    assert CANARY not in logged


def test_unknown_addresses_and_methods_are_problems(partnership: Partnership) -> None:
    """Below the interface's prefix even these are problem details, and say nothing of the address."""
    refused(partnership.get(f"/{CANARY.replace(' ', '-')}"), 404, "not_found")
    refused(partnership.send("PUT", "/observations", json={}), 405, "method_not_allowed")
    refused(partnership.send("DELETE", f"/entries/{uuid4()}"), 405, "method_not_allowed")
