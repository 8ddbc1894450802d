import json
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.partnership import Partnership, refused, stored

NDJSON = "application/x-ndjson"


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A registered child."""
    return partnership.child(reference="baby")


def post_lines(partnership: Partnership, lines: list[str | bytes], end: bytes = b"\n") -> TestResponse:
    data = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + end
    return partnership.send("POST", "/observations/batch", data=data, content_type=NDJSON)


def results(response: TestResponse) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stored(response)["results"]
    return found


def test_a_batch_is_answered_in_order(partnership: Partnership, child: str) -> None:
    """Good, known and bad items each get their own result where they stood, the good ones stored and the bad not."""
    before = partnership.observation(child)
    first = stored(partnership.post("/observations", before))
    rows = partnership.rows()
    good = [partnership.observation(child) for _ in range(2)]
    items = [
        good[0],
        partnership.observation(child, statement="hearsay"),
        before,
        before | {"narrative": "otherwise"},
        partnership.observation(str(uuid4())),
        good[1],
        "no object",
        partnership.observation(child, observed="2190-01-01"),
    ]
    found = results(partnership.post("/observations/batch", items))
    assert [result["status"] for result in found] == [201, 422, 200, 422, 422, 201, 422, 422]
    assert {name: found[2][name] for name in first} == first
    assert [error["pointer"] for error in found[1]["errors"]] == ["/statement"]
    assert found[3]["code"] == "event_id_reused"
    assert [error["pointer"] for error in found[4]["errors"]] == ["/child"]
    assert [error["pointer"] for error in found[7]["errors"]] == ["/observed"]
    assert (found[0]["number"], found[5]["number"]) == (3, 4), "the order of the array is kept within a record"
    grown = {"entries": 2, "contents": 2, "claims": 2}
    assert partnership.rows() == {table: count + grown.get(table, 0) for table, count in rows.items()}


def test_a_batch_again_is_known(partnership: Partnership, child: str) -> None:
    """A whole batch sent twice answers 200 for each with what the first answer said."""
    items = [partnership.observation(child) for _ in range(7)]
    first = results(partnership.post("/observations/batch", items))
    again = results(partnership.post("/observations/batch", items))
    assert [result.pop("status") for result in first] == [201] * 7
    assert [result.pop("status") for result in again] == [200] * 7
    assert again == first


def test_an_item_twice_in_a_batch_is_stored_once(partnership: Partnership, child: str) -> None:
    """The second of two equal items is known; another body under the same event is refused, about whichever child."""
    one, other = partnership.observation(child), partnership.child()
    items = [one, one, one | {"narrative": "otherwise"}, one | {"child": {"id": other}}, one]
    found = results(partnership.post("/observations/batch", items))
    assert [result["status"] for result in found] == [201, 200, 422, 422, 200]
    assert {found[place]["id"] for place in (0, 1, 4)} == {found[0]["id"]}
    assert found[2]["code"] == found[3]["code"] == "event_id_reused"


def test_siblings_twice_in_a_batch(partnership: Partnership, child: str) -> None:
    """Copies of an item that stands twice in a batch are answered alike, in the order in which they were named."""
    siblings = [{"id": partnership.child()} for _ in range(3)]
    one = partnership.observation(child, also=siblings)
    found = results(partnership.post("/observations/batch", [one, one]))
    assert [copy["child"] for copy in found[0]["also"]] == [sibling["id"] for sibling in siblings]
    assert found[1] == found[0] | {"status": 200}


def test_the_good_items_are_one_transaction(partnership: Partnership, child: str) -> None:
    """When one good item cannot be written, none of the batch is: nothing is stored and the answer is no result."""
    rows = partnership.rows()
    with partnership.engine("ledger_owner").begin() as owner:
        owner.exec_driver_sql("ALTER TABLE ledger.claims ADD CONSTRAINT refuses CHECK (about <> 'hv/poison')")
    poison = [{"about": "poison", "attribute": "presence", "value": "absent", "basis": "seen"}]
    people = [{"ref": "poison"}]
    items = [partnership.observation(child), partnership.observation(child, claims=poison, people=people)]
    assert partnership.post("/observations/batch", items).status_code >= 500
    assert partnership.rows() == rows


def test_lines_are_taken_too(partnership: Partnership, child: str) -> None:
    """Newline-delimited JSON is a batch: blank lines are passed over, and a line that is no JSON is its own result."""
    good = [json.dumps(partnership.observation(child)) for _ in range(2)]
    found = results(post_lines(partnership, [good[0], "", "{broken", '{"a": NaN}', good[1], b"\xff"]))
    assert [result["status"] for result in found] == [201, 400, 400, 201, 400]
    assert [result.get("code") for result in found][1:5:1][:2] == ["json_syntax", "json_number"]
    assert [result["status"] for result in results(post_lines(partnership, [good[0]], end=b""))] == [200]


@pytest.mark.parametrize("count", [0, 1_001])
def test_a_batch_has_one_to_a_thousand_items(partnership: Partnership, child: str, count: int) -> None:
    """None and a thousand and one are refused whole, as an array and as lines, and nothing is stored."""
    rows = partnership.rows()
    items = [{"event_id": f"e{number}"} for number in range(count)]
    refused(partnership.post("/observations/batch", items), 422, "batch_size")
    refused(post_lines(partnership, [json.dumps(item) for item in items]), 422, "batch_size")
    assert partnership.rows() == rows


def test_a_thousand_items_are_stored(partnership: Partnership, child: str) -> None:
    """The largest batch, over two records, is stored and numbered in order."""
    other = partnership.child()
    least = {"observed": "2023-10-05", "statement": "fact", "narrative": "Seen."}
    items = [least | {"event_id": f"e{number}", "child": {"id": (child, other)[number % 2]}} for number in range(1_000)]
    found = results(partnership.post("/observations/batch", items))
    assert [result["status"] for result in found] == [201] * 1_000
    assert [result["number"] for result in found[::2]] == list(range(2, 502))


def test_a_batch_of_nothing_good_still_asks_for_a_key(partnership: Partnership, child: str) -> None:
    """Results for bad items are given only to who may post; without a key that holds there are none."""
    stranger = "ledger.hv.aaaaaaaa." + "A" * 43
    refused(partnership.send("POST", "/observations/batch", key=stranger, json=[{"nothing": 1}]), 401)
    assert results(partnership.post("/observations/batch", [{"nothing": 1}]))[0]["status"] == 422


@pytest.mark.parametrize("data", [b"{}", b'"text"', b"null", b"7"])
def test_a_batch_is_an_array(partnership: Partnership, data: bytes) -> None:
    """Any other JSON value in its place is refused whole."""
    refused(partnership.send("POST", "/observations/batch", data=data, content_type="application/json"), 422)


def test_an_array_that_is_no_json_is_refused_whole(partnership: Partnership, child: str) -> None:
    """Where one item of an array cannot be read the rest cannot be told apart, so nothing is stored."""
    rows = partnership.rows()
    good = json.dumps(partnership.observation(child))
    for data in (f"[{good}, {{]", f"[{good},", f"[{good}] {good}", f"[{good}, NaN]"):
        response = partnership.send("POST", "/observations/batch", data=data, content_type="application/json")
        assert refused(response, 400)["code"].startswith("json_")
    assert partnership.rows() == rows


@pytest.mark.parametrize("content_type", ["application/json", NDJSON])
def test_a_body_that_breaks_off_stores_nothing(partnership: Partnership, child: str, content_type: str) -> None:
    """When less arrives than was announced nothing is stored, even if what arrived could be read."""
    rows = partnership.rows()
    line = json.dumps(partnership.observation(child))
    whole = f"[{line}]" if content_type == "application/json" else line + "\n"
    for data, announced in ((whole, len(whole) + 400), (whole[: len(whole) // 2], len(whole))):
        response = partnership.send(
            "POST",
            "/observations/batch",
            data=data,
            content_type=content_type,
            environ_overrides={"CONTENT_LENGTH": str(announced)},
        )
        refused(response, 400, "body_incomplete")
    assert partnership.rows() == rows


def test_a_batch_too_large_is_refused(partnership: Partnership, child: str) -> None:
    """More bytes than a batch may have are refused whole, whatever is in them."""
    rows = partnership.rows()
    items = [partnership.observation(child, narrative="x" * 19_000) for _ in range(90)]
    refused(partnership.post("/observations/batch", items), 413, "too_large")
    assert partnership.rows() == rows
