from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import text

from ledger.services.enrol import Agency
from ledger.services.open_ledger import open_partnership
from tests.partnership import NHS_NUMBERS, Partnership, default_pack, refused, stored

NUMBER = NHS_NUMBERS[0]


def register(partnership: Partnership, agency: str = "hv", **details: Any) -> Any:
    return partnership.post("/children", {"event_id": partnership.event(), **details}, agency)


def details_of(partnership: Partnership, child: str) -> dict[str, Any]:
    with partnership.acting("ledger_worker") as connection:
        query = text("SELECT details FROM ledger.children WHERE record_id = :r")
        found: dict[str, Any] = connection.execute(query, {"r": child}).scalar_one()
        return found


def test_registering_begins_a_record(partnership: Partnership) -> None:
    """A child registered is entry 1 of a new record, which its number and the agency's reference name from then on."""
    response = register(partnership, born="2022-09-01", name="Robin", nhs_number=NUMBER, reference="baby")
    assert response.status_code == 201
    answer = response.get_json()
    assert answer["number"] == 1
    assert details_of(partnership, answer["child"]) == {"born": "2022-09-01", "name": "Robin", "nhs_number": NUMBER}
    for name in ({"nhs_number": NUMBER}, {"reference": "baby"}):
        body = partnership.observation(answer["child"]) | {"child": name}
        assert stored(partnership.post("/observations", body))["child"] == answer["child"]


def test_registering_again_is_known(partnership: Partnership) -> None:
    """The same registration is answered as at first; another under its event id is refused."""
    body = {"event_id": "r1", "born": "2022-09-01", "nhs_number": NUMBER}
    first = partnership.post("/children", body)
    rows = partnership.rows()
    again = partnership.post("/children", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    refused(partnership.post("/children", body | {"born": "2022-09-02"}), 422, "event_id_reused", "/event_id")
    refused(partnership.post("/children", {"event_id": "r1", "born": "2022-09-01"}), 422, "event_id_reused")
    assert partnership.rows() == rows


def test_a_number_held_gives_the_same_record(partnership: Partnership) -> None:
    """Another agency's registration of a number, however spaced, is an entry of the same record; it tells nothing."""
    first = stored(register(partnership, "hv", born="2022-09-01", nhs_number=NUMBER, name="Robin"))
    response = register(partnership, "csc", born="2022-09-01", nhs_number=f"{NUMBER[:3]} {NUMBER[3:]}", reference="c1")
    assert response.status_code == 201
    answer = response.get_json()
    assert (answer["child"], answer["number"]) == (first["child"], 2)
    assert "Robin" not in response.get_data(as_text=True)
    assert details_of(partnership, first["child"])["name"] == "Robin", "details change at …/details, by the involved"
    refused(partnership.get(f"/children/{first['child']}/timeline", "csc"), 404)
    body = partnership.observation(first["child"]) | {"child": {"reference": "c1"}}
    assert stored(partnership.post("/observations", body, "csc"))["child"] == first["child"]


def test_a_reference_is_each_agencys_own(partnership: Partnership) -> None:
    """Two agencies may call different children alike; one agency may not, and a reference it used means that child."""
    one = stored(register(partnership, "hv", born="2022-09-01", reference="baby"))
    other = stored(register(partnership, "csc", born="2021-01-01", reference="baby"))
    assert one["child"] != other["child"]
    assert stored(register(partnership, "hv", born="2022-09-01", reference="baby"))["child"] == one["child"]
    held = stored(register(partnership, "gp", born="2020-01-01", nhs_number=NUMBER))
    rows = partnership.rows()
    clash = register(partnership, "hv", born="2020-01-01", nhs_number=NUMBER, reference="baby")
    refused(clash, 409, "reference_taken", "/reference")
    assert held["child"] not in clash.get_data(as_text=True)
    assert partnership.rows() == rows


def test_children_without_a_number_are_different(partnership: Partnership) -> None:
    """Without number and reference each registration is a child of its own, alike as they may be."""
    twins = [stored(register(partnership, expected="2022-09", name="Baby")) for _ in range(2)]
    assert twins[0]["child"] != twins[1]["child"]


def test_an_unborn_child_is_born(partnership: Partnership) -> None:
    """An unborn child's record gets birth and number as entries; details that were not sent stay."""
    child = partnership.child(expected="2022-09", mother={"ref": "m1"}, involve=["hv"])
    birth = {"event_id": "born", "born": "2022-09-03", "nhs_number": NUMBER, "gestation_weeks": "38+4"}
    response = partnership.post(f"/children/{child}/details", birth)
    assert response.status_code == 201
    assert details_of(partnership, child)["born"] == "2022-09-03"
    assert details_of(partnership, child)["mother"] == {"ref": "m1"}
    again = partnership.post(f"/children/{child}/details", birth)
    assert (again.status_code, again.get_json()) == (200, response.get_json())
    assert stored(register(partnership, "gp", born="2022-09-03", nhs_number=NUMBER))["child"] == child


def test_details_are_for_the_involved(partnership: Partnership) -> None:
    """Who is not involved with a child learns nothing of it by changing its details, and changes nothing."""
    child = partnership.child()
    rows = partnership.rows()
    body = {"event_id": "d1", "born": "2022-09-03", "nhs_number": NUMBER}
    refused(partnership.post(f"/children/{child}/details", body, "csc"), 404)
    assert partnership.rows() == rows
    assert stored(register(partnership, "gp", born="2022-09-03", nhs_number=NUMBER))["child"] != child


def test_a_number_of_another_record_is_not_taken_over(partnership: Partnership) -> None:
    """Details with a number that another record holds are refused; the record's own number may be sent again."""
    held = partnership.child(nhs_number=NUMBER, involve=["hv"])
    child = partnership.child(involve=["hv"])
    rows = partnership.rows()
    clash = partnership.post(f"/children/{child}/details", {"event_id": "d1", "nhs_number": NUMBER})
    refused(clash, 409, "number_held_elsewhere", "/nhs_number")
    assert partnership.rows() == rows
    stored(partnership.post(f"/children/{held}/details", {"event_id": "d2", "nhs_number": NUMBER}))


def test_registering_a_number_at_once_makes_one_record(partnership: Partnership) -> None:
    """Many agencies registering one number at the same moment all come to one record, one of them beginning it."""
    agencies = ("hv", "csc", "gp", "police")

    def send(turn: int) -> Any:
        body = {"event_id": f"r{turn}", "born": "2022-09-01", "nhs_number": NUMBER, "reference": f"ours-{turn % 3}"}
        return partnership.post("/children", body, agencies[turn % 4])

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(24)))
    assert Counter(answer.status_code for answer in answers) == {201: 24}
    assert len({answer.get_json()["child"] for answer in answers}) == 1
    assert sorted(answer.get_json()["number"] for answer in answers) == list(range(1, 25))
    assert partnership.rows()["children"] == 1


