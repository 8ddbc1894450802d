import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.web.seeding import ALERT, RECORD, Seeded

PAGE = f"/alerts/{ALERT}"
SENT = {"outcome": "known_and_assessed", "reason": "All three of us met on Tuesday."}
SignIn = Callable[[str], FlaskClient]


def press(client: FlaskClient, csrf: str | None = None, **sent: Any) -> Any:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(PAGE).get_data(as_text=True))
    assert token
    return client.post(f"{PAGE}/outcomes", data=SENT | {"csrf": csrf or token[1]} | sent)


def words(client: FlaskClient, page: str = PAGE) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(page).get_data(as_text=True)).split())


def test_a_lead_says_what_it_came_to(shropshire: Seeded, sign_in: SignIn) -> None:
    """The seven outcomes stand each with its meaning; once pressed, the page says that it is recorded, and by whom."""
    lead = sign_in("lead")
    assert lead.get(PAGE).get_data(as_text=True).count('type="radio"') == 7
    answer = press(lead)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = words(lead)
    assert "Your outcome is recorded" in page
    assert "closes in a moment" in page
    assert "Known and assessed." in page
    assert "All three of us met on Tuesday." in page
    assert "Sam Whitfield" in page
    assert "Record outcome" not in page


def test_pressing_twice_is_once(shropshire: Seeded, sign_in: SignIn) -> None:
    """A second press, even of another outcome, leaves the first as it is and leads to the same page."""
    lead = sign_in("lead")
    press(lead)
    for sent in ({}, {"outcome": "agreed_to_differ"}):
        token = re.search(r'name="csrf" value="([^"]+)"', lead.get(PAGE).get_data(as_text=True))
        assert token
        assert lead.post(f"{PAGE}/outcomes", data=SENT | {"csrf": token[1]} | sent).status_code == 303
    chronology = words(lead, f"/children/{RECORD}/chronology")
    assert chronology.count("What a finding came to") == 1


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"outcome": ""}, "Choose what it came to"),
        ({"outcome": "nonsense"}, "Choose what it came to"),
        ({"reason": "  "}, "Enter the reason"),
        ({"reason": "x" * 2001}, "The reason must be 2,000 characters or fewer"),
    ],
)
def test_what_is_amiss_is_said_and_nothing_recorded(
    shropshire: Seeded, sign_in: SignIn, sent: dict[str, str], error: str
) -> None:
    """An error stands at the top and at its field; what was entered stays; nothing is in the record."""
    lead = sign_in("lead")
    answer = press(lead, **sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert page.count(error) == 2
    assert "<title>\n  Error: " in page or "Error: " in page.partition("</title>")[0]
    if "outcome" not in sent:
        assert re.search(r'value="known_and_assessed"[^>]*checked', page)
    else:
        assert "All three of us met on Tuesday." in page
    assert "What a finding came to" not in words(lead, f"/children/{RECORD}/chronology")


def test_a_form_of_another_page_is_refused(shropshire: Seeded, sign_in: SignIn) -> None:
    """Without the session's own token nothing is recorded."""
    lead = sign_in("lead")
    assert press(lead, csrf="not the token").status_code == 403
    assert "Your outcome is recorded" not in words(lead)


def test_another_agencys_alert_is_not_found(shropshire: Seeded, sign_in: SignIn) -> None:
    """Who the alert was not brought to cannot conclude it."""
    lead, other = sign_in("lead"), sign_in("health")
    token = re.search(r'name="csrf" value="([^"]+)"', other.get("/").get_data(as_text=True))
    assert token
    assert other.post(f"{PAGE}/outcomes", data=SENT | {"csrf": token[1]}).status_code == 404
    assert "Your outcome is recorded" not in words(lead)


def test_a_closed_finding_tells_why_by_whom_and_with_what_reason(shropshire: Seeded, sign_in: SignIn) -> None:
    """Afterwards the page has the outcome's words, its author, its time and its reason, and no form any more."""
    lead = sign_in("lead")
    press(lead)
    with_outcome = lead.get(f"/children/{RECORD}/chronology").get_data(as_text=True)
    number = re.findall(r'id="entry-(\d+)"', with_outcome)[-1]
    shropshire.close("2022-11-02T09:00:00+00:00", SENT["outcome"], f"entry:{number}")
    page = words(lead)
    assert "Closed 2 November 2022 at 9am" in page
    assert "Known and assessed. It stands." in page
    assert "All three of us met on Tuesday." in page
    assert "Sam Whitfield, Children’s social care" in page
    assert "New evidence does, as a new alert" in page
    assert 'type="radio"' not in lead.get(PAGE).get_data(as_text=True)
    chronology = words(lead, f"/children/{RECORD}/chronology")
    assert chronology.count("Known and assessed. It stands.") == 2
    assert f"entry:{number}" not in chronology


@pytest.mark.parametrize(
    ("why", "said"),
    [("beliefs_now_agree", "What the agencies hold can all be so again."), ("merged", "It is one with")],
)
def test_what_closes_by_itself_says_why(shropshire: Seeded, sign_in: SignIn, why: str, said: str) -> None:
    """Where nobody concluded anything, the page says what ended it."""
    shropshire.close("2022-11-02T09:00:00+00:00", why, "entry:3")
    assert said in words(sign_in("lead"))


def test_what_closed_meanwhile_takes_no_outcome(shropshire: Seeded, sign_in: SignIn) -> None:
    """A form that was open while the finding ended is answered with the reason why it was not recorded."""
    lead = sign_in("lead")
    token = re.search(r'name="csrf" value="([^"]+)"', lead.get(PAGE).get_data(as_text=True))
    assert token
    shropshire.close("2022-11-02T09:00:00+00:00", "beliefs_now_agree", "entry:3")
    answer = lead.post(f"{PAGE}/outcomes", data=SENT | {"csrf": token[1]})
    assert answer.status_code == 409
    assert "nothing was recorded" in answer.get_data(as_text=True)
    assert "What a finding came to" not in words(lead, f"/children/{RECORD}/chronology")
