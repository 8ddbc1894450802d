import json

import pytest
from sqlalchemy import text

from ledger.domain.role import Role
from ledger.services.acknowledge import acknowledge_as
from ledger.services.refusal import RefusedError
from tests.partnership import Partnership


def test_a_professional_acknowledges_once(partnership: Partnership) -> None:
    """Pressing twice is one entry, which says who pressed, for which agency and which alert."""
    child = partnership.child()
    alert = partnership.alert(child)["id"]
    person = partnership.person("csc", "sw1", Role.PRACTITIONER)
    first = acknowledge_as(partnership.context, person, alert, None)
    rows = partnership.rows()
    again = acknowledge_as(partnership.context, person, alert, None)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.entry.hash == first.entry.hash
    assert partnership.rows() == rows
    with partnership.acting("ledger_worker") as connection:
        query = text("SELECT content FROM ledger.contents WHERE record_id = :r AND number = :n")
        content = connection.scalar(query, {"r": child, "n": first.entry.number})
        acknowledged = connection.scalar(text("SELECT acknowledged_number FROM ledger.alerts"))
    told = json.loads(content or b"{}")
    assert told["kind"] == "acknowledgement"
    assert told["agency"] == "csc"
    assert (told["body"]["of"], told["body"]["person"]) == (alert, str(person.person_id))
    assert acknowledged == first.entry.number


def test_detection_does_not_read_acknowledgements(partnership: Partnership) -> None:
    """An acknowledgement does not make a record due again."""
    child = partnership.child()
    alert = partnership.alert(child)["id"]
    with partnership.acting("ledger_worker") as connection:
        due = text("SELECT due_seq, detected_seq FROM ledger.heads WHERE record_id = :r")
        before = connection.execute(due, {"r": child}).one()
    acknowledge_as(partnership.context, partnership.person("csc", "sw1", Role.PRACTITIONER), alert, "Rang them.")
    with partnership.acting("ledger_worker") as connection:
        assert connection.execute(due, {"r": child}).one() == before


def test_an_alert_of_another_agency_is_not_there(partnership: Partnership) -> None:
    """A professional of another agency cannot acknowledge it, nor learn that it is there."""
    alert = partnership.alert(partnership.child())["id"]
    person = partnership.person("hv", "h", Role.PRACTITIONER)
    for named in (alert, "nothing"):
        with pytest.raises(RefusedError, match="not_known"):
            acknowledge_as(partnership.context, person, named, None)
