"""Who knows what of a child: who is involved, who has not seen what, what rests on little, what was borne out."""

import os
from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.services.end_agency import end_agency
from tests.integration.api.test_sharing import ask, reply, requests
from tests.partnership import Partnership, refused, stored

RESTRICTED = {"marking": "restricted", "to": [], "lawful_basis": "public task"}
STAYS = {"about": "father", "attribute": "presence", "value": "stays_overnight", "basis": "told", "informant": "mother"}
GONE = {**STAYS, "value": "no_contact"}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv and csc are involved with."""
    return partnership.child(involve=["hv", "csc"])


def post(partnership: Partnership, child: str, agency: str = "hv", **said: Any) -> dict[str, Any]:
    answer = partnership.post("/observations", partnership.observation(child, **said), agency)
    told: dict[str, Any] = stored(answer)
    return told


def get(partnership: Partnership, child: str, what: str, agency: str = "hv") -> dict[str, Any]:
    found: dict[str, Any] = stored(partnership.get(f"/children/{child}/{what}", agency))
    return found


def named(partnership: Partnership, child: str, entry: str, index: int = 0, **changes: Any) -> Any:
    body = {
        "to": "gp",
        "about": "father",
        "asks": "Do you hold anything on whether he stays there?",
        "purpose": "A step-down is being thought of.",
        "lawful_basis": "public_task",
        "by": "2030-01-31",
        "claim": {"entry": entry, "index": index},
        "event_id": partnership.event(),
        **changes,
    }
    return partnership.post(f"/children/{child}/information-requests", body, "csc")


# ── on posting ──


def test_a_post_says_who_has_not_seen_it_and_what_nobody_else_holds(partnership: Partnership, child: str) -> None:
    """That the father stays is held here alone while another agency was told that he is gone; not once both hold it."""
    post(partnership, child, "csc", claims=[GONE])
    told = post(
        partnership, child, claims=[{**STAYS, "about": "child", "attribute": "gp_registration"} | _PLAIN, STAYS]
    )
    assert told["not_seen_by"] == ["csc"]
    assert told["held_only_here"] == [1]
    again = post(partnership, child, "csc", claims=[STAYS])
    assert again["not_seen_by"] == ["hv"]
    assert "held_only_here" not in again


_PLAIN = {"value": "registered", "basis": "own_record"}


def test_a_retry_is_answered_as_of_then(partnership: Partnership, child: str) -> None:
    """Whoever took part since is not among those who had not seen it, and having read it since changes nothing."""
    body = partnership.observation(child, claims=[STAYS])
    first = stored(partnership.post("/observations", body, "hv"))
    partnership.involve(child, "gp")
    get(partnership, child, "timeline", "csc")
    second = stored(partnership.post("/observations", body, "hv"))
    assert (second["not_seen_by"], second["held_only_here"]) == (first["not_seen_by"], first["held_only_here"])


def test_who_is_not_involved_is_told_neither(partnership: Partnership, child: str) -> None:
    """Posting opens nothing: not who takes part, and not what others hold."""
    told = post(partnership, child, "police", claims=[STAYS])
    assert told.keys() & {"not_seen_by", "held_only_here"} == set()


def test_what_others_hold_back_does_not_count(partnership: Partnership, child: str) -> None:
    """A claim that another agency hides, in whichever way, is held by nobody else as far as the sender may know."""
    hidden = {**STAYS, "sharing": RESTRICTED}
    for said in ({"claims": [STAYS], "sharing": RESTRICTED}, {"claims": [hidden, {**STAYS, "about": "mother"}]}):
        post(partnership, child, "csc", **said)
    people = [{"ref": "f1", "role": "father", "sharing": RESTRICTED}]
    post(partnership, child, "csc", people=people, claims=[{**STAYS, "about": "f1"}])
    assert post(partnership, child, claims=[STAYS])["held_only_here"] == [0]


# ── who is involved, and who has not seen what ──


def test_who_is_involved_with_when_they_last_posted_and_looked(partnership: Partnership, child: str) -> None:
    """Each agency with its role and whom to ring; an entry is no last post to whom it is hidden from."""
    post(partnership, child, "csc")
    before = {one["agency"]: one for one in get(partnership, child, "involved")["agencies"]}
    post(partnership, child, "csc", sharing=RESTRICTED)
    get(partnership, child, "timeline", "csc")
    after = {one["agency"]: one for one in get(partnership, child, "involved")["agencies"]}
    assert set(after) == {"hv", "csc"}
    assert after["csc"]["last_posted"] == before["csc"]["last_posted"]
    assert before["csc"]["last_read"] is None
    assert after["csc"]["last_read"] is not None
    assert after["csc"]["contact"]
    own = {one["agency"]: one for one in get(partnership, child, "involved", "csc")["agencies"]}
    assert own["csc"]["last_posted"] > after["csc"]["last_posted"]


def test_unseen_until_it_was_read(partnership: Partnership, child: str) -> None:
    """Neither posting nor asking who has not seen it is seeing it: reading the record is, and being sent it is."""
    first = post(partnership, child)["id"]
    post(partnership, child, "csc")
    get(partnership, child, "involved", "csc")
    assert unseen_by(partnership, child, "csc") == {first}
    get(partnership, child, "timeline", "csc")
    assert unseen_by(partnership, child, "csc") == set()
    later = post(partnership, child)["id"]
    referral = {"event_id": partnership.event(), "to": "csc", "reason": "He stays there."}
    stored(partnership.post(f"/children/{child}/referrals", referral, "hv"))
    assert unseen_by(partnership, child, "csc") == {later}
    counts = {one["agency"]: one["unseen"] for one in get(partnership, child, "unseen")["agencies"]}
    assert counts == {"hv": 1, "csc": 1}


def test_of_what_is_held_back_the_author_alone_is_told(partnership: Partnership, child: str) -> None:
    """An author sees from whom an entry is kept; whom it is kept from sees nothing of it, and nobody counts it."""
    partnership.involve(child, "gp")
    hidden = post(partnership, child, sharing={**RESTRICTED, "to": ["gp"]})["id"]
    own = {one["entry"]: one for one in get(partnership, child, "unseen")["entries"]}
    assert own[hidden]["held_back_from"] == ["csc"]
    assert own[hidden]["not_seen_by"] == ["gp"]
    others = {one["entry"]: one for one in get(partnership, child, "unseen", "gp")["entries"]}
    assert "held_back_from" not in others[hidden]
    kept = get(partnership, child, "unseen", "csc")
    assert hidden not in str(kept)
    assert {one["unseen"] for one in kept["agencies"]} == {0}


def unseen_by(partnership: Partnership, child: str, agency: str) -> set[str]:
    found = get(partnership, child, "unseen")["entries"]
    return {one["entry"] for one in found if agency in one["not_seen_by"]}


# ── what rests on little ──


def test_what_rests_on_one_persons_word(partnership: Partnership, child: str) -> None:
    """Two agencies that repeat the mother are one word; once a neighbour says so too it no longer rests on hers."""
    for agency in ("hv", "csc"):
        post(partnership, child, agency, claims=[GONE])
    found = get(partnership, child, "sources")
    (word,) = [one for topic in found["one_word"] for one in topic["statements"]]
    assert (word["whose"], word["standing"]) == ("the mother", "interested")
    assert {place["agency"] for place in word["told"]} == {"hv", "csc"}
    assert found["held_by_one"] == []
    neighbour = [{"ref": "n1", "role": "neighbour"}]
    post(partnership, child, people=neighbour, claims=[{**GONE, "informant": "n1"}])
    assert [one for topic in get(partnership, child, "sources")["one_word"] for one in topic["statements"]] == []


def test_what_one_agency_alone_holds(partnership: Partnership, child: str) -> None:
    """Of two accounts that cannot both be so each is held by one; the other, where it is seen, speaks against it."""
    stays = post(partnership, child, claims=[STAYS])["id"]
    gone = post(partnership, child, "csc", claims=[GONE], sharing={**RESTRICTED, "to": ["gp"]})["id"]
    found = get(partnership, child, "sources")
    assert [(one["entry"], one["denied_by"]) for one in found["held_by_one"]] == [(stays, [])]
    assert gone not in str(found)
    own = get(partnership, child, "sources", "csc")["held_by_one"]
    assert {one["entry"]: one["denied_by"] for one in own} == {stays: ["csc"], gone: ["hv"]}


# ── corroboration ──


def test_a_claim_is_asked_about_and_the_answer_stands_beside_it(partnership: Partnership, child: str) -> None:
    """The request names the claim, the answer says what its entries bear, and the record says what they do to it."""
    partnership.involve(child, "gp")
    entry = post(partnership, child, claims=[STAYS])["id"]
    request = stored(named(partnership, child, entry))["id"]
    (told,) = get(partnership, child, "corroboration", "csc")["claims"]
    assert (told["entry"], told["index"], told["state"]) == (entry, 0, "alone")
    assert (told["requests"][0]["to"], told["requests"][0]["state"]) == ("gp", "open")
    seen = {**STAYS, "basis": "seen"}
    seen.pop("informant")
    own = post(partnership, child, "gp", claims=[seen])["id"]
    stored(reply(partnership, child, request, "gp", answer="answered", bears="out", entries=[own]))
    (told,) = get(partnership, child, "corroboration")["claims"]
    answer = told["requests"][0]["answer"]
    assert (answer["bears"], answer["entries"]) == ("out", [own])
    assert told["state"] == "borne_out"
    assert [one["entry"] for one in told["borne_out_by"]] == [own]


def test_what_cannot_be_asked_about(partnership: Partnership, child: str) -> None:
    """A claim that is not there, not seen, voided or the asked agency's own; a hidden one without saying to whom."""
    hidden = post(partnership, child, claims=[STAYS], sharing=RESTRICTED)["id"]
    open_to_csc = post(partnership, child, claims=[STAYS], sharing={**RESTRICTED, "to": ["csc"]})["id"]
    plain = post(partnership, child, claims=[STAYS])["id"]
    for entry, index in ((hidden, 0), (plain, 1), (plain.rsplit(".", 1)[0] + ".999", 0)):
        refused(named(partnership, child, entry, index), 422, "claim_not_known", "/claim")
    refused(named(partnership, child, plain, to="hv"), 422, "asked_itself", "/to")
    refused(named(partnership, child, open_to_csc), 422, "say_who_may_see", "/sharing")
    stored(named(partnership, child, open_to_csc, sharing={**RESTRICTED, "to": ["gp"]}))
    void = {"event_id": partnership.event(), "voids": plain, "reason": "wrong child"}
    stored(partnership.post(f"/children/{child}/voids", void, "hv"))
    refused(named(partnership, child, plain), 422, "claim_not_known", "/claim")


