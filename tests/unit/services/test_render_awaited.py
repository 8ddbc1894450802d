import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.store.findings import StoredFinding
from ledger.store.timeline import StoredEntry
from tests.partnership import default_pack
from tests.unit.services.seeing import CANARY, PSEUDONYM, entry, finding, observation, render, seen_by

DUE = "2022-10-03T23:00:00+00:00"
NOW = datetime(2022, 10, 6, 11, 0, tzinfo=UTC)
OFFER = {"of": "work", "to": {"agency": "hv"}, "due": "2022-10-03"}
REPLY = {"of": f"{PSEUDONYM}.1", "answer": "declined", "reason": "No worker is free."}
BRUISE = seen_by(about="child", attribute="injury", value="bruise", thing="left-cheek")


def awaiting(*sides: list[int], **more: Any) -> StoredFinding:
    marks = {"topic": "handover", "due": DUE, "owed_by": "hv", "is_lapsed": True} | more.pop("marks", {})
    return finding(*sides, kind="expectation", **{"rule": "a_rule_on_handovers", "marks": marks} | more)


def fixed(**marks: Any) -> StoredFinding:
    marks = {"tier": "interrupt", "topic": "referral", "due": DUE, "owed_by": "hv"} | marks
    return finding([1], kind="expectation", rule="injury_to_baby_not_mobile", evidence=[2], marks=marks)


def told(found: StoredFinding, *entries: StoredEntry, **more: Any) -> dict[str, Any]:
    rendered = render(found, entries, default_pack(), **more)
    assert json.loads(json.dumps(rendered)) == rendered
    return rendered


def test_what_is_awaited_names_who_owes_it_and_by_when() -> None:
    """What, from whom with a number to ring, by when, and what to do about it; who owes it is rung first."""
    rendered = told(awaiting([1]), entry(1, "police", "handover", OFFER), now=NOW)
    awaited = rendered["awaited"]
    assert awaited["words"] == "Word that it is taken over"
    assert (awaited["owed_by"], awaited["owed_by_words"], awaited["contact"]) == (
        "hv",
        "Health visiting",
        "01743 000111",
    )
    assert (awaited["due_words"], awaited["lapsed"]) == ("the end of 3 October 2022", True)
    assert awaited["to_do"].startswith("Ring Health visiting: is it theirs now?")
    assert [one["agency"] for one in rendered["ring"]] == ["hv", "police"]
    assert [side["name"] for side in rendered["sides"]] == ["What happened"]


def test_how_long_it_has_been_is_told_to_who_reads_now() -> None:
    """Elapsed and overdue at the reading of an open finding; nothing of a closed one, nor of a point in the past."""
    offer = entry(1, "csc", "handover", OFFER)
    now = told(awaiting([1]), offer, now=NOW)["awaited"]["clock_words"]
    assert now == "Overdue by 2 days and 12 hours. 5 days since the clock began."
    assert told(awaiting([1]), offer)["awaited"]["clock_words"] is None
    assert told(awaiting([1], closed_number=21), offer, now=NOW)["awaited"]["clock_words"] is None


def test_a_refusal_is_told_with_its_reason() -> None:
    """That it was declined, by whom and why; and that this does not end it."""
    offer, reply = entry(1, "csc", "handover", OFFER), entry(2, "hv", "reply", REPLY)
    rendered = told(awaiting([1, 2]), offer, reply, now=NOW)
    (refused,) = rendered["awaited"]["refused"]
    assert (refused["agency_name"], refused["words"]) == (
        "Health visiting",
        "Answer to entry 1: declined: “No worker is free”",
    )
    assert "manager on both sides" in rendered["awaited"]["to_do"]
    assert rendered["headline"].startswith("Declined: the hand-over of the work")


@pytest.mark.parametrize(
    ("rule", "words"),
    [("action_not_done", "the part that nobody has"), ("a_rule_of_no_pack", "whoever leads the work")],
)
def test_who_owes_it_is_described_where_no_agency_is_known(rule: str, words: str) -> None:
    """By what the act says, else by who has the work: never an empty place."""
    action = entry(1, "csc", "action", {"what": "A visit.", "owner": {"agency": "the part that nobody has"}})
    marks = {"topic": "action", "owed_by": ""}
    assert told(awaiting([1], rule=rule, marks=marks), action)["awaited"]["owed_by_words"].startswith(words)


def test_what_has_come_waits_for_two_people() -> None:
    """What came is listed with its entry; who has signed, and that a second person is needed."""
    entries = (observation(1, "hv", BRUISE), entry(2, "hv", "referral", {"to": "csc", "reason": "A bruise."}))
    awaited = told(fixed(is_met=True), *entries)["awaited"]
    assert (awaited["met"], awaited["needs_two"], awaited["signed"]) == (True, True, [])
    assert [(one["number"], one["words"]) for one in awaited["arrived"]] == [
        (2, "Referral to Children’s social care: “A bruise”")
    ]
    assert "Nobody has yet" in awaited["signed_words"]
    signed = told(fixed(is_met=True, signed=["csc/sw1"]), *entries)["awaited"]
    assert signed["signed"] == [{"agency": "csc", "agency_name": "Children’s social care"}]
    assert "a second, another, is needed" in signed["signed_words"]
    assert signed["lapsed"] is False


def test_nobody_is_told_that_nothing_came_where_it_came_out_of_their_sight() -> None:
    """What answers it is withheld: they are told to ring, and not that it is missing."""
    referral = {"to": "csc", "reason": CANARY, "sharing": {"marking": "restricted"}}
    rendered = told(fixed(is_met=True), observation(1, "csc", BRUISE), entry(2, "police", "referral", referral))
    assert rendered["withheld"]
    assert [one["agency"] for one in rendered["ring"]] == ["police"]
    assert CANARY not in json.dumps(rendered)


def test_a_refusal_that_is_withheld_leaves_no_trace() -> None:
    """Without a rule that bears the rest out, a hidden refusal makes a pointer; its reason is nowhere."""
    reply = REPLY | {"reason": CANARY, "sharing": {"marking": "restricted"}}
    rendered = told(awaiting([1, 2]), entry(1, "csc", "handover", OFFER), entry(2, "police", "reply", reply))
    assert rendered["withheld"]
    assert CANARY not in json.dumps(rendered)
    assert "eclined" not in json.dumps(rendered)


def test_what_it_is_asked_for_by_is_judged_away_where_it_is_withheld() -> None:
    """A visit missed under a plan that this reader may not read of: a pointer, and no word of the plan."""
    plan = seen_by(about="child", attribute="plan", value="active", item="child protection plan", basis="own_record")
    missed = entry(2, "hv", "contact", {"observed": "2022-10-04", "outcome": "no_access"})
    found = awaiting([2], rule="missed_contact_on_a_plan", evidence=[1], marks={"topic": "contact"})
    assert not told(found, observation(1, "police", plan), missed).get("withheld")
    rendered = told(found, observation(1, "police", plan, narrative=CANARY, marking="restricted"), missed)
    assert rendered["withheld"]
    assert CANARY not in json.dumps(rendered)
    assert "plan" not in json.dumps(rendered["headline"])
