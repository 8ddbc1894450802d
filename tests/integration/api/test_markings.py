from typing import Any

import pytest

from tests.partnership import DUTY_DESK, Partnership, refused, stored

RESTRICTED = {"marking": "restricted", "to": ["csc"], "lawful_basis": "public task"}
POINTER = {"marking": "pointer", "lawful_basis": "public task"}
SHARED = {"marking": "shared", "lawful_basis": "public task"}
SECRET = "Canary Refuge, Rookery Close"


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child with whom hv, csc, gp and police are involved; csc leads."""
    record_id = partnership.child(involve=["hv", "csc", "gp", "police"])
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{record_id}/leads", lead, "csc"))
    return record_id


def observed(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> dict[str, Any]:
    body = partnership.observation(child, narrative=SECRET, **changes)
    return stored(partnership.post("/observations", body, agency))


def timeline(partnership: Partnership, child: str, agency: str, query: str = "") -> dict[int, dict[str, Any]]:
    answer = stored(partnership.get(f"/children/{child}/timeline{query}", agency))
    return {entry["number"]: entry for entry in answer["entries"]}


def test_restricted_is_whole_to_the_named_a_pointer_to_the_lead_and_nothing_to_others(
    partnership: Partnership, child: str
) -> None:
    """An entry restricted to the police: they see it, the lead is told whom to ring, the GP sees no trace of it."""
    number = observed(partnership, child, sharing=RESTRICTED | {"to": ["police"]})["number"]
    assert timeline(partnership, child, "police")[number]["body"]["narrative"] == SECRET
    assert timeline(partnership, child, "hv")[number]["sight"] == "full"
    pointed = timeline(partnership, child, "csc")[number]
    assert (pointed["sight"], pointed["kind"], "body" in pointed) == ("withheld", None, False)
    assert number not in timeline(partnership, child, "gp")


def test_with_no_lead_the_duty_desk_is_told_whom_to_ring(partnership: Partnership) -> None:
    """Where nobody leads, what is restricted is a pointer to the duty desk."""
    child = partnership.child(involve=["hv", "gp", DUTY_DESK])
    number = observed(partnership, child, sharing=RESTRICTED | {"to": []})["number"]
    assert timeline(partnership, child, DUTY_DESK)[number]["sight"] == "withheld"
    assert number not in timeline(partnership, child, "gp")


def test_a_pointer_tells_everybody_involved_whom_to_ring(partnership: Partnership, child: str) -> None:
    """A pointer says that something is held and by whom, and nothing of what."""
    number = observed(partnership, child, sharing=POINTER)["number"]
    for agency in ("csc", "gp"):
        entry = timeline(partnership, child, agency)[number]
        assert entry["sight"] == "withheld"
        assert "hv" in entry["notice"]
        assert SECRET not in str(entry)


def test_a_restricted_claim_leaves_no_gap_where_it_was(partnership: Partnership, child: str) -> None:
    """To who may not know of it the other claims are all there are, and the narrative was never there."""
    claims = [
        {"about": "child", "attribute": "gp_registration", "value": "registered", "basis": "own_record"},
        {"about": "mother", "attribute": "presence", "value": "absent", "basis": "seen", "sharing": RESTRICTED},
        {"about": "father", "attribute": "presence", "value": "visits", "basis": "seen"},
    ]
    number = observed(partnership, child, claims=claims)["number"]
    seen = timeline(partnership, child, "gp")[number]
    assert seen["sight"] == "full"
    assert [claim["about"] for claim in seen["body"]["claims"]] == ["child", "father"]
    assert "narrative" not in seen["body"]
    assert len(timeline(partnership, child, "csc")[number]["body"]["claims"]) == 3
    holding = timeline(partnership, child, "gp", "?valid_at=2023-10-05")[number]
    assert [one["index"] for one in holding["holds"]] == [0, 1]


def test_a_marked_person_takes_all_that_their_agency_says_of_them(partnership: Partnership, child: str) -> None:
    """Marking a person hides their claims and who they are in every entry of that agency, before and after."""
    people = [{"ref": "partner", "role": "mother’s partner", "name": "Canary Perkins"}]
    claims = [
        {"about": "partner", "attribute": "presence", "value": "visits", "basis": "seen"},
        {"about": "father", "attribute": "presence", "value": "visits", "basis": "seen"},
    ]
    before = observed(partnership, child, people=people, claims=claims)["number"]
    body = {"event_id": partnership.event(), "person": "partner", "sharing": RESTRICTED, "reason": "at risk"}
    marked = stored(partnership.post(f"/children/{child}/markings", body, "hv"))["number"]
    after = observed(partnership, child, people=people, claims=claims[:1])["number"]
    seen = timeline(partnership, child, "gp")
    assert [claim["about"] for claim in seen[before]["body"]["claims"]] == ["father"]
    assert "Canary" not in str(seen)
    assert after not in seen
    assert marked not in seen
    assert len(timeline(partnership, child, "csc")[before]["body"]["claims"]) == 2
    body = {"event_id": partnership.event(), "person": "partner", "sharing": SHARED, "reason": "no longer"}
    stored(partnership.post(f"/children/{child}/markings", body, "hv"))
    assert after in timeline(partnership, child, "gp")


def test_past_views_take_the_stricter_of_then_and_now(partnership: Partnership, child: str) -> None:
    """Tightened later, an entry is hidden in views of before; loosened later, it stays hidden in views of before."""
    first, second = observed(partnership, child), observed(partnership, child, sharing=RESTRICTED | {"to": []})
    point = second["number"]
    for entry, sharing in ((first, RESTRICTED | {"to": []}), (second, SHARED)):
        body = {"event_id": partnership.event(), "of": entry["id"], "sharing": sharing, "reason": "changed"}
        stored(partnership.post(f"/children/{child}/markings", body, "hv"))
    now, then = timeline(partnership, child, "gp"), timeline(partnership, child, "gp", f"?as_of={point}")
    assert first["number"] not in now
    assert second["number"] in now
    assert first["number"] not in then
    assert second["number"] not in then


def test_only_the_author_says_who_may_see_an_entry(partnership: Partnership, child: str) -> None:
    """Another agency's entry, a claim that is not there, two targets or none: refused, and nothing is marked."""
    entry = observed(partnership, child)

    def send(agency: str, **parts: Any) -> Any:
        body = {"event_id": partnership.event(), "sharing": RESTRICTED, "reason": "why"} | parts
        return partnership.post(f"/children/{child}/markings", body, agency)

    refused(send("gp", of=entry["id"]), 422, "marking_not_yours", "/of")
    refused(send("hv", of=entry["id"], claim=7), 422, "no_such_claim", "/claim")
    refused(send("hv", of=entry["id"], person="father"), 422, "one_target", "/of")
    refused(send("hv"), 422, "one_target", "/of")
    assert entry["number"] in timeline(partnership, child, "gp")


