"""An agency hears back: its feed as CloudEvents, and what waits with the answer to its next post."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat

from ledger.domain.feed import FEED_TYPES
from ledger.services.fan_out import fan_out
from ledger.services.people_leave import leave
from ledger.services.people_say import as_agency
from ledger.services.plan_deliveries import nothing
from ledger.store.database import transaction
from ledger.store.trip import Trip
from tests.chance import chance
from tests.delivering import Deliveries
from tests.integration.services.detecting import History, packs, told
from tests.opened import DUTY_DESK
from tests.partnership import Partnership, refused, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv and csc are involved with, and whom csc leads."""
    record = partnership.child(involve=["hv", "csc"])
    send(partnership, record, "leads", {"agency": "csc", "person": "sw1"}, "csc")
    return record


def send(partnership: Partnership, child: str, collection: str, body: dict[str, Any], agency: str) -> dict[str, Any]:
    answer = partnership.post(f"/children/{child}/{collection}", {"event_id": partnership.event(), **body}, agency)
    return stored(answer)


def tell(partnership: Partnership) -> None:
    """What a worker does in its turn."""
    fan_out(partnership.engine("ledger_worker"), nothing, packs=packs)


def read(partnership: Partnership, agency: str, query: str = "") -> list[dict[str, Any]]:
    """A page of an agency's feed, as the reference library reads it."""
    answer = partnership.get(f"/notices{query}", agency)
    assert (answer.status_code, answer.content_type) == (200, "application/cloudevents-batch+json")
    events = json.loads(answer.data)
    for event in events:
        parsed = JSONFormat().read(None, json.dumps(event))
        assert (parsed.get_specversion(), parsed.get_type(), parsed.get_id()) == ("1.0", event["type"], event["id"])
        assert event["type"] in FEED_TYPES
    return list(events)


def types(partnership: Partnership, agency: str) -> list[str]:
    return [event["type"] for event in read(partnership, agency)]


