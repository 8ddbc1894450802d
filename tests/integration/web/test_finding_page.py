"""A finding, read by whoever may read the record, and not only by the one whose alert it is."""

import pytest
from flask.testing import FlaskClient

from ledger.services.bring_alerts import alert_id
from tests.integration.web.seeding import RECORD, Seeded, presence
from tests.integration.web.test_inbox import Signs

FINDING = "d" * 32
ALERT = alert_id(FINDING)
PAGE = f"/children/{RECORD}/findings/{FINDING}"


@pytest.fixture
def found(shropshire: Seeded) -> Seeded:
    """The case, with one more finding on the same statements, whose alert goes by its name as detection gives it."""
    at = "2022-11-02T09:00:00+00:00"
    shropshire.find(at, "same_informant", ["o2"], ["o3"], finding=FINDING)
    shropshire.alert(at, "csc", "sw1", alert=ALERT, finding=FINDING)
    return shropshire


@pytest.fixture
def health(found: Seeded, sign_in: Signs) -> FlaskClient:
    """Somebody whose statement it rests on, and who is alerted to nothing."""
    assert found.numbers
    return sign_in("health")


def test_a_finding_is_read_by_who_has_no_alert(health: FlaskClient) -> None:
    """Both sides with who wrote them, and who is to act on it with their number; nothing to press."""
    assert health.get(f"/alerts/{ALERT}").status_code == 404
    text = health.get(PAGE).text
    for words in ("out of their lives", "some nights too", "health visitor", "Told by the mother", "from October 2022"):
        assert words in text, words
    assert "To be acted on by Sam Whitfield, Children’s social care" in text
    assert 'href="tel:03456789021"' in text
    assert f"/alerts/{ALERT}" not in text


@pytest.mark.usefixtures("found")
def test_whose_alert_it_is_finds_the_way_to_it(sign_in: Signs) -> None:
    """From the child's page to where one acts."""
    text = sign_in("lead").get(PAGE).text
    assert "Act on it" in text
    assert f"/alerts/{ALERT}" in text


@pytest.mark.parametrize("query", ["", "?known_on=2022-11-01"])
def test_what_was_not_found_by_then_is_not_known(health: FlaskClient, query: str) -> None:
    """Of another id, or before it was raised, there is no such finding."""
    page = PAGE if query else f"/children/{RECORD}/findings/{'0' * 32}"
    assert health.get(page + query).status_code == 404


def test_restricted_content_is_a_pointer(shropshire: Seeded, sign_in: Signs) -> None:
    """Who may not see a side is told whom to ring, and neither its attribute nor its words."""
    held = presence("lives_here", "2022-10-01/..", basis="seen", informant=None)
    shropshire.observe(
        "2022-11-02T09:00:00+00:00",
        "police",
        "secret",
        "A source saw him move in.",
        held,
        sharing={"marking": "pointer"},
    )
    shropshire.find("2022-11-02T09:00:01+00:00", "contradiction", ["o2"], ["secret"], finding="e" * 32)
    text = sign_in("health").get(f"/children/{RECORD}/findings/{'e' * 32}").text
    assert "Information held by Police protecting vulnerable people unit bears on this" in text
    assert "A source" not in text
    assert "presence" not in text
