"""A decision as JSON for one reader: whether it stands and why, and everything that it rests on, with whom to ring.

Statements are those that the reader sees, by the id of their entry and their index in it, as everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledger.domain.adult import KINDS as ADULTS
from ledger.domain.claim import Claim, Ref
from ledger.domain.decision import Assumption
from ledger.domain.entry import entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.rules.spoken import is_said, order
from ledger.services.see import Seen, Sight
from ledger.services.seen_record import SeenRecord
from ledger.services.weigh_decision import Deliberation, Weighed, bars
from ledger.services.word_dates import word_observed, word_valid
from ledger.services.word_decision import (
    NOT_WEIGHED,
    NOT_WORKED_OUT,
    PREVIEW_WORDS,
    STANDING_WORDS,
    Standing,
    grave_in,
    states_in,
    word_assumption,
    word_decided,
    word_item,
    word_why,
)
from ledger.services.word_picture import word_withheld
from ledger.store.people import Agency


class Rendering:
    """What one record's decisions are rendered from."""

    def __init__(self, seen: SeenRecord, pack: Pack, directory: Mapping[str, Agency]) -> None:
        self._seen, self._pack, self._directory = seen, pack, directory
        self._entries = {entry.number: entry for entry in seen.seen}

    def weighed(self, weighed: Weighed, standing: Standing | None, *, is_by_pointer: bool = False) -> dict[str, Any]:
        """Whether it stands, and what it rests on; without a standing that it could not be worked out."""
        words = PREVIEW_WORDS if weighed.deciding.number is None else STANDING_WORDS
        told: dict[str, Any] = {"kind": weighed.deciding.kind, "standing": None, "why": NOT_WORKED_OUT}
        if weighed.found is not None and standing is not None:
            meanings = [self._meaning(one) for one in grave_in(weighed.found)]
            told |= {"standing": standing, "why": word_why(standing, meanings, is_by_pointer=is_by_pointer)}
        held_back = (_pointed_to(entry) for entry in self._seen.standing)
        withheld = word_withheld(held_back, self._directory, self._seen.past.pseudonym)
        if withheld:
            told["why"] = f"{told['why']} {NOT_WEIGHED}"
        return told | {
            "standing_words": None if told["standing"] is None else words[told["standing"]],
            "assumptions": [self.assumption(one) for one in weighed.found or ()],
            "withheld": withheld,
        }

    def assumption(self, one: Assumption) -> dict[str, Any]:
        """One thing that it rests on: each agency's latest word on it, what speaks against it, what to ask of whom."""
        meaning = self._meaning(one)
        item = self._pack.decisions.items.get(one.item)
        # What an item's questions or rules found says by itself what each agency last said of it.
        is_disagreed = item is not None and bool(item.questions) and one.is_told
        said = one.latest or (self._newest(one.against) if is_disagreed else ())
        latest, against = (self._statements(refs, one) for refs in (said, one.against))
        attribute = self._pack.attributes.get(one.question.attribute) if one.question is not None else None
        ask = item.ask if item is not None else attribute.ask if attribute is not None else None
        return {
            "item": one.item,
            "meaning": meaning,
            "question": None if one.question is None else self._question(one),
            "relied_on": None if one.relied_on is None else self._place(one.relied_on),
            "states": states_in(one),
            "grave": one.grave,
            "words": word_assumption(one, meaning, is_disagreed=is_disagreed),
            "latest": latest,
            "against": against,
            "ask": ask if one.states else None,
            "source": item.source if item is not None else attribute.source if attribute is not None else None,
            "ring": self._ring([*against, *latest]) if one.states else [],
        }

    def _meaning(self, one: Assumption) -> str:
        claim = None if one.relied_on is None else self._claim(one.relied_on, one)
        said = self._seen.wording.says(claim, self._pack.attributes.get(claim.attribute)) if claim is not None else ""
        if not said and one.question is not None:
            said = self._seen.wording.lacking(one.question)
        return word_item(one.item, self._pack, said)

    def _question(self, one: Assumption) -> dict[str, Any]:
        question = one.question
        assert question is not None, "asked of those that have one"
        return {
            "about": question.about,
            "attribute": question.attribute,
            "with": question.counterpart,
            "thing": question.thing,
            "item": question.item,
            "label": self._seen.wording.lacking(question),
        }

    def _claim(self, ref: Ref, one: Assumption) -> Claim | None:
        """The claim at a place; of one about several people, the one about whom the matter is."""
        found = [claim for claim in self._seen.facts.claims_in_entry(ref.number) if claim.index == ref.index]
        about = "" if one.question is None else one.question.about
        return max(found, key=lambda claim: self._seen.facts.question_of(claim).about == about, default=None)

    def _newest(self, refs: Iterable[Ref]) -> list[Ref]:
        """On each question that any of these statements is on each agency's last word."""
        facts = self._seen.facts
        questions = {facts.question_of(claim) for ref in refs for claim in facts.claims_in_entry(ref.number)
                     if claim.index == ref.index}  # fmt: skip
        said = sorted((claim for one in questions for claim in facts.claims_on(one) if is_said(claim)), key=order)
        newest = {(claim.agency, facts.question_of(claim)): claim for claim in said}
        return sorted(claim.ref for claim in newest.values())

    def _statements(self, refs: Iterable[Ref], one: Assumption) -> list[dict[str, Any]]:
        pairs = [(self._entries.get(ref.number), self._claim(ref, one)) for ref in dict.fromkeys(refs)]
        return [self._statement(entry, claim) for entry, claim in pairs if entry is not None and claim is not None]

    def stated(self, claim: Claim) -> dict[str, Any]:
        """One statement of the record, as assumptions set statements out."""
        return self._statement(self._entries[claim.number], claim)

    def _statement(self, entry: Seen, claim: Claim) -> dict[str, Any]:
        wording, attribute = self._seen.wording, self._pack.attributes.get(claim.attribute)
        return {
            **self._place(claim.ref),
            "agency": claim.agency,
            "agency_name": wording.agency(claim.agency),
            "author_role": claim.office,
            "words": wording.says(claim, attribute),
            "said": wording.said(claim),
            "basis": claim.basis,
            "statement": claim.statement,
            "not_known": claim.not_known,
            "informant": claim.informant,
            "informant_label": wording.person(claim.informant) if claim.informant else None,
            "observed": claim.observed,
            "observed_words": word_observed(claim.observed),
            "valid": claim.valid,
            "valid_words": word_valid(claim.valid),
            "recorded_at": written_time(entry.recorded_at),
        }

    def _place(self, ref: Ref) -> dict[str, Any]:
        return {"entry": entry_id(self._seen.past.pseudonym, ref.number), "index": ref.index}

    def _ring(self, statements: Sequence[Mapping[str, Any]]) -> list[dict[str, str | None]]:
        """Whoever speaks against it first, then whoever said something of it; not the reader's own agency."""
        agencies = dict.fromkeys(str(one["agency"]) for one in statements)
        return [
            {
                "agency": agency,
                "name": self._seen.wording.agency(agency),
                "contact": self._directory[agency].contact if agency in self._directory else None,
            }
            for agency in agencies
            if agency != self._seen.past.reader.agency
        ]


