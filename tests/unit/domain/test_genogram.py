"""Who is drawn on a genogram, as what, and what is said to be in doubt."""

from tests.unit.domain.family import DAY, family, member, said, ties, told
from tests.unit.domain.picturing import drawn


def test_parents_whom_nobody_names_are_missing_with_who_asked() -> None:
    """A record that says nothing of them has both missing; whoever asked in vain stands beside."""
    asked = told("hv", {"about": "child", "attribute": "father", "not_known": "declined"}, by="mother")
    found = family(asked, told("hv", ("mother", "presence", "lives_here")))
    assert [(one.of, one.slot, [claim.not_known for claim in one.not_known]) for one in found.missing] == [
        ("child", "father", ["declined"])
    ]
    assert [one.slot for one in family().missing] == ["mother", "father"]


def test_two_named_as_the_father_are_both_there_and_contested() -> None:
    """Two agencies name two men: neither is left out, and nobody is missing."""
    found = family(
        told("csc", ("child", "father", "k1"), people={"k1": "friend"}, by="mother"),
        told("police", ("child", "father", "p2"), people={"p2": "neighbour"}, by="p2"),
        told("csc", ("mother", "presence", "lives_here")),
    )
    assert [(one, word) for one, _, _, word in said(found, "parent")] == [
        ("csc/k1", "contested"), ("police/p2", "contested"), ("mother", "stands"),
    ]  # fmt: skip
    assert found.missing == ()


def test_the_word_father_is_contested_once_another_is_named() -> None:
    """Whom all agencies call the father is one who may be, when somebody else is named as him."""
    found = family(
        told("csc", ("father", "presence", "absent")),
        told("hv", ("child", "father", "k1"), people={"k1": "friend"}, by="mother"),
    )
    assert {one: how for one, _, _, how in said(found, "parent")} == {"father": "contested", "hv/k1": "contested"}


def test_a_denied_parent_is_contested() -> None:
    """One names him as the father, and a register says that he is no relation."""
    found = family(
        told("csc", ("child", "father", "father"), by="mother"),
        told("police", ("father", "kinship", "not_related"), basis="searched"),
    )
    assert ("father", "child", "parent", "contested") in said(found, "parent")


def test_one_persons_word_is_told_from_what_another_bears_out() -> None:
    """What the mother alone says is her word; with a document beside it, it stands."""
    by_her = told("hv", ("g", "kinship", "grandparent"), people={"g": "gran"}, by="mother")
    assert said(family(by_her), "kin") == [("hv/g", "child", "grandparent", "one_word")]
    borne_out = told("hv", ("g", "kinship", "grandparent"), basis="document")
    assert said(family(by_her, borne_out), "kin") == [("hv/g", "child", "grandparent", "stands")]


def test_kin_whose_way_is_not_said_stay_open() -> None:
    """A relative is drawn as one, in no way that nobody said; one of whom nothing is known is not tied."""
    found = family(
        told("hv", ("a", "kinship", "relative"), people={"a": "relative"}),
        told("hv", ("b", "kinship", "undetermined"), people={"b": "visitor"}),
    )
    assert said(found, "kin") == [("hv/a", "child", "relative", "stands")]
    assert member(found, "hv/b").generation is None


def test_brothers_and_sisters_by_how_much_is_said() -> None:
    """Full, half, or only that they are one or the other."""
    values = {"a": "full_sibling", "b": "half_sibling", "c": "sibling"}
    found = family(*(told("hv", (ref, "kinship", value), people={ref: "x"}) for ref, value in values.items()))
    assert [word for _, _, word, _ in said(found, "sibling")] == ["full_sibling", "half_sibling", "sibling"]


def test_couples_apart_together_and_at_an_earlier_time() -> None:
    """Two accounts of one couple are both drawn, contested; a couple that has ended is one of an earlier time."""
    apart = told("csc", {**_couple("separated"), "valid": "2024-01/.."}, by="mother")
    together = told("police", {**_couple("live_together"), "valid": "2024-04/.."}, basis="seen")
    found = family(apart, together)
    assert {word: how for _, _, word, how in said(found, "couple")} == {
        "separated": "contested", "live_together": "contested",
    }  # fmt: skip
    ended = family(told("csc", {**_couple("together"), "valid": "2019/2021"}))
    assert [tie.has_ended for tie in ties(ended, "couple")] == [True]


