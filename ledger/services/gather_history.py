"""What a child's record tells of before: episodes and what came of them, what was tried, injuries, and findings.

Gathered from what one reader sees, in matters: each is one question, injury or act, with its statements in the order of
the record. Nothing is summed up: what came of it is what was said last, and by whom.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.domain.act import ASSESSMENT, PREFIX, fields_of, named_by
from ledger.domain.assessment import assessment_of
from ledger.domain.claim import DECISION, RELIED_ON, Claim
from ledger.domain.entry import entry_id, written_time
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY
from ledger.services.read_picture import open_findings
from ledger.services.seen_record import SeenRecord
from ledger.services.word_picture import brief_finding
from ledger.services.word_text import plain
from ledger.store.people import Agency

#: Attributes of which each question is an episode, or was tried; and of an injury, what is said of it.
_EPISODES: Final = ("referral", "plan", "assessment", "decision_made", "proceedings", "placement")
_TRIED: Final = ("action", "planned_support", "advice_given")
_INJURY: Final = "injury"
_OF_INJURIES: Final = (
    "injury", "injury_site", "injury_count", "injury_pattern", "injury_severity", "fracture", "account",
    "account_fits", "cause_opinion", "medical_opinion", "examined",
)  # fmt: skip
#: Acts that are an episode or were tried, and those that say what came of one.
_REFERRAL, _ACTION = PREFIX + "referral", PREFIX + "action"
_CAME_OF: Final = (PREFIX + "reply", PREFIX + "done", PREFIX + "decision_override")


@dataclass(frozen=True, slots=True)
class _Matter:
    """One thing that happened: what it was of, what began it, and what was said of it then and since."""

    sort: str
    said: tuple[Claim, ...]
    came_of: tuple[Claim, ...] = ()

    @property
    def since(self) -> tuple[Any, ...]:
        return self.said[0].recorded_at, self.said[0].ref


@dataclass(frozen=True)
class Gathering:
    """What is gathered from one record, as its reader sees it."""

    record: SeenRecord
    agencies: Mapping[str, Agency]

    def gathered(self) -> dict[str, Any]:
        """All of it, each part the newest first."""
        return {
            "episodes": self._told(self._episodes()),
            "tried": self._told(self._tried()),
            "injuries": self._told(self._injuries()),
        }

    # ── what is gathered ──

    def _episodes(self) -> Iterator[_Matter]:
        yield from self._acts(_REFERRAL, "referral")
        for opened in self._claims(ASSESSMENT):
            found = assessment_of(opened, self.record.facts)
            replies = sorted(found.replies.values(), key=lambda one: one.ref)
            yield _Matter("assessment", (opened,), (*replies, *([found.signed] if found.signed else [])))
        yield from self._acts(DECISION, "decision")
        for attribute in _EPISODES:
            yield from self._questions(attribute)

    def _tried(self) -> Iterator[_Matter]:
        yield from self._acts(_ACTION, "action")
        for attribute in _TRIED:
            yield from self._questions(attribute)

    def _injuries(self) -> Iterator[_Matter]:
        """By the thing that each is; of one without a key what was said of it is by itself."""
        things: dict[str, list[Claim]] = {}
        for attribute in _OF_INJURIES:
            for question, claims in self._by_question(attribute):
                if question.thing is not None:
                    things.setdefault(question.thing, []).extend(claims)
                elif attribute == _INJURY:
                    yield _Matter(_INJURY, tuple(claims))
        for claims in things.values():
            if any(claim.attribute == _INJURY for claim in claims):
                yield _Matter(_INJURY, tuple(sorted(claims, key=lambda one: one.ref)))

    def _acts(self, attribute: str, sort: str) -> Iterator[_Matter]:
        answers = [one for name in _CAME_OF for one in self._claims(name)]
        for act in self._claims(attribute):
            came = sorted((one for one in answers if named_by(one) == act.number), key=lambda one: one.ref)
            yield _Matter(sort, (act,), tuple(came))

    def _questions(self, attribute: str) -> Iterator[_Matter]:
        for _, claims in self._by_question(attribute):
            yield _Matter(attribute, tuple(claims))

    def _by_question(self, attribute: str) -> Iterator[tuple[Question, list[Claim]]]:
        by_question = self.record.facts.by_question(Topic(attribute, ANYBODY))
        for question in sorted(by_question, key=lambda one: one.sort_key):
            told = [one for one in by_question[question] if one.statement != RELIED_ON]
            if told:
                yield question, sorted(told, key=lambda one: one.ref)

    def _claims(self, attribute: str) -> list[Claim]:
        return self.record.facts.claims(Topic(attribute, ANYBODY))

    # ── how it is told ──

    def _told(self, matters: Iterable[_Matter]) -> list[dict[str, Any]]:
        return [self._matter(one) for one in sorted(matters, key=lambda one: one.since, reverse=True)]

    def _matter(self, matter: _Matter) -> dict[str, Any]:
        said = [self._statement(one) for one in matter.said]
        came = [self._statement(one) for one in matter.came_of]
        # Of what was said again and again the last word is what came of it.
        last = came[-1] if came else (said[-1] if len(said) > 1 else None)
        return {
            "sort": matter.sort,
            "words": said[0]["words"],
            "since": said[0]["recorded_at"],
            "said": said,
            "came_of": came,
            "last_word": None if last is None else last["words"],
        }

    def _statement(self, claim: Claim) -> dict[str, Any]:
        wording, pack = self.record.wording, self.record.facts.pack
        reason = fields_of(claim).get("reason") if claim.attribute == DECISION else None
        return {
            "entry": entry_id(self.record.past.pseudonym, claim.number),
            "index": claim.index,
            "agency": claim.agency,
            "agency_name": self.agencies[claim.agency].name if claim.agency in self.agencies else claim.agency,
            "recorded_at": written_time(claim.recorded_at),
            "observed": claim.observed,
            "words": wording.says(claim, pack.attributes.get(claim.attribute)),
            "basis": claim.basis,
            "statement": claim.statement,
            "reason": None if reason is None else plain(str(reason)),
        }


def findings_told(record: SeenRecord, told: Iterable[tuple[Any, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Findings that were rendered, without their statements, and which entry closed each."""
    pseudonym = record.past.pseudonym
    still = {one.finding_id for one in open_findings(record.past.findings())}
    return [
        brief_finding(rendered)
        | {
            "state": "open" if stored.finding_id in still else "closed",
            "closed_by": None if stored.closed_number is None else entry_id(pseudonym, stored.closed_number),
        }
        for stored, rendered in told
    ]
