"""A claim is about somebody whom the record knows; about anybody else it is refused with the place and the fix."""

from typing import Any
from uuid import UUID

import pytest

from ledger.services.authenticate import read_bearer
from ledger.services.context import Context
from ledger.services.record import record
from ledger.services.submission import Submission, identify_reference
from ledger.store.database import connect_engine
from tests.integration.store.wire import CountingWire
from tests.partnership import Partnership, refused, stored

PARTNER = {"ref": "p-9", "role": "mother's partner", "name": "Lee Brown"}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv and csc are involved with, and whom hv calls baby."""
    return partnership.child(reference="baby", involve=["hv", "csc"])


def claiming(about: str = "p-9", **more: Any) -> dict[str, Any]:
    return {"about": about, "attribute": "presence", "value": "absent", "basis": "seen", **more}


def observe(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> Any:
    return partnership.post("/observations", partnership.observation(child, **changes), agency)


def pointers(problem: dict[str, Any]) -> list[str]:
    return [error["pointer"] for error in problem["errors"]]


def test_nobody_is_known_unless_declared(partnership: Partnership, child: str) -> None:
    """Every place that names a stranger is told at once, with the fix; nothing is stored and no name repeated."""
    rows = partnership.rows()
    claims = [
        claiming("stranger-1", informant="mother"),
        claiming("mother", basis="told", informant="stranger-2", in_earshot=["father", "stranger-3"]),
        {"about": "child", "attribute": "father", "value": {"is": "stranger-4"}, "basis": "seen"},
        claiming("father", informant="anonymous"),
    ]
    contact = {"depth": "seen", "present": ["child", "stranger-5"]}
    problem = refused(observe(partnership, child, claims=claims, contact=contact), 422, "person_not_known")
    assert pointers(problem) == [
        "/claims/0/about",
        "/claims/1/informant",
        "/claims/1/in_earshot/1",
        "/claims/2/value/is",
        "/contact/present/1",
    ]
    assert all("Declare them in people with a ref" in error["detail"] for error in problem["errors"])
    assert "stranger" not in str(problem)
    assert partnership.rows() == rows


def test_whom_the_body_declares_is_known_from_then_on(partnership: Partnership, child: str) -> None:
    """In the same body, and in every later entry of that agency in that record, its contacts and corrections too."""
    refused(observe(partnership, child, claims=[claiming()]), 422, "person_not_known", "/claims/0/about")
    first = stored(observe(partnership, child, claims=[claiming()], people=[PARTNER]))
    stored(observe(partnership, child, claims=[claiming()]))
    contact = {"event_id": "c1", "observed": "2023-10-05", "depth": "seen", "present": ["p-9"]}
    stored(partnership.post(f"/children/{child}/contacts", contact))
    observation = {"observed": "2023-10-05", "statement": "fact", "claims": [claiming()]}
    correction = {"event_id": "c2", "corrects": first["id"], "reason": "a slip", "observation": observation}
    stored(partnership.post(f"/children/{child}/corrections", correction))


def test_contacts_and_corrections_name_the_place(partnership: Partnership, child: str) -> None:
    """A stranger in them is refused where they stand in that body."""
    first = stored(observe(partnership, child))
    contact = {"event_id": "c1", "observed": "2023-10-05", "depth": "seen", "present": ["p-9"]}
    refused(partnership.post(f"/children/{child}/contacts", contact), 422, "person_not_known", "/present/0")
    observation = {"observed": "2023-10-05", "statement": "fact", "claims": [claiming()]}
    correction = {"event_id": "c2", "corrects": first["id"], "reason": "a slip", "observation": observation}
    answer = partnership.post(f"/children/{child}/corrections", correction)
    refused(answer, 422, "person_not_known", "/observation/claims/0/about")
    declared = correction | {"observation": observation | {"people": [PARTNER]}}
    stored(partnership.post(f"/children/{child}/corrections", declared))


def test_a_reference_declared_as_a_role_is_known_by_both(partnership: Partnership, child: str) -> None:
    """Whom an agency declared to be the father, or named as the mother at registration, keeps its reference."""
    stored(observe(partnership, child, claims=[claiming("k")], people=[{"ref": "k", "role": "father"}]))
    stored(observe(partnership, child, claims=[claiming("k"), claiming("father")]))
    other = partnership.child(mother={"ref": "m-12", "name": "Jo"})
    stored(observe(partnership, other, claims=[claiming("m-12")]))


def test_a_reference_is_its_agencys_own(partnership: Partnership, child: str) -> None:
    """What one agency declared says nothing for another, until somebody links that other's reference."""
    stored(observe(partnership, child, people=[PARTNER]))
    refused(observe(partnership, child, "csc", claims=[claiming()]), 422, "person_not_known")
    stored(observe(partnership, child, "csc", people=[{"ref": "4411"}]))
    stored(observe(partnership, child, "csc", claims=[claiming("4411")]))


