"""Every address that reads, as if the code had forgotten to say for whom: the database shows nothing."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from werkzeug.routing import Rule

from ledger.domain.role import Role
from tests.partnership import Partnership, stored

CANARY = "Zephyrine was seen at the refuge in Larch Lane"
#: Whatever an address names is given by the name of its place.
Places = dict[str, Any]


@pytest.fixture
def places(partnership: Partnership) -> Places:
    """A record of which csc reads everything, with one of each thing that an address can name."""
    child = partnership.child("csc", involve=["csc", "hv"])
    said = stored(partnership.post("/observations", partnership.observation(child, narrative=CANARY), "csc"))
    alert = partnership.alert(child)
    in_the_log = {"level": "0", "place": "000.p/1"}
    named = {"entry_id": said["id"], "alert_id": alert["id"], "finding_id": alert["finding"]["finding"]}
    person, nothing = partnership.person("csc", "sw2", Role.PRACTITIONER).person_id, "0" * 32
    other: Places = {"person_id": person, "import_id": uuid4(), "key_id": nothing, "adult": nothing, "agency_id": "csc"}
    other |= {"number": int(said["id"].rpartition(".")[2]), "what": "leaving", "act": "forget_messages"}
    other |= {"rule": "missed_contact_again", "pack": "default"}
    return {"record_id": child, **named, **other, **in_the_log}


@pytest.fixture
def nobody(partnership: Partnership) -> Iterator[None]:
    """While used, nothing that says who acts reaches the database."""

    def forget(*call: Any) -> tuple[str, Any]:
        return str(call[2]).replace("'ledger.party'", "'ledger.forgotten'"), call[3]

    engine = partnership.context.engine
    event.listen(engine, "before_cursor_execute", forget, retval=True)
    yield
    event.remove(engine, "before_cursor_execute", forget)


def addresses(partnership: Partnership, places: Places) -> list[str]:
    """Every address that is read, but for those that hand out files or sign somebody in."""
    return [
        _filled(rule, places)
        for rule in partnership.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/sign-in", "/assets", "/api/v1/docs", "/<"))
    ]


def _filled(rule: Rule, places: Places) -> str:
    built = rule.build({name: places[name] for name in rule.arguments})
    assert built is not None, rule.rule
    return built[1]


def _read(partnership: Partnership, address: str, session: str | None) -> tuple[int, str]:
    if session is not None:
        response = partnership.send_as(session, "GET", address)
    elif address.startswith("/api/v1/"):
        response = partnership.get(address.removeprefix("/api/v1"), "csc", query_string={"purpose": "work"})
    else:
        return 0, ""
    return response.status_code, response.get_data().decode(errors="replace")


def test_nothing_is_read_for_nobody(partnership: Partnership, places: Places, request: pytest.FixtureRequest) -> None:
    """With the party left out no answer has a word, a number or an agency of any record, whoever asks."""
    session = partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))
    everything = addresses(partnership, places)
    before = [_read(partnership, address, who) for who in (None, session) for address in everything]
    assert sum(CANARY in text for _, text in before) >= 4, "there is something to read"
    request.getfixturevalue("nobody")
    for who in (None, session):
        for address in everything:
            # Where the refusal itself cannot be recorded for nobody, the answer is an error: that shows nothing either.
            _, text = _read(partnership, address, who)
            assert CANARY not in text, address
            assert places["entry_id"] not in text.replace(address, ""), address
