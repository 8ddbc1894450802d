"""What a form about a child sent: its words within their limits, and the event id by which pressing twice is once."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import request
from sqlalchemy import Connection

from ledger.domain.entry import entry_id
from ledger.domain.lawful_basis import BASES
from ledger.domain.marking import RESTRICTED
from ledger.domain.question import digest_of
from ledger.services.refusal import EVENT_ID_REUSED, NOT_KNOWN, RefusedError
from ledger.services.sign_in import SignedIn
from ledger.store.timeline import heads_of

#: As long as the interface takes them: a reason or a note, a name, a text.
REASON_CHARS_MAX: Final = 2_000
NAME_CHARS_MAX: Final = 200
#: How many entries an answer names.
ENTRIES_MAX: Final = 20
_EVENT_CHARS_MAX: Final = 64
_DIGITS_MAX: Final = 15


def words_sent(names: Iterable[str]) -> dict[str, str]:
    """Each field as it was entered, without spaces around it; empty where it was not sent."""
    return {name: _clean(request.form.get(name, "")) for name in names}


def too_long(sent: Mapping[str, str], most: Mapping[str, int]) -> dict[str, str]:
    """Errors of fields that are longer than they may be, with what they may be."""
    return {
        name: f"Shorten this to {limit:,} characters: it has {len(sent[name]):,}"
        for name, limit in most.items()
        if len(sent[name]) > limit
    }


def event_of(kind: str, person: SignedIn, record_id: UUID, said: Any) -> str:
    """The event id of one press: the same for the same words on the same page (`at`, which the page carries)."""
    pressed = digest_of([kind, str(record_id), str(person.person_id), said, request.form.get("at", "")])
    return f"{kind}.{pressed}"[:_EVENT_CHARS_MAX]


def author_of(person: SignedIn) -> dict[str, str]:
    """Who signs what is sent: whoever is signed in, and as what."""
    return {"ref": person.ref, "role": person.role}


def entry_at(connection: Connection, record_id: UUID, number: int) -> str:
    """The id of an entry of a record. Raises RefusedError where there is no such record."""
    head = heads_of(connection, [record_id]).get(record_id)
    if head is None:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail, record_id=record_id)
    return entry_id(head[0], number)


def number_sent(name: str) -> int | None:
    """A whole number that the form or the address carries; None where there is none that could be an entry's."""
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX else None


def entries_sent(
    connection: Connection, record_id: UUID, text: str, errors: dict[str, str], field: str = "entries"
) -> dict[str, list[str]]:
    """Entries of the record that were named by their numbers, under the field's name; nothing where none is.

    What is no list of numbers is said among the errors.
    """
    words = text.replace(",", " ").split()
    if any(not (one.isascii() and one.isdecimal() and len(one) <= _DIGITS_MAX and int(one)) for one in words):
        errors[field] = "Enter numbers of entries, such as 12, 15"
        return {}
    if len(words) > ENTRIES_MAX:
        errors[field] = f"Name {ENTRIES_MAX} entries or fewer"
        return {}
    named = [entry_at(connection, record_id, number) for number in dict.fromkeys(map(int, words))]
    return {field: named} if named else {}


def shared_with(sent: Mapping[str, str], errors: dict[str, str]) -> dict[str, Any]:
    """Who may see what is written, as a body says it: nothing for everybody involved; else one's agency alone."""
    if sent["who_sees"] != "own":
        return {}
    if sent["lawful_basis"] not in BASES:
        errors["lawful_basis"] = "Choose on what basis it is not shared"
    return {"sharing": {"marking": RESTRICTED, "to": [], "lawful_basis": sent["lawful_basis"]}}


def amiss(error: RefusedError, fields: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """What the page says of a refusal, by field: `fields` has for each code its field and the words.

    Of what was recorded before under the same press nothing is said. Raises the refusal where the page has no words.
    """
    if error.refusal.code == EVENT_ID_REUSED.code:
        return {}
    if error.refusal.code not in fields:
        raise error
    field, words = fields[error.refusal.code]
    return {field: words}


def answered(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a service answered, for a template: without the child's id, as a page calls a child by its name."""
    return {name: value for name, value in told.items() if name != "child"}


def _clean(text: str) -> str:
    # A browser ends lines with two characters and counts one; what nobody can type is in no field.
    return text.replace("\r\n", "\n").replace("\x00", "").strip()
