"""What a decision rests on, weighed: for whoever thinks of deciding, and of one that is made."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ledger.domain.claim import DECISION
from ledger.domain.decision import STATED, Assumption, Deciding, assumptions, deciding_of, stands_at_once
from ledger.domain.facts import Facts
from ledger.domain.pack import Pack, PackError
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from tests.folding import all_of
from tests.saying import PRESENCE
from tests.shipped import shipped_pack
from tests.unit.domain.rules.deciding import AROUND, FIRST, Dated, decides, on_absence, taken_in, there
from tests.unit.domain.rules.passing import claim, said

KIND = {"close": {"words": ["closed"], "items": ["risk"]}}
TOLD = {"meaning": "m", "ask": "a", "source": "s"}
ITEM = {**TOLD, "words": {"presence": ["lives_here"]}}


def facts(*entries: Dated) -> Facts:
    pack = shipped_pack()
    return Facts(all_of(taken_in(entries), pack, AROUND), pack)


def weighed(*entries: Dated) -> list[Assumption]:
    """The last decision of these entries."""
    known = facts(*entries)
    decision = known.claims(Topic(DECISION, CHILD))[-1]
    return assumptions(deciding_of(decision, known), known, decision.recorded_at)


def stated(*entries: Dated) -> Assumption:
    return next(one for one in weighed(*entries) if one.item == STATED)


def test_every_item_is_listed_whether_it_holds_or_not() -> None:
    """So that whoever decides sees what was looked at; what holds has no state."""
    found = weighed(there("csc", 0, "absent", basis="seen"), decides(1, "close", **on_absence()))
    assert {one.item for one in found} == {STATED, *shipped_pack().decisions.kinds["close"].items}
    assert {one.item for one in found if one.states} == set()
    assert stands_at_once(found)


def test_each_agencys_latest_word_is_listed() -> None:
    """Not the ones before it."""
    one = stated(
        there("csc", 0, "lives_here"),
        there("csc", 5, "absent"),
        there("hv", 6, "absent"),
        decides(9, "x", **on_absence()),
    )
    assert [ref.number for ref in one.latest] == [2, 3]


@pytest.mark.parametrize(
    ("before", "state", "is_grave"),
    [
        ([there("csc", 0, "absent"), there("hv", 2, "lives_here")], "contested", True),
        ([there("csc", -200, "absent")], "stale", False),
        ([], "unasked", False),
        ([there("csc", 0, "absent", basis="told", informant="father")], "uncorroborated", False),
    ],
)
def test_each_way_of_not_holding_has_its_word(before: list[Dated], state: str, *, is_grave: bool) -> None:
    """What is denied bars a decision; what only wants asking does not."""
    one = stated(*before, decides(9, "x", **on_absence()))
    assert state in one.states
    assert one.grave is is_grave


def test_one_that_is_only_thought_of_is_weighed_alike() -> None:
    """With no entry of its own, for the moment at which it is thought of."""
    entries = (there("csc", 0, "absent"), there("hv", 2, "lives_here"), decides(9, "close", **on_absence()))
    known = facts(*entries)
    made = deciding_of(known.claims(Topic(DECISION, CHILD))[-1], known)
    thought = Deciding("close", "csc", made.at, None, made.relied_on)
    assert assumptions(thought, facts(*entries[:2]), made.at)[0] == assumptions(made, known, made.at)[0]


def test_a_fixed_moment_is_weighed_for_a_decision_that_is_made() -> None:
    """It was made on what was fresh then, whenever it is looked at."""
    entries = (there("csc", 0, "absent"), decides(9, "x", **on_absence()))
    known = facts(*entries)
    made = deciding_of(known.claims(Topic(DECISION, CHILD))[-1], known)
    later = FIRST + timedelta(days=300)
    assert assumptions(made, known, later)[0].states == frozenset()
    assert assumptions(replace(made, number=None), known, later)[0].states == {"stale"}


def test_what_got_better_since_speaks_against_no_decision() -> None:
    """A placement because the home was unfit stands though it is mended; that it was never unfit does not."""

    def home(agency: str, on: int, value: str, since: str) -> Dated:
        made = claim("home_conditions", value, valid=f"{since}/..") | {"basis": "own_record"}
        return on, said(agency, on, made)

    rests: dict[str, Any] = {"relies_on": [{"about": "child", "attribute": "home_conditions", "value": "unfit"}]}
    before = (home("csc", 0, "unfit", "2022-02-20"), decides(2, "place", **rests))
    assert stated(*before, home("housing", 30, "good", "2022-03-30")).states == frozenset()
    assert stated(*before, home("housing", 30, "good", "2022-02-20")).states == {"contested"}


def test_a_pack_says_which_words_name_a_kind() -> None:
    """However they are joined or capitalised."""
    decisions = shipped_pack().decisions
    assert {decisions.name_of(word) for word in ("close", "Case-closed", "case_closure", "closed")} == {"close"}
    assert decisions.kind_of("something else") is None
    assert decisions.items_of("something else") == []


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ({"kinds": {"close": {"words": ["x"], "items": ["y"]}}}, "decisions/kinds/close/items/0"),
        ({"kinds": KIND | {"end": {"words": ["Closed"]}}}, "decisions/kinds/end/words"),
        ({"items": {"risk": ITEM | {"words": {"nothing": []}}}}, "decisions/items/risk/words/nothing"),
        ({"items": {"risk": ITEM | {"rules": ["nothing"]}}}, "decisions/items/risk/rules/0"),
        ({"items": {"risk": TOLD}}, "say what opens it"),
        ({"any": ["y"]}, "decisions/any/0"),
    ],
)
def test_a_section_with_a_fault_makes_no_pack(written: dict[str, object], named: str) -> None:
    """Each fault is refused at its place."""
    section = {"kinds": KIND, "items": {"risk": ITEM}} | written
    content = {"pack": "test", "version": "1", "attributes": {"presence": PRESENCE}, "decisions": section}
    with pytest.raises(PackError) as refused:
        Pack.from_mapping(content)
    assert named in str(refused.value)