def test_a_record_knows_its_own_people_only(partnership: Partnership, child: str) -> None:
    """Declared in one child's record, the same reference is a stranger in another's; so it is for siblings' copies."""
    sister = partnership.child(reference="sister")
    stored(observe(partnership, child, people=[PARTNER]))
    refused(observe(partnership, sister, claims=[claiming()]), 422, "person_not_known")
    both: dict[str, Any] = {"also": [{"reference": "sister"}], "claims": [claiming()]}
    refused(observe(partnership, child, **both), 422, "person_not_known", "/claims/0/about")
    stored(observe(partnership, child, people=[PARTNER], **both))
    stored(observe(partnership, sister, claims=[claiming()]))


def test_a_batch_is_looked_up_as_a_whole(partnership: Partnership, child: str) -> None:
    """Each item gets its own answer, and one may name whom an item before it declares, if that one is stored."""
    future = {"observed": "2190-01-01", "people": [{"ref": "q-1"}]}
    items = [
        partnership.observation(child, claims=[claiming()]),
        partnership.observation(child, claims=[claiming()], people=[PARTNER]),
        partnership.observation(child, claims=[claiming()], child={"reference": "baby"}),
        partnership.observation(child, **future),
        partnership.observation(child, claims=[claiming("q-1")]),
    ]
    results = stored(partnership.post("/observations/batch", items))["results"]
    assert [result["status"] for result in results] == [422, 201, 201, 422, 422]
    assert [error["pointer"] for error in results[4]["errors"]] == ["/claims/0/about"]
    assert [error["code"] for error in results[4]["errors"]] == ["person_not_known"]


def test_a_retry_is_known_before_anybody_is_looked_up(partnership: Partnership, child: str) -> None:
    """An entry stays what it was: its retry answers as at first."""
    body = partnership.observation(child, claims=[claiming()], people=[PARTNER])
    first = stored(partnership.post("/observations", body))
    assert stored(partnership.post("/observations", body)) == first


def test_an_agency_that_is_not_involved_knows_its_own(partnership: Partnership, child: str) -> None:
    """It may post, so it may name again whom it declared; others' references it cannot try out."""
    stored(observe(partnership, child, "gp", people=[{"ref": "x-1"}]))
    stored(observe(partnership, child, "gp", claims=[claiming("x-1")]))
    stored(observe(partnership, child, "csc", people=[{"ref": "c-1"}]))
    for ref in ("c-1", "csc/c-1", "no-such"):
        refused(observe(partnership, child, "gp", claims=[claiming(ref)]), 422, pointer="/claims/0/about")


@pytest.mark.parametrize("size", [1, 200])
def test_the_look_up_takes_no_trip_of_its_own(partnership: Partnership, child: str, size: int) -> None:
    """With strangers in every body, and children named by reference, an append takes its two round trips."""
    stored(observe(partnership, child, people=[PARTNER]))
    credential = read_bearer(f"Bearer {partnership.keys['hv']}")
    with CountingWire(partnership.database_url) as wire:
        engine = connect_engine(wire.url, "ledger_web", pool_size=1)
        context = Context(
            engine,
            partnership.context.pack,
            partnership.context.chance,
            partnership.context.real_now,
            partnership.bell,
        )
        trips = []
        for turn in range(3):
            submissions = [
                Submission(
                    "observation",
                    f"t{turn}-{place}",
                    partnership.observation(child, claims=[claiming()]),
                    names=(identify_reference("hv", "baby") if place % 2 else UUID(child),),
                )
                for place in range(size)
            ]
            wire.taken()
            outcomes = record(context, credential, submissions, "observe")
            trips.append(wire.taken())
            assert all(getattr(outcome, "is_new", False) for outcome in outcomes)
        engine.dispose()
    assert trips[1:] == [2, 2]
