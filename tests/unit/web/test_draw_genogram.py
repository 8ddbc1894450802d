"""The drawing of a family: nobody on top of anybody, generations as rows, and a line or a place for every tie."""

import re
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.web.draw_genogram import Drawing, draw_genogram
from ledger.web.draw_genogram_rows import COLUMN, ROW
from tests.sizes import examples

NAMES = ("mother", "father", *(f"hv/p{number}" for number in range(9)))


def person(name: str, generation: int | None = 1, **more: Any) -> dict[str, Any]:
    """Somebody as the service tells of them."""
    told: dict[str, Any] = {"person": name, "label": f"the {name}", "also_called": [], "sex": None}
    told["generation"] = generation
    told |= {"household": None, "died": None, "pregnant": None, "born": [], "roles": [], "declared": []}
    return told | more


def tie(sort: str, one: str, other: str, standing: str = "stands", **more: Any) -> dict[str, Any]:
    """What one is to another."""
    told = {"sort": sort, "one": one, "other": other, "standing": standing, "slot": None, "ended": False}
    told |= {"word": "together" if sort == "couple" else sort, "words": f"{one} {sort} {other}", "standing_words": ""}
    return told | more


def family(
    *people: dict[str, Any], ties: tuple[dict[str, Any], ...] = (), missing: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    """A family with the child in it."""
    child = person("child", 0, label="the child")
    return {
        "people": [child, *people], "ties": list(ties), "missing": list(missing), "unborn": False,
        "valid_at": "2024-05-01T12:00:00Z",
    }  # fmt: skip


@st.composite
def families(draw: st.DrawFn) -> dict[str, Any]:
    """Up to a dozen people in four generations, with parents a generation above, couples and siblings beside."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=11))
    people = [
        person(
            name,
            draw(st.sampled_from([None, -1, 0, 1, 1, 2, 3])),
            household=draw(st.sampled_from(["in", "out", "contested", None])),
            sex=draw(st.sampled_from(["male", "female", None])),
        )
        for name in names
    ]
    above = {"child": 0} | {one["person"]: one["generation"] for one in people}
    ties = []
    for one, other in combinations(above, 2):
        if None in (above[one], above[other]) or not draw(st.booleans()):
            continue
        step, standing = above[one] - above[other], draw(st.sampled_from(["stands", "one_word", "contested"]))
        if step == 0:
            ties.append(tie(draw(st.sampled_from(["couple", "sibling"])), one, other, standing))
        elif abs(step) == 1:
            pair = (one, other) if step > 0 else (other, one)
            ties.append(tie("parent", *pair, standing, slot=draw(st.sampled_from(["mother", "father", None]))))
    missing = {"of": "child", "slot": draw(st.sampled_from(["mother", "father", None])), "words": "Not known."}
    return family(*people, ties=tuple(ties), missing=(missing,) if draw(st.booleans()) else ())


@given(families())
@settings(max_examples=examples(), deadline=None)
def test_nobody_stands_on_anybody_and_all_is_within(told: dict[str, Any]) -> None:
    """Everybody, missing or not, has a column's width; nothing reaches beyond; one family is drawn in one way."""
    drawing = draw_genogram(told)
    assert draw_genogram(told) == drawing
    assert len(drawing.symbols) == len(told["people"]) + len(told["missing"])
    for one, other in combinations(drawing.symbols, 2):
        assert one.y != other.y or abs(one.x - other.x) >= COLUMN - 0.01
    for symbol in drawing.symbols:
        assert COLUMN / 2 - 0.01 <= symbol.x <= drawing.width - COLUMN / 2 + 1
        assert 0 < symbol.y < drawing.height
    for line in drawing.lines:
        across, down = _points(line.path)
        assert min(across) >= 0
        assert max(across) <= drawing.width
        assert min(down) > 0
        assert max(down) <= drawing.height


@given(families())
@settings(max_examples=examples(), deadline=None)
def test_every_tie_has_a_line_and_generations_are_rows(told: dict[str, Any]) -> None:
    """Each parent, couple and sibling is told by some line; whoever is a generation above stands a row above."""
    drawing = draw_genogram(told)
    titles = " ".join(line.title for line in drawing.lines)
    parents = {(one["one"], one["other"]) for one in told["ties"] if one["sort"] == "parent"}
    for one in told["ties"]:
        shared = any(
            (parent, one["one"]) in parents and (parent, one["other"]) in parents for parent in (*NAMES, "child")
        )
        assert one["words"] in titles or (one["sort"] == "sibling" and shared)
    rows: dict[int, set[float]] = {}
    for symbol, one in zip(_of_people(drawing, told), told["people"], strict=True):
        if one["generation"] is not None:
            rows.setdefault(one["generation"], set()).add(symbol.y)
    heights = [rows[generation] for generation in sorted(rows, reverse=True)]
    assert all(len(height) == 1 for height in heights)
    assert sorted(heights, key=min) == heights


def test_parents_stand_side_by_side_over_their_child() -> None:
    """Mother and father next to each other, the child between and below them, a dotted line where it is one's word."""
    told = family(
        person("mother", sex="female"),
        person("father", sex="male"),
        person("hv/aunt"),
        ties=(
            tie("parent", "mother", "child", slot="mother"),
            tie("parent", "father", "child", "one_word", slot="father"),
        ),
    )
    drawing = draw_genogram(told)
    child, mother, father, _ = _of_people(drawing, told)
    assert abs(mother.x - father.x) == COLUMN
    assert child.x == (mother.x + father.x) / 2
    assert child.y - mother.y == ROW
    assert [(line.sort, line.is_dotted) for line in drawing.lines] == [("coparents", False), ("descent", True)]
    assert [symbol.shape for symbol in (mother, father, child)] == ["circle", "square", "diamond"]


def test_two_who_may_be_the_father_each_have_a_line_and_a_mark() -> None:
    """Both lines lead to the child, apart from each other, and each says by a sign that it is contested."""
    told = family(
        person("mother"), person("father"), person("hv/kev"),
        ties=(
            tie("parent", "mother", "child", slot="mother"),
            tie("parent", "father", "child", "contested", slot="father"),
            tie("parent", "hv/kev", "child", "contested", slot="father"),
        ),
    )  # fmt: skip
    drawing = draw_genogram(told)
    assert [mark.sort for mark in drawing.marks] == ["contested", "contested"]
    assert len({mark.x for mark in drawing.marks}) == 2


def test_a_couple_by_how_they_stand() -> None:
    """Together two lines, apart a cut, at an earlier time a cut, said to be none a broken line."""
    drawn = {}
    for word, ended in (("live_together", False), ("separated", False), ("together", True), ("never_a_couple", False)):
        couple = tie("couple", "mother", "father", word=word, ended=ended)
        drawing = draw_genogram(family(person("mother"), person("father"), ties=(couple,)))
        drawn[word] = (drawing.lines[0].sort, [mark.sort for mark in drawing.marks])
    assert drawn == {
        "live_together": ("double", []), "separated": ("single", ["cut"]), "together": ("single", ["cut"]),
        "never_a_couple": ("broken", []),
    }  # fmt: skip


def test_the_missing_the_dead_the_unborn_and_the_household() -> None:
    """Each by a shape of its own: a question mark, a cross, a triangle, a frame round those who live together."""
    told = family(
        person("mother", household="in", pregnant="yes"),
        person("hv/grandad", 2, died="yes"),
        ties=(tie("parent", "mother", "child", slot="mother"),),
        missing=({"of": "child", "slot": "father", "words": "Nobody has said who the father is."},),
    )
    told["people"][0]["household"] = "in"
    drawing = draw_genogram(told)
    missing = next(symbol for symbol in drawing.symbols if symbol.is_missing)
    assert (missing.shape, missing.inside) == ("square", "?")
    assert [symbol.shape for symbol in drawing.symbols].count("triangle") == 1
    assert [symbol.died for symbol in drawing.symbols if symbol.died] == ["yes"]
    assert len(drawing.frames) == 2
    unborn = draw_genogram(family() | {"unborn": True})
    assert [symbol.shape for symbol in unborn.symbols] == ["triangle"]


def test_the_age_within_and_the_name_under() -> None:
    """A whole date of birth gives an age, two that differ a sign, a long name two lines at most."""
    born = [{"value": "1998-11-30", "words": "30 November 1998"}]
    twice = [*born, {"value": "1997-11-30", "words": "30 November 1997"}]
    long = "Persephone Alexandra Cholmondeley of Shrewsbury"
    told = family(person("mother", born=born), person("father", born=twice), person("hv/x", label=long))
    _, mother, father, other = _of_people(draw_genogram(told), told)
    assert (mother.inside, father.inside, len(other.lines)) == ("25", "≠", 2)
    assert long in other.title


def _of_people(drawing: Drawing, told: dict[str, Any]) -> list[Any]:
    """The symbols of people, in the order in which these are told."""
    placed = [one for one in told["people"] if one["generation"] is not None]
    others = [one for one in told["people"] if one["generation"] is None]
    first, last = drawing.symbols[: len(placed)], drawing.symbols[len(drawing.symbols) - len(others) :]
    by_name = dict(zip((one["person"] for one in (*placed, *others)), (*first, *last), strict=True))
    return [by_name[one["person"]] for one in told["people"]]


def _points(path: str) -> tuple[list[float], list[float]]:
    """Every number of a path that stands across, and every one that stands down."""
    across = [float(number) for number in re.findall(r"[MH]([-\d.]+)", path)]
    return across, [float(number) for number in re.findall(r"(?:V|,)([-\d.]+)", path)]
