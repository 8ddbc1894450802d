"""Which few of the open gaps an agency is asked for, in which order, and what it may know of each."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.asking import PROMPTS_MOST, Answered, OpenGap, candidates, could_ask, item_told, to_ask
from tests.partnership import default_pack

AT = datetime(2023, 3, 6, 9, tzinfo=UTC)
PACK = default_pack()
RULE = next(
    rule for rule in PACK.rules.values() if rule.family.name == "must_know" and rule.settings["attribute"] == "father"
)


def kept(attribute: str = "father", about: str = "child", **more: Any) -> dict[str, Any]:
    """One gap as a record keeps it."""
    marks = {"tier": "prompt", "state": "not_asked"} | more.pop("marks", {})
    question = {"attribute": attribute, "about": about} | more.pop("question", {})
    return {
        "id": f"{attribute}-{about}", "rule": "not_known", "since": "2023-03-01T09:00:00+00:00", "marks": marks,
        "question": question, "keys": [about], "sides": [3], "tried": [], "hidden": {},
    } | more  # fmt: skip


def asked(*gaps: dict[str, Any], agency: str = "hv", kind: str | None = None, **more: Any) -> list[str]:
    found = candidates(gaps, agency=agency, kind=kind, pack=PACK)
    answered = more.pop("answered", Answered())
    return [one.gap.id for one in to_ask(found, at=more.pop("at", AT), answered=answered)]


def spoken(kind: str, **body: Any) -> Answered:
    answered = Answered()
    answered.add(kind, {"observed": "2023-03-06", "statement": "fact"} | body, "hv")
    return answered


def test_enquiries_then_critical_then_oldest() -> None:
    """In that order, whatever the order in which they are kept, and no more than a contact has room for."""
    critical = next(name for name, attribute in PACK.attributes.items() if attribute.critical)
    gaps = [kept("wishes"), kept("growth"), kept(critical), kept("feeding", marks={"owed_by": "hv"})]
    assert asked(*gaps) == ["feeding-child", f"{critical}-child", "wishes-child"]
    assert len(asked(*gaps, *map(kept, ("mobility", "basic_care")))) == PROMPTS_MOST


def test_whoever_tried_waits_but_for_an_enquiry() -> None:
    """Until the moment that the finding gives for this agency; an enquiry is the agency's at once."""
    later = (AT + timedelta(days=3)).isoformat()
    gap = kept(marks={"tried": {"hv": later}})
    assert asked(gap) == []
    assert asked(gap, agency="gp") == ["father-child"]
    assert asked(gap, at=AT + timedelta(days=3)) == ["father-child"]
    assert asked(kept(marks={"tried": {"hv": later}, "owed_by": "hv"})) == ["father-child"]


@pytest.mark.parametrize(
    ("kind", "could"), [("health visitor", True), ("fire", False), ("a sort that no pack knows", True), (None, True)]
)
def test_only_who_could_find_out_is_asked(kind: str | None, *, could: bool) -> None:
    """By the sorts of agency that the rule names; one of a sort that the pack does not know is not left out."""
    assert could_ask(kind, RULE.settings["asks"], PACK) is could
    assert bool(asked(kept(marks={"by": RULE.name}), kind=kind)) is could
    assert could_ask("fire", (), PACK)


def test_somebody_is_called_as_the_agency_calls_them() -> None:
    """By the part, or by its own reference; of a person only others have named nothing is asked."""
    theirs = kept("address", "csc/p1", keys=["csc/p1"])
    ours = kept("address", "csc/p1", keys=["csc/p1", "hv/p9"])
    assert asked(theirs) == []
    assert asked(theirs, agency="csc") == ["address-csc/p1"]
    assert asked(ours) == ["address-csc/p1"]
    assert [OpenGap.of_kept(ours).name_for(agency) for agency in ("hv", "csc", "gp")] == ["p9", "p1", None]


def test_nobodys_own_words_name_what_is_asked() -> None:
    """An item is told in the pack's words or not at all, and so is what is between two or on a thing."""
    for part in ({"item": "hill practice"}, {"thing": "csc/injury"}, {"counterpart": "csc/p1"}):
        assert asked(kept(question=part)) == []
    rule = next(rule for rule in PACK.rules.values() if rule.family.name == "must_know" and rule.settings.get("items"))
    item = str(rule.settings["items"][0])
    told = kept(rule.settings["attribute"], question={"item": item.casefold()}, marks={"by": rule.name})
    assert item_told(OpenGap.of_kept(told), PACK) == item


def test_what_is_hidden_does_not_count() -> None:
    """Of a gap that only hidden entries show nothing is told; hidden attempts leave its state and counts."""
    tried = [[3, "csc", "declined", "2023-03-02"], [4, "gp", "unknown", "2023-03-03"]]
    gap = OpenGap.of_kept(kept(sides=[3, 4], tried=tried, hidden={"3": "csc"}, marks={"state": "unknown"}))
    assert [(gap.asked_for(agency), gap.refused_for(agency)) for agency in ("csc", "hv")] == [(2, 1), (1, 0)]
    assert [gap.state_for(agency) for agency in ("csc", "hv")] == ["unknown", "unknown"]
    assert asked(kept(sides=[3], hidden={"3": "csc"})) == []
    assert asked(kept(sides=[3], hidden={"3": "csc"}), agency="csc") == ["father-child"]


def test_what_was_just_spoken_of_is_not_asked() -> None:
    """A value or a way of not knowing on it, about that very person; what answers it otherwise by the pack as well."""
    father = {"about": "child", "attribute": "father", "basis": "told"}
    for claim in (father | {"value": "father"}, father | {"not_known": "declined"}):
        assert asked(kept(), answered=spoken("observation", claims=[claim])) == []
    other = spoken("observation", claims=[father | {"about": "mother", "value": "father"}])
    assert asked(kept(), answered=other) == ["father-child"]
    seen = {"about": "father", "attribute": "presence", "value": "absent", "basis": "seen"}
    beside = spoken("observation", claims=[seen])
    assert asked(kept(marks={"by": RULE.name}), answered=beside) == []
    assert asked(kept(), answered=beside) == ["father-child"]
    assert asked(kept("lead"), answered=spoken("lead", agency="hv", person="x")) == []
