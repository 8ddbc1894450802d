"""A record goes to another partnership: read no further than the offer, and accepted in one append or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.domain.line import Someone
from ledger.services.fan_out import fan_out
from ledger.services.plan_deliveries import nothing
from tests.answers import observation, refused, stored
from tests.integration.services.elsewhere import DESK, OTHER, THEIRS, Elsewhere
from tests.integration.services.test_rebuild import differing, rebuilt
from tests.partnership import Partnership

PART = {"role": "practice", "reason": "They are ours.", "lawful_basis": "public_task"}


@pytest.fixture
def elsewhere(partnership: Partnership) -> Elsewhere:
    """Csc leads a child by sw1; another partnership is there."""
    return Elsewhere(partnership)


def test_accepted_it_belongs_there_and_its_lead_is_who_accepted(elsewhere: Elsewhere) -> None:
    """Until then all is as it was; then partnership, lead, desk and nation are the receiver's, in one append."""
    offered = elsewhere.offer()
    assert (elsewhere.belongs_to(), elsewhere.line().lead) == ("demo", Someone("csc", "sw1"))
    answer = stored(elsewhere.post_as(elsewhere.people["w1"], "replies", of=offered, answer="accepted"))
    assert elsewhere.belongs_to() == "wales"
    line = elsewhere.line(THEIRS)
    assert (line.lead, line.desk, line.hours.nation) == (Someone(THEIRS, "w1"), DESK, "wales")
    with elsewhere.partnership.acting("ledger_worker") as connection:
        query = text("SELECT kind FROM ledger.contents WHERE record_id = :child AND number >= :from ORDER BY number")
        assert list(connection.scalars(query, {"child": elsewhere.child, "from": answer["number"]})) == [
            "reply", "lead", "record_moved",
        ]  # fmt: skip
    assert elsewhere.bodies("record_moved")[0]["to"] == {"partnership": "wales", "nation": "wales"}


def test_who_is_offered_it_reads_the_offer_and_nothing_more(elsewhere: Elsewhere) -> None:
    """They are told, and shown its own words; of the record nothing, and they may not make themselves a part in it."""
    stored(elsewhere.post("actions", "csc", what="Visit.", owner={"agency": "hv"}))
    offered = elsewhere.offer(DESK)
    fan_out(elsewhere.partnership.engine("ledger_worker"), nothing)
    told = elsewhere.partnership.get("/notices", DESK).get_json()
    assert [one["type"].endswith("handover.offered") for one in told] == [True]
    (item,) = stored(elsewhere.partnership.get("/work", DESK))["work"]
    assert (item["id"], item["said"]["reason"], item["child"]) == (
        offered,
        "They have moved to Cardiff.",
        elsewhere.child,
    )
    assert not elsewhere.sees(DESK)
    refused(elsewhere.partnership.get(f"/children/{elsewhere.child}/work", DESK), 404)
    refused(elsewhere.post("involvements", DESK, **PART), 404)
    refused(elsewhere.partnership.post("/observations", observation("one", elsewhere.child), DESK), 422)
    assert stored(elsewhere.partnership.get("/work", OTHER))["work"] == []
    refused(elsewhere.post("replies", OTHER, of=offered, answer="accepted", person="x"), 404)


def test_an_offer_that_is_kept_from_them_is_none(elsewhere: Elsewhere) -> None:
    """Restricted to others since, its words are not read by whom it was made to, and it is not theirs to take."""
    offered = elsewhere.offer()
    sharing = {"marking": "restricted", "to": ["hv"], "lawful_basis": "public_task"}
    stored(elsewhere.post("markings", "csc", of=offered, sharing=sharing, reason="The wrong area."))
    assert stored(elsewhere.partnership.get("/work?state=all", THEIRS))["work"] == []
    refused(elsewhere.post("replies", THEIRS, of=offered, answer="accepted", person="w1"), 404)
    sharing["to"] = [THEIRS]
    stored(elsewhere.post("markings", "csc", of=offered, sharing=sharing, reason="Theirs after all."))
    assert [one["id"] for one in stored(elsewhere.partnership.get("/work", THEIRS))["work"]] == [offered]
    stored(elsewhere.post("replies", THEIRS, of=offered, answer="accepted", person="w1"))
    assert elsewhere.belongs_to() == "wales"


@pytest.mark.parametrize("answer", ["acknowledged", "declined"])
def test_not_taken_all_stays_as_it_was(elsewhere: Elsewhere, answer: str) -> None:
    """Turned down, or no more than acknowledged, it is where it was and whoever answered sees nothing of it."""
    offered = elsewhere.offer()
    stored(elsewhere.post("replies", THEIRS, of=offered, answer=answer, reason="Not ours."))
    assert (elsewhere.belongs_to(), elsewhere.line().lead) == ("demo", Someone("csc", "sw1"))
    assert not elsewhere.sees(THEIRS)
    (item,) = stored(elsewhere.partnership.get("/work?side=owed_to_us&state=all", "csc"))["work"]
    assert (item["state"], item["accountable"]["agency"]) == (answer, "csc")


