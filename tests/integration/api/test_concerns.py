"""Concerns, supervision and the history of a child over the interface, as each reader may see them."""

from typing import Any

import pytest

from tests.partnership import Partnership, refused, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom csc, hv, gp and police are involved with."""
    return partnership.child(involve=["csc", "hv", "gp", "police"])


def send(partnership: Partnership, child: str, collection: str, body: dict[str, Any], agency: str) -> Any:
    return partnership.post(f"/children/{child}/{collection}", {"event_id": partnership.event(), **body}, agency)


def raised(partnership: Partnership, child: str, agency: str = "gp", **changes: Any) -> str:
    body = {"what": "He flinches when he is touched.", "topic": "harm", **changes}
    return str(stored(send(partnership, child, "concerns", body, agency))["id"])


def answer(partnership: Partnership, child: str, of: str, agency: str, **changes: Any) -> Any:
    body = {"of": of, "answer": "answered", "how": ["examined"], "reason": "No injury.", **changes}
    return send(partnership, child, "concern-answers", body, agency)


def read(partnership: Partnership, child: str, what: str, agency: str = "csc") -> dict[str, Any]:
    found: dict[str, Any] = stored(partnership.get(f"/children/{child}/{what}", agency))
    return found


def test_a_concern_is_open_until_it_is_answered(partnership: Partnership, child: str) -> None:
    """Neither what came later nor a thinner answer closes it; one that goes deep enough does, and is told with it."""
    concern = raised(partnership, child)
    stored(partnership.post("/observations", partnership.observation(child), "hv"))
    stored(answer(partnership, child, concern, "hv", answer="in_part", how=["told"], reason="Mother says he is shy."))
    (one,) = read(partnership, child, "concerns?state=open")["concerns"]
    assert (one["entry"], one["state"], one["needs"], one["overdue"]) == (concern, "open", "examined", False)
    assert [each["answer"] for each in one["answers"]] == ["in_part"]
    refused(answer(partnership, child, concern, "hv", how=["seen", "told"]), 422, "goes_less_deep")
    last = stored(answer(partnership, child, concern, "hv"))["id"]
    assert read(partnership, child, "concerns?state=open")["concerns"] == []
    (one,) = read(partnership, child, "concerns?state=closed", "gp")["concerns"]
    assert (one["closed_by"], one["due"]) == (last, None)


def test_only_who_raised_it_takes_it_back(partnership: Partnership, child: str) -> None:
    """Others are refused, and so is an answer to what is no concern, without how, or on a topic that there is not."""
    concern = raised(partnership, child)
    refused(answer(partnership, child, concern, "hv", answer="withdrawn"), 409, "not_yours_to_take_back")
    other = stored(partnership.post("/observations", partnership.observation(child), "hv"))["id"]
    refused(answer(partnership, child, other, "hv"), 422, "concern_not_known")
    body = {"of": concern, "answer": "answered", "reason": "Seen."}
    refused(send(partnership, child, "concern-answers", body, "hv"), 422, "needs_how")
    refused(send(partnership, child, "concerns", {"what": "-", "topic": "luck"}, "hv"), 422, "topic_not_known")
    stored(answer(partnership, child, concern, "gp", answer="withdrawn", reason="Another boy."))
    assert read(partnership, child, "concerns?state=open")["concerns"] == []


def test_a_concern_that_is_held_back_is_not_there(partnership: Partnership, child: str) -> None:
    """Restricted, it and its answers are told to nobody else, who cannot answer; a pointer says who holds it."""
    sharing = {"marking": "restricted", "to": ["csc"], "lawful_basis": "public task"}
    concern = raised(partnership, child, sharing=sharing)
    stored(answer(partnership, child, concern, "csc", answer="cannot_say"))
    assert len(read(partnership, child, "concerns")["concerns"]) == 1
    hidden = read(partnership, child, "concerns", "hv")
    assert (hidden["concerns"], hidden["withheld"]) == ([], [])
    refused(answer(partnership, child, concern, "hv"), 422, "concern_not_known")
    pointer = raised(partnership, child, sharing={"marking": "pointer", "lawful_basis": "public task"})
    told = read(partnership, child, "concerns", "hv")
    assert [one["agency"] for one in told["withheld"]] == ["gp"]
    assert pointer not in str(told["concerns"])


def test_supervision_says_what_is_open_since_the_last(partnership: Partnership, child: str) -> None:
    """Findings, alerts and concerns from before the last supervision of one's agency and since are told apart."""
    alert = partnership.alert(child)
    before = read(partnership, child, "supervisions")
    assert (before["supervisions"], before["since"]) == ([], None)
    assert [one["is_new"] for one in before["open"]["alerts"]] == [True]
    body = {"with": {"agency": "csc", "person": "mgr1"}, "about": "The father.", "notes": "Ask him."}
    stored(send(partnership, child, "supervisions", body, "csc"))
    concern = raised(partnership, child)
    open_now = read(partnership, child, "supervisions")
    assert open_now["since"]["notes"] == "Ask him."
    assert {one["alert"]["id"]: one["is_new"] for one in open_now["open"]["alerts"]} == {alert["id"]: False}
    assert [(one["entry"], one["is_new"]) for one in open_now["open"]["concerns"]] == [(concern, True)]
    assert {one["is_new"] for one in open_now["open"]["findings"]} == {False}
    assert None not in open_now["open"].values()
    stored(partnership.post(f"/alerts/{alert['id']}/actions", {"event_id": "a1", "action": "rang"}, "csc"))
    partnership.detect(child)
    assert read(partnership, child, "supervisions")["open"]["alerts"] == []


