"""Disagreements between agencies over the interface: opened, answered, taken up, settled; seen as markings allow."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.role import Role
from ledger.services.fan_out import fan_out
from ledger.services.partnership_people import set_partnership_rung
from ledger.services.plan_deliveries import nothing
from ledger.store.markings import resting_in
from tests.chance import chance
from tests.integration.services.detecting import History, packs
from tests.partnership import Partnership, refused, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv, csc and gp are involved with."""
    return partnership.child(involve=["hv", "csc", "gp"])


def send(partnership: Partnership, child: str, collection: str, body: dict[str, Any], agency: str) -> Any:
    return partnership.post(f"/children/{child}/{collection}", {"event_id": partnership.event(), **body}, agency)


def disagree(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> Any:
    body = {"with": changes.pop("others", ["csc"]), "kind": "threshold", "view": "It was closed too soon.", **changes}
    return send(partnership, child, "disagreements", body, agency)


def say(partnership: Partnership, child: str, what: str, of: str, agency: str, /, **changes: Any) -> Any:
    bodies: dict[str, dict[str, Any]] = {
        "replies": {"answer": "not_agreed", "view": "It was not called for."},
        "step-ups": {"reason": "We still differ."},
        "settlements": {"outcome": "agreed", "what": "It is assessed again."},
    }
    return send(partnership, child, f"disagreement-{what}", {"of": of, **bodies[what], **changes}, agency)


def listed(partnership: Partnership, child: str, agency: str = "hv", **query: str) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    found: list[dict[str, Any]] = stored(partnership.get(f"/children/{child}/disagreements?{asked}", agency))[
        "disagreements"
    ]
    return found


def test_it_goes_from_the_first_word_to_the_last(partnership: Partnership, child: str) -> None:
    """Opened, answered, taken to the managers, answered there, settled: each shows where it is and who is asked."""
    entry = stored(disagree(partnership, child, wants="An assessment."))["id"]
    (one,) = listed(partnership, child, "csc")
    assert (one["entry"], one["state"], one["others"], one["wants"]) == (entry, "open", ["csc"], "An assessment.")
    assert (one["stage"]["name"], one["stage"]["asked"], one["stage"]["answered"]) == ("practitioners", ["csc"], [])
    assert one["stage"]["answer_due"] < one["stage"]["settle_due"]
    stored(say(partnership, child, "replies", entry, "csc"))
    (one,) = listed(partnership, child)
    assert (one["stage"]["answered"], one["stage"]["answer_due"]) == (["csc"], None)
    stored(say(partnership, child, "step-ups", entry, "csc"))
    (one,) = listed(partnership, child)
    assert (one["stage"]["name"], one["stage"]["asked"], one["stage"]["brought_by"]) == ("managers", ["hv"], "csc")
    stored(say(partnership, child, "replies", entry, "hv", answer="agreed_in_part"))
    stored(say(partnership, child, "settlements", entry, "hv", by={"agency": "csc", "role": "team manager"}))
    (one,) = listed(partnership, child, "gp")
    assert (one["state"], [part["said"] for part in one["said"]]) == (
        "settled", ["reply", "step_up", "reply", "settled"],
    )  # fmt: skip
    assert listed(partnership, child, state="open") == []
    assert len(listed(partnership, child, state="settled")) == 1


def test_it_may_be_about_an_entry_a_finding_or_an_alert(partnership: Partnership, child: str) -> None:
    """Each by its id; of what is not there, or not in this record, the sender is told so."""
    alert = partnership.alert(child)
    entry = stored(partnership.post("/observations", partnership.observation(child), "hv"))["id"]
    for about in (entry, alert["finding"]["finding"], alert["id"]):
        stored(disagree(partnership, child, "csc", others=["hv"], about=about, kind="what_is_so"))
    assert {one["about"] for one in listed(partnership, child)} == {
        entry, alert["finding"]["finding"], alert["id"],
    }  # fmt: skip
    other = partnership.child("hv")
    elsewhere = stored(partnership.post("/observations", partnership.observation(other), "hv"))["id"]
    for about in (elsewhere, "0" * 32, f"{entry.split('.')[0]}.9999"):
        refused(disagree(partnership, child, about=about), 422, "about_not_known")
    refused(disagree(partnership, child, about="the closing"), 422, "about")


def test_who_may_open_one_and_with_whom(partnership: Partnership, child: str) -> None:
    """Only who is involved, with others that have or had a part in the record, and never with itself."""
    refused(disagree(partnership, child, "police"), 404, "not_found")
    refused(disagree(partnership, child, others=["csc", "hv"]), 422, "disagrees_with_itself")
    answer = refused(disagree(partnership, child, others=["csc", "police"]), 422, "no_part_in_it")
    assert [error["pointer"] for error in answer["errors"]] == ["/with/1"]
    partnership.involve(child, "police", until="2020-01-01")
    stored(disagree(partnership, child, others=["police"]))


def test_what_is_said_out_of_turn_is_refused(partnership: Partnership, child: str) -> None:
    """By who is no party, by who asked, to what never was, after the end, beyond the last stage."""
    entry = stored(disagree(partnership, child))["id"]
    other = stored(partnership.post("/observations", partnership.observation(child), "hv"))["id"]
    refused(say(partnership, child, "replies", other, "csc"), 422, "disagreement_not_yours")
    refused(say(partnership, child, "replies", entry, "gp"), 422, "disagreement_not_yours")
    refused(say(partnership, child, "step-ups", entry, "gp"), 422, "disagreement_not_yours")
    refused(say(partnership, child, "replies", entry, "police"), 404, "not_found")
    refused(say(partnership, child, "replies", entry, "hv"), 409, "not_asked")
    refused(say(partnership, child, "settlements", entry, "csc", outcome="withdrawn"), 409, "not_yours_to_withdraw")
    for _ in range(3):
        stored(say(partnership, child, "step-ups", entry, "csc"))
    refused(say(partnership, child, "step-ups", entry, "hv"), 409, "last_stage")
    stored(say(partnership, child, "settlements", entry, "hv", outcome="withdrawn"))
    for what, agency in (("replies", "hv"), ("settlements", "csc")):
        refused(say(partnership, child, what, entry, agency), 409, "settled_already")


def test_whoever_leads_may_take_it_up_and_settle_it(partnership: Partnership, child: str) -> None:
    """Both parties are then asked; an answer of the lead's own, whose disagreement it is not, is refused."""
    stored(send(partnership, child, "leads", {"agency": "gp", "person": "gp1"}, "gp"))
    entry = stored(disagree(partnership, child))["id"]
    refused(say(partnership, child, "replies", entry, "gp"), 422, "disagreement_not_yours")
    stored(say(partnership, child, "step-ups", entry, "gp"))
    (one,) = listed(partnership, child)
    assert one["stage"]["asked"] == ["csc", "hv"]
    stored(say(partnership, child, "settlements", entry, "gp", outcome="decided"))


def test_a_disagreement_is_seen_no_further_than_what_it_is_about(partnership: Partnership, child: str) -> None:
    """About a restricted entry: whole to its parties, a pointer to whoever leads, nothing to anybody else."""
    stored(send(partnership, child, "leads", {"agency": "gp", "person": "gp1"}, "gp"))
    partnership.involve(child, "police")
    sharing = {"marking": "restricted", "to": ["csc"], "lawful_basis": "public_task"}
    entry = stored(partnership.post("/observations", partnership.observation(child, sharing=sharing), "hv"))["id"]
    refused(disagree(partnership, child, about=entry, others=["csc", "police"]), 422, "others_must_see")
    refused(disagree(partnership, child, "police", about=entry), 422, "about_not_known")
    disputed = stored(disagree(partnership, child, "csc", about=entry, others=["hv"], view="A secret view."))["id"]
    stored(say(partnership, child, "replies", disputed, "hv", view="Another secret."))
    assert [one["said"][0]["view"] for one in listed(partnership, child, "csc")] == ["Another secret."]
    (pointer,) = listed(partnership, child, "gp")
    assert (pointer["withheld"], "view" in pointer, "said" in pointer) == (True, False, False)
    assert listed(partnership, child, "police") == []
    # Marked later, it holds for what was said before.
    open_entry = stored(partnership.post("/observations", partnership.observation(child), "hv"))["id"]
    stored(disagree(partnership, child, about=open_entry))
    assert len(listed(partnership, child, "police")) == 1
    stored(send(partnership, child, "markings", {"of": open_entry, "sharing": sharing, "reason": "He reads it."}, "hv"))
    assert listed(partnership, child, "police") == []


@pytest.mark.parametrize(
    ("sharing", "police_sees"),
    [
        ({"marking": "restricted", "to": ["csc"], "lawful_basis": "public_task"}, []),
        ({"marking": "restricted", "to": ["gp"], "lawful_basis": "public_task"}, []),
        ({"marking": "pointer", "lawful_basis": "public_task"}, [True]),
    ],
)
@pytest.mark.parametrize("target", [{}, {"claim": 0}])
def test_one_about_a_finding_is_seen_no_further_than_what_the_finding_rests_on(
    partnership: Partnership, child: str, sharing: dict[str, Any], police_sees: list[bool], target: dict[str, int]
) -> None:
    """Held back later, it holds for all that was said, in every view; whose disagreement it is read it all the same."""
    partnership.involve(child, "police")
    rests_on = stored(partnership.post("/observations", partnership.observation(child), "hv"))["id"]
    alert = partnership.alert(child, to="gp")
    assert rests_on in str(alert["finding"])
    about = alert["finding"]["finding"]
    of = stored(disagree(partnership, child, about=about, kind="what_is_so", view="Secret one."))["id"]
    stored(say(partnership, child, "replies", of, "csc", view="Secret two."))
    stored(say(partnership, child, "step-ups", of, "csc", reason="Secret three."))
    stored(say(partnership, child, "settlements", of, "hv", what="Secret four."))
    fan_out(partnership.engine("ledger_worker"), nothing, packs=packs)
    assert told_secrets(partnership, child, "police") == 4
    assert told_secrets(partnership, child, "gp") == 4
    marking = {"of": rests_on, **target, "sharing": sharing, "reason": "He reads it."}
    stored(send(partnership, child, "markings", marking, "hv"))
    assert told_secrets(partnership, child, "police") == 0
    assert [one["withheld"] for one in listed(partnership, child, "police")] == police_sees
    # What cannot be read cannot be named either.
    refused(disagree(partnership, child, "police", about=of), 422, "about_not_known")
    assert [told_secrets(partnership, child, agency) for agency in ("hv", "csc")] == [4, 4]
    assert told_secrets(partnership, child, "gp") == (4 if "gp" in sharing.get("to", ()) else 0)


def test_what_a_finding_rested_on_before_is_known_from_what_detection_said(
    partnership: Partnership, child: str
) -> None:
    """For whoever is involved: a row for each time that it said so, beside how the finding stands."""
    finding = partnership.alert(child)["finding"]["finding"]
    number = int(stored(disagree(partnership, child, about=finding))["id"].rpartition(".")[2])
    with partnership.acting("ledger_web", party="gp") as connection:
        stands, raised = resting_in(connection, [UUID(child)])
    assert (tuple(stands), stands[1:4]) == (tuple(raised), (number, "hv", ["csc"]))
    assert {ref[0] for side in stands[4] for ref in side}
    with partnership.acting("ledger_web", party="police") as connection:
        assert resting_in(connection, [UUID(child)]) == []


def told_secrets(partnership: Partnership, child: str, agency: str) -> int:
    """How many of the four secrets of a disagreement an agency reads: in each view that it reads them in, as many."""
    views = [
        partnership.get(f"/children/{child}/{view}", agency).get_data(as_text=True)
        for view in ("disagreements", "timeline?limit=200")
    ]
    views += [partnership.get("/notices", agency).get_data(as_text=True)]
    counts = [sum(f"Secret {one}." in view for one in ("one", "two", "three", "four")) for view in views]
    if not counts[2]:  # it is told to its parties, and to whoever leads
        counts.pop()
    assert len(set(counts)) == 1, counts
    return counts[0]


def test_what_it_says_itself_can_be_restricted_to_its_parties(partnership: Partnership, child: str) -> None:
    """It must be readable by whom it names; others are then told nothing."""
    sharing = {"marking": "restricted", "to": ["gp"], "lawful_basis": "public_task"}
    refused(disagree(partnership, child, sharing=sharing), 422, "others_must_see")
    stored(disagree(partnership, child, sharing={**sharing, "to": ["csc"]}))
    assert listed(partnership, child, "gp") == []
    assert len(listed(partnership, child, "csc")) == 1


def test_its_reading_is_recorded_and_is_for_the_involved(partnership: Partnership, child: str) -> None:
    """Who is not involved is told nothing; who is leaves an access record."""
    stored(disagree(partnership, child))
    refused(partnership.get(f"/children/{child}/disagreements", "police"), 404, "not_found")
    listed(partnership, child, "gp")
    with partnership.acting("ledger_auditor", party="auditor") as connection:
        looked = connection.exec_driver_sql(
            "SELECT count(*) FROM ledger.access_records WHERE what = 'disagreements' AND agency_id = 'gp'"
        ).scalar()
    assert looked == 1


def test_agreeing_to_differ_starts_one_in_the_same_append(partnership: Partnership, child: str) -> None:
    """By whoever concluded, with those whose statements differ; once, however often it is sent."""
    alert = partnership.alert(child)
    body = {"event_id": "differ-1", "outcome": "agreed_to_differ", "reason": "We saw him; they did not."}
    first = partnership.post(f"/alerts/{alert['id']}/outcomes", body, "csc")
    number = stored(first)["number"]
    (one,) = listed(partnership, child)
    assert (one["agency"], one["others"], one["kind"], one["about"], one["view"]) == (
        "csc", ["hv"], "what_is_so", alert["finding"]["finding"], "We saw him; they did not.",
    )  # fmt: skip
    assert one["entry"].endswith(f".{number + 1}")
    again = partnership.post(f"/alerts/{alert['id']}/outcomes", body, "csc")
    assert (again.status_code, len(listed(partnership, child))) == (200, 1)
    # A second outcome before detection runs, while the first disagreement is open: none is started beside it.
    stored(partnership.post(f"/alerts/{alert['id']}/outcomes", {**body, "event_id": "differ-2"}, "csc"))
    assert len(listed(partnership, child)) == 1
    refused(partnership.post(f"/alerts/{alert['id']}/outcomes", {**body, "reason": "-"}, "csc"), 422, "event_id_reused")


def test_what_lapses_is_brought_to_whoever_leads(partnership: Partnership) -> None:
    """Nobody answered in time: a finding, to the lead, of who owes the answer; an answer ends it."""
    history = History(partnership)
    stored(send(partnership, history.record_id, "leads", {"agency": "gp", "person": "gp1"}, "gp"))
    entry = stored(disagree(partnership, history.record_id))["id"]
    with partnership.acting("ledger_worker") as connection:
        began = connection.exec_driver_sql("SELECT ledger.clock_now()").scalar_one()
    history.detect()
    history.move(began + timedelta(days=6))
    history.detect()
    waits = awaited_of(partnership, "gp")
    assert (waits["disagreement_answer"]["owed_by"], waits["disagreement_answer"]["lapsed"]) == ("csc", True)
    assert waits["disagreement"]["owed_by_words"] == "the managers on both sides"
    assert [(one["agency"], one["person"]) for one in waits["disagreement"]["managers"]] == [
        ("csc", None), ("hv", None),
    ]  # fmt: skip
    partnership.person("csc", "boss", Role.MANAGER)
    admin = partnership.engine("ledger_admin")
    set_partnership_rung(admin, chance, partnership="demo", rung="manager", agency="csc", person="boss")
    (ring,) = awaited_of(partnership, "gp")["disagreement"]["managers"]
    assert (ring["agency"], ring["person"]) != ("csc", None)
    assert listed(partnership, history.record_id)[0]["stage"]["ring"] == [ring]
    stored(say(partnership, history.record_id, "replies", entry, "csc"))
    history.detect()
    assert awaited_of(partnership, "gp").keys() == {"disagreement"}


def awaited_of(partnership: Partnership, agency: str) -> dict[str, Any]:
    """What is awaited about disagreements by an agency's open alerts, by what it is."""
    found = [one["finding"].get("awaited", {}) for one in stored(partnership.get("/alerts", agency))["alerts"]]
    return {one["topic"]: one for one in found if str(one.get("topic")).startswith("disagreement")}
