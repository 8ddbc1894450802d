"""Decisions over the interface: recorded whatever speaks against them, weighed as each reader sees the record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ledger.domain.feed import TELLS
from ledger.services import weigh_decision
from ledger.services.end_agency import end_agency
from ledger.services.enrol import add_person
from ledger.services.fan_out import fan_out
from ledger.services.plan_deliveries import nothing
from ledger.services.word_decision import NOT_WEIGHED
from ledger.store.database import transaction
from tests.chance import chance
from tests.partnership import Partnership, refused, stored

#: A kind that no pack lists: it is judged on what it states alone.
UNLISTED = "panel_view"


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv, csc, gp and police are involved with, and whom csc leads."""
    made = partnership.child(involve=["hv", "csc", "gp", "police"])
    say(partnership, made, "leads", {"agency": "csc", "person": "sw1"})
    return made


def say(partnership: Partnership, child: str, what: str, body: dict[str, Any], agency: str = "csc") -> dict[str, Any]:
    return stored(send(partnership, child, what, body, agency))


def send(partnership: Partnership, child: str, what: str, body: dict[str, Any], agency: str = "csc") -> Any:
    return partnership.post(f"/children/{child}/{what}", {"event_id": partnership.event(), **body}, agency)


def observe(partnership: Partnership, child: str, value: str, agency: str, days_ago: int, **changes: Any) -> str:
    """A word on whether the father is there; its entry's id."""
    day = (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()
    claim = {"about": "father", "attribute": "presence", "value": value, "valid": f"{day}/..", "basis": "seen"}
    body = partnership.observation(child, observed=day, narrative="-", claims=[claim], **changes)
    return str(stored(partnership.post("/observations", body, agency))["id"])


def decision(**changes: Any) -> dict[str, Any]:
    relied_on = {"about": "father", "attribute": "presence", "value": "absent"}
    return {"kind": UNLISTED, "reason": "He has gone.", "relies_on": [relied_on], "author": {"ref": "sw1"}, **changes}


def override(of: str, **changes: Any) -> dict[str, Any]:
    second = {"agency": "csc", "person": "manager"}
    return {"of": of, "reason": "He was seen to leave.", "second": second, "author": {"ref": "sw1"}, **changes}


def listed(partnership: Partnership, child: str, agency: str = "csc", query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stored(partnership.get(f"/children/{child}/decisions{query}", agency))["decisions"]
    return found


def feed(partnership: Partnership, party: str) -> list[str]:
    """The types of what a party is told of decisions."""
    fan_out(partnership.engine("ledger_worker"), nothing)
    with transaction(partnership.engine("ledger_worker"), party="ledger") as connection:
        rows = connection.execute(
            text("SELECT type FROM ledger.feed_items WHERE party = :party AND type LIKE 'decision.%' ORDER BY seq"),
            {"party": party},
        )
        return [row.type for row in rows]


@pytest.fixture
def contested(partnership: Partnership, child: str) -> dict[str, Any]:
    """The answer to a decision that relies on what another agency's sight denies."""
    observe(partnership, child, "absent", "csc", 9)
    observe(partnership, child, "stays_overnight", "hv", 5)
    return say(partnership, child, "decisions", decision())


def test_a_contested_decision_is_recorded_and_does_not_stand(
    partnership: Partnership, child: str, contested: dict[str, Any]
) -> None:
    """The answer has the receipt, and beside it each agency's word, what speaks against it and whom to ring."""
    assert contested["receipt"]
    told = contested["decision"]
    (stated,) = told["assumptions"]
    assert (told["standing"], stated["item"], stated["grave"]) == ("not_standing", "stated", True)
    assert "contested" in stated["states"]
    assert {one["agency"] for one in stated["latest"]} == {"csc", "hv"}
    assert [(one["agency"], one["basis"]) for one in stated["against"]] == [("hv", "seen")]
    assert stated["ring"][0]["agency"] == "hv"
    assert stated["ask"]
    (one,) = listed(partnership, child)
    assert (one["entry"], one["standing"], one["why"]) == (contested["id"], "not_standing", told["why"])
    assert (one["questioned"], one["since"], one["ended_by"]) == (False, [], None)


def test_a_retry_is_answered_alike(partnership: Partnership, child: str) -> None:
    """Once detection has run, and other things were said, the answer is still that of the first time."""
    body = {"event_id": partnership.event(), **decision()}
    observe(partnership, child, "absent", "csc", 9)
    first = partnership.post(f"/children/{child}/decisions", body, "csc")
    observe(partnership, child, "stays_overnight", "hv", 5)
    partnership.detect(child)
    again = partnership.post(f"/children/{child}/decisions", body, "csc")
    assert (first.status_code, again.status_code) == (201, 200)
    assert stored(again)["decision"] == stored(first)["decision"]
    assert stored(first)["decision"]["standing"] == "standing"


def test_a_decision_that_nothing_is_said_against_stands(partnership: Partnership, child: str) -> None:
    """And is questioned from when something of weight is said; by a moment before that it is not."""
    observe(partnership, child, "absent", "csc", 9)
    made = say(partnership, child, "decisions", decision())
    assert made["decision"]["standing"] == "standing"
    observe(partnership, child, "stays_overnight", "hv", 5)
    (one,) = listed(partnership, child)
    assert (one["standing"], one["questioned"]) == ("standing", True)
    assert [against["agency"] for since in one["since"] for against in since["against"]] == ["hv"]
    (then,) = listed(partnership, child, query=f"?as_of={made['number']}")
    assert (then["questioned"], then["since"]) == (False, [])
    path = f"/children/{child}/decisions?as_of={made['number']}"
    assert partnership.get(path, "csc").get_data() == partnership.get(path, "csc").get_data()


def test_a_preview_says_the_same_and_records_only_the_reading(partnership: Partnership, child: str) -> None:
    """What a decision on a statement would rest on, by naming it; no entry comes of it, and who looked is kept."""
    said = observe(partnership, child, "absent", "csc", 9)
    observe(partnership, child, "stays_overnight", "hv", 5)
    before, looks = len(partnership.envelopes(child)), partnership.rows()["access_records"]
    path = f"/children/{child}/decisions/preview?kind={UNLISTED}"
    would = stored(partnership.get(f"{path}&relies_on={said}:0&relies_on={said}:0", "csc"))["decision"]
    assert (would["standing"], len(would["assumptions"])) == ("not_standing", 1)
    assert would["standing_words"] == "Would not stand"
    assert len(partnership.envelopes(child)) == before
    assert partnership.rows()["access_records"] == looks + 1
    made = say(partnership, child, "decisions", decision())["decision"]
    assert [one["against"] for one in made["assumptions"]] == [one["against"] for one in would["assumptions"]]
    assert stored(partnership.get(path, "csc"))["decision"]["standing"] == "standing"
    refused(partnership.get(f"{path}&relies_on={said}:7", "csc"), 422, "relied_on_not_known")
    refused(partnership.get(f"{path}&relies_on=what", "csc"), 422)
    refused(partnership.get(f"/children/{child}/decisions/preview", "csc"), 422)


def test_a_second_person_makes_it_stand(partnership: Partnership, child: str, contested: dict[str, Any]) -> None:
    """Once: from then on there is nothing to override until something new comes up. A retry is no second override."""
    body = {"event_id": partnership.event(), **override(contested["id"])}
    assert partnership.post(f"/children/{child}/decision-overrides", body, "csc").status_code == 201
    (one,) = listed(partnership, child)
    assert (one["standing"], [each["second"]["person"] for each in one["overrides"]]) == ("overridden", ["manager"])
    assert partnership.post(f"/children/{child}/decision-overrides", body, "csc").status_code == 200
    refused(send(partnership, child, "decision-overrides", override(contested["id"])), 409, "stands_already", "/of")
    observe(partnership, child, "lives_here", "police", 1)
    assert listed(partnership, child)[0]["questioned"]
    say(partnership, child, "decision-overrides", override(contested["id"]))


def test_nobody_overrides_alone(partnership: Partnership, child: str, contested: dict[str, Any]) -> None:
    """The second is another person, by reference or name: than the override's author, and than the decision's."""
    engine = partnership.engine("ledger_admin")
    add_person(engine, chance, agency="csc", ref="sw1", name="Jo  Smith", role="office", roles=())
    for second in ("sw1", "  SW1 ", {"agency": "csc", "person": "sw1"}, "Jo Smith"):
        told = override(contested["id"], second=second)
        refused(send(partnership, child, "decision-overrides", told), 422, "second_is_first", "/second")
        by_another = {**told, "author": {"ref": "manager"}}
        refused(send(partnership, child, "decision-overrides", by_another), 422, "second_is_first", "/second")
        own = decision(override={"reason": "-", "second": second})
        refused(send(partnership, child, "decisions", own), 422, "second_is_first", "/override/second")
    assert len(listed(partnership, child)) == 1


def test_an_override_names_two_people_and_a_decision(
    partnership: Partnership, child: str, contested: dict[str, Any]
) -> None:
    """An agency is nobody's second, nobody signs unnamed, and only a decision of this record is overridden."""
    of = contested["id"]
    unnamed = override(of, second={"agency": "csc", "role": "manager"})
    refused(send(partnership, child, "decision-overrides", unnamed), 422, "second_unnamed", "/second")
    refused(
        send(partnership, child, "decision-overrides", {**override(of), "author": {"role": "social worker"}}),
        422, "author_needed", "/author/ref",
    )  # fmt: skip
    entry = observe(partnership, child, "absent", "csc", 3)
    elsewhere = partnership.child(involve=["csc"])
    other = say(partnership, elsewhere, "decisions", decision())["id"]
    for named in (entry, other, f"{of.rpartition('.')[0]}.999"):
        refused(send(partnership, child, "decision-overrides", override(named)), 422, "no_such_decision", "/of")
    refused(send(partnership, child, "decision-overrides", override(of), "gp"), 403, "not_yours_to_override")
    refused(send(partnership, child, "decision-overrides", override(of), "duty"), 404)
    later = say(partnership, child, "decisions", decision())["id"]
    assert listed(partnership, child)[1]["ended_by"] == later
    refused(send(partnership, child, "decision-overrides", override(of)), 409, "decision_ended", "/of")


def test_a_decision_that_overrides_itself_stands_so(partnership: Partnership, child: str) -> None:
    """With its own reason and second person; whoever leads is told of it."""
    observe(partnership, child, "absent", "csc", 9)
    observe(partnership, child, "stays_overnight", "hv", 5)
    told = decision(override={"reason": "-", "second": {"agency": "hv", "person": "hv1"}})
    assert say(partnership, child, "decisions", told)["decision"]["standing"] == "overridden"
    partnership.detect(child)
    assert feed(partnership, "desk:csc") == feed(partnership, "agency:csc") == ["decision.overridden"]


def test_what_a_reader_may_not_know_of_counts_for_nothing(partnership: Partnership, child: str) -> None:
    """Restricted to another, the word against it is in no answer, and the decision stands as far as gp can see."""
    observe(partnership, child, "absent", "csc", 9)
    hidden = {"lawful_basis": "public task", "marking": "restricted", "to": ["police"]}
    observe(partnership, child, "stays_overnight", "hv", 5, sharing=hidden)
    assert say(partnership, child, "decisions", decision(), "gp")["decision"]["standing"] == "standing"
    partnership.detect(child)
    (by_gp,) = listed(partnership, child, "gp")
    assert (by_gp["standing"], by_gp["findings"], by_gp["withheld"]) == ("standing", [], [])
    (by_police,) = listed(partnership, child, "police")
    assert by_police["standing"] == "not_standing"


def test_a_key_that_may_not_read_gets_its_receipt(partnership: Partnership, child: str) -> None:
    """The decision is recorded, and what it rests on is not told, with the reason."""
    _, key = partnership.issue("csc", scopes=["work"])
    body = {"event_id": partnership.event(), **decision()}
    told = stored(partnership.post(f"/children/{child}/decisions", body, key=key))
    assert (told["decision"], told["decision_not_told"]["code"]) == (None, "scope_missing")
    assert told["receipt"]


def test_a_decision_is_kept_though_it_cannot_be_weighed(
    partnership: Partnership, child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with the weighing, the entry is there and the answer says so."""

    def broken(*_args: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(weigh_decision, "assumptions", broken)
    made = say(partnership, child, "decisions", decision())
    assert made["decision"]["standing"] is None
    assert "could not be worked out" in made["decision"]["why"]
    monkeypatch.setattr(weigh_decision, "deliberate", broken)
    monkeypatch.setattr("ledger.services.read_decisions.deliberate", broken)
    made = say(partnership, child, "decisions", decision())
    assert (made["decision"], made["decision_not_told"]["code"]) == (None, "not_worked_out")
    monkeypatch.undo()
    assert len(listed(partnership, child)) == 2


def test_what_is_told_of_decisions_has_somebody_to_tell() -> None:
    """Both kinds of entry leave a row to be told."""
    assert {"decision", "decision_override"} <= TELLS


def test_detection_says_so_and_the_agency_that_decided_is_told(
    partnership: Partnership, child: str, contested: dict[str, Any]
) -> None:
    """Whoever leads has the alert, with both sides and whom to ring; the agency that decided hears of it once."""
    partnership.detect(child)
    (alert,) = [
        one for one in stored(partnership.get("/alerts", "csc"))["alerts"] if one["finding"]["kind"] == "decision_basis"
    ]
    found = alert["finding"]
    assert found["headline"] == (
        "What was said by HV speaks against what the decision “panel view” of CSC relies on: the father’s presence"
    )
    assert "who stays the night" in found["ask"]
    assert [side["name"] for side in found["sides"]] == [
        "What was decided, and what agrees with it", "What speaks against it",
    ]  # fmt: skip
    assert "hv" in {one["agency"] for one in found["ring"]}
    (one,) = listed(partnership, child)
    assert [(each["finding"], each["at_once"]) for each in one["findings"]] == [(found["finding"], True)]
    assert feed(partnership, "agency:csc") == ["decision.not_standing"]


def test_later_evidence_questions_a_standing_decision(partnership: Partnership, child: str) -> None:
    """The finding comes with the word against it, and the agency that decided is told so."""
    observe(partnership, child, "absent", "csc", 9)
    say(partnership, child, "decisions", decision())
    partnership.detect(child)
    assert feed(partnership, "agency:csc") == []
    observe(partnership, child, "stays_overnight", "hv", 5)
    partnership.detect(child)
    assert feed(partnership, "agency:csc") == ["decision.questioned"]
    (one,) = listed(partnership, child)
    assert (one["standing"], one["questioned"]) == ("standing", True)
    assert [each["at_once"] for each in one["findings"]] == [False]


def test_what_is_only_pointed_to_bars_it_with_whom_to_ring(partnership: Partnership, child: str) -> None:
    """Restricted to police, the word of hv is a pointer to whoever leads: their decision does not stand, ring hv."""
    observe(partnership, child, "absent", "csc", 9)
    hidden = {"lawful_basis": "public task", "marking": "restricted", "to": ["police"]}
    observe(partnership, child, "stays_overnight", "hv", 5, sharing=hidden)
    made = say(partnership, child, "decisions", decision())["decision"]
    assert (made["standing"], [one["agency"] for one in made["withheld"]]) == ("standing", ["hv"])
    partnership.detect(child)
    (one,) = listed(partnership, child)
    assert one["standing"] == "not_standing"
    (found,) = one["findings"]
    assert (found["withheld"], [ring["agency"] for ring in found["ring"]]) == (True, ["hv"])
    assert "stays overnight" not in str(one)


def test_who_overrides_is_of_an_agency_that_is_there(
    partnership: Partnership, child: str, contested: dict[str, Any]
) -> None:
    """The same person is no second by an agency of their own making, one that has ended, or another spelling."""
    told = override(contested["id"], second={"agency": "nowhere", "person": "sw1"})
    refused(send(partnership, child, "decision-overrides", told), 422, "agency_not_known", "/second/agency")
    own = decision(override={"reason": "-", "second": told["second"]})
    refused(send(partnership, child, "decisions", own), 422, "agency_not_known", "/override/second/agency")
    for second in ("s\u200bw1", "SW-1.", "\uff53\uff57\uff11"):
        spelt = override(contested["id"], second=second)
        refused(send(partnership, child, "decision-overrides", spelt), 422, "second_is_first", "/second")
    end_agency(partnership.engine("ledger_admin"), chance, agency="police", reason="Merged.", now=datetime.now(UTC))
    gone = override(contested["id"], second={"agency": "police", "person": "inspector"})
    refused(send(partnership, child, "decision-overrides", gone), 422, "agency_not_known", "/second/agency")


def test_why_says_that_others_hold_what_was_not_weighed(partnership: Partnership, child: str) -> None:
    """Whoever is pointed to something is told that it was not weighed, preview and list alike; who is not, is not."""
    observe(partnership, child, "absent", "csc", 9)
    pointer = {"lawful_basis": "public task", "marking": "pointer"}
    observe(partnership, child, "stays_overnight", "hv", 5, sharing=pointer)
    path = f"/children/{child}/decisions/preview?kind={UNLISTED}"
    assert NOT_WEIGHED in stored(partnership.get(path, "csc"))["decision"]["why"]
    made = say(partnership, child, "decisions", decision())["decision"]
    assert (made["standing"], [one["agency"] for one in made["withheld"]]) == ("standing", ["hv"])
    assert NOT_WEIGHED in made["why"]
    assert NOT_WEIGHED in listed(partnership, child)[0]["why"]
    assert NOT_WEIGHED not in listed(partnership, child, "hv")[0]["why"]


def test_a_claim_that_is_pointed_to_was_not_weighed(partnership: Partnership, child: str) -> None:
    """Of an entry that is seen but for one claim the decider is told whom to ring, as of one held back whole."""
    observe(partnership, child, "absent", "csc", 9)
    pointer = {"lawful_basis": "public task", "marking": "pointer"}
    against = {"about": "father", "attribute": "presence", "value": "stays_overnight", "basis": "seen"}
    plain = {"about": "child", "attribute": "gp_registration", "value": "registered", "basis": "own_record"}
    body = partnership.observation(child, narrative="-", claims=[plain, {**against, "sharing": pointer}])
    stored(partnership.post("/observations", body, "hv"))
    made = say(partnership, child, "decisions", decision())["decision"]
    assert [one["agency"] for one in made["withheld"]] == ["hv"]
    assert NOT_WEIGHED in made["why"]
    assert "stays overnight" not in str(made)


def test_a_home_that_is_not_agreed_is_worded_as_a_disagreement(partnership: Partnership, child: str) -> None:
    """Nothing has begun: agencies say what cannot all be so, and the last word of each is there."""
    observe(partnership, child, "absent", "csc", 9)
    observe(partnership, child, "visits", "hv", 8)
    observe(partnership, child, "stays_overnight", "hv", 5)
    told = say(partnership, child, "decisions", decision(kind="close", relies_on=[]))["decision"]
    (home,) = [one for one in told["assumptions"] if one["item"] == "household_agreed"]
    assert "cannot all be so" in home["words"]
    assert "has begun" not in home["words"]
    assert {one["agency"]: one["words"].rpartition(": ")[2] for one in home["latest"]} == {
        "csc": "absent", "hv": "stays overnight",
    }  # fmt: skip


def test_decisions_are_read_by_pages(partnership: Partnership, child: str) -> None:
    """The newest first, and each once; one page weighs no more than its own."""
    made = [say(partnership, child, "decisions", decision(kind=f"view_{place}"))["id"] for place in range(3)]
    first = stored(partnership.get(f"/children/{child}/decisions?limit=2", "csc"))
    assert [one["entry"] for one in first["decisions"]] == [made[2], made[1]]
    rest = stored(partnership.get(f"/children/{child}/decisions?limit=2&before={first['next']}", "csc"))
    assert ([one["entry"] for one in rest["decisions"]], rest["next"]) == ([made[0]], None)
    for query in ("limit=21", "limit=0", "before=0", "before=x"):
        refused(partnership.get(f"/children/{child}/decisions?{query}", "csc"), 422)


def test_a_place_is_what_its_sender_saw_there(partnership: Partnership, child: str) -> None:
    """Who sees a part of an entry relies on what stands for them at the place that they name, whoever reads it."""
    day = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    claims: list[dict[str, Any]] = [
        {"about": who, "attribute": "presence", "value": "absent", "valid": f"{day}/..", "basis": "seen"}
        for who in ("mother", "father")
    ]
    claims[0]["sharing"] = {"marking": "restricted", "to": [], "lawful_basis": "public_task"}
    body = partnership.observation(child, observed=day, narrative="-", claims=claims)
    entry = str(stored(partnership.post("/observations", body, "hv"))["id"])
    sent = decision(relies_on=[{"entry": entry, "index": 0}])
    made = say(partnership, child, "decisions", sent)
    for agency in ("csc", "hv"):
        (one,) = listed(partnership, child, agency)
        (stated,) = [each for each in one["assumptions"] if each["item"] == "stated"]
        assert stated["question"]["about"] == "father", agency
    assert made["decision"]["assumptions"][0]["question"]["about"] == "father"
