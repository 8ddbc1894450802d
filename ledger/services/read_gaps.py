"""What is not known in a child's record and should be: every open gap, who tried to find out, and who is asked next.

A gap is shown as what the reader sees bears it out: its state, its attempts and its refusals are worked out from these
entries alone, and of one that nothing visible shows nothing is told.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.act import fields_of
from ledger.domain.asking import OpenGap, could_ask, is_critical
from ledger.domain.claim import Claim, Ref, observation_of
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.finding import Basis, Finding, read_marks
from ledger.domain.gap import REFUSED, Attempt, Gap, gap_of
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Rule, View
from ledger.domain.rules.must_know import INVOLVEMENT
from ledger.services.find_as_of import findings_as_of, open_by_key
from ledger.services.judge_record import AsOf, JudgedRecord, judge_past
from ledger.services.past import Past, open_past
from ledger.services.prompt import suggested, why
from ledger.services.see import Reader
from ledger.store.findings import StoredFinding


def read_gaps(
    connection: Connection, reader: Reader, record_id: UUID, asked: AsOf, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """The open gaps of a record, as this reader may see them. Writes the access record.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    return gaps_in(open_past(connection, reader, record_id, asked, what="gaps", chance=chance), pack, asked.valid_at)


def gaps_in(past: Past, pack: Pack, valid_at: datetime | None = None) -> dict[str, Any]:
    """The same of a record that was opened already."""
    record = judge_past(past, pack, valid_at)
    standing = findings_as_of(past.connection, past.record_id, past.point.number).values()
    areas = list(_areas(record))
    open_now = open_by_key((one for one in standing if one.kind == "gap"), {rule.key(area) for rule, area in areas})
    found = [
        (gap, _render(gap, told, record))
        for rule, area in areas
        if (finding := open_now.get(rule.key(area))) is not None
        if (told := _as_seen(finding, rule, area, record)) is not None
        for gap in [_open_gap(finding, area, told)]
    ]
    found.sort(key=lambda pair: (_rank(pair[0], record), pair[0].since, pair[0].id))
    return record.head() | {"gaps": [rendered for _, rendered in found]}


def _rank(gap: OpenGap, record: JudgedRecord) -> tuple[bool, bool]:
    return gap.due_for(record.reader.agency) is None, not is_critical(gap, record.pack)


def _areas(record: JudgedRecord) -> Iterator[tuple[Rule, Question]]:
    """Each area that a rule on what is not known may judge, once."""
    known: set[str] = set()
    for question in record.questions:
        for rule in record.pack.rules_on(question.attribute):
            for area in rule.family.areas(rule, question, record.facts) if rule.finds == "gap" else ():
                if rule.key(area) not in known:
                    known.add(rule.key(area))
                    yield rule, area


def _as_seen(finding: StoredFinding, rule: Rule, area: Question, record: JudgedRecord) -> Finding | None:
    """The finding as detection left it where all of it is seen, else as its rule finds it in what is seen."""
    refs = [Ref(*ref) for side in (*finding.sides, finding.evidence) for ref in side]
    if all(record.shows(ref) for ref in refs):
        basis = Basis(
            "gap",
            tuple(tuple(Ref(*ref) for ref in side) for side in finding.sides),
            tuple(Ref(*ref) for ref in finding.evidence),
            **read_marks(finding.marks),
        )
    else:
        judged = rule.family.judge(View(rule, area, record.pack, record.at, record.facts)).basis
        if judged is None:
            return None
        basis = judged
    raised_at, version = finding.raised_at, finding.pack_version
    return Finding(finding.finding_id, finding.key, area, finding.rule, version, basis, raised_at, step="")


def _open_gap(finding: StoredFinding, area: Question, told: Finding) -> OpenGap:
    return OpenGap(finding.finding_id, finding.rule, finding.raised_at, told.basis, area, frozenset(), ())


def _render(gap: OpenGap, finding: Finding, record: JudgedRecord) -> dict[str, Any]:
    shown = {ref.number for side in (*finding.sides, finding.evidence) for ref in side}
    claims = {claim.ref: claim for number in shown for claim in _claims_of(number, record)}
    told = gap_of(finding, claims.values(), record.pack)
    again, area = told.again.get(record.reader.agency), gap.question
    return {
        "gap": finding.id,
        "rule": finding.rule,
        "topic": area.attribute,
        "about": record.name_of(area.about),
        **{
            name: part
            for name, part in (("thing", area.thing), ("with", area.counterpart), ("item", area.item))
            if part is not None
        },
        "state": told.state,
        "since": written_time(finding.raised_at),
        "critical": is_critical(gap, record.pack),
        "why": why(gap, told.state, record.pack),
        "ask": suggested(gap, record.pack),
        "shown_by": [entry_id(record.pseudonym, number) for number in sorted(_sides(finding))],
        "attempts": [_attempt(attempt, claims[attempt.ref], record) for attempt in told.attempts],
        "refusals": told.refusals,
        "ask_again": written_time(again) if again is not None and again > record.at else None,
        "enquiry": _enquiry(told, record),
        "asks": sorted(told.asks),
        "can_close": _can_close(told, record),
    }


def _sides(finding: Finding) -> set[int]:
    return {ref.number for side in finding.sides for ref in side}


def _claims_of(number: int, record: JudgedRecord) -> Iterator[Claim]:
    for topic in record.visible.topics.get(number, ()):
        yield from (claim for claim in record.visible.claims.get(topic, ()) if claim.number == number)


def _attempt(attempt: Attempt, claim: Claim, record: JudgedRecord) -> dict[str, Any]:
    """Who tried, when and how, with what result; and what was said when it was refused, in its author's words."""
    entry = record.seen[attempt.ref.number]
    observation = observation_of(str(entry.kind), entry.body) or {}
    result = fields_of(claim).get("result") if entry.kind == "check" else observation.get("narrative")
    return {
        **record.place(attempt.ref.number),
        "index": entry.shown_index(attempt.ref.index),
        "role": claim.office,
        "observed": attempt.observed,
        "state": attempt.state,
        "how": attempt.how,
        "asked_of": record.name_of(attempt.asked_of) if attempt.asked_of else None,
        "refused": attempt.state in REFUSED,
        "words": result if isinstance(result, str) else None,
    }


def _enquiry(gap: Gap, record: JudgedRecord) -> dict[str, Any] | None:
    if gap.enquiry is None:
        return None
    return {
        "agency": gap.enquiry.agency or None,
        "due": written_time(gap.enquiry.due),
        "overdue": gap.enquiry.is_overdue(record.at),
    }


def _can_close(gap: Gap, record: JudgedRecord) -> list[str]:
    """The agencies involved that could find out at their next contact."""
    kinds = record.visible.around.agency_kinds
    involved = {claim.agency for claim in record.facts.claims(Topic(INVOLVEMENT, CHILD))}
    return sorted(one for one in involved if could_ask(kinds.get(one), gap.asks, record.pack))
