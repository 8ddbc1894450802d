"""What one row of a picture shows: who holds what, how it stands, and what is not known."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.saying import PRESENCE, corrects, pack_with, says, steps, voids
from tests.unit.domain.picturing import cell, drawn, row, states

GONE = says("csc", "absent", "2022-03-10", "2022-03-10/..", told="mother")
STAYS = says("hv", "stays_overnight", "2022-10-05", "2022-10/..", told="mother")


def test_a_word_is_asserted_then_carried_then_stale() -> None:
    """Up to the day it was said it is asserted, then presumed, and stale once it was last said too long ago."""
    assert states(row(GONE, at="2022-03-10")) == [("csc", "absent", "asserted")]
    assert states(row(GONE, at="2022-03-11")) == [("csc", "absent", "carried")]
    assert states(row(GONE, at="2022-06-08")) == [("csc", "absent", "carried")]
    assert states(row(GONE, at="2022-06-09")) == [("csc", "absent", "stale")]


def test_saying_it_again_makes_it_fresh() -> None:
    """A repeat about one day, as precise or more so, is when it was last said; it does not end what is carried."""
    again = says("csc", "no_contact", "2022-06-01", told="mother")
    (found,) = cell(row(GONE, again, at="2022-08-01"), "csc").holds
    assert (found.claim.value, found.state) == ("absent", "carried")
    assert found.said_until == datetime(2022, 6, 1, 23, tzinfo=UTC)
    assert {state for _, _, state in states(row(GONE, again, at="2022-06-01"))} == {"asserted"}


def test_the_last_word_stays_when_nothing_covers_the_moment() -> None:
    """A sighting of one day is still the source's word a month later, said to be of a time that is over."""
    seen = says("police", "lives_here", "2022-04-02")
    before = says("police", "visits", "2022-03-20")
    found = cell(row(before, seen, at="2022-05-01"), "police")
    assert [(hold.claim.value, hold.state) for hold in found.holds] == [("lives_here", "ended")]
    assert found.not_shown == 1
    assert [person.rows for person in drawn(before, seen, at="2022-01-01").people] == [(), ()]


def test_two_spells_stay_two() -> None:
    """He left and came back: each spell has its own stretch, and what is held since counts from the second one's."""
    first = says("hv", "lives_here", "2021-04-01", "2021-01/2021-03")
    second = says("hv", "lives_here", "2022-06-01", "2022-05/..")
    found = cell(row(first, second, at="2022-07-01", history=True), "hv")
    assert [hold.state for hold in found.holds] == ["ended", "carried"]
    assert [hold.held_since.date().isoformat() for hold in found.holds] == ["2021-04-01", "2022-06-01"]
    assert found.not_shown == 0


def test_held_since_goes_back_over_what_was_said_before() -> None:
    """An agency that says the same again has held it since it first said so; another word between breaks that."""
    again = says("csc", "absent", "2022-05-10", "2022-03-10/..", told="mother")
    (found,) = cell(row(GONE, again, at="2022-06-01"), "csc").holds
    assert found.held_since == steps(GONE)[0].at
    between = says("csc", "visits", "2022-04-01", "2022-04-01/..", told="mother")
    (found,) = cell(row(GONE, between, again, at="2022-06-01"), "csc").holds
    assert found.held_since == steps(GONE, between, again)[2].at


def test_what_conflicts_names_its_other_side() -> None:
    """Each statement names what cannot be so together with it, and the row says from when and whether it may change."""
    found = row(GONE, STAYS, at="2022-10-10")
    (absent,), (stays,) = cell(found, "csc").holds, cell(found, "hv").holds
    assert absent.conflicts_with == (stays.claim.ref,)
    assert stays.conflicts_with == (absent.claim.ref,)
    (clash,) = found.clashes
    assert clash.refs == (absent.claim.ref, stays.claim.ref)
    assert clash.change_since == datetime(2022, 3, 11, tzinfo=UTC)
    assert found.possible == ()


def test_three_that_agree_two_by_two_conflict_together() -> None:
    """Each names both others, and no state is left; without the third, one is."""
    values = {"near": ["resident", "overnight"], "often": ["overnight", "visits"], "ends": ["resident", "visits"]}
    pack = pack_with(presence={**PRESENCE, "values": {**PRESENCE["values"], **values}})
    entries = [says(agency, value, "2022-03-10") for agency, value in zip(("csc", "hv", "police"), values, strict=True)]
    found = row(*entries, at="2022-03-10", pack=pack)
    assert [len(hold.conflicts_with) for cell in found.cells for hold in cell.holds] == [2, 2, 2]
    assert (len(found.clashes), found.possible) == (1, ())
    two = row(*entries[:2], at="2022-03-10", pack=pack)
    assert (two.clashes, two.possible) == ((), ("overnight",))


def test_what_is_corrected_or_voided_is_absent() -> None:
    """Of a corrected statement only the correction is there, and of a voided one nothing."""
    right = says("csc", "visits", "2022-03-10", "2022-03-10/..", told="mother")
    assert states(row(GONE, corrects(1, right), at="2022-03-10")) == [("csc", "visits", "asserted")]
    assert [person.name for person in drawn(GONE, voids(1, "csc"), at="2022-03-10").people] == ["child"]


@pytest.mark.parametrize("way", ["unknown", "not_asked", "declined", "evaded"])
def test_each_way_of_not_knowing_is_a_cell_of_its_own(way: str) -> None:
    """It stands beside what others hold, as it was sent, conflicts with nothing and narrows nothing."""
    unknown = says("gp", None, "2022-03-12", not_known=way, basis="own_record")
    found = row(GONE, unknown, at="2022-03-20")
    assert [claim.not_known for claim in cell(found, "gp").not_known] == [way]
    assert cell(found, "gp").holds == ()
    assert (found.clashes, found.possible) == ((), row(GONE, at="2022-03-20").possible)


