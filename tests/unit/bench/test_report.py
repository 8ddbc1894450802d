"""What is said of a run: ratios, goals, the table and the JSON."""

import json

import pytest

from ledger.bench.delay import Delays
from ledger.bench.detection import Costs
from ledger.bench.goal import Line, Wanted, shown
from ledger.bench.ingest import Sides
from ledger.bench.live import NONE, OPEN, Streaming
from ledger.bench.memory import MIB, Usage
from ledger.bench.prompts import ASKED, NOT_ASKED, Prompting
from ledger.bench.replaying import Replaying
from ledger.bench.report import Results, lines_of, table
from ledger.bench.sealing import Sealing
from ledger.bench.size import Growth, TableGrowth
from ledger.bench.tick import Ticks
from ledger.bench.visibility import Seeing


def results(*, ledger: float = 600.0, usages: dict[str, Usage] | None = None) -> Results:
    used = {"web": Usage(100 * MIB, 80 * MIB, 3), "worker": Usage(90 * MIB, 80 * MIB, 1)} if usages is None else usages
    singles = Sides({"ledger": [ledger] * 3, "bare": [1000.0] * 3, "inserts": [4000.0] * 3, "detected": [300.0] * 3})
    batches = Sides({"ledger": [5000.0] * 3, "bare": [20_000.0] * 3, "inserts": [40_000.0] * 3})
    delays = Delays([0.005] * 99 + [0.3])
    growth = Growth(10, 6000, {"entries": TableGrowth(12_000, 6_000), "contents": TableGrowth(9_000, 0)})
    costs = Costs({100: [0.004] * 3, 10_000: [0.005, 0.009, 0.005]}, {1_000: 0.05, 10_000: 0.55}, solver=6.6)
    prompting = Prompting(Sides({ASKED: [950.0] * 3, NOT_ASKED: [1000.0] * 3}), 3)
    ticks = Ticks(10, {10: [0.1, 0.3, 0.1], 1_000: [0.11]}, {10: [0.001], 1_000: [0.002]})
    seeing = Seeing(1_000, {30: [0.002, 0.006, 0.003]}, {30: [0.002, 0.002, 0.002]})
    sealed = Sealing([0.2] * 99 + [0.9], 20)
    streamed = Streaming(500, Sides({OPEN: [950.0] * 3, NONE: [1000.0] * 3}), Delays([0.1] * 99 + [1.5]))
    replayed = Replaying(10_002, {"timeline": 50.0, "picture": 900.0}, {"timeline": 55.0, "picture": 800.0}, 45e3, 14e3)
    return Results(
        singles, batches, delays, delays, delays, used, used, growth, costs, prompting, ticks, seeing, sealed, replayed,
        streamed,
    )  # fmt: skip


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    """Each round's sides are set beside each other: a round that was slow for both spoils nothing."""
    sides = Sides({"a": [100.0, 10.0, 90.0], "b": [200.0, 20.0, 90.0]})
    assert sides.ratio("a", "b") == 0.5
    assert sides.rate("a") == 90.0


@pytest.mark.parametrize(
    ("value", "wanted", "verdict"),
    [
        (0.6, Wanted.AT_LEAST, "met"), (0.5, Wanted.AT_LEAST, "missed by 0.10 ×"),
        (0.6, Wanted.AT_MOST, "met"), (2.6, Wanted.AT_MOST, "missed by 2.00 ×"),
    ],
)  # fmt: skip
def test_a_goal_is_met_or_missed_by_so_much(value: float, wanted: Wanted, verdict: str) -> None:
    """The goal itself counts as met, whichever way is good."""
    assert Line("x", value, "×", wanted=wanted, goal=0.6).verdict == verdict


def test_a_figure_without_a_goal_is_neither() -> None:
    """Figures that nothing was promised of have no verdict."""
    line = Line("x", 1.0)
    assert (line.is_met, line.verdict, line.goal_text) == (None, "", "")


@pytest.mark.parametrize(("value", "text"), [(12_345.6, "12,346 ms"), (12.34, "12.3 ms"), (0.126, "0.13 ms")])
def test_figures_have_no_more_places_than_mean_anything(value: float, text: str) -> None:
    """Large ones are whole, small ones have two places."""
    assert shown(value, "ms") == text


def test_every_goal_is_in_the_table() -> None:
    """Each goal stands beside its figure, met or missed, in columns."""
    lines = lines_of(results())
    goals = {line.what.strip(): line.is_met for line in lines if line.goal is not None}
    assert goals == {
        "a timeline of 10,002 entries as known half-way, beside now": True,
        "a picture of 10,002 entries as known half-way, beside now": True,
        "beside eventsourcing's reading back": True,
        "beside a bare Flask post": True,
        "posts beside 500 open streams": True,
        "post to its alert in all streams it is for, 50 posts/s, p99": True,
        "with detection to the last, beside without": True,
        "beside bare Flask batches (aim 0.5)": False,
        "with prompts in the answer, cost beside without": True,
        "post to alert, idle, p50": True,
        "post to alert, idle, p99": False,
        "post to alert, 100 posts/s, p99": False,
        "an entry to a signed checkpoint over it, 50 posts a second, p99": True,
        "among 10,000": True,
        "growth with its length": True,
        "beside clingo": False,
        "beside the restriction in a WHERE": True,
        "among 1,000": True,
        "the whole stack, idle, just started": True,
        "the whole stack, idle, after the work": True,
        "worker, resident": True,
        "bytes stored for each byte posted": True,
    }
    rows = table(lines)
    assert len(rows) == len(lines) + 1
    assert len({row.index("×") for row in rows if "Flask post" in row or "bare inserts" in row}) == 1


def test_memory_that_is_not_told_is_left_out() -> None:
    """Where the kernel does not say, there is no line that claims nothing is used."""
    assert not [line for line in lines_of(results(usages={"web": Usage()})) if "stack" in line.what]


def test_everything_is_in_the_json() -> None:
    """The figures go through JSON whole, every round among them."""
    said = json.loads(json.dumps(results().as_json()))
    assert said["singles"]["ledger"] == {"median": 600.0, "rounds": [600.0] * 3}
    assert said["size"]["tables"]["entries"] == {"total": 12_000, "indexes": 6_000}
    assert said["size"]["per_byte"] == 3.5
    assert said["detection"]["whole_s"] == {"1000": 0.05, "10000": 0.55}
    assert said["ticks"]["sweep_s"]["10"] == [0.1, 0.3, 0.1]
    assert said["visibility"]["held_ms"]["30"] == [2.0, 6.0, 3.0]
    assert results().seeing.ratio(30) == 1.5
    assert said["delay"]["idle_in_database"]["p50_ms"] == 5.0
