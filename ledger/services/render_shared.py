"""With whom an agency shared, and which agencies take part: as far as the family may be told of it.

Nothing here tells that anything is kept back: what is restricted or a pointer is not there, nor is an agency of whom
nothing could be told but that it is.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ledger.domain.civil_day import civil_date
from ledger.domain.entry import parse_entry_id
from ledger.domain.lawful_basis import BASES, bases_of
from ledger.domain.person import CHILD
from ledger.domain.third_party import Category
from ledger.services.gather_disclosure import Material
from ledger.services.see import Seen
from ledger.services.word_act import SHARE_WORDS
from ledger.services.word_dates import word_day, word_observed

#: Somebody's own words at a part of an entry, where they may be given.
OwnWords = Callable[[Seen, str, str], str | None]
Note = Callable[[int, str, Category], None]


def shared_in(material: Material, own_words: OwnWords, note: Note) -> list[dict[str, Any]]:
    """What the agency decided to share, and with whom; of what is kept back, nothing."""
    found = []
    for number, entry in sorted(material.own.items()):
        if entry.kind != "share":
            continue
        why = _kept_back(entry, material)
        if why is not None:
            note(number, "entry", why)
            continue
        what = entry.body.get("what")
        words = own_words(entry, "what", what) if isinstance(what, str) else None
        found.append(_shared(entry, material) | ({"what": words} if words is not None else {}))
    return found


def agencies_in(material: Material) -> list[dict[str, str]]:
    """The agencies that everybody involved, and those who get it, may know to take part; the officer's own first."""
    part = {one.agency for one in material.others.values() if one.kind == "involvement"} - material.silent
    return [
        {"name": agency.name, "contact": agency.contact}
        for name in dict.fromkeys([material.agency, *sorted(part)])
        if (agency := material.directory.get(name)) is not None
    ]


def _kept_back(entry: Seen, material: Material) -> Category | None:
    if not material.whose.allows(CHILD, entry.agency):
        return "third_party"
    if entry.number not in material.shared:
        return "restricted"
    if _names_hidden(entry.body, material):
        return "not_to"
    if entry.body.get("decision") == "refused":
        return "to_be_read"
    return "third_party" if material.unsaid.is_in(_with_whom(entry.body, material)) else None


def _shared(entry: Seen, material: Material) -> dict[str, Any]:
    body = entry.body
    bases = [BASES[name] for name in bases_of(body.get("lawful_basis")) if name in BASES]
    return {
        "on": word_observed(str(body["on"])) if body.get("on") else word_day(civil_date(entry.recorded_at)),
        "with": _with_whom(body, material),
        "decision": SHARE_WORDS[str(body["decision"])],
        "because": [basis.means for basis in bases],
        "law": [basis.law for basis in bases],
    }


def _names_hidden(body: Mapping[str, Any], material: Material) -> bool:
    """Whether it is about an entry that those who get it, or anybody involved, may not see whole."""
    named = [parse_entry_id(str(one)) for one in body.get("entries", ())]
    whole = {number for number, hidden in material.shared.items() if not hidden}
    shown = (whole | material.others.keys()) - material.hidden.keys()
    return any(one is None or one[1] not in shown for one in named)


def _with_whom(body: Mapping[str, Any], material: Material) -> str:
    party = body.get("with")
    return str(party.get("body")) if isinstance(party, Mapping) else material.name(str(party))
