"""Deciding on the pages: the basis before the button, a decision that does not stand, and two people who take it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.role import Role
from tests.integration.web.pressing import Pressing, Shown
from tests.partnership import Partnership, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom csc leads: csc holds that the father has gone, and hv saw that he stays the night."""
    made = partnership.child(involve=["hv", "csc", "gp"], name="Robin")
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{made}/leads", lead, "csc"))
    say(partnership, made, "absent", "csc", 9)
    say(partnership, made, "stays_overnight", "hv", 5)
    return made


@pytest.fixture
def lead(partnership: Partnership) -> Pressing:
    """Whoever leads, at their pages."""
    return Pressing(partnership, partnership.person("csc", "sw1", Role.PRACTITIONER))


def say(partnership: Partnership, child: str, value: str, agency: str, days_ago: int) -> None:
    day = (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()
    claim = {"about": "father", "attribute": "presence", "value": value, "valid": f"{day}/..", "basis": "seen"}
    body = partnership.observation(child, observed=day, narrative="-", claims=[claim])
    stored(partnership.post("/observations", body, agency))


def decide(lead: Pressing, page: Shown, child: str, **entered: Any) -> Shown:
    return lead.press(page, f"/children/{child}/decide", **{"reason": "He has gone.", "taken": "as_it_is", **entered})


def decisions(partnership: Partnership, child: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stored(partnership.get(f"/children/{child}/decisions", "csc"))["decisions"]
    return found


def test_the_basis_stands_before_the_button(lead: Pressing, child: str) -> None:
    """What each agency said last, that it is contested, whom to ring and what to ask come before the form's button."""
    page = lead.open(f"/children/{child}/decide?kind=step_down")
    assert page.status == 200
    before, _, after = page.text.partition("Record the decision")
    for words in ("Would not stand", "Stands in the way", "HV: The father’s presence: stays overnight", "Ring", "Ask"):
        assert words in before, words
    assert "made, not standing" in before
    assert after


def test_a_decision_is_recorded_once_and_shown_as_it_stands(
    partnership: Partnership, lead: Pressing, child: str
) -> None:
    """Pressing twice is pressing once; it is shown as made, not standing, with why, and in it who decided."""
    page = lead.open(f"/children/{child}/decide?kind=step_down")
    answers = [decide(lead, page, child) for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    (made,) = decisions(partnership, child)
    assert made["standing"] == "not_standing"
    listed = lead.open(f"/children/{child}/decisions")
    assert "Made, not standing" in listed.text
    assert "He has gone." in listed.text
    assert f'id="decision-{made["number"]}"' in listed.html


def test_nothing_is_recorded_on_a_basis_that_was_not_shown(
    partnership: Partnership, lead: Pressing, child: str
) -> None:
    """What comes between the page and the press is shown first, with what was entered still there."""
    page = lead.open(f"/children/{child}/decide?kind=step_down")
    say(partnership, child, "lives_here", "gp", 1)
    answer = decide(lead, page, child)
    assert answer.status == 409
    assert "has changed since you opened the page" in answer.text
    assert "He has gone." in answer.html
    assert decisions(partnership, child) == []
    assert decide(lead, answer, child).status == 303


def test_what_is_picked_is_weighed_and_named(partnership: Partnership, lead: Pressing, child: str) -> None:
    """A statement picked from the record is weighed before, and is what the decision says that it relies on."""
    offered = lead.open(f"/children/{child}/decide?kind=close&matter=presence")
    assert "What each agency said last of this matter" in offered.text
    number = next(one["number"] for one in _entries(partnership, child) if one["agency"] == "csc" and one["claims"])
    page = lead.open(f"/children/{child}/decide?kind=close&on={number}:0")
    assert "Relied on by the decision itself" in page.text
    assert decide(lead, page, child).status == 303
    (made,) = decisions(partnership, child)
    stated = [one for one in made["assumptions"] if one["item"] == "stated"]
    assert [one["relied_on"]["entry"].rsplit(".", 1)[-1] for one in stated] == [str(number)]
    assert lead.open(f"/children/{child}/decide?kind=close&on=900:0").status == 400


def _entries(partnership: Partnership, child: str) -> list[dict[str, Any]]:
    entries = stored(partnership.get(f"/children/{child}/timeline", "csc"))["entries"]
    return [
        {**one, "number": int(one["id"].rsplit(".", 1)[-1]), "claims": one.get("body", {}).get("claims")}
        for one in entries
    ]


def test_what_is_amiss_is_said_beside_its_field(partnership: Partnership, lead: Pressing, child: str) -> None:
    """No kind, no reason, no choice, no second person, the first as the second: each said, and nothing recorded."""
    assert "Choose what is to be decided" in lead.open(f"/children/{child}/decide?kind=").text
    page = lead.open(f"/children/{child}/decide?kind=step_down")
    asked: list[tuple[dict[str, str], str]] = [
        ({"reason": ""}, "Enter the reason for the decision"),
        ({"reason": "x" * 2_001}, "Shorten this to 2,000 characters"),
        ({"taken": ""}, "Choose how it is recorded"),
        ({"taken": "all_the_same", "why": "Seen to go."}, "Enter the name of the second person"),
        (
            {"taken": "all_the_same", "why": "Seen to go.", "second_agency": "csc", "second_person": "sw1"},
            "Enter somebody else",
        ),
        (
            {"taken": "all_the_same", "why": "Seen to go.", "second_agency": "nobody", "second_person": "tm"},
            "Choose the agency of the second person",
        ),
    ]
    for entered, words in asked:
        answer = decide(lead, page, child, **entered)
        assert answer.status == 400, words
        assert words in answer.text
    assert decisions(partnership, child) == []


def test_two_people_take_it_all_the_same(partnership: Partnership, lead: Pressing, child: str) -> None:
    """A decision that does not stand is overridden from its page by its agency and a second person, once."""
    decide(lead, lead.open(f"/children/{child}/decide?kind=step_down"), child)
    listed = lead.open(f"/children/{child}/decisions")
    (made,) = decisions(partnership, child)
    path = f"/children/{child}/decisions/{made['number']}/overrides"
    assert lead.press(listed, path, why="", second_agency="csc", second_person="tm").status == 400
    assert lead.press(listed, path, why="Seen to go.", second_agency="csc", second_person="sw1").status == 400
    for _ in range(2):
        answer = lead.press(listed, path, why="Seen to go.", second_agency="csc", second_person="tm")
        assert answer.status == 303
    (made,) = decisions(partnership, child)
    assert [made["standing"], len(made["overrides"])] == ["overridden", 1]
    after = lead.open(f"/children/{child}/decisions")
    assert "Made, and stands by override" in after.text
    assert "Second person: tm" in after.text
    assert path not in after.forms


def test_who_reads_and_decides_nothing_is_offered_nothing(partnership: Partnership, child: str) -> None:
    """A manager reads decisions and what one would rest on; no form is there, and one that is sent is refused."""
    manager = Pressing(partnership, partnership.person("csc", "boss", Role.MANAGER))
    assert manager.open(f"/children/{child}/decisions").status == 200
    page = manager.open(f"/children/{child}/decide?kind=step_down")
    assert "decides nothing in it" in page.text
    assert f"/children/{child}/decide" not in [name for name, fields in page.forms.items() if "csrf" in fields]
    assert manager.post(f"/children/{child}/decide", kind="step_down", reason="x").status in {403, 404}


def test_a_day_of_the_past_is_said_and_offers_no_form(partnership: Partnership, lead: Pressing, child: str) -> None:
    """As known on a day before the decision it is not there; agencies keep their names, and nothing can be sent."""
    decide(lead, lead.open(f"/children/{child}/decide?kind=step_down"), child)
    today = lead.open(f"/children/{child}/decisions?known_on={datetime.now(UTC).date().isoformat()}")
    assert "As known at the end of" in today.text
    assert "CSC decided: step down" in today.text
    assert [name for name in today.forms if name.endswith("/overrides")] == []
    before = lead.open(f"/children/{child}/decisions?known_on=2001-01-01")
    assert "decided: step down" not in before.text
    assert partnership.rows()["entries"]
