"""Whose work it is to detection: whom it was asked of, until somebody else has accepted it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.domain.claim import claims_of_entry
from ledger.domain.event import EntryStep
from ledger.domain.facts import Facts
from ledger.domain.fold import step
from ledger.domain.handed_on import has_to_do, taker_of
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.record_state import RecordState, Surroundings
from tests.shipped import shipped_pack

AT = datetime(2023, 10, 5, 9, tzinfo=UTC)
KINDS = {"hv": "health_visiting", "gp": "gp", "csc": "childrens_social_care"}
RECORD = "kq4xw2nzdv7mjz3y5tbc6hpafe"
ACTIONS = Topic("entry:action", CHILD)
Entry = tuple[str, str, dict[str, Any]]
AGREED: Entry = ("csc", "action", {"what": "Visit.", "owner": {"agency": "hv"}})


def facts(*entries: Entry) -> Facts:
    """A record of these entries, in this order."""
    claims = [
        claim
        for number, (agency, kind, body) in enumerate(entries, start=1)
        for claim in claims_of_entry(kind, body, agency=agency, number=number, recorded_at=AT + timedelta(hours=number))
    ]
    state = RecordState("r", around=Surroundings(agency_kinds=KINDS))
    return Facts(state.under(shipped_pack()).adding(claims), shipped_pack())


def handed(entry: int | None, of: str = "work", to: str = "gp", by: str = "hv") -> Entry:
    """A hand-over."""
    named = {} if entry is None else {"entry": f"{RECORD}.{entry}"}
    return by, "handover", {"of": of, "to": {"agency": to}, **named}


def reply(by: str, of: int, answer: str = "accepted") -> Entry:
    """An answer."""
    return by, "reply", {"of": f"{RECORD}.{of}", "answer": answer}


def taker(*entries: Entry) -> str:
    """Who has the first of these entries, where it is not whom it was asked of."""
    found = facts(*entries)
    return taker_of(found.acts(entries[0][1])[0], found)


def test_only_accepting_makes_it_the_others() -> None:
    """An offer, an acknowledgement, a refusal and a hand-over of something else leave it where it was."""
    assert taker(AGREED, handed(1)) == ""
    assert taker(AGREED, handed(1), reply("gp", 2, "acknowledged")) == ""
    assert taker(AGREED, handed(1), reply("gp", 2, "declined")) == ""
    assert taker(AGREED, handed(7), reply("gp", 2)) == ""
    assert taker(AGREED, handed(1), reply("gp", 2)) == "gp"
    assert taker(AGREED, handed(1), reply("gp", 2), handed(1, to="csc", by="gp"), reply("csc", 4)) == "csc"


def test_the_record_takes_along_what_its_agency_owes() -> None:
    """What the offering agency has to do is the taker's; what another has stays."""
    assert taker(AGREED, handed(None, "record", by="hv"), reply("gp", 2)) == "gp"
    assert taker(AGREED, handed(None, "record", by="csc"), reply("gp", 2)) == ""


def test_both_may_answer_for_it() -> None:
    """Whom it was asked of and whoever has it now are the receiver to a rule; nobody else is."""
    found = facts(AGREED, handed(1), reply("gp", 2))
    (agreed,) = found.acts("action")
    assert [has_to_do(agency, agreed, found) for agency in ("hv", "gp", "csc")] == [True, True, False]


def test_what_is_late_is_owed_by_whoever_has_it_now() -> None:
    """The finding of an action past its day names the agency that accepted it."""
    state = RecordState(RECORD, around=Surroundings(agency_kinds=KINDS))
    bodies = [("csc", "action", {**AGREED[2], "due": "2023-10-06"}), handed(1), reply("gp", 2)]
    for number, (agency, kind, body) in enumerate(bodies, start=1):
        at = AT + timedelta(hours=number)
        state, _ = step(state, EntryStep(number, at, kind, agency, body, None), shipped_pack())
    late = ("csc", "contact", {"observed": "2023-10-20", "outcome": "held"})
    at = datetime(2023, 10, 20, 12, tzinfo=UTC)
    state, _ = step(state, EntryStep(4, at, late[1], late[0], late[2], None), shipped_pack())
    rule = shipped_pack().rules["action_not_done"]
    now = Facts(state, shipped_pack())
    awaits = rule.family.awaits
    assert awaits is not None
    found = [one for question in now.questions(ACTIONS) for one in awaits(rule, question, now, at)]
    assert [one.owed_by for one in found] == ["gp"]


def test_a_move_changes_nation_and_who_is_meant() -> None:
    """From the step that moves it on a record is in another nation, and its health visitor is the one of there."""
    around = Surroundings(
        "england",
        {"hv": "health_visiting", "cardiff": "health_visiting"},
        "demo",
        {"hv": "demo", "cardiff": "wales"},
    )
    state = RecordState(RECORD, around=around)
    assert Facts(state, shipped_pack()).agency_addressed("health_visiting") == "hv"
    sides = {"from": {"partnership": "demo", "nation": "england"}, "to": {"partnership": "wales", "nation": "wales"}}
    moved, _ = step(state, EntryStep(1, AT, "record_moved", "cardiff", sides, None), shipped_pack())
    now = Facts(moved, shipped_pack())
    assert (now.nation, now.agency_addressed("health_visiting"), now.agency_kind("hv")) == (
        "wales", "cardiff", "health_visiting",
    )  # fmt: skip
