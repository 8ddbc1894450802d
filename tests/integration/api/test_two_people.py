"""What a rule lets only two people close is closed by the second of them; what is not known is ended by an answer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.role import Role
from ledger.services.conclude import conclude_as
from ledger.services.people_leave import leave
from ledger.services.people_say import as_agency
from ledger.services.refusal import RefusedError
from tests.chance import chance
from tests.integration.services.detecting import History
from tests.partnership import Partnership, refused, stored

BEGAN = datetime(2023, 3, 6, 9, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)


@pytest.fixture
def history(database_url: str) -> Iterator[History]:
    """A baby of three months whose record csc leads."""
    made = Partnership(database_url, clock_at=BEGAN)
    child = made.child("hv", involve=("hv", "csc", "gp"), born="2022-12-01")
    stored(made.post(f"/children/{child}/leads", {"event_id": "lead", "agency": "csc", "person": "sw1"}, "csc"))
    yield History(made, child)
    made.close()


@pytest.fixture
def alert(history: History) -> str:
    """The alert on a bruise that the baby has."""
    claims = [{"about": "child", "attribute": "injury", "thing": "cheek", "value": "bruise", "basis": "seen"}]
    body = {"observed": "2023-03-06", "statement": "fact", "claims": claims, "contact": {"depth": "seen"}}
    history.post({"agency": "hv", "path": "observations", "body": body})
    history.detect()
    pack = history.partnership.context.pack
    alerts = stored(history.partnership.get("/alerts", "csc"))["alerts"]
    return next(str(one["id"]) for one in alerts if pack.rules[one["finding"]["rule"]].needs_two)


def conclude(history: History, alert: str, ref: str | None, event: str) -> Any:
    body: dict[str, Any] = {"event_id": event, "outcome": "known_and_assessed", "reason": "Seen by the paediatrician."}
    if ref is not None:
        body["author"] = {"ref": ref}
    return history.partnership.post(f"/alerts/{alert}/outcomes", body, "csc")


def is_closed(history: History, alert: str) -> bool:
    history.detect()
    return bool(stored(history.partnership.get(f"/alerts/{alert}", "csc"))["finding"]["closed"])


def test_two_different_people_close_it(history: History, alert: str) -> None:
    """The first answer says one of two, the second two of two; between them it stays open. Retries answer the same."""
    first = stored(conclude(history, alert, "sw1", "o1"))
    assert (first["signed"], first["needs"]) == (1, 2)
    assert not is_closed(history, alert)
    second = stored(conclude(history, alert, "sw2", "o2"))
    assert (second["signed"], second["needs"]) == (2, 2)
    assert is_closed(history, alert)
    assert stored(conclude(history, alert, "sw1", "o1")) == first
    assert stored(conclude(history, alert, "sw2", "o2")) == second


@pytest.mark.parametrize("detects", [True, False])
def test_the_same_person_twice_is_refused(history: History, alert: str, *, detects: bool) -> None:
    """With the reason, whether or not detection has read the first, and nothing is stored."""
    stored(conclude(history, alert, "sw1", "o1"))
    if detects:
        history.detect()
    rows = history.partnership.rows()
    problem = refused(conclude(history, alert, "sw1", "o2"), 409, "same_person", "/author/ref")
    assert "second" in problem["detail"]
    assert history.partnership.rows() == rows
    assert not is_closed(history, alert)


def test_who_concludes_is_named(history: History, alert: str) -> None:
    """Without an author nobody could tell the second from the first."""
    refused(conclude(history, alert, None, "o1"), 422, "author_needed", "/author/ref")


def test_nobody_signs_who_has_left(history: History, alert: str) -> None:
    """Their agency's system does not close anything in the name of somebody who is not there any longer."""
    partnership = history.partnership
    partnership.person("csc", "sw2", Role.PRACTITIONER)
    engine = partnership.context.engine
    leave(engine, as_agency(engine, "csc"), "sw2", chance=chance, now=datetime.now(UTC))
    stored(conclude(history, alert, "sw1", "o1"))
    refused(conclude(history, alert, "sw2", "o2"), 403, "has_left")
    assert not is_closed(history, alert)


def test_a_person_is_one_on_the_page_and_by_the_interface(history: History, alert: str) -> None:
    """Who signed in and recorded an outcome is not the second by way of their agency's system."""
    partnership = history.partnership
    person = partnership.person("csc", "sw1", Role.PRACTITIONER)
    conclude_as(partnership.context, person, alert, "known_and_assessed", "Spoken to the ward.")
    refused(conclude(history, alert, "sw1", "o2"), 409, "same_person")
    stored(conclude(history, alert, "sw2", "o3"))
    assert is_closed(history, alert)
    with pytest.raises(RefusedError, match="event_id_reused"):
        conclude_as(partnership.context, person, alert, "agreed_to_differ", "Another reason.")


def test_what_is_not_known_is_ended_by_an_answer(history: History) -> None:
    """An enquiry that nobody answered in time is the lead's alert; an outcome of it is refused, an answer ends it."""
    for agency in ("hv", "gp", "csc"):
        claim = {
            "about": "child",
            "attribute": "father",
            "not_known": "declined",
            "basis": "told",
            "informant": "mother",
        }
        body = {"observed": "2023-03-06", "statement": "fact", "claims": [claim]}
        history.post({"agency": agency, "path": "observations", "body": body})
        history.detect()
    history.move(BEGAN + 60 * DAY)
    history.detect()
    alerts = stored(history.partnership.get("/alerts", "csc"))["alerts"]
    alert = next(str(one["id"]) for one in alerts if one["finding"]["kind"] == "gap")
    problem = refused(conclude(history, alert, "sw1", "o1"), 409, "not_for_an_outcome")
    assert "an answer ends it" in problem["detail"]
    claim = {"about": "child", "attribute": "father", "value": "father", "basis": "own_record"}
    body = {"observed": "2023-05-05", "statement": "fact", "claims": [claim]}
    history.post({"agency": "hv", "path": "observations", "body": body})
    assert is_closed(history, alert)
