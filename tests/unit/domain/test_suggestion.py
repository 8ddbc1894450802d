import re
from time import process_time

import pytest

from ledger.domain.suggestion import SUGGESTIONS_MAX, Known, suggest
from ledger.domain.vocabulary import NOT_KNOWN
from tests.shipped import shipped_pack
from tests.unit.domain.suggesting import score, written
from tests.unit.domain.suggestions import FRESH, TUNED, UNSEEN

ALL = (*TUNED, *UNSEEN, *FRESH)


def said(narrative: str, *known: Known) -> list[str]:
    return [written(one) for one in suggest(narrative, known)]


def test_the_corpus_is_large_enough_to_tell_anything() -> None:
    """At least 150 narratives, each once, with others' words, the past, doubt, plans and silence among them."""
    assert len({narrative for narrative, _ in ALL}) == len(ALL) >= 150
    wanted = [one for _, expected in ALL for one in expected]
    for mark in (" <", " past", " doubt", " plan", "=?"):
        assert sum(mark in one for one in wanted) >= 3, mark
    assert sum(not expected for _, expected in ALL) >= 15


@pytest.mark.parametrize(
    ("corpus", "precision", "recall"), [(TUNED, 0.98, 0.98), (UNSEEN, 0.93, 0.93), (FRESH, 0.90, 0.90)],
    ids=["tuned", "unseen", "fresh"],
)  # fmt: skip
def test_most_of_what_is_suggested_is_right_and_most_of_what_is_there_is_found(
    corpus: tuple[tuple[str, tuple[str, ...]], ...], precision: float, recall: float
) -> None:
    """Of each corpus; whom it is about, whose word it is and how it is said count as much as what."""
    found = score(corpus)
    assert found.precision >= precision, found.differing
    assert found.recall >= recall, found.differing


def test_every_suggestion_is_in_the_vocabulary() -> None:
    """What a phrase stands for is an attribute and value of the pack that the program comes with, denied or not."""
    pack = shipped_pack()
    for narrative, _ in ALL:
        for one in suggest(narrative):
            name, _, item = one.attribute.partition(":")
            about = one.about or ("child" if pack.attributes[name].about == "child" else "father")
            claim = {"about": re.sub(r"^new:.*", "p1", about), "attribute": name}
            claim |= {"not_known": one.not_known} if one.not_known else {"value": str(one.value)}
            parts = {"item": one.item or item, "thing": one.thing, "with": one.counterpart}
            claim |= {part: value for part, value in parts.items() if value}
            assert pack.check_claim(claim) == [], (narrative, one)
            assert one.not_known is None or one.not_known in NOT_KNOWN


def test_each_says_by_which_words() -> None:
    """The words stand where they are said to stand, and what changed their meaning is quoted from the narrative."""
    narrative = "Nan reports that dad\u2019s not living here. Mum may be drinking again."
    one, other = suggest(narrative)
    assert narrative[slice(*one.words)] == "not living here"
    assert any("Nan reports" in words for words in one.because)
    assert any("may" in words for words in other.because)
    assert other.basis == "judgement"
    assert other.statement == "opinion"


def test_what_was_seen_is_not_taken_for_what_was_told() -> None:
    """After `I saw`, what follows is the author's own; before it, the speaker's."""
    assert said("Mum said dad has left, but I saw dad in the kitchen.") == [
        "presence=absent@father <mother",
        "presence=present@father",
    ]


def test_nobody_is_guessed() -> None:
    """Whom nothing in the words tells is left open: a pronoun that nobody was named for, and who said it."""
    assert said("He has moved in.") == ["presence=lives_here@?"]
    assert said("She told me that dad moved out.") == ["presence=absent@father <?"]


def test_known_people_are_meant_by_name_and_by_part() -> None:
    """A name or part that the record knows stands for that person; one that it does not know for somebody new."""
    kev = Known("p7", ("Kev Stroud",), ("mother's partner",))
    assert said("Kev stays over most nights.", kev) == ["presence=stays_overnight@p7"]
    assert said("Mum's partner moved in.", kev) == ["presence=lives_here@p7"]
    assert said("Mum's partner moved in.") == ["presence=lives_here@new:mother's partner"]


@pytest.mark.parametrize(
    "words", ["Mum asked if dad can move in.", "We advised mum about drinking.", "If he moves in, ring us."]
)
def test_what_is_only_spoken_of_says_nothing(words: str) -> None:
    """Questions, advice and conditions are not statements."""
    assert said(words) == []


def test_no_text_is_too_much() -> None:
    """However long and odd a narrative is, it is read in good time and suggests no more than helps."""
    long = "Mum said dad moved out and he was drunk and baby had a bruise on the arm. " * 100
    assert 0 < len(suggest(long)) <= SUGGESTIONS_MAX
    assert suggest("(" * 5_000 + "\u2028" + "a " * 5_000) == []
    assert suggest("") == []


def test_a_sentence_without_an_end_takes_no_longer_than_so_many_words() -> None:
    """Ten times as many words take about ten times as long, and not a hundred; the last of them are read too."""
    some, more = "bruise on the left " * 50, "bruise on the left " * 500
    assert _cpu_of(more) < 30 * _cpu_of(some)
    assert suggest("and so on " * 600 + "baby has a bruise on the left arm")


def _cpu_of(narrative: str) -> float:
    began = process_time()
    suggest(narrative)
    return process_time() - began
