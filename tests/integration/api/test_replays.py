"""A record played back step by step, compared at two points, and judged again as it was."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from ledger.domain.role import Role
from tests.integration.api.test_every_view import lookers, made
from tests.integration.services.sealing import seal_all, sealer
from tests.integration.services.test_rebuild import rebuilt
from tests.marked_world import MarkedWorld
from tests.partnership import Partnership, refused, stored
from tests.sizes import is_full, marked_histories

_OF_HOLD = ("entry", "index", "value", "state", "valid", "certain")


def lines(partnership: Partnership, child: str, query: str = "", agency: str = "csc") -> list[dict[str, Any]]:
    """Every line of a replay; the last is its end."""
    answer = partnership.get(f"/children/{child}/replay{query}", agency)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/x-ndjson"
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def frames(partnership: Partnership, child: str, query: str = "", agency: str = "csc") -> list[dict[str, Any]]:
    """Every frame of a replay."""
    *found, end = lines(partnership, child, query, agency)
    assert list(end) == ["end"]
    return found


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record in which hv and csc hold what cannot both be so, with its finding."""
    record_id = partnership.child(involve=["csc", "police"])
    partnership.alert(record_id)
    return record_id


def correct(partnership: Partnership, child: str, entry: str, value: str) -> dict[str, Any]:
    """Let hv put right what it said of the father."""
    claim = {"about": "father", "attribute": "presence", "value": value, "basis": "told", "informant": "mother"}
    said = {"observed": "2023-10-05", "statement": "fact", "claims": [claim]}
    body = {"event_id": partnership.event(), "corrects": entry, "reason": "misheard", "observation": said}
    return stored(partnership.post(f"/children/{child}/corrections", body, "hv"))


def test_each_frame_is_as_the_timeline_up_to_it_shows(partnership: Partnership, child: str) -> None:
    """Each frame's entries are those that the timeline as of the frame's number ends with, each as it stood then."""
    first = frames(partnership, child)[5]["entry"]
    correct(partnership, child, first["id"], "lives_here")
    partnership.detect(child)
    told = frames(partnership, child)
    assert [one["frame"] for one in told] == list(range(1, len(told) + 1))
    seen = 0
    for frame in told:
        items = [frame["entry"]] if frame["entry"] else frame["found"]
        for item in items:
            shown = stored(partnership.get(f"/children/{child}/timeline?as_of={item['number']}", "csc"))["entries"]
            assert item == shown[-1]
        seen += len(items)
        assert (frame["number"], frame["hash"]) == (items[-1]["number"], items[-1]["hash"])
    assert seen == len(stored(partnership.get(f"/children/{child}/timeline?limit=200", "csc"))["entries"])
    assert told[5]["held"][0]["cells"][0]["holds"][0]["value"] == "absent"
    raised = [one for one in told if one["findings"]["raised"]]
    assert raised[-1]["found"][0]["kind"] == "finding_raised"


def test_frames_stay_as_they_were(partnership: Partnership, child: str) -> None:
    """Whatever is recorded later, and wherever a reader goes on, a frame is the same to the byte."""
    before = lines(partnership, child)
    assert before[-1]["end"]["next"] is None
    correct(partnership, child, before[5]["entry"]["id"], "visits")
    partnership.detect(child)
    assert lines(partnership, child)[: len(before) - 1] == before[:-1]
    assert lines(partnership, child, f"?as_of={before[-1]['end']['as_of']['number']}") == before
    assert lines(partnership, child, "?limit=3")[:3] == before[:3]
    assert lines(partnership, child, "?limit=3")[-1]["end"]["next"] == before[2]["number"]
    after = before[3]["number"]
    assert frames(partnership, child, f"?after={after}&as_of={before[-2]['number']}") == before[4:-1]
    assert frames(partnership, child, f"?from={after + 1}&as_of={before[-2]['number']}") == before[4:-1]


def test_a_replay_is_recorded_once_before_its_first_line(partnership: Partnership, child: str) -> None:
    """The access record is committed before anything is streamed, however many stretches the stream reads."""
    client = partnership.app.test_client()
    headers = {"Authorization": f"Bearer {partnership.keys['csc']}"}
    with client.get(f"/api/v1/children/{child}/replay", headers=headers, buffered=False) as answer:
        with partnership.acting("ledger_auditor", "auditor") as connection:
            query = text("SELECT up_to_number FROM ledger.access_records WHERE what = 'replay' AND record_id = :record")
            assert connection.scalars(query, {"record": child}).all() == [len(partnership.envelopes(child))]
        assert next(iter(answer.response))
    refused(partnership.get(f"/children/{child}/replay", "gp"), 404, "not_found")


