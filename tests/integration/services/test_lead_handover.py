"""The lead is offered and accepted: at every moment one leads, the former lead until then, the new one after."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from ledger.domain.line import Someone
from ledger.domain.role import Role
from ledger.services.fan_out import fan_out
from ledger.services.plan_deliveries import nothing
from tests.answers import observation, refused, stored
from tests.integration.services.peopled import Peopled
from tests.partnership import Partnership


@pytest.fixture
def peopled(partnership: Partnership) -> Peopled:
    """Csc leads by sw1; gp, which takes part, has g1 and g2."""
    made = Peopled(partnership)
    made.people |= {ref: partnership.person("gp", ref, Role.PRACTITIONER) for ref in ("g1", "g2")}
    return made


def offer(peopled: Peopled, **to: str) -> str:
    """The lead is offered by csc, to gp unless another agency is named; the entry by which it is."""
    party = {"agency": "gp", **to}
    return str(stored(peopled.post("handovers", "csc", of="lead", to=party))["id"])


def test_accepting_makes_the_lead_at_once(peopled: Peopled) -> None:
    """Until then the old one leads; the entry that names the new one follows the answer without a gap."""
    offered = offer(peopled)
    assert peopled.line().lead == Someone("csc", "sw1")
    answer = stored(peopled.post("replies", "gp", of=offered, answer="accepted", person="g1", deputy="g2"))
    line = peopled.line("gp")
    assert (line.lead, line.deputy) == (Someone("gp", "g1"), Someone("gp", "g2"))
    named = peopled.bodies("lead")[-1]
    assert (named["of"], named["agency"], named["person"]) == (offered, "gp", "g1")
    query = text("SELECT number FROM ledger.leads WHERE record_id = :child ORDER BY number DESC LIMIT 1")
    with peopled.partnership.acting("ledger_worker") as connection:
        assert connection.scalar(query, {"child": peopled.child}) == answer["number"] + 1


def test_a_retry_answers_as_the_first_did(peopled: Peopled) -> None:
    """Sent twice, one answer and one lead; under another event id it is refused as answered."""
    offered = offer(peopled)
    path, event = f"/children/{peopled.child}/replies", peopled.partnership.event()
    body = {"event_id": event, "of": offered, "answer": "accepted", "person": "g1"}
    first = stored(peopled.partnership.post(path, body, "gp"))
    rows = peopled.partnership.rows()
    again = peopled.partnership.post(path, body, "gp")
    assert (again.status_code, again.get_json()["hash"]) == (200, first["hash"])
    assert peopled.partnership.rows() == rows
    refused(peopled.post("replies", "gp", of=offered, answer="accepted", person="g1"), 409, "offer_overtaken", "/of")


def test_two_who_accept_at_once_make_one_lead(peopled: Peopled) -> None:
    """Of eight answers at one moment one is taken, and it alone names a lead."""
    offered = offer(peopled)
    with ThreadPoolExecutor(4) as pool:
        answers = [
            pool.submit(peopled.post, "replies", "gp", of=offered, answer="accepted", person="g1") for _ in range(8)
        ]
    assert sorted(one.result().status_code for one in answers) == [201] + [409] * 7
    assert len(peopled.bodies("lead")) == 2


@pytest.mark.parametrize("by", ["person", "system"])
def test_offered_to_one_it_is_theirs(peopled: Peopled, by: str) -> None:
    """Who is named accepts by signing in, or their agency's system for them; nobody else of the agency does."""
    offered = offer(peopled, person="g2")
    refused(
        peopled.post("replies", "gp", of=offered, answer="accepted", person="g1"),
        409,
        "not_the_one_offered",
        "/person",
    )
    refused(
        peopled.post_as(peopled.people["g1"], "replies", of=offered, answer="accepted"),
        409,
        "not_the_one_offered",
        "/person",
    )
    if by == "person":
        stored(peopled.post_as(peopled.people["g2"], "replies", of=offered, answer="accepted"))
    else:
        stored(peopled.post("replies", "gp", of=offered, answer="accepted"))
    assert peopled.line("gp").lead == Someone("gp", "g2")


def test_offered_to_an_agency_it_is_whose_who_says_so(peopled: Peopled) -> None:
    """A system names somebody; a signed-in professional who names nobody takes it on themselves."""
    offered = offer(peopled)
    refused(peopled.post("replies", "gp", of=offered, answer="accepted"), 422, "lead_unnamed", "/person")
    stored(peopled.post_as(peopled.people["g1"], "replies", of=offered, answer="accepted"))
    assert peopled.line("gp").lead == Someone("gp", "g1")


@pytest.mark.parametrize("answer", ["acknowledged", "accepted", "declined"])
def test_what_is_asked_of_one_agency_another_does_not_answer(peopled: Peopled, answer: str) -> None:
    """Neither work handed over nor a referral, not even the sender: else nobody would hear that it was never taken.

    An office that is no agency of the ledger's may be anybody's.
    """
    said = {"answer": answer} | ({"reason": "No room."} if answer == "declined" else {})
    work = stored(peopled.post("handovers", "csc", of="work", to={"agency": "hv"}))["id"]
    referred = stored(peopled.post("referrals", "csc", to="hv", reason="Weight."))["id"]
    for asked in (work, referred):
        for other in ("gp", "csc"):
            refused(peopled.post("replies", other, of=asked, **said), 422, "offer_not_yours", "/of")
        stored(peopled.post("replies", "hv", of=asked, **said))
    office = stored(peopled.post("referrals", "csc", to="early_help", reason="Weight."))["id"]
    stored(peopled.post("replies", "gp", of=office, **said))


