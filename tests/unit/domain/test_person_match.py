"""Which people may be one: proposals with reasons, and what is never proposed."""

from itertools import combinations

import pytest

from ledger.domain.likeness import Likeness
from ledger.domain.person_match import Known, propose_people

LEE = Known("csc/4411", names=("Lee Brown",), born=("1990-04-12",))


def proposed(*people: Known) -> Likeness | None:
    found = propose_people(people)
    assert len(found) <= 1
    return found[0] if found else None


def test_one_name_and_one_date_of_birth_is_likely() -> None:
    """Both agree, so it is likely; it says why, and the pair is in order of its keys."""
    found = proposed(Known("hv/p9", names=("BROWN, Lee",), born=("1990-04-12",)), LEE)
    assert found == Likeness("csc/4411", "hv/p9", 0.95, ("the same name", "the same date of birth"))
    assert found.level == "likely"


@pytest.mark.parametrize("born", ["1990-07-30", "1961-04-12", "1985"])
def test_two_of_one_name_and_different_dates_are_two(born: str) -> None:
    """Whatever else agrees: the same role does not make them one."""
    one, other = (
        Known(key, ("Lee Brown",), (day,), ("partner",)) for key, day in (("a/1", "1990-04-12"), ("b/1", born))
    )
    assert proposed(one, other) is None


@pytest.mark.parametrize(
    ("born", "why"),
    [
        ((), "no two dates of birth to compare"),
        (("1990",), "dates of birth that agree as far as they are known"),
        (("1990-04-21",), "dates of birth that differ as by a slip of the pen"),
    ],
)
def test_a_name_without_a_sure_date_is_only_possible(born: tuple[str, ...], why: str) -> None:
    """Many share a name: without the date it is possible, whatever the role."""
    found = proposed(LEE, Known("hv/p9", ("Lee Brown",), born, ("partner",)))
    assert found is not None
    assert (found.level, found.why) == ("possible", ("the same name", why))


def test_a_part_of_a_name_needs_something_else() -> None:
    """A first name alone proposes nobody; with the same role it does."""
    partner = Known("csc/1", ("Lee Brown",), roles=("mother's partner",))
    assert proposed(partner, Known("hv/1", ("Lee",))) is None
    found = proposed(partner, Known("hv/1", ("Lee",), roles=("partner of the mother",)))
    assert found is not None
    assert (found.level, found.why[-1]) == ("possible", "the same role")


def test_an_unnamed_man_and_a_named_one() -> None:
    """The same role, or the same place, proposes that the man whom nobody names is the one whom somebody does."""
    unnamed = Known("hv/m1", roles=("mum's boyfriend",), places=("12 Rook St.",), agencies=frozenset({"hv"}))
    named = Known("csc/1", ("Lee Brown",), roles=("boyfriend",), agencies=frozenset({"csc"}))
    found = proposed(unnamed, named)
    assert found is not None
    assert found.level == "possible"
    assert found.why[0] == "one of them is not named"
    assert found.why[-1] == "the same role"
    there = proposed(unnamed, Known("gp/1", ("Joe Green",), places=("12 rook st",)))
    assert there is not None
    assert there.why[-1] == "described at the same place"


def test_what_one_agency_keeps_apart_without_names() -> None:
    """Two unnamed people of one agency are two references of its own: it knows."""
    one, other = (Known(key, roles=("partner",), agencies=frozenset({"hv"})) for key in ("hv/1", "hv/2"))
    assert proposed(one, other) is None


@pytest.mark.parametrize("role", ["sibling", "grandmother", "friend of the mother", "maternal uncle", "child"])
def test_roles_of_many_propose_nobody(role: str) -> None:
    """A role that several hold at once says nothing."""
    assert proposed(Known("hv/1", roles=(role,)), Known("csc/1", ("Ann Lee",), roles=(role,))) is None


def test_two_names_of_one_birthday() -> None:
    """One role and one date of birth under two names may be one person's two names; twins are not."""
    found = proposed(
        *(
            Known(key, (name,), ("1990-04-12",), ("partner",))
            for key, name in (("a/1", "Lee Brown"), ("b/1", "Joe Gray"))
        )
    )
    assert found is not None
    assert (found.level, found.why[0]) == ("possible", "the names differ")
    assert (
        proposed(
            *(
                Known(key, (name,), ("2015-04-12",), ("sibling",))
                for key, name in (("a/1", "Amy Lee"), ("b/1", "Zoe Lee"))
            )
        )
        is None
    )


def test_mother_father_and_child() -> None:
    """The child is nobody else, and mother and father are two, whatever their names."""
    alike = [Known(key, ("Sam Lee",), ("1990-04-12",)) for key in ("child", "mother", "father")]
    assert propose_people(alike) == []


def test_who_is_known_to_be_two_is_not_proposed() -> None:
    """A pair that was unlinked, or named side by side, stays two."""
    people = [Known(key, ("Lee Brown",), ("1990-04-12",)) for key in ("csc/1", "gp/1", "hv/1")]
    pairs = [frozenset(pair) for pair in combinations(("csc/1", "gp/1", "hv/1"), 2)]
    assert {frozenset({one.one, one.other}) for one in propose_people(people, pairs[:1])} == set(pairs[1:])
    assert propose_people(people, pairs) == []


def test_the_likeliest_comes_first() -> None:
    """In order of their scores, whatever the order in which people are given."""
    sure, vague = Known("gp/1", ("Lee Brown",), ("1990-04-12",)), Known("hv/1", ("Lee Brown",))
    orders = [propose_people(people) for people in ([LEE, sure, vague], [vague, sure, LEE])]
    assert orders[0] == orders[1]
    assert (orders[0][0].one, orders[0][0].other) == ("csc/4411", "gp/1")
