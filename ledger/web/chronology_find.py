"""A search in the words of a child's record: a form that answers with what it found, so no address has the words."""

import re
from typing import Final
from uuid import UUID

from flask import Blueprint, request
from markupsafe import Markup

from ledger.services.describe_entry import describe
from ledger.services.known_by import KnownBy
from ledger.services.names_in_entries import names_in_entries
from ledger.services.read_chronology import Asked
from ledger.services.search_chronology import WORDS_CHARS_MAX, Sought, search_chronology
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.known_on import day_of
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

_NOTHING_SOUGHT: Final = "Enter a word of at least 2 letters to look for"
_TOO_LONG: Final = f"What you look for must be {WORDS_CHARS_MAX} characters or fewer"


def register(blueprint: Blueprint) -> None:
    """Add the route, and the filter by which what was looked for is marked."""
    blueprint.app_template_filter("sought")(mark_sought)
    blueprint.post("/children/<uuid:record_id>/chronology/find", endpoint="chronology_find")(find_in_chronology)


def find_in_chronology(record_id: UUID) -> str | tuple[str, int]:
    """What of the record has some words in it. They come in a form and are nowhere kept: no address has them."""
    given, words = context(), request.form.get("words", "").strip()
    known_on = day_of(request.form.get("known_on", ""), "known_on")
    agency = request.form.get("known_by", "").strip()[:64]
    known_by = KnownBy(agency, None, given.auditor) if agency else None
    errors = {"words": wrong} if (wrong := _wrong_with(words)) else {}
    with acting() as (connection, person):
        check_form(person)
        agencies = directory(connection)
        found = search_chronology(
            connection,
            reader_of(person),
            record_id,
            Sought(Asked(known_on.point, None, known_by), "" if errors else words, _after()),
            pack=given.pack,
            chance=given.chance,
            directory=agencies,
        )
        known = names_in_entries(connection, found.items, agencies)
        page = render_child(
            "chronology_find.html",
            connection,
            person,
            record_id,
            "web.chronology",
            words=words,
            found=found,
            entries=[describe(item, known) for item in found.items],
            known_on=known_on,
            known_by=agency,
            known_by_name=agencies[agency].name if agency in agencies else "",
            errors=errors,
        )
    return page, 400 if errors else 200


def mark_sought(text: str, words: str) -> str | Markup:
    """A text with the words that were looked for marked in it; everything else of it is text and no markup."""
    if not words:
        return text
    sought = sorted({re.escape(word) for word in words.split()}, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(sought)})", text, flags=re.IGNORECASE)
    return Markup("").join(Markup("<mark>{}</mark>").format(one) if at % 2 else one for at, one in enumerate(pieces))


def _after() -> int:
    text = request.form.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _wrong_with(words: str) -> str | None:
    if len(words) > WORDS_CHARS_MAX:
        return _TOO_LONG
    return None if any(len(word) >= 2 for word in words.split()) else _NOTHING_SOUGHT
