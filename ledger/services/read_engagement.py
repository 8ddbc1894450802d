"""How far each person's use of each service got, for one reader: what was recorded of it, by whom, and when.

It is told as it was recorded, service by service. No row adds up to a word for anybody: whether what stands side by
side is a pattern is for people, and for the rules that list it as one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import Claim, Ref
from ledger.domain.engagement_matrix import Service, Step, Use, matrix
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.pack_views import COLUMNS
from ledger.domain.pattern import when_of
from ledger.domain.statement import END
from ledger.services.past import open_past
from ledger.services.read_picture import Asked, open_findings, render_findings
from ledger.services.see import Reader, Sight
from ledger.services.seen_record import SeenRecord, look_through
from ledger.services.word_dates import word_observed, word_valid
from ledger.services.word_picture import Names, brief_finding, word_withheld
from ledger.services.word_text import capital, counted, plain, word_kind
from ledger.store.people import Agency

Directory = Mapping[str, Agency]

#: What each column is called, for the middle of a sentence.
COLUMN_WORDS: Final[Mapping[str, str]] = {
    "offered": "offered",
    "accepted": "accepted",
    "active": "taken up",
    "not_brought": "did not take place",
    "declined": "turned down",
    "ended": "ended",
}
_BY: Final = {"family": "by the family", "service": "by the service"}


def read_engagement(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: Asked,
    *,
    pack: Pack,
    chance: Chance,
    directory: Directory | None = None,
) -> dict[str, Any]:
    """The matrix as this reader may see it. Writes the access record. Cost: that of reading the record once.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="engagement", chance=chance, known_by=asked.known_by)
    valid_at = asked.valid_at or past.moment
    seen = look_through(past, pack, directory)
    found = matrix(seen.facts, pack.views.engagement, valid_at)
    page = _Page(seen, pack, found)
    shown = {(page.entry(ref), ref.index) for use in found for ref in _refs_of(use)}
    findings = render_findings(past, seen.seen, open_findings(past.findings()), pack, directory or {})
    return past.head() | {
        "valid_at": written_time(valid_at),
        "pack": {"name": pack.name, "version": pack.version},
        "columns": [{"column": column, "words": capital(COLUMN_WORDS[column])} for column in COLUMNS],
        "people": page.people(),
        "findings": [brief_finding(one) for one in findings if _bears_on(one, shown)],
        "withheld": word_withheld(seen.standing, directory or {}, past.pseudonym),
        "erased": [entry_id(past.pseudonym, one.number) for one in seen.standing if one.sight is Sight.ERASED],
    }


class _Page:
    """What the matrix is rendered from."""

    def __init__(self, seen: SeenRecord, pack: Pack, found: Iterable[Use]) -> None:
        self._pseudonym, self._wording, self._pack = seen.past.pseudonym, seen.wording, pack
        self._found = list(found)
        self._names = Names(dict.fromkeys(use.person for use in self._found), seen.facts.people, seen.wording)

    def entry(self, ref: Ref) -> str:
        """The id of the entry in which a statement stands."""
        return entry_id(self._pseudonym, ref.number)

    def people(self) -> list[dict[str, Any]]:
        """Everybody of whom anything is recorded, with their services."""
        return [
            {
                "person": person,
                "label": self._names.label(person),
                "also_called": self._names.also_called(person),
                "services": [self._use(use) for use in self._found if use.person == person],
            }
            for person in dict.fromkeys(use.person for use in self._found)
        ]

    def _use(self, use: Use) -> dict[str, Any]:
        return {
            "agency": use.service.agency,
            "sort": use.service.sort,
            "called": use.service.called,
            "label": self._called(use.service),
            "words": _in_words(use),
            "cells": {column: [self._step(step) for step in use.steps[column]] for column in COLUMNS},
            "beside": [self._step(step) for step in use.beside],
            "latest": [{"column": column, **self._place(step.claim)} for column, step in use.latest],
        }

    def _called(self, service: Service) -> str:
        if service.agency is not None:
            return self._wording.agency(service.agency)
        return capital(word_kind(service.sort) if service.sort else plain(service.called or ""))

    def _step(self, step: Step) -> dict[str, Any]:
        claim = step.claim
        return {
            **self._place(claim),
            "agency": claim.agency,
            "agency_name": self._wording.agency(claim.agency),
            "words": self._wording.says(claim, self._pack.attributes.get(claim.attribute)),
            "by": step.by,
            "by_words": _BY[step.by] if step.by else None,
            "statement": claim.statement,
            "basis": claim.basis,
            "said": self._wording.said(claim),
            "observed": claim.observed,
            "observed_words": word_observed(claim.observed),
            "valid": claim.valid,
            "valid_words": word_valid(claim.valid),
            **_bounds(step),
            "recorded_at": written_time(claim.recorded_at),
        }

    def _place(self, claim: Claim) -> dict[str, Any]:
        return {"entry": self.entry(claim.ref), "index": claim.index}


def _refs_of(use: Use) -> list[Ref]:
    return [step.claim.ref for steps in (*use.steps.values(), use.beside) for step in steps]


def _bounds(step: Step) -> dict[str, Any]:
    """Between which moments it began, and ended; no end: nobody has said one."""
    time = step.time
    if time is None or time.ending == "unknown":
        when = when_of(step.claim)
        return {"since": _between(when.start, when.start), "until": _between(when.end, when.end)}
    end = time.latest_end
    is_open = end is None or end >= END
    return {
        "since": _between(time.earliest_start, time.latest_start),
        "until": None if is_open or end is None else _between(time.earliest_end or end, end),
    }


def _between(earliest: datetime, latest: datetime) -> dict[str, str]:
    return {"earliest": written_time(earliest), "latest": written_time(latest)}


def _in_words(use: Use) -> str:
    """How often each, and when last."""
    told = [
        f"{COLUMN_WORDS[column]} {counted(len(steps), 'time')}, last {_last(steps[-1].claim)}"
        for column, steps in use.steps.items()
        if steps
    ]
    return capital("; ".join(told)) + "." if told else ""


def _last(claim: Claim) -> str:
    if claim.valid is None:
        return f"on {word_observed(claim.observed)}"
    return word_valid(claim.valid)


def _bears_on(finding: Mapping[str, Any], shown: set[tuple[str, int]]) -> bool:
    """Whether a finding is about what the matrix shows and nothing else."""
    told = [one for side in finding["sides"] for one in side["statements"]]
    return bool(told) and all((one["entry"], one.get("index")) in shown for one in told)
