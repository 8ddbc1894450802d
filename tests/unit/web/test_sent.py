import pytest
from flask import Flask

from ledger.services.refusal import EVENT_ID_REUSED, RefusedError
from ledger.web.sent import amiss, shared_with, too_long, words_sent


def test_words_come_as_their_author_counts_them() -> None:
    """A line's end is one character, as browsers count it, spaces around are dropped, and nothing unseen is kept."""
    with Flask("pages").test_request_context(method="POST", data={"why": "  one\r\ntwo\x00 "}):
        assert words_sent(("why", "what")) == {"why": "one\ntwo", "what": ""}


@pytest.mark.parametrize(("length", "is_wrong"), [(10, False), (11, True)])
def test_too_long_says_by_how_much(length: int, is_wrong: bool) -> None:
    """At the limit all is well; past it the error says the limit and what there is."""
    errors = too_long({"why": "x" * length, "what": ""}, {"why": 10, "what": 10})
    assert errors == ({"why": "Shorten this to 10 characters: it has 11"} if is_wrong else {})


def test_keeping_it_to_one_agency_takes_a_basis() -> None:
    """Everybody involved reads what nobody keeps back; what is kept back says on what lawful basis."""
    errors: dict[str, str] = {}
    assert shared_with({"who_sees": "involved", "lawful_basis": ""}, errors) == {}
    assert shared_with({"who_sees": "own", "lawful_basis": "public_task"}, errors)["sharing"] == {
        "marking": "restricted", "to": [], "lawful_basis": "public_task",
    }  # fmt: skip
    assert errors == {}
    shared_with({"who_sees": "own", "lawful_basis": "because"}, errors)
    assert list(errors) == ["lawful_basis"]


def test_a_refusal_is_said_beside_its_field_or_not_here() -> None:
    """A second press is no error; what the page has words for is said; anything else is the whole page's to say."""
    fields = {"stands_already": ("why", "It stands by now")}
    assert amiss(RefusedError(EVENT_ID_REUSED.code, "-"), fields) == {}
    assert amiss(RefusedError("stands_already", "-"), fields) == {"why": "It stands by now"}
    with pytest.raises(RefusedError):
        amiss(RefusedError("not_known", "-"), fields)