@pytest.mark.parametrize(
    ("way", "asked", "later", "stands"),
    [
        ("not_asked", None, says("gp", "absent", "2022-03-20", told="father"), False),
        ("not_asked", None, says("hv", "absent", "2022-03-20", told="father"), True),
        ("evaded", "mother", says("gp", "absent", "2022-03-20", told="father"), True),
        ("evaded", "mother", says("gp", "absent", "2022-03-20", told="mother"), False),
        ("evaded", "mother", says("gp", "absent", "2022-03-10", told="mother"), True),
    ],
)
def test_not_knowing_ends_when_it_is_known(way: str, asked: str | None, later: dict[str, Any], *, stands: bool) -> None:
    """What an agency has not asked ends with its own next answer; what somebody evaded, with theirs alone."""
    basis: dict[str, Any] = {"basis": "own_record"} if asked is None else {"told": asked}
    unknown = says("gp", None, "2022-03-12", not_known=way, **basis)
    found = row(unknown, later, at="2022-04-01")
    assert any(cell.not_known for cell in found.cells) is stands
    assert any(cell.not_known for cell in row(unknown, later, at="2022-04-01", history=True).cells)


def test_plans_stand_apart() -> None:
    """What is intended is neither held nor in conflict, and is gone from view once its time is over."""
    plan = says("hv", "lives_here", "2022-03-12", "2022-04-01/2022-04-30", told="mother", statement="intention")
    found = row(GONE, plan, at="2022-03-20")
    assert [claim.statement for claim in cell(found, "hv").also_said] == ["intention"]
    assert (cell(found, "hv").holds, found.clashes) == ((), ())
    assert [each.agency for each in row(GONE, plan, at="2022-05-20").cells] == ["csc"]


def test_what_lies_ahead_of_its_observation_is_not_held() -> None:
    """A fact about a day to come was not observed: it is shown as said."""
    ahead = says("hv", "lives_here", "2022-03-12", "2022-04-01")
    found = cell(row(ahead, at="2022-03-20"), "hv")
    assert (found.holds, len(found.also_said)) == ((), 1)


def test_a_courts_finding_answers_what_was_said_before() -> None:
    """The earlier statement is still there, marked with the finding; what is said after it is not answered by it."""
    court = says("csc", "no_contact", "2022-04-01", "2022-03-01/..", basis="document", statement="finding")
    after = says("police", "visits", "2022-04-20", "2022-04-10/..")
    before = says("hv", "stays_overnight", "2022-03-20", "2022-03/..", told="mother")
    found = row(court, before, after, at="2022-05-01")
    answered = {cell.agency: hold.answered_by for cell in found.cells for hold in cell.holds}
    (ref,) = (hold.claim.ref for hold in cell(found, "csc").holds)
    assert answered == {"csc": None, "hv": ref, "police": None}
    assert cell(found, "hv").holds[0].conflicts_with != ()


def test_the_past_that_matters_is_always_shown() -> None:
    """Of an attribute whose past matters every stretch that had begun is there, and none that had not."""
    pack = pack_with(presence={**PRESENCE, "past_matters": "yes"})
    words = [says("hv", "visits", day, day) for day in ("2022-03-01", "2022-04-01", "2022-06-01")]
    assert [state for _, _, state in states(row(*words, at="2022-05-01", pack=pack))] == ["ended", "ended"]
    assert [state for _, _, state in states(row(*words, at="2022-05-01", pack=pack, history=True))] == [
        "ended",
        "ended",
        "later",
    ]


def test_texts_stand_beside_each_other() -> None:
    """A second worry does not end the first, whoever has it; each is carried as long as it was still so."""
    concern = {"about": "anyone", "type": "text", "item": "optional", "meaning": "A worry."}
    words = [
        says("hv", text, "2022-03-10", "2022-03/..", attribute="concern")
        for text in ("drinks in the morning", "sleeps on the sofa with the baby")
    ]
    found = row(*words, at="2022-04-01", pack=pack_with(concern=concern))
    assert [value for _, value, _ in states(found)] == ["drinks in the morning", "sleeps on the sofa with the baby"]
    assert (found.clashes, found.possible) == ((), None)


def test_what_is_not_compared_is_brought_up_to_date_and_sets_nothing_against_anything() -> None:
    """A new address of the same source ends the old one; another agency's stands beside it without a conflict."""
    address = {"about": "anyone", "type": "place", "meaning": "Where somebody lives."}
    words = [
        says("hv", "1 High Street", "2022-03-10", "2022-03-10/..", attribute="address"),
        says("hv", "2 Low Road", "2022-05-10", "2022-05-01/..", attribute="address"),
        says("gp", "1 High Street", "2022-05-11", "2022-01/..", attribute="address"),
    ]
    pack = pack_with(address=address)
    found = row(*words, at="2022-06-01", pack=pack)
    assert states(found) == [("gp", "1 High Street", "carried"), ("hv", "2 Low Road", "carried")]
    assert found.clashes == ()
    assert found.possible is None


def test_a_word_that_the_pack_no_longer_has_is_still_shown() -> None:
    """What an agency holds does not go because the vocabulary did; nothing is made of it."""
    found = row(GONE, at="2022-03-20", pack=pack_with(strength={"about": "anyone", "type": "text", "meaning": "x"}))
    assert states(found) == [("csc", "absent", "carried")]
    assert found.possible is None
