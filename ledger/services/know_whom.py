"""Which agency knows of which person: who named them in what its reader sees, since when, and who looked in vain."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ledger.domain.act import PREFIX
from ledger.domain.allows import named_in
from ledger.domain.claim import ANONYMOUS, OFFICE_PREFIX, PERSON, Claim
from ledger.domain.entry import written_time
from ledger.domain.pack import Pack
from ledger.services.gather_people import KINDS, Gathered
from ledger.services.kept_words import KEPT
from ledger.services.see import Seen
from ledger.services.word_claim import Wording

_CHILD: Final = "child"


@dataclass(frozen=True, slots=True)
class KnownTo:
    """The agencies of a record, as columns, and by person's name which of them has named them, and when."""

    agencies: list[dict[str, str]]
    named: dict[str, dict[str, list[datetime]]] = field(default_factory=dict)
    #: Who says of them only that it does not know.
    in_vain: dict[str, dict[str, Claim]] = field(default_factory=dict)

    def of(self, name: str) -> list[dict[str, Any]]:
        """One person's row: a cell for each agency, also for those that have said nothing."""
        return [self._cell(name, column["agency"]) for column in self.agencies]

    def _cell(self, name: str, agency: str) -> dict[str, Any]:
        times, looked = self.named.get(name, {}).get(agency, []), self.in_vain.get(name, {}).get(agency)
        return {
            "agency": agency,
            "entries": len(times),
            "since": written_time(min(times)) if times else None,
            "last": written_time(max(times)) if times else None,
            "not_known": looked.not_known if looked and not times else None,
        }


def know_whom(seen: Sequence[Seen], found: Gathered, pack: Pack, wording: Wording) -> KnownTo:
    """What the entries that the reader sees tell of it. Cost: one more look through their claims.

    ``found`` was gathered from the same entries.
    """
    agencies = sorted({entry.agency for entry in seen if entry.is_visible})
    columns = [{"agency": agency, "name": wording.agency(agency)} for agency in agencies]
    return KnownTo(columns, *found.once("named by whom", lambda: _named(seen, found, pack)))


def _named(
    seen: Iterable[Seen], found: Gathered, pack: Pack
) -> tuple[dict[str, dict[str, list[datetime]]], dict[str, dict[str, Claim]]]:
    """Who has named whom, and who looked in vain: of the very entries that were gathered."""
    people_valued = {name for name, attribute in pack.attributes.items() if attribute.type == "person"}
    named: dict[str, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    in_vain: dict[str, dict[str, Claim]] = defaultdict(dict)
    for entry in seen:
        if not entry.is_visible or entry.kind not in KINDS or entry.withdrawn_by is not None:
            continue
        claims = KEPT.gist_of(entry).claims
        said = [claim for claim in claims if not claim.attribute.startswith(PREFIX)]
        if said and all(claim.not_known for claim in said):
            # Whoever only says that they do not know has not named anybody by it.
            for claim in said:
                in_vain[found.people_links.resolve(claim.about, claim.agency)][claim.agency] = claim
            continue
        for name in {name for claim in claims for name in _names_in(claim, found, people_valued)}:
            named[name][entry.agency].append(entry.recorded_at)
    return {name: dict(by) for name, by in named.items()}, dict(in_vain)


def _names_in(claim: Claim, found: Gathered, people_valued: set[str]) -> Iterator[str]:
    """Everybody but the child whom a claim names, by the name under which they are compared."""
    links = found.people_links
    keys = [claim.about, claim.counterpart, claim.informant, *(claim.in_earshot or ())]
    for key in keys:
        if key and key not in (_CHILD, ANONYMOUS) and not key.startswith(OFFICE_PREFIX):
            yield links.resolve(key, claim.agency)
    if claim.attribute in people_valued and claim.attribute != PERSON:
        value = named_in(claim, links)
        yield from value.names if value else ()
