"""Whatever people try, an alert is seen by whoever holds it, and is never left without a clock or a person."""

import os
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.line import Holder
from ledger.services.people_leave import come_back
from ledger.services.people_say import as_agency
from ledger.store.identity import NamedLead, named_lead
from tests.integration.services.keeping import Kept
from tests.integration.services.test_rebuild import differing, rebuilt
from tests.partnership import Partnership, refused, stored


class Hidden(Kept):
    """The same, but what hv saw is restricted to the GP: whoever leads is pointed to it, and nobody else."""

    def __init__(self, partnership: Partnership) -> None:
        self._plain = partnership.observation
        partnership.observation = self._restricted  # type: ignore[assignment, method-assign]
        super().__init__(partnership)

    def _restricted(self, child: str, **more: Any) -> dict[str, Any]:
        body: dict[str, Any] = self._plain(child, **more)
        sharing = {"marking": "restricted", "to": ["gp"], "lawful_basis": "public_task"}
        return body if "claims" in more else body | {"sharing": sharing}


@pytest.fixture
def hidden(partnership: Partnership) -> Hidden:
    """One open alert that rests on something restricted."""
    return Hidden(partnership)


@pytest.fixture
def kept(partnership: Partnership) -> Kept:
    """One open alert with the lead."""
    return Kept(partnership)


def _up(kept: Kept) -> None:
    kept.move(kept.row().act_by)
    assert kept.keep() >= 1


def test_whoever_holds_it_is_pointed_to_what_it_rests_on(hidden: Hidden) -> None:
    """Cover, deputy and manager each find it once it is theirs, as a pointer, and not before nor afterwards."""
    assert hidden.read_as("m").status_code == 404
    hidden.away("sw1", cover="sw3")
    hidden.keep()
    assert stored(hidden.read_as("sw3"))["finding"]["withheld"] is True
    hidden.back("sw1")
    hidden.keep()
    assert hidden.read_as("sw3").status_code == 404
    for ref in ("sw2", "m"):
        _up(hidden)
        assert stored(hidden.read_as(ref))["finding"]["withheld"] is True
    assert hidden.holder() == Holder("manager", "csc", "m")


def test_where_nobody_leads_any_longer_the_desk_is_pointed_to_it(hidden: Hidden) -> None:
    """Whoever led and has left is in nobody's way: the duty desk, which has the alert, finds it."""
    hidden.leave("sw1")
    hidden.leave("sw2")
    hidden.keep()
    assert hidden.holder() == Holder("desk", "duty")
    told = stored(hidden.partnership.get(f"/alerts/{hidden.alert}", "duty"))
    assert (told["finding"]["withheld"], told["yours"]) == (True, True)


def test_a_new_lead_has_a_clock_also_of_what_nobody_above_acted_on(kept: Kept) -> None:
    """At the top no clock runs; with the next who leads it begins again, and runs out."""
    for _ in range(3):
        _up(kept)
    assert kept.row().act_by is None
    stored(kept.lead("sw3", deputy="sw2"))
    kept.keep()
    assert (kept.holder(), kept.row().act_by is None) == (Holder("lead", "csc", "sw3"), False)
    _up(kept)
    assert kept.holder() == Holder("deputy", "csc", "sw2")
    assert differing(rebuilt(kept.partnership)) == []


def test_it_goes_on_from_the_top_once_somebody_is_there(kept: Kept) -> None:
    """While the manager is away it stays with the deputy and no clock runs; when they are back it is theirs."""
    kept.away("m")
    _up(kept)
    _up(kept)
    assert (kept.holder(), kept.row().act_by) == (Holder("deputy", "csc", "sw2"), None)
    assert kept.keep() == 0
    kept.back("m")
    assert kept.keep() == 1
    assert (kept.holder(), kept.row().act_by is None) == (Holder("manager", "csc", "m"), False)
    assert differing(rebuilt(kept.partnership)) == []


def test_a_former_deputy_who_leaves_keeps_nothing(kept: Kept) -> None:
    """Whoever holds an alert and has left is found, also where the record's line no longer names them."""
    _up(kept)
    stored(kept.lead("sw1", deputy="sw3"))
    kept.leave("sw2")
    kept.keep()
    assert kept.holder() == Holder("manager", "csc", "m")


def test_who_led_left_and_came_back_leads_nothing(kept: Kept) -> None:
    """Nor has the rights of who leads: they are the deputy's until somebody is named."""
    kept.leave("sw1")
    engine = kept.partnership.context.engine
    come_back(engine, as_agency(engine, "csc"), "sw1", chance=os.urandom)
    with kept.partnership.acting("ledger_web", "csc") as connection:
        assert named_lead(connection, UUID(kept.child)) == NamedLead("csc", None, "sw2")


def test_whoever_let_it_lapse_does_not_put_it_off(kept: Kept) -> None:
    """Who held it before may still act on it; the clock of whoever has it now is not theirs to stop by a snooze."""
    _up(kept)
    assert refused(kept.send_as("sw1", "snoozes", **kept.snooze()), 403)["code"] == "not_in_line"
    stored(kept.send_as("sw2", "snoozes", **kept.snooze()))
    stored(kept.send_as("sw1", "actions", action="rang"))


@pytest.mark.parametrize("deputy", [{"agency": "gp", "person": "sw3"}, {"agency": "csc", "role": "social worker"}])
def test_a_deputy_is_a_person_of_the_leads_agency(kept: Kept, deputy: dict[str, str]) -> None:
    """Another agency's is refused, and not taken for the lead's own person of that reference; and so is nobody."""
    answer = refused(kept.lead("sw1", deputy=deputy), 422)
    assert [one["code"] for one in answer["errors"]] == ["deputy_elsewhere"]
    offered = stored(kept.post("handovers", "csc", of="lead", to={"agency": "csc", "person": "sw3"}))
    accepts = {"of": offered["id"], "answer": "accepted", "deputy": deputy}
    assert kept.post_as(kept.people["sw3"], "replies", **accepts).status_code == 422
