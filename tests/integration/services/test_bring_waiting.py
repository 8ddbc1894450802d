"""What a rule found in shadow is brought to somebody once the rule comes live, each finding once."""

import os
from typing import Any
from uuid import UUID

from sqlalchemy import text

from ledger.domain.shadow import LIVE, SHADOWED
from ledger.services.keep_alerts import keep_alerts
from ledger.services.write_own import write_own
from ledger.store.alert_keeping import waiting_records
from ledger.store.database import driver_of
from tests.integration.services.keeping import packs
from tests.partnership import Partnership, stored

RULE = "states_of_the_world"


def _say(partnership: Partnership, kind: str, **more: Any) -> None:
    record_id = UUID(str(partnership.partnership_record))
    body = {"rule": RULE, "why": "by_operator", "reason": "To be looked at.", **more}
    write_own(partnership.engine("ledger_admin"), record_id, kind, body, os.urandom)


def _alerts(partnership: Partnership, child: str) -> list[Any]:
    with partnership.acting("ledger_worker") as connection:
        query = text("SELECT to_agency, to_person, tier, act_by FROM ledger.alerts WHERE record_id = :child")
        return list(connection.execute(query, {"child": child}))


def _found_in_shadow(partnership: Partnership) -> str:
    """A child whose lead would be told, were the rule live."""
    child = partnership.child(involve=["csc"])
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{child}/leads", lead, "csc"))
    stored(partnership.post("/observations", partnership.observation(child), "hv"))
    claim = {"about": "father", "attribute": "presence", "value": "lives_here", "basis": "seen"}
    seen = partnership.observation(child, observed="2023-10-07", narrative="He opened the door.", claims=[claim])
    stored(partnership.post("/observations", seen, "csc"))
    partnership.detect(child)
    return child


def test_what_waited_is_brought_once_the_rule_is_live(partnership: Partnership) -> None:
    """In shadow nobody is told; live again, whoever leads is, with a clock that begins then; and nobody twice."""
    _say(partnership, SHADOWED)
    child = _found_in_shadow(partnership)
    worker = partnership.engine("ledger_worker")
    keep_alerts(worker, packs, os.urandom)
    assert _alerts(partnership, child) == []
    _say(partnership, LIVE, findings=1)
    assert keep_alerts(worker, packs, os.urandom) == 1
    [(agency, person, tier, act_by)] = _alerts(partnership, child)
    assert (agency, person, tier, act_by is None) == ("csc", "sw1", "queue", False)
    assert keep_alerts(worker, packs, os.urandom) == 0


def test_a_record_that_is_set_back_keeps_no_other_waiting(partnership: Partnership) -> None:
    """However much waits in records that cannot be kept for now, what waits behind it is found."""
    _say(partnership, SHADOWED)
    first, second = (UUID(_found_in_shadow(partnership)) for _ in range(2))
    _say(partnership, LIVE, findings=2)
    with driver_of(partnership.engine("ledger_worker")) as driver:
        assert waiting_records(driver, 1) == [first]
        assert waiting_records(driver, 1, {first}) == [second]
