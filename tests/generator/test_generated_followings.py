"""Records made up with what nobody asked, what never followed and what entries show together, among look-alikes."""

from datetime import timedelta

import pytest

from tests.generator import following, unasked
from tests.generator.judging import FOLLOWING, Tally, judge, tell
from tests.generator.story import Story, Written
from tests.partnership import default_pack
from tests.sizes import generated_records

PLANTED = (*following.PLANTED, *unasked.PLANTED)
LOOKALIKES = (*following.LOOKALIKES, *unasked.LOOKALIKES)


def led(stories: list[Story]) -> list[Story]:
    """The same in a record that somebody leads: several agencies at work and nobody who leads is another story."""
    begins = min(entry.at for story in stories for entry in story.entries) - timedelta(days=1)
    lead = Written(begins, "csc", "lead", {"agency": "csc", "person": "csc-1"})
    return [*stories, Story("led", None, [lead])]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_never_followed_is_found_and_hardly_anything_else() -> None:
    """At least 97 in 100 of each kind that was planted, and 95 in 100 of each kind that is raised was."""
    tally, pack = Tally(FOLLOWING), default_pack()
    for seed in range(generated_records()):
        judge(led(tell((*PLANTED, *LOOKALIKES), pack, seed, most=4)), pack, tally)
    report = "\n".join(tally.lines())
    print(report)
    assert min(tally.planted[kind] for kind in FOLLOWING) > 0, report
    assert min(tally.recall(kind) for kind in FOLLOWING) >= 0.97, report
    assert min(tally.precision(kind) for kind in FOLLOWING) >= 0.95, report


def test_there_are_as_many_lookalikes_as_plants() -> None:
    """What came in time is tried as hard as what never came."""
    assert len(LOOKALIKES) >= len(PLANTED)
