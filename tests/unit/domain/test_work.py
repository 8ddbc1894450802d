"""Work that is asked for: whose it is at each moment, and how it stands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.work import Act, Item, folded, is_final, owed_by

AT = datetime(2023, 10, 5, 9, tzinfo=UTC)


def act(
    number: int, kind: str, agency: str = "csc", names: int | None = None, about: int | None = None, **body: Any
) -> Act:
    """One entry of a record."""
    return Act(number, AT + timedelta(hours=number), agency, kind, body, names, about)


def action(number: int, owner: str = "hv", **more: Any) -> Act:
    """An agreed action."""
    return act(number, "action", what="Visit.", owner={"agency": owner}, **more)


def handover(number: int, of: str, to: str, agency: str = "csc", about: int | None = None, **more: Any) -> Act:
    """A hand-over."""
    return act(number, "handover", agency, about=about, **{"of": of, "to": {"agency": to}, **more})


def reply(number: int, agency: str, of: int, answer: str = "accepted") -> Act:
    """An answer."""
    return act(number, "reply", agency, of, answer=answer)


def test_until_accepted_whoever_had_it_has_it() -> None:
    """An offer leaves the work where it is, an acknowledgement too; accepting gives it to whoever accepts."""
    offered = [action(1, "csc"), handover(2, "work", "gp", about=1)]
    assert folded(offered)[1].accountable == "csc"
    assert folded([*offered, reply(3, "gp", 2, "acknowledged")])[1].accountable == "csc"
    taken = folded([*offered, reply(3, "gp", 2)])
    assert (taken[1].accountable, taken[1].state) == ("gp", "asked")
    assert (taken[2].accountable, taken[2].state) == ("gp", "accepted")
    assert folded([*offered, reply(3, "gp", 2, "declined")])[1].accountable == "csc"


def test_a_referral_is_its_senders_until_it_is_taken() -> None:
    """Asking is not handing over: whoever refers is accountable until the other says yes."""
    asked = act(1, "referral", "gp", to="csc", reason="Bruises.")
    assert folded([asked])[1].accountable == "gp"
    assert folded([asked, reply(2, "csc", 1)])[1].accountable == "csc"
    assert folded([asked, reply(2, "csc", 1, "declined")])[1].accountable == "gp"


def test_an_offer_lapses_by_its_day_and_not_before() -> None:
    """It lapses with the day named; one that was accepted does not; an action that is late is overdue."""
    item = folded([handover(1, "work", "gp", due="2023-10-06")])[1]
    day_over = datetime(2023, 10, 6, 23, tzinfo=UTC)  # midnight in London
    assert [item.shown(day_over - timedelta(seconds=1)), item.shown(day_over)] == ["offered", "lapsed"]
    taken = folded([handover(1, "work", "gp", due="2023-10-06"), reply(2, "gp", 1)])[1]
    assert (taken.shown(day_over), taken.is_overdue(day_over)) == ("accepted", False)
    late = folded([action(1, due="2023-10-06"), reply(2, "hv", 1)])[1]
    assert (late.shown(day_over), late.is_overdue(day_over)) == ("accepted", True)
    assert not folded([action(1, due="2023-10-06"), act(2, "done", "hv", 1)])[1].is_overdue(day_over)


def test_the_record_takes_its_owners_open_work_along() -> None:
    """What its agency owes goes to whoever takes the record; what it asked of others, and what is done, stays."""
    acts = [action(1, "csc"), action(2, "hv"), action(3, "csc"), act(4, "done", "csc", 3), handover(5, "record", "eh")]
    items = folded([*acts, reply(6, "eh", 5)])
    assert {number: item.owed_by for number, item in items.items()} == {1: "eh", 2: "hv", 3: "csc", 5: "eh"}


@pytest.mark.parametrize(("written", "kept"), [("csc", "csc"), ("Dr Smith at the surgery", None), ("", None)])
def test_what_is_no_reference_is_not_kept(written: str, kept: str | None) -> None:
    """A name that somebody wrote where an agency should stand is no part of a projection."""
    assert owed_by("referral", {"to": written, "reason": "Asked."}) == kept


AGENCIES = st.sampled_from(["csc", "hv", "gp"])


@st.composite
def histories(draw: st.DrawFn) -> list[Act]:
    """A record of work asked for, answered, done and handed on, in any order."""
    acts: list[Act] = []
    for number in range(1, draw(st.integers(2, 12))):
        kind = draw(st.sampled_from(["referral", "action", "handover", "reply", "reply", "done"]))
        agency, of = draw(AGENCIES), draw(st.integers(1, 12))
        body: dict[str, Any] = {"to": draw(AGENCIES), "owner": {"agency": draw(AGENCIES)}}
        if kind == "handover":
            body |= {"of": draw(st.sampled_from(["lead", "work", "record"]))}
        if kind == "reply":
            body |= {"answer": draw(st.sampled_from(["acknowledged", "accepted", "declined"]))}
        acts.append(Act(number, AT + timedelta(hours=number), agency, kind, body, of, of))
    return acts


@settings(max_examples=60)
@given(histories())
def test_what_is_final_stays_and_nobody_owns_two_halves(acts: list[Act]) -> None:
    """However a record goes on: a final state never changes, and work changes hands by an acceptance alone."""
    before: dict[int, Item] = {}
    for end in range(1, len(acts) + 1):
        after, last = folded(acts[:end]), acts[end - 1]
        for number, was in before.items():
            now = after[number]
            assert not is_final(was.kind, was.state) or now == was
            if now.owed_by != was.owed_by:
                assert (last.kind, last.body["answer"], now.owed_by) == ("reply", "accepted", last.agency)
        before = after
