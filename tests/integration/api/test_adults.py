"""An adult in two children's records over the interface: linked, taken back, pointed to, followed; who may see what."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.role import Role
from ledger.services.end_agency import end_agency
from ledger.services.propose_adults import compare_all
from ledger.store.append import Caller
from tests.chance import chance
from tests.partnership import DUTY_DESK, Partnership, default_pack, refused, stored

LEE = {"ref": "p-9", "role": "mother's partner", "name": "Lee Brown", "born": "1990-04-12"}
BROWN = {"ref": "4411", "role": "father", "name": "BROWN, Lee", "born": "1990-04-12"}
SECRET = "the other girl is called Iris"


@pytest.fixture
def here(partnership: Partnership) -> str:
    """A child whom hv and gp are involved with; gp leads."""
    child = partnership.child(involve=["hv", "gp"])
    lead(partnership, child, "gp")
    declare(partnership, child, LEE)
    return child


@pytest.fixture
def there(partnership: Partnership) -> str:
    """Another, whom hv and csc are involved with; csc leads."""
    child = partnership.child(involve=["hv", "csc"])
    lead(partnership, child, "csc")
    declare(partnership, child, BROWN, agency="csc")
    return child


def lead(partnership: Partnership, child: str, agency: str) -> None:
    send(partnership, child, "leads", {"agency": agency, "person": f"{agency}1"}, agency)


def declare(partnership: Partnership, child: str, person: dict[str, Any], agency: str = "hv") -> None:
    stored(partnership.post("/observations", partnership.observation(child, people=[person]), agency))


def send(partnership: Partnership, child: str, collection: str, body: dict[str, Any], agency: str = "hv") -> Any:
    return partnership.post(f"/children/{child}/{collection}", {"event_id": partnership.event(), **body}, agency)


def link(partnership: Partnership, here: str, there: str, agency: str = "hv", **changes: Any) -> Any:
    body = {"person": "p-9", "other": {"child": there, "person": "csc/4411"}, "reason": SECRET, **changes}
    return send(partnership, here, changes.pop("collection", "adult-links"), body, agency)


def apart(partnership: Partnership, here: str, there: str) -> Any:
    body = {"person": "p-9", "other": {"child": there, "person": "csc/4411"}, "reason": "Father and son."}
    return send(partnership, here, "adults-apart", body)


def known(partnership: Partnership, child: str, agency: str, query: str = "") -> dict[str, list[dict[str, Any]]]:
    answer = stored(partnership.get(f"/children/{child}/adults{query}", agency))
    return {one["person"]: one["elsewhere"] for one in answer["adults"]}


def followed(partnership: Partnership, adult: str, agency: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stored(partnership.get(f"/adults/{adult}{query}", agency))["children"]
    return found


def as_person(partnership: Partnership, caller: Caller, path: str) -> Any:
    headers = {"Access-Purpose": "a look at how it is kept"}
    return partnership.send_as(partnership.session(caller), "GET", f"/api/v1{path}", headers=headers)


def everything(partnership: Partnership, child: str, agency: str) -> Iterator[str]:
    """All that an agency can read of a child."""
    for view in ("timeline", "people", "picture", "adults", "adult-proposals", "replay", "findings", "involvements"):
        answer = partnership.get(f"/children/{child}/{view}", agency)
        yield answer.get_data(as_text=True)
    yield partnership.get("/entries", agency).get_data(as_text=True)


def test_each_record_says_that_they_are_known_elsewhere_and_no_more(
    partnership: Partnership, here: str, there: str
) -> None:
    """One entry stands in each; whoever reads one of them learns whom to ring, and nothing of the other child."""
    entry = stored(link(partnership, here, there))
    assert [one["child"] for one in entry["also"]] == [there]
    (one,) = known(partnership, here, "gp")["hv/p-9"]
    assert (one["ring"], one["entry"], one["agency"]) == (
        [{"agency": "csc", "name": "CSC", "contact": "ring csc"}], entry["id"], "hv",
    )  # fmt: skip
    assert one["words"] == "Known in another child’s record: ring CSC, ring csc."
    assert "other" not in one
    # Declared as the father, he is the father there.
    (other,) = known(partnership, there, "csc")["father"]
    assert (other["ring"][0]["agency"], other["entry"], other["adult"]) == ("gp", entry["also"][0]["id"], one["adult"])
    for view in ("people", "picture"):
        people = stored(partnership.get(f"/children/{here}/{view}", "gp"))["people"]
        told = [person["elsewhere"] for person in people if "elsewhere" in person]
        assert view == "picture" or told == [[one]]
    pseudonyms = [one["id"].split(".")[0] for one in (entry, entry["also"][0])]
    for child, agency, other_child, pseudonym in (
        (here, "gp", there, pseudonyms[1]), (there, "csc", here, pseudonyms[0]),
    ):  # fmt: skip
        for text in everything(partnership, child, agency):
            assert not [held for held in (SECRET, other_child, pseudonym) if held in text]


def test_whoever_reads_both_sees_which_record_and_why(partnership: Partnership, here: str, there: str) -> None:
    """The linking agency, and any other that is involved with both, is told the other record's id, and the reason."""
    stored(link(partnership, here, there))
    (one,) = known(partnership, here, "hv")["hv/p-9"]
    assert one["other"] == there
    partnership.involve(there, "gp")
    (one,) = known(partnership, here, "gp")["hv/p-9"]
    assert one["other"] == there
    children = followed(partnership, one["adult"], "gp")
    assert {child["child"]: (child["people"], child["stands"]) for child in children} == {
        here: (["hv/p-9"], True), there: (["father"], True),
    }  # fmt: skip
    assert {told["reason"] for child in children for told in child["links"]} == {SECRET}
    assert {child["ring"][0]["agency"] for child in children} == {"gp", "csc"}


