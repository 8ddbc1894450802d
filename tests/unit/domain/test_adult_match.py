"""Which adults of different records are proposed as one: what agrees, what parts them, and how many are found."""

from collections import Counter

import pytest

from ledger.domain.adult_match import SHARED_MOST, Adult, Alike, Who, compare_adults, is_adult, propose_adults
from ledger.domain.person_match import Known
from tests.unit.domain.adults import LOOK_ALIKE, made

DAY = "1990-04-12"


def adult(record: str, *names: str, born: str | None = DAY, place: str | None = None, role: str = "partner") -> Adult:
    days, places = (() if one is None else (one,) for one in (born, place))
    return Adult(record, Known(f"hv/{record}", names, days, (role,), places))


def compared(one: Adult, other: Adult) -> Alike | None:
    found = propose_adults([one, other]).found
    assert len(found) <= 1
    assert found == [alike for alike in [compare_adults(one, other)] if alike], "what is alike is compared at all"
    return found[0] if found else None


@pytest.mark.parametrize(
    ("name", "born", "level", "why"),
    [
        ("BROWN, Lee", DAY, "likely", ("the same name", "the same date of birth")),
        ("Lee Anthony Brown", DAY, "likely", ("the same name; one has more parts", "the same date of birth")),
        ("Lee Browne", DAY, "possible", ("names that are alike: spelt alike", "the same date of birth")),
        ("Lee Marsh", DAY, "possible", ("the same first name with another surname", "the same date of birth")),
        ("Lee", DAY, "possible", ("the one name is a part of the other", "the same date of birth")),
        ("Lee Brown", "1990-04-21", "possible",
         ("the same name", "dates of birth that differ as by a slip of the pen")),
        ("Lee Brown", "1990", "possible", ("the same name", "dates of birth that agree as far as they are known")),
    ],
)  # fmt: skip
def test_what_proposes(name: str, born: str, level: str, why: tuple[str, ...]) -> None:
    """A name and a date together, and how much of each; never a name that is only alike as likely."""
    found = compared(adult("a", "Lee Brown"), adult("b", name, born=born))
    assert found is not None
    assert (found.level, found.why) == (level, why)
    assert (found.one, found.other) == (Who("a", "hv/a"), Who("b", "hv/b"))


@pytest.mark.parametrize(
    ("name", "born"),
    [
        ("Lee Brown", "1964-04-12"),  # his father
        ("Luke Brown", DAY),  # his twin
        ("Lee Brown", None),  # one of many of that name
        ("Unknown", DAY),
        ("Dad", DAY),
        ("L. Brown", None),
    ],
)
def test_what_does_not(name: str, born: str | None) -> None:
    """Father and son of one name, twins, a name alone, a part of one, and what stands where a name is not known."""
    assert compared(adult("a", "Lee Brown"), adult("b", name, born=born)) is None


def test_a_place_lets_a_name_without_a_date_be_possible() -> None:
    """The same name at the same address is worth a look; of names that are alike it is not."""
    one = adult("a", "Lee Brown", born=None, place="12 High Street")
    found = compared(one, adult("b", "Lee Brown", place="12, high street"))
    assert found is not None
    assert (found.level, found.why) == ("possible", ("the same name", "described at the same place"))
    assert compared(one, adult("b", "Lee Browne", place="12, high street")) is None


def test_an_nhs_number_decides_both_ways() -> None:
    """The same number is likely whatever the names; two numbers are two people."""
    one = Adult("a", Known("hv/a", ("Kelly Marsh",)), frozenset({"9990000018"}))
    other = Adult("b", Known("hv/b", ("K. Brook",), (DAY,)), frozenset({"9990000018"}))
    found = compared(one, other)
    assert found is not None
    assert (found.level, found.why) == ("likely", ("the same NHS number",))
    two = Adult("b", Known("hv/b", ("Kelly Marsh",)), frozenset({"9990000026"}))
    assert compared(one, two) is None


def test_mother_and_father_are_never_likely_to_be_one() -> None:
    """What speaks against it is said, and makes it no more than possible."""
    found = compared(adult("a", "Lee Brown", role="mother"), adult("b", "Lee Brown", role="father"))
    assert found is not None
    assert (found.level, found.why[-1]) == ("possible", "mother in the one record and father in the other")


def test_references_and_those_who_are_no_adults_are_left_out() -> None:
    """The same reference says nothing; children, and those who work with the family, are compared with nobody."""
    same = [Adult(record, Known("hv/p1", ("Unknown",), (DAY,), ("partner",))) for record in "ab"]
    assert propose_adults(same).found == []
    for role in ("half-sibling", "social worker", "twin", "health_visitor"):
        assert not is_adult(Known("hv/k", ("Lee Brown",), roles=(role,)))
    for role in ("baby's father", "mother's partner", "grandmother", "uncle"):
        assert is_adult(Known("hv/k", ("Lee Brown",), roles=(role,)))


def test_only_who_fits_better_is_proposed() -> None:
    """Of twins of names that are alike, in one record, the one whose name it is; nobody of one record with another."""
    twins = [
        Adult("b", Known(f"hv/{key}", (name,), (DAY,))) for key, name in (("t1", "Aaron Smith"), ("t2", "Aron Smith"))
    ]
    found = propose_adults([adult("a", "Aaron Smith"), *twins]).found
    assert [alike.other.key for alike in found] == ["hv/t1"]


def test_what_somebody_said_is_not_proposed() -> None:
    """Whoever was said to be one, or two, is not asked about again."""
    one, other = adult("a", "Lee Brown"), adult("b", "Lee Brown")
    assert propose_adults([one, other]).found
    assert propose_adults([one, other], {frozenset({one.who, other.who})}).found == []


def test_what_too_many_share_is_not_compared() -> None:
    """A name that hundreds bear is not compared each with each, and that is said."""
    crowd = [adult(f"r{place}", "Lee Brown", born="1990") for place in range(SHARED_MOST + 1)]
    done = propose_adults(crowd)
    assert (done.found, done.pairs) == ([], 0)
    assert done.too_common > 0


def test_how_many_are_found_among_a_thousand_records() -> None:
    """Of planted pairs nine in ten are found, of what is likely nearly all are right; a name alone is found never."""
    made_up = made(seed=8, records=1_000)
    done = propose_adults(made_up.adults)
    found = {frozenset({alike.one, alike.other}): alike for alike in done.found}
    right = [pair for pair in found if pair in made_up.one]
    findable = [pair for pair, twist in made_up.one.items() if twist not in ("undated and moved", "moved")]
    assert len(right) / len(made_up.one) >= 0.8
    assert len([pair for pair in findable if pair in found]) / len(findable) >= 0.95
    assert len(right) / len(found) >= 0.93
    likely = [pair for pair, alike in found.items() if alike.level == "likely"]
    assert len([pair for pair in likely if pair in made_up.one]) / len(likely) >= 0.98
    look_alikes = Counter(made_up.two[pair] for pair in found if pair in made_up.two)
    assert sum(look_alikes.values()) <= 1, look_alikes
    assert set(made_up.two.values()) == LOOK_ALIKE
    assert done.pairs < 5 * len(made_up.adults), "far fewer are compared than there are pairs"
