"""What changed in a child's record between two days: what came, what is held otherwise, what was found and asked."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint

from ledger.domain.civil_day import civil_date
from ledger.services.describe_entry import word_kind
from ledger.services.differences import Between, differences
from ledger.services.find_as_of import PointAsked
from ledger.services.word_text import plain
from ledger.store.clock import now
from ledger.store.people import Agency, directory
from ledger.web.child_frame import render_child
from ledger.web.known_on import KnownOn, end_of, known_on_asked
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context

#: How far back the first day is where none is given.
_BACK: Final = timedelta(days=28)
_RUNS_BACK: Final = "The later day must be on or after the earlier one"
#: Of so many entries that came each is named; of more they are counted.
_NAMED_MOST: Final = 100
_FINDINGS: Final = (("raised", "Found"), ("joined", "Moved on"), ("closed", "Closed"))
_GAPS: Final = (("opened", "Not known, and asked for since"), ("closed", "No longer asked for"))
_AWAITED: Final = (
    ("started", "Came to be awaited"),
    ("lapsed", "Became late"),
    ("refused", "Was refused"),
    ("fulfilled", "Came"),
)


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/children/<uuid:record_id>/differences", endpoint="differences")(show_differences)


def show_differences(record_id: UUID) -> str | tuple[str, int]:
    """The differences between the ends of two days; without days, between four weeks ago and now."""
    given, start, end = context(), known_on_asked("from"), known_on_asked("to")
    errors = start.errors | end.errors
    with acting() as (connection, person):
        agencies = directory(connection)
        last = end.day or civil_date(now(connection))
        first = start.day or last - _BACK
        if first > last:
            errors, first = {"to": _RUNS_BACK}, last - _BACK
        between = Between(PointAsked(end_of(first)), PointAsked(end.known_at))
        told = differences(
            connection,
            reader_of(person),
            record_id,
            between,
            pack=given.pack,
            chance=given.chance,
            directory=agencies,
        )
        page = render_child(
            "differences.html",
            connection,
            person,
            record_id,
            "web.chronology",
            told=told,
            first=first,
            last=last,
            sent={"from": start.sent or first.isoformat(), "to": end.sent},
            known=KnownOn(end.day).link,
            came=_came(told["entries"], agencies),
            named=told["entries"] if len(told["entries"]) <= _NAMED_MOST else [],
            beliefs=_by_person(told["beliefs"]),
            found=[(words, told["findings"][name]) for name, words in _FINDINGS if told["findings"][name]],
            gaps=[(words, told["gaps"][name]) for name, words in _GAPS if told["gaps"][name]],
            awaited=[(words, told["expectations"][name]) for name, words in _AWAITED if told["expectations"][name]],
            name=lambda agency: agencies[agency].name if agency in agencies else plain(agency or ""),
            word_kind=lambda kind: word_kind(kind) if kind else "Information held",
            errors=errors,
        )
    return page, 400 if errors else 200


def _came(
    entries: Sequence[Mapping[str, Any]], agencies: Mapping[str, Agency]
) -> list[tuple[str, list[tuple[str, int]]]]:
    """How many entries of each kind came from whom, in the order in which agencies first wrote."""
    counts: dict[str, dict[str, int]] = {}
    for entry in entries:
        whose = agencies[entry["agency"]].name if entry["agency"] in agencies else "The ledger"
        kind = word_kind(entry["kind"]) if entry["kind"] else "Information held"
        counts.setdefault(whose, {})[kind] = counts.get(whose, {}).get(kind, 0) + 1
    return [(whose, sorted(kinds.items())) for whose, kinds in counts.items()]


def _by_person(beliefs: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in beliefs:
        found.setdefault(str(one["label"]), []).append(one)
    return [*found.items()]