def test_a_link_taken_back_stands_no_more_and_was_there(partnership: Partnership, here: str, there: str) -> None:
    """The pointers go in both records; as known before then they are there, and the adult was ever linked."""
    entry = stored(link(partnership, here, there))
    (one,) = known(partnership, here, "gp")["hv/p-9"]
    # By its other entry, from the other record.
    back = stored(send(partnership, there, "adult-unlinks", {"of": entry["also"][0]["id"], "reason": "Two men."}, "hv"))
    assert [copy["child"] for copy in back["also"]] == [here]
    assert known(partnership, here, "gp") == known(partnership, there, "csc") == {}
    assert list(known(partnership, here, "gp", f"?as_of={entry['number']}")) == ["hv/p-9"]
    assert known(partnership, here, "gp", f"?as_of={entry['number'] - 1}") == {}
    children = followed(partnership, one["adult"], "hv")
    assert {child["child"]: child["stands"] for child in children} == {here: False, there: False}
    assert all(told["until"] for child in children for told in child["links"])
    (mine, beyond) = followed(partnership, one["adult"], "gp")
    assert (mine["child"], beyond["stands"], sorted(beyond)) == (here, False, ["ring", "stands", "words"])
    refused(send(partnership, here, "adult-unlinks", {"of": entry["id"], "reason": "x"}), 409, "taken_back_already")
    assert followed(partnership, one["adult"], "hv", "?known_at=2020-01-01") == []
    stored(link(partnership, here, there))
    assert list(known(partnership, here, "gp")) == ["hv/p-9"]


def test_only_who_works_with_both_children_links(partnership: Partnership, here: str, there: str) -> None:
    """Others are told so; and nobody links the child, somebody whom a record does not know, or within one record."""
    refused(link(partnership, here, there, "csc"), 404, "not_found")
    for agency, child in (("gp", there), ("hv", str(UUID(int=7))), ("hv", here)):
        other = {"child": child, "person": "father"}
        answer = refused(link(partnership, here, there, agency, other=other, person="hv/p-9"), 422)
        assert [(error["pointer"], error["code"]) for error in answer["errors"]] == [
            ("/other/child", "other_child_not_known")
        ]
    answer = refused(link(partnership, here, there, person="child", other={"child": there, "person": "nobody"}), 422)
    assert [error["pointer"] for error in answer["errors"]] == ["/person", "/other/person"]
    refused(send(partnership, here, "adult-unlinks", {"of": f"{'a' * 26}.3", "reason": "x"}), 422, "not_of_an_adult")
    entry = stored(link(partnership, here, there))
    refused(send(partnership, here, "adult-unlinks", {"of": entry["id"], "reason": "x"}, "gp"), 422, "not_of_an_adult")