def test_its_day_over_it_is_nobodys_to_take(elsewhere: Elsewhere) -> None:
    """A late answer says why: the area may have found another since."""
    offered = elsewhere.offer(due=str((datetime.now(UTC) - timedelta(days=2)).date()))
    refused(elsewhere.post("replies", THEIRS, of=offered, answer="accepted", person="w1"), 409, "offer_lapsed", "/of")
    assert elsewhere.belongs_to() == "demo"


def test_those_with_a_part_in_it_keep_it_and_nobody_else_gets_in(elsewhere: Elsewhere) -> None:
    """Old agencies read and write on; others of the old partnership may not begin to, others of the new one must."""
    offered = elsewhere.offer()
    stored(elsewhere.post("replies", THEIRS, of=offered, answer="accepted", person="w1"))
    assert [elsewhere.sees(one) for one in ("hv", "csc", THEIRS, "police", OTHER, DESK)] == [True] * 3 + [False] * 3
    stored(elsewhere.partnership.post("/observations", observation("after", elsewhere.child), "hv"))
    refused(elsewhere.post("involvements", "police", **PART), 404)
    elsewhere.partnership.involve(elsewhere.child, OTHER)
    assert elsewhere.sees(OTHER)


def test_only_whoever_leads_offers_it_and_to_somebody_who_is_there(elsewhere: Elsewhere) -> None:
    """Not another agency's, not to oneself, not to nobody, and not without a day."""
    body = {"of": "record", "to": {"agency": THEIRS}, "due": "2099-01-01"}
    refused(elsewhere.post("handovers", "hv", **body), 409, "not_yours_to_offer", "/of")
    refused(elsewhere.post("handovers", "csc", **body | {"to": {"agency": "csc"}}), 422, "offered_to_itself")
    refused(elsewhere.post("handovers", "csc", **body | {"to": {"agency": "nobody"}}), 422, "agency_not_known")
    del body["due"]
    refused(elsewhere.post("handovers", "csc", **body), 422, "needs_due", "/due")


def test_a_lead_named_since_overtakes_the_offer(elsewhere: Elsewhere) -> None:
    """What is no longer theirs is not handed over."""
    offered = elsewhere.offer()
    stored(elsewhere.lead("sw2"))
    refused(elsewhere.post("replies", THEIRS, of=offered, answer="accepted", person="w1"), 409, "offer_overtaken")


def test_two_who_accept_at_once_take_it_once(elsewhere: Elsewhere) -> None:
    """Of eight answers at one moment one is stored with all that follows, and of the others nothing."""
    offered = elsewhere.offer()
    with ThreadPoolExecutor(4) as pool:
        answers = [
            pool.submit(elsewhere.post, "replies", THEIRS, of=offered, answer="accepted", person="w1") for _ in range(8)
        ]
    assert sorted(one.result().status_code for one in answers) == [201] + [409] * 7
    assert len(elsewhere.bodies("record_moved")) == 1


def test_within_a_partnership_all_of_one_agency_goes_over(elsewhere: Elsewhere) -> None:
    """The lead and the open work; the partnership stays."""
    agreed = stored(elsewhere.post("actions", "csc", what="Visit.", owner={"agency": "csc"}))["id"]
    offered = elsewhere.offer("gp")
    stored(elsewhere.post("replies", "gp", of=offered, answer="accepted", person="g1"))
    assert (elsewhere.belongs_to(), elsewhere.line("gp").lead) == ("demo", Someone("gp", "g1"))
    assert [one["id"] for one in stored(elsewhere.partnership.get("/work", "gp"))["work"]] == [agreed]


def test_detection_rebuild_and_replay_agree_over_the_move(elsewhere: Elsewhere) -> None:
    """What is made of the entries again is what stands; the nation of each step is the one in which it was then."""
    stored(elsewhere.partnership.post("/observations", observation("before", elsewhere.child), "hv"))
    offered = elsewhere.offer()
    stored(elsewhere.post("replies", THEIRS, of=offered, answer="accepted", person="w1"))
    stored(elsewhere.partnership.post("/observations", observation("after", elsewhere.child), "hv"))
    elsewhere.partnership.detect(elsewhere.child)
    assert differing(rebuilt(elsewhere.partnership)) == []
    assert elsewhere.partnership.get(f"/children/{elsewhere.child}/replay", "csc").status_code == 200


def test_no_other_statement_moves_a_record(elsewhere: Elsewhere) -> None:
    """The role that serves may write the column, and the database asks for the entry by which it was taken."""
    with elsewhere.partnership.acting("ledger_web", THEIRS) as connection, pytest.raises(DBAPIError, match="hand-over"):
        connection.execute(
            text("UPDATE ledger.heads SET partnership_id = 'wales' WHERE record_id = :child"),
            {"child": elsewhere.child},
        )
