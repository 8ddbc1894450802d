"""Random histories posted to a real database, and what pictures and timelines then say of each moment at each point."""

from dataclasses import replace
from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from tests.bitemporal import History, Told, body_of, kind_of
from tests.partnership import Partnership, stored
from tests.sizes import bitemporal_records

ENTRIES, DAYS = 8, 2
_COLLECTIONS = {"correction": "corrections", "void": "voids"}


def posted(partnership: Partnership, child: str, told: Told, names: dict[int, str]) -> Told:
    """Send what was told; it with the number and the time that it got."""
    body: dict[str, Any] = {
        "event_id": partnership.event(), **body_of(told, names.get(told.withdraws or 0, ""))
    }  # fmt: skip
    kind = kind_of(told)
    path = f"/children/{child}/{_COLLECTIONS[kind]}" if kind in _COLLECTIONS else "/observations"
    answer = stored(
        partnership.post(path, body | ({} if kind in _COLLECTIONS else {"child": {"id": child}}), told.agency)
    )
    names[answer["number"]] = answer["id"]
    return replace(told, number=answer["number"], recorded=datetime.fromisoformat(answer["recorded_at"]))


def held(picture: dict[str, Any]) -> dict[tuple[str, str], tuple[int, str]]:
    """What is said of the very moment by each source of each agency."""
    return {
        (cell["agency"], "own" if cell["own"] else cell["source"].partition(":")[2]): (
            int(hold["entry"].rpartition(".")[2]),
            hold["value"],
        )
        for person in picture["people"]
        for row in person["attributes"]
        if row["attribute"] == "presence"
        for cell in row["cells"]
        for hold in cell["holds"]
        if hold["state"] == "asserted"
    }


def shown(timeline: dict[str, Any]) -> dict[int, int | None]:
    """The entries that say something of the moment, and by which each is withdrawn."""
    return {
        item["number"]: int(item["withdrawn_by"].rpartition(".")[2]) if "withdrawn_by" in item else None
        for item in timeline["entries"]
        if item["kind"] in {"observation", "correction", "void"}
    }


@pytest.mark.parametrize("seed", range(bitemporal_records()))
def test_every_cell_is_what_going_through_the_list_gives(partnership: Partnership, seed: int) -> None:
    """Asked by time or by number, picture and timeline are what the brute-force oracle says, once all is recorded."""
    random, history, names = Random(seed), History(), dict[int, str]()
    child = partnership.child(involve=["hv", "csc", "gp", "police"])
    for _ in range(ENTRIES):
        history.told.append(posted(partnership, child, history.draw(random), names))
    for known, day in history.cells(random, DAYS):
        said = known.isoformat().replace("+00:00", "Z")
        timeline, picture = (asked(partnership, child, view, said, day) for view in ("timeline", "picture"))
        assert held(picture) == history.held(known, day), (said, day)
        assert shown(timeline) == history.shown(known, day), (said, day)
        number = timeline["as_of"]["number"]
        assert picture["as_of"]["number"] == number
        again = stored(partnership.get(f"/children/{child}/timeline?as_of={number}&valid_at={day}", "police"))
        assert again == timeline


def asked(partnership: Partnership, child: str, view: str, known: str, day: date) -> dict[str, Any]:
    """One cell of one view, by an agency that recorded nothing."""
    return stored(partnership.get(f"/children/{child}/{view}?known_at={known}&valid_at={day}", "police"))