def test_a_partnership_keeps_to_its_own_children(partnership: Partnership) -> None:
    """A child of another partnership is not known here: not by id, not by number, and not to any route."""
    open_partnership(
        partnership.engine("ledger_admin"), partnership.context.chance, ref="other", name="Other", nation="wales",
        duty_desk=Agency("other-duty", "duty_desk", "Duty", "ring"), pack=default_pack(),
    )  # fmt: skip
    partnership.key_ids["other-duty"], partnership.keys["other-duty"] = partnership.issue("other-duty")
    child = partnership.child(nhs_number=NUMBER)
    rows = partnership.rows()
    body = partnership.observation(child) | {"child": {"nhs_number": NUMBER}}
    refused(partnership.post("/observations", body, "other-duty"), 422, "child_not_known")
    refused(register(partnership, "other-duty", born="2022-09-01", nhs_number=NUMBER), 409, "number_held_elsewhere")
    bodies: dict[str, dict[str, Any]] = {
        "details": {"name": "X"},
        "involvements": {"role": "work", "reason": "known", "lawful_basis": "public task"},
        "decisions": {"kind": "step_down"},
        "voids": {"voids": f"{'a' * 26}.1", "reason": "wrong"},
        "contacts": {"observed": "2023-10-05", "depth": "seen"},
    }
    for route, route_body in bodies.items():
        refused(partnership.post(f"/children/{child}/{route}", {"event_id": "e"} | route_body, "other-duty"), 404)
    refused(partnership.get(f"/children/{child}/timeline", "other-duty"), 404)
    looked = rows["access_records"] + 1  # that it was refused
    assert partnership.rows() == rows | {"access_records": looked}
