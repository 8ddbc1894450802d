"""Gaps on the pages: answers that take one press, the form for what is known, and asking another agency."""

from typing import Any

import pytest

from ledger.domain.role import Role
from tests.integration.web.pressing import Pressing, Shown
from tests.partnership import Partnership, stored


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child of whose father midwifery's question was declined: an open gap."""
    made = partnership.child(involve=["hv", "csc"], name="Robin")
    claim = {"about": "child", "attribute": "father", "not_known": "declined", "basis": "told", "informant": "mother"}
    stored(partnership.post("/observations", partnership.observation(made, claims=[claim])))
    partnership.detect(made)
    return made


@pytest.fixture
def visitor(partnership: Partnership) -> Pressing:
    """A health visitor at their pages."""
    return Pressing(partnership, partnership.person("hv", "hv1", Role.PRACTITIONER))


def gap_of(partnership: Partnership, child: str, topic: str = "father") -> dict[str, Any]:
    told: list[dict[str, Any]] = stored(partnership.get(f"/children/{child}/gaps", "hv"))["gaps"]
    return next(one for one in told if one["topic"] == topic)


def press(visitor: Pressing, partnership: Partnership, child: str, answer: str, **entered: Any) -> Shown:
    gap = gap_of(partnership, child)["gap"]
    return visitor.post(f"/children/{child}/gaps", gap=gap, answer=answer, at="1", **entered)


def last(partnership: Partnership, child: str) -> dict[str, Any]:
    told = stored(partnership.get(f"/children/{child}/timeline", "hv"))["entries"]
    found: dict[str, Any] = [one for one in told if one.get("body", {}).get("author", {}).get("ref") == "hv1"][-1]
    return found


def test_a_gap_says_why_and_who_tried(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """What is not known, why it is asked, in which words, who tried, and four answers that take one press."""
    page = visitor.open(f"/children/{child}/gaps")
    assert page.status == 200
    for words in ("The child’s father", "Words to use:", "Who tried", "declined to say", "Ask another agency"):
        assert words in page.text, words
    assert page.html.count('name="answer" value="declined"') >= 1
    assert page.html.count('name="answer" value="not_asked"') >= 1


def test_one_press_records_what_came_of_asking(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """It is an observation by whoever pressed; pressing twice is once; the gap stays open, with the attempt."""
    answer = press(visitor, partnership, child, "declined", whom="mother")
    again = press(visitor, partnership, child, "declined", whom="mother")
    assert (answer.status, again.status) == (303, 303)
    (claim,) = last(partnership, child)["body"]["claims"]
    assert claim == {
        "about": "child", "attribute": "father", "not_known": "declined", "basis": "told", "informant": "mother"
    }  # fmt: skip
    partnership.detect(child)
    assert len(gap_of(partnership, child)["attempts"]) == 2


def test_what_is_known_closes_it(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """An answer without its parts is refused beside its fields; a whole one closes the gap, shown as answered."""
    field = f"g{gap_of(partnership, child)['gap'][:8]}"
    amiss = press(visitor, partnership, child, "known", **{f"{field}-when": "still"})
    assert amiss.status == 400
    assert amiss.text.count("Choose how it is known") == 2
    known = {f"{field}-value": "father", f"{field}-how": "told:mother", f"{field}-when": "still"}
    assert press(visitor, partnership, child, "known", **known).status == 303
    partnership.detect(child)
    page = visitor.open(f"/children/{child}/gaps")
    before, _, answered = page.text.partition("Answered")
    assert "The child’s father" not in before
    assert "The child’s father" in answered


def test_another_agency_is_asked_in_the_packs_words(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """To whom is needed; asked, it is a request for information with the gap's question and its lawful basis."""
    assert press(visitor, partnership, child, "enquire", lawful_basis="public_task").status == 400
    gap = gap_of(partnership, child)
    assert press(visitor, partnership, child, "enquire", to="csc", lawful_basis="public_task").status == 303
    entry = last(partnership, child)
    assert entry["kind"] == "information_request"
    assert (entry["body"]["to"], entry["body"]["asks"]) == ("csc", gap["ask"])


def test_who_only_reads_is_offered_no_answers(partnership: Partnership, child: str) -> None:
    """A manager reads the gaps and has no form; an earlier day has none either."""
    manager = Pressing(partnership, partnership.person("hv", "m1", Role.MANAGER))
    assert 'name="answer"' not in manager.open(f"/children/{child}/gaps").html
    visitor = Pressing(partnership, partnership.person("hv", "hv2", Role.PRACTITIONER))
    assert 'name="answer"' not in visitor.open(f"/children/{child}/gaps?known_on=2022-01-01").html
