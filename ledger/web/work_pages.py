"""The pages of work, as they are shown and as they are shown again with what is amiss in one of their forms."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import render_template, request
from sqlalchemy import Connection

from ledger.domain.body_part import INFORMATION_ANSWERS
from ledger.domain.lawful_basis import BASES
from ledger.domain.role import Reach, Right, reach_of
from ledger.services.judge_record import AsOf
from ledger.services.name_children import name_children
from ledger.services.reach import reaches
from ledger.services.read_expectations import read_expectations
from ledger.services.read_requests import read_requests
from ledger.services.read_work import SIDES, read_all_work, read_work
from ledger.services.refusal import RefusedError
from ledger.services.sign_in import SignedIn
from ledger.services.word_awaited import word_awaited, word_clock, word_due
from ledger.services.word_work import ANSWER_WORDS, word_work
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.known_on import known_on_asked
from ledger.web.sessions import reader_of
from ledger.web.words import context

HERE: Final = "web.child_work"
#: Which of the work is shown, by the words of the address.
STATES: Final[Mapping[str, str]] = {"open": "Still open", "all": "All"}
SIDE_WORDS: Final[Mapping[str, str]] = {"owed_by_us": "Asked of us", "owed_to_us": "Asked by us"}
#: So many pieces of work on a page about one child.
PAGE: Final = 50
_DIGITS_MAX: Final = 6
#: Entries of one moment follow each other by less than this.
_MOMENT: Final = timedelta(seconds=1)
#: What a press on a list did, as its address says afterwards.
DONE_WORDS: Final[Mapping[str, str]] = {
    "reply": "Your answer is recorded, and whoever asked is told.",
    "done": "That it is done is recorded.",
    "asked": "It is recorded, and they are told.",
    "information_answer": "Your answer is recorded, and whoever asked is told.",
}


def works_page(
    connection: Connection, person: SignedIn, sent: Mapping[str, str], errors: Mapping[str, str], key: str = ""
) -> str:
    """The page across records; ``key``: the item whose form was sent."""
    given, reader = context(), reader_of(person)
    side = word_of("side", SIDES)
    state = word_of("state", tuple(STATES))
    work = read_all_work(
        connection, reader, side=side, state=state, after=request.args.get("after"), pack=given.pack,
        chance=given.chance,
    )  # fmt: skip
    asked = read_requests(
        connection, reader, side="to" if side == "owed_by_us" else "by", state="open" if state == "open" else "all",
        after=request.args.get("requests_after"), pack=given.pack, chance=given.chance,
    )  # fmt: skip
    records = {UUID(one["child"]) for one in (*work["work"], *asked["requests"])}
    names = {str(record): name for record, name in name_children(connection, reader, records).items()}
    return render_template(
        "works.html",
        work=[_told(one, one["child"]) for one in work["work"]],
        following=work["next"],
        requests=[_numbered(one) for one in asked["requests"]],
        requests_following=asked["next"],
        names=names,
        side=side,
        state=state,
        sides=SIDE_WORDS,
        states=STATES,
        **_forms(person, sent, errors, key),
        # Of all records at once only a role tells; whoever leads one of them answers on that child's page.
        may_work=reach_of(person.roles, Right.WORK) is not Reach.NONE,
    )


def child_page(
    connection: Connection,
    person: SignedIn,
    record_id: UUID,
    sent: Mapping[str, str],
    errors: Mapping[str, str],
    key: str = "",
) -> str | tuple[str, int]:
    """The page of one child; ``key``: the item whose form was sent."""
    given, reader, known_on = context(), reader_of(person), known_on_asked()
    point = AsOf(known_on.known_at)
    work = read_work(connection, reader, record_id, point, pack=given.pack, chance=given.chance)
    awaited = read_expectations(connection, reader, record_id, point, pack=given.pack, chance=given.chance)
    errors = {**known_on.errors, **errors}
    found = work["work"]
    pages = max(1, -(-len(found) // PAGE))
    number = next((place for place, one in enumerate(found) if key.endswith(f"-{_number(one['id'])}")), 0)
    page_number = min(max(number // PAGE + 1 if key else page_asked(), 1), pages)
    asked = {_number(one["id"]): one for one in found}
    values = {
        "work": [_told(one, str(record_id)) for one in found[(page_number - 1) * PAGE : page_number * PAGE]],
        "page_of": {"page": page_number, "pages": pages},
        "agencies": directory(connection),
        "expectations": [_awaited(one, awaited["at"], asked) for one in awaited["expectations"]],
        "as_of": work["as_of"],
        "known_on": known_on,
        "may_work": reaches(connection, reader, record_id, Right.WORK),
        **_forms(person, sent, errors, key),
    }
    page = render_child("child_work.html", connection, person, record_id, HERE, **values)
    return (page, 400) if errors else page


def _forms(person: SignedIn, sent: Mapping[str, str], errors: Mapping[str, str], key: str) -> dict[str, Any]:
    """What forms need: whose agency's they are, what was sent in which, and what they offer."""
    return {
        "ours": {person.agency, person.agency_kind},
        "sent": sent,
        "errors": {f"{name}-{key}" if key else name: words for name, words in errors.items()},
        "sent_key": key,
        "done": DONE_WORDS.get(request.args.get("done", "")),
        "request_answers": {name: ANSWER_WORDS[name] for name in INFORMATION_ANSWERS},
        "request_states": ANSWER_WORDS,
        "bases": {name: basis.law for name, basis in BASES.items()},
    }


def _awaited(one: Mapping[str, Any], at: str, asked: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """What is awaited, with how its clock stands at the moment that the page is of, and the work that it is about."""
    due, started, now = (datetime.fromisoformat(text) for text in (one["due"], one["started"], at))
    # What has not lapsed by its rule is not called overdue, be its time over.
    runs = one["state"] in {"lapsed", "refused"} or (
        one["state"] in {"running", "warned"} and started <= now + _MOMENT < due
    )
    clock = word_clock(due, started, now, is_met=False).partition(". ")[0] if runs else None
    item = asked.get(_number(one["trigger"]["entry"]))
    of = (
        ""
        if item is None
        else f"{word_work(item)['what']}: {item['said'].get('what') or item['said'].get('reason', '')}"
    )
    return {**one, "words": word_awaited(one["topic"]), "of": of, "due_words": word_due(due), "clock": clock}


def _told(item: Mapping[str, Any], record_id: str) -> dict[str, Any]:
    return {**item, **word_work(item), "number": _number(item["id"]), "child": record_id}


def _numbered(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "number": _number(one["id"])}


def _number(entry: str) -> int:
    return int(entry.rpartition(".")[2])


def page_asked() -> int:
    """The page that the address asks for, by default the first. Raises RefusedError where it is no number."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX):
        raise RefusedError("bad_filter", "page is not the number of a page", "/page")
    return int(text)


def word_of(name: str, words: tuple[str, ...]) -> str:
    """A word of the address or the form, by default the first. Raises RefusedError for one that is none of them."""
    found = request.values.get(name, "") or words[0]
    if found not in words:
        raise RefusedError("bad_filter", f"{name} is not a word that this list knows", f"/{name}")
    return found