def test_what_rests_on_a_restricted_statement_is_known_to_the_lead_alone(partnership: Partnership) -> None:
    """A finding of which one side is restricted alerts the lead as a pointer; others see neither it nor its alert."""
    child = partnership.child(involve=["hv", "csc", "gp", "police"])
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{child}/leads", lead, "csc"))
    observed(partnership, child, sharing=RESTRICTED | {"to": ["police"]})
    claim = {"about": "father", "attribute": "presence", "value": "lives_here", "basis": "seen"}
    seen = partnership.observation(child, observed="2023-10-07", narrative="He opened the door.", claims=[claim])
    stored(partnership.post("/observations", seen, "gp"))
    partnership.detect(child)
    alerts = [one for one in stored(partnership.get("/alerts", "csc"))["alerts"] if one["child"]["id"] == child]
    assert [(one["finding"]["withheld"], one["finding"].get("attribute")) for one in alerts] == [(True, None)]
    kinds = [entry["kind"] for entry in timeline(partnership, child, "gp").values()]
    assert "finding_raised" not in kinds
    assert "alert_raised" not in kinds
    assert stored(partnership.get(f"/children/{child}/picture", "gp"))["findings"] == []
    assert SECRET not in str(stored(partnership.get("/alerts", "csc")))
    kinds = [entry["kind"] for entry in timeline(partnership, child, "police").values()]
    assert "finding_raised" in kinds


def test_a_correction_of_what_is_restricted_is_restricted(partnership: Partnership, child: str) -> None:
    """Correcting a restricted entry opens nothing; nor does a restatement of a restricted claim."""
    claims: list[dict[str, Any]] = [
        {"about": "mother", "attribute": "presence", "value": "absent", "basis": "seen", "sharing": RESTRICTED},
        {"about": "father", "attribute": "presence", "value": "visits", "basis": "seen"},
    ]
    entry = observed(partnership, child, claims=claims)
    plain = [{name: value for name, value in claim.items() if name != "sharing"} for claim in claims]
    right = {
        name: value
        for name, value in partnership.observation(child, claims=plain).items()
        if name not in {"event_id", "child"}
    }
    body = {"event_id": partnership.event(), "corrects": entry["id"], "reason": "a slip", "observation": right}
    number = stored(partnership.post(f"/children/{child}/corrections", body, "hv"))["number"]
    seen = timeline(partnership, child, "gp")[number]
    assert [claim["about"] for claim in seen["body"]["observation"]["claims"]] == ["father"]


