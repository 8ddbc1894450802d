"""A manager or administrator says who of their own agency is there; anybody says that they are away themselves."""

from typing import Any

from werkzeug.test import TestResponse

from ledger.domain.role import Role
from tests.answers import refused, stored
from tests.integration.services.peopled import Peopled
from tests.partnership import Partnership


def ask(partnership: Partnership, session: str, path: str, **body: Any) -> TestResponse:
    """One request of somebody who is signed in, about their agency."""
    return partnership.send_as(session, "POST" if body else "GET", f"/api/v1/agency/{path}", json=body or None)


def test_a_manager_keeps_their_agency_s_people(partnership: Partnership) -> None:
    """What is said is what is read: who left, who is away and covered, team, rung, addresses; of their own alone."""
    peopled = Peopled(partnership)
    session = partnership.session(peopled.people["m"])
    said: dict[str, dict[str, Any]] = {
        "absences": {"person": "sw1", "since": "2023-10-01", "cover": {"person": "sw2"}},
        "addresses": {"person": "sw1", "mail": "sw1@csc.example", "phone": "020 7946 0000"},
        "teams": {"team": "t1", "name": "Team 1", "manager": "m", "members": ["sw1", "sw2"]},
        "rungs": {"rung": "senior", "person": "m"},
    }
    for path, body in said.items():
        stored(ask(partnership, session, path, **body))
    stored(ask(partnership, session, "addresses", desk="yes", mail="desk@csc.example"))
    assert stored(ask(partnership, session, "leavings", person="sw3"))["leads"] == 0
    assert stored(ask(partnership, session, "leavings", person="sw1", reason="Another post."))["leads"] == 1
    read = stored(ask(partnership, session, "people"))
    people = {one["person"]: one for one in read["people"]}
    assert {ref for ref, one in people.items() if one["has_left"]} == {"sw1", "sw3"}
    (away,) = people["sw1"]["absences"]
    assert (away["since"], away["until"]) == ("2023-09-30T23:00:00.000000Z", None)
    assert away["cover"] == {"agency": "csc", "person": "sw2"}
    assert (people["sw1"]["mail"], read["desk"]["mail"]) == ("sw1@csc.example", "desk@csc.example")
    assert read["teams"] == [{"team": "t1", "name": "Team 1", "manager": "m", "members": ["sw1", "sw2"]}]
    assert read["ladder"] == [{"rung": "senior", "to": {"agency": "csc", "person": "m"}, "of": "agency"}]
    stored(ask(partnership, session, "returns", person="sw3"))
    partnership.person("hv", "hv1", Role.PRACTITIONER)
    refused(ask(partnership, session, "leavings", person="hv1"), 422, "person_not_there", "/person")


def test_who_is_not_a_manager_says_so_of_themselves_alone(partnership: Partnership) -> None:
    """A practitioner is away and back by their own word, says nothing of others, and a key nothing of anybody."""
    peopled = Peopled(partnership)
    session = partnership.session(peopled.people["sw1"])
    stored(ask(partnership, session, "own-absences", since="2023-10-01"))
    assert [one.of.person for one in peopled.line().absences] == ["sw1"]
    stored(ask(partnership, session, "own-returns", note="Well again."))
    assert peopled.line().absences == ()
    refused(ask(partnership, session, "own-returns", note="Well again."), 409, "not_away")
    refused(ask(partnership, session, "absences", person="sw2", since="2023-10-01"), 403, "forbidden")
    refused(ask(partnership, session, "people"), 403, "forbidden")
    refused(partnership.post("/agency/leavings", {"person": "sw2"}, "csc"), 403, "forbidden")


def test_nothing_is_said_of_whom_it_is_not_said(partnership: Partnership) -> None:
    """An address of nobody and of two at once, a manager in their own team, a rung that is the partnership's."""
    session = partnership.session(Peopled(partnership).people["m"])
    for body in ({"mail": "a@b.example"}, {"mail": "a@b.example", "person": "m", "desk": "yes"}):
        refused(ask(partnership, session, "addresses", **body), 422, "invalid", "/person")
    refused(ask(partnership, session, "addresses", person="m", mail="a@b"), 422, "bad_address", "/mail")
    team = {"team": "t1", "name": "T", "manager": "m", "members": ["m"]}
    refused(ask(partnership, session, "teams", **team), 422, "under_themselves", "/manager")
    refused(ask(partnership, session, "rungs", rung="chair", person="m"), 422, "invalid", "/rung")
