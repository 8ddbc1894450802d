"""What a pack says of the views over time: which words it may name, and that each has one column."""

from typing import Any

import pytest

from ledger.domain.pack_views import COLUMNS, LANES, view_faults, view_settings
from tests.shipped import shipped_pack

VOCABULARY = {
    "engagement": {"type": "state", "values": {"good": [], "refused": []}},
    "seen": {"type": "event"},
}


def faults(**engagement: Any) -> list[tuple[str | int, ...]]:
    return [path for path, _ in view_faults({"engagement": {"words": {}, **engagement}}, VOCABULARY)]


def test_what_the_vocabulary_has_is_taken() -> None:
    """Values of a state and of an event, by the column in which they stand."""
    words = {"active": {"engagement": ["good"], "seen": ["happened"]}, "declined": {"engagement": ["refused"]}}
    assert faults(words=words) == []
    view = view_settings({"engagement": {"words": words}}).engagement
    assert view.column_of == {
        ("engagement", "good"): "active", ("seen", "happened"): "active", ("engagement", "refused"): "declined"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ({"words": {"active": {"moon": ["full"]}}}, ("words", "active", "moon")),
        ({"words": {"active": {"engagement": ["full"]}}}, ("words", "active", "engagement", 0)),
        ({"words": {"active": {"engagement": ["good"]}, "ended": {"engagement": ["good"]}}}, ("words", "ended",
          "engagement", 0)),
        ({"by_service": {"engagement": ["full"]}}, ("by_service", "engagement", 0)),
        ({"of_who_posts": ["moon"]}, ("of_who_posts", 0)),
    ],
)  # fmt: skip
def test_what_it_does_not_have_is_said_where_it_stands(part: dict[str, Any], path: tuple[str | int, ...]) -> None:
    """An attribute or a value that is not there, and a word in two columns."""
    assert faults(**part) == [("views", "engagement", *path)]


def test_a_lane_names_attributes() -> None:
    """What no attribute is called is said with its place in the lane."""
    assert [path for path, _ in view_faults({"care": {"nights": ["seen", "moon"]}}, VOCABULARY)] == [
        ("views", "care", "nights", 1)
    ]


def test_the_default_pack_fills_every_column_and_lane() -> None:
    """No column and no lane of the views is empty for want of words."""
    views = shipped_pack().views
    assert set(views.engagement.column_of.values()) == set(COLUMNS)
    assert set(views.care) == set(LANES)
