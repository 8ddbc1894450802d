"""Records made up from the vocabulary, with findings planted among what only looks like them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from ledger.domain.event import EntryStep
from ledger.domain.finding import TIERS, Basis
from ledger.domain.fold import run
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from tests.folding import at_once, gist, without_ties
from tests.generator import accounts, checks, comparing, concerns, lookalikes
from tests.generator.judging import KINDS, Tally, judge, record_of, tell
from tests.generator.story import Story
from tests.partnership import default_pack
from tests.sizes import examples, generated_records

PLANTED = (*comparing.PLANTED, *accounts.PLANTED, *checks.PLANTED, *concerns.PLANTED)
LOOKALIKES = (*lookalikes.LOOKALIKES, *accounts.LOOKALIKES, *checks.LOOKALIKES, *concerns.LOOKALIKES)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_is_planted_is_found_and_hardly_anything_else() -> None:
    """At least 99 in 100 of what was planted, and 98 in 100 of what is raised was; by kind, in what is printed."""
    tally, pack = Tally(), default_pack()
    for seed in range(generated_records()):
        judge(tell((*PLANTED, *LOOKALIKES), pack, seed), pack, tally)
    report = "\n".join(tally.lines())
    print(report)
    assert min(tally.planted[kind] for kind in KINDS) > 0, report
    assert tally.recall() >= 0.99, report
    assert tally.precision() >= 0.98, report
    assert min(tally.recall(kind) for kind in KINDS) >= 0.95, report


def test_there_are_as_many_lookalikes_as_plants() -> None:
    """Crying wolf is tried for as hard as missing one."""
    assert len(LOOKALIKES) >= len(PLANTED)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_order_and_number_of_steps_decide_nothing_under_the_whole_pack() -> None:
    """What the whole pack finds is the same in two orders of arrival, and at once over the finished record."""
    pack = default_pack()
    for seed in range(max(10, examples() // 5)):
        stories = tell((*PLANTED, *LOOKALIKES), pack, seed)
        end = max(entry.at for story in stories for entry in story.entries) + timedelta(days=1)
        orders = [record_of(stories, in_some_order(stories, Random(chance), end)) for chance in (seed, seed + 1)]
        until = end + timedelta(days=60)
        left = [_left(steps, until, pack) for steps, _ in orders]
        names = [
            {number: 100 * stories.index(story) + place for number, (story, place) in owner.items()}
            for _, owner in orders
        ]
        one, other = (without_ties(gist(state, name, pack)) for state, name in zip(left, names, strict=True))
        assert one == other, f"seed {seed}"
        found = {key: finding.basis for key, finding in left[0].findings.items()}
        judged = at_once(orders[0][0], until, pack)
        # What people were alerted to stays an alert, though by the end less of it is left.
        assert _untiered(found) == _untiered(judged), f"seed {seed}"
        assert all(TIERS.index(found[key].tier) >= TIERS.index(judged[key].tier) for key in judged), f"seed {seed}"


def _untiered(found: Mapping[str, Basis]) -> dict[str, Basis]:
    return {key: replace(basis, tier="queue") for key, basis in found.items()}


def in_some_order(stories: Sequence[Story], random: Random, end: datetime) -> dict[tuple[int, int], datetime]:
    """A moment for each entry after all was observed: what others count from first, what was said, then decisions.

    What puts an entry right comes after it.
    """
    weights: dict[tuple[int, int], float] = {}
    for which, story in enumerate(stories):
        for place, entry in enumerate(story.entries):
            least = 0.0 if entry.target is None else weights[which, entry.target]
            weights[which, place] = {"link": -1.0, "decision": 2.0}.get(entry.kind, random.uniform(least, 1.0))
    ordered = sorted(weights, key=weights.__getitem__)
    return {entry: end + timedelta(seconds=place) for place, entry in enumerate(ordered)}


def _left(steps: Sequence[EntryStep], until: datetime, pack: Pack) -> RecordState:
    *_, (_, state, _) = run(RecordState("r"), steps, pack, until=until)
    return state
