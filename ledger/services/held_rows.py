"""Who holds what on the questions that one entry touches, as entries come one after the other.

Only claims are kept from one entry to the next, and of entries that name people who they are: no words of anybody's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ledger.domain.claim import PERSON, Claim
from ledger.domain.pack import Pack
from ledger.domain.person import Links, link_facts
from ledger.domain.picture import Frame, picture
from ledger.domain.question import Question, question_of
from ledger.services.read_picture import claims_seen
from ledger.services.render_picture import Sheet, render_people
from ledger.services.see import Seen
from ledger.services.word_claim import Wording, called_in

_OF_ROW: Final = ("attribute", "label", "thing", "with", "item")
_OF_HOLD: Final = ("entry", "index", "value", "words", "statement", "said", "valid", "state", "state_words", "certain")


class HeldRows:
    """What one reader sees to be held of one record, entry by entry."""

    def __init__(
        self, record: tuple[UUID, str], pack: Pack, agency_kinds: Mapping[str, str], names: Mapping[str, str]
    ) -> None:
        self._names = names
        self._pseudonym, self._pack, self._kinds = record[1], pack, agency_kinds
        self._people, self._things = Links(), Links()
        self._claims: dict[int, list[Claim]] = {}
        self._on: dict[Question, set[int]] = defaultdict(set)
        #: What each entry that introduces people calls them; and all that those which stand do.
        self._called: dict[int, dict[str, str]] = {}
        self._labels: dict[str, str] = {}
        #: The rows that were given and had cells.
        self._given = set[tuple[str | None, ...]]()

    def take(self, entry: Seen, withdrawn: Collection[int]) -> set[Question]:
        """Let an entry count, and those that it withdraws no more; the questions that this touches."""
        touched = set[Question]()
        for number in withdrawn:
            touched |= self._drop(number)
        if entry.kind is not None:
            touched |= self._relink(entry)
            claims = claims_seen([entry])
            touched |= self._add(entry.number, claims)
            if called := called_in(entry):
                self._called[entry.number] = called
                self._labels |= called
        return {question for question in touched if question.attribute != PERSON}

    def again(self, entries: Iterable[Seen]) -> set[Question]:
        """Begin anew with all entries so far, as they are seen from here on; the questions that this touches."""
        before, people, things = self._by_question(), self._people, self._things
        self._people, self._things = Links(), Links()
        for kept in (self._claims, self._on, self._called, self._labels):
            kept.clear()
        for entry in entries:
            # What was withdrawn says nothing, but a role that it declared goes on joining.
            self.take(entry, ())
            if entry.withdrawn_by is not None:
                self._drop(entry.number)
        after = self._by_question()
        if (people, things) != (self._people, self._things):
            return before.keys() | after.keys()
        return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}

    def _by_question(self) -> dict[Question, list[Claim]]:
        return {
            question: [claim for number in sorted(numbers) for claim in self._claims[number]]
            for question, numbers in self._on.items()
            if numbers
        }

    def rows(self, touched: Collection[Question], at: datetime) -> list[dict[str, Any]]:
        """The rows of these questions at a moment; one that was given and on which nothing is held now has none."""
        if not touched:
            return []
        numbers = sorted({number for question in touched for number in self._on.get(question, ())})
        claims = [claim for number in numbers for claim in self._claims[number] if self._question(claim) in touched]
        drawn = picture(claims, Frame(self._people, self._things, self._pack, self._kinds), at)
        wording = Wording(self._names, self._labels, self._people, self._things)
        sheet = Sheet(drawn, self._people, self._pack, wording, self._pseudonym, [])
        shown = [_row(person, row) for person in render_people(sheet) for row in person["attributes"]]
        there = {(row["person"], row["attribute"], row["thing"], row["with"], row["item"]) for row in shown}
        gone = {_name(question) for question in touched} & self._given - there
        self._given = self._given - gone | there
        return shown + [_gone(name) for name in sorted(gone, key=str)]

    def _question(self, claim: Claim) -> Question:
        return question_of(claim, self._people, self._things)

    def _add(self, number: int, claims: list[Claim]) -> set[Question]:
        if claims:
            self._claims[number] = claims
        touched = {self._question(claim) for claim in claims}
        for question in touched:
            self._on[question].add(number)
        return touched

    def _drop(self, number: int) -> set[Question]:
        if self._called.pop(number, None):
            self._labels = {key: called for of in self._called.values() for key, called in of.items()}
        touched = {self._question(claim) for claim in self._claims.pop(number, ())}
        for question in touched:
            self._on[question].discard(number)
        return touched

    def _relink(self, entry: Seen) -> set[Question]:
        """Let an entry join people or things; the questions that it makes other ones, and what they become."""
        people, things = self._people, self._things
        for fact in link_facts(str(entry.kind), entry.agency, entry.body):
            if fact.sort == "people":
                people = people.after(fact)
            else:
                things = things.after(fact)
        if (people, things) == (self._people, self._things):
            return set()
        before = {id(claim): self._question(claim) for claims in self._claims.values() for claim in claims}
        self._people, self._things = people, things
        self._on.clear()
        touched = set[Question]()
        for number, claims in self._claims.items():
            for claim in claims:
                now = self._question(claim)
                self._on[now].add(number)
                # Whose word a claim is, and whom it names, links change too, and with it what is held of its question.
                if now != before[id(claim)] or _speaks(claim):
                    touched |= {now, before[id(claim)]}
        return touched


def _speaks(claim: Claim) -> bool:
    """Whether what a claim says, or whose word it is, names somebody whom links may join with others."""
    return claim.informant is not None or "/" in (claim.value or "") or "/" in claim.about


def _row(person: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "person": person["person"],
        "person_label": person["label"],
        **{name: row[name] for name in _OF_ROW},
        "cells": [_cell(cell) for cell in row["cells"]],
        "conflict": None if row["conflict"] is None else row["conflict"]["words"],
    }


def _cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: cell[name] for name in ("agency", "source", "source_label", "own")},
        "holds": [{name: hold[name] for name in _OF_HOLD} for hold in cell["holds"]],
        "not_known": [{name: one[name] for name in ("entry", "index", "not_known")} for one in cell["not_known"]],
        "also_said": [{name: one[name] for name in ("entry", "index", "words")} for one in cell["also_said"]],
    }


def _name(question: Question) -> tuple[str | None, ...]:
    return question.about, question.attribute, question.thing, question.counterpart, question.item


def _gone(name: tuple[str | None, ...]) -> dict[str, Any]:
    about, attribute, thing, counterpart, item = name
    return {
        "person": about, "person_label": None, "attribute": attribute, "label": None, "thing": thing,
        "with": counterpart, "item": item, "cells": [], "conflict": None,
    }  # fmt: skip
