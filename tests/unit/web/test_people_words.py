"""The list beside a genogram has everybody once, by generation, each with their ties."""

from ledger.web.people_words import group_people
from tests.unit.web.test_draw_genogram import family, person, tie


def test_everybody_is_listed_once_from_the_oldest_down() -> None:
    """Generations from the top, then those whom nothing places; a tie stands with both whom it ties."""
    couple = tie("couple", "mother", "father")
    missing = {"of": "child", "slot": "father", "words": "Not known."}
    told = family(
        person("hv/lodger", None), person("mother"), person("father"), person("hv/gran", 2),
        ties=(couple,), missing=(missing,),
    )  # fmt: skip
    groups = group_people(told)
    assert [[one["person"] for one in group["people"]] for group in groups] == [
        ["hv/gran"], ["mother", "father"], ["child"], ["hv/lodger"],
    ]  # fmt: skip
    assert [one["ties"] for one in groups[1]["people"]] == [[couple], [couple]]
    assert [(one["child"], one["missing"]) for one in groups[2]["people"]] == [(True, [missing])]
    assert groups[3]["title"].startswith("Others")
