"""`ledger adults`: who may be in several records, looked for and told in counts."""

import sys

import pytest
from click.testing import CliRunner

from ledger.cli import main
from tests.partnership import Partnership, stored


def test_it_proposes_and_names_nobody(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts alone are printed; where Splink is asked for and is not there, that is said and nothing is replaced."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    children = [partnership.child(involve=["hv"]) for _ in range(2)]
    lee = {"ref": "p-9", "role": "partner", "name": "Lee Brown", "born": "1990-04-12"}
    for child in children:
        stored(partnership.post("/observations", partnership.observation(child, people=[lee])))
    done = CliRunner().invoke(main, ["adults", "propose"])
    assert done.exit_code == 0, done.output
    assert done.output == ("2 records with 2 named adults; 1 pairs looked at.\n1 are likely to be one, 0 may be.\n"), (
        "no name, no id"
    )
    monkeypatch.setitem(sys.modules, "splink", None)
    missing = CliRunner().invoke(main, ["adults", "propose", "--splink"])
    assert missing.exit_code == 1
    assert "Splink is not installed" in missing.output
    proposals = stored(partnership.get(f"/children/{children[0]}/adult-proposals"))["proposals"]
    assert [one["other"]["child"] for one in proposals] == [children[1]]
