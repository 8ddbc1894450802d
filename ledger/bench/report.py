"""The run's results as lines beside their goals, as a table for a person, and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from ledger.bench.delay import PACE, Delays
from ledger.bench.detection import LONG, Costs
from ledger.bench.goal import Line, Wanted, shown
from ledger.bench.ingest import EACH, Sides
from ledger.bench.live import NONE as NONE_OPEN
from ledger.bench.live import PACE as STREAMED_PACE
from ledger.bench.live import Streaming
from ledger.bench.memory import MIB, Usage, total
from ledger.bench.prompts import NOT_ASKED, Prompting
from ledger.bench.replaying import Replaying
from ledger.bench.sealing import PACE as SEALED_PACE
from ledger.bench.sealing import Sealing
from ledger.bench.size import Growth
from ledger.bench.tick import Ticks
from ledger.bench.visibility import LATEST, Seeing

_AT_MOST = Wanted.AT_MOST
#: What n log n allows between a thousand claims and ten thousand: log 10,000 ÷ log 1,000.
N_LOG_N = 4 / 3
#: A tick costs what is due, whatever waits: as near to one as sweeps on a shared machine come to each other.
AS_MUCH = 1.2
#: What the policies may cost where many rows are read, beside the same restriction in a WHERE.
HELD = 5.0
#: What posts keep of their rate beside open streams.
KEPT = 0.9
#: Prompts may add a tenth to the cost of a post.
PROMPTED = 1.1


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that one run measured."""

    singles: Sides
    batches: Sides
    in_database: Delays
    shown: Delays
    paced: Delays
    #: Memory by part, when just started and after all the work.
    fresh: Mapping[str, Usage]
    worked: Mapping[str, Usage]
    growth: Growth
    costs: Costs
    prompting: Prompting
    ticks: Ticks
    seeing: Seeing
    sealing: Sealing
    replaying: Replaying
    streaming: Streaming

    def as_json(self) -> dict[str, Any]:
        return {
            "singles": self.singles.as_json(),
            "batches": self.batches.as_json(),
            "delay": {
                "idle_in_database": self.in_database.as_json(),
                "idle_shown": self.shown.as_json(),
                "paced_in_database": self.paced.as_json(),
            },
            "memory": {
                "fresh": {name: usage.as_json() for name, usage in self.fresh.items()},
                "worked": {name: usage.as_json() for name, usage in self.worked.items()},
            },
            "size": self.growth.as_json(),
            "detection": self.costs.as_json(),
            "prompts": self.prompting.as_json(),
            "ticks": self.ticks.as_json(),
            "visibility": self.seeing.as_json(),
            "sealing": self.sealing.as_json(),
            "replaying": self.replaying.as_json(),
            "live": self.streaming.as_json(),
        }


def lines_of(results: Results) -> list[Line]:
    """Every figure, in the order of the table."""
    costs = (*_detection(results.costs), *_tick(results.ticks), *_seeing(results.seeing))
    return [
        *_ingest(results),
        _prompts(results.prompting),
        *_delay(results),
        *_streamed(results.streaming),
        _sealed(results.sealing),
        *_replayed(results.replaying),
        *costs,
        *_memory(results),
        *_size(results.growth),
    ]


def _ingest(results: Results) -> list[Line]:
    one, many = results.singles, results.batches
    return [
        Line("single posts", one.rate("ledger"), "/s"),
        _ratio("  beside a bare Flask post", one, "ledger", "bare", 0.6),
        _ratio("  beside bare inserts", one, "ledger", "inserts"),
        _ratio("  with detection to the last, beside without", one, "detected", "ledger", 0.5),
        Line(f"posts in batches of {EACH}", many.rate("ledger"), "/s"),
        _ratio("  beside bare Flask batches (aim 0.5)", many, "ledger", "bare", 0.3),
        _ratio("  beside bare inserts of as many", many, "ledger", "inserts"),
    ]


def _ratio(what: str, sides: Sides, side: str, beside: str, goal: float | None = None) -> Line:
    return Line(what, sides.ratio(side, beside), "×", f"{sides.rate(beside):,.0f} /s", goal=goal)


def _prompts(prompting: Prompting) -> Line:
    beside = f"{prompting.prompts} prompts an answer, {prompting.sides.rate(NOT_ASKED):,.0f} /s without"
    return Line("  with prompts in the answer, cost beside without", prompting.cost, "×", beside, _AT_MOST, PROMPTED)


def _delay(results: Results) -> list[Line]:
    idle, pages, paced = results.in_database, results.shown, results.paced
    count, many = f"{len(idle.seconds)} posts", f"{len(paced.seconds)} posts"
    return [
        Line("post to alert, idle, p50", idle.p50_ms, "ms", count, _AT_MOST, 10.0),
        Line("post to alert, idle, p99", idle.p99_ms, "ms", count, _AT_MOST, 50.0),
        Line("  until GET /alerts shows it, p50", pages.p50_ms, "ms", count),
        Line("  until GET /alerts shows it, p99", pages.p99_ms, "ms", count),
        Line(f"post to alert, {PACE:.0f} posts/s, p50", paced.p50_ms, "ms", many),
        Line(f"post to alert, {PACE:.0f} posts/s, p99", paced.p99_ms, "ms", many, _AT_MOST, 250.0),
    ]


