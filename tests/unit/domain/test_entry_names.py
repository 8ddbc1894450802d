from __future__ import annotations

from ledger.domain.entry_names import entries_named, with_child, with_entries

DECISION = {"kind": "step_down", "relies_on": ["o1", {"entry": "o2", "about": "father"}, {"about": "mother"}]}


def test_every_place_that_names_an_entry_is_found() -> None:
    """What withdraws, answers or is done names one; a decision names those that it relies on; a handover none."""
    assert list(entries_named("correction", {"corrects": "o1"})) == [(("corrects",), "o1")]
    assert list(entries_named("reply", {"of": "r1"})) == [(("of",), "r1")]
    assert list(entries_named("handover", {"of": "lead"})) == []
    assert list(entries_named("decision", DECISION)) == [(("relies_on", 0), "o1"), (("relies_on", 1, "entry"), "o2")]


def test_names_are_exchanged_everywhere_and_nothing_else() -> None:
    """Each name that is known becomes the other; what is unknown and the body handed in stay as they are."""
    names = {"o1": "x.1", "o2": "x.2"}
    assert with_entries("void", {"voids": "o1", "reason": "o2"}, names) == {"voids": "x.1", "reason": "o2"}
    assert with_entries("decision", DECISION, names)["relies_on"] == [
        {"entry": "x.1"},
        {"entry": "x.2", "about": "father"},
        {"about": "mother"},
    ]
    assert DECISION["relies_on"][0] == "o1"
    assert with_entries("done", {"of": "elsewhere"}, names) == {"of": "elsewhere"}


def test_the_child_is_called_child_wherever_people_are_named() -> None:
    """Words that happen to be the reference are left alone where they name nobody."""
    body = {
        "narrative": "baby",
        "claims": [{"about": ["baby", "mother"], "with": "baby", "value": "baby", "attribute": "baby"}],
        "contact": {"present": ["baby"], "in_earshot": "baby"},
    }
    assert with_child(body, "baby") == {
        "narrative": "baby",
        "claims": [{"about": ["child", "mother"], "with": "child", "value": "baby", "attribute": "baby"}],
        "contact": {"present": ["child"], "in_earshot": "child"},
    }
