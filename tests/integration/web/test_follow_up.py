import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.services.word_outcome import OUTCOME_WORDS
from tests.integration.web.following import Story, tell

SENT = {"outcome": "known_and_assessed", "reason": "Seen by the paediatrician on Tuesday."}


@pytest.fixture
def story(database_url: str) -> Iterator[Story]:
    told = Story(database_url)
    yield told
    told.close()


@pytest.fixture
def told(story: Story) -> Story:
    tell(story)
    return story


def signed_in(story: Story, person: str) -> FlaskClient:
    client = story.app.test_client()
    assert client.post(f"/sign-in/{story.link(person)}").status_code == 303
    return client


def words(client: FlaskClient, page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(page).get_data(as_text=True)).split())


def by_rule(story: Story, rule: str) -> dict[str, Any]:
    return next(alert for alert in story.alerts() if alert["finding"]["rule"] == rule)


def press(client: FlaskClient, page: str) -> None:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(page).get_data(as_text=True))
    assert token
    assert client.post(f"{page}/outcomes", data=SENT | {"csrf": token[1]}).status_code == 303


def test_each_alert_says_what_has_not_followed(told: Story) -> None:
    """A fixed rule, an action, a gap and a pattern: what, from whom, by when, how long ago, what to do; and no JSON."""
    lead = signed_in(told, "sw1")
    found = {alert["finding"]["rule"]: words(lead, f"/alerts/{alert['id']}") for alert in told.alerts()}
    injury = found["injury_to_baby_not_mobile"]
    assert "No referral recorded: the child’s injury (left-cheek: bruise), due by the end of 13 April 2026" in injury
    assert "Overdue by 2 days and 10 hours" in injury
    assert "Two people must each record an outcome. Nobody has yet." in injury
    action = found["action_not_done"]
    assert "Home safety check with the mother, and a cot for the baby" in action
    assert "01743 000111" in action
    gap = found["not_known"]
    assert "Health visiting asked the mother, 4 March 2026 (seen): declined to say" in gap
    assert "Castle surgery: 01743 000444" in gap
    assert "Words to use" in gap
    pattern = found["contact_kept_with_one_and_not_with_another"]
    assert "11 March 2026 Contact: no access" in pattern
    assert "What was recorded, day by day" in pattern
    assert not any(sign in page for page in found.values() for sign in ("{", "&#34;", "is_lapsed", "entry:"))


def test_the_list_says_how_long_something_is_overdue(told: Story) -> None:
    """On the list too, not only that it is late."""
    assert "Overdue by 26 days." in words(signed_in(told, "sw1"), "/")


def test_two_people_close_what_needs_two(told: Story) -> None:
    """The first outcome waits; its author cannot give the second, and a colleague can; then it closes."""
    page = f"/alerts/{by_rule(told, 'injury_to_baby_not_mobile')['id']}"
    lead, manager = signed_in(told, "sw1"), signed_in(told, "tm1")
    assert "Say what it came to" in words(lead, page)
    press(lead, page)
    told.detect()
    assert "Your outcome is recorded, and a second person is needed" in words(lead, page)
    assert "Record outcome" not in words(lead, page)
    assert "One, of Children’s social care, has; a second, another, is needed." in words(lead, page)
    assert by_rule(told, "injury_to_baby_not_mobile")["finding"]["awaited"]["signed"]
    assert "One outcome is recorded, and a second is needed" in words(manager, page)
    press(manager, page)
    told.detect()
    assert "This alert has ended." in words(lead, page)
    chronology = words(lead, f"/children/{told.record}/chronology")
    assert chronology.count("What a finding came to") == 2
    assert "One person has recorded an outcome. A second, another, is needed to close it." in chronology
    assert OUTCOME_WORDS["known_and_assessed"][0] in chronology


def test_the_chronology_tells_of_warnings_enquiries_and_clocks(told: Story) -> None:
    """Who was told that something is soon due or asked to find out, and when the time ran out, in words."""
    chronology = words(signed_in(told, "sw1"), f"/children/{told.record}/chronology")
    assert "Soon due from them: word that it is done, after the agreed action" in chronology
    assert "To Castle surgery. The child’s father is not known, and they are asked to find out." in chronology
    assert "The time for it has run out." in chronology
    assert "due_soon" not in chronology
    assert "{" not in chronology


def test_what_started_it_is_not_told_to_who_may_not_see_it(story: Story) -> None:
    """A bruise, a refusal and a visit that were restricted: whom to ring, and nothing of what, on any page."""
    restricted = {"sharing": {"marking": "restricted", "lawful_basis": "public task", "to": []}}
    story.at("2026-04-13T15:00:00+00:00")
    hidden = {"about": "child", "attribute": "injury", "thing": "left-cheek", "value": "bruise", "basis": "seen"}
    young = {"about": "child", "attribute": "mobility", "value": "not_rolling", "basis": "seen"}
    declined = {
        "about": "child",
        "attribute": "father",
        "not_known": "declined",
        "basis": "told",
        "informant": "mother",
    }
    contact = {"depth": "seen", "outcome": "held"}
    story.observe("hv", "2026-04-13", "QUETZALCOATLUS", hidden, young, declined, contact=contact, **restricted)
    story.observe("eh", "2026-04-13", "QUETZALCOATLUS", declined, contact=contact, **restricted)
    story.at("2026-05-20T09:00:00+00:00")
    found = story.alerts()
    assert {alert["finding"]["headline"] for alert in found} >= {
        "Information held by Health visiting bears on this: ring them"
    }
    lead = signed_in(story, "sw1")
    pages = [words(lead, f"/alerts/{alert['id']}") for alert in found]
    pages += [words(lead, "/"), words(lead, f"/children/{story.record}/chronology"), str(found)]
    for page in pages:
        assert not any(word in page for word in ("QUETZALCOATLUS", "left-cheek", "bruise", "declined", "Overdue"))
