"""A picture as JSON for one reader: a page can draw it as a table, and a program can follow it from cell to cell.

Statements are named by the id of their entry and their index in it, everywhere the same. The order of everything is
fixed: people as the picture has them, rows in the rule pack's order, cells by agency and source, stretches by time.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from ledger.domain.civil_day import civil_date
from ledger.domain.claim import Claim, Ref
from ledger.domain.entry import entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.person import Links
from ledger.domain.picture import Person, Picture
from ledger.domain.row import Cell, Clash, Hold, Row
from ledger.domain.statement import BEGINNING, END
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_observed, word_valid
from ledger.services.word_picture import (
    Names,
    last_said,
    word_clashes,
    word_held,
    word_question,
    word_source,
    word_state,
)
from ledger.services.word_text import listed, plain

_NOTHING_LEFT = "Not all of it can be true at this time."
#: A statement's place: the id of its entry, and its index in it.
Place = tuple[str, int]


@dataclass(frozen=True)
class Sheet:
    """What a picture is rendered from, as its reader sees it; `findings` are rendered for that reader already."""

    picture: Picture
    people: Links
    pack: Pack
    wording: Wording
    pseudonym: str
    findings: Sequence[Mapping[str, Any]]

    @cached_property
    def names(self) -> Names:
        """What each person is called."""
        return Names([person.name for person in self.picture.people], self.people, self.wording)

    @cached_property
    def rows_of(self) -> Mapping[Place, set[int]]:
        """In which rows a statement is shown: one that is about several people stands in several."""
        found: dict[Place, set[int]] = {}
        for person in self.picture.people:
            for row in person.rows:
                for claim in _claims_in(row):
                    found.setdefault(self.place(claim.ref), set()).add(id(row))
        return found

    def place(self, ref: Ref) -> Place:
        """Where a statement stands, as the answer names it."""
        return entry_id(self.pseudonym, ref.number), ref.index


def columns_of(sheet: Sheet) -> list[dict[str, str]]:
    """The agencies that have a cell."""
    agencies = {cell.agency for person in sheet.picture.people for row in person.rows for cell in row.cells}
    return [{"agency": agency, "name": sheet.wording.agency(agency)} for agency in sorted(agencies)]


def render_people(sheet: Sheet) -> list[dict[str, Any]]:
    """Everybody, with what is held about them."""
    return [
        {
            "person": person.name,
            "label": sheet.names.label(person.name),
            "also_called": sheet.names.also_called(person.name),
            "introduced": _introduced(person, sheet),
            "attributes": [render_row(row, sheet) for row in person.rows],
        }
        for person in sheet.picture.people
    ]


def _introduced(person: Person, sheet: Sheet) -> list[dict[str, Any]]:
    """Who each agency said that this is, once for each way in which it did."""
    told: dict[tuple[str, str | None], dict[str, Any]] = {}
    for claim in person.introduced:
        said = (claim.agency, claim.value)
        if claim.value not in {None, "{}"} and said not in told:
            entry, _ = sheet.place(claim.ref)
            told[said] = {"agency": claim.agency, "entry": entry, **_parts(claim)}
    return list(told.values())


def _parts(claim: Claim) -> dict[str, Any]:
    parts = json.loads(claim.value or "{}")
    return {name: parts.get(name) for name in ("role", "name", "born", "description")}


def render_row(row: Row, sheet: Sheet, cells: Sequence[Cell] | None = None) -> dict[str, Any]:
    """One question about one person, with a cell for each agency and source; with ``cells``, these instead of all."""
    question, attribute = row.question, sheet.pack.attributes.get(row.question.attribute)
    findings = [finding for finding in sheet.findings if _bears_on(finding, row, sheet)]
    set_against = _set_against(findings)
    return {
        "attribute": question.attribute,
        "label": word_question(question, sheet.names),
        "meaning": attribute.meaning if attribute else None,
        "type": attribute.type if attribute else None,
        "unit": attribute.unit if attribute else None,
        "critical": attribute.critical if attribute else False,
        "ask": attribute.ask if attribute else None,
        "thing": question.thing,
        "with": question.counterpart,
        "item": question.item,
        "cells": [_cell(cell, sheet, set_against) for cell in (row.cells if cells is None else cells)],
        "conflict": _conflict(row, sheet) if row.clashes else None,
        "possible": _possible(row, sheet),
        "findings": [finding["finding"] for finding in findings],
    }


def _cell(cell: Cell, sheet: Sheet, set_against: Mapping[Place, set[Place]]) -> dict[str, Any]:
    first = next(iter([*(hold.claim for hold in cell.holds), *cell.not_known, *cell.also_said]))
    return {
        "agency": cell.agency,
        "agency_name": sheet.wording.agency(cell.agency),
        "source": cell.source.key,
        "source_label": word_source(cell.source, first, sheet.names, sheet.wording),
        "own": cell.source.is_own,
        "holds": [_hold(hold, sheet, set_against) for hold in cell.holds],
        "not_known": [{"not_known": claim.not_known, **_said(claim, sheet)} for claim in cell.not_known],
        "also_said": [_said(claim, sheet) for claim in cell.also_said],
        "not_shown": cell.not_shown,
    }


def _hold(hold: Hold, sheet: Sheet, set_against: Mapping[Place, set[Place]]) -> dict[str, Any]:
    place, last = sheet.place(hold.claim.ref), last_said(hold)
    against = {sheet.place(ref) for ref in hold.conflicts_with} | set_against.get(place, set())
    return {
        **_said(hold.claim, sheet),
        "allows": None if hold.allows is None else list(hold.allows),
        "state": hold.state,
        "state_words": word_state(hold),
        "certain": hold.is_certain,
        "since": _since(hold),
        "until": _until(hold),
        "last_said": last.isoformat() if last else None,
        "held_since": written_time(hold.held_since),
        "answered_by": None if hold.answered_by is None else _as_json(sheet.place(hold.answered_by)),
        "conflicts_with": [_as_json(other) for other in sorted(against, key=_entry_first)],
    }


def _said(claim: Claim, sheet: Sheet) -> dict[str, Any]:
    """What holds, not-knowing and intentions all have: where it stands, in what words, on what basis, of what time."""
    attribute = sheet.pack.attributes.get(claim.attribute)
    return {
        **_as_json(sheet.place(claim.ref)),
        "value": claim.value,
        "words": word_held(claim, attribute, sheet.names, sheet.people),
        "statement": claim.statement,
        "basis": claim.basis,
        "said": sheet.wording.said(claim),
        "observed": claim.observed,
        "observed_words": word_observed(claim.observed),
        "valid": claim.valid,
        "valid_words": word_valid(claim.valid),
        "recorded_at": written_time(claim.recorded_at),
    }


def _words(claim: Claim, sheet: Sheet) -> str:
    """Who holds it, what, and who said so, for the middle of a sentence."""
    attribute = sheet.pack.attributes.get(claim.attribute)
    held = word_held(claim, attribute, sheet.names, sheet.people)
    said = sheet.wording.said(claim)
    return f"{sheet.wording.agency(claim.agency)} “{held}” ({said[:1].lower()}{said[1:]})"


def _since(hold: Hold) -> dict[str, str | None] | None:
    """From when this stretch runs: as written where it begins with its claim, and the earliest and latest reading."""
    time = hold.time
    if time.earliest_start <= BEGINNING:
        return None
    written = (hold.claim.valid or hold.claim.observed).partition("/")[0] if time.written_start else None
    return _bound(written, time.earliest_start, time.latest_start)


def _until(hold: Hold) -> dict[str, str | None] | None:
    """When it ends; None while nothing has ended it."""
    time = hold.time
    if time.latest_end is None or time.latest_end >= END:
        return None
    start, _, end = (hold.claim.valid or hold.claim.observed).partition("/")
    return _bound((end or start) if time.written_end else None, time.earliest_end or time.latest_end, time.latest_end)


def _bound(written: str | None, earliest: datetime, latest: datetime) -> dict[str, str | None]:
    return {"written": written, "earliest": written_time(earliest), "latest": written_time(latest)}


def _conflict(row: Row, sheet: Sheet) -> dict[str, Any]:
    """What cannot all be so, the plainest first: not put down to a change, certain, the latest."""
    latest = sorted(row.clashes, key=lambda clash: (clash.since, clash.refs), reverse=True)
    clashes = sorted(latest, key=lambda clash: (clash.change_since is not None, not clash.is_certain))
    said = {claim.ref: claim for claim in _claims_in(row)}
    return {
        "words": word_clashes(clashes, {ref: _words(claim, sheet) for ref, claim in said.items()}),
        "sets": [_set(clash, sheet) for clash in clashes],
    }


def _set(clash: Clash, sheet: Sheet) -> dict[str, Any]:
    change = None if clash.change_since is None else civil_date(clash.change_since - timedelta.resolution).isoformat()
    return {
        "statements": [_as_json(sheet.place(ref)) for ref in clash.refs],
        "since": None if clash.since <= BEGINNING else written_time(clash.since),
        "certain": clash.is_certain,
        "change_since": change,
        "acknowledged": clash.is_acknowledged,
    }


def _possible(row: Row, sheet: Sheet) -> dict[str, Any] | None:
    """What could still be so at the moment if all that is held of it were true."""
    if row.possible is None:
        return None
    attribute = sheet.pack.attributes.get(row.question.attribute)
    is_person = attribute is not None and attribute.type == "person"
    words = listed([sheet.names.label(state) if is_person else plain(state) for state in row.possible], "or")
    told = f"All that is held of this time leaves: {words.rstrip('.')}." if words else _NOTHING_LEFT
    return {"states": list(row.possible), "words": told}


def _bears_on(finding: Mapping[str, Any], row: Row, sheet: Sheet) -> bool:
    """Whether a finding sets against each other, or asks about, what this row shows.

    A statement about several people stands in the rows of all; the finding is about those in whose row no side lies
    wholly elsewhere.
    """
    shown = False
    for side in finding["sides"]:
        alike = [one for one in side["statements"] if one.get("attribute") == row.question.attribute]
        rows = [sheet.rows_of.get((one["entry"], one["index"])) for one in alike]
        here = [found is not None and id(row) in found for found in rows]
        if rows and None not in rows and not any(here):
            return False
        shown |= any(here)
    return shown


def _set_against(findings: Sequence[Mapping[str, Any]]) -> dict[Place, set[Place]]:
    """Which statements findings set against which, other attributes' too."""
    found: dict[Place, set[Place]] = {}
    for finding in findings:
        sides = [
            {(one["entry"], one["index"]) for one in side["statements"] if one.get("index") is not None}
            for side in finding["sides"]
        ]
        for number, side in enumerate(sides):
            others = set().union(*(other for place, other in enumerate(sides) if place != number))
            for place in side:
                found.setdefault(place, set()).update(others - {place})
    return found


def _claims_in(row: Row) -> list[Claim]:
    return [
        claim
        for cell in row.cells
        for claim in (*(hold.claim for hold in cell.holds), *cell.not_known, *cell.also_said)
    ]


def _as_json(place: Place) -> dict[str, Any]:
    return {"entry": place[0], "index": place[1]}


def _entry_first(place: Place) -> tuple[int, int]:
    return int(place[0].rpartition(".")[2]), place[1]