def test_an_answer_bears_on_what_was_asked_by_entries_of_ones_own(partnership: Partnership, child: str) -> None:
    """What was never asked is not answered; what bears something out is an entry of the answering agency's own."""
    entry = post(partnership, child, claims=[STAYS])["id"]
    request, other = stored(named(partnership, child, entry))["id"], ask(partnership, child, to="gp")["id"]
    refused(reply(partnership, child, entry, "csc", bears="cannot_say"), 422, "request_not_yours", "/of")
    refused(reply(partnership, child, request, "police", bears="cannot_say"), 404)
    refused(reply(partnership, child, other, "gp", bears="cannot_say"), 422, "names_no_claim", "/bears")
    refused(reply(partnership, child, request, "gp", answer="answered"), 422, "needs_bears", "/bears")
    refused(reply(partnership, child, request, "gp", bears="out"), 422, "needs_entries", "/entries")
    refused(reply(partnership, child, request, "gp", bears="out", entries=[entry]), 422, "entry_not_yours", "/entries")
    stored(reply(partnership, child, request, "gp", bears="cannot_say"))


def test_whom_one_asks_is_shown_the_claim_as_its_marks_allow(partnership: Partnership, child: str) -> None:
    """Who is asked and not involved reads that the question names a claim; who is involved reads the claim's words."""
    entry = post(partnership, child, claims=[STAYS])["id"]
    stored(named(partnership, child, entry))
    (asked,) = requests(partnership, "gp")
    assert asked["claim"] == {"withheld": True}
    assert entry not in str(asked)
    assert entry not in str(stored(partnership.get("/notices?after=0", "gp")))
    partnership.involve(child, "gp")
    (asked,) = requests(partnership, "gp")
    assert asked["claim"]["entry"] == entry
    assert "overnight" in asked["claim"]["words"][0]
    (shown,) = [
        one for one in get(partnership, child, "timeline", "gp")["entries"] if one["kind"] == "information_request"
    ]
    assert "claim" not in shown["body"]


