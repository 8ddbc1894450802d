"""Services, care and the family summary over the interface: what each says, to whom, and as it was known."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ledger.services.fan_out import fan_out
from tests.partnership import Partnership, refused, stored

CANARY = "QUETZALCOATLUS"


def send(partnership: Partnership, child: str, collection: str, body: dict[str, Any], agency: str) -> dict[str, Any]:
    """Post a body about a child."""
    sent = {"event_id": partnership.event(), **body}
    return stored(partnership.post(f"/children/{child}/{collection}", sent, agency))


def say(partnership: Partnership, child: str, day: str, claim: dict[str, Any], agency: str, **more: Any) -> str:
    """Post an observation of one claim; its entry's id."""
    body = partnership.observation(child, observed=day, claims=[{"basis": "own_record", **claim}], **more)
    return str(stored(partnership.post("/observations", body, agency))["id"])


def read(partnership: Partnership, child: str, what: str, agency: str = "csc") -> dict[str, Any]:
    return stored(partnership.get(f"/children/{child}/{what}", agency))


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record in which hv, csc and police take part."""
    return partnership.child("hv", involve=["hv", "csc", "police"])


def fits(partnership: Partnership, route: str, answer: dict[str, Any]) -> bool:
    """Whether an answer is as the interface's description has it."""
    described = stored(partnership.get("/openapi.json", None))
    of = described["paths"][route]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return bool(Draft202012Validator({**of, "components": described["components"]}).is_valid(answer))


# ── engagement ──


def test_one_service_refused_and_another_taken_up_are_two_rows(partnership: Partnership, child: str) -> None:
    """Each service has a row with what was recorded of it, by whom, and on what day, in words ready to show."""
    refused_ = say(partnership, child, "2023-10-02", {"about": "mother", "attribute": "engagement", "value": "refused"},
                   "csc")  # fmt: skip
    taken = say(partnership, child, "2023-10-03", {"about": "mother", "attribute": "engagement", "value": "good"}, "hv")
    send(partnership, child, "contacts", {"observed": "2023-10-04", "outcome": "no_access", "by_whom": "mother"}, "csc")
    answer = read(partnership, child, "engagement")
    mother = next(one for one in answer["people"] if one["person"] == "mother")
    rows = {one["agency"]: one for one in mother["services"]}
    assert [one["entry"] for one in rows["csc"]["cells"]["declined"]] == [refused_]
    assert [one["entry"] for one in rows["hv"]["cells"]["active"]] == [taken]
    (missed,) = rows["csc"]["cells"]["not_brought"]
    assert (missed["by"], missed["words"]) == ("family", "Contact: no access by the mother")
    assert rows["csc"]["words"] == (
        "Did not take place 1 time, last on 4 October 2023; turned down 1 time, last on 2 October 2023."
    )
    assert fits(partnership, "/api/v1/children/{record_id}/engagement", answer)


def test_it_is_told_as_it_was_known_and_up_to_a_day(partnership: Partnership, child: str) -> None:
    """What came later is not in what was known before; what is of a later day is not in what is told up to a day."""
    claim = {"about": "mother", "attribute": "engagement", "value": "good"}
    say(partnership, child, "2023-10-02", claim, "hv")
    before = read(partnership, child, "engagement")
    say(partnership, child, "2023-10-03", claim | {"value": "refused"}, "csc")
    number = before["as_of"]["number"]
    then = read(partnership, child, f"engagement?as_of={number}")
    assert then["people"] == before["people"]
    up_to = read(partnership, child, "engagement?valid_at=2023-10-02")
    assert [one["agency"] for one in up_to["people"][0]["services"]] == ["hv"]


def test_what_is_held_back_is_not_in_the_matrix(partnership: Partnership, child: str) -> None:
    """Of a restricted entry nothing stands in it; of a pointer that somebody holds something, and whom to ring."""
    claim = {"about": "mother", "attribute": "engagement", "value": "refused", "item": CANARY}
    marked = {"marking": "restricted", "to": ["csc"], "lawful_basis": "public task"}
    say(partnership, child, "2023-10-02", claim, "police", sharing=marked)
    say(
        partnership, child, "2023-10-02", claim, "police", sharing={"marking": "pointer", "lawful_basis": "public task"}
    )
    assert CANARY.lower() in str(read(partnership, child, "engagement", "csc")).lower()
    answer = read(partnership, child, "engagement", "hv")
    assert CANARY.lower() not in str(answer).lower()
    assert [one["agency"] for one in answer["withheld"]] == ["police"]


# ── care ──


