"""What nobody asked and what never followed, read by whoever is involved, as each may see it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.services.detecting import History
from tests.partnership import Partnership, refused, stored

BEGAN = datetime(2023, 3, 6, 9, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
CANARY = "Zebedee"
RESTRICTED = {"marking": "restricted", "to": [], "lawful_basis": "public task"}


@pytest.fixture
def history(database_url: str) -> Iterator[History]:
    """A child born on 1 September 2022, in a ledger whose clock a test moves."""
    made = Partnership(database_url, clock_at=BEGAN)
    yield History(made)
    made.close()


def not_known(attribute: str, state: str, **more: Any) -> dict[str, Any]:
    return {"about": "child", "attribute": attribute, "not_known": state, "basis": "told", "informant": "mother"} | more


def observe(history: History, agency: str, *claims: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"observed": "2023-03-05", "statement": "fact", "narrative": "As said.", "claims": list(claims)} | more
    return history.post({"agency": agency, "path": "observations", "body": body})


def act(history: History, agency: str, path: str, **body: Any) -> dict[str, Any]:
    return history.post({"agency": agency, "path": path, "body": body})


def read(history: History, what: str, agency: str = "hv", asked: str = "") -> dict[str, Any]:
    return stored(history.partnership.get(f"/children/{history.record_id}/{what}{asked}", agency))


def gaps(history: History, agency: str = "hv", asked: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(history, "gaps", agency, asked)["gaps"]
    return [gap for gap in found if gap["topic"] == "father"]


def awaited(history: History, agency: str = "hv", asked: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(history, "expectations", agency, asked)["expectations"]
    return [one for one in found if one["topic"] == "action"]


def test_a_gap_tells_who_tried_when_how_and_with_what_result(history: History) -> None:
    """Each attempt with its author's office and the reason that was given; why it is asked, how, and by whom."""
    asked = observe(
        history, "csc", not_known("father", "declined"), narrative="She would rather not say.",
        author={"ref": "sw1", "role": "social worker"}, contact={"depth": "seen", "outcome": "held"},
    )  # fmt: skip
    observe(history, "gp", not_known("father", "unknown", basis="own_record"))
    history.detect()
    (gap,) = gaps(history)
    assert (gap["about"], gap["state"], gap["refusals"]) == ("child", "unknown", 1)
    first, second = gap["attempts"]
    assert (first["entry"], first["agency"], first["role"]) == (asked["id"], "csc", "social worker")
    assert (first["how"], first["state"], first["refused"]) == ("seen", "declined", True)
    assert (first["asked_of"], first["words"]) == ("mother", "She would rather not say.")
    assert (second["agency"], second["how"], second["refused"]) == ("gp", "own_record", False)
    assert gap["ask"]
    assert gap["why"]
    assert gap["since"].startswith("2023-03-06")
    assert asked["id"] in gap["shown_by"]


def test_an_answer_ends_it_and_the_past_stays_readable(history: History) -> None:
    """As of the number before the answer it is open still, whenever that is asked."""
    observe(history, "csc", not_known("father", "declined"))
    history.detect()
    before = read(history, "gaps")
    history.move(BEGAN + DAY)
    observe(history, "gp", {"about": "child", "attribute": "father", "value": "father", "basis": "own_record"})
    history.detect()
    assert gaps(history) == []
    point = before["as_of"]
    again = read(history, "gaps", asked=f"?as_of={point['number']}&hash={point['hash']}")
    assert [gap["gap"] for gap in again["gaps"]] == [gap["gap"] for gap in before["gaps"]]
    assert again["as_of"] == point
    assert read(history, "gaps", asked=f"?as_of={point['number']}") == again
    other = f"/children/{history.record_id}/gaps?as_of={point['number']}&hash={'0' * 64}"
    refused(history.partnership.get(other), 409, "conflict")


def test_a_link_gives_a_gap_another_name_and_ends_nothing(history: History) -> None:
    """Told by an agency that its own person is another's: the gap about him is open still, to each under its own name.

    Who may not see the link is told of it as before.
    """
    partner = {"role": "mother's partner"}
    there = {"about": "kev", "attribute": "presence", "value": "lives_here", "basis": "seen"}
    observe(history, "police", there, people=[{"ref": "kev", **partner}])
    history.move(BEGAN + 20 * DAY)
    history.detect()
    before = {agency: gaps_about(history, agency) for agency in ("csc", "hv", "police")}
    assert [about for about, _ in before["csc"]] == ["police/kev"]
    seen = {"about": "child", "attribute": "presentation", "value": "well", "basis": "seen"}
    observe(history, "hv", seen, people=[{"ref": "p1", "sharing": RESTRICTED, **partner}])
    act(history, "hv", "links", people=["p1", "police/kev"], reason="She pointed him out to us")
    history.detect()
    assert gaps_about(history, "hv") == [("p1", gap) for _, gap in before["hv"]]
    assert gaps_about(history, "csc") == before["csc"]
    assert gaps_about(history, "police") == before["police"]


def gaps_about(history: History, agency: str) -> list[tuple[str, str]]:
    return [(gap["about"], gap["gap"]) for gap in read(history, "gaps", agency)["gaps"] if gap["topic"] == "identity"]


