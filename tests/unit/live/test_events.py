import json

from hypothesis import given
from hypothesis import strategies as st

from ledger.live import events
from ledger.store.following import FeedRow

WORDS = st.text(max_size=20)


@given(WORDS, WORDS, st.none() | WORDS)
def test_whatever_a_name_holds_one_item_is_one_event(item: str, subject: str, tier: str | None) -> None:
    """No character of a name ends a line early or begins a field: the data is read back as it was."""
    text = events.item(FeedRow("desk:hv", 4, item, "alert.raised", tier, subject), {"desk:hv": 4}).decode("ascii")
    name, data, *rest = text.split("\n")
    assert rest == ["", ""]
    assert name.startswith("id: d4-")
    assert json.loads(data.removeprefix("data: ")) == {
        "id": item,
        "type": "alert.raised",
        "tier": tier,
        "subject": subject,
    }


def test_the_first_event_says_where_it_goes_on() -> None:
    """And in how many milliseconds to come back; `reset` where something may have been missed."""
    for is_sure, name in ((True, "ready"), (False, "reset")):
        text = events.opening({"desk:hv": 4}, is_sure=is_sure, retry_ms=1500).decode()
        assert text.startswith("retry: 1500\nid: d4-")
        assert text.endswith(f"\nevent: {name}\ndata: {{}}\n\n")