def test_a_sighting_against_bail_stands_beside_it(partnership: Partnership, child: str) -> None:
    """What was in force, what was seen, the rule by which that is a breach, and the finding that detection raised."""
    bail = say(
        partnership, child, "2023-10-02",
        {"about": "father", "attribute": "contact_condition", "item": "bail", "value": "no_contact",
         "valid": "2023-10-01/2024-01-01"}, "police",
    )  # fmt: skip
    there = say(
        partnership, child, "2023-10-10",
        {"about": "father", "attribute": "presence", "value": "lives_here", "valid": "2023-10-10", "basis": "seen"},
        "hv",
    )  # fmt: skip
    partnership.detect(child)
    answer = read(partnership, child, "care")
    (found,) = answer["against"]
    assert found["sort"] == "breach"
    assert {one["entry"] for side in found["sides"] for one in side} == {bail, there}
    assert found["findings"] == [one["finding"] for one in answer["findings"]]
    assert len(found["findings"]) == 1
    shown = {row["attribute"] for lane in answer["lanes"] for row in lane["rows"]}
    assert shown == {"contact_condition", "presence"}
    assert fits(partnership, "/api/v1/children/{record_id}/care", answer)


def test_nights_that_nobody_speaks_of_are_a_gap(partnership: Partnership, child: str) -> None:
    """From the birth on, what no statement is about is a gap, with two accounts of one night side by side."""
    for agency, place in (("csc", "4 Mill Lane, Shrewsbury"), ("police", "19 Castle Street, Ludlow")):
        claim = {"about": "child", "attribute": "sleeps_at", "value": place, "valid": "2023-09-10/2023-09-20"}
        say(partnership, child, "2023-09-25", claim, agency)
    answer = read(partnership, child, "care?valid_at=2023-09-30")
    assert answer["begins"].startswith("2022-08-31T23:00")
    (nights,) = (lane for lane in answer["lanes"] if lane["lane"] == "nights")
    assert [(gap["presumed"], gap["words"]) for gap in nights["gaps"]] == [
        (False, "From 1 September 2022 to 9 September 2023 nobody says where the child was at night."),
        (False, "From 21 to 30 September 2023 nobody says where the child was at night."),
    ]
    (row,) = nights["rows"]
    assert [stretch["agency"] for stretch in row["stretches"]] == ["csc", "police"]
    assert row["conflict"] is not None


# ── the family summary ──


def test_a_version_is_confirmed_disputed_and_replaced(partnership: Partnership, child: str) -> None:
    """The newest stands first with who said what to it and who nothing; an answer to an old version says so."""
    first = send(partnership, child, "family-summaries", {"text": "A mother and one child."}, "hv")["id"]
    send(partnership, child, "family-summary-answers", {"of": first, "answer": "confirmed"}, "csc")
    second = send(partnership, child, "family-summaries", {"text": "And a brother.", "entries": [first]}, "hv")["id"]
    late = {"of": first, "answer": "disputed", "says": "There is a brother."}
    send(partnership, child, "family-summary-answers", late, "police")
    answer = read(partnership, child, "family-summary")
    newest, (earlier,) = answer["newest"], answer["earlier"]
    assert (newest["entry"], newest["version"], newest["text"]) == (second, 2, "And a brother.")
    assert newest["answers"] == []
    assert {one["agency"]: one["last"] for one in newest["unanswered"]} == {
        "csc": {"answer": "confirmed", "of_version": 1},
        "police": {"answer": "disputed", "of_version": 1},
    }
    assert [(one["agency"], one["answer"], one["of_old_version"]) for one in earlier["answers"]] == [
        ("csc", "confirmed", False),
        ("police", "disputed", True),
    ]
    assert earlier["answers"][1]["words"] == "police disputes this version, after version 2 was written."
    assert fits(partnership, "/api/v1/children/{record_id}/family-summary", answer)


def test_an_agency_s_last_word_on_a_version_is_the_one_that_stands(partnership: Partnership, child: str) -> None:
    """Who confirms after disputing confirms; both stay."""
    of = send(partnership, child, "family-summaries", {"text": "One child."}, "hv")["id"]
    send(partnership, child, "family-summary-answers", {"of": of, "answer": "disputed", "says": "Two."}, "csc")
    send(partnership, child, "family-summary-answers", {"of": of, "answer": "confirmed"}, "csc")
    newest = read(partnership, child, "family-summary", "hv")["newest"]
    assert [(one["answer"], one["stands"]) for one in newest["answers"]] == [("disputed", False), ("confirmed", True)]
    assert newest["words"] == "Confirmed by csc."


