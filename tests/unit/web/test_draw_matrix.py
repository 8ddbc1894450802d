"""The matrix of a page: what it shows of a picture, what it leaves out, and that it says how much that is."""

from typing import Any

from ledger.web.draw_matrix import HOLDS_MOST, ROWS_MOST, sheets_of


def hold(number: int, **more: Any) -> dict[str, Any]:
    return {
        "entry": f"record.{number}", "words": f"word {number}", "said": "Seen by the worker", "state": "carried",
        "state_words": "presumed", "held_since": "2026-01-01T00:00:00Z", "basis": "seen", "conflicts_with": [],
        "answered_by": None, **more,
    }  # fmt: skip


def row(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "label": "presence", "meaning": None, "ask": None, "critical": False, "conflict": None, "possible": None,
        "findings": [], "cells": list(cells), **more,
    }  # fmt: skip


def cell(agency: str, *holds: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {"agency": agency, "agency_name": agency.upper(), "holds": list(holds), "not_known": [], "also_said": []}
    return {**given, "not_shown": 0, **more}


def person(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"label": "the father", "also_called": [], "attributes": list(rows)}


def test_every_agency_has_a_square_in_every_line() -> None:
    """Agencies are columns, by name; who said nothing of a topic has an empty square there."""
    (sheet,) = sheets_of([person(row(cell("hv", hold(1))), row(cell("gp", hold(2))))])
    assert [name for _, name in sheet.columns] == ["GP", "HV"]
    assert [[len(square.words) for square in line.squares] for line in sheet.lines] == [[0, 1], [1, 0]]


def test_what_conflicts_is_never_what_is_left_out() -> None:
    """A square holds a few words, those in conflict first among them; how many more there are is said."""
    holds = [hold(number) for number in range(1, 9)] + [hold(9, conflicts_with=[{"entry": "record.1", "index": 0}])]
    (sheet,) = sheets_of([person(row(cell("hv", *holds, not_shown=4)))])
    (square,) = sheet.lines[0].squares
    assert len(square.words) == HOLDS_MOST
    assert square.words[-1].is_in_conflict
    assert square.more == 9 - HOLDS_MOST + 4


def test_a_long_table_is_cut_and_counted() -> None:
    """Of many topics those in conflict and the critical ones stay, in their own order, and the rest is counted."""
    rows = [row(cell("hv", hold(1)), label=f"topic {number}") for number in range(ROWS_MOST + 10)]
    rows[-1]["conflict"], rows[-2]["critical"] = {"words": "cannot both be so"}, True
    (sheet,) = sheets_of([person(*rows)])
    assert len(sheet.lines) == ROWS_MOST
    assert sheet.more == 10
    assert [line.label for line in sheet.lines[-2:]] == [rows[-2]["label"], rows[-1]["label"]]
    assert sheets_of([person(*rows)], whole=True)[0].more == 0


def test_it_is_narrowed_to_what_is_not_to_be_relied_on() -> None:
    """What differs, what is stale, what is not known and what was told are each shown alone; others' tables go."""
    unknown = {"entry": "record.3", "not_known": "declined", "said": "Told by the mother", "observed_words": "then",
               "recorded_at": "2026-01-01T00:00:00Z"}  # fmt: skip
    people = [
        person(row(cell("hv", hold(1, state="stale"))), row(cell("hv", hold(2, basis="told")))),
        person(row(cell("hv", not_known=[unknown]))),
    ]
    assert [len(one.lines) for one in sheets_of(people, show="stale")] == [1]
    assert [len(one.lines) for one in sheets_of(people, show="told")] == [1]
    (sheet,) = sheets_of(people, show="unknown")
    assert [word.words for word in sheet.lines[0].squares[0].words] == ["Declined to say"]
    assert sheets_of(people, show="conflicts") == []
