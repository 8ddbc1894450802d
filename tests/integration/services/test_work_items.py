"""What is asked of agencies: who is told it, what may be answered, and that the rows are what the entries say."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from ledger.domain.entry import parse_entry_id
from ledger.domain.work import Act, folded
from tests.answers import observation, refused, stored
from tests.integration.services.peopled import Peopled
from tests.integration.services.test_rebuild import differing, rebuilt
from tests.partnership import Partnership

_ITEMS = """
    SELECT number, kind, of, about_number, asked_by, owed_by, asked_at, due_at, state, state_number
    FROM ledger.work_items WHERE record_id = :child ORDER BY number"""
_ENTRIES = """
    SELECT e.number, e.recorded_at, e.agency_id, c.kind, c.content FROM ledger.entries e
    JOIN ledger.contents c USING (record_id, number) WHERE e.record_id = :child ORDER BY e.number"""


@pytest.fixture
def peopled(partnership: Partnership) -> Peopled:
    """Csc leads by sw1; hv and gp take part."""
    return Peopled(partnership)


def sent(peopled: Peopled, collection: str, by: str, **body: Any) -> str:
    """The entry of one body that is stored."""
    return str(stored(peopled.post(collection, by, **body))["id"])


def work(peopled: Peopled, agency: str, query: str = "") -> list[dict[str, Any]]:
    """What an agency is shown across records."""
    answer: list[dict[str, Any]] = stored(peopled.partnership.get(f"/work{query}", agency))["work"]
    return answer


def of_child(peopled: Peopled, agency: str, query: str = "") -> dict[str, dict[str, Any]]:
    """What an agency is shown of the record, by the entries that asked."""
    answer = stored(peopled.partnership.get(f"/children/{peopled.child}/work{query}", agency))
    return {one["id"]: one for one in answer["work"]}


def test_both_sides_see_whose_it_is(peopled: Peopled) -> None:
    """Who asked and who owes are shown the same item, with its clock; handed over, it is the other's once accepted."""
    agreed = sent(
        peopled, "actions", "csc", what="Weigh the baby.", owner={"agency": "hv"}, due=str(datetime.now(UTC).date())
    )
    referred = sent(peopled, "referrals", "hv", to="csc", reason="No weight gain.")
    (owed,) = work(peopled, "hv")
    assert (owed["id"], owed["accountable"]["agency"], owed["said"]["what"]) == (agreed, "hv", "Weigh the baby.")
    assert {one["id"] for one in work(peopled, "hv", "?side=owed_to_us")} == {referred}
    referral = of_child(peopled, "gp")[referred]
    assert (referral["accountable"]["agency"], referral["due_by_rule"] is not None) == ("hv", True)
    offered = sent(
        peopled, "handovers", "hv", of="work", to={"agency": "gp"}, entry=agreed, what="She moves.", due="2099-01-01"
    )
    assert of_child(peopled, "csc")[offered]["state"] == "offered"
    assert of_child(peopled, "csc")[agreed]["accountable"]["agency"] == "hv"
    stored(peopled.post("replies", "gp", of=offered, answer="accepted"))
    assert of_child(peopled, "csc")[agreed]["accountable"]["agency"] == "gp"
    assert [one["id"] for one in work(peopled, "gp")] == [agreed]
    assert work(peopled, "hv") == []
    stored(peopled.post("done", "gp", of=agreed))
    assert of_child(peopled, "csc")[agreed]["state"] == "done"
    assert of_child(peopled, "csc", "?as_of=5") == {}, "as it was known before any of it"
    assert differing(rebuilt(peopled.partnership)) == []


def test_an_offer_nobody_takes_lapses_and_stays_where_it_was(peopled: Peopled) -> None:
    """Its day over, it is shown as lapsed to both, and whoever had the work has it."""
    agreed = sent(peopled, "actions", "csc", what="Visit.", owner={"agency": "csc"})
    offered = sent(peopled, "handovers", "csc", of="work", to={"agency": "gp"}, entry=agreed, due="2023-10-06")
    (lapsed,) = work(peopled, "gp", "?state=lapsed")
    assert (lapsed["id"], lapsed["state"], lapsed["accountable"]["agency"]) == (offered, "lapsed", "csc")
    assert of_child(peopled, "hv")[agreed]["accountable"]["agency"] == "csc"


def test_a_reply_to_what_was_never_asked_is_refused(peopled: Peopled) -> None:
    """To no entry, to one that asks nothing, to one asked of another agency, and to one answered finally."""
    told = stored(peopled.partnership.post("/observations", observation(peopled.partnership.event(), peopled.child)))
    pseudonym, number = told["id"].rsplit(".", 1)
    for named in (told["id"], f"{pseudonym}.{int(number) + 40}", f"{pseudonym[::-1]}.1"):
        refused(peopled.post("replies", "gp", of=named, answer="accepted"), 422, "never_asked", "/of")
    referred = sent(peopled, "referrals", "hv", to="csc", reason="No weight gain.")
    refused(peopled.post("replies", "gp", of=referred, answer="accepted"), 422, "offer_not_yours", "/of")
    stored(peopled.post("replies", "csc", of=referred, answer="acknowledged"))
    answer = {"of": referred, "answer": "declined", "reason": "Known to early help.", "event_id": "once"}
    first = stored(peopled.post("replies", "csc", **answer))
    assert stored(peopled.post("replies", "csc", **answer))["hash"] == first["hash"], "sent again it is the same"
    refused(peopled.post("replies", "csc", of=referred, answer="accepted"), 409, "answered_finally", "/of")
    refused(peopled.post("replies", "police", of=referred, answer="accepted"), 404)


