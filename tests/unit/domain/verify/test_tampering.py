import random

import pytest

from ledger.domain.verify.report import BROKEN, UNVOUCHED, VOUCHED
from ledger.domain.verify.words import report_lines
from tests import sizes
from tests.tampering import (
    NOTHING,
    TAMPERINGS,
    Case,
    checked,
    honest,
    with_the_log_key_and_nothing_outside,
)

pytestmark = pytest.mark.timeout(3_600)


def judge(case: Case) -> str:
    """What is amiss with the verdict on a tampered export; nothing where it names the first bad entry."""
    report = checked(case)
    if report.exit_code != BROKEN:
        return f"{case.name}: not caught"
    first = report.faults[0]
    if case.number is not None and case.first is None:
        return (
            "" if first.number == case.number else f"{case.name}: number {first.number}, not {case.number}: {first.why}"
        )
    if case.first is None:
        return ""
    if first.first is None or first.last is None or not first.first <= case.first <= first.last:
        return f"{case.name}: {first.first} to {first.last} does not hold {case.first}: {first.why}"
    return ""


def test_every_tampering_is_caught_and_placed() -> None:
    """Whatever is changed, by whoever holds which key: the export is broken, and the first bad entry is named."""
    missed = []
    for seed in range(sizes.tamperings()):
        chance = random.Random(seed)
        case = TAMPERINGS[seed % len(TAMPERINGS)](chance)
        if words := judge(case):
            missed.append((seed, words))
    assert missed == []


def test_no_honest_export_is_suspected() -> None:
    """Honest exports are whole; vouched for exactly where something from outside was brought that bears on them."""
    wrong: list[tuple[int, str, object]] = []
    for seed in range(sizes.honest_logs()):
        case = honest(random.Random(seed))
        report = checked(case)
        is_asked = case.trust.policy is not None
        if report.faults or (is_asked and report.exit_code != VOUCHED):
            wrong.append((seed, case.name, report.faults))
        if report.exit_code == UNVOUCHED and (report.vouched or is_asked):
            wrong.append((seed, case.name, report.vouched))
    assert wrong == []


def test_what_cannot_be_seen_is_said() -> None:
    """A log rewritten with its real key, and nothing brought from outside: whole, and in words that nobody vouches."""
    for seed in range(sizes.honest_logs() // 5):
        case = with_the_log_key_and_nothing_outside(random.Random(seed))
        report = checked(case)
        assert report.exit_code == UNVOUCHED, (seed, case.name, report.faults)
        assert "Nothing outside the operator vouches for this log." in " ".join(report_lines(report))
        assert NOTHING in case.name
