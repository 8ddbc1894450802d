import re
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.partnership import Partnership, refused, stored


def pages(partnership: Partnership, path: str, agency: str = "hv") -> list[list[dict[str, Any]]]:
    """Every page from this one on, as the Link header leads."""
    found = []
    while path:
        response = partnership.get(path, agency)
        found.append(stored(response)["entries"])
        link = response.headers.get("Link", "")
        assert not link or re.fullmatch(r'</api/v1/entries\?[^>]*>; rel="next"', link)
        path = link.partition("</api/v1")[2].partition(">")[0]
    return found


def test_own_entries_come_in_pages(partnership: Partnership) -> None:
    """The Link header leads through all of an agency's entries, each once, and through nobody else's."""
    children = [partnership.child() for _ in range(2)]
    events = {f"e-{number}" for number in range(7)}
    for number, event in enumerate(sorted(events, reverse=True)):
        body = partnership.observation(children[number % 2]) | {"event_id": event}
        stored(partnership.post("/observations", body))
        stored(partnership.post("/observations", body, "csc"))
    for limit in (1, 2, 3, 9, 100):
        found = pages(partnership, f"/entries?limit={limit}")
        assert all(len(page) == limit for page in found[:-1])
        entries = [entry for page in found for entry in page]
        assert {entry["event_id"] for entry in entries} > events
        assert len({entry["id"] for entry in entries}) == len(entries) == 9
    of_one = [entry for page in pages(partnership, f"/entries?limit=2&child={children[0]}") for entry in page]
    assert {entry["child"] for entry in of_one} == {children[0]}
    assert len(of_one) == 5
    assert pages(partnership, "/entries", "police") == [[]]


def test_copies_are_own_entries(partnership: Partnership) -> None:
    """An entry and its copies under one event id are each on a page, whatever the size of pages."""
    child, sibling = partnership.child(), partnership.child()
    answer = stored(partnership.post("/observations", partnership.observation(child, also=[{"id": sibling}]), "csc"))
    found = [entry["id"] for page in pages(partnership, "/entries?limit=1", "csc") for entry in page]
    assert sorted(found) == sorted([answer["id"], answer["also"][0]["id"]])


def test_what_comes_meanwhile_breaks_no_page(partnership: Partnership) -> None:
    """Entries stored between two pages neither repeat nor drop any that was there."""
    child = partnership.child()
    for number in range(4):
        stored(partnership.post("/observations", partnership.observation(child) | {"event_id": f"m-{number}"}, "gp"))
    first = partnership.get("/entries?limit=2", "gp")
    for event in ("a", "m-1-and-a-half", "z"):
        stored(partnership.post("/observations", partnership.observation(child) | {"event_id": event}, "gp"))
    path = first.headers["Link"].partition("</api/v1")[2].partition(">")[0]
    rest = [entry["event_id"] for page in pages(partnership, path, "gp") for entry in page]
    assert [entry["event_id"] for entry in stored(first)["entries"]] == ["m-0", "m-1"]
    assert rest == ["m-1-and-a-half", "m-2", "m-3", "z"]


def test_others_entries_are_not_there(partnership: Partnership) -> None:
    """Another agency's entry, even in a record that one is involved with, and none at all, look the same."""
    child = partnership.child(involve=["csc"])
    answer = stored(partnership.post("/observations", partnership.observation(child)))
    missing = refused(partnership.get(f"/entries/{'a' * 26}.7", "csc"), 404, "not_found")
    for entry in (answer["id"], "nonsense", f"{answer['id']}0"):
        assert refused(partnership.get(f"/entries/{entry}", "csc"), 404, "not_found") == missing
    assert refused(partnership.get(f"/entries?after={answer['id']}", "csc"), 404, "not_found") == missing


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "after=x", "after=", "child=x", "limit=2&limit=3&after=%00"]
)
def test_a_bad_page_is_refused(partnership: Partnership, query: str) -> None:
    """A parameter outside its limits is named, and nothing is guessed."""
    problem = refused(partnership.get(f"/entries?{query}"), 422, "invalid")
    assert problem["errors"]


# --- the timeline ----------------------------------------------------------------------------------------------------


def test_the_same_point_gives_the_same_bytes(partnership: Partnership) -> None:
    """`as_of` from one answer gives that answer again, byte for byte, whatever came since; another hash is refused."""
    child = partnership.child(involve=["hv"])
    stored(partnership.post("/observations", partnership.observation(child)))
    first = partnership.get(f"/children/{child}/timeline")
    point = stored(first)["as_of"]
    stored(partnership.post("/observations", partnership.observation(child)))
    again = partnership.get(f"/children/{child}/timeline?as_of={point['number']}&hash={point['hash']}")
    assert again.get_data() == first.get_data()
    assert stored(partnership.get(f"/children/{child}/timeline"))["as_of"]["number"] == point["number"] + 1
    other = partnership.get(f"/children/{child}/timeline?as_of={point['number']}&hash={'0' * 64}")
    refused(other, 409)
    refused(partnership.get(f"/children/{child}/timeline?as_of=99"), 409)


def test_a_moment_is_resolved_to_a_number(partnership: Partnership) -> None:
    """`known_at` shows what was recorded by then, and says as which number that is."""
    child = partnership.child(involve=["hv"])
    answer = stored(partnership.post("/observations", partnership.observation(child)))
    stored(partnership.post("/observations", partnership.observation(child)))
    known = stored(partnership.get(f"/children/{child}/timeline?known_at={answer['recorded_at']}"))
    assert known["as_of"] == {"number": answer["number"], "hash": answer["hash"]}
    assert len(known["entries"]) == answer["number"]
    for long_ago in ("2020-01-01T00:00:00Z", "2020-01-01"):
        before = stored(partnership.get(f"/children/{child}/timeline?known_at={long_ago}"))
        assert (before["as_of"]["number"], before["entries"]) == (0, [])
    today = datetime.fromisoformat(answer["recorded_at"]).astimezone(ZoneInfo("Europe/London")).date()
    assert (
        stored(partnership.get(f"/children/{child}/timeline?known_at={today}"))["as_of"]["number"] >= answer["number"]
    )


@pytest.mark.parametrize(
    "query",
    ["known_at=2023", "known_at=2023-10-05T09:00:00", "valid_at=x", "as_of=-1", "as_of=x", "limit=0", "limit=201",
     "hash=00", "known_at=2023-10-05T09:00:00Z&as_of=1", f"hash={'0' * 64}", "after=-1"],
)  # fmt: skip
def test_a_bad_point_is_refused(partnership: Partnership, query: str) -> None:
    """A naive time, a negative number and two points at once are each named."""
    child = partnership.child(involve=["hv"])
    problem = refused(partnership.get(f"/children/{child}/timeline?{query}"), 422, "invalid")
    assert problem["errors"]
    assert partnership.get(f"/children/{uuid4()}/timeline").status_code == 404