def test_what_is_handed_over_is_ones_own_open_work(peopled: Peopled) -> None:
    """Not another's, not what is done, not what is no work."""
    agreed = sent(peopled, "actions", "csc", what="Visit.", owner={"agency": "hv"})
    told = stored(peopled.partnership.post("/observations", observation(peopled.partnership.event(), peopled.child)))
    offer = {"of": "work", "to": {"agency": "csc"}}
    refused(peopled.post("handovers", "gp", **offer, entry=agreed), 422, "not_work", "/entry")
    refused(peopled.post("handovers", "hv", **offer, entry=told["id"]), 422, "not_work", "/entry")
    stored(peopled.post("done", "hv", of=agreed))
    refused(peopled.post("handovers", "hv", **offer, entry=agreed), 422, "not_work", "/entry")


def test_who_has_no_part_reads_the_offer_and_may_turn_it_down(peopled: Peopled) -> None:
    """They are shown it, and say no to it; to take it on they say first what their part in the record is."""
    agreed = sent(peopled, "actions", "csc", what="Visit.", owner={"agency": "csc"})
    first, second = (
        sent(peopled, "handovers", "csc", of="work", to={"agency": "police"}, entry=agreed, what="Ask the neighbours.")
        for _ in range(2)
    )
    assert [one["said"]["what"] for one in work(peopled, "police")] == ["Ask the neighbours."] * 2
    refused(peopled.partnership.get(f"/children/{peopled.child}/work", "police"), 404)
    stored(peopled.post("replies", "police", of=first, answer="declined", reason="No officer."))
    refused(peopled.post("replies", "police", of=second, answer="accepted"), 404)
    peopled.partnership.involve(peopled.child, "police")
    stored(peopled.post("replies", "police", of=second, answer="accepted"))
    assert of_child(peopled, "csc")[agreed]["accountable"]["agency"] == "police"


def test_the_lead_is_offered_and_not_given(peopled: Peopled) -> None:
    """While somebody leads, their agency names its own people; to another agency the lead is offered; the desk may."""
    refused(peopled.lead("hv1", "hv", by="csc"), 409, "lead_not_offered", "/agency")
    stored(peopled.lead("sw2"))
    peopled.partnership.involve(peopled.child, "duty")
    stored(peopled.lead("hv1", "hv", by="duty"))


def test_pages_follow_one_another(peopled: Peopled) -> None:
    """Each item once, the newest first, whatever the size of a page; a name of no item's is no place to go on from."""
    made = [sent(peopled, "actions", "csc", what=f"Visit {n}.", owner={"agency": "hv"}) for n in range(5)]
    seen, link = [], "/work?limit=2"
    while link:
        answer = peopled.partnership.get(link, "hv")
        seen += [one["id"] for one in stored(answer)["work"]]
        following = answer.headers.get("Link", "")
        link = following.split(">")[0].removeprefix("</api/v1") if following else ""
    assert seen == made[::-1]
    refused(peopled.partnership.get(f"/work?after={made[0]}", "police"), 422)


def test_the_rows_are_what_the_entries_say(peopled: Peopled) -> None:
    """The projection, however its statements were run, is the fold of the record's entries."""
    agreed = [sent(peopled, "actions", "csc", what="Visit.", owner={"agency": "csc"}) for _ in range(3)]
    referred = sent(peopled, "referrals", "csc", to="hv", reason="Sleep.")
    stored(peopled.post("replies", "hv", of=referred, answer="accepted"))
    stored(peopled.post("done", "csc", of=agreed[0]))
    refused(peopled.post("replies", "gp", of=agreed[1], answer="declined", reason="No."), 422, "offer_not_yours")
    due = str((datetime.now(UTC) + timedelta(days=3)).date())
    offered = sent(peopled, "handovers", "csc", of="record", to={"agency": "gp"}, due=due)
    stored(peopled.post("replies", "gp", of=offered, answer="accepted", person="g1"))
    with peopled.partnership.acting("ledger_worker") as connection:
        rows = [tuple(row) for row in connection.execute(text(_ITEMS), {"child": peopled.child})]
        entries = connection.execute(text(_ENTRIES), {"child": UUID(peopled.child)}).all()
    items = folded(_act(*row) for row in entries)
    assert rows == [
        (one.number, one.kind, one.of, one.about, one.asked_by, one.owed_by, one.asked_at, one.due_at, one.state,
         one.state_number)
        for one in items.values()
    ]  # fmt: skip
    assert {one.owed_by for one in items.values() if one.kind == "action" and one.state != "done"} == {"gp"}


def _act(number: int, at: datetime, agency: str, kind: str, content: bytes) -> Act:
    body = json.loads(content)["body"]
    of, about = (parse_entry_id(str(body.get(name, ""))) for name in ("of", "entry"))
    return Act(number, at, agency, kind, body, of and of[1], about and about[1])
