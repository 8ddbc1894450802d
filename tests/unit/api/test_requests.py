"""Reading the bodies of requests."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g, jsonify, request
from flask.testing import FlaskClient
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from werkzeug.test import TestResponse

from ledger.api.limits import BATCH_BYTES_MAX, BATCH_ITEMS_MAX, BODY_BYTES_MAX
from ledger.api.openapi import create_api
from ledger.api.problems import register_problem_handlers
from ledger.api.requests import PACK, StrictParser, read_batch, refused_fields
from ledger.api.schemas.observations import ObservationSchema
from ledger.api.strict_json import BadJsonError
from tests.unit.api.examples import CANARY, OBSERVATION, FakePack, observation


class PageSchema(Schema):
    limit = fields.Integer()


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.extensions[PACK] = FakePack()
    register_problem_handlers(app, new_incident=lambda: "incident-7")
    api = create_api(app)
    parser = StrictParser()
    blueprint = Blueprint("observations", __name__, url_prefix="/api/v1")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.post("/observations")  # type: ignore[untyped-decorator]
    @blueprint.arguments(ObservationSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201)  # type: ignore[untyped-decorator]
    def post(loaded: Any) -> Any:
        assert loaded is g.body
        return g.body

    @blueprint.get("/entries")  # type: ignore[untyped-decorator]
    @blueprint.arguments(PageSchema, location="query")  # type: ignore[untyped-decorator]
    def page(loaded: Any) -> Any:
        return loaded

    @blueprint.post("/batch")  # type: ignore[untyped-decorator]
    def batch() -> Any:
        schema = parser.bound(ObservationSchema)
        return jsonify(
            [
                [item.code] if isinstance(item, BadJsonError) else [e.code for e in refused_fields(schema, item)]
                for item in read_batch(request)
            ]
        )

    api.register_blueprint(blueprint)
    return app


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def send(client: FlaskClient, data: bytes, path: str = "observations", **more: Any) -> TestResponse:
    return client.post(f"/api/v1/{path}", data=data, **{"content_type": "application/json", **more})


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_a_view_is_given_the_body_as_sent(client: FlaskClient) -> None:
    """A right body reaches the view unchanged, unknown numbers of spaces and all."""
    answer = send(client, json.dumps(OBSERVATION, indent=3).encode())
    assert (answer.status_code, answer.get_json()) == (201, OBSERVATION)


@pytest.mark.parametrize(
    ("data", "more", "expected"),
    [
        (b'{"a":NaN}', {}, (400, "json_number")),
        (b"", {}, (400, "json_syntax")),
        (b"{}", {"content_type": "text/plain"}, (415, "media_type")),
        (b"{}", {"content_type": None}, (415, "media_type")),
        (b"{}", {"content_type": "application/x-ndjson"}, (415, "media_type")),
        (b"{}", {"headers": {"Content-Encoding": "gzip"}}, (415, "media_type")),
        (b"[" * 10_000 + b"]" * 10_000, {}, (400, "json_depth")),
        (b" " * (BODY_BYTES_MAX + 1), {}, (413, "too_large")),
        (b" " * 2_000_000, {}, (413, "too_large")),
        (b" " * 2_000_000, {"path": "batch"}, (413, "too_large")),
        (b" " * BODY_BYTES_MAX, {}, (400, "json_syntax")),
        (b"[]", {}, (422, "invalid")),
        (b"{}", {"path": "batch"}, (422, "invalid")),
        (b"[]", {"path": "batch"}, (422, "batch_size")),
        (b"[" + b"1," * BATCH_ITEMS_MAX + b"1]", {"path": "batch"}, (422, "batch_size")),
        (
            b"1\n" * (BATCH_ITEMS_MAX + 1),
            {"path": "batch", "content_type": "application/x-ndjson"},
            (422, "batch_size"),
        ),
        (b"\n\n", {"path": "batch", "content_type": "application/x-ndjson"}, (422, "batch_size")),
        (b'[{"a":1}', {"path": "batch"}, (400, "json_syntax")),
    ],
)
def test_what_cannot_be_taken_says_why(
    client: FlaskClient, data: bytes, more: dict[str, Any], expected: tuple[int, str]
) -> None:
    """Bodies of the wrong kind, size or shape are refused by a status and code of their own."""
    assert code_of(send(client, data, **more)) == expected


def test_failing_fields_are_named(client: FlaskClient) -> None:
    """The parser answers every failing field by pointer, the vocabulary of the pack in force included."""
    body = observation(
        observed="soon", claims=[{"about": "father", "attribute": "luck", "value": "x", "basis": "seen"}]
    )
    errors = send(client, json.dumps(body).encode()).get_json()["errors"]
    assert {error["pointer"]: error["code"] for error in errors} == {
        "/observed": "time",
        "/claims/0/attribute": "vocabulary",
    }


def test_failing_parameters_are_named_without_their_values(client: FlaskClient) -> None:
    """Parameters of the address are refused like fields."""
    answer = client.get("/api/v1/entries", query_string={"limit": CANARY})
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/limit")
    assert "Canary" not in answer.text


def test_the_pack_in_force_counts(app: Flask, client: FlaskClient) -> None:
    """When another pack comes into force, the next body is checked against that."""
    body = json.dumps(
        observation(claims=[{"about": "father", "attribute": "luck", "value": "x", "basis": "seen"}])
    ).encode()
    assert send(client, body).status_code == 422
    app.extensions[PACK] = None
    assert send(client, body).status_code == 201
    app.extensions[PACK] = FakePack()
    assert send(client, body).status_code == 422


@pytest.mark.parametrize("path", ["observations", "batch"])
def test_a_body_that_broke_off_is_refused(client: FlaskClient, path: str) -> None:
    """Less than was announced is refused even where what did arrive is right."""
    whole = json.dumps(OBSERVATION).encode()
    data = whole if path == "observations" else b"[" + whole + b"]"
    overrides = {"CONTENT_LENGTH": str(len(data) + 1), "wsgi.input_terminated": True}
    answer = client.post(
        f"/api/v1/{path}", input_stream=io.BytesIO(data), content_type="application/json", environ_overrides=overrides
    )
    assert code_of(answer) == (400, "body_incomplete")


class Breaking(io.RawIOBase):
    """A connection that is reset after some bytes."""

    def __init__(self, data: bytes) -> None:
        self._left = [data]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, *_where: int) -> int:
        return 0

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            raise ConnectionResetError
        data = self._left.pop()
        buffer[: len(data)] = data
        return len(data)


def test_a_connection_that_breaks_is_refused(client: FlaskClient) -> None:
    """A body in chunks whose connection is reset is refused, however good what came before."""
    overrides = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    answer = client.post(
        "/api/v1/batch",
        input_stream=Breaking(json.dumps(OBSERVATION).encode() + b"\n"),
        content_type="application/x-ndjson",
        environ_overrides=overrides,
    )
    assert code_of(answer) == (400, "body_incomplete")


@pytest.mark.parametrize("line", [b"1\n", b"  "])
def test_a_body_without_a_length_is_not_cut_off_in_silence(client: FlaskClient, line: bytes) -> None:
    """A body in chunks that passes the limit is refused; its beginning is never taken for the whole."""
    overrides = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    answer = client.post(
        "/api/v1/batch",
        input_stream=io.BytesIO(line * BATCH_BYTES_MAX),
        content_type="application/x-ndjson",
        environ_overrides=overrides,
    )
    assert code_of(answer) == (413, "too_large")


def test_a_body_that_is_too_large_is_read_away(client: FlaskClient) -> None:
    """What is coming is read and dropped, so that the sender is not cut off before the answer."""
    stream = io.BytesIO(b" " * 2_000_000)
    answer = client.post(
        "/api/v1/observations",
        input_stream=stream,
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": "2000000"},
    )
    assert (answer.status_code, stream.tell()) == (413, 2_000_000)


def test_each_item_of_a_batch_stands_for_itself(client: FlaskClient) -> None:
    """Items keep their order, and one that fails does not touch the others, as an array or as lines."""
    good, bad = json.dumps(OBSERVATION).encode(), json.dumps(observation(statement="rumour")).encode()
    array = send(client, b"[" + b",".join([good, bad, b"7", good]) + b"]", path="batch")
    assert array.get_json() == [[], ["not_in_list"], ["wrong_type"], []]
    lines = send(
        client, b"\n".join([good, b"[NaN]", b"", bad, good]), path="batch", content_type="application/x-ndjson"
    )
    assert lines.get_json() == [[], ["json_number"], ["not_in_list"], []]


def test_an_item_may_be_as_deep_in_a_batch_as_alone(client: FlaskClient) -> None:
    """The array around a batch is not counted as depth."""
    deep = b"[" * 16 + b"]" * 16
    assert send(client, b"[" + deep + b"]", path="batch").status_code == 200
    assert code_of(send(client, b"[[" + deep + b"]]", path="batch")) == (400, "json_depth")
