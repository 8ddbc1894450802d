from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.partnership import NHS_NUMBERS, Partnership, refused, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A registered child whom hv calls baby."""
    return partnership.child(nhs_number=NHS_NUMBERS[0], reference="baby")


def test_an_observation_is_stored_as_sent(partnership: Partnership, child: str) -> None:
    """201 with where the entry stands and where to read it; what is read back is the body as it was sent."""
    body = partnership.observation(
        child, narrative="  Père dit « parti » \U0001f47b, 1.0 ≠ 1  ", author={"role": "health visitor"}
    )
    response = partnership.post("/observations", body)
    assert response.status_code == 201
    answer = stored(response)
    assert answer["child"] == child
    assert answer["number"] == 2
    assert answer["id"].endswith(".2")
    assert len(bytes.fromhex(answer["hash"])) == 32
    read = stored(partnership.send("GET", response.headers["Location"].removeprefix("/api/v1")))
    told = {name: answer[name] for name in answer.keys() - {"receipt", "salt"}}
    assert read == told | {"event_id": body["event_id"], "kind": "observation", "body": body}


def test_detection_is_told_once_it_is_stored(partnership: Partnership, child: str) -> None:
    """A new observation rings the bell and stands as due; a retry does neither."""
    body = partnership.observation(child)
    rung = partnership.bell.rung
    stored(partnership.post("/observations", body))
    stored(partnership.post("/observations", body))
    assert partnership.bell.rung == rung + 1
    with partnership.acting("ledger_worker") as connection:
        head = connection.execute(text("SELECT * FROM ledger.heads WHERE record_id = :r"), {"r": child}).one()
        assert (head.due_seq, head.head_seq) == (2, 2)
        claims = connection.execute(text("SELECT attribute, about, number, index, agency_id FROM ledger.claims")).all()
    assert claims == [("date_of_birth", "child", 1, 0, "hv"), ("presence", "father", 2, 0, "hv")]


def test_a_retry_answers_as_the_first_did(partnership: Partnership, child: str) -> None:
    """The same body again, whatever came between and however its members are ordered: 200 and the same answer."""
    body = partnership.observation(child)
    first = partnership.post("/observations", body)
    stored(partnership.post("/observations", partnership.observation(child)))
    rows = partnership.rows()
    for again in (body, dict(reversed(body.items()))):
        response = partnership.post("/observations", again)
        assert response.status_code == 200
        assert response.get_json() == first.get_json()
        assert response.headers["Location"] == first.headers["Location"]
    assert partnership.rows() == rows


def test_another_body_under_an_event_is_refused(partnership: Partnership, child: str) -> None:
    """An event id stands for one body for ever: any other is refused, be it only in how it names the child."""
    body = partnership.observation(child)
    stored(partnership.post("/observations", body))
    rows = partnership.rows()
    changes: list[dict[str, object]] = [
        {"narrative": "Mother says something else."},
        {"statement": "opinion"},
        {"claims": []},
        {"child": {"reference": "baby"}},
    ]
    for change in changes:
        refused(partnership.post("/observations", body | change), 422, "event_id_reused", "/event_id")
    assert partnership.rows() == rows


def test_another_child_under_an_event_is_refused(partnership: Partnership, child: str) -> None:
    """The same words about another child are another body, refused before or after that child is known here."""
    stored(partnership.post("/observations", partnership.observation(child) | {"event_id": "once"}))
    for other in (partnership.child(), str(uuid4())):
        body = partnership.observation(other) | {"event_id": "once"}
        refused(partnership.post("/observations", body), 422, "event_id_reused", "/event_id")


def test_event_ids_are_each_agencys_own(partnership: Partnership, child: str) -> None:
    """Two agencies may use one event id; neither learns of the other's."""
    one = stored(partnership.post("/observations", partnership.observation(child) | {"event_id": "once"}, "hv"))
    response = partnership.post("/observations", partnership.observation(child) | {"event_id": "once"}, "csc")
    assert response.status_code == 201
    assert response.get_json()["id"] != one["id"]


def test_a_child_is_named_in_any_way(partnership: Partnership, child: str) -> None:
    """An id, an NHS number however it is spaced, and one's own reference all name the same record."""
    number = NHS_NUMBERS[0]
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    for name in ({"reference": "baby"}, {"nhs_number": number}, {"nhs_number": spaced}, {"id": child}):
        body = partnership.observation(child) | {"child": name}
        first = stored(partnership.post("/observations", body))
        assert first["child"] == child
        assert stored(partnership.post("/observations", body)) == first


def test_a_child_not_known_is_refused(partnership: Partnership, child: str) -> None:
    """A name that finds nobody here is refused at that field; another agency's reference is such a name."""
    rows = partnership.rows()
    for agency, name in (
        ("hv", {"id": str(uuid4())}),
        ("hv", {"reference": "nobody"}),
        ("csc", {"reference": "baby"}),
        ("hv", {"nhs_number": NHS_NUMBERS[1]}),
    ):
        body = partnership.observation(child) | {"child": name}
        refused(partnership.post("/observations", body, agency), 422, "child_not_known", "/child")
    assert partnership.rows() == rows