def test_what_was_said_of_two_is_said_once(partnership: Partnership, here: str, there: str) -> None:
    """By whatever key: not linked twice, not said to be two while linked, nor linked while said to be two."""
    stored(link(partnership, here, there))
    partnership.detect(there)
    refused(link(partnership, here, there, other={"child": there, "person": "father"}), 409, "linked_already")
    body = {"person": "father", "other": {"child": here, "person": "p-9"}, "reason": "again"}
    refused(send(partnership, there, "adult-links", body), 409, "linked_already")
    refused(apart(partnership, here, there), 409, "take_back_first")


def test_a_retry_answers_the_same(partnership: Partnership, here: str, there: str) -> None:
    """The same body under the same id is the same two entries; another body is refused."""
    body = {"event_id": "l1", "person": "p-9", "other": {"child": there, "person": "csc/4411"}, "reason": "one man"}
    first = stored(partnership.post(f"/children/{here}/adult-links", body, "hv"))
    again = partnership.post(f"/children/{here}/adult-links", body, "hv")
    assert (again.status_code, stored(again)["also"][0]["id"]) == (200, first["also"][0]["id"])
    refused(partnership.post(f"/children/{here}/adult-links", {**body, "reason": "x"}, "hv"), 422, "event_id_reused")


def test_marks_decide(partnership: Partnership, here: str, there: str) -> None:
    """A restricted link is nothing to whom it does not name, in both records, also when it is marked later."""
    sharing = {"marking": "restricted", "to": [], "lawful_basis": "vital interests"}
    entry = stored(link(partnership, here, there, sharing=sharing))
    partnership.involve(here, "police")
    assert known(partnership, here, "police") == {}
    (adult,) = {one["adult"] for one in known(partnership, here, "hv")["hv/p-9"]}
    refused(partnership.get(f"/adults/{adult}", "police"), 404)
    stored(send(partnership, here, "adult-unlinks", {"of": entry["id"], "reason": "marked anew"}))
    entry = stored(link(partnership, here, there))
    assert list(known(partnership, here, "police")) == ["hv/p-9"]
    stored(send(partnership, here, "markings", {"of": entry["id"], "sharing": sharing, "reason": "She has fled."}))
    assert known(partnership, here, "police") == {}
    partnership.involve(there, "police")
    assert known(partnership, there, "police") == {}


def test_a_refuge_is_not_betrayed(partnership: Partnership, here: str, there: str) -> None:
    """Where who leads the other record keeps somebody in it from others, the duty desk is rung in its place."""
    stored(link(partnership, here, there))
    keeping = {"marking": "restricted", "to": [], "lawful_basis": "vital interests"}
    declare(partnership, there, {**BROWN, "ref": "mum", "role": "mother", "sharing": keeping}, agency="csc")
    (one,) = known(partnership, here, "gp")["hv/p-9"]
    assert one["ring"][0]["agency"] == DUTY_DESK


def test_nobody_is_to_ring_an_agency_that_has_ended(partnership: Partnership, here: str, there: str) -> None:
    """Where who led the other record has ended, the duty desk is rung in its place."""
    stored(link(partnership, here, there))
    end_agency(partnership.engine("ledger_admin"), chance, agency="csc", reason="Merged.", now=datetime.now(UTC))
    ((elsewhere,),) = known(partnership, here, "gp").values()
    assert [one["agency"] for one in elsewhere["ring"]] == [DUTY_DESK]


