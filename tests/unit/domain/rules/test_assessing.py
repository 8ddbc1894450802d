"""The rules on assessments: what is found, of whom, and what ends it; stepped as detection steps them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.event import EntryStep
from ledger.domain.fold import run
from ledger.domain.outcome import Notice
from ledger.domain.record_state import RecordState
from tests.folding import parts_suffice
from tests.shipped import shipped_pack

PACK = shipped_pack()
PSEUDONYM = "a" * 26
#: A Monday morning; ten working days are two weeks, forty-five are nine.
START = datetime(2024, 6, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = ("assessment_unsigned", "assessment_not_answered", "assessment_agencies_not_asked")


def entry(number: int, sort: str, by: str, days: float, **body: Any) -> EntryStep:
    """An entry so many days after the start."""
    if "of" in body:
        body["of"] = f"{PSEUDONYM}.{body['of']}"
    return EntryStep(number, START + days * DAY + timedelta(seconds=number), sort, by, body, None)


def opened(number: int = 1, days: float = 0, **body: Any) -> EntryStep:
    """Children's social care opens one."""
    return entry(number, "assessment", "csc", days, kind="child_and_family", **body)


def found(entries: list[EntryStep], until: float) -> list[tuple[str, str]]:
    """By which rule each finding on assessments stands in the end, and who owes what is awaited."""
    steps = [*run(RecordState("r"), entries, PACK, until=START + until * DAY)]
    standing = [one for one in steps[-1][1].findings.values() if one.rule in RULES]
    return sorted((one.rule.removeprefix("assessment_"), one.basis.owed_by) for one in standing)


@pytest.mark.parametrize(
    ("entries", "until", "expected"),
    [
        ([opened(due="2024-07-01")], 28.5, []),
        ([opened(due="2024-07-01")], 29, [("unsigned", "csc")]),
        ([opened()], 62, []),
        ([opened()], 64, [("unsigned", "csc")]),
        ([opened(due="2024-07-01"), entry(2, "assessment_signed", "csc", 20, of=1)], 64, []),
        ([opened(due="2024-07-01"), entry(2, "assessment_signed", "csc", 40, of=1)], 64, []),
        ([opened(due="2024-07-01"), entry(2, "assessment_signed", "hv", 20, of=1)], 29, [("unsigned", "csc")]),
        ([opened(asks=["gp", "hv"])], 15, [("not_answered", "gp")]),
        ([opened(asks=["gp"]), entry(2, "assessment_reply", "gp", 3, of=1, answer="refused")], 15, []),
        ([opened(asks=["gp"]), entry(2, "assessment_reply", "hv", 3, of=1, answer="replied")], 15,
         [("not_answered", "gp")]),
        ([opened(), entry(2, "assessment_asked", "csc", 5, of=1, agency="gp")], 18, []),
        ([opened(), entry(2, "assessment_asked", "csc", 5, of=1, agency="gp")], 22, [("not_answered", "gp")]),
        ([opened(asks=["gp"]), entry(2, "assessment_signed", "csc", 3, of=1)], 20, []),
        ([entry(1, "involvement", "school", -9, role="x"), opened(2)], 15, [("agencies_not_asked", "csc")]),
        ([opened(), entry(2, "involvement", "school", 9, role="x")], 15, []),
        ([opened(), entry(2, "involvement", "school", 9, role="x")], 24, [("agencies_not_asked", "csc")]),
        ([entry(1, "involvement", "school", -9, role="x", until="2024-05-30"), opened(2)], 15, []),
        ([entry(1, "involvement", "csc", -9, role="x"), opened(2)], 15, []),
    ],
)  # fmt: skip
def test_what_is_awaited_and_what_ends_it(
    entries: list[EntryStep], until: float, expected: list[tuple[str, str]]
) -> None:
    """A signature by its day, an answer of each that was asked, an asking of each that has a part; signing ends all."""
    assert found(entries, until) == expected


@pytest.mark.parametrize(("referred", "late"), [(-40.0, True), (-70.0, False)])
def test_the_time_counts_from_the_referral(referred: float, late: bool) -> None:
    """Of one whose time was not over when the assessment was opened, and which no other assessment follows."""
    referral = entry(1, "referral", "hv", referred, to="csc", reason="-")
    assert (("unsigned", "csc") in found([referral, opened(2)], 28)) is late
    assert found([referral, opened(2, -39), entry(3, "assessment_signed", "csc", -38, of=2), opened(4)], 28) == []


def test_whoever_owes_it_is_told_before_it_is_late() -> None:
    """The agency that assesses, a week before its day; the one that was asked, three days before."""
    steps = run(RecordState("r"), [opened(asks=["gp"], due="2024-07-01")], PACK, until=START + 24 * DAY)
    told = [one for _, _, outcomes in steps for one in outcomes if isinstance(one, Notice)]
    assert sorted((one.agency, one.rule) for one in told if one.rule in RULES) == [
        ("csc", "assessment_unsigned"), ("gp", "assessment_not_answered"),
    ]  # fmt: skip


def test_what_is_named_is_enough() -> None:
    """Stepping over what the rules name alone finds the same as over the whole record."""
    entries = [
        entry(1, "involvement", "school", -9, role="x"),
        entry(2, "referral", "hv", -3, to="csc", reason="-"),
        opened(3, 0, asks=["gp", "hv"]),
        entry(4, "assessment_reply", "gp", 2, of=3, answer="replied"),
        entry(5, "assessment_asked", "csc", 3, of=3, agency="school"),
        entry(6, "assessment_signed", "csc", 30, of=3),
    ]
    assert parts_suffice(entries, PACK, until=START + 70 * DAY)
