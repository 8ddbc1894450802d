"""One run of every measurement, in an order in which none spoils another's.

Memory first, while nothing was done; the delays on a small ledger that rests; size while every post is detected; what
detection costs then; ingest, for it leaves much behind; the tick, which takes away all that waits; and last what
row-level security costs, among more entries than all the rest has left.
"""

import time

from ledger.bench import delay, detection, ingest, live, memory, prompts, replaying, sealing, size, tick, visibility
from ledger.bench.bed import Bed
from ledger.bench.effort import Effort
from ledger.bench.report import Results
from ledger.bench.standing import register, settle

#: How long the stack is left alone before its memory is read.
_REST_S = 1.0


def measure(bed: Bed, effort: Effort) -> Results:
    """Everything. Raises LoadError, WireError or OSError when the stack does not do what it should."""
    time.sleep(_REST_S)
    fresh = memory.usage_by_part(bed.parts())
    bed.say(f"Post to alert: {effort.alerts_idle} posts one by one, then {effort.alerts_paced} at a steady pace")
    in_database, shown = delay.idle(bed, effort.alerts_idle)
    bed.say(f"  one by one: p50 {in_database.p50_ms:.1f} ms, p99 {in_database.p99_ms:.1f} ms")
    paced = delay.paced(bed, effort.alerts_paced)
    bed.say(f"  {delay.PACE:.0f} a second: p50 {paced.p50_ms:.1f} ms, p99 {paced.p99_ms:.1f} ms")
    bed.say(f"Sealing: {effort.sealed:,} posts at {sealing.PACE:.0f} a second")
    sealed = sealing.measure(bed, effort.sealed)
    bed.say(f"  under a signed checkpoint: p50 {sealed.p50_ms:.0f} ms, p99 {sealed.p99_ms:.0f} ms")
    bed.say(f"Size: {effort.sized:,} observations, each detected")
    growth = size.growth(bed, effort.sized)
    bed.say(f"  {growth.per_byte:.2f} bytes stored for each byte posted")
    bed.say(f"The past: a record of {effort.replayed:,} observations")
    replayed = replaying.measure(bed, effort.replayed)
    bed.say(f"  read back and hashed: {replayed.rate:,.0f} entries a second")
    lengths = ", ".join(f"{length:,}" for length in effort.lengths)
    bed.say(f"Detection: {effort.claims} new claims in records of {lengths}, and whole records in memory")
    costs = detection.measure(bed, effort.lengths, effort.claims, effort.whole)
    bed.say(f"Ingest: {effort.rounds} rounds of {effort.turn_s:g} s a side; registering {effort.children:,} children")
    children = register(bed, "ingest.child.", effort.children)
    with bed.connect() as driver:
        settle(driver)
    singles = ingest.singles(bed, effort, children)
    batches = ingest.batched(bed, effort, children)
    with bed.connect() as driver:
        settle(driver)
    streaming = live.measure(bed, effort, children)
    bed.say(f"Prompts: posts about {effort.asked:,} children of whom much is asked, and about as many others")
    asked = prompts.measure(bed, effort)
    bed.end_peer()
    time.sleep(_REST_S)
    worked = memory.usage_by_part(bed.parts())
    bed.say(f"Ticks: {effort.due:,} moments due, among {effort.due:,} and among {effort.waiting:,} that wait")
    ticks = tick.measure(bed, effort.due, effort.waiting, effort.ticks)
    bed.say(f"  {ticks.growth:.2f} times as long among the more")
    bed.say(f"Row-level security: the latest {visibility.LATEST} among {effort.seen:,} entries")
    seeing = visibility.measure(bed, effort.seen, effort.memberships)
    return Results(
        singles,
        batches,
        in_database,
        shown,
        paced,
        fresh,
        worked,
        growth,
        costs,
        asked,
        ticks,
        seeing,
        sealed,
        replayed,
        streaming,
    )