def test_an_agency_that_has_ended_takes_no_part(partnership: Partnership, child: str) -> None:
    """From its end on it is not involved, and not among those who have not seen something; before, it was."""
    first = post(partnership, child)
    assert first["not_seen_by"] == ["csc"]
    admin = partnership.engine("ledger_admin")
    end_agency(admin, os.urandom, agency="csc", reason="Merged.", now=datetime.now(UTC))
    said: list[dict[str, Any]] = [{}, {"claims": [STAYS]}]
    for one in said:
        assert "not_seen_by" not in post(partnership, child, **one)
    found = {one["agency"]: one for one in get(partnership, child, "involved")["agencies"]}
    assert (found["csc"]["involved"], found["hv"]["involved"]) == (False, True)
    assert found["csc"]["until"] is not None
    assert [one["agency"] for one in get(partnership, child, "unseen")["agencies"]] == ["hv"]
    then = get(partnership, child, f"involved?known_at={first['recorded_at']}")
    assert {one["agency"]: one["involved"] for one in then["agencies"]} == {"hv": True, "csc": True}


def test_what_was_sent_by_something_hidden_is_not_told(partnership: Partnership, child: str) -> None:
    """Who may not know that something was shared is answered as if it had not been; whoever may know sees it."""
    partnership.involve(child, "police")
    entry = post(partnership, child)["id"]
    body = {
        "event_id": partnership.event(),
        "with": "police",
        "what": "The visit.",
        "decision": "shared",
        "reason": "r",
    }
    more = {"entries": [entry], "lawful_basis": "public_task"}
    share = stored(partnership.post(f"/children/{child}/shares", body | more, "csc"))["id"]
    assert unseen_by(partnership, child, "police") == set()
    mark = {"event_id": partnership.event(), "of": share, "reason": "-", "sharing": {**RESTRICTED, "to": ["police"]}}
    stored(partnership.post(f"/children/{child}/markings", mark, "csc"))
    assert unseen_by(partnership, child, "police") == {entry}
    own = get(partnership, child, "unseen", "csc")["entries"]
    assert "police" not in {agency for one in own if one["entry"] == entry for agency in one["not_seen_by"]}


def test_a_request_keeps_the_claim_that_it_names(partnership: Partnership, child: str) -> None:
    """A claim of the entry that is held back since moves no place: what was asked about is told, and nothing else."""
    entry = post(partnership, child, claims=[{**STAYS, "about": "mother"}, STAYS, {**STAYS, "value": "visits"}])["id"]
    stored(named(partnership, child, entry, 1))
    ((words,),) = [one["words"] for one in get(partnership, child, "corroboration", "csc")["claims"]]
    mark = {"event_id": partnership.event(), "of": entry, "claim": 0, "reason": "-", "sharing": RESTRICTED}
    stored(partnership.post(f"/children/{child}/markings", mark, "hv"))
    for agency, index in (("hv", 1), ("csc", 0)):
        (told,) = get(partnership, child, "corroboration", agency)["claims"]
        assert (told["index"], told["words"]) == (index, [words])
