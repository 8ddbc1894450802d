"""One statement of a finding, as one reader sees it: who said it, who recorded it, when, and in what words."""

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.domain.act import ACTS
from ledger.domain.claim import (
    ALLEGATION,
    DECISION,
    PERSON,
    RELIED_ON,
    Claim,
    claims_of,
    claims_of_entry,
    observation_of,
)
from ledger.domain.entry import entry_id, written_time
from ledger.domain.grading import word_grading
from ledger.domain.vocabulary import Attribute
from ledger.services.see import Seen
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_observed, word_valid
from ledger.services.word_dispute import word_disputes

Ref = tuple[int, int]


def claims_by_place(seen: Iterable[Seen]) -> dict[Ref, list[Claim]]:
    """The claims that are seen of these entries, and what is read of them as claims.

    One that is about several people stands for each of them.
    """
    found: dict[Ref, list[Claim]] = {}
    for entry in seen:
        if entry.is_visible:
            for claim in claims_of_entry(
                entry.kind or "", entry.body, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at
            ):
                found.setdefault((entry.number, claim.index), []).append(claim)
    return found


def _is_read(claim: Claim) -> bool:
    return claim.statement == RELIED_ON or claim.attribute in {PERSON, DECISION, ALLEGATION} | ACTS


def claims_sent(entry: Seen) -> list[Claim]:
    """The claims with which an entry was sent, as far as they are seen."""
    body = observation_of(entry.kind or "", entry.body) if entry.is_visible else None
    if body is None:
        return []
    return claims_of(body, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at)


def _graded(body: Mapping[str, Any], claim: Claim) -> str | None:
    """How the police grade the claim, or the observation as a whole."""
    sent = body.get("claims", ())
    own = sent[claim.index].get("grading") if claim.index < len(sent) else None
    return word_grading(own or body.get("grading"))


def render_statement(
    entry: Seen, claim: Claim | None, wording: Wording, pseudonym: str, attribute: Attribute | None = None
) -> dict[str, Any]:
    """A statement that its reader sees in full; `claim` is None where a whole entry is what is referred to.

    With its `attribute`, people, dates and measurements in the value are written as people say them.
    """
    body = observation_of(entry.kind or "", entry.body) or entry.body
    author = entry.body.get("author") or body.get("author")
    rendered: dict[str, Any] = {
        "entry": entry_id(pseudonym, entry.number),
        "number": entry.number,
        "agency": entry.agency,
        "agency_name": wording.agency(entry.agency),
        "author_role": author.get("role") if isinstance(author, Mapping) else None,
        "recorded_at": written_time(entry.recorded_at),
        "observed": body.get("observed"),
        "observed_words": word_observed(body["observed"]) if isinstance(body.get("observed"), str) else None,
        "narrative": body.get("narrative"),
        "withdrawn": entry.withdrawn_by is not None,
    }
    if entry.disputes:
        rendered["disputes"] = word_disputes(entry.disputes, wording)
    if claim is None:
        return rendered
    graded = _graded(body, claim)
    return (
        rendered
        | ({"grading_words": graded} if graded else {})
        | ({"decided": str(entry.body.get("kind"))} if claim.statement == RELIED_ON and "kind" in entry.body else {})
        | {
            "index": entry.shown_index(claim.index),
            "about": claim.about,
            "attribute": claim.attribute,
            # An act is told in words; its fields are those of its entry.
            "value": None if claim.attribute in ACTS else claim.value,
            "not_known": claim.not_known,
            "words": wording.says(claim, attribute),
            "basis": claim.basis,
            "said": wording.said(claim),
            "informant": claim.informant,
            "informant_label": wording.person(claim.informant) if claim.informant else None,
            "statement": claim.statement,
            "valid": claim.valid,
            # What is read of an entry, as that a decision relies on it, speaks of no time of its own.
            "valid_words": None if _is_read(claim) else word_valid(claim.valid),
            "contact": wording.contact(claim),
            "in_earshot": wording.in_earshot(claim),
        }
    )