def _pointed_to(entry: Seen) -> Seen:
    """An entry of which the reader is pointed to a part is not weighed in that part: it counts as one held back."""
    is_cut = entry.sight is Sight.PART and entry.points and entry.kind not in ADULTS
    return replace(entry, sight=Sight.WITHHELD) if is_cut else entry


def render_decision(one: Deliberation, pack: Pack, directory: Mapping[str, Agency]) -> dict[str, Any]:
    """One decision of a record: what was decided, whether it stands, and what has come up since."""
    then, now = one.then, one.now
    standing, since = one.standing(then), one.since(then, now)
    entry, wording, pseudonym = one.entry, then.seen.wording, then.seen.past.pseudonym
    rendering, latest = Rendering(then.seen, pack, directory), Rendering(now.seen, pack, directory)
    ended = one.ended_by
    body, author = entry.body, entry.body.get("author") or {}
    return {
        "entry": entry_id(pseudonym, entry.number),
        "number": entry.number,
        "agency": entry.agency,
        "agency_name": wording.agency(entry.agency),
        "author_role": author.get("role"),
        "recorded_at": written_time(entry.recorded_at),
        "words": word_decided(wording.agency(entry.agency), str(body.get("kind", "")), str(body.get("to") or "")),
        "to": body.get("to"),
        "reason": body.get("reason"),
        **rendering.weighed(then, standing, is_by_pointer=_is_by_pointer(one)),
        "since": [latest.assumption(assumption) for assumption in since],
        "questioned": one.is_questioned(since),
        "findings": [_finding(told, is_at_once=found.raised_at == entry.recorded_at) for found, told in one.findings],
        "overrides": [_override(each, pseudonym) for each in one.overrides],
        "ended_by": None if ended is None else entry_id(pseudonym, ended.number),
    }


def _is_by_pointer(one: Deliberation) -> bool:
    """Whether something bars it of which the reader knows no more than whom to ring."""
    at = one.entry.recorded_at
    return any(told["withheld"] and bars(found) and found.raised_at == at for found, told in one.findings)


def _finding(told: Mapping[str, Any], *, is_at_once: bool) -> dict[str, Any]:
    names = ("finding", "raised_at", "closed", "withheld", "severity", "headline", "ring")
    return {**{name: told[name] for name in names}, "at_once": is_at_once}


def _override(entry: Seen, pseudonym: str) -> dict[str, Any]:
    """By whom, and why; in the decision's own entry or in a later one."""
    said = entry.body.get("override", entry.body)
    return {
        "entry": entry_id(pseudonym, entry.number),
        "agency": entry.agency,
        "recorded_at": written_time(entry.recorded_at),
        "reason": said.get("reason"),
        "second": said.get("second"),
    }