def rows_of(people: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """What a picture says is held: of each cell what, of which statement, and how it stands."""
    for person in people:
        for row in person["attributes"]:
            for cell in row["cells"]:
                yield from _held(
                    (person["person"], *(row[name] for name in ("attribute", "thing", "with", "item"))), cell
                )


def _held(name: tuple[Any, ...], cell: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    where = (*name, cell["agency"], cell["source"])
    yield from ((*where, *(hold[one] for one in _OF_HOLD)) for hold in cell["holds"])
    yield from ((*where, one["entry"], one["index"], one["not_known"]) for one in cell["not_known"])
    yield from ((*where, one["entry"], one["index"]) for one in cell["also_said"])


def folded(told: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """The same, of the rows of frames, each in place of the one before it on its question."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for frame in told:
        for row in frame["held"]:
            rows[tuple(row[name] for name in ("person", "attribute", "thing", "with", "item"))] = row
    for name, row in rows.items():
        for cell in row["cells"]:
            yield from _held(name, cell)


@pytest.mark.parametrize("seed", range(marked_histories()))
def test_the_picture_after_the_last_frame_is_the_picture(partnership: Partnership, seed: int) -> None:
    """For every sort of reader, putting the rows of all frames in place gives what the picture says when asked."""
    world: MarkedWorld = made(partnership, seed + 500)
    random = Random(seed)
    reading = [one for one in lookers(world) if one.agency in world.involved or one.is_auditor]
    for looker in random.sample(reading, len(reading) if is_full() else 3):
        for point in (None, random.randrange(5, len(partnership.envelopes(world.child)))):
            query = "valid_at=2023-10-20" + (f"&as_of={point}" if point else "")
            answers = [
                looker.get(partnership, f"/api/v1/children/{world.child}/{path}?{query}")
                for path in ("replay", "picture")
            ]
            assert answers[0] is not None
            assert answers[1] is not None
            *told, end = [json.loads(line) for line in answers[0].get_data(as_text=True).splitlines()]
            assert "end" in end
            assert sorted(map(str, folded(told))) == sorted(map(str, rows_of(stored(answers[1])["people"])))


def test_what_was_found_then(partnership: Partnership, child: str) -> None:
    """Before detection came to it nothing was found; today's pack finds it, and it is said when the ledger did."""
    told = lines(partnership, child)
    before = told[6]["number"]
    then = stored(partnership.get(f"/children/{child}/findings-then?as_of={before}", "csc"))
    assert then["found"] == []
    kinds = {one["kind"]: one["found_at"] for one in then["with_todays_pack"]["added"]}
    assert kinds.keys() >= {"contradiction"}
    assert None not in kinds.values()
    newest = stored(partnership.get(f"/children/{child}/findings-then?as_of={told[-2]['number']}", "csc"))
    assert newest["with_todays_pack"]["same"] == [one["finding"] for one in newest["found"]]
    assert newest["with_todays_pack"]["added"] == newest["with_todays_pack"]["gone"] == []


def test_findings_of_a_record_at_a_point(partnership: Partnership, child: str) -> None:
    """Findings are told as they stood, with their alert once it was raised, and by the moment that they speak of."""
    number = len(partnership.envelopes(child))
    told = stored(partnership.get(f"/children/{child}/findings", "csc"))["findings"]
    alerted = [one for one in told if one["alert"]]
    assert [one["alert"]["to"]["agency"] for one in alerted] == ["csc"]
    earlier = stored(partnership.get(f"/children/{child}/findings?as_of={number - 1}", "csc"))["findings"]
    assert [one["alert"] for one in earlier] == [None] * len(told)
    of_then = stored(partnership.get(f"/children/{child}/findings?valid_at=2023-09-01", "csc"))["findings"]
    assert of_then == []


def test_differences_name_what_changed(partnership: Partnership, child: str) -> None:
    """A correction, a new lead and an involvement that ends are told, cell by cell and in words; asked again, alike."""
    number = len(partnership.envelopes(child))
    first = lines(partnership, child)[5]["entry"]["id"]
    correct(partnership, child, first, "visits")
    stored(
        partnership.post(
            f"/children/{child}/leads", {"event_id": partnership.event(), "agency": "csc", "person": "sw9"}, "csc"
        )
    )
    partnership.involve(child, "police", until="2023-10-20")
    partnership.detect(child)
    path = f"/children/{child}/differences?from={number}&valid_at=2023-10-06"
    told = stored(partnership.get(path, "csc"))
    assert [one["kind"] for one in told["entries"]][:3] == ["correction", "lead", "involvement"]
    (cell,) = told["beliefs"]
    assert [one["value"] for one in cell["before"]] == ["absent"]
    assert [one["value"] for one in cell["after"]] == ["visits"]
    assert "“absent” before, and “visits” after" in cell["words"]
    assert told["leads"]["before"]["person"] == "sw1"
    assert told["leads"]["after"]["person"] == "sw9"
    assert [one["agency"] for one in told["involvements"]["begun"]] == ["csc", "police"]
    assert told["findings"].keys() == {"raised", "joined", "closed"}
    again = f"{path}&to={told['to']['number']}&known_to={told['to']['at']}&known_from={told['from']['at']}"
    partnership.involve(child, "police")
    assert stored(partnership.get(again, "csc")) == told
    refused(partnership.get(f"/children/{child}/differences?from={number + 1}&to=1", "csc"), 422, "points_run_back")


VIEWS = (
    "timeline?known_at={at}", "timeline?as_of={number}&valid_at=2023-10-06", "picture?as_of={number}",
    "picture?as_of={number}&valid_at=2023-10-06&history=yes", "people?known_at={at}", "gaps?as_of={number}",
    "expectations?as_of={number}&met_days=3650", "findings?as_of={number}&state=all", "replay?as_of={number}",
    "timeline?as_of={number}&known_by=csc", "picture?as_of={number}&known_by=csc", "findings?known_at={at}",
    "differences?from=2&to={number}",
)  # fmt: skip


def answers(partnership: Partnership, child: str, number: int, at: str) -> dict[str, bytes]:
    """Every view of a record at one point, as bytes: for whoever makes anything again, to be compared with before."""
    found = {}
    for view in VIEWS:
        answer = partnership.get(f"/children/{child}/{view.format(number=number, at=at)}", "csc")
        assert answer.status_code == 200, (view, answer.get_data(as_text=True))
        found[view] = answer.data
    return found


def test_a_point_is_answered_with_the_same_bytes_for_ever(partnership: Partnership, child: str) -> None:
    """Every view of a point is the same to the byte after anything else was recorded, corrected, found and read, and
    after every projection was made again.
    """
    number = len(partnership.envelopes(child))
    last = stored(partnership.get(f"/children/{child}/timeline", "csc"))["entries"][-1]
    before = answers(partnership, child, number, last["recorded_at"])
    assert before == answers(partnership, child, number, last["recorded_at"])
    correct(partnership, child, lines(partnership, child)[5]["entry"]["id"], "visits")
    stored(partnership.post("/observations", partnership.observation(child, observed="2023-10-09"), "hv"))
    partnership.detect(child)
    after = answers(partnership, child, number, last["recorded_at"])
    assert {view for view in VIEWS if before[view] != after[view]} == set()
    assert rebuilt(partnership, swaps=True)
    assert answers(partnership, child, number, last["recorded_at"]) == before


def test_a_size_of_the_log_is_a_point_of_every_record(partnership: Partnership, child: str, tmp_path: Path) -> None:
    """What was recorded by a moment is a size of the log, which names the same point of each record from then on."""
    others = partnership.child()
    number = len(partnership.envelopes(child))
    auditing = partnership.session(partnership.person("hv", "aud", Role.AUDITOR))

    def ask(path: str) -> TestResponse:
        return partnership.send_as(auditing, "GET", f"/api/v1{path}", headers={"Access-Purpose": "a review"})

    last = stored(ask(f"/children/{child}/timeline?known_at=2100-01-01"))
    with sealer(partnership, tmp_path) as sealing:
        seal_all(sealing)
        size = stored(ask("/log-size"))
        for record in (child, others):
            stored(partnership.post("/observations", partnership.observation(record, observed="2023-10-09"), "hv"))
        while not sealing.round().is_idle:
            pass
    at = last["entries"][number - 1]["recorded_at"]
    then = stored(ask(f"/log-size?known_at={at}"))
    assert 0 < then["size"] < size["size"] < stored(ask("/log-size"))["size"]
    assert len(bytes.fromhex(then["root"])) == 32
    by_size = ask(f"/children/{child}/timeline?log_size={size['size']}")
    assert stored(by_size)["as_of"]["number"] == number
    assert stored(by_size)["entries"] == last["entries"]
    assert stored(ask(f"/children/{others}/timeline?log_size={then['size']}"))["entries"] == []
    for view in ("picture", "people", "gaps", "expectations", "findings", "replay"):
        one = ask(f"/children/{child}/{view}?log_size={size['size']}")
        assert one.status_code == 200
        assert one.data == ask(f"/children/{child}/{view}?as_of={number}").data
    refused(ask(f"/children/{child}/timeline?log_size=9999999"), 409, "log_size_not_reached")
    refused(partnership.get(f"/children/{child}/timeline?log_size=1", "csc"), 403, "forbidden")
    refused(partnership.get("/log-size", "csc"), 403, "forbidden")
