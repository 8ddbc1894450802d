"""Work on the pages: asked, answered and done with one press, offered, and where agencies do not agree."""

from typing import Any

import pytest

from ledger.domain.role import Role
from tests.integration.web.pressing import Pressing
from tests.partnership import Partnership, stored

SECRET = "the grandmother’s new address"


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom csc leads, with work between csc and hv."""
    made = partnership.child(involve=["hv", "csc"], name="Robin")
    send(partnership, made, "leads", "csc", agency="csc", person="sw1")
    return made


@pytest.fixture
def lead(partnership: Partnership) -> Pressing:
    """Whoever leads, at their pages."""
    return Pressing(partnership, partnership.person("csc", "sw1", Role.PRACTITIONER))


@pytest.fixture
def visitor(partnership: Partnership) -> Pressing:
    """A health visitor."""
    return Pressing(partnership, partnership.person("hv", "hv1", Role.PRACTITIONER))


def send(partnership: Partnership, child: str, path: str, by: str, /, **body: Any) -> int:
    sent = {"event_id": partnership.event(), **body}
    return int(stored(partnership.post(f"/children/{child}/{path}", sent, by))["id"].rpartition(".")[2])


def work(partnership: Partnership, child: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stored(partnership.get(f"/children/{child}/work", "csc"))["work"]
    return found


def test_what_was_asked_is_accepted_and_done_with_a_press_each(
    partnership: Partnership, lead: Pressing, child: str
) -> None:
    """Who asked, who is accountable and by when stand before the button; twice is once; both sides show it."""
    number = send(
        partnership, child, "actions", "hv", owner={"agency": "csc"}, what="See him at home.", due="2030-01-02"
    )
    page = lead.open("/work")
    for words in ("Agreed action", "Robin", "See him at home.", "Asked, and not answered yet", "Due by", "ring hv"):
        assert words in page.text, words
    answers = f"/children/{child}/owed/{number}/answers"
    for _ in range(2):
        answer = lead.press(page, answers, answer="accepted")
        assert (answer.status, answer.location) == (303, "/work?side=owed_by_us&done=reply")
    (item,) = work(partnership, child)
    assert (item["state"], item["accountable"]["agency"]) == ("accepted", "csc")
    page = lead.open(f"/children/{child}/work")
    answer = lead.press(page, f"/children/{child}/owed/{number}/done")
    assert answer.location == f"/children/{child}/work#work-{number}"
    assert [one["state"] for one in work(partnership, child)] == ["done"]


def test_declining_needs_a_reason_and_keeps_what_was_entered(
    partnership: Partnership, lead: Pressing, child: str
) -> None:
    """Nothing is recorded without one; with one, whoever asked has it and stays accountable."""
    number = send(partnership, child, "referrals", "hv", to="csc", reason="Bruise on the cheek.")
    address = f"/children/{child}/owed/{number}/answers"
    wrong = lead.post(address, answer="declined", reason="", list="yes")
    assert wrong.status == 400
    assert "Enter why you decline" in wrong.text
    assert f'href="#reason-{child}-{number}"' in wrong.html
    assert lead.post(address, answer="maybe").status == 400
    assert [one["state"] for one in work(partnership, child)] == ["asked"]
    assert lead.post(address, answer="declined", reason="Not ours: ring the hospital.").status == 303
    (item,) = work(partnership, child)
    assert (item["state"], item["accountable"]["agency"]) == ("declined", "hv")
    late = lead.post(address, answer="accepted")
    assert late.status == 400
    assert "the first answer stands" in late.text


def test_accepting_the_lead_makes_one_the_lead(
    partnership: Partnership, lead: Pressing, visitor: Pressing, child: str
) -> None:
    """It is offered on a page that says what comes of it, and told to whoever is to accept it before they press."""
    page = lead.open(f"/children/{child}/offers")
    assert "From then on alerts about the child come to them and not to you" in page.text
    address = f"/children/{child}/offers"
    wrong = lead.press(page, address, sort="lead", why="Weight is what is left.")
    assert wrong.status == 400
    assert "Choose an agency" in wrong.text
    assert "Weight is what is left." in wrong.html
    for amiss, words in (({"to": "nobody"}, "Choose an agency"), ({"to": "hv", "due": "2020-01-01"}, "not over")):
        assert words in lead.press(page, address, sort="lead", **amiss).text
    assert work(partnership, child) == []
    for _ in range(2):
        assert lead.press(page, address, sort="lead", to="hv", why="Weight is what is left.").status == 303
    (offer,) = work(partnership, child)
    number = int(offer["id"].rpartition(".")[2])
    shown = visitor.open("/work")
    assert "alerts about the child come to them" in shown.text.partition("Accept")[0]
    assert visitor.press(shown, f"/children/{child}/owed/{number}/answers", answer="accepted").status == 303
    assert "HV, leads now" in lead.open(address).text


def test_who_may_only_read_is_offered_nothing_to_press(partnership: Partnership, child: str) -> None:
    """A manager reads what is asked, and has no form; whoever has no part in the record finds no page."""
    number = send(partnership, child, "referrals", "hv", to="csc", reason="Bruise on the cheek.")
    manager = Pressing(partnership, partnership.person("csc", "tm1", Role.MANAGER))
    assert "Bruise on the cheek." in manager.open("/work").text
    for path in ("/work", f"/children/{child}/work", f"/children/{child}/disagreements"):
        forms = manager.open(path).forms
        assert [form for form, fields in forms.items() if "csrf" in fields] == ["/sign-out"], path
    assert manager.post(f"/children/{child}/owed/{number}/answers", answer="accepted").status == 404
    stranger = Pressing(partnership, partnership.person("police", "pc1", Role.PRACTITIONER))
    for path in ("work", "offers", "disagreements"):
        assert stranger.open(f"/children/{child}/{path}").status == 404, path


def test_a_request_is_answered_with_its_basis(partnership: Partnership, lead: Pressing, child: str) -> None:
    """A refusal needs its reason; the answer goes to whoever asked, and what was asked leaves the list."""
    asks = {"to": "csc", "asks": "Who lives there?", "purpose": "The next visit.", "lawful_basis": "public_task"}
    number = send(partnership, child, "information-requests", "hv", **asks)
    page = lead.open("/work")
    assert "Who lives there?" in page.text
    address = f"/children/{child}/requests/{number}/answers"
    wrong = lead.press(page, address, answer="refused", lawful_basis="")
    assert wrong.status == 400
    for words in ("Choose on what lawful basis", "Enter why"):
        assert words in wrong.text
    told = lead.press(page, address, answer="nothing_held", lawful_basis="public_task")
    assert told.status == 303
    assert "Who lives there?" not in lead.open("/work").text
    assert "Nothing held" in lead.open("/work?state=all").text


def test_a_disagreement_goes_its_way(partnership: Partnership, lead: Pressing, visitor: Pressing, child: str) -> None:
    """Opened, answered, taken up and settled on the page, each once, with its stage and its times."""
    address = f"/children/{child}/disagreements"
    page = visitor.open(address)
    wrong = visitor.press(page, address, kind="threshold", view="This is no early help.")
    assert wrong.status == 400
    assert "Choose whose view differs" in wrong.text
    assert "This is no early help." in wrong.html
    sent = {"kind": "threshold", "view": "This is no early help.", "with": "csc"}
    for _ in range(2):
        answer = visitor.press(page, address, **sent)
        assert answer.status == 303
    (made,) = stored(partnership.get(address, "csc"))["disagreements"]
    moves = f"{address}/{made['entry'].rpartition('.')[2]}/moves"
    shown = lead.open(address)
    for words in ("HV disagrees with CSC", "Answer due", "Those who work with the child: here since"):
        assert words in shown.text, words
    reply = {"move": "reply", "answer": "not_agreed", "view": "The doctor saw him."}
    assert lead.post(moves, **{**reply, "answer": ""}).status == 400
    assert lead.post(moves, **reply).status == 303
    assert visitor.post(moves, move="step_up", view="Two days have passed.").status == 303
    assert visitor.post(moves, move="settled", outcome="agreed", view="Strategy discussion on Monday.").status == 303
    (made,) = stored(partnership.get(address, "csc"))["disagreements"]
    assert [said["said"] for said in made["said"]] == ["reply", "step_up", "settled"]
    late = lead.post(moves, **reply | {"view": "And yet."})
    assert late.status == 400
    assert "settled meanwhile" in late.text


def test_what_must_follow_stands_with_its_clock(partnership: Partnership, lead: Pressing, child: str) -> None:
    """An unanswered referral is awaited by its rule: from whom, by when, and why the rule is there."""
    send(partnership, child, "referrals", "hv", to="csc", reason="Bruise on the cheek.")
    text = lead.open(f"/children/{child}/work").text
    for words in ("What must follow", "An answer", "CSC", "ring csc", "Working together"):
        assert words in text, words


def test_an_address_never_holds_what_was_written(partnership: Partnership, lead: Pressing, child: str) -> None:
    """What is typed goes in the body of a form and comes back on a page, and into no address."""
    page = lead.open(f"/children/{child}/offers")
    told = lead.press(page, f"/children/{child}/offers", sort="action", to="hv", what=SECRET)
    assert told.location is not None
    assert "grandmother" not in told.location
    assert SECRET in lead.open(told.location).text


def test_one_disagrees_about_an_entry(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """From where it is shown: what the address names goes along, and what is no id is left out."""
    entry = stored(
        partnership.post(
            f"/children/{child}/referrals", {"event_id": partnership.event(), "to": "hv", "reason": "Weigh him."}, "csc"
        )
    )["id"]
    address = f"/children/{child}/disagreements"
    assert "about" not in visitor.open(f"{address}?about=Robin").forms[address]
    page = visitor.open(f"{address}?about={entry}")
    assert visitor.press(page, address, kind="threshold", view="Not by us.", **{"with": "csc"}).status == 303
    (made,) = stored(partnership.get(address, "csc"))["disagreements"]
    assert made["about"] == entry
    assert f"entry {entry.rpartition('.')[2]}" in visitor.open(address).text


def test_who_is_offered_a_record_sees_the_offer_alone(partnership: Partnership, lead: Pressing, child: str) -> None:
    """Without a part in it they are told its words and no name; once they accept they lead, and read."""
    address = f"/children/{child}/offers"
    page = lead.open(address)
    assert "the day by which the record is to be accepted" in lead.press(page, address, sort="record", to="gp").text
    sent = {"sort": "record", "to": "gp", "due": "2090-01-02", "why": "The family registered with you."}
    assert lead.press(page, address, **sent).status == 303
    doctor = Pressing(partnership, partnership.person("gp", "dr1", Role.PRACTITIONER))
    shown = doctor.open("/work")
    assert "The family registered with you." in shown.text
    assert "A child of whom you are told no more" in shown.text
    assert "Robin" not in shown.text
    (offer,) = work(partnership, child)
    number = offer["id"].rpartition(".")[2]
    assert doctor.open(f"/children/{child}/work").status == 404
    assert doctor.press(shown, f"/children/{child}/owed/{number}/answers", answer="accepted").status == 303
    assert "GP, leads now" in doctor.open(address).text
