"""The form of an observation: what was entered, kept whole from one step to the next, and made into a body.

Nothing of it is kept on the server between two steps: it stands in the page. What a person is called for the body is
worked out here: somebody new is declared under a reference of one's own, and so is whom only another agency has named,
with a link beside it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Final

from ledger.domain.civil_day import LONDON
from ledger.domain.pack import Pack
from ledger.services.word_text import capital
from ledger.web.claim_rows import PARTS, Row, claim_of
from ledger.web.sent import REASON_CHARS_MAX

NARRATIVE_CHARS_MAX: Final = 20_000
ROWS_MAX, NEW_PEOPLE_MAX = 40, 6
ROLE_CHARS_MAX: Final = 100
STATEMENTS: Final = {
    "fact": "Fact: what I saw, measured or was told",
    "opinion": "Opinion: what I make of it",
    "allegation": "Allegation: somebody says that somebody did something",
    "admission": "Admission: somebody says that they did it",
    "finding": "Finding of a court or an expert",
    "plan": "Plan: what is to be done",
    "intention": "Intention: what somebody hopes or means to do",
    "omission": "Omission: what should have been done and was not",
}
DEPTHS: Final = {
    "told": "Nobody was seen: told only",
    "remote": "By telephone, video or letter",
    "doorstep": "At the doorstep",
    "seen": "Seen",
    "seen_alone": "The child was seen alone",
    "examined": "The child was examined",
}
#: The fields beside the rows and the people.
FIELDS: Final = ("narrative", "day", "clock", "statement", "how", "depth", "home", "page", "reason")
_ROW: Final = re.compile(r"row-([0-9]{1,2})-attribute\Z")
_TOKEN: Final = re.compile(r"[0-9a-f]{24}\Z")
_OFFERED: Final = "new-"
_PERSON: Final = ("role", "name", "description")
_SAYS_NOTHING: Final = "Enter what was seen or said, or add a statement below"
_LONG: Final = f"Shorten this to {NARRATIVE_CHARS_MAX:,} characters"
_NO_DAY: Final = "Enter the day on which it was seen or said"
_NO_CLOCK: Final = "Enter the time as hours and minutes, such as 14:30, or leave it out"
_NO_STATEMENT: Final = "Choose what kind of statement this is"
_NO_REASON: Final = "Enter why it is put right"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody whom the record does not know, in the form: who they are, as their author calls them."""

    name: str
    sent: Mapping[str, str]

    @property
    def value(self) -> str:
        """The value by which other fields name them."""
        return f"{_OFFERED}{self.name}"

    @property
    def words(self) -> str:
        """What the form calls them."""
        said = [self.sent[part] for part in ("name", "role", "description") if self.sent.get(part)]
        return f"{capital(', '.join(said[:2])[:80])} (new here)" if said else ""


@dataclass(frozen=True, slots=True)
class Form:
    """What was entered."""

    sent: Mapping[str, str] = field(default_factory=dict)
    present: Sequence[str] = ()
    rows: Sequence[Row] = ()
    newcomers: Sequence[Newcomer] = ()

    @property
    def token(self) -> str:
        """What the page that it came from is called: one page posts one observation."""
        return self.sent.get("page", "")


def form_of(posted: Mapping[str, str], present: Sequence[str], pack: Pack) -> Form:
    """The form as it was posted, whatever is wrong with it."""
    sent = {name: _clean(posted.get(name, ""))[: 2 * NARRATIVE_CHARS_MAX] for name in FIELDS}
    sent["page"] = sent["page"] if _TOKEN.match(sent["page"]) else ""
    places = sorted(int(found[1]) for name in posted if (found := _ROW.match(name)))[:ROWS_MAX]
    rows = []
    for place in places:
        name = f"row-{place}"
        said = {part: _clean(posted.get(f"{name}-{part}", ""))[:REASON_CHARS_MAX] for part in PARTS}
        attribute = pack.attributes.get(said["attribute"])
        if attribute is not None:
            rows.append(_as_read(Row(name, attribute, said | {"day": sent["day"]}), sent["narrative"]))
    newcomers = [
        Newcomer(
            str(place), {part: _clean(posted.get(f"new-{place}-{part}", ""))[:REASON_CHARS_MAX] for part in _PERSON}
        )
        for place in range(NEW_PEOPLE_MAX)
    ]
    return Form(sent, tuple(dict.fromkeys(present))[:30], rows, [one for one in newcomers if any(one.sent.values())])


def body_of(form: Form, record_id: str, author: Mapping[str, str], pack: Pack) -> tuple[dict[str, Any], dict[str, str]]:
    """The body to post and what is wrong with the form, by field. People are named as the form names them."""
    sent, errors = form.sent, dict[str, str]()
    observed = _observed(sent, errors)
    if sent.get("statement") not in STATEMENTS:
        errors["statement"] = _NO_STATEMENT
    if len(sent["narrative"]) > NARRATIVE_CHARS_MAX:
        errors["narrative"] = _LONG
    claims = []
    for row in form.rows:
        if row.is_used:
            claim, wrong = claim_of(row, form.token, pack)
            errors |= {f"{row.name}-{part}": words for part, words in wrong.items()}
            claims.append(claim)
    if not sent["narrative"] and not claims:
        errors["narrative"] = _SAYS_NOTHING
    body: dict[str, Any] = {
        "child": {"id": record_id}, "observed": observed, "statement": sent.get("statement"), "author": dict(author),
    }  # fmt: skip
    body |= {"narrative": sent["narrative"]} if sent["narrative"] else {}
    body |= {"claims": claims} if claims else {}
    body |= _contact(form)
    return body, errors


def _observed(sent: Mapping[str, str], errors: dict[str, str]) -> str:
    try:
        day = date.fromisoformat(sent["day"])
    except ValueError:
        errors["day"] = _NO_DAY
        return ""
    if not sent.get("clock"):
        return day.isoformat()
    try:
        return datetime.combine(day, time.fromisoformat(sent["clock"]), LONDON).isoformat(timespec="minutes")
    except ValueError:
        errors["clock"] = _NO_CLOCK
        return ""


def _contact(form: Form) -> dict[str, Any]:
    if form.sent.get("depth") not in DEPTHS:
        return {}
    contact: dict[str, Any] = {"depth": form.sent["depth"], "outcome": "held"}
    if form.sent.get("home") in ("yes", "no"):
        contact["home_entered"] = form.sent["home"]
    if form.present:
        contact["present"] = list(form.present)
    return {"contact": contact}


def _as_read(row: Row, narrative: str) -> Row:
    """A row that was sent, with the words that it was read from, as they stand in the narrative."""
    start, _, end = row.sent.get("at", "").partition("-")
    if start.isdecimal() and end.isdecimal() and int(start) < int(end) <= len(narrative):
        return replace(row, words=narrative[int(start) : int(end)])
    return row


def _clean(text: str) -> str:
    # A browser ends lines with two characters and counts one; what nobody can type is in no field.
    return text.replace("\r\n", "\n").replace("\x00", "").strip()
