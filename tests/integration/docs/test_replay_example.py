"""What the auditors' guide says of replaying a record is what the interface and the command give."""

import json
import re
import shlex
from typing import Any

import pytest
from click.testing import CliRunner

from ledger.cli import main
from ledger.domain.role import Role
from tests.integration.docs.test_picture_example import _of
from tests.markdown import ROOT, blocks, section
from tests.partnership import Partnership, stored

GUIDE = (ROOT / "docs" / "guides" / "auditors.md").read_text()


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record in which hv was told that the father is gone, and then corrects what it was told."""
    record_id = partnership.child(involve=["hv", "csc"])
    told = stored(partnership.post("/observations", partnership.observation(record_id), "hv"))
    said = partnership.observation(record_id)
    said["claims"][0]["value"] = "visits"
    body = {name: said[name] for name in ("observed", "statement", "narrative", "claims")}
    event = {"event_id": partnership.event(), "corrects": told["id"], "reason": "misheard"}
    stored(partnership.post(f"/children/{record_id}/corrections", event | {"observation": body}, "hv"))
    return record_id


def test_the_cell_of_the_guide_is_what_a_correction_gives(partnership: Partnership, child: str) -> None:
    """Every field of a cell that differs, as the guide shows it."""
    (shown,) = (json.loads(block.text) for block in blocks(section(GUIDE, "What changed between two points")))
    number = len(partnership.envelopes(child))
    path = f"/children/{child}/differences?from={number - 1}&to={number}&valid_at=2023-10-06"
    (cell,) = stored(partnership.get(path, "csc"))["beliefs"]
    assert _of(cell, shown) == shown


def test_the_commands_of_the_guide_run(partnership: Partnership, child: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command, typed as it stands with the child's id, ends well and says something."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    partnership.person("hv", "aud", Role.AUDITOR)
    (typed,) = (block.text for block in blocks(section(GUIDE, "Step by step")) if block.language == "sh")
    commands = [shlex.split(line.replace("CHILD", child)) for line in typed.splitlines()]
    assert len(commands) == 3
    for _, *arguments in commands:
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        assert done.output


def test_what_the_guide_says_of_frames_is_in_them(partnership: Partnership, child: str) -> None:
    """The names that the guide gives of a frame, of its end and of what was known are there."""
    text = section(GUIDE, "Step by step").partition("The same in a terminal")[0]
    answer = partnership.get(f"/children/{child}/replay", "csc")
    frame, *_, end = (json.loads(line) for line in answer.get_data(as_text=True).splitlines())
    named = {*re.findall(r"`(number|hash|at|entry|findings|open|held|raised|changed|closed)`", text)}
    assert named == {"number", "hash", "at", "entry", "findings", "open", "held", "raised", "changed", "closed"}
    assert named <= frame.keys() | frame["findings"].keys()
    assert end["end"].keys() >= {"as_of", "next"}
    knew: dict[str, Any] = stored(partnership.get(f"/children/{child}/timeline?known_by=csc", "csc"))
    assert knew["known_by"].keys() >= {"read_until", "could_have_read"}
    assert {one["by"] for item in knew["entries"] for one in item["known"]} <= {"posted", "sent", "opened"}