def test_a_page_is_filled_from_what_is_seen(partnership: Partnership, child: str) -> None:
    """How full a page is, and where the next begins, tells nothing of entries that are not for the reader."""
    for place in range(4):
        observed(partnership, child, claims=[], sharing=RESTRICTED | {"to": []})
        body = partnership.observation(child, narrative=f"Open {place}.", claims=[])
        stored(partnership.post("/observations", body, "hv"))
    everything = [*timeline(partnership, child, "gp")]
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        page = stored(partnership.get(f"/children/{child}/timeline?limit=2&after={after}", "gp"))
        assert page["next"] is None or len(page["entries"]) == 2
        found += [entry["number"] for entry in page["entries"]]
        assert page["next"] in {None, found[-1]}
        after = page["next"]
    assert found == everything


def test_a_correction_says_no_more_than_what_is_left_of_it(partnership: Partnership, child: str) -> None:
    """Put right to nothing but what is restricted, an entry is gone for others, with its correction."""
    entry = observed(partnership, child)
    claim: dict[str, Any] = {"about": "mother", "attribute": "presence", "value": "absent", "basis": "seen"}
    claim |= {"sharing": RESTRICTED | {"to": []}}
    right = {"observed": "2023-10-05", "statement": "fact", "claims": [claim]}
    body = {"event_id": partnership.event(), "corrects": entry["id"], "reason": SECRET, "observation": right}
    number = stored(partnership.post(f"/children/{child}/corrections", body, "hv"))["number"]
    seen = timeline(partnership, child, "gp")
    assert not {entry["number"], number} & seen.keys()
    assert SECRET not in str(seen)
    assert timeline(partnership, child, "csc")[number]["sight"] == "withheld"


def test_intelligence_under_conditions_is_marked(partnership: Partnership, child: str) -> None:
    """Handling C needs its conditions, and a marking; a grading is shown in words to whoever sees the statement."""
    grading = {"source": 2, "intelligence": "B", "handling": "C"}
    claim = {"about": "father", "attribute": "intelligence", "value": "Seen there.", "basis": "document"}

    def send(**more: Any) -> Any:
        body = partnership.observation(child, claims=[{**claim, **more}])
        return partnership.post("/observations", body, "police")

    refused(send(grading=grading), 422, "needs_conditions", "/claims/0/grading/conditions")
    conditional = grading | {"conditions": "Not to the family."}
    refused(send(grading=conditional), 422, "needs_marking", "/claims/0/sharing")
    refused(send(grading=grading | {"source": 4}), 422, "not_in_list", "/claims/0/grading/source")
    stored(send(grading=conditional, sharing=RESTRICTED))
    stored(send(grading=grading | {"handling": "P"}))


def test_who_is_named_twice_in_one_body_is_taken(partnership: Partnership, child: str) -> None:
    """Two marks on one person in one body are one, and the stricter."""
    people = [{"ref": "partner", "sharing": RESTRICTED}, {"ref": "partner", "sharing": SHARED}]
    claims = [{"about": "partner", "attribute": "presence", "value": "visits", "basis": "seen"}]
    number = observed(partnership, child, people=people, claims=claims)["number"]
    assert number not in timeline(partnership, child, "gp")


def test_a_marking_holds_for_the_copies_in_siblings_records(partnership: Partnership, child: str) -> None:
    """What is restricted in one child's record is restricted in each that the same entry was made in."""
    sibling = partnership.child(involve=["hv", "gp"])
    sent = observed(partnership, child, also=[{"id": sibling}])
    copy = sent["also"][0]["number"]
    body = {"event_id": partnership.event(), "of": sent["id"], "sharing": RESTRICTED, "reason": "at risk"}
    answer = stored(partnership.post(f"/children/{child}/markings", body, "hv"))
    assert [one["child"] for one in answer["also"]] == [sibling]
    assert copy not in timeline(partnership, sibling, "gp")
    assert sent["number"] not in timeline(partnership, child, "gp")
    assert SECRET not in str(timeline(partnership, sibling, "gp"))
    assert timeline(partnership, sibling, "hv")[copy]["body"]["narrative"] == SECRET
    again = stored(partnership.post(f"/children/{child}/markings", body, "hv"))
    assert [one["id"] for one in again["also"]] == [one["id"] for one in answer["also"]]
