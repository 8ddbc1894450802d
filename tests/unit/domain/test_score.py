from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ledger.domain.noise import noise
from ledger.domain.raised import Raised, Sides
from ledger.domain.scenario import Agency, Expected, Rejected, Scenario, ScenarioEntry
from ledger.domain.score import score, tally

START = datetime(2022, 1, 1, 9, tzinfo=UTC)
ENTRIES = tuple(
    ScenarioEntry(f"o{day}", START + timedelta(days=day), "hv", "observation", {}, line=day) for day in range(12)
)


def expected(kind: str = "contradiction", *rests_on: str, **more: object) -> Expected:
    fields = {"by": None, "severity": None, "about": None, "topic": None, "why": None, "line": 1} | more
    return Expected(kind, rests_on, **fields)  # type: ignore[arg-type]


def raised(kind: str = "contradiction", *sides: str, day: int = 2, **more: object) -> Raised:
    found: Sides = tuple(tuple(side.split()) for side in sides)
    at = START + timedelta(days=day)
    fields = {
        "id": f"{kind}{sides}{day}",
        "rule": "presence",
        "severity": "high",
        "explanation": "",
        "about": "father",
        "attribute": "presence",
        "topic": None,
        "evidence": (),
        "grown": ((at, found),),
    } | more
    return Raised(kind=kind, raised_at=at, sides=found, **fields)  # type: ignore[arg-type]


def scenario(*expect: Expected, reject: tuple[tuple[str, ...], ...] = ()) -> Scenario:
    return Scenario(
        name="s",
        source="constructed",
        nation="england",
        child={},
        people=(),
        agencies=(Agency("hv", "health_visiting"),),
        lead=None,
        entries=ENTRIES,
        until=START + timedelta(days=99),
        expect=expect,
        reject=tuple(Rejected(pair, None, 1) for pair in reject),
    )


def test_met_when_its_entries_are_in_the_sides() -> None:
    """Entries beside those expected do no harm, evidence does not count, and delay runs from the last of them."""
    result = score(scenario(expected("contradiction", "o1", "o2")), [raised("contradiction", "o1 o3", "o2", day=5)])
    assert result.passes
    assert result.verdicts[0].delay == timedelta(days=3)
    short = raised("contradiction", "o1", "o3", evidence=("o2",))
    assert not score(scenario(expected("contradiction", "o1", "o2")), [short]).passes


def test_under_another_kind_it_is_found_and_misnamed() -> None:
    """A sharper or blunter name is counted apart, and the right name is preferred even when it came later."""
    wanted = scenario(expected("contradiction", "o1", "o2"))
    named = raised("same_informant", "o1", "o2")
    result = score(wanted, [named])
    assert result.passes
    assert tally([result]).misnamed == 1
    assert score(wanted, [named, raised("contradiction", "o1", "o2", day=9)]).verdicts[0].is_misnamed is False


def test_late_is_still_found() -> None:
    """``by`` is a bound that is not itself in time; what comes after it is found, and late."""
    by = START + timedelta(days=5)
    for day, is_late in ((4, False), (5, True), (6, True)):
        verdict = score(
            scenario(expected("contradiction", "o1", "o2", by=by)), [raised("contradiction", "o1", "o2", day=day)]
        )
        assert (verdict.passes, verdict.verdicts[0].is_late) == (True, is_late)


def test_evidence_that_joins_later_meets_from_then_on() -> None:
    """A finding meets an expectation when the last of its entries joins it, not when it was first raised."""
    grown = ((START + timedelta(days=2), (("o1",), ("o2",))), (START + timedelta(days=7), (("o1", "o7"), ("o2",))))
    finding = raised("contradiction", "o1 o7", "o2", grown=grown)
    result = score(scenario(expected("contradiction", "o7", "o2", by=START + timedelta(days=5))), [finding])
    assert result.verdicts[0].is_late
    assert result.verdicts[0].delay == timedelta(0)


def test_a_broad_finding_meets_nothing() -> None:
    """Nine entries set against each other point at none of them; eight still do."""
    wanted = scenario(expected("contradiction", "o0", "o1"))
    assert score(wanted, [raised("contradiction", "o0 o2 o3 o4", "o1 o5 o6 o7")]).passes
    assert not score(wanted, [raised("contradiction", "o0 o2 o3 o4 o8", "o1 o5 o6 o7")]).passes


