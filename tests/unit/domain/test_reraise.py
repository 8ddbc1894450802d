"""When what joins an open finding is brought to somebody again: what is heavier, and the word of one more source."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from ledger.domain.event import EntryStep, Event
from ledger.domain.fold import run, step
from ledger.domain.outcome import Joined
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.domain.reraise import Why, why_reraised
from tests.folding import loaded
from tests.saying import corrects, links, presence_pack, says, steps, voids
from tests.sizes import examples
from tests.unit.domain.test_fold_properties import END, records

PACK = presence_pack()
CALM = presence_pack(critical="no")
DAY = "2022-03-10"
#: The health visitor is told by the mother that he lives there, and social care by the grandmother that he does not.
FIRST = (
    says("hv", "lives_here", DAY, told="mother", valid="2022-03-01/.."),
    says("csc", "absent", DAY, told="grandmother", valid="2022-03-01/.."),
)


def reraised(*entries: dict[str, Any], pack: Pack = PACK) -> list[Why | None]:
    """Why each of these entries, after those of `FIRST`, brings the one finding again; None where it does not."""
    whys: list[Why | None] = []
    state = RecordState("r")
    for event, after, outcomes in run(state, steps(*FIRST, *entries), pack):
        joined = [outcome for outcome in outcomes if isinstance(outcome, Joined)]
        was = {finding.id: finding for finding in state.findings.values()}
        found = [why_reraised(was[one.finding_id], one.finding, event, state, after, pack) for one in joined]
        if event.number > len(FIRST):
            whys.append(next(iter(found), None))
        state = after
    return whys


def test_another_agency_told_by_the_same_parent_raises_nothing_again() -> None:
    """Three agencies that repeat one parent are one source."""
    again = [says(agency, "lives_here", DAY, told="mother", valid="2022-03-01/..") for agency in ("police", "school")]
    assert reraised(*again) == [None, None]


def test_somebody_who_saw_it_raises_it_again_once() -> None:
    """An agency's own sight is a further source; what the same office sees again is not."""
    seen = says("police", "lives_here", DAY, author={"ref": "pc1", "role": "officer"})
    again = says("police", "lives_here", "2022-03-11", author={"ref": "pc2", "role": "officer"})
    assert reraised(seen, again) == ["informant", None]


def test_one_more_informant_raises_it_again() -> None:
    """Somebody who had not spoken is one more, whichever side they take."""
    assert reraised(says("school", "absent", DAY, told="aunt", valid="2022-03-01/..")) == ["informant"]


def test_of_callers_without_a_name_only_the_first_counts() -> None:
    """Nobody can say that two of them are two."""
    calls = [says("school", "lives_here", f"2022-03-{day}", told="anonymous") for day in (10, 11)]
    assert reraised(*calls) == ["informant", None]


def test_what_one_agency_passes_on_of_another_is_that_ones_word() -> None:
    """Heard from the police, and then from the police itself: one source, in either order."""
    heard = says("school", "lives_here", DAY, basis="agency", **{"from": "police"})
    own = says("police", "lives_here", DAY, author={"ref": "pc1", "role": "officer"})
    assert reraised(heard, own) == ["informant", None]
    assert reraised(own, heard) == ["informant", None]


def test_a_name_that_is_linked_to_one_who_spoke_is_no_further_informant() -> None:
    """By the links that stand at the time: whoever the police calls k1 is the mother."""
    said = says("police", "lives_here", DAY, told="k1", valid="2022-03-01/..")
    assert reraised(links("police/k1", "mother"), said)[-1] is None
    assert reraised(links("police/k2", "mother"), said)[-1] == "informant"


def test_an_unlink_brings_no_new_evidence() -> None:
    """Who was taken for one is two again; nobody has said anything that was not known."""
    said = says("police", "lives_here", DAY, told="k1", valid="2022-03-01/..")
    joined = links("police/k1", "mother")
    assert reraised(joined, said, links("police/k1", "mother", kind="unlink"))[-1] is None


def test_a_correction_that_names_another_informant_adds_none() -> None:
    """It takes the place of what the same agency wrote: there are as many sources as before."""
    told = says("hv", "lives_here", DAY, told="aunt", valid="2022-03-01/..")
    assert reraised(corrects(1, told)) == [None]


def test_what_weighs_more_is_raised_again() -> None:
    """A side that was out of date is said anew by the same source: the finding weighs more, and nobody new spoke."""
    stale = "2022-07-20"
    old = (
        says("csc", "absent", "2022-03-10", told="grandmother", valid="2022-03-01/.."),
        says("hv", "lives_here", stale, told="mother", valid=f"{stale}/.."),
    )
    fresh = says("csc", "absent", stale, told="grandmother", valid="2022-07-01/..")
    pack = presence_pack(compare_within="P365D")
    state, whys = RecordState("r"), list[Why | None]()
    for event, after, outcomes in run(state, steps(*old, fresh), pack):
        was = {finding.id: finding for finding in state.findings.values()}
        joined = [one for one in outcomes if isinstance(one, Joined)]
        whys += [why_reraised(was[one.finding_id], one.finding, event, state, after, pack) for one in joined]
        state = after
    assert whys == ["severity"]


def test_a_void_raises_nothing_again() -> None:
    """Less is left of it than before."""
    more = says("police", "lives_here", DAY, author={"ref": "pc1", "role": "officer"})
    assert reraised(more, voids(3, "police"))[-1] is None


def _said(entries: list[EntryStep], *, is_whole: bool) -> Iterator[tuple[Event, list[Why | None]]]:
    """What every step says of the findings that it joins, of the whole record or of what the step asked for alone."""
    state = RecordState("r")
    for event, after, outcomes in run(state, entries, PACK, until=END):
        before, now, said = state, after, outcomes
        if not is_whole:
            before = loaded(entries, event, list(state.findings.values()), PACK)
            now, said = step(before, event, PACK)
        was = {finding.id: finding for finding in before.findings.values()}
        joined = [one for one in said if isinstance(one, Joined)]
        yield event, [why_reraised(was[one.finding_id], one.finding, event, before, now, PACK) for one in joined]
        state = after


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_five_runs_or_one_raise_the_same_again(entries: list[EntryStep]) -> None:
    """Each step alone, with only what it asked for at hand, says what one run over the whole record says."""
    assert [*_said(entries, is_whole=True)] == [*_said(entries, is_whole=False)]


@pytest.mark.parametrize("pack", [PACK, CALM])
def test_the_first_evidence_raises_nothing_again(pack: Pack) -> None:
    """What opens a finding is brought by its alert, and is no reason to bring it twice."""
    assert reraised(pack=pack) == []
