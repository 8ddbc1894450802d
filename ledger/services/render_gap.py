"""What is not known, for one reader: of whom, in what way, who tried when and how, and who can find out."""

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.domain.claim import Claim
from ledger.domain.entry import entry_id, written_time
from ledger.domain.gap import asks_of, attempt_of, missing_words, state_of
from ledger.domain.pack import Pack
from ledger.services.bear_out import Borne
from ledger.services.see import Seen
from ledger.services.word_awaited import word_due
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_observed
from ledger.services.word_gap import word_asks, word_attempt, word_find_out, word_way
from ledger.services.word_text import capital, plain
from ledger.store.people import Agency

_BASES: Mapping[str, str] = {
    "told": "by asking",
    "searched": "searched its records",
    "own_record": "looked at its own records",
    "agency": "by asking another agency",
    "seen": "seen",
    "document": "looked at a document",
    "judgement": "as its author judges",
}


def render_gap(
    borne: Borne, pack: Pack, wording: Wording, directory: Mapping[str, Agency], pseudonym: str
) -> dict[str, Any]:
    """What is told of a gap beside its statements."""
    basis, area = borne.basis, borne.area
    state, asks = state_of(basis), asks_of(basis.by, pack)
    agency = wording.agency(basis.owed_by) if basis.owed_by else ""
    contact = directory[basis.owed_by].contact if basis.owed_by in directory else None
    enquiry = {
        "agency": basis.owed_by or None,
        "agency_name": agency or None,
        "contact": contact,
        "due": written_time(basis.due),
        "due_words": word_due(basis.due),
        "overdue": basis.is_lapsed,
    } if basis.due else None  # fmt: skip
    return {
        "state": state,
        "state_words": word_way(state),
        "of": area.about if area else None,
        "of_words": capital(wording.person(area.about)) if area else None,
        "what": area.attribute if area else None,
        "what_words": wording.lacking(area) if area else None,
        "attempts": list(_attempts((*(pair for side in borne.sides for pair in side), *borne.evidence), borne, pack,
                                   wording, pseudonym)),
        "refusals": basis.refusals,
        "asks": sorted(asks),
        "asks_words": word_asks(asks),
        "enquiry": enquiry,
        "to_do": word_find_out(state, agency, basis.due, is_lapsed=basis.is_lapsed),
    }  # fmt: skip


def _attempts(
    shown: Iterable[tuple[Seen, Claim | None]], borne: Borne, pack: Pack, wording: Wording, pseudonym: str
) -> Iterable[dict[str, Any]]:
    """Who tried to find out, in the order of the record."""
    words = missing_words(borne.basis.by, pack)
    for entry, claim in sorted(((e, c) for e, c in shown if c is not None), key=lambda pair: pair[1].ref):
        attempt = attempt_of(claim, words)
        if attempt is None:
            continue
        whom = wording.person(attempt.asked_of) if attempt.asked_of else None
        agency, observed = wording.agency(attempt.agency), word_observed(attempt.observed)
        depth = wording.contact(claim)
        how = f"{depth[:1].lower()}{depth[1:]}" if depth else _BASES.get(attempt.how, plain(attempt.how))
        yield {
            "entry": entry_id(pseudonym, entry.number),
            "number": entry.number,
            "agency": attempt.agency,
            "agency_name": agency,
            "observed": attempt.observed,
            "state": attempt.state,
            "asked_of": whom,
            "how": attempt.how,
            "words": word_attempt(agency, attempt.state, whom, observed, how),
        }