def _couple(value: str) -> dict[str, str]:
    return {"about": "father", "attribute": "relationship", "with": "mother", "value": value}


def test_what_agencies_call_somebody_ties_where_no_statement_does() -> None:
    """A role alone places and ties, as that agency's word; what somebody says of their kinship is told instead."""
    found = family(told("hv", people={"g": "maternal grandmother", "p": "mother's partner", "s": "half-sister"}))
    assert said(found, "parent")[-1:] == [("hv/g", "mother", "parent", "one_word")]
    assert said(found, "couple") == [("hv/p", "mother", "together", "one_word")]
    assert said(found, "sibling") == [("hv/s", "child", "half_sibling", "one_word")]
    assert {name: member(found, name).sex for name in ("hv/g", "hv/p", "hv/s")} == {
        "hv/g": "female", "hv/p": None, "hv/s": "female",
    }  # fmt: skip
    told_so = told("csc", ("hv/s", "kinship", "cousin"))
    assert said(family(told("hv", people={"s": "half-sister"}), told_so), "sibling") == []


def test_generations_follow_ties_and_not_names() -> None:
    """Parents stand over children, their parents over them, and a parent's partner beside the parent."""
    found = family(
        told("hv", ("mother", "presence", "lives_here")),
        told("hv", {"about": "g", "attribute": "kinship", "with": "mother", "value": "parent"}, people={"g": "gran"}),
        told("hv", people={"p": "mother's boyfriend", "n": "neighbour"}),
        told("hv", {"about": "p", "attribute": "kinship", "with": "s", "value": "parent"}, people={"s": "girl"}),
    )
    assert {one.name: one.generation for one in found.members} == {
        "child": 0, "mother": 1, "hv/g": 2, "hv/p": 1, "hv/n": None, "hv/s": 0,
    }  # fmt: skip
    assert [(one.of, one.slot) for one in found.missing] == [("child", "father"), ("hv/s", "mother")]


def test_the_household_by_what_is_held_now() -> None:
    """Who lives there, who does not, and of whom both are said; what has ended says neither."""
    found = family(
        told("hv", ("father", "presence", "lives_here"), valid="2024-04/.."),
        told("csc", ("father", "presence", "absent"), valid="2024-04/..", by="mother"),
        told("csc", ("mother", "household_member", "member"), valid="2024-04/.."),
        told("csc", ("a", "presence", "lives_elsewhere"), valid="2024-04/..", people={"a": "aunt"}),
        told("csc", ("b", "presence", "lives_here"), valid="2020/2021", people={"b": "uncle"}),
    )
    assert {one.name: one.household for one in found.members} == {
        "child": "in", "father": "contested", "mother": "in", "csc/a": "out", "csc/b": None,
    }  # fmt: skip


def test_death_and_pregnancy_as_they_are_said() -> None:
    """A death stays; two who differ on it leave it contested. A pregnancy that ended is none."""
    found = family(
        told("csc", ("g", "death", "happened"), valid="2019", people={"g": "grandad"}),
        told("csc", ("father", "death", "happened"), valid="2023", by="mother"),
        told("police", ("father", "death", "did_not_happen"), valid="2023", basis="searched"),
        told("mw", ("mother", "pregnancy", "pregnant"), valid="2024-03/.."),
        told("mw", ("a", "pregnancy", "pregnant"), valid="2020/2021", people={"a": "aunt"}),
    )
    assert member(found, "csc/g").died == "yes"
    assert member(found, "father").died == "contested"
    assert (member(found, "mother").pregnant, member(found, "mw/a").pregnant) == ("yes", None)


def test_a_link_makes_one_of_two_and_what_is_said_of_both_is_theirs() -> None:
    """Two agencies' references to one man, once linked, are one father, borne out by both."""
    link = {"agency": "csc", "kind": "link", "body": {"people": ["csc/k", "hv/m"], "reason": "One man."}}
    found = family(
        told("csc", ("child", "father", "k"), people={"k": "friend"}, by="mother"),
        told("hv", ("child", "father", "m"), people={"m": "visitor"}, basis="document"),
        link,
    )
    assert said(found, "parent") == [("csc/k", "child", "parent", "stands")]


def test_it_reads_a_picture_of_nothing() -> None:
    """A record without a word about anybody is a child with two missing parents."""
    assert [person.name for person in drawn(at=DAY).people] == ["child"]
    assert [one.name for one in family().members] == ["child"]
