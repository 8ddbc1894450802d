"""The list of a person's open alerts: counted, narrowed down, page by page, and acted on from the list itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast, get_args
from uuid import UUID

from flask import Blueprint, current_app, render_template, request, url_for

from ledger.domain.entry import written_time
from ledger.domain.pack_alerts import Tier
from ledger.services.follow import position_now
from ledger.services.read_alerts import read_passed_on
from ledger.services.read_glass import count_glass
from ledger.services.read_inbox import PARTS, STANDINGS, InboxAsked, Part, Standing, read_inbox
from ledger.services.read_involvements import read_involvements
from ledger.services.read_machinery import late_since
from ledger.services.refusal import RefusedError
from ledger.services.word_alert import ACTION_WORDS
from ledger.web.headers import STREAMS
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context

#: The words of the list's filters, in the order in which they are offered.
STANDING_WORDS: Final[Mapping[Standing, str]] = {
    "waits": "Waits for somebody to act",
    "late": "Past its time",
    "unopened": "Not opened yet",
    "put_off": "Put off",
    "acted_on": "Acted on",
}
PART_WORDS: Final[Mapping[Part, str]] = {
    "mine": "Mine",
    "stand_in": "Mine as deputy or cover",
    "others": "With colleagues",
}
TIER_WORDS: Final[Mapping[Tier, str]] = {"interrupt": "Now: interrupts", "queue": "In the queue"}
#: What a press on the list did, as its address says afterwards.
DONE_WORDS: Final[Mapping[str, str]] = {
    "acted": "What you did is recorded, and the clock of that alert has stopped.",
    "put_off": "That alert is put off. It comes back by itself.",
}
_DIGITS_MAX: Final = 6
#: With whom an alert is that is not its lead's: somebody in their place, and not above them.
_STAND_INS: Final = frozenset({"deputy", "cover"})


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/", endpoint="alerts")(list_alerts)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the list is narrowed down to, as its address says it: ids, numbers and words of vocabularies."""

    asked: InboxAsked

    @property
    def words(self) -> dict[str, str]:
        """The words of the address, without a page."""
        one = self.asked
        found = {"child": str(one.child or ""), "tier": one.tier, "state": one.standing, "whose": one.part}
        return {name: value for name, value in found.items() if value}

    @property
    def fields(self) -> dict[str, str]:
        """What a form on the list carries, to lead back to the same page of it."""
        return self.words | ({"page": str(self.asked.page)} if self.asked.page > 1 else {})


def narrowed(sent: Mapping[str, str]) -> Narrowed:
    """What a query or a form narrows the list down to. Raises RefusedError for a word that is none of them."""
    page = _word(sent, "page")
    if page and not (page.isascii() and page.isdecimal() and len(page) <= _DIGITS_MAX):
        raise _error("page")
    try:
        child = UUID(sent["child"]) if _word(sent, "child") else None
    except ValueError:
        raise _error("child") from None
    return Narrowed(
        InboxAsked(
            child=child,
            tier=cast("Tier | None", _one_of(sent, "tier", get_args(Tier))),
            standing=cast("Standing | None", _one_of(sent, "state", STANDINGS)),
            part=cast("Part | None", _one_of(sent, "whose", PARTS)),
            page=int(page) if page else 1,
        )
    )


def back_to_list(sent: Mapping[str, str], done: str) -> str:
    """The address of the list as it was, saying what was done there."""
    values: dict[str, Any] = {**narrowed(sent).fields, "done": done}
    return url_for("web.alerts", **values)


def list_alerts() -> str:
    """Open alerts: what interrupts first, then by the time left to act; and those that went on to somebody else."""
    given, chosen = context(), narrowed(request.args)
    streams = current_app.config.get(STREAMS)
    with acting() as (connection, person):
        reader = reader_of(person)
        # Read first: what comes while the page is made is offered to it, and not missed.
        position = position_now(connection, person.caller) if streams else None
        inbox = read_inbox(connection, reader, chosen.asked, pack=given.pack, chance=given.chance)
        gone = read_passed_on(connection, reader, pack=given.pack, chance=given.chance, of_led=True)
        glass = count_glass(connection, reader)
        joined = read_involvements(connection, reader, chance=given.chance)
        late = late_since(connection)
    return render_template(
        "alerts.html",
        inbox=inbox,
        chosen=chosen,
        standing_in=[alert for alert in gone if alert["stage"] in _STAND_INS],
        gone=[alert for alert in gone if alert["stage"] not in _STAND_INS],
        glass=glass,
        joined=joined,
        late_since=None if late is None else written_time(late),
        live={"at": streams, "after": position} if streams else None,
        done=DONE_WORDS.get(request.args.get("done", "")),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "standing_words": STANDING_WORDS,
        "part_words": PART_WORDS,
        "tier_words": TIER_WORDS,
        "actions": ACTION_WORDS,
    }


def _word(sent: Mapping[str, str], name: str) -> str:
    return sent.get(name, "").strip()


def _one_of(sent: Mapping[str, str], name: str, words: tuple[str, ...]) -> str | None:
    found = _word(sent, name)
    if found and found not in words:
        raise _error(name)
    return found or None


def _error(name: str) -> RefusedError:
    return RefusedError("bad_filter", f"{name} is not a word that this list knows", f"/{name}")
