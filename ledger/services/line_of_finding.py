"""A finding in one line for a list: who differs about what, since when, and what hangs on it.

Made of the finding as it is rendered for its reader and of nothing else, so it says no more than that does.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from ledger.domain.civil_day import civil_date
from ledger.domain.claim import RELIED_ON
from ledger.domain.pack import Pack
from ledger.services.word_dates import word_day
from ledger.services.word_marks import COMPARED
from ledger.services.word_text import capital, listed, plain

#: The kinds whose sides are what agencies hold, so that each has held it since some day.
_HELD: Final = COMPARED | {"concern", "overtaken", "uncorroborated", "passing_on"}


def line_of_finding(finding: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    """`who`: who differs about what; `since`: since when that is so; `hangs`: what hangs on it, the gravest first.

    `finding` is as `render_finding` tells it. Each part is a sentence without its full stop.
    """
    return {
        "who": finding["headline"],
        "since": _since(finding),
        "hangs": [] if finding.get("withheld") else list(dict.fromkeys(_hangs(finding, pack))),
    }


def _since(finding: Mapping[str, Any]) -> str:
    """Who has held what since when; of what nobody holds, since when it waits."""
    if finding.get("kind") in _HELD:
        held = [_held(side) for side in finding["sides"]]
        words = [one for one in held if one]
        if words:
            return f"Held since: {'; '.join(dict.fromkeys(words))}"
    awaited = finding.get("awaited")
    if awaited and awaited.get("started"):
        return f"Awaited since {_day(awaited['started'])}"
    return f"Found {_day(finding['raised_at'])}"


def _held(side: Mapping[str, Any]) -> str:
    return ", ".join(f"{one['agency_name']} {_day(one['since'])}" for one in side["held_since"])


def _hangs(finding: Mapping[str, Any], pack: Pack) -> Iterator[str]:
    deciding = sorted({_decided(said) for said in _statements(finding) if said.get("statement") == RELIED_ON})
    if deciding and finding["kind"] != "decision_basis":
        yield f"{capital(listed(deciding))} {'relies' if len(deciding) == 1 else 'rely'} on it"
    elif finding.get("pending"):
        yield "A decision relies on it"
    attributes = pack.attributes
    for said in _statements(finding):
        named = attributes.get(said.get("attribute") or "")
        if named is not None and named.binds and said.get("words"):
            yield f"An order, bail or condition: {said['words']}"
    awaited, enquiry = finding.get("awaited"), (finding.get("gap") or {}).get("enquiry")
    if awaited and awaited.get("needs_two"):
        yield "A fixed rule, whatever the explanation: two people close it"
    if awaited and awaited.get("due") and not awaited.get("met"):
        # How long the clock has run is said where there is room for it.
        yield (awaited.get("clock_words") or f"Due by {awaited['due_words']}").partition(". ")[0].rstrip(".")
    if enquiry:
        whose = f" with {enquiry['agency_name']}" if enquiry.get("agency_name") else ""
        yield f"An enquiry{whose} {'was due' if enquiry['overdue'] else 'is due'} by {enquiry['due_words']}"


def _statements(finding: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return [*(said for side in finding.get("sides", ()) for said in side["statements"]), *finding.get("evidence", ())]


def _decided(said: Mapping[str, Any]) -> str:
    return (
        f"the decision “{plain(said['decided'])}” of {said['agency_name']}"
        if said.get("decided")
        else (f"a decision of {said['agency_name']}")
    )


def _day(written: str) -> str:
    return word_day(civil_date(datetime.fromisoformat(written)))