def test_the_desk_and_auditors_see_all_with_whom_to_ring(partnership: Partnership, here: str, there: str) -> None:
    """Involved or not they are told every record's id, and it is recorded in each; a practitioner elsewhere is not."""
    third = partnership.child(involve=["hv"])
    declare(partnership, third, LEE)
    stored(link(partnership, here, there))
    partnership.detect(there)
    stored(link(partnership, there, third, person="father", other={"child": third, "person": "p-9"}))
    (adult,) = {one["adult"] for one in known(partnership, here, "hv")["hv/p-9"]}
    looks = {
        "at the desk": partnership.person(DUTY_DESK, "d1", Role.PRACTITIONER),
        "its manager": partnership.person(DUTY_DESK, "d2", Role.MANAGER),
        "auditor": partnership.person("gp", "aud", Role.AUDITOR),
    }
    for who, caller in looks.items():
        before = partnership.rows()["access_records"]
        children = stored(as_person(partnership, caller, f"/adults/{adult}"))["children"]
        assert {child["child"] for child in children} == {here, there, third}, who
        assert {child["ring"][0]["agency"] for child in children} == {"gp", "csc", DUTY_DESK}
        assert partnership.rows()["access_records"] == before + 3
        assert {told["reason"] for child in children for told in child["links"]} == (
            {SECRET} if who == "auditor" else {None}
        )
    # Who reads one of them follows no further than one step beyond it.
    own, beyond = followed(partnership, adult, "gp")
    assert (own["child"], beyond["ring"][0]["agency"]) == (here, "csc")
    refused(partnership.get(f"/adults/{adult}", "police"), 404, "not_found")
    refused(partnership.get(f"/adults/{'0' * 32}", "hv"), 404, "not_found")
    refused(as_person(partnership, partnership.person("police", "p1", Role.PRACTITIONER), f"/adults/{adult}"), 404)


def test_proposals_are_for_who_may_read_both(partnership: Partnership, here: str, there: str) -> None:
    """Compared by the machine, shown with reasons by what the reader sees; said to be two, they come no more."""
    path = f"/children/{here}/adult-proposals"
    assert stored(partnership.get(path, "hv"))["compared"] is None
    done = compare_all(partnership.engine("ledger_worker"), default_pack())
    assert (done.records, done.likely, done.possible) == (2, 1, 0)
    answer = stored(partnership.get(path, "hv"))
    assert answer["compared"]["number"] == answer["as_of"]["number"]
    assert answer["proposals"] == [
        {
            "person": "hv/p-9", "other": {"child": there, "person": "father"}, "level": "likely", "score": 0.95,
            "why": ["the same name", "the same date of birth"], "found_by": "comparison",
            "ring": [{"agency": "csc", "name": "CSC", "contact": "ring csc"}],
        }
    ]  # fmt: skip
    assert stored(partnership.get(path, "gp"))["proposals"] == []
    assert known(partnership, here, "hv") == {}, "the machine links nobody"
    entry = stored(apart(partnership, here, there))
    assert stored(partnership.get(path, "hv"))["proposals"] == []
    assert compare_all(partnership.engine("ledger_worker"), default_pack()).likely == 0
    stored(send(partnership, here, "adult-unlinks", {"of": entry["id"], "reason": "they are one after all"}))
    assert compare_all(partnership.engine("ledger_worker"), default_pack()).likely == 1
    entry = stored(link(partnership, here, there))
    stored(send(partnership, here, "adult-unlinks", {"of": entry["id"], "reason": "no"}))
    assert compare_all(partnership.engine("ledger_worker"), default_pack()).likely == 0


def test_a_proposal_rests_on_what_its_reader_sees(partnership: Partnership, here: str, there: str) -> None:
    """What looks alike only by what is kept from a reader is not shown to them, though they may read both records."""
    keeping = {"marking": "restricted", "to": [], "lawful_basis": "vital interests"}
    own = {"ref": "k", "role": "uncle", "name": "Sam Reid", "born": "1985-02-03"}
    declare(partnership, here, own)
    declare(partnership, there, {**own, "sharing": keeping}, agency="csc")
    partnership.involve(here, "csc")
    done = compare_all(partnership.engine("ledger_worker"), default_pack())
    assert done.likely == 2
    for agency, people in (("hv", ["hv/p-9"]), ("csc", ["hv/k", "hv/p-9"])):
        found = stored(partnership.get(f"/children/{here}/adult-proposals", agency))["proposals"]
        assert sorted(one["person"] for one in found) == people


def test_nothing_of_it_reaches_a_family(partnership: Partnership, here: str, there: str) -> None:
    """A copy for the family says nothing of another child's record, not by its own agency either."""
    stored(link(partnership, here, there))
    officer = partnership.session(partnership.person("hv", "ro", Role.RECORDS_OFFICER))
    body = {"event_id": "sar1", "for": "mother", "relationship": "mother", "reason": "her right"}
    answer = partnership.send_as(officer, "POST", f"/api/v1/children/{here}/subject-access", json=body)
    text = json.dumps(stored(answer))
    assert not [held for held in (SECRET, there, "adult_link", "another child") if held in text]
