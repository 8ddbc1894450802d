from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.services.read_yaml import DEPTH_MAX, ReadError, read_yaml

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def test_every_scalar_is_text() -> None:
    """Nothing is guessed: a date, a number, yes and no, and base sixty stay as they were written."""
    found = read_yaml("a: 2022-09-01\nb: no\nc: 12:30:00\nd: 010\ne: 1e3\nf: ~\ng:\n").content
    assert found == {"a": "2022-09-01", "b": "no", "c": "12:30:00", "d": "010", "e": "1e3", "f": "~", "g": ""}


def test_every_place_has_its_line() -> None:
    """A fault can name the line of any part, and of the nearest part around one that is missing."""
    document = read_yaml("a: 1\nb:\n  - c: x\n    d: y\n  - e\n")
    assert document.line(("b", 0, "d")) == 4
    assert document.line(("b", 1)) == 5
    assert document.line(("b", 0, "missing")) == 3
    assert document.line(()) == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: &x 1\nb: *x\n", 1, "aliases"),
        ("a: 1\nb: *x\n", 2, "aliases"),
        ("a: !!python/name:os.system x\n", 1, "tags"),
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: 1\n---\nb: 2\n", 2, "one document"),
        ("? [a, b]\n: 1\n", 1, "plain text"),
        ("a: {", 1, "not YAML"),
        ("a:\n\t- b", 2, "not YAML"),
        ("a: \x07", 1, "not YAML"),
        ('"\\uD83D": 1', 1, "half a character"),
        ("", 1, "empty"),
        ("[" * (DEPTH_MAX + 2) + "]" * (DEPTH_MAX + 2), 1, "deep"),
    ],
)
def test_what_is_refused_names_its_line(text: str, line: int, words: str) -> None:
    """Aliases, tags, repeats, second documents and broken text are refused where they stand."""
    with pytest.raises(ReadError, match=words) as refusal:
        read_yaml(text)
    assert refusal.value.line == line


def test_a_bomb_of_aliases_is_refused() -> None:
    """Text that would grow without bound is refused at its first anchor."""
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    with pytest.raises(ReadError, match="aliases"):
        read_yaml(bomb)


@given(
    st.recursive(
        TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=8
    )
)
def test_json_is_read_by_the_same_reader(value: object) -> None:
    """What a JSON writer makes of text, lists and objects comes back the same, escapes and all."""
    assert read_yaml(json.dumps(value)).content == value


def test_json_with_tabs_and_numbers() -> None:
    """JSON's numbers are text as they stand, and its tabs are space."""
    assert read_yaml('{\n\t"a":\t1.50,\n\t"b": [true, "\\/"]\n}').content == {"a": "1.50", "b": ["true", "/"]}