@pytest.mark.parametrize(
    ("finding", "is_met"),
    [
        (raised("gap", "", about="father", topic="identity"), True),
        (raised("gap", "", about="father", topic="presence"), False),
        (raised("gap", "", about="mother", topic="identity"), False),
        (raised("expectation", "", about="father", topic="identity"), False),
        (raised("contradiction", "o1", "o2", about="father", topic="identity"), False),
    ],
)
def test_what_is_absent_is_matched_by_about_and_topic(finding: Raised, is_met: bool) -> None:
    """A gap has no statements to rest on: its kind, whom it is about and its topic must agree."""
    wanted = expected("gap", "o1", about="father", topic="identity")
    assert score(scenario(wanted), [finding]).passes is is_met


def test_a_rejected_pair_is_raised_only_across_sides() -> None:
    """Two entries on one side, or one as evidence, break nothing; on different sides they do, under any kind."""
    wanted = scenario(reject=(("o1", "o2"),))
    assert score(wanted, [raised("contradiction", "o1 o2", "o3")]).passes
    assert score(wanted, [raised("pattern", "o1 o2")]).passes
    assert score(wanted, [raised("contradiction", "o1", "o3", evidence=("o2",))]).passes
    broken = score(wanted, [raised("identity", "o2", "o3 o1")])
    assert not broken.passes
    assert tally([broken], "identity").false == 1


def test_a_pair_that_was_once_across_sides_was_raised() -> None:
    """What an alert has said is not unsaid when the finding changes afterwards."""
    grown = ((START, (("o1",), ("o2",))), (START + timedelta(days=3), (("o1",), ("o3",))))
    assert not score(scenario(reject=(("o1", "o2"),)), [raised("contradiction", "o1", "o3", grown=grown)]).passes


def test_what_neither_list_names_is_counted_apart() -> None:
    """Precision is of what is met and what is rejected; the rest is neither, and notices are not findings."""
    wanted = scenario(expected("contradiction", "o1", "o2"), expected("gap", "o4"), reject=(("o5", "o6"),))
    result = score(
        wanted,
        [
            raised("contradiction", "o1", "o2"),
            raised("contradiction", "o5", "o6"),
            raised("contradiction", "o7", "o8"),
            raised("overtaken", "o4", "o5", is_notice=True),
        ],
    )
    counts = tally([result])
    assert (counts.found, counts.missed, counts.false, counts.apart) == (1, 1, 1, 1)
    assert (counts.precision, counts.recall) == (0.5, 0.5)
    assert tally([result], "identity").precision is None


def test_whom_an_absence_is_about_may_be_called_by_any_of_their_names() -> None:
    """A person whom the record knows by several names is the same under each."""
    finding = raised("gap", "", about="dad", topic="presence", aliases=frozenset({"dad", "father"}))
    assert score(scenario(expected("gap", about="father", topic="presence")), [finding]).passes
    assert not score(scenario(expected("gap", about="partner", topic="presence")), [finding]).passes


def test_of_two_absences_with_one_topic_the_one_that_came_of_the_entries_is_meant() -> None:
    """Delay is that of the absence expected, not of an earlier one of the same name about something else."""
    wanted = expected("expectation", "o5", about="child", topic="referral")
    other = raised("expectation", "o1", day=1, about="child", topic="referral")
    meant = raised("expectation", "o5", day=6, about="child", topic="referral")
    verdict = score(scenario(wanted), [other, meant]).verdicts[0]
    assert (verdict.finding, verdict.delay) == (meant, timedelta(days=1))
    assert score(scenario(wanted), [other]).passes


def test_a_second_finding_of_the_same_is_not_apart() -> None:
    """What an expectation names is named, also where a better finding was counted for it."""
    wanted = scenario(expected("contradiction", "o1", "o2"))
    both = [raised("contradiction", "o1", "o2"), raised("explanation", "o1", "o2", day=3)]
    assert score(wanted, both).apart == ()


def test_noise_is_counted_by_week_and_prompts_are_no_alerts() -> None:
    """The worst week has the most alerts to an observation, the busiest the most alerts; prompts and notices none."""
    alerts = [raised("contradiction", "o1", "o2", day=day) for day in (3, 4, 5, 40)]
    quiet = [raised("gap", "o1", is_alert=False), raised("overtaken", "o1", "o2", is_notice=True, is_alert=False)]
    heard = noise([(scenario(), [*alerts, *quiet])])
    assert (heard.findings, heard.alerts, heard.observations) == (5, 4, 12)
    assert heard.busiest_week == (3, 7)
    assert heard.worst_week == (1, 0)
    assert heard.worst_alerts_per_observation == 1
    assert (heard.findings_per_record, round(heard.alerts_per_observation, 2)) == (5, 0.33)
