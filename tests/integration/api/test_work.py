from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from ledger.api.schemas.kinds import OF_A_CHILD
from tests.partnership import NHS_NUMBERS, Partnership, refused, stored
from tests.unit.api.examples import RIGHT

#: Of persons, by whom and where stands in test_glass.
OF_THE_GLASS = {"glass-breakings", "glass-reviews"}
#: Routes that only the involved may use; the rest an agency may use for its own entries or to become involved.
#: Of records officers, who are signed in: in tests/integration/services/test_erasing.
OF_OFFICERS = {"retentions", "holds", "hold-liftings", "erasure-orders", "erasure-answers"}
FOR_THE_INVOLVED = sorted(
    OF_A_CHILD.keys()
    - {"involvements", "corrections", "voids", "contacts", "markings", "rectification-outcomes"}
    - OF_THE_GLASS
    - OF_OFFICERS
)
#: Bodies that name an earlier entry, or another child's record.
ANSWERING = {
    "markings", "information-answers", "replies", "disputes", "rectifications", "rectification-outcomes",
    "decision-overrides", "disagreements", "disagreement-replies", "disagreement-step-ups", "disagreement-settlements",
    "adult-links", "adults-apart", "adult-unlinks", "done", "family-summary-answers", "concerns",
    "assessments", "assessment-requests", "assessment-replies", "assessment-signatures", "concern-answers",
}  # fmt: skip
PLAIN = sorted(OF_A_CHILD.keys() - {"corrections", "voids"} - ANSWERING - OF_THE_GLASS - OF_OFFICERS)
EXAMPLES: dict[str, dict[str, Any]] = {
    collection: {name: value for name, value in body.items() if name != "event_id"}
    for collection, (_kind, schema) in OF_A_CHILD.items()
    for made, body in RIGHT
    if made is schema
}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv and csc are involved with."""
    return partnership.child(involve=["hv", "csc"])


def rewritten(partnership: Partnership, body: dict[str, Any]) -> dict[str, Any]:
    """An observation's body as a correction holds it."""
    return {name: value for name, value in body.items() if name not in {"event_id", "child", "also"}}


def correct(partnership: Partnership, child: str, entry: str, agency: str = "hv", **changes: Any) -> Any:
    observation = rewritten(partnership, partnership.observation(child, **changes))
    body = {"event_id": partnership.event(), "corrects": entry, "reason": "a slip", "observation": observation}
    return partnership.post(f"/children/{child}/corrections", body, agency)


def void(partnership: Partnership, child: str, entry: str, agency: str = "hv") -> Any:
    body = {"event_id": partnership.event(), "voids": entry, "reason": "wrong child"}
    return partnership.post(f"/children/{child}/voids", body, agency)


def timeline(partnership: Partnership, child: str, agency: str = "hv") -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = stored(partnership.get(f"/children/{child}/timeline", agency))["entries"]
    return entries


def table(partnership: Partnership, name: str, columns: str) -> list[tuple[Any, ...]]:
    with partnership.acting("ledger_worker") as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM ledger.{name} ORDER BY number"))]


def test_every_body_is_recorded(partnership: Partnership, child: str) -> None:
    """Each body about a child is an entry of its kind, stored as sent, once: a retry is known, another body refused.

    The same body at another child's address is another body too, and its event id is used.
    """
    other = partnership.child(involve=["hv"])
    for number, collection in enumerate(PLAIN, start=4):
        body = EXAMPLES[collection] | {"event_id": f"the-{collection}"}
        path = f"/children/{child}/{collection}"
        response = partnership.post(path, body)
        assert response.status_code == 201, (collection, response.get_data(as_text=True))
        answer = stored(response)
        assert (answer["child"], answer["number"]) == (child, number)
        read = stored(partnership.get(f"/entries/{answer['id']}"))
        # Beside a registration, which is of the same kind, new details have to say that they are.
        kept = body | ({"changes": True} if collection == "details" else {})
        assert (read["kind"], read["body"]) == (OF_A_CHILD[collection][0], kept)
        rows = partnership.rows()
        # What a decision rests on is read anew for each answer, and so is noted.
        looks = 1 if collection == "decisions" else 0
        again = partnership.post(path, body)
        assert (again.status_code, again.get_json()) == (200, answer)
        changed = body | {"author": {"role": "someone else"}}
        refused(partnership.post(path, changed), 422, "event_id_reused", "/event_id")
        refused(partnership.post(f"/children/{other}/{collection}", body), 422, "event_id_reused", "/event_id")
        assert partnership.rows() == rows | {"access_records": rows["access_records"] + looks}