def disagree(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> str:
    body = {"with": changes.pop("others", ["csc"]), "kind": "threshold", "view": "It was closed too soon.", **changes}
    return str(send(partnership, child, "disagreements", body, agency)["id"])


# ── the feed ──


def test_a_feed_is_read_page_by_page_and_confirmed_by_what_is_asked_for(partnership: Partnership, child: str) -> None:
    """Numbers run from 1; the same is told again until what follows it is asked for, and never after."""
    for _ in range(3):
        send(partnership, child, "referrals", {"to": "hv", "reason": "Weight."}, "csc")
    tell(partnership)
    first = partnership.get("/notices?limit=2", "hv")
    events = json.loads(first.data)
    assert [event["sequence"] for event in events] == ["1", "2"]
    assert first.headers["Link"] == '</api/v1/notices?after=2&limit=2>; rel="next"'
    assert [event["id"] for event in read(partnership, "hv", "?limit=2")] == [event["id"] for event in events]
    assert [event["sequence"] for event in read(partnership, "hv", "?after=2")] == ["3"]
    assert [event["sequence"] for event in read(partnership, "hv")] == ["3"]
    assert [event["sequence"] for event in read(partnership, "hv", "?after=1")] == ["2", "3"]
    assert read(partnership, "hv", "?after=3") == []
    assert read(partnership, "hv") == []
    assert "Link" not in partnership.get("/notices", "hv").headers
    refused(partnership.get("/notices?after=-1", "hv"), 422, "invalid")
    assert read(partnership, "police") == []


def test_a_number_that_a_feed_has_not_come_to_confirms_nothing(partnership: Partnership, child: str) -> None:
    """Of another feed, or of a ledger that was put back since: what was never read is still told."""
    refused(partnership.get("/notices?after=1", "hv"), 422, "bad_cursor")
    for _ in range(2):
        send(partnership, child, "referrals", {"to": "hv", "reason": "Weight."}, "csc")
    tell(partnership)
    refused(partnership.get("/notices?after=3", "hv"), 422, "bad_cursor")
    assert [event["sequence"] for event in read(partnership, "hv")] == ["1", "2"]


def test_what_waits_comes_with_the_answer_to_the_next_post(partnership: Partnership, child: str) -> None:
    """How many, the first ten by type and name, and where to read them; to one post as to a batch."""
    body = partnership.observation(child)
    assert "notices" not in stored(partnership.post("/observations", body, "hv"))
    for _ in range(12):
        send(partnership, child, "referrals", {"to": "hv", "reason": "A secret reason."}, "csc")
    tell(partnership)
    answer = partnership.post("/observations", partnership.observation(child), "hv")
    waits = stored(answer)["notices"]
    assert (waits["waiting"], len(waits["items"]), waits["next"]) == (12, 10, "/api/v1/notices?after=0")
    assert {item["type"] for item in waits["items"]} == {"referral.offered"}
    assert set(waits["items"][0]) == {"sequence", "id", "type", "time"}
    assert "secret" not in json.dumps(waits)
    batch = partnership.post("/observations/batch", [partnership.observation(child)] * 1, "hv").get_json()
    assert (batch["notices"]["waiting"], "notices" in batch["results"][0]) == (12, False)
    read(partnership, "hv", "?after=12")
    assert "notices" not in stored(partnership.post("/observations", partnership.observation(child), "hv"))


def test_a_key_that_only_writes_is_told_of_nothing_that_waits(partnership: Partnership, child: str) -> None:
    """It may not read the feed, so its posts are answered without it; another key of the agency is told as ever."""
    send(partnership, child, "referrals", {"to": "hv", "reason": "Weight."}, "csc")
    tell(partnership)
    for scopes, is_told in ((["observe"], False), (["observe", "read"], True)):
        _, key = partnership.issue("hv", scopes=scopes)
        answer = partnership.app.test_client().post(
            "/api/v1/observations", json=partnership.observation(child), headers={"Authorization": f"Bearer {key}"}
        )
        assert ("notices" in stored(answer)) == is_told


def test_asking_costs_a_post_no_further_trip(
    partnership: Partnership, child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look-up goes with the first trip of the append: a post still takes two."""
    sent: list[Trip] = []
    go = Trip.go

    def counting(self: Trip, **more: Any) -> Any:
        sent.append(self)
        return go(self, **more)

    monkeypatch.setattr(Trip, "go", counting)
    stored(partnership.post("/observations", partnership.observation(child), "hv"))
    assert len(sent) == 2


# ── what is told, and to whom ──


def test_offers_and_their_answers_are_told(partnership: Partnership, child: str) -> None:
    """A referral, a hand-over and a request reach the agency that they are for; each answer whoever made them."""
    offer = send(partnership, child, "handovers", {"of": "work", "to": {"agency": "hv"}}, "csc")["id"]
    referral = send(partnership, child, "referrals", {"to": "hv", "reason": "Weight."}, "csc")["id"]
    asked = {"to": "police", "asks": "What do you hold?", "purpose": "A check.", "lawful_basis": "public_task"}
    request = send(partnership, child, "information-requests", asked, "hv")["id"]
    for of in (offer, referral):
        send(partnership, child, "replies", {"of": of, "answer": "accepted"}, "hv")
    nothing_held = {"of": request, "answer": "nothing_held", "lawful_basis": "public_task"}
    send(partnership, child, "information-answers", nothing_held, "police")
    partnership.involve(child, "duty")
    send(partnership, child, "leads", {"agency": "hv", "person": "hv7"}, "duty")
    tell(partnership)
    assert set(types(partnership, "hv")) == {"handover.offered", "referral.offered", "request.answered", "lead.changed"}
    assert {"handover.answered", "referral.answered", "lead.changed"} <= set(types(partnership, "csc"))
    (asked_of,) = read(partnership, "police")
    assert (asked_of["type"], asked_of["data"]["no_part"], asked_of["data"]["child"]) == ("request.opened", True, child)
    assert "What do you hold?" not in json.dumps(asked_of)
    handed = next(event for event in read(partnership, "hv") if event["type"] == "handover.offered")
    assert handed["data"]["entry"]["body"]["of"] == "work"


def test_an_overtaken_word_is_told_to_whoever_holds_it(partnership: Partnership) -> None:
    """As a chronology tells it: what it held and what came after, to who may see both."""
    history = History(partnership)
    home = {"about": "child", "attribute": "home_conditions"}
    history.post(told("csc", "good", observed="2023-01-10", **home))
    history.post(told("hv", "poor", observed="2023-02-20", basis="seen", **home))
    history.detect()
    assert [body["agency"] for body in history.bodies("notice")] == ["csc"]
    tell(partnership)
    (event,) = [one for one in read(partnership, "csc") if one["type"] == "notice.overtaken"]
    assert {"held", "newer"} <= event["data"]["entry"].keys()


def test_what_is_soon_due_and_what_lapsed_is_told_to_whoever_owes_it(partnership: Partnership) -> None:
    """An answer in a disagreement: hours before it is late, and once it is; to that agency alone."""
    history = History(partnership)
    disagree(partnership, history.record_id)
    with partnership.acting("ledger_worker") as connection:
        began = connection.exec_driver_sql("SELECT ledger.clock_now()").scalar_one()
    history.detect()
    history.move(began + timedelta(days=6))
    history.detect()
    tell(partnership)
    told_csc = {one["type"]: one["data"] for one in read(partnership, "csc")}
    assert told_csc["notice.due_soon"]["entry"]["words"].startswith("Soon due from them: an answer")
    assert told_csc["notice.lapsed"]["finding"]
    assert {one for one in types(partnership, "hv") if one.startswith("notice")} == set()


def test_an_open_prompt_is_told_to_whom_it_could_be_asked_of(partnership: Partnership) -> None:
    """As a post would be answered with it; once it is known, that it has ended."""
    history = History(partnership)
    stored(partnership.post("/observations", partnership.observation(history.record_id), "hv"))
    history.detect()
    tell(partnership)
    events = [one for one in read(partnership, "hv", "?after=0&limit=200") if one["type"] == "prompt.opened"]
    asked = {one["data"]["prompt"]["gap"] for one in events}
    assert ("hv", "notices") in accesses(partnership), "a prompt says what is known, and since when"
    gaps = stored(partnership.get(f"/children/{history.record_id}/gaps", "hv"))["gaps"]
    assert asked
    assert asked <= {gap["gap"] for gap in gaps}
    with transaction(partnership.engine("ledger_worker"), party="ledger") as connection:
        connection.exec_driver_sql("UPDATE ledger.record_gaps SET gaps = '[]'")
    again = [one for one in read(partnership, "hv", "?after=0&limit=200") if one["type"] == "prompt.opened"]
    assert [one["data"]["ended"] for one in again] == [True] * len(events)


def test_both_sides_and_the_lead_hear_of_a_disagreement(partnership: Partnership, child: str) -> None:
    """Of each step of it: the parties' systems, the other side's desk, and whoever leads."""
    partnership.involve(child, "gp")
    of = disagree(partnership, child, others=["gp"])
    answer = {"of": of, "answer": "not_agreed", "view": "Not so."}
    send(partnership, child, "disagreement-replies", answer, "gp")
    send(partnership, child, "disagreement-step-ups", {"of": of, "reason": "We differ."}, "gp")
    send(partnership, child, "disagreement-settlements", {"of": of, "outcome": "agreed", "what": "Seen."}, "hv")
    tell(partnership)
    steps = [f"disagreement.{step}" for step in ("opened", "replied", "stepped_up", "settled")]
    for agency in ("hv", "gp"):
        assert types(partnership, agency) == steps
    assert [one for one in types(partnership, "csc") if one.startswith("disagreement")] == steps
    assert types(partnership, "police") == []
    with partnership.acting("ledger_worker") as connection:
        parties = connection.exec_driver_sql("SELECT DISTINCT party FROM ledger.feed_items").scalars()
        assert {one for one in parties if one.startswith("desk:")} == {"desk:hv", "desk:gp", "desk:csc"}


def test_where_the_lead_has_left_whoever_stands_in_hears_of_a_disagreement(partnership: Partnership) -> None:
    """The duty desk where there was no deputy; the agency of the one who has left is not that of whoever leads."""
    child = partnership.child(involve=["hv", "csc", "gp"])
    Deliveries(partnership).person("gp1", "gp")
    send(partnership, child, "leads", {"agency": "gp", "person": "gp1"}, "gp")
    engine = partnership.context.engine
    leave(engine, as_agency(engine, "gp"), "gp1", chance=chance, now=datetime.now(UTC))
    disagree(partnership, child)
    tell(partnership)
    assert "disagreement.opened" not in types(partnership, "gp")
    with partnership.acting("ledger_worker") as connection:
        query = "SELECT party FROM ledger.feed_items WHERE type = 'disagreement.opened' ORDER BY party"
        told_of = list(connection.exec_driver_sql(query).scalars())
    assert told_of == sorted({"agency:hv", "agency:csc", "desk:csc", f"agency:{DUTY_DESK}", f"desk:{DUTY_DESK}"})


# ── as markings allow ──


@pytest.mark.parametrize("by", ["hv", "csc"])
def test_a_word_of_which_the_holder_may_not_know_overtakes_nothing_for_it(partnership: Partnership, by: str) -> None:
    """It is restricted: that a notice came, with an answer or by webhook, would tell that it is there; whoever leads is
    told, for they may know that.
    """
    history = History(partnership)
    send(partnership, history.record_id, "leads", {"agency": by, "person": "p1"}, by)
    home = {"about": "child", "attribute": "home_conditions"}
    history.post(told("csc", "good", observed="2023-01-10", **home))
    newer = told("hv", "poor", observed="2023-02-20", basis="seen", **home)
    newer["body"]["sharing"] = {"marking": "restricted", "to": ["police"], "lawful_basis": "public_task"}
    history.post(newer)
    history.detect()
    assert [body["agency"] for body in history.bodies("notice")] == ["csc"]
    tell(partnership)
    assert history.rows("SELECT 1 FROM ledger.outbox WHERE record_id = :record") == []
    assert ("notice.overtaken" in types(partnership, "csc")) == (by == "csc")


def test_a_notice_says_no_more_than_its_reader_may_see(partnership: Partnership, child: str) -> None:
    """About a restricted entry whoever leads is told that there is a disagreement and whom to ring, no word of it."""
    partnership.involve(child, "gp")
    sharing = {"marking": "restricted", "to": ["gp"], "lawful_basis": "public_task"}
    entry = stored(partnership.post("/observations", partnership.observation(child, sharing=sharing), "hv"))["id"]
    disagree(partnership, child, about=entry, view="A secret view.", others=["gp"])
    tell(partnership)
    (told_gp,) = read(partnership, "gp")
    assert told_gp["data"]["entry"]["body"]["view"] == "A secret view."
    (told_lead,) = [one for one in read(partnership, "csc") if one["type"] == "disagreement.opened"]
    assert "secret" not in json.dumps(told_lead)
    assert told_lead["data"]["entry"]["sight"] == "withheld"
    looked = accesses(partnership)
    assert {("gp", "notices"), ("csc", "notices")} <= looked


def test_what_was_held_back_since_is_told_no_further(partnership: Partnership, child: str) -> None:
    """Once the entry is restricted, a party that may not know of it hears of no later step; the others do."""
    for agency in ("gp", "police"):
        partnership.involve(child, agency)
    entry = stored(partnership.post("/observations", partnership.observation(child), "hv"))["id"]
    of = disagree(partnership, child, "gp", about=entry, others=["hv", "police"])
    sharing = {"marking": "restricted", "to": ["gp"], "lawful_basis": "public_task"}
    send(partnership, child, "markings", {"of": entry, "sharing": sharing, "reason": "He reads it."}, "hv")
    send(partnership, child, "disagreement-replies", {"of": of, "answer": "not_agreed", "view": "Not so."}, "hv")
    tell(partnership)
    assert types(partnership, "police") == []
    for agency in ("gp", "hv", "csc"):
        assert {"disagreement.opened", "disagreement.replied"} <= set(types(partnership, agency)), agency


def accesses(partnership: Partnership) -> set[tuple[str, str]]:
    """Which agency looked at what."""
    with partnership.acting("ledger_auditor", party="auditor") as connection:
        return {tuple(row) for row in connection.exec_driver_sql("SELECT agency_id, what FROM ledger.access_records")}


def test_of_a_record_in_which_it_has_no_part_any_more_a_notice_says_only_that(partnership: Partnership) -> None:
    """Once its part has ended: neither the child nor the entry; but what is offered to it names the record."""
    history = History(partnership)
    record = history.record_id
    send(partnership, record, "referrals", {"to": "csc", "reason": "Weight."}, "hv")
    of = disagree(partnership, record, "csc", others=["hv"])
    send(partnership, record, "disagreement-replies", {"of": of, "answer": "not_agreed", "view": "Not so."}, "hv")
    tell(partnership)
    with partnership.acting("ledger_worker") as connection:
        at = connection.exec_driver_sql("SELECT ledger.clock_now()").scalar_one()
    end_parts(partnership, "csc")
    history.move(at + timedelta(days=1))
    events = {one["type"]: one for one in read(partnership, "csc", "?after=0")}
    assert set(events["disagreement.replied"]["data"]) == {"meaning", "no_part", "words"}
    assert "subject" not in events["disagreement.replied"]
    assert events["referral.offered"]["data"]["child"] == record
    assert "Weight" not in json.dumps([*events.values()])


def end_parts(partnership: Partnership, agency: str) -> None:
    """Let an agency's parts end now, as if they had been for so long."""
    with transaction(partnership.engine("ledger_rebuild"), party="rebuild") as connection:
        connection.exec_driver_sql(
            "UPDATE ledger.involvements SET until = ledger.clock_now() WHERE agency_id = %s", (agency,)
        )


def test_another_agency_reads_nothing_of_a_feed(partnership: Partnership, child: str) -> None:
    """The database gives an agency its own items and no others."""
    send(partnership, child, "referrals", {"to": "hv", "reason": "Weight."}, "csc")
    tell(partnership)
    with partnership.acting("ledger_web", party="police") as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM ledger.feed_items").scalar() == 0
