"""Records made up with decisions, whose bases are denied, overtaken or left open, among those that hold."""

from itertools import chain

import pytest

from tests.folding import parts_suffice
from tests.generator.deciding import ANSWERED, LISTED, LOOKALIKES, PLANTED, SILENT, STATED
from tests.generator.judging import AROUND, DECIDED, Tally, judge, record_of, tell
from tests.generator.story import Story
from tests.partnership import default_pack
from tests.sizes import generated_records


def records(number: int) -> list[list[Story]]:
    """Records of stories that share one, and of such as need one of their own."""
    pack = default_pack()
    shared = (tell((*STATED, *SILENT), pack, seed, most=4) for seed in range(number))
    alone = (tell((*LISTED, *ANSWERED), pack, seed, most=2) for seed in range(number))
    return [*chain(shared, alone)]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_planted_basis_is_found_and_hardly_anything_else() -> None:
    """At least 98 in 100 of the bases that were planted, and 98 in 100 of what is raised of decisions was."""
    tally, pack = Tally(DECIDED), default_pack()
    for stories in records(max(20, generated_records() // 4)):
        judge(stories, pack, tally)
    report = "\n".join(tally.lines())
    print(report)
    assert tally.planted.total() > 0, report
    assert tally.recall() >= 0.98, report
    assert tally.precision() >= 0.98, report


def test_there_are_as_many_lookalikes_as_plants() -> None:
    """What holds is tried as hard as what does not."""
    assert len(LOOKALIKES) >= len(PLANTED)


def test_what_a_decision_needs_is_all_that_is_read() -> None:
    """A step of a record with decisions says the same of the whole of it as of only what it asked for."""
    pack = default_pack()
    for stories in records(3):
        steps, _ = record_of(stories)
        assert parts_suffice(steps, pack, AROUND)