def test_whoever_tried_waits(history: History) -> None:
    """It is told from when on the reader, who asked, is asked again; others may ask now."""
    observe(history, "csc", not_known("father", "declined"))
    history.detect()
    (own,), (other,) = gaps(history, "csc"), gaps(history, "gp")
    assert own["ask_again"] > "2023-03-06"
    assert other["ask_again"] is None


def test_only_the_involved_read_and_each_reading_is_recorded(history: History) -> None:
    """404 for who is not; for the others an access record under the name of what was read."""
    partnership = history.partnership
    stranger = partnership.child("csc")
    for what in ("gaps", "expectations"):
        refused(partnership.get(f"/children/{stranger}/{what}"), 404, "not_found")
        before = partnership.rows()["access_records"]
        read(history, what)
        assert partnership.rows()["access_records"] == before + 1
    with partnership.acting("ledger_auditor", "auditor") as connection:
        answered = text("SELECT what FROM ledger.access_records WHERE outcome = 'answered'")
        assert {*connection.scalars(answered)} == {"gaps", "expectations"}


def test_a_restricted_entrys_words_reach_nobody(history: History) -> None:
    """What only csc may see makes no gap and no attempt for others, and stays whole for csc."""
    observe(history, "csc", not_known("father", "declined"), narrative=CANARY, sharing=RESTRICTED)
    history.detect()
    assert gaps(history, "hv") == []
    (own,) = gaps(history, "csc")
    assert own["attempts"][0]["words"] == CANARY
    observe(history, "gp", not_known("father", "unknown", basis="own_record"))
    history.detect()
    (gap,) = gaps(history, "hv")
    assert (gap["state"], gap["refusals"], [one["agency"] for one in gap["attempts"]]) == ("unknown", 0, ["gp"])
    assert CANARY not in str(read(history, "gaps", "hv"))


def test_what_must_follow_runs_is_warned_lapses_and_is_met(history: History) -> None:
    """An action that is owed by a day: how it stands at each moment, and for how long it is shown once it came."""
    agreed = act(history, "csc", "actions", what="Visit on Thursday", owner={"agency": "hv"}, due="2023-03-09")
    (one,) = awaited(history)
    assert (one["state"], one["owed_by"], one["trigger"]["entry"]) == ("running", "hv", agreed["id"])
    assert (one["started"][:10], one["due"][:10], one["met"]) == ("2023-03-06", "2023-03-10", None)
    assert one["meaning"]
    assert one["source"]
    history.move(BEGAN + 10 * DAY)
    history.detect()
    (one,) = awaited(history, "csc")
    assert one["state"] == "lapsed"
    assert one["elapsed"] > 1
    assert one["finding"]
    done = act(history, "hv", "done", of=0)
    history.detect()
    (one,) = awaited(history)
    assert (one["state"], one["met"]["entry"], one["finding"]) == ("met", done["id"], None)
    history.move(BEGAN + 11 * DAY)
    assert awaited(history, asked="?met_days=0") == []
    assert len(awaited(history, asked="?met_days=2")) == 1


def test_an_expectation_is_read_as_it_was(history: History) -> None:
    """As of a number its clock is read at that entry's moment, and what came later is not there."""
    agreed = act(history, "csc", "actions", what="Visit on Thursday", owner={"agency": "hv"}, due="2023-03-09")
    history.move(BEGAN + DAY)
    act(history, "hv", "done", of=0)
    asked = f"?as_of={agreed['number']}"
    (one,) = awaited(history, asked=asked)
    assert (one["state"], one["met"]) == ("running", None)
    assert read(history, "expectations", asked=asked) == read(history, "expectations", asked=asked)
    refused(history.partnership.get(f"/children/{history.record_id}/expectations?met_days=x"), 422, "invalid")


@pytest.mark.parametrize(("marking", "may"), [("pointer", True), ("restricted", False)])
def test_what_came_in_a_withheld_entry_may_have_come(history: History, marking: str, *, may: bool) -> None:
    """Who sees the trigger is told that something withheld may be it, where they may know of that; and no more."""
    act(history, "csc", "actions", what="strategy meeting", owner={"agency": "police"}, due="2023-03-09")
    held = {"about": "child", "attribute": "meeting", "value": "held", "item": "strategy meeting", "basis": "seen"}
    history.move(BEGAN + DAY)
    sharing: dict[str, Any] = {"marking": marking, "lawful_basis": "public task"} | (
        {"to": []} if marking == "restricted" else {}
    )
    observe(history, "police", held, narrative=CANARY, sharing=sharing, observed="2023-03-07")
    (own,), (other,) = awaited(history, "police"), awaited(history, "hv")
    assert (own["state"], own["may_have_come"]) == ("met", False)
    assert own["met"]["agency"] == "police"
    assert (other["state"], other["met"], other["may_have_come"]) == ("running", None, may)
    assert CANARY not in str(read(history, "expectations", "hv"))


def test_what_a_restricted_entry_starts_is_its_own_agencys(history: History) -> None:
    """An injury that police withhold awaits nothing in anybody else's reading."""
    injury = {"about": "child", "attribute": "injury", "thing": "cheek", "value": "bruise", "basis": "seen"}
    entry = observe(history, "police", injury, narrative=CANARY, sharing=RESTRICTED)["id"]
    history.detect()
    own, others = (read(history, "expectations", agency) for agency in ("police", "hv"))
    assert entry in {one["trigger"]["entry"] for one in own["expectations"]}
    assert entry not in str(others)
    assert CANARY not in str(read(history, "gaps", "hv"))
