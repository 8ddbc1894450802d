"""What may be a change: how long ago it still matters, and what one person says of a later time."""

from typing import Any

from ledger.domain.fold import run
from ledger.domain.outcome import Notice, Outcome, Raised
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.domain.weight import weigh
from tests.saying import presence_pack, says, steps

PACK = presence_pack()
TOLD = {"told": "mother"}
GONE = says("csc", "absent", "2022-03-10", "2022-03-10/..", **TOLD)


def outcomes_of(*entries: dict[str, Any], pack: Pack = PACK) -> list[Outcome]:
    """All that the steps said, gaps aside."""
    said = [outcome for _, _, outcomes in run(RecordState("r"), steps(*entries), pack) for outcome in outcomes]
    return [one for one in said if not (isinstance(one, Raised) and one.finding.kind == "gap")]


def test_what_was_last_said_more_than_a_year_ago_has_mostly_changed() -> None:
    """On what is critical too: whoever holds the old word is told, and nobody else."""
    outcomes = outcomes_of(GONE, says("police", "lives_here", "2023-04-05"))
    assert not [one for one in outcomes if isinstance(one, Raised)]
    assert [one.agency for one in outcomes if isinstance(one, Notice)] == ["csc"]


def test_a_later_word_of_one_person_that_may_be_of_what_began_since_is_less_sure() -> None:
    """Told of a month within which she had said otherwise, what is not critical may have come to be so after that."""
    pack = presence_pack(critical="no")

    def certain(valid: str) -> list[bool]:
        said = [GONE, says("hv", "lives_here", "2022-03-20", valid, **TOLD)]
        return [one.finding.certain for one in outcomes_of(*said, pack=pack) if isinstance(one, Raised)]

    assert certain("2022-03/..") == [False]
    assert certain("2022-03-01/..") == certain("2022-03-15/..") == [True]


def test_beyond_compare_within_a_critical_attribute_is_raised_as_a_possible_change() -> None:
    """What one agency only carries is raised on a critical attribute with the day since when it may have changed."""
    later = says("police", "lives_here", "2022-10-05")
    (finding,) = [o.finding for o in outcomes_of(GONE, later) if isinstance(o, Raised) if o.finding.sides[1:]]
    assert finding.change_since is not None
    assert finding.change_since.isoformat() == "2022-03-10"
    assert weigh(finding.basis, "presence", finding.rule, PACK).severity == "medium"
