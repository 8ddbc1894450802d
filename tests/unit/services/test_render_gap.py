import json
from typing import Any

from tests.partnership import default_pack
from tests.unit.services.seeing import claim, finding, observation, render

PACK = default_pack()
RULE = next(rule for rule in PACK.rules.values() if rule.settings.get("attribute") == "father" and rule.ask)
ASKED = {"about": "child", "attribute": "father", "value": None, "valid": None, "informant": "mother"}


def told(*states: str, **marks: Any) -> dict[str, Any]:
    """A gap on who the father is: the first try by health visiting, the next by social care."""
    entries = [
        observation(
            number, agency, claim(**ASKED, not_known=state), contact={"depth": "seen_alone", "home_entered": True}
        )
        for number, (agency, state) in enumerate(zip(("hv", "csc"), states, strict=False), 1)
    ]
    marks = {"tier": "prompt", "state": states[-1], "by": RULE.name} | marks
    found = finding([entry.number for entry in entries], kind="gap", rule="not_known", marks=marks)
    rendered = render(found, entries, PACK)
    assert json.loads(json.dumps(rendered)) == rendered
    return rendered


def test_who_asked_whom_when_and_how_is_told() -> None:
    """Each attempt in the order of the record, with the contact at which it was made and what came of it."""
    gap = told("declined", "evaded", refusals=2)["gap"]
    assert [attempt["words"] for attempt in gap["attempts"]] == [
        "Health visiting asked the mother, 5 October 2022 (seen alone, in the home): declined to say",
        "Children’s social care asked the mother, 5 October 2022 (seen alone, in the home): the question was evaded",
    ]
    assert (gap["state"], gap["refusals"], gap["enquiry"]) == ("evaded", 2, None)


def test_the_rule_says_why_it_is_asked_and_in_what_words() -> None:
    """The pack's meaning, source and suggested words are those of the rule that asks, and so is who can find out."""
    rendered = told("not_asked")
    assert (rendered["meaning"], rendered["why"], rendered["ask"]) == (RULE.meaning, RULE.source, RULE.ask)
    assert rendered["gap"]["asks"] == sorted(RULE.settings["asks"])
    assert rendered["gap"]["asks_words"].endswith("at the next contact")


def test_an_enquiry_names_who_is_asked_with_a_number_to_ring() -> None:
    """Until when, and once it is late; whoever is asked is rung first, and it weighs more than asking."""
    rendered = told(
        "declined", "declined", tier="queue", owed_by="police", due="2022-10-20T09:00:00+00:00", is_lapsed=True
    )
    assert rendered["gap"]["enquiry"] == {
        "agency": "police",
        "agency_name": "Police",
        "contact": "101",
        "due": "2022-10-20T09:00:00.000000Z",
        "due_words": "20 October 2022 at 10am",
        "overdue": True,
    }
    assert rendered["ring"][0]["agency"] == "police"
    assert "Police was to find out by 20 October 2022 at 10am" in rendered["headline"]
    assert "an enquiry into it was not answered in time" in rendered["severity_because"]
    assert rendered["severity"] != told("declined")["severity"]
