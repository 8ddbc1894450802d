"""Timelines as a careful safeguarding lead would judge them: a conflict, a change, or nothing at all."""

from itertools import permutations

import pytest

from ledger.domain.conflict import conflicts_in, has_moved_on
from ledger.domain.fold import run
from ledger.domain.outcome import Closed, Due, Notice, Outcome, Raised
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.domain.vocabulary import Attribute
from tests.saying import presence_pack, steps
from tests.unit.domain.timeline import PRESENCE, beliefs_of, conflicts_of, word
from tests.unit.domain.timelines import GONE, TIMELINES


def verdict(*words: str, attribute: Attribute = PRESENCE) -> str:
    """The most that is to be said of a timeline."""
    ranks = ["none", "acknowledged", "change", "possible", "certain"]
    found = ["none"]
    for conflict in conflicts_of(*words, attribute=attribute):
        if conflict.is_firm:
            found.append("certain" if conflict.is_certain else "possible")
        else:
            found.append("acknowledged" if conflict.is_acknowledged else "change")
    return max(found, key=ranks.index)


@pytest.mark.parametrize("case", TIMELINES)
def test_a_timeline_is_judged_as_a_careful_lead_would(case: str) -> None:
    """Each is a certain or possible conflict, may be a change, is a change that is told, or is nothing."""
    expected, words = TIMELINES[case]
    assert expected == verdict(*words)


@pytest.mark.parametrize("case", TIMELINES)
def test_the_order_of_arrival_decides_no_timeline(case: str) -> None:
    """In whatever order its words are recorded, a timeline is judged alike."""
    expected, words = TIMELINES[case]
    assert {expected} == {verdict(*some) for some in permutations(words)}


SIXTY_DAYS_ON = [GONE, "police 2022-05-10 seen lives_here"]
NOT_CRITICAL = presence_pack(critical="no").attributes["presence"]


def test_better_and_then_worse_months_apart_is_a_change() -> None:
    """Beyond ``compare_within`` it is said since when what is only carried may have changed."""
    (conflict,) = conflicts_of(*SIXTY_DAYS_ON, attribute=NOT_CRITICAL)
    assert not conflict.is_firm
    assert conflict.change_since is not None
    assert conflict.change_since.date().isoformat() == "2022-03-11"  # exclusive: the end of the tenth
    assert [held.statement.agency for held in conflict.carried] == ["csc"]


def test_what_cannot_change_conflicts_whenever_it_was_said() -> None:
    """Where comparing is ``always``, years between two words make neither a change."""
    birth = presence_pack(compare_within="always").attributes["presence"]
    words = ["csc 2010-03-10 told:mother absent 2010-03-10", "gp 2022-03-10 own_record present 2022-03-10/.."]
    assert verdict(*words, attribute=birth) == "certain"


def test_what_only_goes_forward_is_not_explained_by_two_spells() -> None:
    """He cannot have gone back, so whoever tells that he did is set against what was last said."""
    forward = presence_pack(only_forward="yes").attributes["presence"]
    words = [
        GONE,
        "hv 2022-07-03 own_record absent 2022-03/2022-06",
        "hv 2022-07-03 own_record lives_here 2022-07-01/..",
    ]
    assert verdict(*words) == "acknowledged"
    assert verdict(*words, attribute=forward) == "certain"
    assert not any(conflict.is_acknowledged for conflict in conflicts_of(*words, attribute=forward))


PAST = [
    "csc 2022-09-01 own_record absent 2022-01-01/2022-03-31",
    "police 2022-09-02 document lives_here 2022-02-01/2022-02-20",
]


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("hv 2022-09-03 seen lives_here", True),
        ("csc 2022-09-03 told:aunt lives_here 2022-05-01/..", True),
        ("hv 2022-09-02 seen lives_here", False),
        ("hv 2022-09-03 seen lives_here 2022-03-01/2022-03-31", False),
        ("hv 2022-08-01 seen lives_here", False),
    ],
)
def test_a_question_moves_on_when_anybody_speaks_of_a_later_time(then: str, expected: bool) -> None:
    """Later both in when it was said and in the time that it is about; whose word it is does not matter."""
    beliefs = beliefs_of(*PAST, then)
    conflict = next(c for c in conflicts_in(beliefs, PRESENCE) if {r.number for r in c.refs} == {1, 2})
    assert has_moved_on(conflict, beliefs) is expected


def test_a_conflict_about_the_past_alone_has_not_moved_on() -> None:
    """Until somebody speaks again, two pasts that differ are what there is to ask about."""
    beliefs = beliefs_of(*PAST)
    (conflict,) = conflicts_in(beliefs, PRESENCE)
    assert not has_moved_on(conflict, beliefs)


def outcomes_of(*words: str, pack: Pack) -> list[list[Outcome]]:
    """What detection says at each of these words, gaps aside."""
    stepped = run(RecordState("r"), steps(*map(word, words)), pack)
    return [
        [said for said in outcomes if not (isinstance(said, Raised | Due) and _is_about_staleness(said))]
        for _, _, outcomes in stepped
    ]


def _is_about_staleness(said: Raised | Due) -> bool:
    return isinstance(said, Due) or said.finding.kind == "gap"


def test_who_holds_the_earlier_spell_is_told_of_the_later_one_and_nothing_is_raised() -> None:
    """Moved out and back, told as two spells: the agency that still holds that he is gone gets a notice."""
    words = [
        GONE,
        "hv 2022-05-03 own_record absent 2022-03/2022-04",
        "hv 2022-05-03 own_record lives_here 2022-05-01/..",
    ]
    *_, last = outcomes_of(*words, pack=presence_pack())
    (notice,) = last
    assert isinstance(notice, Notice)
    assert (notice.kind, notice.agency, notice.held.number, notice.newer.number) == ("overtaken", "csc", 1, 3)


@pytest.mark.parametrize(("past_matters", "is_closed"), [("no", True), ("yes", False)])
def test_two_pasts_that_differ_are_asked_about_until_the_question_moves_on(
    past_matters: str, *, is_closed: bool
) -> None:
    """Raised when they are known; closed once anybody speaks of a later time, unless the past matters."""
    pack = presence_pack(past_matters=past_matters)
    _, raised, after = outcomes_of(*PAST, "hv 2022-09-03 seen lives_here", pack=pack)
    assert [type(said) for said in raised] == [Raised]
    assert [type(said) for said in after] == ([Closed] if is_closed else [])