def test_the_history_tells_what_was_before(partnership: Partnership, child: str) -> None:
    """Episodes with what came of them, what was tried, injuries by the thing that each is, and who is a sibling."""
    referral = stored(send(partnership, child, "referrals", {"to": "csc", "reason": "A bruise."}, "hv"))["id"]
    stored(send(partnership, child, "replies", {"of": referral, "answer": "declined", "reason": "Threshold."}, "csc"))
    action = stored(send(partnership, child, "actions", {"what": "Weigh.", "owner": {"agency": "hv"}}, "csc"))["id"]
    stored(send(partnership, child, "done", {"of": action}, "hv"))
    claims = [
        {"about": "child", "attribute": "injury", "thing": "arm", "value": "bruise", "basis": "seen"},
        {"about": "child", "attribute": "account", "thing": "arm", "value": "low_fall", "basis": "told",
         "informant": "mother"},
    ]  # fmt: skip
    people = [
        {"ref": "s1", "role": "half-brother", "name": "Kit"},
        {"ref": "s2", "role": "step-sister", "name": "Ada"},
        {"ref": "u1", "role": "mother's brother", "name": "Liam"},
        {"ref": "f1", "role": "father of the half-brother", "name": "Tom"},
    ]
    stored(partnership.post("/observations", partnership.observation(child, claims=claims, people=people), "hv"))
    told = read(partnership, child, "history-pack")
    episode = next(one for one in told["episodes"] if one["sort"] == "referral")
    assert (episode["said"][0]["entry"], "Threshold" in episode["last_word"]) == (referral, True)
    tried = next(one for one in told["tried"] if one["sort"] == "action")
    assert [one["entry"] for one in tried["said"]] == [action]
    assert "done" in tried["last_word"]
    (injury,) = told["injuries"]
    assert len(injury["said"]) == 2
    assert sorted(one["label"] for one in told["siblings"]) == ["Ada", "Kit"]


def test_a_siblings_record_is_opened_or_pointed_to(partnership: Partnership, child: str) -> None:
    """Where the reader has a part in both, its history is told and that look recorded there; else only whom to ring."""
    both, other = partnership.child("hv", involve=["hv", "csc"]), partnership.child("gp", involve=["gp"])
    stored(send(partnership, both, "concerns", {"what": "Both boys are thin."}, "hv"))
    stored(send(partnership, both, "decisions", {"kind": "close", "reason": "Well."}, "hv"))
    also = [{"id": both}, {"id": other}]
    stored(partnership.post("/observations", partnership.observation(child, also=also), "hv"))
    told = {one["child"]: one for one in read(partnership, child, "history-pack")["siblings"]}
    assert set(told) == {both}
    assert [one["sort"] for one in told[both]["episodes"]] == ["decision"]
    told = {one["child"]: one for one in read(partnership, child, "history-pack", "hv")["siblings"]}
    assert {name: one["may_read"] for name, one in told.items()} == {both: True, other: False}
    assert "episodes" not in told[other]
    assert read(partnership, child, "history-pack", "police")["siblings"] == []
    with partnership.acting("ledger_auditor", party="auditor") as connection:
        looks = connection.exec_driver_sql(
            "SELECT agency_id FROM ledger.access_records WHERE what = 'history pack' AND record_id = %s", (both,)
        ).all()
    assert sorted(row[0] for row in looks) == ["csc", "hv"]
