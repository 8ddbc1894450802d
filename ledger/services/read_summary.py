"""The family summary of a record for one reader: its newest version, what each agency said to it, and what came since.

Versions are counted among those that the reader sees. What a version left out is not judged here: who disputes it says
so, and what was recorded after it is listed, for whoever writes the next.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.services.describe_entry import Names, describe
from ledger.services.find_as_of import PointAsked
from ledger.services.known_by import KnownBy
from ledger.services.past import Past, open_past
from ledger.services.read_picture import open_findings, render_findings
from ledger.services.see import Reader, Seen, Sight
from ledger.services.sum_up_family import ANSWER_KIND, KIND
from ledger.services.word_picture import brief_finding, word_withheld
from ledger.services.word_text import capital, counted, listed
from ledger.store.people import Agency
from ledger.store.timeline import of_agencies

Directory = Mapping[str, Agency]

#: How many entries since the newest version are listed; how many there are is said.
SINCE_MAX: Final = 200
_ANSWERS: Final = {"confirmed": "confirms", "disputed": "disputes"}
#: What says nothing new of the family.
_NO_NEWS: Final = frozenset({KIND, ANSWER_KIND, "marking", "glass_review"})


def read_summary(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: PointAsked,
    *,
    pack: Pack,
    chance: Chance,
    known_by: KnownBy | None = None,
    directory: Directory | None = None,
) -> dict[str, Any]:
    """The summary at one point, as this reader may see it. Writes the access record.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="family summary", chance=chance, known_by=known_by)
    seen = [past.look(entry) for entry in of_agencies(connection, record_id, past.point.number)]
    sheet = _Sheet(past, seen, directory or {})
    newest = sheet.versions[-1] if sheet.versions else None
    return past.head() | {
        "newest": None if newest is None else sheet.version(newest) | {"unanswered": sheet.unanswered(newest)},
        "earlier": [sheet.version(one) for one in reversed(sheet.versions[:-1])],
        "changed": None if newest is None else _changed(sheet, newest, pack, directory or {}),
        "withheld": word_withheld(seen, directory or {}, past.pseudonym),
        "erased": [sheet.id_of(one.number) for one in seen if one.sight is Sight.ERASED],
    }


class _Sheet:
    """The summaries and answers of a record, as one reader sees them."""

    def __init__(self, past: Past, seen: Sequence[Seen], directory: Directory) -> None:
        self.past, self.seen, self._directory = past, seen, directory
        self.versions = [one for one in seen if one.is_visible and one.kind == KIND]
        self._place = {self.id_of(one.number): place for place, one in enumerate(self.versions, 1)}
        self._answers = [one for one in seen if one.is_visible and one.kind == ANSWER_KIND]

    def id_of(self, number: int) -> str:
        """An entry's id."""
        return entry_id(self.past.pseudonym, number)

    def name(self, agency: str) -> str:
        """What an agency is called."""
        return self._directory[agency].name if agency in self._directory else agency

    def version(self, one: Seen) -> dict[str, Any]:
        """One version with every answer to it; of an agency's the last is the one that stands."""
        answers = [answer for answer in self._answers if answer.body.get("of") == self.id_of(one.number)]
        last = {answer.agency: answer.number for answer in answers}
        told = [self._answer(answer, one, stands=last[answer.agency] == answer.number) for answer in answers]
        return {
            **self._of(one),
            "version": self._place[self.id_of(one.number)],
            "text": one.body["text"],
            "entries": list(one.shown_body.get("entries", ())),
            "author": (one.body.get("author") or {}).get("role"),
            "words": self._in_words(told),
            "answers": told,
        }

    def unanswered(self, newest: Seen) -> list[dict[str, Any]]:
        """The agencies that have a part in the record and said nothing to the newest version; what they said last."""
        answered = {one.agency for one in self._answers if one.body.get("of") == self.id_of(newest.number)}
        found = []
        for agency in sorted(_involved(self.past, self.seen) - answered - {newest.agency}):
            earlier = [one for one in self._answers if one.agency == agency]
            last = earlier[-1] if earlier else None
            found.append(
                {
                    "agency": agency,
                    "name": self.name(agency),
                    "contact": self._directory[agency].contact if agency in self._directory else None,
                    "last": None if last is None else self._said(last),
                }
            )
        return found

    def _answer(self, answer: Seen, version: Seen, *, stands: bool) -> dict[str, Any]:
        newer = [one for one in self.versions if version.number < one.number < answer.number]
        said = f"{self.name(answer.agency)} {_ANSWERS[str(answer.body['answer'])]} this version"
        late = f", after version {self._place[self.id_of(newer[-1].number)]} was written" if newer else ""
        return {
            **self._of(answer),
            **self._said(answer),
            "says": answer.body.get("says"),
            "stands": stands,
            "of_old_version": bool(newer),
            "words": f"{said}{late}.",
        }

    def _said(self, answer: Seen) -> dict[str, Any]:
        return {"answer": answer.body["answer"], "of_version": self._place.get(str(answer.body["of"]))}

    def _of(self, one: Seen) -> dict[str, Any]:
        return {
            "entry": self.id_of(one.number),
            "agency": one.agency,
            "agency_name": self.name(one.agency),
            "recorded_at": written_time(one.recorded_at),
        }

    @staticmethod
    def _in_words(answers: Iterable[Mapping[str, Any]]) -> str:
        standing = [one for one in answers if one["stands"]]
        said = {word: [str(one["agency_name"]) for one in standing if one["answer"] == word] for word in _ANSWERS}
        told = "; ".join(f"{word} by {listed(names)}" for word, names in said.items() if names)
        return f"{capital(told)}." if told else "Nobody has answered yet."


def _involved(past: Past, seen: Iterable[Seen]) -> set[str]:
    """The agencies that have a part in the record at the point: as they said, or as whoever leads."""
    found = {str(one.body["agency"]) for one in seen if one.kind == "lead"}
    for one in seen:
        until = one.body.get("until")
        if one.kind == "involvement" and (until is None or observed_bounds(str(until)).end > past.moment):
            found.add(one.agency)
    return found


def _changed(sheet: _Sheet, newest: Seen, pack: Pack, directory: Directory) -> dict[str, Any]:
    """What was recorded since the newest version, and which findings were raised since and are open."""
    names = Names({agency: one.name for agency, one in directory.items()}, {})
    later = [one for one in sheet.seen if one.number > newest.number and one.kind not in _NO_NEWS and one.is_visible]
    found = [one for one in open_findings(sheet.past.findings()) if one.opened_number > newest.number]
    rendered = render_findings(sheet.past, sheet.seen, found, pack, directory)
    told = f"Since then {counted(len(later), 'entry', 'entries')} and {counted(len(rendered), 'open finding')}."
    return {
        "words": told if later or rendered else "Nothing was recorded since.",
        "count": len(later),
        "entries": [_briefly(sheet, one, names) for one in later[-SINCE_MAX:]],
        "findings": [brief_finding(one) for one in rendered],
    }


def _briefly(sheet: _Sheet, one: Seen, names: Names) -> dict[str, Any]:
    told = {
        "id": sheet.id_of(one.number),
        "kind": one.kind,
        "agency": one.agency,
        "number": one.number,
        "sight": one.shown_sight.value,
        "body": one.shown_body,
    }
    return {
        "entry": told["id"],
        "kind": one.kind,
        "title": describe(told, names)["title"],
        "agency": one.agency,
        "agency_name": sheet.name(one.agency),
        "recorded_at": written_time(one.recorded_at),
        "withdrawn_by": None if one.withdrawn_by is None else sheet.id_of(one.withdrawn_by),
    }
