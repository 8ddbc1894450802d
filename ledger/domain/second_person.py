"""Two people sign: who the second one is, by what an entry says, and whether that is somebody else than the first.

A professional goes by a reference of their agency's, or by a name; whoever knows which references go with which names
says so, and then one who is named both ways is one person. Who is not named at all is nobody's second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category, normalize


@dataclass(frozen=True, slots=True)
class Signatory:
    """A professional as they are named: the agency, and what they are called there, in lower case."""

    agency: str
    called: str


def signatory(named: Any, agency: str) -> Signatory | None:
    """Who is named: by words alone somebody of ``agency``, else by agency and person; None where nobody is by name."""
    at, called = (named.get("agency", agency), named.get("person")) if isinstance(named, Mapping) else (agency, named)
    words = " ".join(str(called or "").split()).casefold()
    return Signatory(str(at), words) if _spelling(words) else None


def is_one_person(one: Signatory, other: Signatory, known: Iterable[tuple[str, str, str]] = ()) -> bool:
    """Whether both names may mean one person; ``known`` are people, as (agency, reference, name).

    Of a reference and a name that go together for anybody it counts as one: a doubt asks for another second.
    """
    listed = [
        (agency, {words for called in (ref, name) if (words := _spelling(called))}) for agency, ref, name in known
    ]
    return one.agency == other.agency and bool(_all_names(one, listed) & _all_names(other, listed))


def _all_names(who: Signatory, known: Iterable[tuple[str, set[str]]]) -> set[str]:
    spelt = _spelling(who.called)
    also = (called for agency, called in known if agency == who.agency and spelt in called)
    return {spelt}.union(*also)


def _spelling(called: str) -> str:
    """What is left of a name however it is written: letters and digits, of its words in any order.

    Nobody becomes somebody else by a comma, an accent, a wide letter or one that is not seen.
    """
    plain = normalize("NFKD", called).casefold()
    kept = (" " if one == "," or one.isspace() else one for one in plain if category(one)[0] in "LN" or one in ", ")
    return "".join(sorted("".join(kept).split()))