def test_a_partnerships_own_record_is_no_child(partnership: Partnership) -> None:
    """Nothing can be posted about the record that a partnership has of itself."""
    body = partnership.observation(str(partnership.partnership_record))
    refused(partnership.post("/observations", body), 422, "child_not_known", "/child")


def test_any_agency_posts_about_a_child_it_can_name(partnership: Partnership, child: str) -> None:
    """No involvement is needed to post; it lets an agency read back its own entry and nothing of the record."""
    answer = stored(partnership.post("/observations", partnership.observation(child), "police"))
    assert stored(partnership.get(f"/entries/{answer['id']}", "police"))["id"] == answer["id"]
    refused(partnership.get(f"/entries/{answer['id']}", "hv"), 404)
    refused(partnership.get(f"/children/{child}/timeline", "police"), 404)


def test_siblings_share_the_event(partnership: Partnership, child: str) -> None:
    """`also` makes one entry in each sibling's record, each with its own salt; a retry answers with all, in order."""
    siblings = [partnership.child() for _ in range(5)]
    body = partnership.observation(child, also=[{"id": sibling} for sibling in siblings])
    response = partnership.post("/observations", body)
    assert response.status_code == 201
    answer = response.get_json()
    assert [entry["child"] for entry in answer["also"]] == siblings
    assert len({entry["hash"] for entry in [answer, *answer["also"]]}) == 6
    again = partnership.post("/observations", body)
    assert again.status_code == 200
    assert again.get_json() == answer
    with partnership.acting("ledger_worker") as connection:
        rows = connection.execute(
            text(
                "SELECT e.is_copy, c.content, c.salt FROM ledger.entries e "
                "JOIN ledger.contents c USING (record_id, number) WHERE e.event_id = :event"
            ),
            {"event": body["event_id"]},
        ).all()
    assert sorted(row.is_copy for row in rows) == [False, *[True] * 5]
    assert len({row.content for row in rows}) == 1
    assert len({row.salt for row in rows}) == 6


def test_a_sibling_named_twice_has_one_entry(partnership: Partnership, child: str) -> None:
    """The child among its own siblings, or one sibling by two names, is one entry, first and again."""
    sibling = partnership.child(reference="sister")
    body = partnership.observation(child, also=[{"id": sibling}, {"reference": "sister"}, {"reference": "baby"}])
    answer = stored(partnership.post("/observations", body))
    assert [entry["child"] for entry in answer["also"]] == [sibling]
    again = partnership.post("/observations", body)
    assert (again.status_code, again.get_json()) == (200, answer)


def test_an_event_of_a_copy_is_used(partnership: Partnership, child: str) -> None:
    """An event id that stands for copies too cannot be used anew about one of the siblings."""
    sibling = partnership.child()
    stored(
        partnership.post("/observations", partnership.observation(child, also=[{"id": sibling}]) | {"event_id": "once"})
    )
    body = partnership.observation(sibling) | {"event_id": "once"}
    refused(partnership.post("/observations", body), 422, "event_id_reused")


def test_an_unknown_sibling_refuses_the_whole(partnership: Partnership, child: str) -> None:
    """With one sibling that is not known nothing is stored, and the answer says which."""
    rows = partnership.rows()
    body = partnership.observation(child, also=[{"id": child}, {"id": str(uuid4())}])
    refused(partnership.post("/observations", body), 422, "child_not_known", "/also/1")
    assert partnership.rows() == rows


def test_an_erased_event_stays_used(partnership: Partnership, child: str) -> None:
    """After erasure a retry is answered 410, whatever its body; the entry stands, and reads back without content."""
    body = partnership.observation(child)
    answer = stored(partnership.post("/observations", body))
    envelopes = partnership.envelopes(child)
    assert partnership.erase(child, answer["number"]) == 1
    for again in (body, body | {"narrative": "other"}):
        refused(partnership.post("/observations", again), 410, "content_erased")
    results = stored(partnership.post("/observations/batch", [body]))["results"]
    assert [(result["status"], result["code"]) for result in results] == [(410, "erased")]
    read = stored(partnership.get(f"/entries/{answer['id']}"))
    assert (read["kind"], read["body"], read["hash"]) == (None, None, answer["hash"])
    assert partnership.envelopes(child) == envelopes
    with partnership.acting("ledger_worker") as connection:
        assert UUID(child) in connection.scalars(text("SELECT record_id FROM ledger.heads")).all()


def test_observed_is_today_at_the_latest(partnership: Partnership, child: str) -> None:
    """A day counts from its beginning, so today may be sent; a later day or a later moment is refused."""
    with partnership.acting("ledger_web") as connection:
        days = connection.execute(
            text("SELECT to_char(now() AT TIME ZONE 'Europe/London' + make_interval(days => d), 'YYYY-MM-DD') "
                 "FROM generate_series(0, 1) d")
        ).scalars().all()  # fmt: skip
        soon = connection.scalar(text("SELECT to_char(now() + interval '5 minutes', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"))
    stored(partnership.post("/observations", partnership.observation(child, observed=days[0])))
    rows = partnership.rows()
    for observed in (days[1], soon, "2190"):
        body = partnership.observation(child, observed=observed)
        refused(partnership.post("/observations", body), 422, pointer="/observed")
    assert partnership.rows() == rows
