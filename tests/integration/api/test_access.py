from typing import Any

import pytest
from sqlalchemy import text

from tests.partnership import Partnership, refused, stored
from tests.unit.api.examples import CANARY


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record in which hv said something and csc leads, with an alert."""
    record_id = partnership.child(involve=["csc"])
    partnership.alert(record_id)
    stored(partnership.post("/observations", partnership.observation(record_id, narrative=CANARY)))
    return record_id


def looks(partnership: Partnership) -> list[tuple[Any, ...]]:
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = "SELECT agency_id, record_id::text, what, purpose, up_to_number, request_id FROM ledger.access_records"
        return [tuple(row) for row in connection.execute(text(f"{query} ORDER BY at, access_id"))]


def test_each_look_at_others_words_is_recorded(partnership: Partnership, child: str) -> None:
    """A timeline, a list of alerts and an alert each leave a record: who, of whom, what, why, and how far they saw."""
    (alert,) = stored(partnership.get("/alerts", "csc"))["alerts"]
    before = len(looks(partnership))
    number = len(partnership.envelopes(child))
    headers = {"Access-Purpose": "strategy discussion", "X-Request-Id": "req-7"}
    stored(partnership.get(f"/children/{child}/timeline", "csc", headers=headers))
    stored(partnership.get("/alerts", "csc", headers=headers))
    stored(partnership.get(f"/alerts/{alert['id']}", "csc", headers=headers))
    stored(partnership.get(f"/children/{child}/timeline?as_of=2", "csc"))
    rest = ("strategy discussion", number, "req-7")
    assert looks(partnership)[before:] == [
        ("csc", child, "timeline", *rest),
        ("csc", child, "alerts", *rest),
        ("csc", child, "alert", *rest),
        ("csc", child, "timeline", "work with the child", 2, "-"),
    ]


def test_what_shows_nothing_of_others_is_not_a_look(partnership: Partnership, child: str) -> None:
    """Reading one's own entries and an empty list of alerts leave no access record; a refusal leaves one of its own."""
    before = looks(partnership)
    stored(partnership.get("/entries"))
    stored(partnership.get("/alerts", "gp"))
    refused(partnership.get(f"/children/{child}/timeline", "gp"), 404)
    refused(partnership.get("/alerts/nothing", "csc"), 404)
    assert looks(partnership) == [*before, ("gp", child, "record", "work with the child", 0, "-")]


def test_what_cannot_be_recorded_is_not_read(partnership: Partnership, child: str) -> None:
    """When the access record cannot be written, no word of the content leaves, on any route that shows others'."""
    (alert,) = stored(partnership.get("/alerts", "csc"))["alerts"]
    paths = (f"/children/{child}/timeline", "/alerts", f"/alerts/{alert['id']}", f"/children/{child}/picture")
    for path in paths:
        assert len(partnership.get(path, "csc").get_data()) > 400, "there is something to withhold"
    assert CANARY in partnership.get(paths[0], "csc").get_data(as_text=True)
    before = looks(partnership)
    with partnership.engine("ledger_owner").begin() as owner:
        owner.execute(text("REVOKE INSERT ON ledger.access_records FROM ledger_web"))
    for path in paths:
        response = partnership.get(path, "csc")
        assert response.status_code >= 500
        assert response.mimetype == "application/problem+json"
        assert len(response.get_data()) < 400
        said = response.get_data(as_text=True)
        assert not any(word in said for word in (CANARY, "opened the door", "absent", child))
    assert looks(partnership) == before


def test_the_record_is_there_before_the_answer(partnership: Partnership, child: str) -> None:
    """When the commit of the access record fails, so does the answer: nothing is sent on its strength."""
    with partnership.engine("ledger_owner").begin() as owner:
        owner.execute(
            text("""
                CREATE FUNCTION ledger.refuse_look() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'not at commit'; END $$""")
        )
        owner.execute(
            text("""
                CREATE CONSTRAINT TRIGGER refuse_look AFTER INSERT ON ledger.access_records
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.refuse_look()""")
        )
    response = partnership.get(f"/children/{child}/timeline", "csc")
    assert response.status_code >= 500
    assert CANARY not in response.get_data(as_text=True)


def test_a_purpose_that_is_no_purpose_is_not_kept(partnership: Partnership, child: str) -> None:
    """A header that is empty or too long falls back to the ordinary purpose; nothing odd enters the record."""
    for purpose in ("", "x" * 201, "tab\there"):
        stored(partnership.get(f"/children/{child}/timeline", "csc", headers={"Access-Purpose": purpose}))
    assert [look[3] for look in looks(partnership)[-3:]] == ["work with the child"] * 3
