"""What a pattern rests on, for one reader: what each agency recorded, day by day, described and given no name."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from ledger.domain.civil_day import civil_date
from ledger.domain.claim import Claim
from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import entry_id
from ledger.domain.pack import Pack
from ledger.services.see import Seen
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_observed
from ledger.services.word_manner import Side


def render_behaviours(sides: Sequence[Side], wording: Wording, pseudonym: str, pack: Pack) -> list[dict[str, Any]]:
    """For each agency, in the order in which they recorded the first of it, what it recorded of which day."""
    shown = [(entry, claim) for side in sides for entry, claim in side if claim is not None]
    by_agency: dict[str, list[tuple[Seen, Claim]]] = {}
    for entry, claim in sorted(shown, key=lambda pair: (_day(pair[1]), pair[0].number, pair[1].index)):
        by_agency.setdefault(entry.agency, []).append((entry, claim))
    return [
        {
            "agency": agency,
            "agency_name": wording.agency(agency),
            "recorded": list(_lines(found, wording, pseudonym, pack)),
        }
        for agency, found in by_agency.items()
    ]


def _lines(
    found: Iterable[tuple[Seen, Claim]], wording: Wording, pseudonym: str, pack: Pack
) -> Iterable[dict[str, Any]]:
    for entry, claim in found:
        yield {
            "entry": entry_id(pseudonym, entry.number),
            "number": entry.number,
            "index": entry.shown_index(claim.index),
            "observed": claim.observed,
            "observed_words": word_observed(claim.observed),
            "words": wording.says(claim, pack.attributes.get(claim.attribute)),
        }


def _day(claim: Claim) -> date:
    return civil_date(observed_bounds(claim.observed).start)