def test_work_is_for_the_involved(partnership: Partnership, child: str) -> None:
    """To an agency not involved, a child that exists and one that does not look the same: 404, and nothing stored.

    But for the looks: who would override a decision looks at the record first, and a look that is refused is noted.
    """
    rows = partnership.rows() | {"access_records": 1}
    for collection in FOR_THE_INVOLVED:
        body = EXAMPLES[collection] | {"event_id": f"e-{collection}"}
        there, nowhere = (
            partnership.post(f"/children/{record}/{collection}", body, "gp") for record in (child, uuid4())
        )
        assert refused(there, 404, "not_found") == refused(nowhere, 404, "not_found"), collection
    assert partnership.rows() == rows


def test_a_child_that_is_not_there_is_not_found(partnership: Partnership) -> None:
    """An address that names no child is not found, whatever is posted there."""
    for collection in PLAIN:
        body = EXAMPLES[collection] | {"event_id": "e1"}
        refused(partnership.post(f"/children/{uuid4()}/{collection}", body), 404, "not_found")
        refused(partnership.post(f"/children/not-an-id/{collection}", body), 404)


def test_involvement_opens_the_record(partnership: Partnership, child: str) -> None:
    """From its own involvement on an agency reads the whole record, what came before included."""
    stored(partnership.post("/observations", partnership.observation(child)))
    refused(partnership.get(f"/children/{child}/timeline", "gp"), 404)
    partnership.involve(child, "gp")
    seen = timeline(partnership, child, "gp")
    assert [entry["number"] for entry in seen] == [1, 2, 3, 4, 5]
    assert seen[3]["body"]["narrative"] == "Mother says that he has gone."


def test_involvement_that_is_over_opens_nothing(partnership: Partnership, child: str) -> None:
    """An involvement until a day that has passed is recorded, and lets the agency read and work on nothing."""
    partnership.involve(child, "gp", until="2023-10-05")
    refused(partnership.get(f"/children/{child}/timeline", "gp"), 404)
    body = EXAMPLES["decisions"] | {"event_id": "d1"}
    refused(partnership.post(f"/children/{child}/decisions", body, "gp"), 404)


def test_a_lead_is_named_and_involved(partnership: Partnership, child: str) -> None:
    """Naming a lead of another agency records it and lets that agency read; the newest lead is the lead.

    Once somebody leads, their agency names the next of its own, or the duty desk anybody, and nobody takes it.
    """
    partnership.involve(child, "duty")
    refused(partnership.get(f"/children/{child}/timeline", "police"), 404)
    police = {"agency": "police", "person": "pc2"}
    for event, by, agency, deputy in (("l1", "hv", "csc", "sw2"), ("l2", "duty", "police", police)):
        body = {"event_id": event, "agency": agency, "person": "p1", "role": "lead", "deputy": deputy}
        stored(partnership.post(f"/children/{child}/leads", body, by))
    taken = {"event_id": "l3", "agency": "hv", "person": "hv1"}
    refused(partnership.post(f"/children/{child}/leads", taken), 409, "lead_stands", "/agency")
    assert table(partnership, "leads", "agency_id, person, deputy") == [("csc", "p1", "sw2"), ("police", "p1", "pc2")]
    assert timeline(partnership, child, "police")
    partnership.alert(child, to="police")


def test_a_lead_is_of_the_partnership(partnership: Partnership, child: str) -> None:
    """An agency that nobody knows cannot lead, and no trace of the attempt is kept."""
    rows = partnership.rows()
    body = {"event_id": "l1", "agency": "nobody", "person": "p1"}
    refused(partnership.post(f"/children/{child}/leads", body), 422, "agency_not_known", "/agency")
    assert partnership.rows() == rows


# --- corrections and voids -------------------------------------------------------------------------------------------


def test_a_correction_withdraws_and_replaces(partnership: Partnership, child: str) -> None:
    """Both entries stay; the first says by which it was corrected, and the new claims are kept for detection."""
    wrong = stored(partnership.post("/observations", partnership.observation(child)))
    claims = [{"about": "mother", "attribute": "presence", "value": "lives_here", "basis": "seen"}]
    right = stored(correct(partnership, child, wrong["id"], claims=claims))
    entries = {entry["number"]: entry for entry in timeline(partnership, child, "csc")}
    assert entries[wrong["number"]]["withdrawn_by"] == right["id"]
    assert "withdrawn_by" not in entries[right["number"]]
    assert table(partnership, "withdrawals", "number, by_number") == [(wrong["number"], right["number"])]
    assert (right["number"], "presence", "mother") in table(partnership, "claims", "number, attribute, about")


