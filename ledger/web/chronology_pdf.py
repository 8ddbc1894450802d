"""A child's chronology as a PDF for a conference or a court: as known on a day, as far as whoever prints may see."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import Blueprint, Response

from ledger.services.describe_entry import word_kind
from ledger.services.print_chronology import Printing, print_chronology
from ledger.services.word_dates import word_day
from ledger.services.word_text import plain
from ledger.store.people import Agency, directory
from ledger.web.chronology_asked import Asked as Sent
from ledger.web.chronology_asked import chronology_asked
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/children/<uuid:record_id>/chronology.pdf", endpoint="chronology_pdf")(get_pdf)


def get_pdf(record_id: UUID) -> Response:
    """The PDF of what the page of the same question shows. That it was taken is recorded before it is made."""
    given, sent = context(), chronology_asked()
    with acting() as (connection, person):
        agencies = directory(connection)
        own = agencies[person.agency].name if person.agency in agencies else person.agency
        printing = Printing(
            sent.wanted,
            sent.days_min,
            [*_left_out(sent, agencies)],
            sent.known_on.words,
            f"{person.name}, {own}",
            given.real_now(),
        )
        record, made = print_chronology(
            connection,
            reader_of(person),
            record_id,
            sent.question(given.auditor),
            printing,
            pack=given.pack,
            chance=given.chance,
            directory=agencies,
        )
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="chronology-{record}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _left_out(sent: Sent, agencies: Mapping[str, Agency]) -> Iterator[str]:
    """What the filter leaves out, in words: whoever has the print in hand must not take a part for the whole."""
    wanted = sent.wanted
    if sent.known_by is not None:
        name = agencies[sent.known_by].name if sent.known_by in agencies else plain(sent.known_by)
        yield f"what {name} had not posted, been sent or opened"
    if wanted.agency is not None:
        name = agencies[wanted.agency].name if wanted.agency in agencies else plain(wanted.agency)
        yield f"entries of others than {name}"
    if wanted.kind is not None:
        yield f"entries of other kinds than “{word_kind(wanted.kind)}”"
    if wanted.about is not None:
        yield f"entries that say nothing of “{plain(wanted.about)}”"
    if wanted.only_significant:
        yield "entries that do not stand out as a finding, harm, a decision, a concern or a change"
    days = "seen or said" if wanted.axis == "seen" else "recorded"
    if wanted.first is not None:
        yield f"what was {days} before {word_day(wanted.first)}"
    if wanted.last is not None:
        yield f"what was {days} after {word_day(wanted.last)}"
    if sent.so_on.day is not None:
        yield f"observations that say nothing of {word_day(sent.so_on.day)}"