def _streamed(streaming: Streaming) -> Iterator[Line]:
    beside = f"{streaming.sides.rate(NONE_OPEN):,.0f} /s with none"
    yield Line(f"posts beside {streaming.streams:,} open streams", streaming.kept, "×", beside, goal=KEPT)
    took, count = streaming.delays, f"{len(streaming.delays.seconds)} posts"
    what = f"post to its alert in all streams it is for, {STREAMED_PACE:.0f} posts/s"
    yield Line(f"{what}, p50", took.p50_ms, "ms", count)
    yield Line(f"{what}, p99", took.p99_ms, "ms", count, _AT_MOST, 2_000.0)


def _detection(costs: Costs) -> Iterator[Line]:
    least, *longer = sorted(costs.one_claim)
    took = {length: median(seconds) * 1e3 for length, seconds in costs.one_claim.items()}
    yield Line(f"detecting one new claim among {least}", took[least], "ms")
    for length in longer:
        goal = 1.5 if length <= LONG else 3.0
        yield Line(f"  among {length:,}", costs.growth(length), "×", f"{took[length]:.2f} ms", _AT_MOST, goal)
    most = max(costs.whole)
    yield Line(f"a whole record of {most:,} in memory", costs.whole[most] * 1e3, "ms")
    each = f"a claim of {most:,} beside one of {min(costs.whole):,}"
    yield Line("  growth with its length", costs.whole_growth, "×", each, _AT_MOST, N_LOG_N)
    if costs.solver is not None:
        beside = f"{costs.solver:.1f} s"
        yield Line("  beside clingo", costs.solver / costs.whole[most], "×", beside, goal=15.0)


def _sealed(sealing: Sealing) -> Line:
    what = f"an entry to a signed checkpoint over it, {SEALED_PACE:.0f} posts a second, p99"
    beside = f"p50 {sealing.p50_ms:,.0f} ms, {sealing.checkpoints:,} checkpoints"
    return Line(what, sealing.p99_ms, "ms", beside, _AT_MOST, 1_000.0)


def _replayed(replaying: Replaying) -> Iterator[Line]:
    for view, took in replaying.now_ms.items():
        what, beside = f"a {view} of {replaying.entries:,} entries as known half-way, beside now", f"{took:,.1f} ms now"
        yield Line(what, replaying.growth(view), "×", beside, _AT_MOST, 1.5)
    yield Line("a record read back, every stored byte hashed and chained", replaying.rate, "/s")
    if replaying.peer_rate is not None:
        beside = f"{replaying.peer_rate:,.0f} /s"
        yield Line("  beside eventsourcing's reading back", replaying.rate / replaying.peer_rate, "×", beside, goal=3.0)


def _tick(ticks: Ticks) -> Iterator[Line]:
    least, most = min(ticks.sweeps), max(ticks.sweeps)
    took = {waiting: median(seconds) for waiting, seconds in ticks.sweeps.items()}
    yield Line(f"a tick, {ticks.due:,} moments due among {least:,}", took[least], "s")
    yield Line(f"  among {most:,}", ticks.growth, "×", f"{took[most]:.2f} s", _AT_MOST, AS_MUCH)
    looked = {waiting: median(seconds) * 1e3 for waiting, seconds in ticks.looks.items()}
    beside = f"{looked[least]:.2f} ms among none"
    yield Line(f"  looking, nothing being due, among {most - ticks.due:,}", looked[most], "ms", beside)


def _seeing(seeing: Seeing) -> Iterator[Line]:
    for members, seconds in seeing.held.items():
        what = f"the latest {LATEST} of {seeing.entries:,} entries, for an agency in {members:,} records"
        yield Line(what, median(seconds) * 1e3, "ms")
        bare = median(seeing.bare[members]) * 1e3
        yield Line("  beside the restriction in a WHERE", seeing.ratio(members), "×", f"{bare:.1f} ms", _AT_MOST, HELD)


def _memory(results: Results) -> list[Line]:
    lines = []
    for when, usages in (("just started", results.fresh), ("after the work", results.worked)):
        whole = total(usages)
        if not whole.processes:
            continue
        lines += [
            Line(
                f"the whole stack, idle, {when}",
                whole.proportional / MIB,
                "MiB",
                f"{whole.resident / MIB:,.0f} MiB with shared pages counted in each",
                _AT_MOST,
                600.0,
            ),
            *(_part(name, usage) for name, usage in usages.items()),
        ]
    return lines


def _part(name: str, usage: Usage) -> Line:
    processes = f"{usage.processes} process{'es' if usage.processes != 1 else ''}"
    if name == "worker":
        return Line(f"  {name}, resident", usage.resident / MIB, "MiB", processes, _AT_MOST, 150.0)
    resident = f"{processes}, {usage.resident / MIB:,.0f} MiB resident"
    return Line(f"  {name}", usage.proportional / MIB, "MiB", resident)


def _size(growth: Growth) -> list[Line]:
    what = f"{growth.observations:,} observations of {growth.posted / max(growth.observations, 1):,.0f} bytes"
    lines = [Line("bytes stored for each byte posted", growth.per_byte, "×", what, _AT_MOST, 3.5)]
    for name, table in growth.tables.items():
        each = table.total / max(growth.observations, 1)
        beside = f"{each:,.0f} B an observation, indexes {_share(table.indexes, table.total)}"
        lines.append(Line(f"  {name}", table.total / max(growth.posted, 1), "×", beside))
    return lines


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"


def table(lines: Sequence[Line]) -> list[str]:
    """The lines for a terminal, columns under one another."""
    cells = [
        ("", "measured", "beside", "goal", ""),
        *((line.what, shown(line.value, line.unit), line.beside, line.goal_text, line.verdict) for line in lines),
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    return [
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]:<{widths[3]}}  {row[4]}".rstrip()
        for row in cells
    ]
