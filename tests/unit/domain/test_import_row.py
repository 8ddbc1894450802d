import pytest

from ledger.domain.import_row import body_of, column_of, is_column, lacking

ROW = {
    "nhs_number": "999 000 0018", "observed": "09/03/2026", "statement": "fact", "narrative": "Came in late.",
    "about": "child", "attribute": "presentation", "value": "well", "basis": "seen",
    "about_3": "mother", "attribute_3": "presence", "value_3": "absent", "basis_3": "told", "informant_3": "father",
    "depth": "seen", "present": "mother, child ,",
}  # fmt: skip


def test_a_row_becomes_one_observation() -> None:
    """With its child, its day as the ledger writes days, each of its claims and the contact; nothing is made up."""
    body = body_of(ROW, "hv")
    assert body.pop("event_id").startswith("import.")
    assert body == {
        "child": {"nhs_number": "999 000 0018"},
        "observed": "2026-03-09",
        "statement": "fact",
        "narrative": "Came in late.",
        "claims": [
            {"about": "child", "attribute": "presentation", "value": "well", "basis": "seen"},
            {"about": "mother", "attribute": "presence", "value": "absent", "basis": "told", "informant": "father"},
        ],
        "contact": {"depth": "seen", "present": ["mother", "child"]},
    }


def test_the_event_follows_from_what_a_row_says() -> None:
    """The same row is the same event wherever it stands, whatever the order of its columns; any change is another."""
    event = body_of(ROW, "hv")["event_id"]
    assert body_of(dict(reversed(ROW.items())) | {"topic": ""}, "hv")["event_id"] == event
    assert len(event) <= 64
    others = {body_of(ROW | {name: "other"}, "hv")["event_id"] for name in ROW} | {body_of(ROW, "csc")["event_id"]}
    assert len(others | {event}) == len(ROW) + 2


@pytest.mark.parametrize(
    ("pointer", "column"),
    [
        ("/observed", "observed"), ("/child/nhs_number", "nhs_number"), ("/child", "nhs_number"),
        ("/claims/0/value", "value"), ("/claims/1/informant", "informant_3"), ("/claims/1", "about_3"),
        ("/contact/present", "present"), ("/contact", "depth"), ("", None), ("/event_id", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_the_column_to_put_right(pointer: str, column: str | None) -> None:
    """Also of a claim whose columns are numbered, and where numbers are left out."""
    assert column_of(pointer, ROW) == column


def test_columns_are_those_that_are_explained() -> None:
    """A claim's come up to three times; a child is named in one of two ways."""
    assert all(map(is_column, ["about", "about_2", "value_3", "depth"]))
    assert not any(map(is_column, ["about_1", "about_4", "depth_2", "child", ""]))
    assert lacking(["reference", "observed", "statement"]) == []
    assert lacking(["observed"]) == ["nhs_number or reference", "statement"]