def test_what_was_recorded_since_is_listed(partnership: Partnership, child: str) -> None:
    """Entries since the newest version, by what they are; before the first there is nothing to be told."""
    assert read(partnership, child, "family-summary")["newest"] is None
    send(partnership, child, "family-summaries", {"text": "One child."}, "hv")
    assert read(partnership, child, "family-summary")["changed"]["words"] == "Nothing was recorded since."
    send(partnership, child, "referrals", {"to": "police", "reason": "bruise"}, "csc")
    changed = read(partnership, child, "family-summary")["changed"]
    assert [(one["kind"], one["agency"]) for one in changed["entries"]] == [("referral", "csc")]


@pytest.mark.parametrize(
    ("of", "agency", "status", "code"),
    [
        ("nothing", "csc", 422, "summary_not_known"),
        ("another", "csc", 422, "summary_not_known"),
        ("elsewhere", "csc", 422, "summary_not_known"),
        ("summary", "hv", 409, "own_summary"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    partnership: Partnership, child: str, of: str, agency: str, status: int, code: str
) -> None:
    """What is not there, is no summary, is of another child, or is one's own."""
    named = send(partnership, child, "family-summaries", {"text": "One child."}, "hv")["id"]
    if of == "nothing":
        named = f"{named.partition('.')[0]}.999"
    elif of == "another":
        named = send(partnership, child, "referrals", {"to": "police", "reason": "bruise"}, "csc")["id"]
    elif of == "elsewhere":
        other = partnership.child("hv", involve=["hv", "csc"])
        named = send(partnership, other, "family-summaries", {"text": "One child."}, "hv")["id"]
    body = {"event_id": partnership.event(), "of": named, "answer": "confirmed"}
    answer = partnership.post(f"/children/{child}/family-summary-answers", body, agency)
    refused(answer, status, code, "/of")


def test_an_entry_that_its_sender_does_not_see_is_not_named(partnership: Partnership, child: str) -> None:
    """A summary names what its sender may read in this record, and nothing else; the place is told."""
    marked = {"marking": "restricted", "to": [], "lawful_basis": "public task"}
    claim = {"about": "mother", "attribute": "engagement", "value": "good"}
    hidden = say(partnership, child, "2023-10-02", claim, "police", sharing=marked)
    seen = say(partnership, child, "2023-10-02", claim, "csc")
    body = {"event_id": partnership.event(), "text": "One child.", "entries": [seen, hidden]}
    answer = partnership.post(f"/children/{child}/family-summaries", body, "hv")
    refused(answer, 422, "entry_not_known", "/entries/1")


def test_who_has_no_part_is_told_of_nothing(partnership: Partnership, child: str) -> None:
    """Whoever is not involved is answered as if there were no such child, and their words are not taken."""
    of = send(partnership, child, "family-summaries", {"text": CANARY}, "hv")["id"]
    for what in ("engagement", "care", "family-summary"):
        refused(partnership.get(f"/children/{child}/{what}", "gp"), 404, "not_found")
    body = {"event_id": partnership.event(), "of": of, "answer": "confirmed"}
    refused(partnership.post(f"/children/{child}/family-summary-answers", body, "gp"), 404, "not_found")


def test_a_summary_is_told_to_those_involved_and_its_answer_to_its_author(partnership: Partnership, child: str) -> None:
    """Everybody else with a part is asked to confirm or dispute; whoever wrote it hears what they say."""
    of = send(partnership, child, "family-summaries", {"text": "One child."}, "hv")["id"]
    send(partnership, child, "family-summary-answers", {"of": of, "answer": "confirmed"}, "csc")
    fan_out(partnership.engine("ledger_worker"), lambda _driver, _items: [])
    told = {
        agency: [one["type"] for one in json.loads(partnership.get("/notices", agency).data)]
        for agency in ("hv", "csc", "police")
    }
    assert told == {
        "hv": ["family_summary.answered"], "csc": ["family_summary.made"], "police": ["family_summary.made"]
    }  # fmt: skip


def test_each_of_them_is_a_recorded_reading(partnership: Partnership, child: str) -> None:
    """What was looked at, and by whom, is in the record of readings."""
    for what in ("engagement", "care", "family-summary"):
        read(partnership, child, what, "police")
    with partnership.acting("ledger_auditor", party="auditor") as connection:
        looked = connection.exec_driver_sql(
            "SELECT what FROM ledger.access_records WHERE agency_id = 'police' ORDER BY what"
        ).scalars()
        assert list(looked) == ["care", "engagement", "family summary"]