def test_a_correction_is_corrected_in_turn(partnership: Partnership, child: str) -> None:
    """What replaced an entry may be corrected or voided; what was withdrawn may not be again, by either."""
    first = stored(partnership.post("/observations", partnership.observation(child)))
    second = stored(correct(partnership, child, first["id"]))
    refused(correct(partnership, child, first["id"]), 409, "already_withdrawn", "/corrects")
    refused(void(partnership, child, first["id"]), 409, "already_withdrawn", "/voids")
    third = stored(void(partnership, child, second["id"]))
    refused(correct(partnership, child, second["id"]), 409, "already_withdrawn")
    refused(void(partnership, child, third["id"]), 422, "entry_not_yours", "/voids")


def test_an_agency_not_involved_puts_its_own_right(partnership: Partnership, child: str) -> None:
    """Who may post may also correct what it posted, and just as once as those involved."""
    first = stored(partnership.post("/observations", partnership.observation(child), "gp"))
    stored(correct(partnership, child, first["id"], "gp"))
    refused(correct(partnership, child, first["id"], "gp"), 409, "already_withdrawn", "/corrects")
    refused(void(partnership, child, first["id"], "gp"), 409, "already_withdrawn", "/voids")


def test_only_the_author_withdraws(partnership: Partnership, child: str) -> None:
    """Another agency's entry, one of another record, another kind of entry and none at all are refused alike."""
    wrong = stored(partnership.post("/observations", partnership.observation(child)))
    elsewhere = partnership.child()
    rows = partnership.rows()
    own_registration = f"{wrong['id'].partition('.')[0]}.1"
    said = [
        refused(void(partnership, child, wrong["id"], "csc"), 422, "entry_not_yours", "/voids"),
        refused(void(partnership, child, own_registration), 422, "entry_not_yours", "/voids"),
        refused(void(partnership, child, f"{'a' * 26}.{wrong['number']}"), 422, "entry_not_yours", "/voids"),
        refused(void(partnership, child, wrong["id"][:-1] + "99"), 422, "entry_not_yours", "/voids"),
        refused(void(partnership, elsewhere, wrong["id"]), 422, "entry_not_yours", "/voids"),
    ]
    assert all(problem == said[0] for problem in said)
    assert partnership.rows() == rows


def test_a_correction_does_not_see_the_future_either(partnership: Partnership, child: str) -> None:
    """The observation that a correction puts in place cannot have been observed later than now."""
    wrong = stored(partnership.post("/observations", partnership.observation(child)))
    rows = partnership.rows()
    refused(correct(partnership, child, wrong["id"], observed="2190-01-01"), 422, pointer="/observation/observed")
    body = EXAMPLES["contacts"] | {"event_id": "c1", "observed": "2190-01-01"}
    refused(partnership.post(f"/children/{child}/contacts", body), 422, pointer="/observed")
    assert partnership.rows() == rows


def test_a_retry_of_a_correction_is_known(partnership: Partnership, child: str) -> None:
    """The retry of a correction or void is answered as at first, though its entry has been withdrawn meanwhile."""
    wrong = stored(partnership.post("/observations", partnership.observation(child)))
    observation = rewritten(partnership, partnership.observation(child))
    body = {"event_id": "c1", "corrects": wrong["id"], "reason": "a slip", "observation": observation}
    first = partnership.post(f"/children/{child}/corrections", body)
    stored(void(partnership, child, stored(first)["id"]))
    again = partnership.post(f"/children/{child}/corrections", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()


def test_contacts_are_claims_of_nothing(partnership: Partnership) -> None:
    """Any agency may record a contact with a child it can name by id; it is read back by that agency alone."""
    child = partnership.child("csc", nhs_number=NHS_NUMBERS[1])
    answer = stored(partnership.post(f"/children/{child}/contacts", EXAMPLES["contacts"] | {"event_id": "c1"}, "gp"))
    assert UUID(answer["child"]) == UUID(child)
    assert stored(partnership.get(f"/entries/{answer['id']}", "gp"))["kind"] == "contact"
    refused(partnership.get(f"/entries/{answer['id']}", "csc"), 404)
