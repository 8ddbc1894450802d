"""The words of a picture: whom a name means, how a word stands at the moment, what cannot all be so."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from ledger.domain.allows import named_in
from ledger.domain.civil_day import civil_date
from ledger.domain.claim import ANONYMOUS, OFFICE_PREFIX, Claim, Ref
from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import entry_id
from ledger.domain.person import Links
from ledger.domain.question import Question
from ledger.domain.row import Clash, Hold
from ledger.domain.source import Source
from ledger.domain.statement import BEGINNING
from ledger.domain.vocabulary import Attribute
from ledger.services.see import Seen, Sight
from ledger.services.word_claim import Wording, word_value
from ledger.services.word_dates import word_day, word_observed, word_valid
from ledger.services.word_text import listed, plain
from ledger.store.people import Agency

#: What is given of a finding beside the cells; its statements are in them.
_OF_A_FINDING = (
    "finding", "raised_at", "withheld", "kind", "severity", "certain", "headline", "change_since", "change_words",
    "why", "ask", "ring",
)  # fmt: skip


class Names:
    """What each person is called, told apart where two are called the same."""

    def __init__(self, names: Iterable[str], people: Links, wording: Wording) -> None:
        self._wording = wording
        self._called = {
            name: list(
                dict.fromkeys(wording.people[key] for key in sorted(people.keys_of(name)) if key in wording.people)
            )
            for name in names
        }
        plainly = {name: self._plainly(name) for name in self._called}
        count = Counter(plainly.values())
        self._labels = {
            name: label if count[label] == 1 else f"{label}, {self._by_reference(name)}"
            for name, label in plainly.items()
        }

    def label(self, name: str) -> str:
        """Whom a name means, for the middle of a sentence."""
        return self._labels.get(name) or self._wording.person(name)

    def also_called(self, name: str) -> list[str]:
        """What else visible entries call this person."""
        return [called for called in self._called[name] if called != self._plainly(name)]

    def _plainly(self, name: str) -> str:
        called = self._called[name]
        return called[0] if called and "/" in name else self._wording.person(name)

    def _by_reference(self, name: str) -> str:
        agency, slash, ref = name.partition("/")
        return f"whom {self._wording.agency(agency)} calls {plain(ref)}" if slash else plain(name)


def word_source(source: Source, claim: Claim, names: Names, wording: Wording) -> str:
    """Whose word it is: the informant, the author's office, or the agency's own records."""
    if source.person is not None:
        return names.label(source.person)
    if source.is_own:
        return f"the {plain(claim.office)}" if claim.office else "own records"
    if source.key.startswith(OFFICE_PREFIX):
        return wording.person(source.key)
    kind, _, agency = source.key.partition(":")
    return wording.person(ANONYMOUS) if kind == ANONYMOUS else wording.agency(agency)


def word_question(question: Question, names: Names) -> str:
    """What a row is about, beside whom: the attribute, and which counterpart, item or thing."""
    counterpart = f" with {names.label(question.counterpart)}" if question.counterpart else ""
    parts = [question.item, question.thing.partition("/")[2] if question.thing else None]
    named = ", ".join(plain(part) for part in parts if part)
    return f"{plain(question.attribute)}{counterpart}" + (f" ({named})" if named else "")


def last_said(hold: Hold) -> date | None:
    """The last day, up to the moment, of which its source has said it, and None where it begins after that.

    Of what cannot change it is the day on which it was said.
    """
    if hold.state == "later":
        return None
    if hold.time.earliest_start <= BEGINNING:
        return civil_date(observed_bounds(hold.claim.observed).start)
    return civil_date(hold.said_until - timedelta.resolution)


def word_state(hold: Hold) -> str:
    """How a word stands at the moment."""
    last = last_said(hold)
    if last is None:
        return "of a later time"
    day = word_day(last)
    if hold.time.earliest_start <= BEGINNING:
        return f"said on {day}, of what does not change"
    match hold.state:
        case "asserted":
            return "said of this time" if hold.is_certain else "said of this time, as far as its dates tell"
        case "carried":
            return f"presumed: last said of {day}"
        case "stale":
            return f"stale: last said of {day}, longer ago than a word on this holds"
    return f"of an earlier time, up to {day}"


def word_held(claim: Claim, attribute: Attribute | None, names: Names, people: Links) -> str:
    """A claim's value in words: people by what they are called, dates written out, measurements with their unit."""
    if attribute is None or claim.value is None:
        return word_value(claim)
    match attribute.type:
        case "person":
            return _word_people(claim, names, people) or word_value(claim)
        case "date":
            return word_observed(claim.value) if "/" not in claim.value else word_valid(claim.value)
        case "quantity":
            return f"{claim.value} {attribute.unit}" if attribute.unit else claim.value
    return word_value(claim)


def _word_people(claim: Claim, names: Names, people: Links) -> str | None:
    named = named_in(claim, people)
    if named is None:
        return None
    words = listed([names.label(name) for name in sorted(named.names)], "or")
    return f"not {words}" if named.is_none_of_them else words


def word_clashes(clashes: list[Clash], words: Mapping[Ref, str]) -> str:
    """What cannot all be so, in a sentence or two; the first set in full."""
    first = clashes[0]
    which = "both" if len(first.refs) == 2 else "all"
    told = f"These cannot {which} be so: {listed([words[ref] for ref in first.refs])}."
    if first.is_acknowledged:
        told += " It is told as a change: whoever says the newer says that the older was so before."
    elif first.change_since is not None:
        told += f" It may be a change since {word_day(civil_date(first.change_since - timedelta.resolution))}."
    elif not first.is_certain:
        told += " The dates are vague: they may not be about the same time."
    return told if len(clashes) == 1 else f"{told} There are {len(clashes)} such sets."


def brief_finding(rendered: Mapping[str, Any]) -> dict[str, Any]:
    """A rendered finding without its statements, which the cells have; their places only."""
    sides = [
        [{"entry": statement["entry"], "index": statement.get("index")} for statement in side["statements"]]
        for side in rendered["sides"]
    ]
    return {name: rendered.get(name) for name in _OF_A_FINDING} | {"sides": sides}


def word_withheld(standing: Iterable[Seen], directory: Mapping[str, Agency], pseudonym: str) -> list[dict[str, Any]]:
    """By agency, that it recorded what this reader may not see: neither what nor about whom."""
    entries: dict[str, list[str]] = {}
    for entry in standing:
        if entry.sight is Sight.WITHHELD:
            entries.setdefault(entry.agency, []).append(entry_id(pseudonym, entry.number))
    found = []
    for agency, ids in sorted(entries.items()):
        name = directory[agency].name if agency in directory else agency
        contact = directory[agency].contact if agency in directory else None
        notice = f"Information held by {name} is not in this picture; ring them."
        found.append({"agency": agency, "name": name, "contact": contact, "entries": ids, "notice": notice})
    return found