def test_nobody_answers_an_offer_that_they_may_not_see(peopled: Peopled) -> None:
    """Restricted to whom it is made, it is still theirs alone: what another guesses its number for ends nothing."""
    sharing = {"marking": "restricted", "to": ["gp"], "lawful_basis": "public_task"}
    offered = offer(peopled)
    stored(peopled.post("markings", "csc", of=offered, sharing=sharing, reason="Theirs alone."))
    peopled.post("replies", "hv", of=offered, answer="declined", reason="No room.")
    stored(peopled.post("replies", "gp", of=offered, answer="accepted", person="g1"))
    assert peopled.line("gp").lead == Someone("gp", "g1")


def test_an_answer_that_names_nobody_is_not_stored(peopled: Peopled) -> None:
    """Where what names the new lead cannot be stored, the answer is not either, and the offer stands."""
    offered = offer(peopled)
    stored(peopled.partnership.post("/observations", observation(f"lead.{offered}", peopled.child), "gp"))
    for _ in range(2):
        refused(peopled.post("replies", "gp", of=offered, answer="accepted", person="g1"), 422, "event_id_reused")
    assert peopled.bodies("reply") == []
    stored(peopled.post("replies", "gp", of=offered, answer="declined", reason="No room."))


def test_what_may_not_be_accepted(peopled: Peopled) -> None:
    """By an agency it was not offered to, once declined, once another leads, and by one who has left."""
    offered = offer(peopled)
    refused(peopled.post("replies", "hv", of=offered, answer="accepted", person="x"), 422, "offer_not_yours", "/of")
    peopled.leave("g2", "gp")
    refused(peopled.post("replies", "gp", of=offered, answer="accepted", person="g2"), 422, "person_left", "/person")
    stored(peopled.post("replies", "gp", of=offered, answer="acknowledged"))
    stored(peopled.post("replies", "gp", of=offered, answer="declined", reason="No room."))
    assert peopled.line().lead == Someone("csc", "sw1")
    refused(peopled.post("replies", "gp", of=offered, answer="accepted", person="g1"), 409, "offer_answered", "/of")
    second = offer(peopled)
    stored(peopled.lead("sw2"))
    refused(peopled.post("replies", "gp", of=second, answer="accepted", person="g1"), 409, "offer_overtaken", "/of")
    refused(
        peopled.post("replies", "gp", of=offered, answer="declined", reason="No.", person="g1"),
        422,
        "invalid",
        "/person",
    )


def test_only_who_leads_hands_it_on(peopled: Peopled) -> None:
    """Another agency does not offer what it does not lead; the duty desk may, and work is anybody's to offer."""
    to = {"agency": "gp"}
    refused(peopled.post("handovers", "hv", of="lead", to=to), 409, "not_yours_to_offer", "/of")
    stored(peopled.post("handovers", "hv", of="work", to=to))
    peopled.partnership.involve(peopled.child, "duty")
    stored(peopled.post("handovers", "duty", of="lead", to=to))
    peopled.leave("sw1")
    stored(peopled.post("handovers", "hv", of="lead", to=to))


def feed(partnership: Partnership, party: str) -> list[str]:
    """The types that are in somebody's feed of hand-overs and leads."""
    query = text("SELECT type FROM ledger.feed_items WHERE party = :party ORDER BY seq")
    with partnership.acting("ledger_worker", "ledger") as connection:
        found = list(connection.scalars(query, {"party": party}))
    return [one for one in found if one.startswith(("lead.", "handover."))]


def test_both_leads_are_told(peopled: Peopled) -> None:
    """Offered: whom it is offered to. Turned down: who leads still. Accepted: who led, who leads, and their systems."""
    partnership, worker = peopled.partnership, peopled.partnership.engine("ledger_worker")
    fan_out(worker, nothing)
    whose = {ref: f"person:{peopled.people[ref].person_id}" for ref in ("sw1", "g1")}
    before = feed(partnership, whose["sw1"])
    declined = offer(peopled, person="g1")
    stored(peopled.post("replies", "gp", of=declined, answer="declined", reason="No room."))
    fan_out(worker, nothing)
    assert feed(partnership, whose["g1"]) == ["handover.offered"]
    assert feed(partnership, whose["sw1"]) == [*before, "handover.answered"]
    accepted = offer(peopled, person="g1")
    stored(peopled.post("replies", "gp", of=accepted, answer="accepted"))
    fan_out(worker, nothing)
    assert feed(partnership, whose["g1"]) == ["handover.offered", "handover.offered", "lead.changed"]
    assert feed(partnership, whose["sw1"]) == [*before, "handover.answered", "lead.changed"]
    assert feed(partnership, "agency:csc")[-1] == feed(partnership, "agency:gp")[-1] == "lead.changed"


def test_whoever_stands_in_is_told_that_the_lead_left(peopled: Peopled) -> None:
    """The duty desk, where there is no deputy; and within one agency the person to whom it is offered."""
    partnership, worker = peopled.partnership, peopled.partnership.engine("ledger_worker")
    offer(peopled, agency="csc", person="sw2")
    peopled.leave("sw1")
    fan_out(worker, nothing)
    assert feed(partnership, f"person:{peopled.people['sw2'].person_id}") == ["handover.offered"]
    assert feed(partnership, "desk:duty") == feed(partnership, "agency:duty") == ["lead.ended"]
