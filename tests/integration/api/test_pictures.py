"""The picture over the interface: who may see it, at which point, and what it says."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.integration.api.test_access import looks
from tests.partnership import Partnership, refused, stored

CANARY = "QUETZALCOATLUS"


def said(value: str, **more: Any) -> dict[str, Any]:
    """A claim about the father's presence, seen by the author unless said otherwise."""
    return {"about": "father", "attribute": "presence", "value": value, "basis": "seen"} | more


def marked(marking: str, **more: Any) -> dict[str, Any]:
    """For whose eyes an entry is."""
    return {"marking": marking, "lawful_basis": "public task"} | more


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record in which hv and csc hold what cannot both be so, with its finding."""
    record_id = partnership.child(involve=["csc", "police"])
    partnership.alert(record_id)
    return record_id


def picture(partnership: Partnership, record_id: str, agency: str = "csc", query: str = "") -> dict[str, Any]:
    return stored(partnership.get(f"/children/{record_id}/picture{query}", agency))


def father(answer: dict[str, Any]) -> dict[str, Any]:
    person = next(person for person in answer["people"] if person["person"] == "father")
    (row,) = person["attributes"]
    assert isinstance(row, dict)
    return row


def test_it_sets_side_by_side_what_cannot_both_be_so(partnership: Partnership, child: str) -> None:
    """Each agency has its cell, each statement names what it conflicts with, and the open finding is named."""
    answer = picture(partnership, child)
    row = father(answer)
    (csc,), (hv,) = ([cell for cell in row["cells"] if cell["agency"] == agency] for agency in ("csc", "hv"))
    (seen,), (told,) = csc["holds"], hv["holds"]
    assert (seen["value"], seen["state"], told["value"], told["state"]) == ("lives_here", "ended", "absent", "stale")
    assert hv["source_label"] == "the mother"
    assert seen["conflicts_with"] == [{"entry": told["entry"], "index": 0}]
    assert told["conflicts_with"] == [{"entry": seen["entry"], "index": 0}]
    assert row["findings"] == [finding["finding"] for finding in answer["findings"]]
    (finding,) = (finding for finding in answer["findings"] if finding["kind"] == "contradiction")
    assert {one["entry"] for side in finding["sides"] for one in side} == {seen["entry"], told["entry"]}
    assert answer["withheld"] == answer["erased"] == []


def test_the_same_point_gives_the_same_bytes_for_ever(partnership: Partnership, child: str) -> None:
    """The point and the moment given back are accepted, and what comes later changes nothing of their answer."""
    answer = picture(partnership, child)
    query = f"?as_of={answer['as_of']['number']}&hash={answer['as_of']['hash']}&valid_at={answer['valid_at']}"
    path = f"/children/{child}/picture{query}"
    before = partnership.get(path, "csc").get_data()
    assert json.loads(before) == answer
    corrected = partnership.observation(child, narrative="He has not gone.", claims=[said("present")])
    del corrected["event_id"], corrected["child"]
    hv = next(cell for cell in father(answer)["cells"] if cell["agency"] == "hv")
    correction = {"corrects": hv["holds"][0]["entry"], "reason": "Misheard.", "observation": corrected}
    stored(partnership.post(f"/children/{child}/corrections", correction | {"event_id": partnership.event()}, "hv"))
    partnership.detect(child)
    assert partnership.get(path, "csc").get_data() == before
    now = picture(partnership, child)
    assert father(now)["conflict"] is None
    assert now["findings"] == []
    assert "absent" not in json.dumps(father(now)["cells"])


def test_a_day_is_resolved_once(partnership: Partnership, child: str) -> None:
    """`known_at` becomes a number and a hash; before anything was recorded there is nothing but the child."""
    answer = picture(partnership, child, query="?known_at=2000-01-01")
    assert answer["as_of"]["number"] == 0
    assert answer["valid_at"].startswith("2000-01-01T23:59:59.999999")
    assert [person["person"] for person in answer["people"]] == ["child"]
    assert answer["people"][0]["attributes"] == []
    last = len(partnership.envelopes(child))
    first = picture(partnership, child, query=f"?as_of={last}")
    assert picture(partnership, child, query=f"?as_of={last}") == first
    assert picture(partnership, child, query=f"?as_of={last}&valid_at={first['valid_at']}") == first


def test_only_the_involved_learn_anything(partnership: Partnership, child: str) -> None:
    """Who is not involved gets the same 404 as for no child at all; that they were refused is recorded of the one."""
    before = looks(partnership)
    refused(partnership.get(f"/children/{child}/picture", "gp"), 404, "not_found")
    refused(partnership.get("/children/00000000-0000-4000-8000-000000000000/picture", "csc"), 404, "not_found")
    assert [look for look in looks(partnership) if look not in before] == [
        ("gp", child, "record", "work with the child", 0, "-")
    ]


def test_each_look_is_recorded(partnership: Partnership, child: str) -> None:
    """Who, of whom, what, why and how far: a picture of an earlier point says the earlier number."""
    before = len(looks(partnership))
    headers = {"Access-Purpose": "strategy discussion", "X-Request-Id": "req-7"}
    stored(partnership.get(f"/children/{child}/picture?as_of=2", "csc", headers=headers))
    assert looks(partnership)[before:] == [("csc", child, "picture", "strategy discussion", 2, "req-7")]


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [
        ("?history=true", 422, "/history"),
        ("?valid_at=soon", 422, "/valid_at"),
        ("?known_at=2024-01-01&as_of=2", 422, "/known_at"),
        ("?as_of=-1", 422, "/as_of"),
        ("?hash=00", 422, "/hash"),
        ("?as_of=999", 409, "/as_of"),
        (f"?as_of=2&hash={'0' * 64}", 409, "/as_of"),
    ],
)
def test_bad_parameters_are_named(partnership: Partnership, query: str, status: int, pointer: str) -> None:
    """Each parameter that cannot be used is refused by its name, with problem details."""
    record_id = partnership.child(involve=["hv"])
    refused(partnership.get(f"/children/{record_id}/picture{query}", "hv"), status, pointer=pointer)


def test_what_is_withheld_leaves_no_trace_of_what_it_is(partnership: Partnership, child: str) -> None:
    """The same entry, marked, says to others only who holds something; its author sees it whole."""
    claims = [said("no_contact", about="x9", informant="x7", basis="told"), said("stays_overnight")]
    secret = partnership.observation(child, narrative=CANARY, claims=claims, observed="2023-10-08")
    secret |= {"people": [{"ref": "x9", "name": CANARY}, {"ref": "x7"}], "sharing": marked("restricted", to=["police"])}
    without = picture(partnership, child)
    entry = stored(partnership.post("/observations", secret, "police"))["id"]
    partnership.detect(child)
    answer = picture(partnership, child)
    assert answer["withheld"] == [
        {
            "agency": "police",
            "name": "police",
            "contact": None,
            "entries": [entry],
            "notice": "Information held by police is not in this picture; ring them.",
        }
    ]
    assert answer["agencies"] == without["agencies"]
    assert [person["person"] for person in answer["people"]] == [person["person"] for person in without["people"]]
    assert CANARY not in json.dumps(answer)
    assert "x9" not in json.dumps(answer)
    assert father(answer)["cells"] == father(without)["cells"]
    own = picture(partnership, child, "police")
    assert own["withheld"] == []
    assert CANARY in json.dumps(own)


def test_a_finding_on_what_is_withheld_points_and_no_more(partnership: Partnership) -> None:
    """Its attribute, kind and visible statement are not named, and no cell says that anything conflicts with it."""
    record_id = partnership.child(involve=["csc", "police"])
    stored(partnership.post("/observations", partnership.observation(record_id), "hv"))
    secret = partnership.observation(record_id, observed="2023-10-06", claims=[said("lives_here")])
    stored(partnership.post("/observations", secret | {"sharing": marked("pointer")}, "police"))
    partnership.detect(record_id)
    answer = picture(partnership, record_id)
    finding = next(finding for finding in answer["findings"] if finding["withheld"])
    assert [one["agency"] for one in finding["ring"]] == ["police"]
    assert {finding[name] for name in ("kind", "severity", "certain", "why", "ask", "change_since")} == {None}
    assert finding["sides"] == []
    row = father(answer)
    assert row["conflict"] is None
    assert finding["finding"] not in row["findings"]
    assert [hold["conflicts_with"] for cell in row["cells"] for hold in cell["holds"]] == [[]]
    assert father(picture(partnership, record_id, "police"))["conflict"] is not None


def test_erased_content_is_gone_from_every_point(partnership: Partnership, child: str) -> None:
    """An erased entry leaves its id, at earlier points too, and nothing in any cell."""
    number = next(
        int(hold["entry"].rpartition(".")[2])
        for cell in father(picture(partnership, child))["cells"]
        for hold in cell["holds"]
        if hold["value"] == "absent"
    )
    last = len(partnership.envelopes(child))
    assert partnership.erase(child, number) == 1
    answer = picture(partnership, child, query=f"?as_of={last}")
    assert [entry.rpartition(".")[2] for entry in answer["erased"]] == [str(number)]
    assert "absent" not in json.dumps(answer["people"])
    assert father(answer)["conflict"] is None


def test_a_history_has_both_spells(partnership: Partnership) -> None:
    """Two spells with a gap stay two; without a history only the one that bears on the moment is shown."""
    record_id = partnership.child(involve=["hv"])
    for valid, observed in (("2021-01/2021-03", "2021-04-01"), ("2022-05/..", "2022-06-01")):
        body = partnership.observation(record_id, observed=observed, claims=[said("lives_here", valid=valid)])
        stored(partnership.post("/observations", body, "hv"))
    (cell,) = father(picture(partnership, record_id, "hv", "?history=yes&valid_at=2022-07-01"))["cells"]
    assert [(hold["since"]["written"], hold["until"], hold["state"]) for hold in cell["holds"]] == [
        ("2021-01", {"written": "2021-03", **ends("2021-03-01", "2021-04-01", summer=True)}, "ended"),
        ("2022-05", None, "carried"),
    ]
    assert cell["not_shown"] == 0
    (cell,) = father(picture(partnership, record_id, "hv", "?valid_at=2022-07-01"))["cells"]
    assert [hold["since"]["written"] for hold in cell["holds"]] == ["2022-05"]
    assert cell["not_shown"] == 1


def ends(earliest: str, latest: str, *, summer: bool) -> dict[str, str]:
    """The bounds of an end in March, whose last moment is already in British Summer Time."""
    late = f"{latest[:8]}01" if not summer else "2021-03-31"
    return {"earliest": f"{earliest}T00:00:00.000000Z", "latest": f"{late}T23:00:00.000000Z"}


def test_the_answer_meets_its_description(partnership: Partnership, child: str) -> None:
    """What is answered is what the published schema says, with not-knowing, plans and findings in it."""
    more = [
        {"about": "mother", "attribute": "presence", "not_known": "evaded", "basis": "told", "informant": "mother"},
        said("lives_here", valid="2031-01/..", statement="intention", basis="told", informant="mother"),
        {"about": "child", "attribute": "weight", "value": "3.42", "basis": "measured"},
    ]
    stored(partnership.post("/observations", partnership.observation(child, claims=more), "hv"))
    description = stored(partnership.get("/openapi.json", None))
    responses = description["paths"]["/api/v1/children/{record_id}/picture"]["get"]["responses"]
    schema = responses["200"]["content"]["application/json"]["schema"] | {"components": description["components"]}
    for query in ("", "?history=yes"):
        answer = picture(partnership, child, query=query)
        assert [error.message for error in Draft202012Validator(schema).iter_errors(answer)] == []
