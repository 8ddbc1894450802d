"""The picture that the auditors' guide shows is the one that the ledger gives."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.markdown import ROOT, blocks, section
from tests.partnership import Partnership, stored

GUIDE = section((ROOT / "docs" / "guides" / "auditors.md").read_text(), "The picture as it was known")
#: How the guide writes the pseudonym of its record.
PSEUDONYM = "kq4xw2nzdv7mjz3y5tbc6hpafe"


def test_the_row_of_the_guide_is_what_two_observations_give(database_url: str) -> None:
    """Every field that the guide shows has the value that it shows, on a ledger whose clock stands at that evening."""
    partnership = Partnership(database_url, clock_at=datetime(2023, 10, 7, 18, tzinfo=UTC))
    try:
        record_id = partnership.child(involve=["hv", "csc", "gp"])
        told = stored(partnership.post("/observations", partnership.observation(record_id), "hv"))
        claim = {"about": "father", "attribute": "presence", "value": "lives_here", "basis": "seen"}
        author = {"ref": "sw1", "role": "social worker"}
        seen = partnership.observation(record_id, observed="2023-10-07", claims=[claim], author=author)
        stored(partnership.post("/observations", seen, "csc"))
        answer = stored(partnership.get(f"/children/{record_id}/picture?valid_at=2023-10-07", "csc"))
    finally:
        partnership.close()
    (father,) = (person for person in answer["people"] if person["person"] == "father")
    (row,) = father["attributes"]
    (shown,) = (block.text for block in blocks(GUIDE) if block.language == "json")
    expected = json.loads(shown.replace(PSEUDONYM, told["id"].partition(".")[0]))
    assert _of(row, expected) == expected


def _of(actual: Any, shown: Any) -> Any:
    """As much of what is there as is shown."""
    if isinstance(shown, dict) and isinstance(actual, dict):
        return {name: _of(actual.get(name), part) for name, part in shown.items()}
    if isinstance(shown, list) and isinstance(actual, list) and len(shown) == len(actual):
        return [_of(one, part) for one, part in zip(actual, shown, strict=True)]
    return actual
