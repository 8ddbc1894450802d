"""What is wrong with the machinery, from readings alone."""

from dataclasses import replace
from typing import Any

import pytest

from ledger.domain.machinery import PARTS, Limits, Readings, Silence, Trouble, judge
from ledger.services.word_trouble import NAMES, word_remedy, word_trouble

LIMITS = Limits()
WELL = Readings(
    watching_s=10_000.0,
    expected=frozenset(PARTS),
    processes=[Silence(part, "here:1", 2.0) for part in PARTS],
    has_quorum=True,
    audit_holds=True,
    audit_age_s=30.0,
)


def wrong(read: Readings, *standing: Trouble) -> set[tuple[str, str]]:
    """The names and subjects of what is wrong."""
    return {(one.name, one.subject) for one in judge(read, LIMITS, standing).wrong}


#: Readings that are wrong in one way each.
BAD = {
    ("detection_late", ""): replace(WELL, detection_late_s=30.1),
    ("telling_late", ""): replace(WELL, telling_late_s=31.0),
    ("delivery_late", "mail"): replace(WELL, unsent_s={"mail": 61.0, "webhook": 3.0}),
    ("dead_letters", "webhook"): replace(WELL, dead={"webhook": 1, "mail": 0}),
    ("records_parked", ""): replace(WELL, parked=1),
    ("part_silent", "worker"): replace(WELL, processes=[one for one in WELL.processes if one.part != "worker"]),
    ("process_silent", "worker here:2"): replace(WELL, processes=[*WELL.processes, Silence("worker", "here:2", 31.0)]),
    ("ledger_closed", ""): replace(WELL, is_closed=True),
    ("sealing_late", ""): replace(WELL, unsealed_s=61.0),
    ("quorum_lost", ""): replace(WELL, has_quorum=False),
    ("audit_failed", ""): replace(WELL, audit_holds=False),
    ("audit_late", ""): replace(WELL, audit_age_s=301.0),
}


def test_nothing_is_wrong_where_all_is_well() -> None:
    """A ledger at rest has no trouble, and whatever stood is over."""
    assert wrong(WELL) == set()
    standing = {Trouble(*one) for one in BAD}
    assert judge(WELL, LIMITS, standing).over(standing) == standing


@pytest.mark.parametrize("trouble", BAD, ids=lambda one: " ".join(one).strip())
def test_each_reading_has_its_one_trouble(trouble: tuple[str, str]) -> None:
    """What is wrong is named, by one name, and nothing else is."""
    assert wrong(BAD[trouble]) == {trouble}


def test_every_trouble_has_its_words() -> None:
    """Operators read what is wrong and what to do, whatever it is."""
    assert {name for name, _ in BAD} == NAMES
    for name, subject in BAD:
        words = word_trouble(name, subject)
        assert words
        assert "{" not in words + word_remedy(name)


@pytest.mark.parametrize(
    ("name", "member", "limit"),
    [("detection_late", "detection_late_s", 30.0), ("telling_late", "telling_late_s", 30.0),
     ("sealing_late", "unsealed_s", 60.0)],
)  # fmt: skip
def test_what_swings_about_its_limit_is_told_once(name: str, member: str, limit: float) -> None:
    """It is over only well below the limit, so that nobody is told of it time and again."""

    def at(seconds: float) -> Readings:
        changed: dict[str, Any] = {member: seconds}
        return replace(WELL, **changed)

    just_below = at(limit * 0.9)
    assert wrong(just_below) == set()
    assert wrong(just_below, Trouble(name)) == {(name, "")}
    assert wrong(at(limit * 0.3), Trouble(name)) == set()


def test_what_cannot_be_told_neither_begins_nor_ends() -> None:
    """A process that does not know the policy of witnesses ends no trouble that another one has seen."""
    blind = replace(WELL, has_quorum=None, unsent_s=None)
    standing = {Trouble("quorum_lost"), Trouble("delivery_late", "mail"), Trouble("records_parked")}
    judged = judge(blind, LIMITS, standing)
    assert judged.wrong == {}
    assert judged.over(standing) == {Trouble("records_parked")}


def test_a_closed_ledger_is_one_trouble() -> None:
    """That it takes no finding and signs nothing follows from it."""
    closed = replace(WELL, is_closed=True, detection_late_s=500.0, unsealed_s=500.0, audit_age_s=5_000.0)
    assert wrong(closed) == {("ledger_closed", "")}


def test_who_has_only_begun_to_look_holds_nothing_against_anybody() -> None:
    """After a machine has started everything was silent for as long as it was off."""
    off = replace(WELL, processes=[replace(one, seconds=9_000.0) for one in WELL.processes], audit_age_s=9_000.0)
    assert wrong(replace(off, watching_s=20.0)) == set()
    assert {name for name, _ in wrong(off)} == {"part_silent", "audit_late"}


def test_only_what_is_expected_is_missed() -> None:
    """An operator who runs no beat is not told so; a part that ended in good order is missed too."""
    without = replace(WELL, processes=[one for one in WELL.processes if one.part != "beat"])
    assert wrong(without) == {("part_silent", "beat")}
    assert wrong(replace(without, expected=WELL.expected - {"beat"})) == set()
    left = [replace(one, seconds=40.0, has_left=True) if one.part == "live" else one for one in WELL.processes]
    assert wrong(replace(WELL, processes=left)) == {("part_silent", "live")}


def test_a_process_that_ended_in_good_order_is_not_missed_beside_others() -> None:
    """Fewer workers may be what somebody wanted; one that was killed is not."""
    gone = Silence("worker", "here:2", 400.0, has_left=True)
    assert wrong(replace(WELL, processes=[*WELL.processes, gone])) == set()


def test_since_when_is_told() -> None:
    """A lag began when what is late fell due, and a silence when the last of its part was heard."""
    late = judge(replace(WELL, detection_late_s=47.0), LIMITS).wrong
    assert late == {Trouble("detection_late"): 47.0}
