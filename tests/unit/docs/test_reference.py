import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from marshmallow import validate

from ledger.api import limits
from ledger.api.entries import PageSchema
from ledger.api.problems import CODES
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.domain.edtf import EdtfError, parse
from ledger.domain.pack_form import ATTRIBUTE
from ledger.domain.worked_example import check_examples
from ledger.services import read_alerts, read_timeline
from ledger.services.authenticate import SCOPES
from ledger.services.load_pack import load_pack
from tests.markdown import ROOT, blocks, rows, section

AGENCIES = (ROOT / "docs" / "guides" / "agencies.md").read_text()
OPERATING = (ROOT / "docs" / "guides" / "operating.md").read_text()
RULE_PACKS = (ROOT / "docs" / "rule-packs.md").read_text()
SETTING = re.compile(r"\b(DATABASE_URL|REDIS_URL|LEDGER_[A-Z_]*[A-Z])\b")


def test_the_description_is_the_applications() -> None:
    """docs/api/openapi.json is what the program serves; `make openapi` writes it anew."""
    done = subprocess.run(
        [sys.executable, "-c", "import refresh_openapi, sys; sys.stdout.write(refresh_openapi.describe())"],
        cwd=ROOT / "docs" / "maintaining", capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert json.loads(done.stdout) == json.loads((ROOT / "docs" / "api" / "openapi.json").read_text())


def test_every_setting_is_told() -> None:
    """The operator's table has every variable that the program reads, and none that it does not."""
    told = {row[0].strip("`") for row in rows(section(OPERATING, "Settings"))}
    files = [ROOT / "bootstrap.py", ROOT / "tests" / "sizes.py"]
    for folder in ("config", "ledger", "workers"):
        files += sorted((ROOT / folder).rglob("*.py"))
    quoted = re.compile(rf'"{SETTING.pattern[2:-2]}"')
    read = {name for path in files for name in quoted.findall(path.read_text())}
    assert told == read


def test_every_refusal_is_told() -> None:
    """The agencies' table has every code with its status."""
    told = {row[0].strip("`"): int(row[1]) for row in rows(section(AGENCIES, "When it is refused"))}
    assert told == {name: code.status for name, code in CODES.items()}


def test_every_scope_is_told() -> None:
    """The agencies' table has every scope of a key."""
    assert {row[0].strip("`") for row in rows(section(AGENCIES, "Keys"))} == set(SCOPES)


def test_the_limits_are_the_programs() -> None:
    """The agencies' table gives the numbers that are enforced."""
    told = [row[1] for row in rows(section(AGENCIES, "Limits"))]
    page_limit = PageSchema().fields["limit"].validate
    assert isinstance(page_limit, validate.Range)
    numbers = [
        [limits.BODY_BYTES_MAX],
        [limits.BATCH_BYTES_MAX, limits.BATCH_ITEMS_MAX],
        [limits.DEPTH_MAX],
        [limits.NARRATIVE_CHARS_MAX],
        [limits.TEXT_CHARS_MAX],
        [limits.NAME_CHARS_MAX, limits.ROLE_CHARS_MAX],
        [limits.CLAIMS_MAX, limits.PEOPLE_MAX, limits.ALSO_MAX],
        [limits.RELIES_ON_MAX],
        [limits.LINKED_MAX],
        [limits.ERRORS_MAX],
        [page_limit.max, read_alerts.LIMIT_MAX, read_timeline.LIMIT_MAX],
    ]
    assert [[int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", row)] for row in told] == numbers
    assert limits.TEXT_CHARS_MAX == limits.REASON_CHARS_MAX


def test_every_body_has_an_example() -> None:
    """Each collection of a record is in the agencies' guide, with a body."""
    shown = {path for block in blocks(AGENCIES) for path in re.findall(r"`POST /children/\{id\}/(\w+)`", block.before)}
    assert shown == set(OF_A_CHILD)


def test_dates_are_read_as_told() -> None:
    """Every form of the table is read, and every form called refused is refused."""
    dates = section(AGENCIES, "Dates")
    forms = [form for row in rows(dates) for form in re.findall(r"`([^`?%]{4,})`", row[0])]
    assert len(forms) >= 8
    for form in forms:
        parse(form)
    refused = re.findall(r"`([^`]{4,})`", dates.partition("Refused")[2])
    assert len(refused) >= 5
    for form in refused:
        with pytest.raises(EdtfError):
            parse(form)


def test_every_key_of_a_pack_is_told() -> None:
    """The reference of rule packs has every key of an attribute."""
    told = {key for row in rows(section(RULE_PACKS, "Keys of an attribute")) for key in re.findall(r"`(\w+)`", row[0])}
    assert told == set(ATTRIBUTE.fields)


def test_the_example_of_a_pack_holds(tmp_path: Path) -> None:
    """The pack on the page loads and finds what its examples say."""
    (yaml,) = (block.text for block in blocks(RULE_PACKS) if block.language == "yaml")
    (tmp_path / "pack.yaml").write_text(yaml)
    assert check_examples(load_pack(tmp_path)) == []


def test_the_default_pack_is_as_told() -> None:
    """The counts and names on the page are the default pack's."""
    pack = load_pack(ROOT / "config" / "packs" / "default")
    told = section(RULE_PACKS, "The default pack")
    compared = {name for name, attribute in pack.attributes.items() if attribute.is_compared}
    assert f" has {len(pack.attributes)} attributes" in told
    assert set(re.findall(r"`(\w+)`", told)) == compared
